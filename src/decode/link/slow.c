/*
 * Slow protocols (IEEE 802.3, annex 57A), and of them link aggregation control
 * (IEEE 802.1AX).
 *
 *	subtype (1); link aggregation: version (1), elements of type (1),
 *	length (1), value
 *	actor and partner: system priority (2), system (6), key (2), port
 *	priority (2), port (2), state (1), reserved (3)
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	SLOW_SUBTYPE,
};

enum { SUBTYPE_LACP = 1 };

static const struct names subtype_names[] = {
    {SUBTYPE_LACP, "LACP"}, {2, "MARKER"}, {3, "OAM"}, {10, "OSSP"}, {0, NULL},
};

static const struct field fields[] = {
    [SLOW_SUBTYPE] = NAMED("slow.subtype", "Slow protocols subtype", 1,
			   FIELD_HEX | FIELD_LINE, subtype_names),
};

static void decode(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[SLOW_SUBTYPE]) == SUBTYPE_LACP)
		next_proto(d, c, PROTO_lacp);
}

static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, SLOW_SUBTYPE);
	const char *name = v ? names_get(subtype_names, v->num) : NULL;

	if (!v)
		summary_mark(l);
	else if (!l->next && name)
		summary_printf(l, "%s, length %u", name, l->layer->len);
	else if (!l->next)
		summary_printf(l, "unknown (%u), length %u", (unsigned)v->num,
			       l->layer->len);
}

static const uint8_t leads[] = {PROTO_lacp, PROTO_NONE};
static const struct key keys[] = {{KEY_ETHERTYPE, 0x8809}};

const struct proto proto_slow = {
    "slow",
    "Slow Protocols",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
