/* One line per packet, in the shape of tcpdump's. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "capture/linktype.h"
#include "decode/engine/summary.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "os/names.h"
#include "output/block_names.h"
#include "output/color.h"
#include "output/presenter.h"
#include "output/timestamp.h"
#include "pkt/tail.h"

struct text {
	struct presenter form;
	struct summary_options options;
	struct timestamp stamp;
	struct summary line;
	struct summary_names names;
	struct block_names *own;   /* of the file; before those of this host */
	struct names_cache *cache; /* of names; NULL: numbers are shown */
};

static struct text *text_of(struct summary *l)
{
	return (struct text *)(void *)((char *)l - offsetof(struct text, line));
}

/* How n captured bytes of a packet are dumped. more: others follow. */
typedef void put_rows(struct summary *l, const uint8_t *bytes, size_t n,
		      bool more);

static void rows_dump(struct summary *l, const uint8_t *bytes, size_t n,
		      bool more)
{
	(void)more;
	summary_dump(l, bytes, n, "\n\t");
}

static void rows_hex(struct summary *l, const uint8_t *bytes, size_t n,
		     bool more)
{
	(void)more;
	summary_hex(l, bytes, n, "\n\t");
}

/* The captured bytes from `start` on, piece by piece. A piece but the last
   comes with two more bytes than are to be dumped. */
static void put_pieces(struct text *t, const struct pkt *pkt, uint32_t start,
		       put_rows *put)
{
	uint32_t end = pkt_captured(pkt), at, n, ahead;
	struct summary *l = &t->line;
	uint8_t buf[PKT_PIECE];
	const uint8_t *bytes;
	struct err err;

	for (at = start; at < end; at += n) {
		n = end - at < PKT_PIECE ? end - at : (uint32_t)PKT_PIECE - 16;
		ahead = end - at > n ? 2 : 0;
		bytes = pkt_piece(pkt, at, n + ahead, buf, &err);
		if (!bytes) {
			summary_printf(l, "\n\t[the rest cannot be read: %s]",
				       err.text);
			break;
		}
		l->dump_at = at - start;
		put(l, bytes, n, ahead > 0);
		if (!ahead)
			break;
		summary_close(l);
		presenter_check(&t->form, l->out);
		summary_open(l, l->out);
	}
	l->dump_at = 0;
}

/* A link type without a decoder: its number and name, the
   length and the bytes. */
static void unknown_link(struct summary *l, const struct pkt *pkt,
			 const struct iface *iface)
{
	const char *name = iface ? linktype_name(iface->linktype) : NULL;

	if (iface && name)
		summary_printf(l, "link type %u (%s), length %u: ",
			       iface->linktype, name, pkt->wirelen);
	else if (iface)
		summary_printf(l, "link type %u, length %u: ", iface->linktype,
			       pkt->wirelen);
	else
		summary_printf(l,
			       "unknown link type, length %u: ", pkt->wirelen);
	if (!l->o->dumped)
		put_pieces(text_of(l), pkt, 0, rows_dump);
}

/* The layers in turn, up to a packet that is only quoted: -v shows what ICMP
   quotes on a line of its own; -q shows nothing above TCP and UDP. */
static void put_layers(struct summary *l)
{
	const struct dissect *d = l->d;
	bool again = false;
	unsigned i;

	for (i = 0; i < d->n_layers; i++) {
		if (d->layers[i].quoted && !d->layers[i - 1].quoted) {
			if (!l->o->verbose || d->layers[i - 1].id != PROTO_icmp)
				return;
			summary_puts(l, "\n\t");
		}
		again |= d->layers[i].again;
		if (!d->layers[i].proto->summary || d->layers[i].silent)
			continue;
		l->layer = &d->layers[i];
		l->next = i + 1 < d->n_layers ? l->layer + 1 : NULL;
		if (again)
			summary_puts(l, "; ");
		again = false;
		d->layers[i].proto->summary(l);
		if (l->o->quick && (d->layers[i].id == PROTO_tcp ||
				    d->layers[i].id == PROTO_udp))
			return;
	}
}

static void put_all(struct summary *l)
{
	if (l->d->n_layers == 0)
		unknown_link(l, l->d->pkt, l->d->iface);
	else
		put_layers(l);
}

static void put_coloured(struct summary *l)
{
	struct str *out = l->out;
	size_t start;

	summary_close(l);
	start = color_start(out);
	summary_open(l, out);
	l->alarm = false;
	put_all(l);
	summary_close(l);
	color_end(out, start, l->d, l->alarm);
	summary_open(l, out);
}

/* Does what follows this layer belong to its link-layer header? */
static bool goes_on(const struct layer *layer)
{
	const struct layer *next = layer + 1;

	if (next->id == PROTO_vlan || next->id == PROTO_llc)
		return true;
	return next->id == PROTO_wlan && layer->id != PROTO_gre;
}

/* Where the bytes after the link-layer headers start. */
static const uint8_t *after_link(const struct dissect *d)
{
	const struct layer *layer = d->layers;
	const struct layer *last = layer + d->n_layers - 1;

	if (d->n_layers == 0)
		return d->pkt->data;
	if (layer->id == PROTO_frame && layer < last)
		layer++;
	while (layer < last && goes_on(layer))
		layer++;
	return layer < last ? layer[1].data : d->rest.pos;
}

/* -A: the bytes as text, line ends kept. */
static void rows_ascii(struct summary *l, const uint8_t *bytes, size_t n,
		       bool more)
{
	size_t end = more ? n + 2 : n, i;

	if (l->dump_at == 0)
		summary_puts(l, "\n");
	for (i = 0; i < n; i++) {
		char *at = summary_room(l, 1);
		uint8_t c = bytes[i];

		/* before a line feed, or (as in tcpdump) among the last two */
		if (c == '\r' && (end - i < 3 || bytes[i + 1] == '\n'))
			continue;
		*at = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n'
			  ? (char)c
			  : '.';
		summary_end(l, at + 1);
	}
}

static void put_bytes(struct text *t, const struct pkt *pkt)
{
	const struct print_options *o = &t->form.run->options;
	const uint8_t *start = pkt->data;
	uint32_t at;

	if (o->hex_text == 1 || (!o->hex_text && o->hex == 1) ||
	    (!o->hex_text && !o->hex && o->ascii == 1))
		start = after_link(t->line.d);
	if (start < pkt->data || start > pkt->data + pkt->caplen)
		start = pkt->data;
	at = (uint32_t)(start - pkt->data);
	if (o->hex_text)
		put_pieces(t, pkt, at, rows_dump);
	else if (o->hex)
		put_pieces(t, pkt, at, rows_hex);
	else
		put_pieces(t, pkt, at, rows_ascii);
}

static void text_packet(struct presenter *form, const struct dissect *d,
			struct str *out)
{
	struct text *t = (struct text *)form;
	const struct print_options *o = &form->run->options;
	const struct pkt *pkt = d->pkt;
	struct summary *l = &t->line;
	char *at;

	l->d = d;
	summary_open(l, out);
	if (o->number)
		summary_printf(l, "%5llu  ", (unsigned long long)pkt->number);
	if (pkt->caplen == 0) {
		summary_printf(l, "[no bytes captured, length %u]\n",
			       pkt->wirelen);
		summary_close(l);
		return;
	}
	at = summary_room(l, 128);
	if (pkt->flags & PKT_NO_TIME)
		at = o->time == 1 ? at : fmt_text(at, "[no time] ");
	else
		at = timestamp_put(&t->stamp, at, pkt->time_ns,
				   timestamp_reference(&t->stamp, d->first_ns,
						       d->previous_ns));
	summary_end(l, at);
	/* "any" has one of its own */
	if (o->interfaces && d->iface && d->iface->linktype != LINKTYPE_SLL2)
		summary_interface(l, d->iface->name);
	if (o->color && d->n_layers > 0)
		put_coloured(l);
	else
		put_all(l);
	if (o->hex || o->hex_text || o->ascii)
		put_bytes(t, pkt);
	summary_puts(l, "\n");
	summary_close(l);
}

static void text_wish(const struct print_options *o, struct plan *plan)
{
	plan_want_flags(plan, FIELD_LINE | (o->verbose ? FIELD_LINE_V : 0) |
				  (o->link ? FIELD_LINE_LINK : 0));
	plan_want_lines(plan);
}

static const char *name_of_address(void *with, const uint8_t *bytes, size_t n)
{
	const struct text *t = with;
	const char *name = block_names_find(t->own, bytes, n);

	return name ? name : names_of_address(t->cache, bytes, n);
}

static const char *name_of_port(void *with, bool tcp, uint16_t port)
{
	return names_of_port(((struct text *)with)->cache, tcp, port);
}

static const char *name_of_vendor(void *with, const uint8_t mac[6])
{
	return names_of_vendor(((struct text *)with)->cache, mac);
}

static void text_block(struct presenter *form, const struct block *block)
{
	struct text *t = (struct text *)form;

	if (t->own)
		block_names_add(t->own, block);
}

static struct presenter *text_open(const struct print_run *run)
{
	const struct print_options *o = &run->options;
	struct text *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->form.ops = &presenter_text;
	t->form.run = run;
	t->options = (struct summary_options){
	    .verbose = (unsigned)o->verbose,
	    .link = o->link,
	    .quick = o->quick,
	    .raw_seq = o->raw_seq,
	    .dumped = o->hex || o->hex_text || o->ascii || o->quick,
	    .iface_name = o->iface_name,
	};
	if (o->names) {
		t->cache = names_open(NULL);
		t->own = block_names_open();
		t->names = (struct summary_names){name_of_address, name_of_port,
						  name_of_vendor, t};
		t->options.names = t->cache && t->own ? &t->names : NULL;
	}
	t->line.o = &t->options;
	timestamp_init(&t->stamp, o->time, o->digits, o->utc);
	return &t->form;
}

static void text_close(struct presenter *form)
{
	names_close(((struct text *)form)->cache);
	block_names_close(((struct text *)form)->own);
	free(form);
}

const struct presenter_ops presenter_text = {
    .name = "text",
    .wish = text_wish,
    .open = text_open,
    .close = text_close,
    .block = text_block,
    .packet = text_packet,
};
