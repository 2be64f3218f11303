/*
 * Link layer discovery (IEEE 802.1AB): a list of type (7 bits), length (9
 * bits) and value.
 */
#include "decode/proto.h"

enum {
	LLDP_TYPE,
	LLDP_LEN,
	LLDP_CHASSIS_SUBTYPE,
	LLDP_CHASSIS_ID,
	LLDP_CHASSIS_MAC,
	LLDP_CHASSIS_IP4,
	LLDP_PORT_SUBTYPE,
	LLDP_PORT_ID,
	LLDP_PORT_MAC,
	LLDP_TTL,
	LLDP_PORT_DESC,
	LLDP_SYSTEM_NAME,
	LLDP_SYSTEM_DESC,
	LLDP_CAPABILITIES,
	LLDP_OUI,
};

enum {
	END,
	CHASSIS,
	PORT,
	TTL,
	PORT_DESC,
	NAME,
	DESC,
	CAPABILITIES,
	ORG = 127
};

enum { SUBTYPE_PORT_MAC = 3, SUBTYPE_CHASSIS_MAC = 4, SUBTYPE_NETWORK };

static const struct names type_names[] = {
    {END, "End"},
    {CHASSIS, "Chassis ID"},
    {PORT, "Port ID"},
    {TTL, "Time to live"},
    {PORT_DESC, "Port description"},
    {NAME, "System name"},
    {DESC, "System description"},
    {CAPABILITIES, "System capabilities"},
    {8, "Management address"},
    {ORG, "Organisation specific"},
    {0, NULL},
};

static const struct field fields[] = {
    [LLDP_TYPE] = {"lldp.tlv.type", "Type", type_names, .mask = 0xfe00,
		   .type = FIELD_UINT},
    [LLDP_LEN] = {"lldp.tlv.len", "Length", .mask = 0x01ff, .type = FIELD_UINT},
    [LLDP_CHASSIS_SUBTYPE] = {"lldp.chassis.subtype", "Chassis id subtype",
			      .type = FIELD_UINT, .width = 1},
    [LLDP_CHASSIS_ID] = {"lldp.chassis.id", "Chassis id", .type = FIELD_TEXT,
			 .flags = FIELD_LINE},
    [LLDP_CHASSIS_MAC] = {"lldp.chassis.id.mac", "Chassis id",
			  .type = FIELD_ETHER, .width = 6, .flags = FIELD_LINE},
    [LLDP_CHASSIS_IP4] = {"lldp.chassis.id.ip4", "Chassis id",
			  .type = FIELD_IPV4, .width = 4},
    [LLDP_PORT_SUBTYPE] = {"lldp.port.subtype", "Port id subtype",
			   .type = FIELD_UINT, .width = 1},
    [LLDP_PORT_ID] = {"lldp.port.id", "Port id", .type = FIELD_TEXT,
		      .flags = FIELD_LINE},
    [LLDP_PORT_MAC] = {"lldp.port.id.mac", "Port id", .type = FIELD_ETHER,
		       .width = 6, .flags = FIELD_LINE},
    [LLDP_TTL] = {"lldp.time_to_live", "Time to live, s", .type = FIELD_UINT,
		  .width = 2},
    [LLDP_PORT_DESC] = {"lldp.port.desc", "Port description",
			.type = FIELD_TEXT},
    [LLDP_SYSTEM_NAME] = {"lldp.tlv.system.name", "System name",
			  .type = FIELD_TEXT, .flags = FIELD_LINE},
    [LLDP_SYSTEM_DESC] = {"lldp.tlv.system.desc", "System description",
			  .type = FIELD_TEXT},
    [LLDP_CAPABILITIES] = {"lldp.tlv.system_cap", "Capabilities",
			   .type = FIELD_UINT, .width = 2, .flags = FIELD_HEX},
    [LLDP_OUI] = {"lldp.orgtlv.oui", "Organisation", .type = FIELD_UINT,
		  .width = 3},
};

/* A chassis or port id: its subtype, then an address or text. */
static void decode_id(struct dissect *d, struct cur *c, bool chassis)
{
	const struct field *text =
	    &fields[chassis ? LLDP_CHASSIS_ID : LLDP_PORT_ID];
	unsigned subtype = (unsigned)take(
	    d, c, &fields[chassis ? LLDP_CHASSIS_SUBTYPE : LLDP_PORT_SUBTYPE]);
	struct cur look = *c;

	if (chassis && subtype == SUBTYPE_NETWORK && cur_u8(&look) == 1) {
		cur_skip(c, 1);
		take(d, c, &fields[LLDP_CHASSIS_IP4]);
	} else if (subtype ==
		       (chassis ? SUBTYPE_CHASSIS_MAC : SUBTYPE_PORT_MAC) &&
		   c->claim == 6) {
		take(d, c, &fields[chassis ? LLDP_CHASSIS_MAC : LLDP_PORT_MAC]);
	} else {
		take_bytes(d, c, text, c->claim);
	}
}

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case CHASSIS:
	case PORT:
		decode_id(d, c, type == CHASSIS);
		break;
	case TTL:
		take(d, c, &fields[LLDP_TTL]);
		break;
	case PORT_DESC:
	case NAME:
	case DESC:
		take_bytes(d, c,
			   &fields[type == PORT_DESC ? LLDP_PORT_DESC
				   : type == NAME    ? LLDP_SYSTEM_NAME
						     : LLDP_SYSTEM_DESC],
			   c->claim);
		break;
	case CAPABILITIES:
		take(d, c, &fields[LLDP_CAPABILITIES]);
		break;
	case ORG:
		take(d, c, &fields[LLDP_OUI]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned head, type;
	struct cur body;

	while (c->state == CUR_OK && cur_has(c, 2)) {
		head = cur_be16(c);
		type = (unsigned)add_bits(d, &fields[LLDP_TYPE], head);
		add_bits(d, &fields[LLDP_LEN], head);
		if (type == END)
			return;
		body = cur_part(c, head & 0x1ff);
		decode_tlv(d, &body, type);
	}
}

static void id_line(struct summary *l, const char *before, unsigned text)
{
	const struct value *v = summary_value(l, text);

	if (v) {
		summary_puts(l, before);
		summary_text(l, v);
		return;
	}
	v = summary_value(l, text + 1);
	if (v) {
		summary_puts(l, before);
		summary_ether(l, v->bytes);
	}
}

static void summary(struct summary *l)
{
	const struct value *name = summary_value(l, LLDP_SYSTEM_NAME);

	summary_printf(l, "LLDP, length %u", l->layer->len);
	if (name) {
		summary_puts(l, ": ");
		summary_text(l, name);
	}
	id_line(l, ", chassis ", LLDP_CHASSIS_ID);
	id_line(l, ", port ", LLDP_PORT_ID);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_ETHERTYPE, 0x88cc}};

const struct proto proto_lldp = {
    "lldp",
    "Link Layer Discovery Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
