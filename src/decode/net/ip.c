/*
 * IPv4 (RFC 791, 2474, 3168).
 *
 *	+-----+-----+-------------+------------------+
 *	| ver | ihl | DSCP, ECN   | total length     |
 *	+-----+-----+-------------+---+--------------+
 *	| identification          |fl | offset       |
 *	+-----------+-------------+---+--------------+
 *	| TTL       | protocol    | checksum         |
 *	+-----------+-------------+------------------+
 *	| source                                     |
 *	+--------------------------------------------+
 *	| destination                                |
 *	+--------------------------------------------+
 *	| options                                    |
 */
#define DECODE_HOT
#include "base/be.h"
#include "decode/flow/flow_table.h"
#include "decode/flow/ip_fragment.h"
#include "decode/lib/checksum.h"
#include "decode/lib/numbers.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	IP_VERSION = IP_VERSION_INDEX,
	IP_HDR_LEN,
	IP_DSFIELD,
	IP_DSCP,
	IP_ECN,
	IP_LEN,
	IP_ID,
	IP_FLAGS,
	IP_RB,
	IP_DF,
	IP_MF,
	IP_FRAG_OFFSET,
	IP_TTL,
	IP_PROTO,
	IP_CHECKSUM,
	IP_SRC,
	IP_DST,
	IP_OPT_TYPE,
	IP_OPT_LEN,
	IP_OPT_PTR,
	IP_OPT_CURRENT,
	IP_OPT_SOURCE,
	IP_OPT_EMPTY,
	IP_OPT_RECORDED,
	IP_OPT_RA,
	IP_FRAGMENT,
	IP_FRAGMENT_COUNT,
	IP_JOINED_LENGTH,
	IP_ADDR,
};

static const struct field fields[] = {
    [IP_VERSION] = {"ip.version", "Version", .mask = 0xf0, .type = FIELD_UINT,
		    .width = 1},
    [IP_HDR_LEN] = {"ip.hdr_len", "Header length", .type = FIELD_UINT},
    [IP_DSFIELD] = {"ip.dsfield", "Differentiated services field",
		    .type = FIELD_UINT, .width = 1,
		    .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_DSCP] = {"ip.dsfield.dscp", "Differentiated services code point",
		 .mask = 0xfc, .type = FIELD_UINT},
    [IP_ECN] = {"ip.dsfield.ecn", "Explicit congestion notification",
		.mask = 0x03, .type = FIELD_UINT},
    [IP_LEN] = {"ip.len", "Total length", .type = FIELD_UINT, .width = 2},
    [IP_ID] = {"ip.id", "Identification", .type = FIELD_UINT, .width = 2,
	       .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_FLAGS] = {"ip.flags", "Flags", .mask = 0xe000, .type = FIELD_UINT,
		  .flags = FIELD_HEX | FIELD_LINE_V, .digits = 2},
    [IP_RB] = {"ip.flags.rb", "Reserved bit", .mask = 0x8000,
	       .type = FIELD_BOOL},
    [IP_DF] = {"ip.flags.df", "Don't fragment", .mask = 0x4000,
	       .type = FIELD_BOOL},
    [IP_MF] = {"ip.flags.mf", "More fragments", .mask = 0x2000,
	       .type = FIELD_BOOL},
    [IP_FRAG_OFFSET] = {"ip.frag_offset", "Fragment offset, 8 bytes",
			.type = FIELD_UINT},
    [IP_TTL] = {"ip.ttl", "Time to live", .type = FIELD_UINT, .width = 1,
		.flags = FIELD_LINE_V},
    [IP_PROTO] = {"ip.proto", "Protocol", ip_protocol_names, .type = FIELD_UINT,
		  .width = 1},
    [IP_CHECKSUM] = {"ip.checksum", "Header checksum", .type = FIELD_UINT,
		     .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_SRC] = {"ip.src", "Source", .type = FIELD_IPV4, .width = 4},
    [IP_DST] = {"ip.dst", "Destination", .type = FIELD_IPV4, .width = 4},
    [IP_OPT_TYPE] = {"ip.opt.type", "Option", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_LINE_V},
    [IP_OPT_LEN] = {"ip.opt.len", "Option length", .type = FIELD_UINT,
		    .width = 1},
    [IP_OPT_PTR] = {"ip.opt.ptr", "Pointer", .type = FIELD_UINT, .width = 1},
    [IP_OPT_CURRENT] = {"ip.cur_rt", "Current hop of the route",
			.type = FIELD_IPV4, .width = 4, .flags = FIELD_LINE_V},
    [IP_OPT_SOURCE] = {"ip.src_rt", "Next hop of the route", .type = FIELD_IPV4,
		       .width = 4, .flags = FIELD_LINE_V},
    [IP_OPT_EMPTY] = {"ip.empty_rt", "Empty entry of the route",
		      .type = FIELD_IPV4, .width = 4, .flags = FIELD_LINE_V},
    [IP_OPT_RECORDED] = {"ip.rec_rt", "Recorded route", .type = FIELD_IPV4,
			 .width = 4, .flags = FIELD_LINE_V},
    [IP_OPT_RA] = {"ip.opt.ra", "Router alert", .type = FIELD_UINT, .width = 2,
		   .flags = FIELD_LINE_V},
    [IP_FRAGMENT] = {"ip.fragment", "Fragment in packet", .type = FIELD_UINT},
    [IP_FRAGMENT_COUNT] = {"ip.fragment.count", "Fragments",
			   .type = FIELD_UINT},
    [IP_JOINED_LENGTH] = {"ip.reassembled.length", "Reassembled length",
			  .type = FIELD_UINT},
    [IP_ADDR] = {"ip.addr", "Either address", .type = FIELD_IPV4, .width = 4,
		 .flags = FIELD_ASKED},
};

/* ---- options ------------------------------------------------------------ */

enum {
	OPT_EOL = 0,
	OPT_NOP = 1,
	OPT_RR = 7,
	OPT_TS = 68,
	OPT_LSRR = 131,
	OPT_SSRR = 137,
	OPT_RA = 148
};

static const struct names option_names[] = {
    {OPT_EOL, "EOL"},	{OPT_NOP, "NOP"}, {OPT_TS, "timestamp"},
    {130, "security"},	{OPT_RR, "RR"},	  {OPT_SSRR, "SSRR"},
    {OPT_LSRR, "LSRR"}, {OPT_RA, "RA"},	  {10, "ZSU"},
    {11, "MTUP"},	{12, "MTUR"},	  {15, "ENCODE"},
    {82, "traceroute"}, {25, "QS"},	  {133, "E-SEC"},
    {134, "CIPSO"},	{136, "SATID"},	  {149, "SDB"},
    {0, NULL},
};

/* Of a source route that is not used up: where it ends. */
static const uint8_t *route_end(const struct cur *option, unsigned type)
{
	struct cur c = *option;
	size_t n = cur_left(&c) + 2; /* of the option */
	unsigned pointer = cur_u8(&c);

	if ((type != OPT_LSRR && type != OPT_SSRR) || n < 7 || pointer > n - 3)
		return NULL;
	return cur_here(option) + option->claim - 4;
}

/* The next option, or false: there is none. */
static bool next_option(struct cur *o, unsigned *type, struct cur *body)
{
	unsigned len;

	*body = cur_over(cur_here(o), 0, 0);
	if (o->state != CUR_OK || !cur_left(o))
		return false;
	*type = cur_u8(o);
	if (*type == OPT_EOL || *type == OPT_NOP)
		return true;
	len = cur_u8(o);
	if (o->state != CUR_OK || len < 2)
		return false;
	*body = cur_part(o, len - 2);
	return o->state == CUR_OK;
}

/* The packet's way leads there, not to the header's destination. */
static const uint8_t *find_route(const struct cur *options)
{
	struct cur o = *options, body;
	const uint8_t *end = NULL;
	unsigned type;

	while (next_option(&o, &type, &body) && type != OPT_EOL)
		if (type == OPT_LSRR || type == OPT_SSRR)
			end = route_end(&body, type);
	return end;
}

/* Routes are addresses after a pointer. The last one of a source route is the
   packet's destination. */
static void decode_route(struct dissect *d, struct cur *c, unsigned type)
{
	bool ends = route_end(c, type) != NULL;
	size_t n = c->claim + 2;
	unsigned pointer = (unsigned)take(d, c, &fields[IP_OPT_PTR]);

	if (ends) {
		struct cur current = cur_over(d->layer->shown_dst, 4, 4);

		take(d, &current, &fields[IP_OPT_CURRENT]);
	}
	while (c->state == CUR_OK && c->claim >= (ends ? 8 : 4)) {
		bool passed = n - c->claim < pointer - 1U;

		take(d, c,
		     &fields[passed	      ? IP_OPT_RECORDED
			     : type == OPT_RR ? IP_OPT_EMPTY
					      : IP_OPT_SOURCE]);
	}
}

static void decode_options(struct dissect *d, struct cur *c, unsigned n)
{
	struct cur o = cur_part(c, n), body;
	unsigned type, len;

	if (!wants_any(d, &fields[IP_OPT_TYPE], IP_OPT_RA - IP_OPT_TYPE + 1))
		return;
	while (o.state == CUR_OK && o.claim > 0) {
		type = (unsigned)take(d, &o, &fields[IP_OPT_TYPE]);
		if (type == OPT_EOL)
			return;
		if (type == OPT_NOP)
			continue;
		len = (unsigned)take(d, &o, &fields[IP_OPT_LEN]);
		if (len < 2)
			return;
		body = cur_part(&o, len - 2);
		if (type == OPT_RR || type == OPT_LSRR || type == OPT_SSRR)
			decode_route(d, &body, type);
		else if (type == OPT_RA)
			take(d, &body, &fields[IP_OPT_RA]);
	}
}

static void route_line(struct summary *l, struct cur *body)
{
	size_t n = body->claim + 2;
	unsigned pointer = cur_u8(body);

	if (pointer < 4 || pointer & 3 || pointer > n + 1)
		summary_printf(l, " [bad ptr %u]", pointer);
	while (body->state == CUR_OK && cur_left(body) >= 4) {
		summary_puts(l, " ");
		summary_ip4(l, cur_be32(body));
		if (n - body->claim - 4 < pointer - 1U)
			summary_puts(l, ",");
	}
}

static void options_line(struct summary *l, unsigned hdr_len)
{
	struct cur o = cur_over(l->layer->data, l->layer->caplen, hdr_len);
	const char *name, *before = "";
	struct cur body;
	unsigned type, value;

	summary_puts(l, ", options (");
	cur_skip(&o, 20);
	while (next_option(&o, &type, &body)) {
		name = names_get(option_names, type);
		summary_puts(l, before);
		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "unknown %u", type);
		before = ",";
		if (type == OPT_RR || type == OPT_LSRR || type == OPT_SSRR) {
			route_line(l, &body);
		} else if (type == OPT_RA && cur_left(&body) >= 2) {
			value = cur_be16(&body);
			if (value)
				summary_printf(l, " value %u", value);
		}
		if (type == OPT_EOL)
			break;
	}
	summary_puts(l, ")");
}

/* What summary() gets beside the values; FACT_PROTO also serves ICMP. */
enum { FACT_VERSION, FACT_PROTO, FACT_HDR_LEN, FACT_LEN, FACT_FRAG };

struct header {
	unsigned hdr_len, len, frag, proto;
};

/* What comes before the addresses, where none of it is wanted. false: it is
   not all there, or of another version; nothing was read then. */
static bool skim_header(struct dissect *d, struct cur *c, struct header *h)
{
	const uint8_t *p = cur_here(c);

	if (wants_before(d, &fields[IP_SRC]) || cur_left(c) < 20 ||
	    p[0] >> 4 != 4)
		return false;
	h->hdr_len = (p[0] & 15u) * 4;
	h->len = be16(p + 2);
	h->frag = be16(p + 6);
	h->proto = p[9];
	d->layer->fact[FACT_VERSION] = 4;
	cur_skip(c, 12);
	return true;
}

/* The same, field by field. */
static bool take_header(struct dissect *d, struct cur *c, struct header *h)
{
	unsigned first, dsfield;

	if (!cur_has(c, 1))
		return false;
	first = cur_u8(c);
	d->layer->fact[FACT_VERSION] = first >> 4;
	if (add_bits(d, &fields[IP_VERSION], first) != 4) {
		cur_bad(c);
		return false;
	}
	h->hdr_len = (first & 15) * 4;
	add_uint(d, &fields[IP_HDR_LEN], h->hdr_len);
	dsfield = (unsigned)take(d, c, &fields[IP_DSFIELD]);
	if (wants_any(d, &fields[IP_DSCP], 2)) {
		add_bits(d, &fields[IP_DSCP], dsfield);
		add_bits(d, &fields[IP_ECN], dsfield);
	}
	h->len = (unsigned)get_uint(c, &fields[IP_LEN]);
	/* a segment to be cut by the interface has no length yet */
	add_uint(d, &fields[IP_LEN], h->len ? h->len : d->layer->len);
	take(d, c, &fields[IP_ID]);
	if (!cur_has(c, 2))
		return false;
	h->frag = cur_be16(c);
	if (wants_any(d, &fields[IP_FLAGS], 4)) {
		add_bits(d, &fields[IP_FLAGS], h->frag);
		add_bits(d, &fields[IP_RB], h->frag);
		add_bits(d, &fields[IP_DF], h->frag);
		add_bits(d, &fields[IP_MF], h->frag);
	}
	add_uint(d, &fields[IP_FRAG_OFFSET], h->frag & 0x1fff);
	take(d, c, &fields[IP_TTL]);
	h->proto = (unsigned)take(d, c, &fields[IP_PROTO]);
	take(d, c, &fields[IP_CHECKSUM]);
	return true;
}

static void decode_fragment(struct dissect *d, const struct cur *c,
			    const struct header *h)
{
	const uint8_t *id = d->layer->data + 4;
	struct fragment in = {
	    .proto = (uint8_t)h->proto,
	    .id = be16(id),
	    .offset = (h->frag & 0x1fff) * 8,
	    .more = h->frag >> 13 & 1,
	};

	fragment_decode(d, c, &in, &fields[IP_FRAGMENT]);
}

/* Where a source route leads is the destination, for sums and conversations
   too; lines show the header's. */
static void take_route(struct dissect *d, const struct cur *c, unsigned n)
{
	struct cur options = cur_over(cur_here(c), cur_left(c), n), end;
	const uint8_t *to = find_route(&options);

	if (!to)
		return;
	d->layer->dst = to;
	if (!wants(d, &fields[IP_DST]) || !d->n_values)
		return;
	/* in place of the one that was recorded last */
	d->n_values--;
	end = cur_over(to, 4, 4);
	take(d, &end, &fields[IP_DST]);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct layer *layer = d->layer;
	struct header h;
	unsigned len;

	if (!skim_header(d, c, &h) && !take_header(d, c, &h))
		return;
	take_addresses(d, c, &fields[IP_SRC], &fields[IP_DST]);
	if (c->state != CUR_OK)
		return;
	if (h.hdr_len > 20)
		take_route(d, c, h.hdr_len - 20);
	if (wants(d, &fields[IP_ADDR])) {
		struct cur src = cur_over(layer->src, 4, 4);
		struct cur dst = cur_over(layer->dst, 4, 4);

		take(d, &src, &fields[IP_ADDR]);
		take(d, &dst, &fields[IP_ADDR]);
	}
	layer->fact[FACT_HDR_LEN] = h.hdr_len;
	layer->fact[FACT_LEN] = h.len;
	layer->fact[FACT_FRAG] = h.frag;
	layer->fact[FACT_PROTO] = h.proto;
	/* a segment to be cut by the interface has no length yet */
	len = h.len ? h.len : layer->len;
	if (h.hdr_len < 20 || len < h.hdr_len) {
		cur_bad(c);
		return;
	}
	*c = cur_unit(c, len - 20);
	if (h.hdr_len > 20)
		decode_options(d, c, h.hdr_len - 20);
	if (h.frag & 0x3fff && d->context && d->context->join &&
	    !layer->quoted && c->state == CUR_OK && cur_left(c) == c->claim)
		decode_fragment(d, c, &h);
	else if (c->state == CUR_OK && h.frag & 0x1fff)
		next_proto(d, c, PROTO_data);
	else if (c->state == CUR_OK)
		next_by(d, c, KEY_IPPROTO, h.proto);
}

/* "(tos 0x0, ttl 64, ...)" of -v */
static void verbose_line(struct summary *l, const struct summary_got *got)
{
	static const char *const ecn[4] = {"", ",ECT(1)", ",ECT(0)", ",CE"};
	const uint32_t *fact = l->layer->fact;
	unsigned flags = fact[FACT_FRAG] >> 13;
	unsigned tos = (unsigned)got->v[IP_DSFIELD].num;
	struct checksum sum;

	summary_printf(l, "(tos 0x%x%s", tos, ecn[tos & 3]);
	if (got->v[IP_TTL].num)
		summary_printf(l, ", ttl %u", (unsigned)got->v[IP_TTL].num);
	summary_printf(l, ", id %u, offset %u, flags [%s%s%s%s]",
		       (unsigned)got->v[IP_ID].num,
		       (fact[FACT_FRAG] & 0x1fff) * 8, flags ? "" : "none",
		       flags & 1 ? "+" : "",
		       flags & 2 ? flags & 1 ? ", DF" : "DF" : "",
		       flags & 4 ? flags & 3 ? ", rsvd" : "rsvd" : "");
	summary_printf(l, ", proto %s (%u), length %u",
		       names_or(ip_protocol_names, fact[FACT_PROTO], "unknown"),
		       fact[FACT_PROTO],
		       fact[FACT_LEN] ? fact[FACT_LEN] : l->layer->len);
	if (!fact[FACT_LEN])
		summary_puts(l, " [was 0, presumed TSO]");
	if (fact[FACT_HDR_LEN] > 20)
		options_line(l, fact[FACT_HDR_LEN]);
	if (l->layer->caplen >= fact[FACT_HDR_LEN]) {
		sum = checksum_bytes(l->layer->data, fact[FACT_HDR_LEN], 10);
		if (!sum.good)
			summary_printf(l, ", bad cksum %x (->%x)!", sum.found,
				       sum.correct);
	}
	summary_puts(l, ")\n    ");
}

static void addresses_line(struct summary *l)
{
	const struct layer *layer = l->layer;
	char *at;

	if (l->o->names) {
		summary_ip(l, layer->src, layer->n_addr);
		summary_puts(l, " > ");
		summary_ip(l, layer->shown_dst, layer->n_addr);
		return;
	}
	at = summary_room(l, 40);
	at = fmt_ip4_bytes(at, layer->src);
	at = fmt_text(at, " > ");
	summary_end(l, fmt_ip4_bytes(at, layer->shown_dst));
}

/* A bad header. false: it is good. */
static bool bad_line(struct summary *l)
{
	const struct layer *layer = l->layer;
	const uint32_t *fact = layer->fact;

	if (layer->caplen && fact[FACT_VERSION] != 4) {
		if (fact[FACT_VERSION] == 6)
			summary_puts(l, "IP6, wrong link-layer encapsulation");
		else
			summary_printf(l, "IP%u", fact[FACT_VERSION]);
		summary_puts(l, " (invalid)");
		return true;
	}
	if (!l->o->link)
		summary_puts(l, "IP ");
	if (!layer->n_addr) {
		if (layer->len < 20)
			summary_printf(l, "truncated-ip %u", layer->len);
		else
			summary_mark(l);
		return true;
	}
	if (fact[FACT_HDR_LEN] < 20) {
		summary_printf(l, "bad-hlen %u", fact[FACT_HDR_LEN]);
		return true;
	}
	if (layer->len < fact[FACT_LEN])
		summary_printf(l, "truncated-ip - %u bytes missing! ",
			       fact[FACT_LEN] - layer->len);
	if (fact[FACT_LEN] && fact[FACT_LEN] < fact[FACT_HDR_LEN]) {
		summary_printf(l, "bad-len %u", fact[FACT_LEN]);
		return true;
	}
	return false;
}

static void summary(struct summary *l)
{
	const struct layer *layer = l->layer;
	const uint32_t *fact = layer->fact;
	struct summary_got got;

	if (bad_line(l))
		return;
	if (l->o->verbose) {
		summary_get(l, &got);
		verbose_line(l, &got);
	}
	if (fact[FACT_FRAG] & 0x1fff) {
		addresses_line(l);
		summary_printf(l, ": ip-proto-%u", fact[FACT_PROTO]);
		return;
	}
	if (!proto_has_ports((uint8_t)fact[FACT_PROTO]) || !l->next) {
		addresses_line(l);
		summary_puts(l, ": ");
	}
	if (layer->state != CUR_OK)
		summary_puts(l, " [|ip]");
	else if (!l->next)
		summary_printf(l, " ip-proto-%u %u", fact[FACT_PROTO],
			       (fact[FACT_LEN] ? fact[FACT_LEN] : layer->len) -
				   fact[FACT_HDR_LEN]);
}

static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x0800}, {KEY_IPPROTO, 4},	{KEY_AF, 2},
    {KEY_LINKTYPE, 228},     {KEY_PPP, 0x0021}, {KEY_SAP, 0x06},
};

const struct proto proto_ip = {
    "ip",
    "Internet Protocol Version 4",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode,
    .summary = summary,
};
