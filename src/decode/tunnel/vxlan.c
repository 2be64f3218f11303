/*
 * Virtual extensible LAN (RFC 7348): flags (2), group policy (2), network
 * identifier (3), reserved (1), then an Ethernet frame. Its generic extension
 * (on a port of its own): flags (1), reserved (2), next protocol (1), network
 * identifier (3), reserved (1), then what it says.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	VXLAN_FLAGS,
	VXLAN_GBP,
	VXLAN_VERSION,
	VXLAN_I,
	VXLAN_P,
	VXLAN_O,
	VXLAN_RESERVED_16,
	VXLAN_NEXT,
	VXLAN_VNI,
	VXLAN_RESERVED_8,
};

enum { GPE_PORT = 4790 };

static const struct field fields[] = {
    [VXLAN_FLAGS] = {"vxlan.flags", "Flags", .type = FIELD_UINT, .width = 2,
		     .flags = FIELD_HEX | FIELD_LINE},
    [VXLAN_GBP] = {"vxlan.gbp", "Group policy id", .type = FIELD_UINT,
		   .width = 2},
    [VXLAN_VERSION] = BITS("vxlan.ver", "Version", 1, 0x30, 0),
    [VXLAN_I] = BITS("vxlan.i_bit", "With identifier", 1, 8, 0),
    [VXLAN_P] = BITS("vxlan.p_bit", "With next protocol", 1, 4, 0),
    [VXLAN_O] = BITS("vxlan.o_bit", "OAM", 1, 1, 0),
    [VXLAN_RESERVED_16] = UINT("vxlan.reserved_16", "Reserved", 2, 0),
    [VXLAN_NEXT] = UINT("vxlan.next_proto", "Next protocol", 1, FIELD_LINE),
    [VXLAN_VNI] = {"vxlan.vni", "Network identifier", .type = FIELD_UINT,
		   .width = 3, .flags = FIELD_LINE},
    [VXLAN_RESERVED_8] = UINT("vxlan.reserved8", "Reserved", 1, 0),
};

static void decode_gpe(struct dissect *d, struct cur *c)
{
	static const uint8_t next[] = {PROTO_NONE, PROTO_ip,  PROTO_ipv6,
				       PROTO_eth,  PROTO_nsh, PROTO_mpls};
	unsigned flags = cur_u8(c), proto;

	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[VXLAN_FLAGS], flags);
	add_bits_rows(d, &fields[VXLAN_VERSION], &fields[VXLAN_O], flags);
	take(d, c, &fields[VXLAN_RESERVED_16]);
	proto = (unsigned)take(d, c, &fields[VXLAN_NEXT]);
	take_rows(d, c, &fields[VXLAN_VNI], &fields[VXLAN_RESERVED_8]);
	if (proto && proto < sizeof(next))
		next_proto(d, c, next[proto]);
	else
		next_proto(d, c, PROTO_data);
}

static void decode(struct dissect *d, struct cur *c)
{
	if (d->layer->key == GPE_PORT) {
		decode_gpe(d, c);
		return;
	}
	take(d, c, &fields[VXLAN_FLAGS]);
	take(d, c, &fields[VXLAN_GBP]);
	take(d, c, &fields[VXLAN_VNI]);
	take(d, c, &fields[VXLAN_RESERVED_8]);
	next_proto(d, c, PROTO_eth);
}

static void summary(struct summary *l)
{
	unsigned flags = (unsigned)summary_num(l, VXLAN_FLAGS) >> 8;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->layer->key == GPE_PORT) {
		flags = (unsigned)summary_num(l, VXLAN_FLAGS);
		summary_printf(l, "VXLAN-GPE, flags [%s%s%s], vni %u%s",
			       flags & 8 ? "I" : "", flags & 4 ? "P" : "",
			       flags & 1 ? "O" : "",
			       (unsigned)summary_num(l, VXLAN_VNI),
			       l->o->verbose ? "\n    " : ": ");
		return;
	}
	summary_printf(l, "VXLAN, flags [%s] (0x%02x), vni %u\n",
		       flags & 8 ? "I" : ".", flags,
		       (unsigned)summary_num(l, VXLAN_VNI));
}

static const uint8_t leads[] = {PROTO_eth,  PROTO_ip,	PROTO_ipv6, PROTO_nsh,
				PROTO_mpls, PROTO_data, PROTO_NONE};
static const struct key keys[] = {
    {KEY_UDP_PORT, 4789}, {KEY_UDP_PORT, 8472}, {KEY_UDP_PORT, GPE_PORT}};

static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 4);
	return cur_be32(&c) >> 8;
}

const struct proto proto_vxlan = {
    "vxlan",
    "Virtual eXtensible Local Area Network",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
