/*
 * Cisco's hot standby router protocol: versions 0 and 1 (RFC 2281), and
 * version 2, which is a list of type (1), length (1), value.
 *
 *	version (1), operation (1), state (1), hello and hold time (1 each),
 *	priority (1), group (1), reserved (1), password (8), address (4)
 */
#include "decode/lib/rows.h"

enum {
	HSRP_VERSION,
	HSRP_OPCODE,
	HSRP_STATE,
	HSRP_HELLOTIME,
	HSRP_HOLDTIME,
	HSRP_PRIORITY,
	HSRP_GROUP,
	HSRP_RESERVED,
	HSRP_AUTH_DATA,
	HSRP_VIRT_IP,
	HSRP_ADV_TLVTYPE,
	HSRP_ADV_TLVLENGTH,
	HSRP_ADV_STATE,
	HSRP_ADV_RESERVED1,
	HSRP_ADV_ACTIVEGRP,
	HSRP_ADV_PASSIVEGRP,
	HSRP_ADV_RESERVED2,
	HSRP_V2_GROUP_STATE,
	HSRP_V2_VERSION,
	HSRP_V2_OPCODE,
	HSRP_V2_STATE,
	HSRP_V2_IP_VERSION,
	HSRP_V2_GROUP,
	HSRP_V2_IDENTIFIER,
	HSRP_V2_PRIORITY,
	HSRP_V2_HELLO,
	HSRP_V2_HOLD,
	HSRP_V2_VIRT_IP,
	HSRP_V2_VIRT_IP6,
	HSRP_V2_INTERFACE_STATE,
	HSRP_V2_ACTIVE,
	HSRP_V2_PASSIVE,
	HSRP_V2_TEXT_AUTH,
	HSRP_V2_AUTH_DATA,
	HSRP_V2_MD5_AUTH,
	HSRP_V2_MD5_ALGORITHM,
	HSRP_V2_MD5_PADDING,
	HSRP_V2_MD5_FLAGS,
	HSRP_MD5_IP_ADDRESS,
	HSRP_V2_MD5_KEY,
	HSRP_V2_MD5_DATA,
};

enum { ADVERTISE = 3, GROUP_STATE = 1, INTERFACE_STATE, TEXT_AUTH, MD5_AUTH };
enum { PORT_IPV6 = 2029, FACT_VERSION = 0, V2 = 2 };

static const struct names opcode_names[] = {
    {0, "Hello"}, {1, "Coup"}, {2, "Resign"}, {ADVERTISE, "Advertise"},
    {0, NULL},
};

static const struct names state_names[] = {
    {0, "Initial"}, {1, "Learn"},   {2, "Listen"}, {4, "Speak"},
    {8, "Standby"}, {16, "Active"}, {0, NULL},
};

static const struct names state2_names[] = {
    {0, "Disabled"}, {1, "Init"},    {2, "Learn"},  {3, "Listen"},
    {4, "Speak"},    {5, "Standby"}, {6, "Active"}, {0, NULL},
};

static const struct field fields[] = {
    [HSRP_VERSION] = UINT("hsrp.version", "Version", 1, FIELD_LINE),
    [HSRP_OPCODE] =
	NAMED("hsrp.opcode", "Op code", 1, FIELD_LINE, opcode_names),
    [HSRP_STATE] = NAMED("hsrp.state", "State", 1, FIELD_LINE, state_names),
    [HSRP_HELLOTIME] = UINT("hsrp.hellotime", "Hellotime", 1, 0),
    [HSRP_HOLDTIME] = UINT("hsrp.holdtime", "Holdtime", 1, 0),
    [HSRP_PRIORITY] = UINT("hsrp.priority", "Priority", 1, 0),
    [HSRP_GROUP] = UINT("hsrp.group", "Group", 1, FIELD_LINE),
    [HSRP_RESERVED] = UINT("hsrp.reserved", "Reserved", 1, 0),
    [HSRP_AUTH_DATA] = TEXT("hsrp.auth_data", "Authentication data", 0),
    [HSRP_VIRT_IP] = IPV4("hsrp.virt_ip", "Virtual IP address", FIELD_LINE),
    [HSRP_ADV_TLVTYPE] = UINT("hsrp.adv.tlvtype", "Adv type", 2, 0),
    [HSRP_ADV_TLVLENGTH] = UINT("hsrp.adv.tlvlength", "Adv length", 2, 0),
    [HSRP_ADV_STATE] = UINT("hsrp.adv.state", "Adv state", 1, 0),
    [HSRP_ADV_RESERVED1] = UINT("hsrp.adv.reserved1", "Adv reserved1", 1, 0),
    [HSRP_ADV_ACTIVEGRP] =
	UINT("hsrp.adv.activegrp", "Adv active groups", 2, 0),
    [HSRP_ADV_PASSIVEGRP] =
	UINT("hsrp.adv.passivegrp", "Adv passive groups", 2, 0),
    [HSRP_ADV_RESERVED2] = UINT("hsrp.adv.reserved2", "Adv reserved2", 4, 0),
    [HSRP_V2_GROUP_STATE] =
	UINT("hsrp2.group_state_tlv", "Group state TLV", 1, 0),
    [HSRP_V2_VERSION] = UINT("hsrp2.version", "Version", 1, FIELD_LINE),
    [HSRP_V2_OPCODE] =
	NAMED("hsrp2.opcode", "Op code", 1, FIELD_LINE, opcode_names),
    [HSRP_V2_STATE] =
	NAMED("hsrp2.state", "State", 1, FIELD_LINE, state2_names),
    [HSRP_V2_IP_VERSION] = UINT("hsrp2.ipversion", "IP Ver.", 1, 0),
    [HSRP_V2_GROUP] = UINT("hsrp2.group", "Group", 2, FIELD_LINE),
    [HSRP_V2_IDENTIFIER] = ETHER("hsrp2.identifier", "Identifier", 0),
    [HSRP_V2_PRIORITY] = UINT("hsrp2.priority", "Priority", 4, 0),
    [HSRP_V2_HELLO] = UINT("hsrp2.hellotime", "Hellotime", 4, 0),
    [HSRP_V2_HOLD] = UINT("hsrp2.holdtime", "Holdtime", 4, 0),
    [HSRP_V2_VIRT_IP] = IPV4("hsrp2.virt_ip", "Virtual IP address", FIELD_LINE),
    [HSRP_V2_VIRT_IP6] =
	IPV6("hsrp2.virt_ip_v6", "Virtual IPv6 address", FIELD_LINE),
    [HSRP_V2_INTERFACE_STATE] =
	UINT("hsrp2.interface_state_tlv", "Interface state TLV", 1, 0),
    [HSRP_V2_ACTIVE] = UINT("hsrp2.active_groups", "Active groups", 2, 0),
    [HSRP_V2_PASSIVE] = UINT("hsrp2.passive_groups", "Passive groups", 2, 0),
    [HSRP_V2_TEXT_AUTH] =
	UINT("hsrp2.text_auth_tlv", "Text authentication TLV", 1, 0),
    [HSRP_V2_AUTH_DATA] = TEXT("hsrp2.auth_data", "Authentication data", 0),
    [HSRP_V2_MD5_AUTH] =
	UINT("hsrp2.md5_auth_tlv", "MD5 authentication TLV", 1, 0),
    [HSRP_V2_MD5_ALGORITHM] =
	UINT("hsrp2.md5_algorithm", "MD5 algorithm", 1, 0),
    [HSRP_V2_MD5_PADDING] = UINT("hsrp2.md5_padding", "Padding", 1, FIELD_HEX),
    [HSRP_V2_MD5_FLAGS] = UINT("hsrp2.md5_flags", "MD5 flags", 2, 0),
    [HSRP_MD5_IP_ADDRESS] =
	IPV4("hsrp.md5_ip_address", "Sender's IP address", 0),
    [HSRP_V2_MD5_KEY] = UINT("hsrp2.md5_key_id", "MD5 key id", 4, 0),
    [HSRP_V2_MD5_DATA] =
	BYTES("hsrp2.md5_auth_data", "MD5 authentication data", 16, 0),
};

static void decode_group(struct dissect *d, struct cur *c)
{
	unsigned version;

	take_rows(d, c, &fields[HSRP_V2_VERSION], &fields[HSRP_V2_STATE]);
	version = (unsigned)take(d, c, &fields[HSRP_V2_IP_VERSION]);
	take_rows(d, c, &fields[HSRP_V2_GROUP], &fields[HSRP_V2_HOLD]);
	take(d, c, &fields[version == 6 ? HSRP_V2_VIRT_IP6 : HSRP_V2_VIRT_IP]);
}

static void decode_v2(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type;

	while (c->state == CUR_OK && c->claim >= 2) {
		type = cur_u8(c);
		body = cur_part(c, cur_u8(c));
		switch (type) {
		case GROUP_STATE:
			add_uint(d, &fields[HSRP_V2_GROUP_STATE], type);
			decode_group(d, &body);
			break;
		case INTERFACE_STATE:
			add_uint(d, &fields[HSRP_V2_INTERFACE_STATE], type);
			take_rows(d, &body, &fields[HSRP_V2_ACTIVE],
				  &fields[HSRP_V2_PASSIVE]);
			break;
		case TEXT_AUTH:
			add_uint(d, &fields[HSRP_V2_TEXT_AUTH], type);
			take_padded(d, &body, &fields[HSRP_V2_AUTH_DATA], 8);
			break;
		case MD5_AUTH:
			add_uint(d, &fields[HSRP_V2_MD5_AUTH], type);
			take_rows(d, &body, &fields[HSRP_V2_MD5_ALGORITHM],
				  &fields[HSRP_V2_MD5_DATA]);
			break;
		}
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned version = cur_u8(&look), opcode = cur_u8(&look);

	/* version 2 starts with a group state: type 1, length 40 */
	if (d->layer->key == PORT_IPV6 ||
	    (version == GROUP_STATE && opcode >= 40) ||
	    (version == INTERFACE_STATE && opcode == 4)) {
		d->layer->fact[FACT_VERSION] = V2;
		decode_v2(d, c);
		return;
	}
	take_rows(d, c, &fields[HSRP_VERSION], &fields[HSRP_OPCODE]);
	if (opcode == ADVERTISE) {
		take_rows(d, c, &fields[HSRP_ADV_TLVTYPE],
			  &fields[HSRP_ADV_RESERVED2]);
		return;
	}
	take_rows(d, c, &fields[HSRP_STATE], &fields[HSRP_RESERVED]);
	take_padded(d, c, &fields[HSRP_AUTH_DATA], 8);
	take(d, c, &fields[HSRP_VIRT_IP]);
}

static void lower_line(struct summary *l, const char *name)
{
	char *at = summary_room(l, 16);

	for (; *name; name++)
		*at++ =
		    (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name);
	summary_end(l, at);
}

static void summary(struct summary *l)
{
	bool v2 = l->layer->fact[FACT_VERSION] == V2;
	const struct value *opcode =
	    summary_value(l, v2 ? HSRP_V2_OPCODE : HSRP_OPCODE);
	const struct value *v;

	summary_printf(l, "HSRPv%u-",
		       v2 ? V2 : (unsigned)summary_num(l, HSRP_VERSION));
	lower_line(l, opcode ? names_or(opcode_names, opcode->num, "unknown")
			     : "interface");
	summary_printf(l, " %u:", l->layer->len);
	v = summary_value(l, v2 ? HSRP_V2_STATE : HSRP_STATE);
	if (v) {
		summary_puts(l, " state=");
		lower_line(l, names_or(v2 ? state2_names : state_names, v->num,
				       "unknown"));
		summary_printf(
		    l, " group=%u",
		    (unsigned)summary_num(l, v2 ? HSRP_V2_GROUP : HSRP_GROUP));
	}
	v = summary_value(l, v2 ? HSRP_V2_VIRT_IP : HSRP_VIRT_IP);
	if (v) {
		summary_puts(l, " addr=");
		summary_ip4(l, (uint32_t)v->num);
	}
	v = summary_value(l, HSRP_V2_VIRT_IP6);
	if (v) {
		summary_puts(l, " addr=");
		summary_ip(l, v->bytes, 16);
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 1985},
				  {KEY_UDP_PORT, PORT_IPV6}};

const struct proto proto_hsrp = {
    "hsrp",
    "Cisco Hot Standby Router Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
