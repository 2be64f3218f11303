/*
 * Following one conversation: picks its packets out by their decoded fields,
 * puts TCP's payload in order, and writes it with a mark for the direction.
 */
#include "output/stream_print.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/fmt.h"
#include "base/log.h"
#include "base/num.h"
#include "decode/dissect.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/tcp_order.h"
#include "decode/proto_ids.h"
#include "os/seed.h"
#include "output/text_writer.h"
#include "pkt/ifcopy.h"

const char *const stream_form_names[] = {"text", "hex", "raw", NULL};

enum { HEX_ROW = 16 };
enum { FLAG_SYN = 2, FLAG_ACK = 16 };

struct end {
	uint8_t bytes[16];
	uint8_t n; /* of the address: 4 or 16 */
	uint16_t port;
};

/* Which conversation. */
struct target {
	bool udp, by_ends;
	bool found; /* and its number is known */
	uint64_t stream;
	struct end ends[2];
};

struct stream_print {
	struct sink sink;
	struct text_writer writer;
	struct target target;
	enum stream_form form;
	bool unbuffered;
	struct iface **ifaces;
	size_t n_ifaces;
	struct plan *plan;
	struct dissect *dissect;
	struct flow_context context;
	int f_stream, f_seq, f_flags, f_ack, f_len, f_payload; /* numbers */
	int f_sport, f_dport;
	struct end first; /* the end that sent the first packet */
	struct tcp_order order[2];
	uint64_t offset[2]; /* bytes so far, by direction */
	int line;	    /* direction of the line that is open, or -1 */
	bool cr;	    /* its last byte was a CR */
	unsigned from;	    /* direction of what is written */
};

/* ---- which -------------------------------------------------------------- */

/* "ADDRESS:PORT", an IPv6 address in brackets. */
static bool parse_end(const char *text, size_t n, struct end *end)
{
	char buf[ADDR_TEXT + 10], *colon, *address = buf;
	struct addr a;
	uint64_t port;

	if (n >= sizeof(buf))
		return false;
	memcpy(buf, text, n);
	buf[n] = '\0';
	colon = strrchr(buf, ':');
	if (!colon || !num_u64(colon + 1, &port) || port > 65535)
		return false;
	*colon = '\0';
	if (buf[0] == '[' && colon > buf && colon[-1] == ']') {
		colon[-1] = '\0';
		address++;
	}
	if (!addr_parse(address, &a) || (a.version == 6) != (address > buf))
		return false;
	end->n = a.version == 4 ? 4 : 16;
	memcpy(end->bytes, a.bytes, end->n);
	end->port = (uint16_t)port;
	return true;
}

static bool parse_target(const char *which, struct target *t, struct err *err)
{
	const char *rest = which, *comma;

	*t = (struct target){0};
	if (!strncmp(which, "tcp:", 4)) {
		rest += 4;
	} else if (!strncmp(which, "udp:", 4)) {
		rest += 4;
		t->udp = true;
	}
	if (num_u64(rest, &t->stream)) {
		t->found = true;
		return true;
	}
	comma = strchr(rest, ',');
	t->by_ends = true;
	if (rest != which && comma &&
	    parse_end(rest, (size_t)(comma - rest), &t->ends[0]) &&
	    parse_end(comma + 1, strlen(comma + 1), &t->ends[1]) &&
	    t->ends[0].n == t->ends[1].n)
		return true;
	return err_set(err, ERR_USAGE,
		       "invalid conversation '%s': use 7, udp:7 or "
		       "tcp:192.0.2.1:1234,192.0.2.2:80",
		       which);
}

static bool same_end(const struct end *a, const struct end *b)
{
	return a->n == b->n && a->port == b->port &&
	       !memcmp(a->bytes, b->bytes, a->n);
}

/* Is the packet, which goes from one end to the other, of the conversation?
   The first one between the ends that were named decides on its number. */
static bool is_target(struct target *t, const struct end *from,
		      const struct end *to, uint64_t stream)
{
	if (t->found)
		return stream == t->stream;
	if (!(same_end(from, &t->ends[0]) && same_end(to, &t->ends[1])) &&
	    !(same_end(from, &t->ends[1]) && same_end(to, &t->ends[0])))
		return false;
	t->found = true;
	t->stream = stream;
	return true;
}

/* ---- writing ------------------------------------------------------------ */

static void put_mark(struct stream_print *f)
{
	str_puts(&f->writer.text, f->from ? "< " : "> ");
}

/* The CR that was last is none of a line's end. */
static void put_cr(struct stream_print *f)
{
	if (f->cr)
		str_foreign(&f->writer.text, "\r", 1);
	f->cr = false;
}

static void end_line(struct stream_print *f)
{
	put_cr(f);
	if (f->line >= 0)
		str_putc(&f->writer.text, '\n');
	f->line = -1;
}

/* Lines of text; one that has no end yet stays open, and its last CR waits for
   what follows it. */
static void put_text(struct stream_print *f, const uint8_t *bytes, size_t n)
{
	const uint8_t *end;
	size_t len, shown;

	if (f->line >= 0 && f->line != (int)f->from)
		end_line(f);
	while (n) {
		if (f->line < 0)
			put_mark(f);
		f->line = (int)f->from;
		if (*bytes == '\n')
			f->cr = false;
		else
			put_cr(f);
		end = memchr(bytes, '\n', n);
		len = end ? (size_t)(end - bytes) : n;
		shown = len && bytes[len - 1] == '\r' ? len - 1 : len;
		str_foreign(&f->writer.text, (const char *)bytes, shown);
		f->cr = !end && shown < len;
		if (end)
			end_line(f);
		len += end != NULL;
		bytes += len;
		n -= len;
	}
}

/* Rows of 16 bytes, each with its offset in the direction. */
static void put_hex(struct stream_print *f, const uint8_t *bytes, size_t n)
{
	struct str *out = &f->writer.text;
	uint64_t offset = f->offset[f->from];
	size_t i, row;
	char *at;

	for (; n; n -= row, bytes += row, offset += row) {
		row = n < HEX_ROW ? n : HEX_ROW;
		put_mark(f);
		at = str_room(out, 128);
		if (!at)
			return;
		at = fmt_hex(at, offset, 8);
		for (i = 0; i < HEX_ROW; i++) {
			at = fmt_text(at, i == HEX_ROW / 2 ? "  " : " ");
			at = i < row ? fmt_hex(at, bytes[i], 2)
				     : fmt_text(at, "  ");
		}
		at = fmt_text(at, "  ");
		for (i = 0; i < row; i++)
			*at++ = bytes[i] >= 0x20 && bytes[i] < 0x7f
				    ? (char)bytes[i]
				    : '.';
		*at++ = '\n';
		out->len = (size_t)(at - out->text);
	}
}

static void put_missing(struct stream_print *f, uint32_t missing)
{
	if (f->form == STREAM_RAW)
		return;
	end_line(f);
	put_mark(f);
	str_printf(&f->writer.text, "[%u bytes are missing]\n",
		   (unsigned)missing);
}

static void put_payload(void *with, const struct tcp_piece *piece)
{
	struct stream_print *f = with;

	if (piece->missing)
		put_missing(f, piece->missing);
	else if (f->form == STREAM_RAW)
		str_put(&f->writer.text, piece->bytes, piece->n);
	else if (f->form == STREAM_HEX)
		put_hex(f, piece->bytes, piece->n);
	else
		put_text(f, piece->bytes, piece->n);
	f->offset[f->from] += piece->n + piece->missing;
}

static void put_end(struct str *out, const struct end *end)
{
	char text[ADDR_TEXT];

	addr_text(end->n == 4 ? 4 : 6, end->bytes, text);
	str_printf(out, end->n == 4 ? "%s:%u" : "[%s]:%u", text,
		   (unsigned)end->port);
}

/* The first packet says who is who. */
static void put_head(struct stream_print *f, const struct end *from,
		     const struct end *to)
{
	struct str *out = &f->writer.text;

	f->first = *from;
	if (f->form == STREAM_RAW)
		return;
	str_printf(out, "# %s stream %llu, > ", f->target.udp ? "udp" : "tcp",
		   (unsigned long long)f->target.stream);
	put_end(out, from);
	str_puts(out, " < ");
	put_end(out, to);
	str_putc(out, '\n');
}

/* ---- packets ------------------------------------------------------------ */

/* The layer's value of this field, or NULL. */
static const struct value *value_of(const struct dissect *d,
				    const struct layer *layer, int field)
{
	unsigned i;

	for (i = layer->first; i < layer->end; i++)
		if (d->values[i].field == field)
			return &d->values[i];
	return NULL;
}

static uint64_t num_of(const struct dissect *d, const struct layer *layer,
		       int field)
{
	const struct value *v = value_of(d, layer, field);

	return v ? v->num : 0;
}

/* The transport layer that belongs to the conversation, with the addresses
   below it, or NULL: in tunnels there are several. */
static const struct layer *find_transport(struct stream_print *f,
					  struct end *from, struct end *to)
{
	const struct dissect *d = f->dissect;
	unsigned i, id = f->target.udp ? PROTO_udp : PROTO_tcp;
	const struct layer *layer, *net = NULL;

	for (i = 0; i < d->n_layers && !d->layers[i].quoted; i++) {
		layer = &d->layers[i];
		if (layer->n_addr == 4 || layer->n_addr == 16)
			net = layer;
		if (layer->id != id || !net || !value_of(d, layer, f->f_stream))
			continue;
		from->n = to->n = net->n_addr;
		memcpy(from->bytes, net->src, net->n_addr);
		memcpy(to->bytes, net->dst, net->n_addr);
		from->port = (uint16_t)num_of(d, layer, f->f_sport);
		to->port = (uint16_t)num_of(d, layer, f->f_dport);
		if (is_target(&f->target, from, to,
			      num_of(d, layer, f->f_stream)))
			return layer;
	}
	return NULL;
}

static bool take_segment(struct stream_print *f, const struct layer *layer)
{
	const struct dissect *d = f->dissect;
	const struct value *payload = value_of(d, layer, f->f_payload);
	uint64_t flags = num_of(d, layer, f->f_flags);
	unsigned from = f->from;
	struct tcp_payload data;

	if (flags & FLAG_ACK) {
		f->from = !from;
		tcp_order_acked(&f->order[!from],
				(uint32_t)num_of(d, layer, f->f_ack),
				put_payload, f);
		f->from = from;
	}
	data = (struct tcp_payload){
	    .seq = (uint32_t)num_of(d, layer, f->f_seq),
	    .len = (uint32_t)num_of(d, layer, f->f_len),
	    .bytes = payload ? payload->bytes : NULL,
	    .n = payload ? payload->len : 0,
	    .number = d->pkt->number,
	};
	if (flags & FLAG_SYN)
		tcp_order_begin(&f->order[from], ++data.seq);
	return tcp_order_add(&f->order[from], &data, put_payload, f);
}

static bool take_packet(struct stream_print *f)
{
	const struct value *payload;
	const struct layer *layer;
	struct end from, to;

	layer = find_transport(f, &from, &to);
	if (!layer)
		return true;
	if (!f->first.n)
		put_head(f, &from, &to);
	f->from = !same_end(&from, &f->first);
	if (!f->target.udp)
		return take_segment(f, layer);
	payload = value_of(f->dissect, layer, f->f_payload);
	if (payload)
		put_payload(f, &(struct tcp_piece){.bytes = payload->bytes,
						   .n = payload->len});
	end_line(f);
	return true;
}

static const struct iface *find_iface(const struct stream_print *f, uint32_t id)
{
	size_t i;

	for (i = f->n_ifaces; i > 0; i--)
		if (f->ifaces[i - 1]->id == id)
			return f->ifaces[i - 1];
	return NULL;
}

/* ---- the sink ----------------------------------------------------------- */

static bool stream_print_iface(struct sink *sink, const struct iface *iface,
			       struct err *err)
{
	struct stream_print *f = (struct stream_print *)sink;
	struct iface **list =
	    realloc(f->ifaces, (f->n_ifaces + 1) * sizeof(*list));

	if (!list)
		return err_nomem(err, "interfaces");
	f->ifaces = list;
	list[f->n_ifaces] = iface_copy_shown(iface, err);
	if (!list[f->n_ifaces])
		return false;
	f->n_ifaces++;
	return true;
}

static enum verdict stream_print_packets(struct sink *sink,
					 const struct pkt *pkt, size_t n)
{
	struct stream_print *f = (struct stream_print *)sink;
	enum verdict verdict = GO_ON;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++) {
		flow_context_next(&f->context);
		dissect_packet(f->dissect, &pkt[i],
			       find_iface(f, pkt[i].iface));
		if (pkt[i].flags & PKT_REFUSED)
			continue; /* it counts for the conversations */
		if (!take_packet(f)) {
			err_nomem(&sink->err, "the conversation");
			return FAILED;
		}
		verdict = f->unbuffered
			      ? text_writer_flush(&f->writer, &sink->err)
			      : text_writer_check(&f->writer, &sink->err);
	}
	return verdict;
}

static bool stream_print_flush(struct sink *sink, struct err *err)
{
	struct stream_print *f = (struct stream_print *)sink;

	return text_writer_flush(&f->writer, err) != FAILED;
}

static void stream_print_free(struct stream_print *f)
{
	size_t i;

	for (i = 0; i < f->n_ifaces; i++)
		free(f->ifaces[i]);
	free(f->ifaces);
	dissect_close(f->dissect);
	flow_context_close(&f->context);
	plan_close(f->plan);
	text_writer_fini(&f->writer);
	free(f);
}

static bool stream_print_close(struct sink *sink, struct err *err)
{
	struct stream_print *f = (struct stream_print *)sink;
	bool good;

	for (f->from = 0; f->from < 2; f->from++)
		tcp_order_end(&f->order[f->from], put_payload, f);
	if (f->form == STREAM_TEXT)
		end_line(f);
	if (!f->first.n)
		log_warn("no packet is part of that conversation");
	flow_context_warn(&f->context);
	good = text_writer_flush(&f->writer, err) != FAILED;
	stream_print_free(f);
	return good;
}

static const struct sink_ops stream_print_ops = {
    .name = "follow",
    .iface = stream_print_iface,
    .packets = stream_print_packets,
    .flush = stream_print_flush,
    .close = stream_print_close,
};

/* Want a field; its number. */
static int want(struct stream_print *f, const char *name)
{
	struct err err;

	plan_want(f->plan, name, &err);
	return field_find(name);
}

static bool open_decoding(struct stream_print *f,
			  const struct print_options *options, struct err *err)
{
	struct hash_seed seed;
	bool udp = f->target.udp;
	size_t i;

	f->plan = plan_open(err);
	if (!f->plan)
		return false;
	for (i = 0; i < options->n_force; i++)
		if (!plan_force(f->plan, options->force[i], err))
			return false;
	f->f_stream = want(f, udp ? "udp.stream" : "tcp.stream");
	f->f_payload = want(f, udp ? "udp.payload" : "tcp.payload");
	f->f_sport = want(f, udp ? "udp.srcport" : "tcp.srcport");
	f->f_dport = want(f, udp ? "udp.dstport" : "tcp.dstport");
	if (!udp) {
		f->f_seq = want(f, "tcp.seq_raw");
		f->f_ack = want(f, "tcp.ack_raw");
		f->f_flags = want(f, "tcp.flags");
		f->f_len = want(f, "tcp.len");
	}
	plan_ready(f->plan);
	seed_get(&seed);
	if (!flow_context_open(
		&f->context, f->plan, &seed, false,
		options->apart ? 0 : REASSEMBLE_MESSAGES | REASSEMBLE_FRAGMENTS,
		err))
		return false;
	f->dissect = dissect_open(f->plan, err);
	if (!f->dissect)
		return false;
	f->dissect->context = &f->context;
	return true;
}

struct sink *stream_print_open(const char *which, enum stream_form form,
			       const struct print_options *options, int fd,
			       struct err *err)
{
	struct stream_print *f = calloc(1, sizeof(*f));

	if (!f) {
		err_nomem(err, "output");
		return NULL;
	}
	f->sink.ops = &stream_print_ops;
	f->form = form;
	f->unbuffered = options->unbuffered;
	f->line = -1;
	if (!parse_target(which, &f->target, err) ||
	    !text_writer_init(&f->writer, fd, err) ||
	    !open_decoding(f, options, err)) {
		stream_print_free(f);
		return NULL;
	}
	return &f->sink;
}
