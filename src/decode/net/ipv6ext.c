/*
 * IPv6 extension headers (RFC 8200): hop-by-hop and destination options,
 * routing, fragment. Each starts with the next header's number; all but the
 * fragment header go on with their length in units of 8 bytes less one.
 */
#include "base/be.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/ip_fragment.h"
#include "decode/lib/numbers.h"
#include "decode/proto.h"

enum { OPTS_NXT, OPTS_LEN, OPTS_TYPE, OPTS_LENGTH, OPTS_ALERT, OPTS_JUMBO };

enum {
	OPTION_PAD1 = 0,
	OPTION_PADN = 1,
	OPTION_ALERT = 5,
	OPTION_JUMBO = 0xc2
};

#define OPTION_FIELDS(name)                                                    \
	[OPTS_NXT] = {name ".nxt",	  "Next header", ip_protocol_names,    \
		      .type = FIELD_UINT, .width = 1,	 .flags = FIELD_LINE}, \
	[OPTS_LEN] = {name ".len", "Length, 8 bytes less one",                 \
		      .type = FIELD_UINT, .width = 1}

static const struct field hopopts_fields[] = {
    OPTION_FIELDS("ipv6.hopopts"),
    [OPTS_TYPE] = {"ipv6.opt.type", "Option", .type = FIELD_UINT, .width = 1,
		   .flags = FIELD_HEX},
    [OPTS_LENGTH] = {"ipv6.opt.length", "Option length", .type = FIELD_UINT,
		     .width = 1},
    [OPTS_ALERT] = {"ipv6.opt.router_alert", "Router alert", .type = FIELD_UINT,
		    .width = 2},
    [OPTS_JUMBO] = {"ipv6.opt.jumbo", "Jumbo payload length",
		    .type = FIELD_UINT, .width = 4},
};

static const struct field dstopts_fields[] = {OPTION_FIELDS("ipv6.dstopts")};

/* The header's first two bytes; returns it as a unit, and the next header's
   number. */
static struct cur take_header(struct dissect *d, struct cur *c,
			      const struct field *fields, unsigned *next)
{
	unsigned len;

	*next = (unsigned)take(d, c, &fields[OPTS_NXT]);
	len = (unsigned)take(d, c, &fields[OPTS_LEN]);
	return cur_part(c, (len + 1) * 8 - 2);
}

static void decode_hopopts(struct dissect *d, struct cur *c)
{
	const struct field *fields = hopopts_fields;
	unsigned next, type, len;
	struct cur part = take_header(d, c, fields, &next), body;

	while (part.state == CUR_OK && part.claim > 0) {
		type = (unsigned)take(d, &part, &fields[OPTS_TYPE]);
		if (type == OPTION_PAD1)
			continue;
		len = (unsigned)take(d, &part, &fields[OPTS_LENGTH]);
		body = cur_part(&part, len);
		if (type == OPTION_ALERT)
			take(d, &body, &fields[OPTS_ALERT]);
		else if (type == OPTION_JUMBO)
			take(d, &body, &fields[OPTS_JUMBO]);
	}
	next_by(d, c, KEY_IPPROTO, next);
}

static void decode_dstopts(struct dissect *d, struct cur *c)
{
	unsigned next;

	take_header(d, c, dstopts_fields, &next);
	next_by(d, c, KEY_IPPROTO, next);
}

/* ---- routing ------------------------------------------------------------ */

enum {
	ROUTING_NXT,
	ROUTING_LEN,
	ROUTING_TYPE,
	ROUTING_LEFT,
	ROUTING_ADDR,
	ROUTING_LAST,
	ROUTING_FLAGS,
	ROUTING_TAG,
	ROUTING_SEGMENT,
};
enum { SEGMENTS = 4 /* RFC 8754 */ };

static const struct field routing_fields[] = {
    [ROUTING_NXT] = {"ipv6.routing.nxt", "Next header", ip_protocol_names,
		     .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ROUTING_LEN] = {"ipv6.routing.len", "Length, 8 bytes less one",
		     .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ROUTING_TYPE] = {"ipv6.routing.type", "Type", .type = FIELD_UINT,
		      .width = 1, .flags = FIELD_LINE},
    [ROUTING_LEFT] = {"ipv6.routing.segleft", "Segments left",
		      .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ROUTING_ADDR] = {"ipv6.routing.src.addr", "Address", .type = FIELD_IPV6,
		      .width = 16, .flags = FIELD_LINE},
    [ROUTING_LAST] = {"ipv6.routing.srh.last_entry", "Last entry",
		      .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ROUTING_FLAGS] = {"ipv6.routing.srh.flags", "Flags", .type = FIELD_UINT,
		       .width = 1, .flags = FIELD_HEX},
    [ROUTING_TAG] = {"ipv6.routing.srh.tag", "Tag", .type = FIELD_BYTES,
		     .width = 2, .flags = FIELD_LINE},
    [ROUTING_SEGMENT] = {"ipv6.routing.srh.addr", "Segment", .type = FIELD_IPV6,
			 .width = 16, .flags = FIELD_LINE},
};

/* Last entry and so many addresses; after them are options. */
static void decode_segments(struct dissect *d, struct cur *c)
{
	unsigned n = d->layer->fact[0] + 1;

	while (n-- && c->state == CUR_OK && c->claim >= 16)
		take(d, c, &routing_fields[ROUTING_SEGMENT]);
}

static void decode_routing(struct dissect *d, struct cur *c)
{
	unsigned next, type;
	struct cur part = take_header(d, c, routing_fields, &next);

	type = (unsigned)take(d, &part, &routing_fields[ROUTING_TYPE]);
	take(d, &part, &routing_fields[ROUTING_LEFT]);
	if (type == SEGMENTS) {
		d->layer->fact[0] =
		    (uint32_t)take(d, &part, &routing_fields[ROUTING_LAST]);
		take(d, &part, &routing_fields[ROUTING_FLAGS]);
		take(d, &part, &routing_fields[ROUTING_TAG]);
		decode_segments(d, &part);
	} else {
		cur_skip(&part, 4);
	}
	if (type == 0 || type == 2)
		while (part.state == CUR_OK && part.claim >= 16)
			take(d, &part, &routing_fields[ROUTING_ADDR]);
	next_by(d, c, KEY_IPPROTO, next);
}

/* ---- fragment ----------------------------------------------------------- */

enum {
	FRAG_NXT,
	FRAG_OFFSET,
	FRAG_MORE,
	FRAG_IDENT,
	FRAG_FRAGMENT,
	FRAG_COUNT,
	FRAG_LENGTH
};

static const struct field fraghdr_fields[] = {
    [FRAG_NXT] = {"ipv6.fraghdr.nxt", "Next header", ip_protocol_names,
		  .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [FRAG_OFFSET] = {"ipv6.fraghdr.offset", "Offset, 8 bytes", .mask = 0xfff8,
		     .type = FIELD_UINT, .flags = FIELD_LINE},
    [FRAG_MORE] = {"ipv6.fraghdr.more", "More fragments", .mask = 0x0001,
		   .type = FIELD_BOOL},
    [FRAG_IDENT] = {"ipv6.fraghdr.ident", "Identification", .type = FIELD_UINT,
		    .width = 4, .flags = FIELD_HEX | FIELD_LINE_V},
    [FRAG_FRAGMENT] = {"ipv6.fragment", "Fragment in packet",
		       .type = FIELD_UINT},
    [FRAG_COUNT] = {"ipv6.fragment.count", "Fragments", .type = FIELD_UINT},
    [FRAG_LENGTH] = {"ipv6.reassembled.length", "Reassembled length",
		     .type = FIELD_UINT},
};

static void decode_fragment(struct dissect *d, const struct cur *c,
			    unsigned next, unsigned bitfield, uint32_t id)
{
	struct fragment in = {
	    .proto = (uint8_t)next,
	    .id = id,
	    .offset = bitfield & 0xfff8,
	    .more = bitfield & 1,
	};

	fragment_decode(d, c, &in, &fraghdr_fields[FRAG_FRAGMENT]);
}

static void decode_fraghdr(struct dissect *d, struct cur *c)
{
	uint32_t id;
	unsigned next = (unsigned)take(d, c, &fraghdr_fields[FRAG_NXT]),
		 bitfield;

	cur_skip(c, 1);
	if (!cur_has(c, 2))
		return;
	bitfield = cur_be16(c);
	add_bits(d, &fraghdr_fields[FRAG_OFFSET], bitfield);
	add_bits(d, &fraghdr_fields[FRAG_MORE], bitfield);
	id = (uint32_t)take(d, c, &fraghdr_fields[FRAG_IDENT]);
	if (bitfield & 0xfff9 && d->context && d->context->join && d->net &&
	    !d->layer->quoted && c->state == CUR_OK &&
	    cur_left(c) == c->claim) {
		decode_fragment(d, c, next, bitfield, id);
		return;
	}
	if (bitfield >> 3 == 0)
		next_by(d, c, KEY_IPPROTO, next);
}

/* ---- the line ----------------------------------------------------------- */

/* What cannot be decoded after an extension header. */
static void unknown_next(struct summary *l, unsigned number)
{
	if (l->layer->state != CUR_OK)
		summary_mark(l);
	else if (l->next)
		return;
	else if (number == 59)
		summary_puts(l, "no next header");
	else
		summary_printf(l, " ip-proto-%u %u", number,
			       (unsigned)l->d->rest.claim);
}

/* The options, as tcpdump says them with -v. */
static void options_line(struct summary *l)
{
	struct cur c = cur_over(l->layer->data, l->layer->caplen,
				l->layer->len),
		   body;
	unsigned type, len;

	cur_skip(&c, 1);
	len = cur_u8(&c);
	c = cur_part(&c, (len + 1) * 8 - 2);
	while (c.state == CUR_OK && cur_left(&c)) {
		type = cur_u8(&c);
		if (type == OPTION_PAD1) {
			summary_puts(l, "(pad1)");
			continue;
		}
		len = cur_u8(&c);
		body = cur_part(&c, len);
		if (type == OPTION_PADN)
			summary_puts(l, "(padn)");
		else if (type == OPTION_ALERT && len == 2)
			summary_printf(l, "(rtalert: 0x%04x) ",
				       cur_be16(&body));
		else if (type == OPTION_ALERT)
			summary_printf(l, "(rtalert: invalid len %u)", len);
		else if (type == OPTION_JUMBO && len == 4)
			summary_printf(l, "(jumbo: %u) ", cur_be32(&body));
		else if (type == OPTION_JUMBO)
			summary_printf(l, "(jumbo: invalid len %u)", len);
		else
			summary_printf(l, "(opt_type 0x%02x: len=%u)", type,
				       len);
	}
	summary_puts(l, " ");
}

static void summary_hopopts(struct summary *l)
{
	summary_puts(l, "HBH ");
	if (l->o->verbose)
		options_line(l);
	unknown_next(l, (unsigned)summary_num(l, OPTS_NXT));
}

static void summary_dstopts(struct summary *l)
{
	summary_puts(l, "DSTOPT ");
	if (l->o->verbose)
		options_line(l);
	unknown_next(l, (unsigned)summary_num(l, OPTS_NXT));
}

static void summary_routing(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first, *tag;
	struct cur c =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);
	unsigned n = 0;

	summary_printf(l, "RT6 (len=%u, type=%u%s, segleft=%u",
		       (unsigned)summary_num(l, ROUTING_LEN),
		       (unsigned)summary_num(l, ROUTING_TYPE),
		       summary_num(l, ROUTING_TYPE) ? "" : " [Deprecated]",
		       (unsigned)summary_num(l, ROUTING_LEFT));
	tag = summary_value(l, ROUTING_TAG);
	if (l->o->verbose && !tag && cur_left(&c) >= 8) {
		cur_skip(&c, 4);
		summary_printf(l, ", rsv=0x%x", cur_be32(&c));
	}
	if (tag)
		summary_printf(l, ", last-entry=%u",
			       (unsigned)summary_num(l, ROUTING_LAST));
	if (l->o->verbose && tag) {
		cur_skip(&c, 5);
		summary_printf(l, ", flags=0x%x", cur_u8(&c));
	}
	if (tag)
		summary_printf(l, ", tag=%x", (unsigned)be16(tag->bytes));
	for (; v < l->d->values + l->layer->end; v++) {
		if (summary_index(l, v) != ROUTING_ADDR &&
		    summary_index(l, v) != ROUTING_SEGMENT)
			continue;
		summary_printf(l, ", [%u]", n++);
		summary_ip(l, v->bytes, 16);
	}
	summary_puts(l, ") ");
	unknown_next(l, (unsigned)summary_num(l, ROUTING_NXT));
}

static void summary_fraghdr(struct summary *l)
{
	unsigned offset = (unsigned)summary_num(l, FRAG_OFFSET) * 8;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->o->verbose)
		summary_printf(l, "frag (0x%08x:%u|%u)",
			       (unsigned)summary_num(l, FRAG_IDENT), offset,
			       l->layer->len - 8);
	else
		summary_printf(l, "frag (%u|%u)", offset, l->layer->len - 8);
	if (offset)
		return;
	summary_puts(l, " ");
	unknown_next(l, (unsigned)summary_num(l, FRAG_NXT));
}

static const struct key hopopts_keys[] = {{KEY_IPPROTO, 0}};

const struct proto proto_ipv6_hopopts = {
    "ipv6.hopopts",
    "IPv6 Hop-by-Hop Options",
    PROTO_TABLES(hopopts_fields, hopopts_keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode_hopopts,
    .summary = summary_hopopts,
};

static const struct key routing_keys[] = {{KEY_IPPROTO, 43}};

const struct proto proto_ipv6_routing = {
    "ipv6.routing",
    "IPv6 Routing Header",
    PROTO_TABLES(routing_fields, routing_keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode_routing,
    .summary = summary_routing,
};

static const struct key fraghdr_keys[] = {{KEY_IPPROTO, 44}};

const struct proto proto_ipv6_fraghdr = {
    "ipv6.fraghdr",
    "IPv6 Fragment Header",
    PROTO_TABLES(fraghdr_fields, fraghdr_keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode_fraghdr,
    .summary = summary_fraghdr,
};

static const struct key dstopts_keys[] = {{KEY_IPPROTO, 60}};

const struct proto proto_ipv6_dstopts = {
    "ipv6.dstopts",
    "IPv6 Destination Options",
    PROTO_TABLES(dstopts_fields, dstopts_keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode_dstopts,
    .summary = summary_dstopts,
};
