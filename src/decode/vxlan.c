/*
 * Virtual extensible LAN (RFC 7348): flags (2), group policy (2), network
 * identifier (3), reserved (1), then an Ethernet frame.
 */
#include "decode/proto.h"

enum { VXLAN_FLAGS, VXLAN_GBP, VXLAN_VNI };

static const struct field fields[] = {
    [VXLAN_FLAGS] = {"vxlan.flags", "Flags", .type = FIELD_UINT, .width = 2,
		     .flags = FIELD_HEX | FIELD_LINE},
    [VXLAN_GBP] = {"vxlan.gbp", "Group policy id", .type = FIELD_UINT,
		   .width = 2},
    [VXLAN_VNI] = {"vxlan.vni", "Network identifier", .type = FIELD_UINT,
		   .width = 3, .flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[VXLAN_FLAGS]);
	take(d, c, &fields[VXLAN_GBP]);
	take(d, c, &fields[VXLAN_VNI]);
	cur_skip(c, 1);
	next_proto(d, c, PROTO_eth);
}

static void summary(struct line *l)
{
	unsigned flags = (unsigned)line_num(l, VXLAN_FLAGS) >> 8;

	if (l->layer->state != CUR_OK) {
		line_mark(l);
		return;
	}
	line_printf(l, "VXLAN, flags [%s] (0x%02x), vni %u\n",
		    flags & 8 ? "I" : ".", flags,
		    (unsigned)line_num(l, VXLAN_VNI));
}

static const enum proto_id leads[] = {PROTO_eth, PROTO_NONE};
static const struct key keys[] = {{KEY_UDP_PORT, 4789}, {KEY_UDP_PORT, 8472}};

const struct proto proto_vxlan = {
    "vxlan",
    "Virtual eXtensible Local Area Network",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
