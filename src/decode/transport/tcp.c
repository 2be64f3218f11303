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
#define DECODE_HOT
#include "decode/transport/tcp.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/tcp_reassembly.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "decode/transport/tcpopts.h"

#define FLAG(index, nm, tt, bit)                                               \
	[index] = {"tcp.flags." nm, tt, .mask = (bit), .type = FIELD_BOOL}

#define FOLLOWED(index, nm, tt, kind)                                          \
	[index] = {"tcp." nm, tt, .type = (kind), .flags = FIELD_FOLLOWED}

/* In the order of enum tcp_mark. */
#define MARKED(bit, nm, tt)                                                    \
	FOLLOWED(TCP_FIRST_MARK + (bit), "analysis." nm, tt, FIELD_NONE)

static const struct field fields[] = {
    [TCP_SRCPORT] = {"tcp.srcport", "Source port", .type = FIELD_UINT,
		     .width = 2},
    [TCP_DSTPORT] = {"tcp.dstport", "Destination port", .type = FIELD_UINT,
		     .width = 2},
    [TCP_PORT] = {"tcp.port", "Either port", .type = FIELD_UINT, .width = 2,
		  .flags = FIELD_ASKED},
    [TCP_STREAM] = {"tcp.stream", "Stream index", .type = FIELD_UINT},
    [TCP_LEN] = {"tcp.len", "Segment length", .type = FIELD_UINT},
    [TCP_SEQ] = {"tcp.seq", "Sequence number, relative", .type = FIELD_UINT},
    [TCP_SEQ_RAW] = {"tcp.seq_raw", "Sequence number", .type = FIELD_UINT,
		     .width = 4},
    [TCP_NXTSEQ] = {"tcp.nxtseq", "Next sequence number, relative",
		    .type = FIELD_UINT},
    [TCP_ACK] = {"tcp.ack", "Acknowledgement number, relative",
		 .type = FIELD_UINT},
    [TCP_ACK_RAW] = {"tcp.ack_raw", "Acknowledgement number",
		     .type = FIELD_UINT, .width = 4},
    [TCP_HDR_LEN] = {"tcp.hdr_len", "Header length", .type = FIELD_UINT},
    [TCP_FLAGS] = {"tcp.flags", "Flags", .mask = 0x0fff, .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_HEX},
    FLAG(TCP_FLAG_RES, "res", "Reserved", 0x0e00),
    FLAG(TCP_FLAG_AE, "ae", "Accurate ECN", 0x0100),
    FLAG(TCP_FLAG_CWR, "cwr", "Congestion window reduced", 0x0080),
    FLAG(TCP_FLAG_ECE, "ece", "ECN echo", 0x0040),
    FLAG(TCP_FLAG_URG, "urg", "Urgent", 0x0020),
    FLAG(TCP_FLAG_ACK, "ack", "Acknowledgement", 0x0010),
    FLAG(TCP_FLAG_PUSH, "push", "Push", 0x0008),
    FLAG(TCP_FLAG_RESET, "reset", "Reset", 0x0004),
    FLAG(TCP_FLAG_SYN, "syn", "Syn", 0x0002),
    FLAG(TCP_FLAG_FIN, "fin", "Fin", 0x0001),
    [TCP_FLAGS_STR] = {"tcp.flags.str", "Flags as letters", .type = FIELD_TEXT,
		       .flags = FIELD_ASKED},
    [TCP_WINDOW] = {"tcp.window_size_value", "Window", .type = FIELD_UINT,
		    .width = 2},
    [TCP_CHECKSUM] = {"tcp.checksum", "Checksum", .type = FIELD_UINT,
		      .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [TCP_URGENT] = {"tcp.urgent_pointer", "Urgent pointer", .type = FIELD_UINT,
		    .width = 2},
    [TCP_OPTIONS] = {"tcp.options", "Options", .type = FIELD_BYTES,
		     .flags = FIELD_ASKED},
    [TCP_OPT_KIND] = {"tcp.option_kind", "Kind", tcp_option_names,
		      .type = FIELD_UINT, .width = 1},
    [TCP_OPT_LEN] = {"tcp.option_len", "Length", .type = FIELD_UINT,
		     .width = 1},
    [TCP_OPT_MSS] = {"tcp.options.mss_val", "Maximum segment size",
		     .type = FIELD_UINT, .width = 2},
    [TCP_OPT_WSCALE] = {"tcp.options.wscale.shift", "Window shift count",
			.type = FIELD_UINT, .width = 1},
    [TCP_OPT_MULTIPLIER] = {"tcp.options.wscale.multiplier",
			    "Window multiplier", .type = FIELD_UINT,
			    .flags = FIELD_ASKED},
    [TCP_OPT_TSVAL] = {"tcp.options.timestamp.tsval", "Timestamp value",
		       .type = FIELD_UINT, .width = 4},
    [TCP_OPT_TSECR] = {"tcp.options.timestamp.tsecr", "Timestamp echo reply",
		       .type = FIELD_UINT, .width = 4},
    [TCP_OPT_SACK_LE] = {"tcp.options.sack_le", "Left edge", .type = FIELD_UINT,
			 .width = 4},
    [TCP_OPT_SACK_RE] = {"tcp.options.sack_re", "Right edge",
			 .type = FIELD_UINT, .width = 4},
    [TCP_OPT_SACK_COUNT] = {"tcp.options.sack.count", "Number of ranges",
			    .type = FIELD_UINT, .flags = FIELD_ASKED},
    [TCP_OPT_DATA] = {"tcp.options.unknown.payload", "Data",
		      .type = FIELD_BYTES},
    [TCP_PAYLOAD] = {"tcp.payload", "Payload", .type = FIELD_BYTES,
		     .flags = FIELD_ASKED},
    FOLLOWED(TCP_TIME_RELATIVE, "time_relative",
	     "Time since first segment of the conversation", FIELD_SPAN),
    FOLLOWED(TCP_TIME_DELTA, "time_delta",
	     "Time since previous segment of the conversation", FIELD_SPAN),
    FOLLOWED(TCP_WINDOW_SIZE, "window_size", "Calculated window size",
	     FIELD_UINT),
    FOLLOWED(TCP_SCALE, "window_size_scalefactor",
	     "Window scale factor; -1 unknown, -2 none", FIELD_INT),
    FOLLOWED(TCP_COMPLETENESS, "completeness", "Conversation completeness",
	     FIELD_UINT),
    FOLLOWED(TCP_ANALYSIS, "analysis", "Analysis", FIELD_NONE),
    FOLLOWED(TCP_ACKS_FRAME, "analysis.acks_frame",
	     "ACK for the segment in packet", FIELD_UINT),
    FOLLOWED(TCP_ACK_RTT, "analysis.ack_rtt", "Round-trip time to this ACK",
	     FIELD_SPAN),
    FOLLOWED(TCP_INITIAL_RTT, "analysis.initial_rtt", "Initial round-trip time",
	     FIELD_SPAN),
    FOLLOWED(TCP_IN_FLIGHT, "analysis.bytes_in_flight", "Bytes in flight",
	     FIELD_UINT),
    FOLLOWED(TCP_PUSH_BYTES, "analysis.push_bytes_sent",
	     "Bytes sent since last PSH flag", FIELD_UINT),
    FOLLOWED(TCP_MARKS, "analysis.flags", "Analysis flags", FIELD_NONE),
    MARKED(0, "retransmission", "Retransmission"),
    MARKED(1, "fast_retransmission", "Fast retransmission"),
    MARKED(2, "spurious_retransmission", "Spurious retransmission"),
    MARKED(3, "out_of_order", "Out of order"),
    MARKED(4, "lost_segment", "Previous segment not captured"),
    MARKED(5, "ack_lost_segment", "Acknowledged segment not captured"),
    MARKED(6, "duplicate_ack", "Duplicate acknowledgement"),
    MARKED(7, "keep_alive", "Keep-alive"),
    MARKED(8, "keep_alive_ack", "Keep-alive ACK"),
    MARKED(9, "window_update", "Window update"),
    MARKED(10, "window_full", "Window full"),
    MARKED(11, "zero_window", "Zero window"),
    MARKED(12, "zero_window_probe", "Zero window probe"),
    MARKED(13, "zero_window_probe_ack", "Zero window probe ACK"),
    MARKED(14, "reused_ports", "Port numbers reused"),
    FOLLOWED(TCP_DUP_NUM, "analysis.duplicate_ack_num", "Duplicate ACK number",
	     FIELD_UINT),
    FOLLOWED(TCP_DUP_FRAME, "analysis.duplicate_ack_frame",
	     "Duplicate of the ACK in packet", FIELD_UINT),
    FOLLOWED(TCP_RTO, "analysis.rto", "Retransmission timeout", FIELD_SPAN),
    FOLLOWED(TCP_RTO_FRAME, "analysis.rto_frame",
	     "Timeout measured from packet", FIELD_UINT),
    FOLLOWED(TCP_SEGMENTS, "segments", "Reassembled segments", FIELD_NONE),
    FOLLOWED(TCP_SEGMENT, "segment", "Segment in packet", FIELD_UINT),
    FOLLOWED(TCP_SEGMENT_COUNT, "segment.count", "Segments", FIELD_UINT),
    FOLLOWED(TCP_JOINED_LENGTH, "reassembled.length", "Reassembled length",
	     FIELD_UINT),
    [TCP_SEGMENT_DATA] = {"tcp.segment_data", "Segment data",
			  .type = FIELD_BYTES,
			  .flags = FIELD_ASKED | FIELD_FOLLOWED},
};

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
		add_uint(d, &fields[TCP_OPT_MULTIPLIER],
			 (uint64_t)1
			     << (take(d, &body, &fields[TCP_OPT_WSCALE]) & 63));
		break;
	case KIND_TIMESTAMP:
		take(d, &body, &fields[TCP_OPT_TSVAL]);
		take(d, &body, &fields[TCP_OPT_TSECR]);
		break;
	case KIND_SACK:
		add_uint(d, &fields[TCP_OPT_SACK_COUNT], cur_left(&body) / 8);
		while (body.state == CUR_OK && cur_left(&body) >= 8) {
			add_uint(d, &fields[TCP_OPT_SACK_LE],
				 (uint32_t)(cur_be32(&body) - base_ack));
			add_uint(d, &fields[TCP_OPT_SACK_RE],
				 (uint32_t)(cur_be32(&body) - base_ack));
		}
		break;
	default:
		tcp_option_more(d, body, kind);
		if (len > 2)
			take_bytes(d, &body, &fields[TCP_OPT_DATA],
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

	/* lines look at the bytes */
	if (!wants_any(d, &fields[TCP_OPTIONS],
		       TCP_OPT_DATA - TCP_OPTIONS + 1) &&
	    !wants_also(d, PROTO_tcpopts) && d->protocols < 0)
		return;
	take_bytes(d, &all, &fields[TCP_OPTIONS], cur_left(&all));
	while (o.claim > 0 && o.state == CUR_OK &&
	       decode_option(d, &o, base_ack))
		continue;
	/* the end of the list up to the end of the header */
	while (o.state == CUR_OK && cur_left(&o) &&
	       cur_peek8(&o, 0) == KIND_EOL)
		take(d, &o, &fields[TCP_OPT_KIND]);
}

static struct flow_ends ends_of(const struct dissect *d)
{
	uint32_t ports = d->layer->fact[FACT_PORTS];

	return (struct flow_ends){
	    .src = d->net->src,
	    .dst = d->net->dst,
	    .n = d->net->n_addr,
	    .sport = (uint16_t)(ports >> 16),
	    .dport = (uint16_t)ports,
	};
}

/* Of a bad header only the ports count. */
static void add_stream(struct dissect *d)
{
	struct flow_ends ends;

	if (!d->context || !d->context->tcp || !d->net)
		return;
	ends = ends_of(d);
	add_uint(d, &fields[TCP_STREAM],
		 flow_context_tcp_stream(d->context, &ends));
}

/* What the flow knows; nothing without addresses below. c: the options and
   what follows. */
static void decode_flow(struct dissect *d, struct cur c, uint32_t seq,
			uint32_t ack, struct flow_tcp *flow)
{
	uint32_t *fact = d->layer->fact, len = fact[FACT_LEN];
	unsigned flags = fact[FACT_FLAGS] & 0xfff;
	struct flow_ends ends;

	d->hints = 0;
	d->phase = 0;
	if (!d->context || !d->context->tcp || !d->net)
		return;
	ends = ends_of(d);
	if (d->layer->quoted) {
		add_uint(d, &fields[TCP_STREAM],
			 flow_context_tcp_stream(d->context, &ends));
		return;
	}
	cur_skip(&c, (fact[FACT_FLAGS] >> 16) - 20);
	flow_context_tcp(d->context, &ends, seq, ack, flags, &c, flow);
	d->hints = flow->hints;
	if (!d->context->raw_lines) {
		fact[FACT_SEQ] -= flow->line_seq;
		fact[FACT_ACK] -= flow->line_ack;
	}
	fact[FACT_EDGES] = d->context->raw_lines ? 0 : flow->line_sack;
	if (!wants_any(d, &fields[TCP_STREAM], TCP_ACK - TCP_STREAM + 1))
		return;
	add_uint(d, &fields[TCP_STREAM], flow->stream);
	seq -= flow->base_seq;
	add_uint(d, &fields[TCP_SEQ], seq);
	add_uint(d, &fields[TCP_NXTSEQ],
		 (uint32_t)(seq + len + !!(flags & FLAG_SYN) +
			    !!(flags & FLAG_FIN)));
	add_uint(d, &fields[TCP_ACK],
		 flags & FLAG_ACK ? (uint32_t)(ack - flow->base_ack) : ack);
}

/* ---- what comes from the conversation ----------------------------------- */

static void add_marks(struct dissect *d, const struct tcp_facts *f)
{
	unsigned i;

	add_uint(d, &fields[TCP_MARKS], 0);
	for (i = 0; i <= TCP_LAST_MARK - TCP_FIRST_MARK; i++)
		if (f->marks >> i & 1)
			add_uint(d, &fields[TCP_FIRST_MARK + i], 0);
	/* each of the special retransmissions is one, and Wireshark counts a
	   duplicate acknowledgement twice */
	if (f->marks &
	    (MARK_FAST_RETRANSMISSION | MARK_SPURIOUS_RETRANSMISSION))
		add_uint(d, &fields[TCP_FIRST_MARK], 0);
	if (f->marks & MARK_DUPLICATE_ACK)
		add_uint(d, &fields[TCP_FIRST_MARK + 6], 0);
	if (f->rto) {
		add_uint(d, &fields[TCP_RTO], (uint64_t)f->rto);
		add_uint(d, &fields[TCP_RTO_FRAME], f->rto_frame);
	}
}

static void add_analysis(struct dissect *d, const struct tcp_facts *f)
{
	add_uint(d, &fields[TCP_ANALYSIS], 0);
	if (f->acks_frame) {
		add_uint(d, &fields[TCP_ACKS_FRAME], f->acks_frame);
		/* as in Wireshark: not between equal timestamps */
		if (f->ack_rtt)
			add_uint(d, &fields[TCP_ACK_RTT], (uint64_t)f->ack_rtt);
	}
	if (f->initial_rtt)
		add_uint(d, &fields[TCP_INITIAL_RTT], (uint64_t)f->initial_rtt);
	if (f->has_flight) {
		add_uint(d, &fields[TCP_IN_FLIGHT], f->in_flight);
		add_uint(d, &fields[TCP_PUSH_BYTES], f->push_bytes);
	}
	if (f->marks)
		add_marks(d, f);
	if (f->dup_num) {
		add_uint(d, &fields[TCP_DUP_NUM], f->dup_num);
		add_uint(d, &fields[TCP_DUP_FRAME], f->dup_frame);
	}
}

static void add_facts(struct dissect *d, const struct tcp_facts *f)
{
	add_uint(d, &fields[TCP_TIME_RELATIVE], (uint64_t)f->time_relative);
	add_uint(d, &fields[TCP_TIME_DELTA], (uint64_t)f->time_delta);
	add_uint(d, &fields[TCP_WINDOW_SIZE], f->window);
	if (!(d->layer->fact[FACT_FLAGS] & FLAG_SYN))
		add_uint(d, &fields[TCP_SCALE],
			 f->scale < 0 ? (uint64_t)(int64_t)f->scale
				      : (uint64_t)1 << f->scale);
	add_uint(d, &fields[TCP_COMPLETENESS], f->completeness);
	if (f->has_any)
		add_analysis(d, f);
}

static void add_parts(struct dissect *d, const struct cur *c,
		      const struct reassembled *parts)
{
	size_t own = (size_t)parts->skip + parts->take;
	uint32_t i;

	if (parts->n_frames) {
		add_uint(d, &fields[TCP_SEGMENTS], 0);
		if (wants(d, &fields[TCP_SEGMENT]))
			for (i = 0; i < parts->n_frames; i++)
				add_uint(d, &fields[TCP_SEGMENT],
					 parts->frames[i]);
		add_uint(d, &fields[TCP_SEGMENT_COUNT], parts->n_frames);
		add_uint(d, &fields[TCP_JOINED_LENGTH], parts->length);
	}
	if (parts->has_joined && parts->length != parts->claim)
		add_bytes(d, &fields[TCP_SEGMENT_DATA], cur_here(c),
			  cur_left(c));
	else if (parts->has_joined && parts->skip <= cur_left(c))
		add_bytes(d, &fields[TCP_SEGMENT_DATA], cur_here(c),
			  parts->skip);
	if (parts->pending && !parts->has_joined && own == cur_left(c) && own &&
	    !parts->take)
		own = 0; /* all of it is in the middle */
	if (own < cur_left(c) && parts->pending)
		add_bytes(d, &fields[TCP_SEGMENT_DATA], cur_here(c) + own,
			  cur_left(c) - own);
}

/* The payload, with what the conversation says. */
static void decode_payload(struct dissect *d, const struct cur *c,
			   const struct cur *options,
			   const struct tcp_header *h, uint32_t len)
{
	const struct tcp_facts *facts;
	struct reassembled parts = {0};
	struct segment seg;

	tcp_segment(&seg, h, len, options, c, d->pkt);
	flow_context_segment(d->context, &seg, &facts, &parts);
	if (facts) {
		add_facts(d, facts);
		add_parts(d, c, &parts);
	}
	if (d->context->wish.messages)
		next_by_parts(d, c, &parts, h->sport, h->dport);
	else if (len)
		next_by_ports(d, c, KEY_TCP_PORT, h->sport, h->dport);
}

/* Each flag's letter, or a middle dot. */
static void add_letters(struct dissect *d, unsigned raw)
{
	static const char letters[] = "RRRACEUAPRSF";
	char text[2 * sizeof(letters)], *at = text, *room;
	unsigned i;

	for (i = 0; letters[i]; i++) {
		if (raw >> (11 - i) & 1)
			*at++ = letters[i];
		else
			at = fmt_text(at, "\xc2\xb7");
	}
	room = scratch_room(d, (size_t)(at - text));
	if (!room)
		return;
	memcpy(room, text, (size_t)(at - text));
	add_bytes(d, &fields[TCP_FLAGS_STR], room, (size_t)(at - text));
}

/* The flags as they are in the packet, the header's length on top. */
static unsigned decode_flags(struct dissect *d, struct cur *c)
{
	unsigned raw = (unsigned)get_uint(c, &fields[TCP_FLAGS]), i;

	add_uint(d, &fields[TCP_HDR_LEN], (raw >> 12) * 4);
	add_bits(d, &fields[TCP_FLAGS], raw);
	if (wants_any(d, &fields[TCP_FLAG_RES], TCP_FLAG_COUNT))
		for (i = TCP_FLAG_RES; i <= TCP_FLAG_FIN; i++)
			add_bits(d, &fields[i], raw);
	if (wants(d, &fields[TCP_FLAGS_STR]))
		add_letters(d, raw);
	return raw;
}

/* All of it at once, where none of it is wanted. false: it is, or it is not
   all there; nothing was read then. */
static bool skim_header(struct dissect *d, struct cur *c, struct tcp_header *h)
{
	const uint8_t *p = cur_here(c);

	if (wants_before(d, &fields[TCP_OPTIONS]) || cur_left(c) < 20)
		return false;
	cur_skip(c, 20);
	tcp_header_read(h, p);
	d->layer->port = h->dport;
	d->layer->fact[FACT_PORTS] = (uint32_t)h->sport << 16 | h->dport;
	return true;
}

/* The same, field by field. */
static bool take_header(struct dissect *d, struct cur *c, struct tcp_header *h)
{
	h->sport = (uint16_t)take(d, c, &fields[TCP_SRCPORT]);
	h->dport = (uint16_t)take(d, c, &fields[TCP_DSTPORT]);
	if (wants(d, &fields[TCP_PORT])) {
		add_uint(d, &fields[TCP_PORT], h->sport);
		add_uint(d, &fields[TCP_PORT], h->dport);
	}
	if (!wants_rest(d, &fields[TCP_STREAM], KEY_TCP_PORT) &&
	    !wants_also(d, PROTO_tcpopts))
		return false;
	d->layer->port = h->dport;
	d->layer->fact[FACT_PORTS] = (uint32_t)h->sport << 16 | h->dport;
	if (!cur_has(c, 16)) {
		/* errors quote only the first eight bytes */
		take(d, c, &fields[TCP_SEQ_RAW]);
		return false;
	}
	h->seq = (uint32_t)take(d, c, &fields[TCP_SEQ_RAW]);
	h->ack = (uint32_t)take(d, c, &fields[TCP_ACK_RAW]);
	h->raw = decode_flags(d, c);
	h->window = (uint16_t)take(d, c, &fields[TCP_WINDOW]);
	take(d, c, &fields[TCP_CHECKSUM]);
	h->urgent = (uint16_t)take(d, c, &fields[TCP_URGENT]);
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t len = d->layer->len, *fact = d->layer->fact;
	struct flow_tcp flow = {0};
	struct cur options;
	struct tcp_header h;
	unsigned hdr_len;

	if (!skim_header(d, c, &h) && !take_header(d, c, &h))
		return;
	hdr_len = (h.raw >> 12) * 4;
	fact[FACT_SEQ] = h.seq;
	fact[FACT_ACK] = h.ack;
	fact[FACT_FLAGS] = hdr_len << 16 | (h.raw & 0xfff);
	fact[FACT_WINDOW] = (uint32_t)h.window << 16 | h.urgent;
	fact[FACT_WHOLE] = 1;
	if (hdr_len < 20 || (hdr_len > len && !d->layer->quoted)) {
		add_stream(d);
		cur_bad(c);
		return;
	}
	fact[FACT_WHOLE] = 2;
	len = len > hdr_len ? len - hdr_len : 0;
	fact[FACT_LEN] = len;
	if (!d->layer->quoted)
		add_uint(d, &fields[TCP_LEN], len);
	decode_flow(d, *c, h.seq, h.ack, &flow);
	options = *c;
	if (hdr_len > 20)
		decode_options(d, c, hdr_len, flow.base_ack);
	if (c->state == CUR_OK && cur_left(c))
		add_bytes(d, &fields[TCP_PAYLOAD], cur_here(c), cur_left(c));
	if (flow.plain) {
		if (c->claim)
			next_known(d, c, flow.plain, KEY_TCP_PORT, h.dport);
	} else if (d->context && d->context->follow && d->net &&
		   !d->layer->quoted) {
		if (!flow_context_wants_segment(d->context, &flow, len, h.raw))
			return;
		options = cur_part(&options, hdr_len - 20);
		decode_payload(d, c, &options, &h, len);
	} else if (c->state == CUR_OK && len > 0) {
		next_by_ports(d, c, KEY_TCP_PORT, h.sport, h.dport);
	}
}

static const struct key keys[] = {{KEY_IPPROTO, 6}};

const struct proto proto_tcp = {
    "tcp",
    "Transmission Control Protocol",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_TCP_PORT) | LEADS_TO(KEY_TCP_GUESS),
    .also = PROTO_tcpopts,
    .decode = decode,
    .summary = tcp_summary,
};
