/*
 * Encapsulated remote switched port analyzer (draft-foschiano-erspan): version
 * (4 bits), VLAN (12), class of service, flags (6), session (10), then what
 * the version has, and a frame: Ethernet, or as type III says.
 */
#include "decode/lib/rows.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	ERSPAN_VERSION,
	ERSPAN_VLAN,
	ERSPAN_COS,
	ERSPAN_ID,
	ERSPAN_TIMESTAMP,
	ERSPAN_SGT,
	ERSPAN_FT,
	ERSPAN_HW,
	ERSPAN_DIRECTION,
	ERSPAN_GRA,
};

/* What version 2 (type III) carries; of others nothing is known. */
enum { FRAME_ETHERNET = 0, FRAME_IP = 2 };

static const struct field fields[] = {
    [ERSPAN_VERSION] = {"erspan.version", "Version", .mask = 0xf000,
			.type = FIELD_UINT, .flags = FIELD_LINE},
    [ERSPAN_VLAN] = {"erspan.vlan", "VLAN id", .mask = 0x0fff,
		     .type = FIELD_UINT},
    [ERSPAN_COS] = {"erspan.cos", "Class of service", .mask = 0xe000,
		    .type = FIELD_UINT},
    [ERSPAN_ID] = {"erspan.spanid", "Session", .mask = 0x03ff,
		   .type = FIELD_UINT, .flags = FIELD_LINE},
    [ERSPAN_TIMESTAMP] = UINT("erspan.timestamp", "Timestamp", 4, 0),
    [ERSPAN_SGT] = UINT("erspan.sgt", "Security group tag", 2, 0),
    [ERSPAN_FT] = BITS("erspan.ft", "Frame type", 2, 0x7c00, 0),
    [ERSPAN_HW] = BITS("erspan.hw", "Hardware", 2, 0x03f0, 0),
    [ERSPAN_DIRECTION] = FLAG("erspan.direction", "Outgoing", 2, 0x0008),
    [ERSPAN_GRA] = BITS("erspan.gra", "Unit of the timestamp", 2, 0x0006, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, second, version, flags, type = FRAME_ETHERNET;

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
		take(d, c, &fields[ERSPAN_TIMESTAMP]);
		take(d, c, &fields[ERSPAN_SGT]);
		flags = cur_be16(c);
		add_bits_rows(d, &fields[ERSPAN_FT], &fields[ERSPAN_GRA],
			      flags);
		type = flags >> 10 & 0x1f;
		/* a part that depends on the platform */
		if (flags & 1)
			cur_skip(c, 8);
	} else {
		return;
	}
	if (type == FRAME_IP && cur_left(c) && cur_peek8(c, 0) >> 4 == 6)
		next_proto(d, c, PROTO_ipv6);
	else if (type == FRAME_IP && cur_left(c) && cur_peek8(c, 0) >> 4 == 4)
		next_proto(d, c, PROTO_ip);
	else
		next_proto(d, c,
			   type == FRAME_ETHERNET ? PROTO_eth : PROTO_data);
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

static const uint8_t leads[] = {PROTO_eth, PROTO_ip, PROTO_ipv6, PROTO_data,
				PROTO_NONE};
static const struct key keys[] = {{KEY_ETHERTYPE, 0x88be},
				  {KEY_ETHERTYPE, 0x22eb}};

/* The VLAN and the session of mirroring. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);
	uint32_t word = cur_be32(&c);

	return word & 0x0fff03ff;
}

const struct proto proto_erspan = {
    "erspan",
    "Encapsulated Remote Switched Port Analyzer",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
