/*
 * Bluetooth's host controller interface over a serial line (H4), with and
 * without the direction before it (4, big-endian: 0 sent, 1 received).
 *
 *	type (1), then: command: code (2), length (1); asynchronous data:
 *	handle and flags (2), length (2); event: code (1), length (1)
 */
#include "decode/lib/rows.h"

enum {
	HCI_DIRECTION,
	HCI_TYPE,
};

enum {
	LINKTYPE_WITH_DIRECTION = 201,
	COMMAND = 1,
	ACL,
	SCO,
	EVENT,
	UNKNOWN = 0xff
};
enum { FACT_CODE, FACT_LEN };

static const struct names direction_names[] = {
    {0, "Sent"}, {1, "Rcvd"}, {UNKNOWN, "-"}, {0, NULL}};

static const struct names type_names[] = {
    {COMMAND, "HCI command"}, {ACL, "ACL data"}, {SCO, "SCO data"},
    {EVENT, "HCI event"},     {5, "ISO data"},	 {0, NULL},
};

static const struct field fields[] = {
    [HCI_DIRECTION] = NAMED("hci_h4.direction", "Direction", 1,
			    FIELD_HEX | FIELD_LINE, direction_names),
    [HCI_TYPE] = NAMED("hci_h4.type", "HCI packet type", 1,
		       FIELD_HEX | FIELD_LINE, type_names),
};

static unsigned little16(struct cur *c)
{
	unsigned low = cur_u8(c);

	return low | (unsigned)cur_u8(c) << 8;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, code, len;

	if (d->iface && d->iface->linktype == LINKTYPE_WITH_DIRECTION) {
		if (!cur_has(c, 4))
			return;
		add_uint(d, &fields[HCI_DIRECTION], cur_be32(c) & 1);
	} else {
		add_uint(d, &fields[HCI_DIRECTION], UNKNOWN);
	}
	type = (unsigned)take(d, c, &fields[HCI_TYPE]);
	code = type == EVENT ? cur_u8(c) : little16(c);
	len = type == ACL ? little16(c) : cur_u8(c);
	d->layer->fact[FACT_CODE] =
	    type == ACL || type == SCO ? code & 0xfff : code;
	d->layer->fact[FACT_LEN] = len;
}

static void summary(struct summary *l)
{
	const struct value *direction = summary_value(l, HCI_DIRECTION);
	const struct value *type = summary_value(l, HCI_TYPE);

	if (l->layer->state != CUR_OK || !type) {
		summary_mark(l);
		return;
	}
	if (direction && direction->num != UNKNOWN)
		summary_printf(l, "%s ",
			       names_or(direction_names, direction->num, "?"));
	summary_printf(l, "%s",
		       names_or(type_names, type->num, "HCI, unknown type"));
	if (type->num == ACL || type->num == SCO)
		summary_printf(l, ", handle 0x%03x", l->layer->fact[FACT_CODE]);
	else
		summary_printf(l, type->num == EVENT ? " 0x%02x" : " 0x%04x",
			       l->layer->fact[FACT_CODE]);
	summary_printf(l, ", length %u", l->layer->fact[FACT_LEN]);
}

static const struct key keys[] = {{KEY_LINKTYPE, 187},
				  {KEY_LINKTYPE, LINKTYPE_WITH_DIRECTION}};

const struct proto proto_hci_h4 = {
    "hci_h4",	      "Bluetooth HCI H4", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
