/* One line per packet, in the shape of tcpdump's. */
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "decode/dissect.h"
#include "decode/flows.h"
#include "decode/line.h"
#include "decode/proto.h"
#include "output/print.h"
#include "output/stamp.h"
#include "output/writer.h"

struct text_sink {
	struct sink sink;
	struct print_options options;
	struct line_options line_options;
	struct plan *plan;
	struct dissect *dissect;
	struct stamp stamp;
	struct writer writer;
	struct line line;
	struct iface *ifaces; /* copies, in the order of arrival */
	size_t n_ifaces;
};

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

static bool text_iface(struct sink *sink, const struct iface *iface,
		       struct err *err)
{
	struct text_sink *s = (struct text_sink *)sink;
	struct iface *ifaces, *copy;
	char *name = copy_text(iface->name);

	ifaces = realloc(s->ifaces, (s->n_ifaces + 1) * sizeof(*ifaces));
	if (ifaces)
		s->ifaces = ifaces;
	if (!ifaces || (iface->name && !name)) {
		free(name);
		return err_nomem(err, "an interface");
	}
	copy = &s->ifaces[s->n_ifaces++];
	*copy = *iface;
	copy->name = name;
	copy->description = copy->hardware = copy->os = copy->filter = NULL;
	copy->mac = NULL;
	copy->meta = NULL;
	return true;
}

static const struct iface *find_iface(const struct text_sink *s, uint32_t id)
{
	size_t i;

	if (id < s->n_ifaces && s->ifaces[id].id == id)
		return &s->ifaces[id];
	for (i = 0; i < s->n_ifaces; i++)
		if (s->ifaces[i].id == id)
			return &s->ifaces[i];
	return NULL;
}

/* A link type without a decoder: its number, the length and the octets. */
static void unknown_link(struct line *l, const struct pkt *pkt,
			 const struct iface *iface)
{
	if (iface)
		line_printf(l, "link type %u, length %u: ", iface->linktype,
			    pkt->wirelen);
	else
		line_printf(l, "unknown link type, length %u: ", pkt->wirelen);
	if (!l->o->quick)
		line_dump(l, pkt->data, pkt->caplen, "\n\t");
}

/* The layers in turn, up to a packet that is only quoted. */
static void put_layers(struct line *l)
{
	const struct dissect *d = l->d;
	unsigned i;

	for (i = 0; i < d->n_layers && !d->layers[i].quoted; i++) {
		if (!d->layers[i].proto->summary)
			continue;
		l->layer = &d->layers[i];
		l->next = i + 1 < d->n_layers ? l->layer + 1 : NULL;
		d->layers[i].proto->summary(l);
	}
}

/* Where the octets behind the link-layer headers start. */
static const uint8_t *behind_link(const struct dissect *d)
{
	unsigned i;

	for (i = 0; i < d->n_layers; i++)
		if (d->layers[i].n_addr || d->layers[i].id == PROTO_arp)
			return d->layers[i].data;
	return d->rest.pos;
}

static void put_hex_row(struct line *l, const uint8_t *octets, size_t n,
			size_t offset)
{
	size_t i;
	char *at = fmt_text(line_room(l, 100), "\n\t0x");

	at = fmt_hex(at, offset, offset > 0xffff ? 8 : 4);
	at = fmt_text(at, ": ");
	for (i = 0; i < n; i++) {
		if (i % 2 == 0)
			*at++ = ' ';
		at = fmt_hex(at, octets[i], 2);
	}
	line_end(l, at);
}

/* -A: the octets as text, line ends kept. */
static void put_ascii(struct line *l, const uint8_t *octets, size_t n)
{
	size_t i;

	line_puts(l, "\n");
	for (i = 0; i < n; i++) {
		char *at = line_room(l, 1);
		uint8_t c = octets[i];

		if (c == '\r')
			continue;
		*at = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n'
			  ? (char)c
			  : '.';
		line_end(l, at + 1);
	}
}

static void put_octets(struct text_sink *s, const struct pkt *pkt)
{
	const struct print_options *o = &s->options;
	const uint8_t *start = pkt->data, *end = pkt->data + pkt->caplen;
	size_t i, n;

	if (o->hex_text == 1 || (!o->hex_text && o->hex == 1) ||
	    (!o->hex_text && !o->hex && o->ascii == 1))
		start = behind_link(s->dissect);
	n = (size_t)(end - start);
	if (o->hex_text) {
		line_dump(&s->line, start, n, "\n\t");
	} else if (o->hex) {
		for (i = 0; i < n; i += 16)
			put_hex_row(&s->line, start + i,
				    n - i < 16 ? n - i : 16, i);
	} else {
		put_ascii(&s->line, start, n);
	}
}

static void put_packet(struct text_sink *s, const struct pkt *pkt)
{
	const struct iface *iface = find_iface(s, pkt->iface);
	struct line *l = &s->line;
	char *at;

	if (s->options.number)
		line_printf(l, "%5llu  ", (unsigned long long)pkt->number);
	if (pkt->caplen == 0 || pkt->wirelen == 0) {
		line_printf(l, "[no octets captured, length %u]\n",
			    pkt->wirelen);
		return;
	}
	at = line_room(l, 96);
	if (pkt->flags & PKT_NO_TIME)
		at = s->stamp.form == 1 ? at : fmt_text(at, "[no time] ");
	else
		at = stamp_put(&s->stamp, at, pkt->time_ns);
	line_end(l, at);
	dissect_packet(s->dissect, pkt, iface);
	if (s->dissect->n_layers == 0)
		unknown_link(l, pkt, iface);
	else
		put_layers(l);
	if (s->options.hex || s->options.hex_text || s->options.ascii)
		put_octets(s, pkt);
	line_puts(l, "\n");
}

static enum verdict text_packets(struct sink *sink, const struct pkt *pkt,
				 size_t n)
{
	struct text_sink *s = (struct text_sink *)sink;
	enum verdict verdict = GO_ON;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++) {
		put_packet(s, &pkt[i]);
		verdict = s->options.unbuffered
			      ? writer_flush(&s->writer, &sink->err)
			      : writer_check(&s->writer, &sink->err);
	}
	return verdict;
}

static bool text_flush(struct sink *sink, struct err *err)
{
	struct text_sink *s = (struct text_sink *)sink;

	return writer_flush(&s->writer, err) != FAILED;
}

static bool text_close(struct sink *sink, struct err *err)
{
	struct text_sink *s = (struct text_sink *)sink;
	bool good = writer_flush(&s->writer, err) != FAILED;
	size_t i;

	for (i = 0; i < s->n_ifaces; i++)
		free((char *)s->ifaces[i].name);
	free(s->ifaces);
	writer_fini(&s->writer);
	if (s->dissect)
		flows_close(s->dissect->flows);
	dissect_close(s->dissect);
	plan_close(s->plan);
	free(s);
	return good;
}

static const struct sink_ops text_ops = {
    .name = "text",
    .iface = text_iface,
    .packets = text_packets,
    .flush = text_flush,
    .close = text_close,
};

static bool open_decoding(struct text_sink *s, struct err *err)
{
	const struct print_options *o = &s->options;
	unsigned flags = FIELD_LINE;

	s->plan = plan_open(err);
	if (!s->plan)
		return false;
	if (o->verbose)
		flags |= FIELD_LINE_V;
	/* also for frames whose type nobody knows */
	flags |= FIELD_LINE_LINK;
	plan_want_flags(s->plan, flags);
	plan_ready(s->plan);
	s->dissect = dissect_open(s->plan, err);
	if (!s->dissect)
		return false;
	if (!o->absolute_seq) {
		s->dissect->flows = flows_open(0, err);
		return s->dissect->flows != NULL;
	}
	return true;
}

struct sink *text_sink_open(const struct print_options *options, int fd,
			    struct err *err)
{
	struct text_sink *s = calloc(1, sizeof(*s));
	struct err ignored;

	if (!s) {
		err_nomem(err, "output");
		return NULL;
	}
	s->sink.ops = &text_ops;
	s->options = *options;
	s->line_options = (struct line_options){
	    .verbose = (unsigned)options->verbose,
	    .link = options->link,
	    .quick = options->quick,
	    .absolute_seq = options->absolute_seq,
	    .iface_name = options->iface_name,
	};
	stamp_init(&s->stamp, options->time, options->digits, options->utc);
	if (!writer_init(&s->writer, fd, err)) {
		free(s);
		return NULL;
	}
	if (!open_decoding(s, err)) {
		text_close(&s->sink, &ignored);
		return NULL;
	}
	s->line.out = &s->writer.text;
	s->line.o = &s->line_options;
	s->line.d = s->dissect;
	return &s->sink;
}
