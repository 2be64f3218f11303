/*
 * Link aggregation control (IEEE 802.1AX).
 *
 *	version (1), then elements of type (1), length (1), value; actor and
 *	partner: system priority (2), system (6), key (2), port priority (2),
 *	port (2), state (1), reserved (3)
 */
#include "decode/lib/rows.h"

enum {
	LACP_VERSION,
	LACP_TLV_TYPE,
	LACP_TLV_LENGTH,
	LACP_ACTOR_SYS_PRIORITY,
	LACP_ACTOR_SYSID,
	LACP_ACTOR_KEY,
	LACP_ACTOR_PORT_PRIORITY,
	LACP_ACTOR_PORT,
	LACP_ACTOR_STATE,
	LACP_ACTOR_STATE_ACTIVITY,
	LACP_ACTOR_STATE_TIMEOUT,
	LACP_ACTOR_STATE_AGGREGATION,
	LACP_ACTOR_STATE_SYNCHRONIZATION,
	LACP_ACTOR_STATE_COLLECTING,
	LACP_ACTOR_STATE_DISTRIBUTING,
	LACP_ACTOR_STATE_DEFAULTED,
	LACP_ACTOR_STATE_EXPIRED,
	LACP_PARTNER_SYS_PRIORITY,
	LACP_PARTNER_SYSID,
	LACP_PARTNER_KEY,
	LACP_PARTNER_PORT_PRIORITY,
	LACP_PARTNER_PORT,
	LACP_PARTNER_STATE,
	LACP_PARTNER_STATE_ACTIVITY,
	LACP_PARTNER_STATE_TIMEOUT,
	LACP_PARTNER_STATE_AGGREGATION,
	LACP_PARTNER_STATE_SYNCHRONIZATION,
	LACP_PARTNER_STATE_COLLECTING,
	LACP_PARTNER_STATE_DISTRIBUTING,
	LACP_PARTNER_STATE_DEFAULTED,
	LACP_PARTNER_STATE_EXPIRED,
	LACP_COLLECTOR_MAX_DELAY,
};

enum { END, ACTOR, PARTNER, COLLECTOR };

static const struct names tlv_names[] = {
    {END, "Terminator"},      {ACTOR, "Actor"}, {PARTNER, "Partner"},
    {COLLECTOR, "Collector"}, {0, NULL},
};

static const struct field fields[] = {
    [LACP_VERSION] =
	UINT("lacp.version", "LACP version", 1, FIELD_HEX | FIELD_LINE),
    [LACP_TLV_TYPE] =
	NAMED("lacp.tlv_type", "TLV type", 1, FIELD_HEX, tlv_names),
    [LACP_TLV_LENGTH] = UINT("lacp.tlv_length", "TLV length", 1, FIELD_HEX),
    [LACP_ACTOR_SYS_PRIORITY] =
	UINT("lacp.actor.sys_priority", "Actor system priority", 2, 0),
    [LACP_ACTOR_SYSID] =
	ETHER("lacp.actor.sysid", "Actor system id", FIELD_LINE),
    [LACP_ACTOR_KEY] = UINT("lacp.actor.key", "Actor key", 2, 0),
    [LACP_ACTOR_PORT_PRIORITY] =
	UINT("lacp.actor.port_priority", "Actor port priority", 2, 0),
    [LACP_ACTOR_PORT] = UINT("lacp.actor.port", "Actor port", 2, FIELD_LINE),
    [LACP_ACTOR_STATE] = UINT("lacp.actor.state", "Actor state", 1, FIELD_HEX),
    [LACP_ACTOR_STATE_ACTIVITY] =
	FLAG("lacp.actor.state.activity", "LACP activity", 1, 0x1),
    [LACP_ACTOR_STATE_TIMEOUT] =
	FLAG("lacp.actor.state.timeout", "LACP timeout", 1, 0x2),
    [LACP_ACTOR_STATE_AGGREGATION] =
	FLAG("lacp.actor.state.aggregation", "Aggregation", 1, 0x4),
    [LACP_ACTOR_STATE_SYNCHRONIZATION] =
	FLAG("lacp.actor.state.synchronization", "Synchronization", 1, 0x8),
    [LACP_ACTOR_STATE_COLLECTING] =
	FLAG("lacp.actor.state.collecting", "Collecting", 1, 0x10),
    [LACP_ACTOR_STATE_DISTRIBUTING] =
	FLAG("lacp.actor.state.distributing", "Distributing", 1, 0x20),
    [LACP_ACTOR_STATE_DEFAULTED] =
	FLAG("lacp.actor.state.defaulted", "Defaulted", 1, 0x40),
    [LACP_ACTOR_STATE_EXPIRED] =
	FLAG("lacp.actor.state.expired", "Expired", 1, 0x80),
    [LACP_PARTNER_SYS_PRIORITY] =
	UINT("lacp.partner.sys_priority", "Partner system priority", 2, 0),
    [LACP_PARTNER_SYSID] = ETHER("lacp.partner.sysid", "Partner system", 0),
    [LACP_PARTNER_KEY] = UINT("lacp.partner.key", "Partner key", 2, 0),
    [LACP_PARTNER_PORT_PRIORITY] =
	UINT("lacp.partner.port_priority", "Partner port priority", 2, 0),
    [LACP_PARTNER_PORT] = UINT("lacp.partner.port", "Partner port", 2, 0),
    [LACP_PARTNER_STATE] =
	UINT("lacp.partner.state", "Partner state", 1, FIELD_HEX),
    [LACP_PARTNER_STATE_ACTIVITY] =
	FLAG("lacp.partner.state.activity", "LACP activity", 1, 0x1),
    [LACP_PARTNER_STATE_TIMEOUT] =
	FLAG("lacp.partner.state.timeout", "LACP timeout", 1, 0x2),
    [LACP_PARTNER_STATE_AGGREGATION] =
	FLAG("lacp.partner.state.aggregation", "Aggregation", 1, 0x4),
    [LACP_PARTNER_STATE_SYNCHRONIZATION] =
	FLAG("lacp.partner.state.synchronization", "Synchronization", 1, 0x8),
    [LACP_PARTNER_STATE_COLLECTING] =
	FLAG("lacp.partner.state.collecting", "Collecting", 1, 0x10),
    [LACP_PARTNER_STATE_DISTRIBUTING] =
	FLAG("lacp.partner.state.distributing", "Distributing", 1, 0x20),
    [LACP_PARTNER_STATE_DEFAULTED] =
	FLAG("lacp.partner.state.defaulted", "Defaulted", 1, 0x40),
    [LACP_PARTNER_STATE_EXPIRED] =
	FLAG("lacp.partner.state.expired", "Expired", 1, 0x80),
    [LACP_COLLECTOR_MAX_DELAY] =
	UINT("lacp.collector.max_delay", "Collector max delay", 2, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	take(d, c, &fields[LACP_VERSION]);
	while (c->state == CUR_OK && c->claim >= 2) {
		type = (unsigned)take(d, c, &fields[LACP_TLV_TYPE]);
		len = (unsigned)take(d, c, &fields[LACP_TLV_LENGTH]);
		if (type == END || len < 2)
			return;
		body = cur_part(c, len - 2);
		if (type == ACTOR) {
			take_rows(d, &body, &fields[LACP_ACTOR_SYS_PRIORITY],
				  &fields[LACP_ACTOR_PORT]);
			take_bits(d, &body, &fields[LACP_ACTOR_STATE],
				  &fields[LACP_ACTOR_STATE_EXPIRED]);
		} else if (type == PARTNER) {
			take_rows(d, &body, &fields[LACP_PARTNER_SYS_PRIORITY],
				  &fields[LACP_PARTNER_PORT]);
			take_bits(d, &body, &fields[LACP_PARTNER_STATE],
				  &fields[LACP_PARTNER_STATE_EXPIRED]);
		} else if (type == COLLECTOR) {
			take(d, &body, &fields[LACP_COLLECTOR_MAX_DELAY]);
		}
	}
}

static void summary(struct summary *l)
{
	/* with the subtype before it */
	summary_printf(l, "LACPv%u, length %u",
		       (unsigned)summary_num(l, LACP_VERSION),
		       l->layer->len + 1);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_lacp = {
    "lacp",
    "Link Aggregation Control Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
