/*
 * Encapsulated remote switched port analyzer (draft-foschiano-erspan): version
 * (4 bits), VLAN (12), class of service, flags (6), session (10), then what
 * the version has, and an Ethernet frame.
 */
#include "decode/proto.h"

enum { ERSPAN_VERSION, ERSPAN_VLAN, ERSPAN_COS, ERSPAN_ID };

static const struct field fields[] = {
    [ERSPAN_VERSION] = {"erspan.version", "Version", .mask = 0xf000,
			.type = FIELD_UINT, .flags = FIELD_LINE},
    [ERSPAN_VLAN] = {"erspan.vlan", "VLAN id", .mask = 0x0fff,
		     .type = FIELD_UINT},
    [ERSPAN_COS] = {"erspan.cos", "Class of service", .mask = 0xe000,
		    .type = FIELD_UINT},
    [ERSPAN_ID] = {"erspan.spanid", "Session", .mask = 0x03ff,
		   .type = FIELD_UINT, .flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, second, version, flags;

	if (!cur_has(c, 8))
		return;
	first = cur_be16(c);
	second = cur_be16(c);
	version = (unsigned)add_bits(d, &fields[ERSPAN_VERSION], first);
	add_bits(d, &fields[ERSPAN_VLAN], first);
	add_bits(d, &fields[ERSPAN_COS], second);
	add_bits(d, &fields[ERSPAN_ID], second);
	if (version == 1) {
		cur_skip(c, 4);
	} else if (version == 2) {
		cur_skip(c, 6);
		flags = cur_be16(c);
		/* a part that depends on the platform */
		if (flags & 1)
			cur_skip(c, 8);
	} else {
		return;
	}
	next_proto(d, c, PROTO_eth);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "erspan type%u session %u: ",
		       (unsigned)summary_num(l, ERSPAN_VERSION) + 1,
		       (unsigned)summary_num(l, ERSPAN_ID));
}

static const enum proto_id leads[] = {PROTO_eth, PROTO_NONE};
static const struct key keys[] = {{KEY_ETHERTYPE, 0x88be},
				  {KEY_ETHERTYPE, 0x22eb}};

const struct proto proto_erspan = {
    "erspan",
    "Encapsulated Remote Switched Port Analyzer",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
