/*
 * IPv6 (RFC 8200).
 *
 *	+-----+---------------+----------------------+
 *	| ver | traffic class | flow label           |
 *	+-----+---------------+--------+-------------+
 *	| payload length      | next   | hop limit   |
 *	+---------------------+--------+-------------+
 *	| source, 16 bytes                          |
 *	+--------------------------------------------+
 *	| destination, 16 bytes                     |
 *	+--------------------------------------------+
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	IPV6_VERSION,
	IPV6_TCLASS,
	IPV6_DSCP,
	IPV6_ECN,
	IPV6_FLOW,
	IPV6_PLEN,
	IPV6_NXT,
	IPV6_HLIM,
	IPV6_SRC,
	IPV6_DST,
	IPV6_ADDR,
};

static const struct field fields[] = {
    [IPV6_VERSION] = {"ipv6.version", "Version", .mask = 0xf0000000,
		      .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [IPV6_TCLASS] = {"ipv6.tclass", "Traffic class", .mask = 0x0ff00000,
		     .type = FIELD_UINT, .flags = FIELD_HEX | FIELD_LINE_V,
		     .digits = 8},
    [IPV6_DSCP] = {"ipv6.tclass.dscp", "Differentiated services code point",
		   .mask = 0x0fc00000, .type = FIELD_UINT},
    [IPV6_ECN] = {"ipv6.tclass.ecn", "Explicit congestion notification",
		  .mask = 0x00300000, .type = FIELD_UINT},
    [IPV6_FLOW] = {"ipv6.flow", "Flow label", .mask = 0x000fffff,
		   .type = FIELD_UINT, .flags = FIELD_HEX | FIELD_LINE_V,
		   .digits = 6},
    [IPV6_PLEN] = {"ipv6.plen", "Payload length", .type = FIELD_UINT,
		   .width = 2, .flags = FIELD_LINE},
    [IPV6_NXT] = {"ipv6.nxt", "Next header", ip_protocol_names,
		  .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [IPV6_HLIM] = {"ipv6.hlim", "Hop limit", .type = FIELD_UINT, .width = 1,
		   .flags = FIELD_LINE_V},
    [IPV6_SRC] = {"ipv6.src", "Source", .type = FIELD_IPV6, .width = 16},
    [IPV6_DST] = {"ipv6.dst", "Destination", .type = FIELD_IPV6, .width = 16},
    [IPV6_ADDR] = {"ipv6.addr", "Either address", .type = FIELD_IPV6,
		   .width = 16, .flags = FIELD_ASKED},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, len, nxt;
	struct cur part;

	if (!cur_has(c, 4))
		return;
	first = cur_be32(c);
	add_uint_also(d, PROTO_ip, IP_VERSION_INDEX, first >> 28);
	if (add_bits(d, &fields[IPV6_VERSION], first) != 6) {
		cur_bad(c);
		return;
	}
	add_bits(d, &fields[IPV6_TCLASS], first);
	add_bits(d, &fields[IPV6_DSCP], first);
	add_bits(d, &fields[IPV6_ECN], first);
	add_bits(d, &fields[IPV6_FLOW], first);
	len = (unsigned)take(d, c, &fields[IPV6_PLEN]);
	nxt = (unsigned)take(d, c, &fields[IPV6_NXT]);
	take(d, c, &fields[IPV6_HLIM]);
	take_addresses(d, c, &fields[IPV6_SRC], &fields[IPV6_DST]);
	if (c->state != CUR_OK)
		return;
	add_bytes(d, &fields[IPV6_ADDR], d->layer->src, 16);
	add_bytes(d, &fields[IPV6_ADDR], d->layer->dst, 16);
	/* 0: a jumbogram, whose length an option holds, or nothing follows */
	part = len ? cur_unit(c, len) : *c;
	*c = part;
	next_by(d, &part, KEY_IPPROTO, nxt);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	const struct layer *layer = l->layer;
	unsigned len, nxt;

	summary_get(l, &got);
	if (!l->o->link)
		summary_puts(l, "IP6 ");
	if (summary_has(&got, IPV6_VERSION) && got.v[IPV6_VERSION].num != 6) {
		summary_puts(l, "[version");
		summary_printf(l, " %u != 6] (invalid)",
			       (unsigned)got.v[IPV6_VERSION].num);
		return;
	}
	if (!layer->n_addr) {
		summary_mark(l);
		return;
	}
	len = (unsigned)got.v[IPV6_PLEN].num;
	nxt = (unsigned)got.v[IPV6_NXT].num;
	if (len + 40 > layer->len)
		summary_printf(
		    l, "[header+payload length %u > length %u] (invalid) ",
		    len + 40, layer->len);
	if (l->o->verbose) {
		summary_puts(l, "(");
		if (got.v[IPV6_TCLASS].num)
			summary_printf(l, "class 0x%02x, ",
				       (unsigned)got.v[IPV6_TCLASS].num);
		if (got.v[IPV6_FLOW].num)
			summary_printf(l, "flowlabel 0x%05x, ",
				       (unsigned)got.v[IPV6_FLOW].num);
		summary_printf(l,
			       "hlim %u, next-header %s (%u) "
			       "payload length: %u) ",
			       (unsigned)got.v[IPV6_HLIM].num,
			       names_or(ip_protocol_names, nxt, "unknown"), nxt,
			       len);
	}
	if (!proto_has_ports((uint8_t)nxt) || !l->next) {
		summary_ip(l, layer->src, 16);
		summary_puts(l, " > ");
		summary_ip(l, layer->dst, 16);
		summary_puts(l, ": ");
	}
	if (l->next)
		return;
	if (nxt == 59)
		summary_puts(l, "no next header");
	else
		summary_printf(l, " ip-proto-%u %u", nxt, len);
}

static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x86dd},
    {KEY_IPPROTO, 41},
    {KEY_AF, 10},
    {KEY_AF, 24},
    {KEY_AF, 28},
    {KEY_AF, 30},
    {KEY_LINKTYPE, 229},
    {KEY_PPP, 0x0057},
};

const struct proto proto_ipv6 = {
    "ipv6",
    "Internet Protocol Version 6",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .also = PROTO_ip,
    .decode = decode,
    .summary = summary,
};
