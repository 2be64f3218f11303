/*
 * IEEE 802.2 LLC, with SNAP (IEEE 802).
 *
 *	+------+------+-----------+-----------------+-------------+--------
 *	| DSAP | SSAP | control   | SNAP: OUI (3)   | type (2)    | payload
 *	+------+------+-----------+-----------------+-------------+--------
 *
 * control has one octet in unnumbered frames, two in others.
 */
#include "decode/eth.h"
#include "decode/numbers.h"
#include "decode/proto.h"

enum {
	LLC_DSAP,
	LLC_SSAP,
	LLC_CONTROL,
	LLC_OUI,
	LLC_TYPE,
	LLC_PID,
};

enum { SAP_SNAP = 0xaa, CONTROL_UI = 3, OUI_CISCO = 0x00000c };

static const struct names sap_names[] = {
    {0x00, "Null"},	 {0x02, "802.1B I"},  {0x03, "802.1B G"},
    {0x06, "IP"},	 {0x0e, "ProWay NM"}, {0x42, "STP"},
    {0x4e, "EIA-RS511"}, {0x7e, "8208"},      {0x8e, "ProWay"},
    {0xaa, "SNAP"},	 {0xe0, "IPX"},	      {0xf0, "NetBeui"},
    {0xfe, "OSI"},	 {0xff, "Global"},    {0, NULL},
};

static const struct field fields[] = {
    [LLC_DSAP] = {"llc.dsap", "Destination service access point", sap_names,
		  .type = FIELD_UINT, .width = 1,
		  .flags = FIELD_HEX | FIELD_LINE},
    [LLC_SSAP] = {"llc.ssap", "Source service access point", sap_names,
		  .type = FIELD_UINT, .width = 1,
		  .flags = FIELD_HEX | FIELD_LINE},
    [LLC_CONTROL] = {"llc.control", "Control", .type = FIELD_UINT,
		     .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [LLC_OUI] = {"llc.oui", "Organisation", .type = FIELD_UINT, .width = 3,
		 .flags = FIELD_LINE},
    [LLC_TYPE] = {"llc.type", "Type", ethertype_names, .type = FIELD_UINT,
		  .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [LLC_PID] = {"llc.pid", "Protocol of the organisation", .type = FIELD_UINT,
		 .width = 2, .flags = FIELD_HEX | FIELD_LINE},
};

static void decode_snap(struct dissect *d, struct cur *c)
{
	unsigned oui = (unsigned)take(d, c, &fields[LLC_OUI]);
	unsigned type;

	/* 0: an EtherType; 0x00000f8: the same, bridged by Cisco devices */
	if (oui == 0 || oui == 0x0000f8) {
		type = (unsigned)take(d, c, &fields[LLC_TYPE]);
		next_by(d, c, KEY_ETHERTYPE, type);
		return;
	}
	type = (unsigned)take(d, c, &fields[LLC_PID]);
	if (oui == OUI_CISCO)
		next_by(d, c, KEY_CISCO, type);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned dsap = (unsigned)take(d, c, &fields[LLC_DSAP]);
	unsigned ssap = (unsigned)take(d, c, &fields[LLC_SSAP]);
	unsigned control;

	if (!cur_has(c, 1))
		return;
	control = cur_u8(c);
	if ((control & 3) != 3 && cur_has(c, 1))
		control |= (unsigned)cur_u8(c) << 8;
	note(d, &fields[LLC_CONTROL], control);
	if (dsap == SAP_SNAP && ssap == SAP_SNAP && control == CONTROL_UI)
		decode_snap(d, c);
	else
		next_by(d, c, KEY_SAP, dsap);
}

static void summary(struct line *l)
{
	struct line_got got;
	unsigned dsap, ssap, control;

	if (l->layer->state != CUR_OK) {
		line_mark(l);
		return;
	}
	line_get(l, &got);
	dsap = (unsigned)got.v[LLC_DSAP].num;
	ssap = (unsigned)got.v[LLC_SSAP].num;
	control = (unsigned)got.v[LLC_CONTROL].num;
	if (l->o->link) {
		line_printf(l,
			    "LLC, dsap %s (0x%02x) %s, ssap %s (0x%02x) %s, "
			    "ctrl 0x%0*x: ",
			    names_or(sap_names, dsap & ~1u, "Unknown"),
			    dsap & ~1u, dsap & 1 ? "Group" : "Individual",
			    names_or(sap_names, ssap & ~1u, "Unknown"),
			    ssap & ~1u, ssap & 1 ? "Response" : "Command",
			    (control & 3) == 3 ? 2 : 4, control);
		if (line_has(&got, LLC_OUI))
			line_printf(l, "oui %s (0x%06x), ",
				    got.v[LLC_OUI].num ? "Unknown" : "Ethernet",
				    (unsigned)got.v[LLC_OUI].num);
		if (line_has(&got, LLC_TYPE)) {
			eth_type_line(l, (uint16_t)got.v[LLC_TYPE].num);
			line_printf(l, ", length %u: ", l->layer->len - 8);
		}
	}
	if (l->next)
		return;
	if (line_has(&got, LLC_OUI)) {
		line_printf(
		    l, "SNAP, oui 0x%06x, type 0x%04x, length %u",
		    (unsigned)got.v[LLC_OUI].num,
		    (unsigned)(got.v[LLC_TYPE].num | got.v[LLC_PID].num),
		    l->layer->len);
		return;
	}
	if (!l->o->link)
		line_printf(l, "LLC, dsap %s (0x%02x), ssap %s (0x%02x), ",
			    names_or(sap_names, dsap & ~1u, "Unknown"), dsap,
			    names_or(sap_names, ssap & ~1u, "Unknown"), ssap);
	line_printf(l, "%s, length %u",
		    (control & 3) == 3	 ? "Unnumbered"
		    : (control & 3) == 1 ? "Supervisory"
					 : "Information",
		    l->layer->len);
}

static const struct key keys[] = {{KEY_LLC, 0}, {KEY_ETHERTYPE, 0x8870}};

const struct proto proto_llc = {
    "llc",
    "Logical-Link Control",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_SAP) | LEADS_TO(KEY_CISCO),
    .decode = decode,
    .summary = summary,
};
