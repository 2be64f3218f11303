/* The line of a TCP segment, in the words of tcpdump. */
#include "decode/lib/checksum.h"
#include "decode/proto.h"
#include "decode/transport/tcp.h"

const struct names tcp_option_names[] = {
    {0, "eol"},	   {1, "nop"},	 {2, "mss"},	{3, "wscale"},
    {4, "sackOK"}, {5, "sack"},	 {6, "echo"},	{7, "echoreply"},
    {8, "TS"},	   {11, "cc"},	 {12, "ccnew"}, {13, ""},
    {19, "md5"},   {20, "scps"}, {28, "uto"},	{29, "tcp-ao"},
    {30, "mptcp"}, {34, "tfo"},	 {254, "exp"},	{0, NULL},
};

static char *flags_text(char *at, unsigned flags)
{
	static const char letters[] = "FSRP.UEW";
	unsigned i;

	if (!(flags & 0xff))
		return fmt_text(at, "none");
	if ((flags & 0xff) == FLAG_ACK) {
		*at = '.';
		return at + 1;
	}
	for (i = 0; i < 8; i++)
		if (flags >> i & 1)
			*at++ = letters[i];
	return at;
}

static char *kind_text(char *at, unsigned kind)
{
	const char *name;

	if (kind == KIND_NOP)
		return fmt_text(at, "nop");
	name = names_get(tcp_option_names, kind);
	if (name)
		return fmt_text(at, name);
	return fmt_dec(fmt_text(at, "unknown-"), kind);
}

static void number_line(struct summary *l, const char *before, uint32_t n)
{
	summary_end(l, fmt_dec(fmt_text(summary_room(l, 40), before), n));
}

/* Sequence numbers of what arrived after a gap. */
static void sack_line(struct summary *l, struct cur *body)
{
	uint32_t edges = l->layer->fact[FACT_EDGES];
	char *at = summary_room(l, 40);
	unsigned n = body->state == CUR_OK ? cur_left(body) / 8 : 0;

	*at++ = ' ';
	at = fmt_dec(at, n);
	*at++ = ' ';
	summary_end(l, at);
	for (; n > 0; n--) {
		at = summary_room(l, 50);
		*at++ = '{';
		at = fmt_dec(at, (uint32_t)(cur_be32(body) - edges));
		*at++ = ':';
		at = fmt_dec(at, (uint32_t)(cur_be32(body) - edges));
		*at++ = '}';
		summary_end(l, at);
	}
}

/* The contents of an unknown option. */
static void data_line(struct summary *l, struct cur *body, unsigned kind)
{
	size_t n = cur_left(body), i;
	const uint8_t *bytes = cur_bytes(body, n);

	if (!bytes)
		return;
	summary_puts(l, names_get(tcp_option_names, kind) ? " " : " 0x");
	for (i = 0; i < n; i++)
		summary_end(l, fmt_hex(summary_room(l, 2), bytes[i], 2));
}

/* One option after its kind; o has no more than the options. */
static void option_line(struct summary *l, struct cur *o, unsigned kind)
{
	unsigned len = cur_u8(o);
	struct cur body;

	if (len < 2) {
		cur_bad(o);
		return;
	}
	body = cur_part(o, len - 2);
	switch (kind) {
	case KIND_MSS:
		if (cur_has(&body, 2))
			number_line(l, " ", cur_be16(&body));
		break;
	case KIND_WSCALE:
		if (cur_has(&body, 1))
			number_line(l, " ", cur_u8(&body));
		break;
	case KIND_TIMESTAMP:
		if (cur_has(&body, 4))
			number_line(l, " val ", cur_be32(&body));
		if (cur_has(&body, 4))
			number_line(l, " ecr ", cur_be32(&body));
		break;
	case KIND_SACK:
		sack_line(l, &body);
		break;
	default:
		if (len > 2)
			data_line(l, &body, kind);
	}
	if (body.state != CUR_OK)
		o->state = body.state;
}

/* What nearly all segments of a connection have: two of no operation, then
   the time. false: these are other options; nothing was written. */
static bool times_line(struct summary *l, const struct cur *options)
{
	static const uint8_t usual[4] = {KIND_NOP, KIND_NOP, KIND_TIMESTAMP,
					 10};
	struct cur c = *options;
	char *at;

	if (c.claim != 12 || cur_left(&c) != 12 ||
	    memcmp(cur_here(&c), usual, 4) != 0)
		return false;
	cur_skip(&c, 4);
	at = fmt_text(summary_room(l, 100), ", options [nop,nop,TS val ");
	at = fmt_dec(at, cur_be32(&c));
	at = fmt_dec(fmt_text(at, " ecr "), cur_be32(&c));
	*at++ = ']';
	summary_end(l, at);
	return true;
}

/* false: they are not all there, or contradict themselves. */
static bool options_line(struct summary *l, unsigned hdr_len)
{
	const struct layer *layer = l->layer;
	struct cur o = cur_over(layer->data, layer->caplen, layer->len);
	unsigned kind = KIND_NOP;
	bool first = true;
	char *at;

	cur_skip(&o, 20);
	o = cur_part(&o, hdr_len - 20);
	if (times_line(l, &o))
		return true;
	summary_puts(l, ", options [");
	while (kind != KIND_EOL && o.claim > 0 && cur_has(&o, 1)) {
		kind = cur_u8(&o);
		at = summary_room(l, 60);
		if (!first)
			*at++ = ',';
		first = false;
		summary_end(l, kind_text(at, kind));
		if (kind > KIND_NOP)
			option_line(l, &o, kind);
	}
	if (layer->state == CUR_TRUNCATED)
		summary_mark(l);
	else
		summary_puts(l, o.state == CUR_MALFORMED ? "[bad opt]]" : "]");
	return layer->state != CUR_TRUNCATED && o.state != CUR_MALFORMED;
}

/* Everything after the ports. */
static void segment_line(struct summary *l)
{
	const uint32_t *fact = l->layer->fact;
	unsigned flags = fact[FACT_FLAGS] & 0xfff;
	uint32_t len = fact[FACT_LEN];
	char *at = summary_room(l, 200);
	struct checksum sum;

	at = fmt_text(at, "Flags [");
	at = flags_text(at, flags);
	*at++ = ']';
	l->alarm |= flags & FLAG_RST;
	if (l->o->verbose && checksum_layer(l, l->layer->len, 16, 6, &sum)) {
		at = fmt_hex(fmt_text(at, ", cksum 0x"), sum.found, 4);
		if (sum.good) {
			at = fmt_text(at, " (correct)");
		} else {
			at = fmt_hex(fmt_text(at, " (incorrect -> 0x"),
				     sum.correct, 4);
			*at++ = ')';
		}
	}
	if (len || flags & (FLAG_SYN | FLAG_FIN | FLAG_RST) ||
	    l->o->verbose > 1) {
		at = fmt_dec(fmt_text(at, ", seq "), fact[FACT_SEQ]);
		if (len) {
			*at++ = ':';
			at = fmt_dec(at, (uint32_t)(fact[FACT_SEQ] + len));
		}
	}
	if (flags & FLAG_ACK)
		at = fmt_dec(fmt_text(at, ", ack "), fact[FACT_ACK]);
	at = fmt_dec(fmt_text(at, ", win "), fact[FACT_WINDOW] >> 16);
	if (flags & FLAG_URG)
		at =
		    fmt_dec(fmt_text(at, ", urg "), fact[FACT_WINDOW] & 0xffff);
	summary_end(l, at);
	if (fact[FACT_FLAGS] >> 16 > 20 &&
	    !options_line(l, fact[FACT_FLAGS] >> 16))
		return;
	at = fmt_text(summary_room(l, 40), ", length ");
	summary_end(l, fmt_dec(at, len));
}

/* Does a layer above have text? */
static bool says_more(const struct summary *l)
{
	const struct layer *end = l->d->layers + l->d->n_layers;
	const struct layer *above = l->next;

	while (above && above < end && above->silent)
		above++;
	return above && above < end && above->proto->summary;
}

void tcp_summary(struct summary *l)
{
	const uint32_t *fact = l->layer->fact;
	unsigned hdr_len = fact[FACT_FLAGS] >> 16;

	if (l->layer->caplen < 4) {
		summary_hosts(l);
		summary_mark(l);
		return;
	}
	summary_ports(l, true, (uint16_t)(fact[FACT_PORTS] >> 16),
		      (uint16_t)fact[FACT_PORTS]);
	if (fact[FACT_WHOLE] == 0) {
		summary_mark(l);
		return;
	}
	if (hdr_len < 20) {
		summary_printf(l,
			       " tcp %u [bad hdr length %u - too short, < 20]",
			       l->layer->len - hdr_len, hdr_len);
		return;
	}
	if (l->o->quick) {
		summary_puts(l, "tcp ");
		summary_dec(l, l->layer->len - hdr_len);
		return;
	}
	if (fact[FACT_WHOLE] == 1) {
		summary_puts(l, "Flags [");
		summary_end(l, flags_text(summary_room(l, 16),
					  fact[FACT_FLAGS] & 0xfff));
		summary_printf(
		    l, "] [bad hdr length %u - too long, > %u] (invalid)",
		    hdr_len, l->layer->len);
		return;
	}
	segment_line(l);
	if (says_more(l))
		summary_puts(l, ": ");
}
