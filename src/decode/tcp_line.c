/* The line of a TCP segment, in the words of tcpdump. */
#include "decode/proto.h"
#include "decode/sum.h"
#include "decode/tcp.h"

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

/* How many blocks the option at v has. */
static unsigned count_blocks(const struct line *l, const struct value *v,
			     const struct value *end)
{
	unsigned n = 0;

	while (++v < end && line_index(l, v) != TCP_OPT_KIND)
		n += line_index(l, v) == TCP_OPT_SACK_LE;
	return n;
}

static void data_line(struct line *l, const struct value *v, unsigned kind)
{
	unsigned i;

	line_puts(l, names_get(tcp_option_names, kind) ? " " : " 0x");
	for (i = 0; i < v->len; i++)
		line_end(l, fmt_hex(line_room(l, 2), v->octets[i], 2));
}

/* One value of an option, at `at`, where 64 octets are free. */
static char *value_text(const struct line *l, char *at, const struct value *v)
{
	uint32_t edge = (uint32_t)(v->num - l->layer->fact[FACT_EDGES]);

	switch (line_index(l, v)) {
	case TCP_OPT_MSS:
	case TCP_OPT_WSCALE:
		*at++ = ' ';
		return fmt_dec(at, v->num);
	case TCP_OPT_TSVAL:
		return fmt_dec(fmt_text(at, " val "), v->num);
	case TCP_OPT_TSECR:
		return fmt_dec(fmt_text(at, " ecr "), v->num);
	case TCP_OPT_SACK_LE:
		*at++ = '{';
		at = fmt_dec(at, edge);
		*at++ = ':';
		return at;
	case TCP_OPT_SACK_RE:
		at = fmt_dec(at, edge);
		*at++ = '}';
		return at;
	}
	return at;
}

static void options_line(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned kind = 0;
	bool first = true;
	char *at;

	line_puts(l, ", options [");
	for (; v < end; v++) {
		if (line_index(l, v) == TCP_OPT_DATA) {
			data_line(l, v, kind);
			continue;
		}
		at = line_room(l, 128);
		if (line_index(l, v) == TCP_OPT_KIND) {
			kind = (unsigned)v->num;
			if (!first)
				*at++ = ',';
			first = false;
			at = kind_text(at, kind);
			if (kind == KIND_SACK) {
				*at++ = ' ';
				at = fmt_dec(at, count_blocks(l, v, end));
				*at++ = ' ';
			}
		} else {
			at = value_text(l, at, v);
		}
		line_end(l, at);
	}
	if (l->layer->state == CUR_TRUNCATED)
		line_mark(l);
	else
		line_puts(l,
			  l->layer->fact[FACT_WHOLE] == 3 ? "[bad opt]]" : "]");
}

/* Everything behind the ports. */
static void segment_line(struct line *l)
{
	const uint32_t *fact = l->layer->fact;
	unsigned flags = fact[FACT_FLAGS] & 0xfff;
	uint32_t len = fact[FACT_LEN];
	char *at = line_room(l, 200);
	struct sum sum;

	at = fmt_text(at, "Flags [");
	at = flags_text(at, flags);
	*at++ = ']';
	l->alarm |= flags & FLAG_RST;
	if (l->o->verbose && sum_layer(l, l->layer->len, 16, 6, &sum)) {
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
	line_end(l, at);
	if (fact[FACT_FLAGS] >> 16 > 20) {
		options_line(l);
		if (l->layer->state == CUR_TRUNCATED || fact[FACT_WHOLE] == 3)
			return;
	}
	at = fmt_text(line_room(l, 40), ", length ");
	line_end(l, fmt_dec(at, len));
}

void tcp_summary(struct line *l)
{
	const uint32_t *fact = l->layer->fact;
	unsigned hdr_len = fact[FACT_FLAGS] >> 16;

	if (l->layer->caplen < 4) {
		line_hosts(l);
		line_mark(l);
		return;
	}
	line_ports(l, true, (uint16_t)(fact[FACT_PORTS] >> 16),
		   (uint16_t)fact[FACT_PORTS]);
	if (fact[FACT_WHOLE] == 0) {
		line_mark(l);
		return;
	}
	if (hdr_len < 20) {
		line_printf(l, " tcp %u [bad hdr length %u - too short, < 20]",
			    l->layer->len - hdr_len, hdr_len);
		return;
	}
	if (l->o->quick) {
		line_puts(l, "tcp ");
		line_dec(l, l->layer->len - hdr_len);
		return;
	}
	if (fact[FACT_WHOLE] == 1) {
		line_puts(l, "Flags [");
		line_end(
		    l, flags_text(line_room(l, 16), fact[FACT_FLAGS] & 0xfff));
		line_printf(l,
			    "] [bad hdr length %u - too long, > %u] (invalid)",
			    hdr_len, l->layer->len);
		return;
	}
	segment_line(l);
	if (l->next && l->next->proto->summary)
		line_puts(l, ": ");
}
