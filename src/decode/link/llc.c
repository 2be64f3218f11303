/*
 * IEEE 802.2 LLC, with SNAP (IEEE 802).
 *
 *	+------+------+-----------+-----------------+-------------+--------
 *	| DSAP | SSAP | control   | SNAP: OUI (3)   | type (2)    | payload
 *	+------+------+-----------+-----------------+-------------+--------
 *
 * control has one byte in unnumbered frames, two in others.
 */
#include "decode/lib/numbers.h"
#include "decode/link/eth.h"
#include "decode/link/wlan.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	LLC_DSAP,
	LLC_DSAP_SAP,
	LLC_DSAP_IG,
	LLC_SSAP,
	LLC_SSAP_SAP,
	LLC_SSAP_CR,
	LLC_CONTROL,
	LLC_FTYPE,
	LLC_U_CMD,
	LLC_U_RESP,
	LLC_S_FTYPE,
	LLC_N_R,
	LLC_N_S,
	LLC_OUI,
	LLC_TYPE,
	LLC_PID,
	LLC_CISCO_PID,
	LLC_NORTEL_PID,
};

enum {
	SAP_SNAP = 0xaa,
	CONTROL_UI = 3,
	OUI_CISCO = 0x00000c,
	OUI_NORTEL = 0x000081
};

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
    [LLC_DSAP_SAP] = {"llc.dsap.sap", "Service access point", .mask = 0xfe,
		      .type = FIELD_UINT},
    [LLC_DSAP_IG] = {"llc.dsap.ig", "To a group", .mask = 0x01,
		     .type = FIELD_BOOL},
    [LLC_SSAP] = {"llc.ssap", "Source service access point", sap_names,
		  .type = FIELD_UINT, .width = 1,
		  .flags = FIELD_HEX | FIELD_LINE},
    [LLC_SSAP_SAP] = {"llc.ssap.sap", "Service access point", .mask = 0xfe,
		      .type = FIELD_UINT},
    [LLC_SSAP_CR] = {"llc.ssap.cr", "Response", .mask = 0x01,
		     .type = FIELD_BOOL},
    [LLC_CONTROL] = {"llc.control", "Control", .type = FIELD_UINT,
		     .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [LLC_FTYPE] = {"llc.control.ftype", "Frame type", .type = FIELD_UINT,
		   .flags = FIELD_HEX, .digits = 2},
    [LLC_U_CMD] = {"llc.control.u_modifier_cmd", "Command", .mask = 0xec,
		   .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    [LLC_U_RESP] = {"llc.control.u_modifier_resp", "Response", .mask = 0xec,
		    .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    [LLC_S_FTYPE] = {"llc.control.s_ftype", "Supervisory frame type",
		     .mask = 0x0c, .type = FIELD_UINT, .flags = FIELD_HEX,
		     .digits = 4},
    [LLC_N_R] = {"llc.control.n_r", "Expected number", .mask = 0xfe00,
		 .type = FIELD_UINT},
    [LLC_N_S] = {"llc.control.n_s", "Number", .mask = 0x00fe,
		 .type = FIELD_UINT},
    [LLC_OUI] = {"llc.oui", "Organisation", .type = FIELD_UINT, .width = 3,
		 .flags = FIELD_LINE},
    [LLC_TYPE] = {"llc.type", "Type", ethertype_names, .type = FIELD_UINT,
		  .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [LLC_PID] = {"llc.pid", "Protocol of the organisation", .type = FIELD_UINT,
		 .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [LLC_CISCO_PID] = {"llc.cisco_pid", "Protocol of Cisco", .type = FIELD_UINT,
		       .width = 2, .flags = FIELD_HEX | FIELD_LINE},
    [LLC_NORTEL_PID] = {"llc.nortel_pid", "Protocol of Nortel",
			.type = FIELD_UINT, .width = 2,
			.flags = FIELD_HEX | FIELD_LINE},
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
	type = (unsigned)take(d, c,
			      &fields[oui == OUI_CISCO	  ? LLC_CISCO_PID
				      : oui == OUI_NORTEL ? LLC_NORTEL_PID
							  : LLC_PID]);
	if (oui == OUI_CISCO)
		next_by(d, c, KEY_CISCO, type);
}

/* Numbers of information frames, what the others are. */
static void decode_control(struct dissect *d, unsigned control, bool response)
{
	unsigned kind = control & 1 ? control & 3 : 0;

	add_uint(d, &fields[LLC_FTYPE], kind);
	if (kind == 3) {
		add_bits(d, &fields[response ? LLC_U_RESP : LLC_U_CMD],
			 control);
		return;
	}
	add_bits(d, &fields[LLC_N_R], control);
	if (kind == 0)
		add_bits(d, &fields[LLC_N_S], control);
	else
		add_bits(d, &fields[LLC_S_FTYPE], control);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned dsap, ssap, control;

	if (cur_left(c) >= 2 && cur_peek8(c, 0) == 0xff &&
	    cur_peek8(c, 1) == 0xff) {
		d->layer->name = ""; /* IPX without LLC */
		next_proto(d, c, PROTO_ipx);
		return;
	}
	dsap = (unsigned)take(d, c, &fields[LLC_DSAP]);
	if (c->state != CUR_OK)
		return;
	add_bits(d, &fields[LLC_DSAP_SAP], dsap);
	add_bits(d, &fields[LLC_DSAP_IG], dsap);
	ssap = (unsigned)take(d, c, &fields[LLC_SSAP]);
	if (!cur_has(c, 1))
		return;
	add_bits(d, &fields[LLC_SSAP_SAP], ssap);
	add_bits(d, &fields[LLC_SSAP_CR], ssap);
	control = cur_u8(c);
	if ((control & 3) != 3 && cur_has(c, 1))
		control |= (unsigned)cur_u8(c) << 8;
	add_uint(d, &fields[LLC_CONTROL], control);
	decode_control(d, control, ssap & 1);
	if (dsap == SAP_SNAP && ssap == SAP_SNAP && control == CONTROL_UI)
		decode_snap(d, c);
	else if (c->claim)
		next_by(d, c, KEY_SAP, dsap);
}

/* The type of SNAP, and how long what follows is. */
static void snap_line(struct summary *l, const struct summary_got *got)
{
	unsigned oui = (unsigned)got->v[LLC_OUI].num;

	if (summary_has(got, LLC_TYPE)) {
		eth_type_line(l, (uint16_t)got->v[LLC_TYPE].num);
	} else {
		if (!l->o->link)
			summary_printf(l, "oui Unknown (0x%06x), ", oui);
		summary_printf(l, "pid Unknown (0x%04x)",
			       (unsigned)(got->v[LLC_PID].num |
					  got->v[LLC_CISCO_PID].num |
					  got->v[LLC_NORTEL_PID].num));
	}
	summary_printf(
	    l, ", length %u: ", l->layer->len > 8 ? l->layer->len - 8 : 0);
}

/* An address of the wireless layer below. */
static const uint8_t *wlan_address(const struct summary *l,
				   const struct layer *below, unsigned field)
{
	unsigned i;

	for (i = below->first; i < below->end; i++)
		if (l->d->values[i].field == below->base + field)
			return l->d->values[i].bytes;
	return NULL;
}

/* "from > to ", with the names of the service access points. */
static void ends_line(struct summary *l, const char *ssap, const char *dsap)
{
	const struct layer *below =
	    l->layer > l->d->layers ? l->layer - 1 : l->layer;
	const uint8_t *src = NULL, *dst = NULL;

	if (below->id == PROTO_eth) {
		src = below->src;
		dst = below->dst;
	} else if (below->id == PROTO_wlan) {
		src = wlan_address(l, below, WLAN_SA);
		dst = wlan_address(l, below, WLAN_DA);
	}
	if (src && dst) {
		summary_ether(l, src);
		if (ssap)
			summary_printf(l, " %s", ssap);
		summary_puts(l, " > ");
		summary_ether(l, dst);
		summary_puts(l, " ");
	} else if (ssap) {
		summary_printf(l, "%s > ", ssap);
	}
	if (dsap)
		summary_printf(l, "%s ", dsap);
}

static const char *flags_text(bool response, bool poll)
{
	if (poll)
		return response ? "Final" : "Poll";
	return response ? "Response" : "Command";
}

/* A frame whose service access point is unknown. false: it carries
   nothing. */
static bool frame_line(struct summary *l, unsigned dsap, unsigned ssap,
		       unsigned control)
{
	static const struct names commands[] = {
	    {0x03, "ui"},    {0xe3, "test"}, {0xaf, "xid"},
	    {0x6f, "sabme"}, {0x43, "disc"}, {0x63, "ua"},
	    {0x87, "frmr"},  {0x0f, "dm"},   {0, NULL}};
	static const char *const supervisory[4] = {
	    "Receiver Ready", "Receiver not Ready", "Reject", "?"};
	const char *from = names_or(sap_names, ssap & ~1u, "Unknown SSAP");
	const char *to = names_or(sap_names, dsap & ~1u, "Unknown DSAP");
	bool response = ssap & 1;

	if (!l->o->link)
		ends_line(l, (ssap & ~1u) == (dsap & ~1u) ? NULL : from, to);
	if ((control & 3) == 3) {
		summary_printf(l, "Unnumbered, %s, Flags [%s]",
			       names_or(commands, control & 0xef, "?"),
			       flags_text(response, control & 0x10));
	} else if ((control & 3) == 1) {
		summary_printf(l, "Supervisory, %s, rcv seq %u, Flags [%s]",
			       supervisory[control >> 2 & 3],
			       control >> 9 & 0x7f,
			       flags_text(response, control & 0x100));
	} else {
		summary_printf(
		    l, "Information, send seq %u, rcv seq %u, Flags [%s]",
		    control >> 1 & 0x7f, control >> 9 & 0x7f,
		    flags_text(response, control & 0x100));
	}
	summary_printf(l, ", length %u", l->layer->len);
	return (control & 3) != 1;
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned dsap, ssap, control;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!*l->layer->name && l->next)
		return;
	summary_get(l, &got);
	dsap = (unsigned)got.v[LLC_DSAP].num;
	ssap = (unsigned)got.v[LLC_SSAP].num;
	control = (unsigned)got.v[LLC_CONTROL].num;
	if (l->o->link) {
		summary_printf(l,
			       "LLC, dsap %s (0x%02x) %s, ssap %s (0x%02x) %s, "
			       "ctrl 0x%0*x: ",
			       names_or(sap_names, dsap & ~1u, "Unknown"),
			       dsap & ~1u, dsap & 1 ? "Group" : "Individual",
			       names_or(sap_names, ssap & ~1u, "Unknown"),
			       ssap & ~1u, ssap & 1 ? "Response" : "Command",
			       (control & 3) == 3 ? 2 : 4, control);
		if (summary_has(&got, LLC_OUI)) {
			summary_printf(l, "oui %s (0x%06x), ",
				       got.v[LLC_OUI].num ? "Unknown"
							  : "Ethernet",
				       (unsigned)got.v[LLC_OUI].num);
			snap_line(l, &got);
		}
	}
	if (l->next)
		return;
	if (summary_has(&got, LLC_OUI)) {
		if (!l->o->link) {
			ends_line(l, NULL, NULL);
			summary_puts(l, "SNAP, ");
			snap_line(l, &got);
		}
	} else if (!frame_line(l, dsap, ssap, control)) {
		return;
	}
	line_payload(l, l->layer->data, l->layer->caplen);
}

static const struct key keys[] = {{KEY_LLC, 0}, {KEY_ETHERTYPE, 0x8870}};

static const uint8_t leads_proto[] = {PROTO_ipx, PROTO_NONE};

/* Without a look at what follows: SNAP, and IPX without LLC. */
static const struct onward onward = {
    .mask = 0xff, .n = 2, .values = {SAP_SNAP, 0xff}, .space = KEY_SAP};

const struct proto proto_llc = {
    "llc",
    "Logical-Link Control",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_SAP) | LEADS_TO(KEY_CISCO),
    .leads_proto = leads_proto,
    .onward = &onward,
    .decode = decode,
    .summary = summary,
};
