/*
 * Cisco's serial line address resolution protocol: a type (4), then for
 * requests and replies an address and a mask (4 each), for keep-alives two
 * sequence numbers (4 each), reliability (2) and often the time the link has
 * been up, in ms (4).
 */
#include "decode/lib/rows.h"

enum {
	SLARP_TYPE,
	SLARP_ADDRESS,
	SLARP_MASK,
	SLARP_MINE,
	SLARP_YOURS,
	SLARP_RELIABILITY,
	SLARP_UPTIME,
};

enum { REQUEST, REPLY, KEEPALIVE };

static const struct names type_names[] = {{REQUEST, "request"},
					  {REPLY, "reply"},
					  {KEEPALIVE, "keepalive"},
					  {0, NULL}};

static const struct field fields[] = {
    [SLARP_TYPE] =
	NAMED("slarp.ptype", "Packet type", 4, FIELD_LINE, type_names),
    [SLARP_ADDRESS] = IPV4("slarp.address", "Address", FIELD_LINE),
    [SLARP_MASK] = IPV4("slarp.netmask", "Netmask", FIELD_LINE),
    [SLARP_MINE] =
	UINT("slarp.mysequence", "Outgoing sequence number", 4, FIELD_LINE),
    [SLARP_YOURS] =
	UINT("slarp.yoursequence", "Returned sequence number", 4, FIELD_LINE),
    [SLARP_RELIABILITY] =
	UINT("slarp.reliability", "Reliability", 2, FIELD_HEX | FIELD_LINE),
    [SLARP_UPTIME] = UINT("slarp.uptime", "Time up, ms", 4, FIELD_LINE),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[SLARP_TYPE]);

	if (type == KEEPALIVE) {
		take_rows(d, c, &fields[SLARP_MINE],
			  &fields[SLARP_RELIABILITY]);
		if (c->claim >= 4)
			take(d, c, &fields[SLARP_UPTIME]);
	} else if (type <= REPLY) {
		take_rows(d, c, &fields[SLARP_ADDRESS], &fields[SLARP_MASK]);
	}
}

static void keepalive_line(struct summary *l)
{
	const struct value *up = summary_value(l, SLARP_UPTIME);
	uint64_t s;

	summary_printf(l,
		       "keepalive: mineseen=0x%08x, yourseen=0x%08x, "
		       "reliability=0x%04x",
		       (unsigned)summary_num(l, SLARP_MINE),
		       (unsigned)summary_num(l, SLARP_YOURS),
		       (unsigned)summary_num(l, SLARP_RELIABILITY));
	if (!up)
		return;
	s = up->num / 1000;
	summary_printf(l, ", link uptime=%ud%uh%um%us", (unsigned)(s / 86400),
		       (unsigned)(s / 3600 % 24), (unsigned)(s / 60 % 60),
		       (unsigned)(s % 60));
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, SLARP_TYPE);

	summary_printf(l, "SLARP (length: %u), ", l->layer->len);
	if (!type || (l->layer->state != CUR_OK)) {
		summary_mark(l);
		return;
	}
	if (type->num == REQUEST) {
		summary_puts(l, "request");
	} else if (type->num == REPLY) {
		summary_puts(l, "reply ");
		summary_ip4(l, (uint32_t)summary_num(l, SLARP_ADDRESS));
		summary_puts(l, "/");
		summary_ip4(l, (uint32_t)summary_num(l, SLARP_MASK));
	} else if (type->num == KEEPALIVE) {
		keepalive_line(l);
	} else {
		summary_printf(l, "0x%02x unknown", (unsigned)type->num);
	}
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_slarp = {
    "slarp",	      "Cisco SLARP",	  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
