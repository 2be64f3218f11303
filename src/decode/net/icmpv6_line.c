/*
 * Words of ICMPv6 messages that are rare: router renumbering (RFC 2894), node
 * information (RFC 4620), RPL (RFC 6550).
 */
#include "decode/net/icmpv6.h"

/* ---- router renumbering --------------------------------------------------
 * Behind the checksum: sequence number (4), segment, flags (1 each), delay (2),
 * reserved (4). Then prefix operations: code, length in units of 8 bytes,
 * ordinal, match length, shortest, longest (1 each), reserved (2), prefix; and
 * for each new prefix: use length, keep length, mask, flags (1 each), two
 * lifetimes, reserved (4 each), prefix.
 */

static void prefix_line(struct summary *l, struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 16);

	if (p)
		summary_ip(l, p, 16);
}

static void uses_line(struct summary *l, struct cur *c)
{
	unsigned use, keep;

	while (c->state == CUR_OK && c->claim >= 32) {
		use = cur_u8(c);
		keep = cur_u8(c);
		cur_skip(c, 14);
		summary_puts(l, " use(");
		prefix_line(l, c);
		summary_printf(l, "/%u/%u)", use, keep);
	}
}

static void operation_line(struct summary *l, struct cur *c)
{
	static const char *const codes[] = {"?", "add", "change", "setglobal"};
	unsigned code = cur_u8(c), len = cur_u8(c) * 8, bits;
	struct cur part;

	if (len < 24) {
		cur_bad(c);
		return;
	}
	part = cur_part(c, len - 2);
	cur_skip(&part, 1);
	bits = cur_u8(&part);
	cur_skip(&part, 4);
	summary_printf(l, " match(%s,", code < 4 ? codes[code] : "?");
	prefix_line(l, &part);
	summary_printf(l, "/%u)", bits);
	uses_line(l, &part);
}

static void renumbering_line(struct summary *l, struct cur *c, unsigned code)
{
	if (code == 0)
		summary_puts(l, ", command");
	else if (code == 1)
		summary_puts(l, ", result");
	else if (code == 255)
		summary_puts(l, ", sequence number reset");
	else
		summary_printf(l, ", code-#%u", code);
	summary_printf(l, ", seq=%u", cur_be32(c));
	cur_skip(c, 8);
	while (code < 2 && c->state == CUR_OK && c->claim >= 24)
		operation_line(l, c);
}

/* ---- node information ----------------------------------------------------
 * Type of the question (2), flags (2), nonce (8), data.
 */

enum { NI_NOOP, NI_TYPES, NI_NAME, NI_ADDRESSES };

static void flags_line(struct summary *l, unsigned flags)
{
	summary_printf(l, " [%s%s%s%s%s%s]", flags & 0x20 ? "G" : "",
		       flags & 0x10 ? "S" : "", flags & 0x08 ? "L" : "",
		       flags & 0x04 ? "C" : "", flags & 0x02 ? "A" : "",
		       flags & 0x01 ? "T" : "");
}

static void question_line(struct summary *l, unsigned question)
{
	static const char *const words[] = {"noop", "supported qtypes",
					    "DNS name", "node addresses"};

	summary_puts(l, question < 4 ? words[question] : "unknown");
}

static void subject_line(struct summary *l, struct cur *c, unsigned code)
{
	const uint8_t *p = cur_here(c);

	if (code == 0 && cur_has(c, 16)) {
		summary_puts(l, ", subject=");
		summary_ip(l, p, 16);
	} else if (code == 2 && cur_has(c, 4)) {
		summary_puts(l, ", subject=");
		summary_ip(l, p, 4);
	} else if (code == 1) {
		summary_puts(l, ", subject=DNS name");
	}
}

static void information_line(struct summary *l, struct cur *c, bool query,
			     unsigned code)
{
	unsigned question = cur_be16(c), flags = cur_be16(c), ttl;

	cur_skip(c, 8);
	summary_printf(l, " node information %s", query ? "query" : "reply");
	if (!query && code)
		summary_puts(l, code == 1 ? ", refused" : ", unknown");
	summary_puts(l, " (");
	question_line(l, question);
	while (!query && question == NI_ADDRESSES && c->state == CUR_OK &&
	       c->claim >= 20) {
		ttl = cur_be32(c);
		summary_puts(l, " ");
		prefix_line(l, c);
		summary_printf(l, "(%u)", ttl);
	}
	if (question == NI_ADDRESSES)
		flags_line(l, flags);
	if (query)
		subject_line(l, c, code);
	summary_puts(l, ")");
}

/* ---- RPL ----------------------------------------------------------------- */

static void rpl_line(struct summary *l, unsigned code)
{
	static const char *const words[] = {
	    "DODAG Information Solicitation", "DODAG Information Object",
	    "Destination Advertisement Object",
	    "Destination Advertisement Object Ack"};

	summary_puts(l, code & 0x80 ? ", (SEC)" : ", (CLR)");
	if ((code & 0x7f) < 4)
		summary_puts(l, words[code & 0x7f]);
	else
		summary_printf(l, "unknown(%u)", code & 0x7f);
}

void icmpv6_rare_line(struct summary *l, unsigned type, unsigned code)
{
	struct cur c =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);

	cur_skip(&c, 4);
	if (type == ICMPV6_RENUMBERING)
		renumbering_line(l, &c, code);
	else if (type == ICMPV6_NI_QUERY || type == ICMPV6_NI_REPLY)
		information_line(l, &c, type == ICMPV6_NI_QUERY, code);
	else if (type == ICMPV6_RPL)
		rpl_line(l, code);
}
