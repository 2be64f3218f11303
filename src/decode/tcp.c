/*
 * TCP (RFC 9293) with the options of RFC 2018, 7323, 2385, 7413, 8684.
 *
 *	+----------------+----------------+
 *	| source port    | destination    |
 *	+----------------+----------------+
 *	| sequence number                 |
 *	| acknowledgement number          |
 *	+------+---------+----------------+
 *	| offs | flags   | window         |
 *	+------+---------+----------------+
 *	| checksum       | urgent pointer |
 *	+----------------+----------------+
 *	| options                         |
 */
#include "decode/flows.h"
#include "decode/proto.h"

enum {
	TCP_SRCPORT,
	TCP_DSTPORT,
	TCP_STREAM,
	TCP_LEN,
	TCP_SEQ,
	TCP_SEQ_RAW,
	TCP_NXTSEQ,
	TCP_ACK,
	TCP_ACK_RAW,
	TCP_HDR_LEN,
	TCP_FLAGS,
	TCP_FLAG_RES,
	TCP_FLAG_AE,
	TCP_FLAG_CWR,
	TCP_FLAG_ECE,
	TCP_FLAG_URG,
	TCP_FLAG_ACK,
	TCP_FLAG_PUSH,
	TCP_FLAG_RESET,
	TCP_FLAG_SYN,
	TCP_FLAG_FIN,
	TCP_FLAG_COUNT = TCP_FLAG_FIN - TCP_FLAG_RES + 1,
	TCP_WINDOW = TCP_FLAG_FIN + 1,
	TCP_CHECKSUM,
	TCP_URGENT,
	TCP_OPTIONS,
	TCP_OPT_KIND,
	TCP_OPT_LEN,
	TCP_OPT_MSS,
	TCP_OPT_WSCALE,
	TCP_OPT_TSVAL,
	TCP_OPT_TSECR,
	TCP_OPT_SACK_LE,
	TCP_OPT_SACK_RE,
	TCP_OPT_DATA,
	TCP_PAYLOAD,
};

enum {
	KIND_EOL,
	KIND_NOP,
	KIND_MSS,
	KIND_WSCALE,
	KIND_SACKOK,
	KIND_SACK,
	KIND_TIMESTAMP = 8
};

static const struct names option_names[] = {
    {0, "eol"},	   {1, "nop"},	 {2, "mss"},	{3, "wscale"},
    {4, "sackOK"}, {5, "sack"},	 {6, "echo"},	{7, "echoreply"},
    {8, "TS"},	   {11, "cc"},	 {12, "ccnew"}, {13, ""},
    {19, "md5"},   {20, "scps"}, {28, "uto"},	{29, "tcp-ao"},
    {30, "mptcp"}, {34, "tfo"},	 {254, "exp"},	{0, NULL},
};

#define FLAG(index, nm, tt, bit)                                               \
	[index] = {"tcp.flags." nm, tt, .mask = (bit), .type = FIELD_BOOL}

static const struct field fields[] = {
    [TCP_SRCPORT] = {"tcp.srcport", "Source port", .type = FIELD_UINT,
		     .width = 2, .flags = FIELD_LINE},
    [TCP_DSTPORT] = {"tcp.dstport", "Destination port", .type = FIELD_UINT,
		     .width = 2, .flags = FIELD_LINE},
    [TCP_STREAM] = {"tcp.stream", "Stream index", .type = FIELD_UINT},
    [TCP_LEN] = {"tcp.len", "Segment length", .type = FIELD_UINT,
		 .flags = FIELD_LINE},
    [TCP_SEQ] = {"tcp.seq", "Sequence number, relative", .type = FIELD_UINT},
    [TCP_SEQ_RAW] = {"tcp.seq_raw", "Sequence number", .type = FIELD_UINT,
		     .width = 4, .flags = FIELD_LINE},
    [TCP_NXTSEQ] = {"tcp.nxtseq", "Next sequence number, relative",
		    .type = FIELD_UINT},
    [TCP_ACK] = {"tcp.ack", "Acknowledgement number, relative",
		 .type = FIELD_UINT},
    [TCP_ACK_RAW] = {"tcp.ack_raw", "Acknowledgement number",
		     .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [TCP_HDR_LEN] = {"tcp.hdr_len", "Header length", .type = FIELD_UINT,
		     .flags = FIELD_LINE},
    [TCP_FLAGS] = {"tcp.flags", "Flags", .mask = 0x0fff, .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    FLAG(TCP_FLAG_RES, "res", "Reserved", 0x0e00),
    FLAG(TCP_FLAG_AE, "ns", "Accurate ECN (nonce)", 0x0100),
    FLAG(TCP_FLAG_CWR, "cwr", "Congestion window reduced", 0x0080),
    FLAG(TCP_FLAG_ECE, "ece", "ECN echo", 0x0040),
    FLAG(TCP_FLAG_URG, "urg", "Urgent", 0x0020),
    FLAG(TCP_FLAG_ACK, "ack", "Acknowledgement", 0x0010),
    FLAG(TCP_FLAG_PUSH, "push", "Push", 0x0008),
    FLAG(TCP_FLAG_RESET, "reset", "Reset", 0x0004),
    FLAG(TCP_FLAG_SYN, "syn", "Syn", 0x0002),
    FLAG(TCP_FLAG_FIN, "fin", "Fin", 0x0001),
    [TCP_WINDOW] = {"tcp.window_size_value", "Window", .type = FIELD_UINT,
		    .width = 2, .flags = FIELD_LINE},
    [TCP_CHECKSUM] = {"tcp.checksum", "Checksum", .type = FIELD_UINT,
		      .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [TCP_URGENT] = {"tcp.urgent_pointer", "Urgent pointer", .type = FIELD_UINT,
		    .width = 2, .flags = FIELD_LINE},
    [TCP_OPTIONS] = {"tcp.options", "Options", .type = FIELD_OCTETS,
		     .flags = FIELD_ASKED},
    [TCP_OPT_KIND] = {"tcp.option_kind", "Kind", option_names,
		      .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [TCP_OPT_LEN] = {"tcp.option_len", "Length", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_LINE},
    [TCP_OPT_MSS] = {"tcp.options.mss_val", "Maximum segment size",
		     .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [TCP_OPT_WSCALE] = {"tcp.options.wscale.shift", "Window shift count",
			.type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [TCP_OPT_TSVAL] = {"tcp.options.timestamp.tsval", "Timestamp value",
		       .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [TCP_OPT_TSECR] = {"tcp.options.timestamp.tsecr", "Timestamp echo reply",
		       .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [TCP_OPT_SACK_LE] = {"tcp.options.sack_le", "Left edge", .type = FIELD_UINT,
			 .width = 4, .flags = FIELD_LINE},
    [TCP_OPT_SACK_RE] = {"tcp.options.sack_re", "Right edge",
			 .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [TCP_OPT_DATA] = {"tcp.options.unknown.payload", "Data",
		      .type = FIELD_OCTETS, .flags = FIELD_LINE},
    [TCP_PAYLOAD] = {"tcp.payload", "Payload", .type = FIELD_OCTETS,
		     .flags = FIELD_ASKED},
};

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16, FLAG_URG = 32 };

/* One option; o holds no more than the option area. false: it was the last. */
static bool decode_option(struct dissect *d, struct cur *o, uint32_t base_ack)
{
	unsigned kind = (unsigned)take(d, o, &fields[TCP_OPT_KIND]), len;
	struct cur body;

	if (kind <= KIND_NOP)
		return kind == KIND_NOP;
	len = (unsigned)take(d, o, &fields[TCP_OPT_LEN]);
	if (len < 2) {
		cur_bad(o);
		return false;
	}
	body = cur_part(o, len - 2);
	switch (kind) {
	case KIND_MSS:
		take(d, &body, &fields[TCP_OPT_MSS]);
		break;
	case KIND_WSCALE:
		take(d, &body, &fields[TCP_OPT_WSCALE]);
		break;
	case KIND_TIMESTAMP:
		take(d, &body, &fields[TCP_OPT_TSVAL]);
		take(d, &body, &fields[TCP_OPT_TSECR]);
		break;
	case KIND_SACK:
		while (cur_left(&body) >= 8) {
			note(d, &fields[TCP_OPT_SACK_LE],
			     (uint32_t)(cur_be32(&body) - base_ack));
			note(d, &fields[TCP_OPT_SACK_RE],
			     (uint32_t)(cur_be32(&body) - base_ack));
		}
		break;
	default:
		if (len > 2)
			take_octets(d, &body, &fields[TCP_OPT_DATA],
				    cur_left(&body));
	}
	if (body.state != CUR_OK)
		o->state = body.state;
	return true;
}

static void decode_options(struct dissect *d, struct cur *c, unsigned hdr_len,
			   uint32_t base_ack)
{
	struct cur o = cur_part(c, hdr_len - 20);
	struct cur all = o;

	take_octets(d, &all, &fields[TCP_OPTIONS], cur_left(&all));
	while (o.claim > 0 && o.state == CUR_OK &&
	       decode_option(d, &o, base_ack))
		continue;
	if (o.state == CUR_TRUNCATED)
		c->state = CUR_TRUNCATED;
}

/* What the flow knows; nothing without addresses below. Returns what
   acknowledged numbers count from. */
static uint32_t decode_flow(struct dissect *d, uint16_t src, uint16_t dst,
			    uint32_t seq, uint32_t ack, unsigned flags,
			    uint32_t len)
{
	struct flow_tcp flow;
	struct flow_ends ends;

	if (!d->feed || !d->feed->tcp || !d->net || d->layer->quoted)
		return 0;
	ends = (struct flow_ends){d->net->src, d->net->dst, d->net->n_addr, src,
				  dst};
	feed_tcp(d->feed, &ends, seq, ack, flags, &flow);
	d->layer->hint[0] = flow.line_seq;
	d->layer->hint[1] = flow.line_ack;
	/* edges are recorded relative to base_ack */
	d->layer->hint[2] = flow.line_sack - flow.base_ack;
	note(d, &fields[TCP_STREAM], flow.stream);
	note(d, &fields[TCP_SEQ], (uint32_t)(seq - flow.base_seq));
	note(d, &fields[TCP_NXTSEQ],
	     (uint32_t)(seq - flow.base_seq + len + !!(flags & FLAG_SYN) +
			!!(flags & FLAG_FIN)));
	note(d, &fields[TCP_ACK],
	     flags & FLAG_ACK ? (uint32_t)(ack - flow.base_ack) : ack);
	return flow.base_ack;
}

static void decode_flags(struct dissect *d, unsigned raw)
{
	unsigned i;

	for (i = TCP_FLAG_RES; i <= TCP_FLAG_FIN; i++)
		bits(d, &fields[i], raw);
}

static void decode(struct dissect *d, struct cur *c)
{
	uint16_t src = (uint16_t)take(d, c, &fields[TCP_SRCPORT]);
	uint16_t dst = (uint16_t)take(d, c, &fields[TCP_DSTPORT]);
	uint32_t seq, ack, base_ack, len = d->layer->len;
	unsigned raw, hdr_len;

	d->layer->port = dst;
	if (!cur_has(c, 16))
		return;
	seq = (uint32_t)take(d, c, &fields[TCP_SEQ_RAW]);
	ack = (uint32_t)take(d, c, &fields[TCP_ACK_RAW]);
	raw = (unsigned)peel(c, &fields[TCP_FLAGS]);
	hdr_len = (raw >> 12) * 4;
	note(d, &fields[TCP_HDR_LEN], hdr_len);
	bits(d, &fields[TCP_FLAGS], raw);
	if (wants_any(d, &fields[TCP_FLAG_RES], TCP_FLAG_COUNT))
		decode_flags(d, raw);
	take(d, c, &fields[TCP_WINDOW]);
	take(d, c, &fields[TCP_CHECKSUM]);
	take(d, c, &fields[TCP_URGENT]);
	if (hdr_len < 20 || (hdr_len > len && !d->layer->quoted)) {
		cur_bad(c);
		return;
	}
	len = len > hdr_len ? len - hdr_len : 0;
	if (!d->layer->quoted)
		note(d, &fields[TCP_LEN], len);
	base_ack = decode_flow(d, src, dst, seq, ack, raw & 0xfff, len);
	if (hdr_len > 20)
		decode_options(d, c, hdr_len, base_ack);
	if (c->state != CUR_OK || len == 0)
		return;
	if (cur_left(c))
		note_octets(d, &fields[TCP_PAYLOAD], c->pos, cur_left(c));
	next_by_ports(d, c, KEY_TCP_PORT, src, dst);
}

/* ---- the line ----------------------------------------------------------- */

static char *flags_text(char *at, unsigned flags)
{
	static const char letters[] = "FSRP.UEW";
	unsigned i;

	if (!(flags & 0xff))
		return fmt_text(at, "none");
	for (i = 0; i < 8; i++)
		if (flags >> i & 1)
			*at++ = letters[i];
	return at;
}

/* The value of the option whose kind is at v; returns what follows it. */
static const struct value *option_line(struct line *l, const struct value *v,
				       const struct value *end)
{
	unsigned kind = (unsigned)v->num, i, edges = 0;
	const char *name = names_get(option_names, kind);
	const struct value *w;
	char *at = line_room(l, 64);

	if (name)
		at = fmt_text(at, name);
	else
		at = fmt_dec(fmt_text(at, "unknown-"), kind);
	line_end(l, at);
	for (w = ++v; w < end && line_index(l, w) != TCP_OPT_KIND; w++)
		edges += line_index(l, w) == TCP_OPT_SACK_LE;
	if (kind == KIND_SACK) {
		line_puts(l, " ");
		line_dec(l, edges);
		line_puts(l, " ");
	}
	for (; v < w; v++) {
		at = line_room(l, 64);
		switch (line_index(l, v)) {
		case TCP_OPT_MSS:
		case TCP_OPT_WSCALE:
			*at++ = ' ';
			line_end(l, fmt_dec(at, v->num));
			break;
		case TCP_OPT_TSVAL:
			at = fmt_text(at, " val ");
			line_end(l, fmt_dec(at, v->num));
			break;
		case TCP_OPT_TSECR:
			at = fmt_text(at, " ecr ");
			line_end(l, fmt_dec(at, v->num));
			break;
		case TCP_OPT_SACK_LE:
			*at++ = '{';
			at =
			    fmt_dec(at, (uint32_t)(v->num - l->layer->hint[2]));
			*at++ = ':';
			line_end(l, at);
			break;
		case TCP_OPT_SACK_RE:
			at =
			    fmt_dec(at, (uint32_t)(v->num - l->layer->hint[2]));
			*at++ = '}';
			line_end(l, at);
			break;
		case TCP_OPT_DATA:
			line_puts(l, name ? " " : " 0x");
			for (i = 0; i < v->len; i++)
				line_end(l, fmt_hex(line_room(l, 2),
						    v->octets[i], 2));
			break;
		}
	}
	return w;
}

static void options_line(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;

	line_puts(l, ", options [");
	while (v < end && line_index(l, v) != TCP_OPT_KIND)
		v++;
	while (v < end && line_index(l, v) == TCP_OPT_KIND) {
		if (!first)
			line_puts(l, ",");
		first = false;
		v = option_line(l, v, end);
	}
	if (l->layer->state == CUR_TRUNCATED) {
		line_mark(l);
		return;
	}
	line_puts(l, "]");
}

/* Everything behind the ports. */
static void segment_line(struct line *l, const struct line_got *got)
{
	unsigned flags = (unsigned)got->v[TCP_FLAGS].num;
	uint32_t len = (uint32_t)got->v[TCP_LEN].num;
	uint32_t seq = (uint32_t)got->v[TCP_SEQ_RAW].num;
	char *at = line_room(l, 200);

	if (!l->o->raw_seq)
		seq -= l->layer->hint[0];
	at = fmt_text(at, "Flags [");
	at = flags_text(at, flags);
	*at++ = ']';
	if (len || flags & (FLAG_SYN | FLAG_FIN | FLAG_RST) ||
	    l->o->verbose > 1) {
		at = fmt_dec(fmt_text(at, ", seq "), seq);
		if (len) {
			*at++ = ':';
			at = fmt_dec(at, (uint32_t)(seq + len));
		}
	}
	if (flags & FLAG_ACK) {
		uint32_t ack = (uint32_t)got->v[TCP_ACK_RAW].num;

		if (!l->o->raw_seq)
			ack -= l->layer->hint[1];
		at = fmt_dec(fmt_text(at, ", ack "), ack);
	}
	at = fmt_dec(fmt_text(at, ", win "), got->v[TCP_WINDOW].num);
	if (flags & FLAG_URG)
		at = fmt_dec(fmt_text(at, ", urg "), got->v[TCP_URGENT].num);
	line_end(l, at);
	if (got->v[TCP_HDR_LEN].num > 20) {
		options_line(l);
		if (l->layer->state == CUR_TRUNCATED)
			return;
	}
	at = fmt_text(line_room(l, 40), ", length ");
	line_end(l, fmt_dec(at, len));
}

static void summary(struct line *l)
{
	struct line_got got;

	line_get(l, &got);
	if (!line_has(&got, TCP_DSTPORT)) {
		line_hosts(l);
		line_mark(l);
		return;
	}
	line_ports(l, true, (uint16_t)got.v[TCP_SRCPORT].num,
		   (uint16_t)got.v[TCP_DSTPORT].num);
	if (!line_has(&got, TCP_URGENT)) {
		line_mark(l);
		return;
	}
	if (!line_has(&got, TCP_LEN)) {
		line_printf(l, "tcp [bad hdr length %u]",
			    (unsigned)got.v[TCP_HDR_LEN].num);
		return;
	}
	if (l->o->quick) {
		line_puts(l, "tcp ");
		line_dec(l, got.v[TCP_LEN].num);
		return;
	}
	segment_line(l, &got);
	if (l->next && l->next->proto->summary)
		line_puts(l, ": ");
}

static const struct key keys[] = {{KEY_IPPROTO, 6}};

const struct proto proto_tcp = {
    "tcp",
    "Transmission Control Protocol",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_TCP_PORT) | LEADS_TO(KEY_TCP_GUESS),
    .decode = decode,
    .summary = summary,
};
