/*
 * VLAN tags (IEEE 802.1Q and 802.1ad).
 *
 *	+-----+---+--------------+----------------+--------
 *	| PCP | D | VLAN id (12) | EtherType (16) | payload
 *	+-----+---+--------------+----------------+--------
 */
#include "decode/lib/numbers.h"
#include "decode/link/eth.h"
#include "decode/proto.h"

enum { SERVICE_TAG = 0x88a8 };
enum { VLAN_PRIORITY, VLAN_DEI, VLAN_ID, VLAN_ETYPE, VLAN_LEN };

static const struct field fields[] = {
    [VLAN_PRIORITY] = {"vlan.priority", "Priority", .mask = 0xe000,
		       .type = FIELD_UINT, .flags = FIELD_LINE_LINK},
    [VLAN_DEI] = {"vlan.dei", "Drop eligible", .mask = 0x1000,
		  .type = FIELD_BOOL, .flags = FIELD_LINE_LINK},
    [VLAN_ID] = {"vlan.id", "VLAN id", .mask = 0x0fff, .type = FIELD_UINT,
		 .width = 2, .flags = FIELD_LINE_LINK},
    [VLAN_ETYPE] = {"vlan.etype", "Type", ethertype_names, .type = FIELD_UINT,
		    .width = 2, .flags = FIELD_HEX | FIELD_LINE_LINK},
    [VLAN_LEN] = {"vlan.len", "Length", .type = FIELD_UINT, .width = 2},
};

static void decode(struct dissect *d, struct cur *c)
{
	uint16_t tag, type;

	if (!cur_has(c, 4))
		return;
	tag = cur_be16(c);
	add_bits(d, &fields[VLAN_PRIORITY], tag);
	add_bits(d, &fields[VLAN_DEI], tag);
	add_bits(d, &fields[VLAN_ID], tag);
	type = cur_be16(c);
	if (d->layer->via == KEY_ETHERTYPE && d->layer->key == SERVICE_TAG)
		d->layer->name = "ieee8021ad";
	eth_next(d, c, type, &fields[VLAN_ETYPE], &fields[VLAN_LEN]);
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, VLAN_ETYPE);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->o->link) {
		summary_printf(l, "vlan %u, p %u%s, ",
			       (unsigned)summary_num(l, VLAN_ID),
			       (unsigned)summary_num(l, VLAN_PRIORITY),
			       summary_num(l, VLAN_DEI) ? ", DEI" : "");
		if (type) {
			eth_type_line(l, (uint16_t)type->num);
			summary_puts(l, ", ");
		} else {
			summary_puts(l, "802.3");
		}
	}
	if (!l->next)
		eth_unknown_line(l, (uint16_t)l->layer->fact[0]);
}

static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x8100},
    {KEY_ETHERTYPE, SERVICE_TAG},
    {KEY_ETHERTYPE, 0x9100},
    {KEY_ETHERTYPE, 0x9200},
};

/* 0 tells a priority only. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	return cur_be16(&c) & 0x0fff;
}

const struct proto proto_vlan = {
    "vlan",
    "802.1Q Virtual LAN",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_ETHERTYPE,
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .network = network,
    .summary = summary,
};
