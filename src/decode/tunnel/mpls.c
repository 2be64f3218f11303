/*
 * MPLS label stacks (RFC 3032).
 *
 *	+----------------+-----+---+--------+
 *	| label (20)     | TC  | S | TTL    |	the last one has S set
 *	+----------------+-----+---+--------+
 *
 * The payload's protocol follows from its first byte or from the last label.
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { MPLS_LABEL, MPLS_EXP, MPLS_BOTTOM, MPLS_TTL };

static const struct field fields[] = {
    [MPLS_LABEL] = {"mpls.label", "Label", .mask = 0xfffff000,
		    .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [MPLS_EXP] = {"mpls.exp", "Traffic class", .mask = 0x00000e00,
		  .type = FIELD_UINT, .flags = FIELD_LINE},
    [MPLS_BOTTOM] = {"mpls.bottom", "Bottom of the stack", .mask = 0x00000100,
		     .type = FIELD_BOOL, .flags = FIELD_LINE},
    [MPLS_TTL] = {"mpls.ttl", "Time to live", .mask = 0x000000ff,
		  .type = FIELD_UINT, .flags = FIELD_LINE},
};

/* Is there a type or a length of Ethernet after two addresses at n? */
static bool is_frame(struct cur c, size_t n)
{
	unsigned type;

	cur_skip(&c, n + 12);
	type = cur_be16(&c);
	return c.state == CUR_OK &&
	       (type >= 0x600 ? names_get(ethertype_names, type) != NULL
			      : type && type <= c.claim);
}

/* RFC 4448: the frame of a pseudowire, after a control word or without one;
   nothing in the packet says which, so that what looks like a frame decides. */
static void next_wire(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	bool zero = cur_be16(&look) == 0;
	bool plain = is_frame(*c, 0), after = is_frame(*c, 4);

	if (after || (!plain && zero)) {
		d->layer->name = "mpls:pwethheuristic:pwethcw";
		cur_skip(c, 4);
	} else {
		d->layer->name = "mpls:pwethheuristic:pwethnocw";
	}
	next_proto(d, c, PROTO_eth);
}

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t entry;
	struct cur look;
	unsigned first, label;

	do {
		if (!cur_has(c, 4))
			return;
		entry = cur_be32(c);
		label = (unsigned)add_bits(d, &fields[MPLS_LABEL], entry);
		add_bits(d, &fields[MPLS_EXP], entry);
		add_bits(d, &fields[MPLS_BOTTOM], entry);
		add_bits(d, &fields[MPLS_TTL], entry);
	} while (!(entry & 0x100));
	look = *c;
	if (cur_left(c) == 0)
		return;
	first = cur_u8(&look);
	if (first >> 4 == 6)
		next_proto(d, c, PROTO_ipv6);
	else if (first >> 4 == 4)
		next_proto(d, c, PROTO_ip);
	else if (label == 2)
		next_proto(d, c, PROTO_ipv6);
	else if (label == 0 || label == 3)
		next_proto(d, c, PROTO_ip);
	else if (first >> 4 == 0 && cur_left(c) >= 14)
		next_wire(d, c);
	else
		next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, "MPLS");
	for (; end - v >= 4; v += 4)
		summary_printf(
		    l, "%s(label %u, tc %u%s, ttl %u)",
		    v > l->d->values + l->layer->first && l->o->verbose ? "\n\t"
									: " ",
		    (unsigned)v[0].num, (unsigned)v[1].num,
		    v[2].num ? ", [S]" : "", (unsigned)v[3].num);
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, l->o->verbose ? "\n\t" : " ");
	else
		line_payload(l, cur_here(&l->d->rest), cur_left(&l->d->rest));
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_eth, PROTO_data,
				PROTO_NONE};
static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x8847}, {KEY_ETHERTYPE, 0x8848}, {KEY_PPP, 0x0281},
    {KEY_PPP, 0x0283},	     {KEY_IPPROTO, 137},      {KEY_UDP_PORT, 6635},
};

/* All labels, in their order. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);
	uint32_t entry, all = 0;

	do {
		entry = cur_be32(&c);
		all = all * 31 + (entry >> 12) + 1;
	} while (c.state == CUR_OK && !(entry & 0x100));
	return all;
}

const struct proto proto_mpls = {
    "mpls",
    "MultiProtocol Label Switching",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
