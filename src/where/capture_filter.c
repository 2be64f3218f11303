/* Conditions on headers in the words of capture filters where there are some,
   else as bytes at an offset. */
#include "where/capture_filter.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/fmt.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "where/header.h"
#include "where/parts.h"

static const struct {
	uint8_t id; /* enum proto_id */
	const char *word;
} protocol_rows[] = {
    {PROTO_ip, "ip"},	     {PROTO_ipv6, "ip6"},  {PROTO_tcp, "tcp"},
    {PROTO_udp, "udp"},	     {PROTO_arp, "arp"},   {PROTO_icmp, "icmp"},
    {PROTO_icmpv6, "icmp6"}, {PROTO_sctp, "sctp"}, {PROTO_igmp, "igmp"},
    {PROTO_pim, "pim"},
};

struct writer {
	const struct where *where;
	struct str *out;
	struct err *err;
};

/* What of both ends a condition is about. */
enum end { END_SRC, END_DST, END_EITHER };
static const char *const end_words[] = {"src ", "dst ", ""};

static bool fail(struct writer *w, const struct where_node *node)
{
	size_t at = node->at, n = node->len;

	if (at > w->where->len || n > w->where->len - at)
		at = n = 0;
	return err_set(w->err, ERR_FAULT,
		       "no capture filter says the same: '%.*s' is not in "
		       "headers at fixed places",
		       (int)n, w->where->text + at);
}

static const char *word_of(unsigned id)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(protocol_rows); i++)
		if (protocol_rows[i].id == id)
			return protocol_rows[i].word;
	return NULL;
}

/* ---- values at an offset ------------------------------------------------ */

static void put_bytes_at(struct str *out, const char *base, unsigned at,
			 const struct header_question *q)
{
	uint32_t whole = q->size == 4 ? UINT32_MAX : (1u << 8 * q->size) - 1;

	if (q->id == PROTO_frame) {
		str_puts(out, "len");
		return;
	}
	if (q->mask != whole)
		str_putc(out, '(');
	str_printf(out, "%s[%u:%u]", base, at, q->size);
	if (q->mask != whole)
		str_printf(out, " & 0x%" PRIx32 ")", q->mask);
}

/* Is one of the ranges at that offset? */
static void put_numbers(struct str *out, const struct header_question *q,
			const char *base, unsigned at)
{
	uint32_t i, low, high, n = 0;

	str_putc(out, '(');
	for (i = 0; i < q->count; i++) {
		if (!header_range(q, i, &low, &high))
			continue;
		str_puts(out, n++ ? " or " : "");
		put_bytes_at(out, base, at, q);
		if (low == high) {
			str_printf(out, " = %" PRIu32, low);
			continue;
		}
		if (low)
			str_printf(out, " >= %" PRIu32, low);
		if (low && high < q->mask) {
			str_puts(out, " and ");
			put_bytes_at(out, base, at, q);
		}
		if (high < q->mask || !low)
			str_printf(out, " <= %" PRIu32, high);
	}
	if (!n)
		str_puts(out, "len < 0");
	str_putc(out, ')');
}

/* A field of a header. tcp[] and udp[] are of IPv4 only. */
static void put_generic(struct str *out, const struct header_question *q,
			unsigned which)
{
	unsigned at = q->at[which];

	switch (q->id) {
	case PROTO_tcp:
	case PROTO_udp:
		str_putc(out, '(');
		put_numbers(out, q, word_of(q->id), at);
		str_printf(out, " or (ip6[6:1] = %d and ",
			   q->id == PROTO_tcp ? 6 : 17);
		put_numbers(out, q, "ip6", at + 40);
		str_puts(out, "))");
		break;
	case PROTO_eth:
		put_numbers(out, q, "ether", at);
		break;
	default:
		put_numbers(out, q, word_of(q->id), at);
	}
}

/* ---- addresses and ports ------------------------------------------------ */

/* Bits that both ends of a range of addresses share; UINT_MAX: it is no
   prefix. */
static unsigned prefix_of(const uint8_t *low, const uint8_t *high, unsigned n)
{
	unsigned bits = 0, i;

	while (bits < 8 * n &&
	       !((low[bits / 8] ^ high[bits / 8]) >> (7 - bits % 8) & 1))
		bits++;
	for (i = bits; i < 8 * n; i++)
		if (low[i / 8] >> (7 - i % 8) & 1 ||
		    !(high[i / 8] >> (7 - i % 8) & 1))
			return ~0u;
	return bits;
}

static void big_endian(uint8_t bytes[4], uint64_t num)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(num >> (24 - 8 * i));
}

/* "ip src host 192.0.2.1". false: not a prefix. */
static bool put_address(struct str *out, const struct header_question *q,
			uint32_t i, enum end end)
{
	uint8_t low4[4], high4[4];
	const uint8_t *low = low4, *high = high4;
	unsigned n = q->id == PROTO_ip ? 4 : 16, bits;
	char text[64], *to;

	if (n == 4) {
		big_endian(low4, q->lows ? q->lows[i].num : q->low.num);
		big_endian(high4, q->highs ? q->highs[i].num : q->high.num);
	} else {
		low = header_low(q, i);
		high = header_high(q, i);
	}
	bits = prefix_of(low, high, n);
	if (bits > 8 * n)
		return false;
	str_printf(out, "%s %s%s ", word_of(q->id), end_words[end],
		   bits == 8 * n ? "host" : "net");
	to = n == 4 ? fmt_ip4_bytes(text, low) : fmt_ip6(text, low);
	str_put(out, text, (size_t)(to - text));
	if (bits < 8 * n)
		str_printf(out, "/%u", bits);
	return true;
}

static bool put_mac(struct str *out, const struct header_question *q,
		    uint32_t i, enum end end)
{
	char text[32];
	unsigned bits = prefix_of(header_low(q, i), header_high(q, i), 6);

	if (bits != 48)
		return false;
	str_printf(out, "ether %s",
		   end == END_EITHER ? "host " : end_words[end]);
	str_put(out, text, (size_t)(fmt_ether(text, header_low(q, i)) - text));
	return true;
}

static bool put_ports(struct str *out, const struct header_question *q,
		      uint32_t i, enum end end)
{
	uint32_t low, high;

	if (!header_range(q, i, &low, &high))
		return false;
	str_printf(out, "%s %s", word_of(q->id), end_words[end]);
	if (low == high)
		str_printf(out, "port %" PRIu32, low);
	else
		str_printf(out, "portrange %" PRIu32 "-%" PRIu32, low, high);
	return true;
}

typedef bool put_end(struct str *out, const struct header_question *q,
		     uint32_t i, enum end end);

/* How the field's values are written in words; NULL: they are not. */
static put_end *words_for(const struct header_question *q)
{
	switch (q->id) {
	case PROTO_tcp:
	case PROTO_udp:
		return (q->at[0] == 0 || q->at[0] == 2) && q->size == 2 &&
			       q->mask == 0xffff
			   ? put_ports
			   : NULL;
	case PROTO_ip:
		return q->type == WT_IPV4 ? put_address : NULL;
	case PROTO_ipv6:
		return q->type == WT_IPV6 ? put_address : NULL;
	case PROTO_eth:
		return q->size == 6 ? put_mac : NULL;
	default:
		return NULL;
	}
}

/* Which end a field of one end is of. */
static enum end end_of(const struct header_question *q)
{
	static const struct {
		uint8_t id, src;
	} rows[] = {{PROTO_tcp, 0},
		    {PROTO_udp, 0},
		    {PROTO_ip, 12},
		    {PROTO_ipv6, 8},
		    {PROTO_eth, 6}};
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].id == q->id && rows[i].src == q->at[0])
			return END_SRC;
	return END_DST;
}

/* ---- conditions --------------------------------------------------------- */

/* Is a value of that end in one of the ranges? */
static bool put_in(struct str *out, const struct header_question *q,
		   enum end end)
{
	put_end *words = words_for(q);
	uint32_t i;

	if (!words && q->size > 4)
		return false;
	if (!words || !q->count) {
		put_generic(out, q, q->ends == 2 && end == END_DST);
		return true;
	}
	str_puts(out, q->count > 1 ? "(" : "");
	for (i = 0; i < q->count; i++) {
		str_puts(out, i ? " or " : "");
		if (!words(out, q, i, end))
			return false;
	}
	str_puts(out, q->count > 1 ? ")" : "");
	return true;
}

/* The same of both ends. */
static bool put_both(struct str *out, const struct header_question *q)
{
	str_putc(out, '(');
	if (!put_in(out, q, END_SRC))
		return false;
	str_puts(out, " and ");
	if (!put_in(out, q, END_DST))
		return false;
	str_putc(out, ')');
	return true;
}

static bool put_question(struct str *out, const struct header_question *q)
{
	const char *word = word_of(q->id);
	bool two = q->ends == 2, good;

	if (q->id == PROTO_vlan || (q->present && !word))
		return false;
	if (q->present) {
		str_puts(out, word);
		return true;
	}
	if (q->outside)
		str_printf(out, "(%s%snot ", word ? word : "",
			   word ? " and " : "");
	/* not any of both is all not */
	if (two && q->all != q->outside)
		good = put_both(out, q);
	else
		good = put_in(out, q, two ? END_EITHER : end_of(q));
	if (q->outside)
		str_putc(out, ')');
	return good;
}

static bool put(struct writer *w, const struct where_node *node);

static bool put_list(struct writer *w, const struct where_node *node)
{
	uint32_t i;

	str_putc(w->out, '(');
	for (i = 0; i < node->n_kids; i++) {
		if (i)
			str_puts(w->out,
				 node->kind == NODE_AND ? " and " : " or ");
		if (!put(w, node->kids[i]))
			return false;
	}
	str_putc(w->out, ')');
	return true;
}

/* One condition; protocols alone are present. */
static bool put_leaf(struct writer *w, const struct where_node *node)
{
	struct header_question q;
	enum proto_id id;
	const char *word;

	if (node->kind == NODE_TRUTH && header_protocol(node->kids[0], &id)) {
		word = word_of(id);
		str_puts(w->out, word ? word : "");
		return word || fail(w, node);
	}
	return (header_ask(node, &q) && put_question(w->out, &q)) ||
	       fail(w, node);
}

static bool put(struct writer *w, const struct where_node *node)
{
	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
		return put_list(w, node);
	case NODE_NOT:
		str_puts(w->out, "not ");
		return put(w, node->kids[0]);
	case NODE_XOR:
		return fail(w, node);
	default:
		return put_leaf(w, node);
	}
}

/* Are protocols asked about, and not only the frame? */
static bool asks_protocols(const struct where *w)
{
	unsigned id;

	for (id = 1; id < PROTO_COUNT; id++)
		if (id != PROTO_frame && plan_looks_into(w->plan, id))
			return true;
	return false;
}

bool where_capture_filter(const struct where *w, struct str *out, bool *deep,
			  struct err *err)
{
	struct writer writer = {w, out, err};
	size_t before = out->len;

	*deep = false;
	if (!w->root)
		return true;
	*deep = asks_protocols(w);
	if (!put(&writer, w->root))
		return false;
	if (out->failed)
		return err_nomem(err, "expression");
	/* the outermost parentheses are of no use */
	if (w->root->kind == NODE_AND || w->root->kind == NODE_OR) {
		out->text[--out->len] = '\0';
		memmove(out->text + before, out->text + before + 1,
			out->len - before);
		out->len--;
	}
	return true;
}
