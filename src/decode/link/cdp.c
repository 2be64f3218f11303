/*
 * Cisco's discovery protocol.
 *
 *	version (1), hold time (1), checksum (2), then elements of type (2),
 *	length of all of it (2), value
 */
#include "decode/lib/rows.h"

enum {
	CDP_VERSION,
	CDP_TTL,
	CDP_CHECKSUM,
	CDP_TLV_TYPE,
	CDP_TLV_LEN,
	CDP_DEVICEID,
	CDP_NUMBER_OF_ADDRESSES,
	CDP_PROTOCOL_TYPE,
	CDP_PROTOCOL_LENGTH,
	CDP_PROTOCOL,
	CDP_ADDRESS_LENGTH,
	CDP_IP_ADDRESS,
	CDP_PORTID,
	CDP_CAPABILITIES,
	CDP_CAPABILITIES_ROUTER,
	CDP_CAPABILITIES_TRANS_BRIDGE,
	CDP_CAPABILITIES_SRC_BRIDGE,
	CDP_CAPABILITIES_SWITCH,
	CDP_CAPABILITIES_HOST,
	CDP_CAPABILITIES_IGMP_CAPABLE,
	CDP_CAPABILITIES_REPEATER,
	CDP_CAPABILITIES_VOIP_PHONE,
	CDP_CAPABILITIES_REMOTE,
	CDP_CAPABILITIES_CVTA,
	CDP_CAPABILITIES_MAC_RELAY,
	CDP_SOFTWARE_VERSION,
	CDP_PLATFORM,
	CDP_VTP_MANAGEMENT_DOMAIN,
	CDP_NATIVE_VLAN,
	CDP_DUPLEX,
	CDP_TRUST_BITMAP,
	CDP_UNTRUSTED_PORT_COS,
};

static const struct names tlv_names[] = {
    {0x0001, "Device id"},
    {0x0002, "Addresses"},
    {0x0003, "Port id"},
    {0x0004, "Capabilities"},
    {0x0005, "Software version"},
    {0x0006, "Platform"},
    {0x0007, "IP prefix"},
    {0x0008, "Protocol hello"},
    {0x0009, "VTP domain"},
    {0x000a, "Native VLAN"},
    {0x000b, "Duplex"},
    {0x000e, "VLAN of the telephone"},
    {0x000f, "VLAN query"},
    {0x0010, "Power used"},
    {0x0011, "MTU"},
    {0x0012, "Trust"},
    {0x0013, "Class of service for untrusted ports"},
    {0x0014, "System name"},
    {0x0015, "System object id"},
    {0x0016, "Management addresses"},
    {0x0017, "Location"},
    {0x0018, "External port id"},
    {0x0019, "Power asked for"},
    {0x001a, "Power available"},
    {0, NULL},
};

static const struct field fields[] = {
    [CDP_VERSION] = UINT("cdp.version", "Version", 1, FIELD_LINE),
    [CDP_TTL] = UINT("cdp.ttl", "TTL", 1, FIELD_LINE),
    [CDP_CHECKSUM] = UINT("cdp.checksum", "Checksum", 2, FIELD_HEX),
    [CDP_TLV_TYPE] = NAMED("cdp.tlv.type", "Type", 2, FIELD_HEX, tlv_names),
    [CDP_TLV_LEN] = UINT("cdp.tlv.len", "Length", 2, 0),
    [CDP_DEVICEID] = TEXT("cdp.deviceid", "Device id", FIELD_LINE),
    [CDP_NUMBER_OF_ADDRESSES] =
	UINT("cdp.number_of_addresses", "Number of addresses", 4, 0),
    [CDP_PROTOCOL_TYPE] =
	UINT("cdp.protocol_type", "Protocol type", 1, FIELD_HEX),
    [CDP_PROTOCOL_LENGTH] =
	UINT("cdp.protocol_length", "Protocol length", 1, 0),
    [CDP_PROTOCOL] = BYTES("cdp.protocol", "Protocol", 0, 0),
    [CDP_ADDRESS_LENGTH] = UINT("cdp.address_length", "Address length", 2, 0),
    [CDP_IP_ADDRESS] = IPV4("cdp.nrgyz.ip_address", "IP address", 0),
    [CDP_PORTID] = TEXT("cdp.portid", "Sent through interface", FIELD_LINE),
    [CDP_CAPABILITIES] = UINT("cdp.capabilities", "Capabilities", 4, FIELD_HEX),
    [CDP_CAPABILITIES_ROUTER] =
	FLAG("cdp.capabilities.router", "Router", 4, 0x1),
    [CDP_CAPABILITIES_TRANS_BRIDGE] =
	FLAG("cdp.capabilities.trans_bridge", "Transparent bridge", 4, 0x2),
    [CDP_CAPABILITIES_SRC_BRIDGE] =
	FLAG("cdp.capabilities.src_bridge", "Source route bridge", 4, 0x4),
    [CDP_CAPABILITIES_SWITCH] =
	FLAG("cdp.capabilities.switch", "Switch", 4, 0x8),
    [CDP_CAPABILITIES_HOST] = FLAG("cdp.capabilities.host", "Host", 4, 0x10),
    [CDP_CAPABILITIES_IGMP_CAPABLE] =
	FLAG("cdp.capabilities.igmp_capable", "IGMP capable", 4, 0x20),
    [CDP_CAPABILITIES_REPEATER] =
	FLAG("cdp.capabilities.repeater", "Repeater", 4, 0x40),
    [CDP_CAPABILITIES_VOIP_PHONE] =
	FLAG("cdp.capabilities.voip_phone", "VoIP phone", 4, 0x80),
    [CDP_CAPABILITIES_REMOTE] =
	FLAG("cdp.capabilities.remote", "Remotely managed device", 4, 0x100),
    [CDP_CAPABILITIES_CVTA] =
	FLAG("cdp.capabilities.cvta",
	     "CVTA/STP dispute Resolution/Cisco VT camera", 4, 0x200),
    [CDP_CAPABILITIES_MAC_RELAY] =
	FLAG("cdp.capabilities.mac_relay", "Two port mac relay", 4, 0x400),
    [CDP_SOFTWARE_VERSION] =
	TEXT("cdp.software_version", "Software version", 0),
    [CDP_PLATFORM] = TEXT("cdp.platform", "Platform", FIELD_LINE),
    [CDP_VTP_MANAGEMENT_DOMAIN] =
	TEXT("cdp.vtp_management_domain", "VTP management domain", 0),
    [CDP_NATIVE_VLAN] = UINT("cdp.native_vlan", "Native VLAN", 2, 0),
    [CDP_DUPLEX] = FLAG("cdp.duplex", "Duplex", 1, 0x0),
    [CDP_TRUST_BITMAP] = UINT("cdp.trust_bitmap", "Trust bitmap", 1, FIELD_HEX),
    [CDP_UNTRUSTED_PORT_COS] =
	UINT("cdp.untrusted_port_cos", "Untrusted port CoS", 1, FIELD_HEX),
};

static void decode_addresses(struct dissect *d, struct cur *c)
{
	unsigned n = (unsigned)take(d, c, &fields[CDP_NUMBER_OF_ADDRESSES]);
	struct cur address;
	const uint8_t *protocol;
	unsigned len;

	for (; n > 0 && c->state == CUR_OK; n--) {
		take(d, c, &fields[CDP_PROTOCOL_TYPE]);
		len = (unsigned)take(d, c, &fields[CDP_PROTOCOL_LENGTH]);
		protocol = cur_here(c);
		if (!take_bytes(d, c, &fields[CDP_PROTOCOL], len))
			return;
		address = cur_part(
		    c, (size_t)take(d, c, &fields[CDP_ADDRESS_LENGTH]));
		/* 0xcc: the network layer protocol id of IPv4 */
		if (len == 1 && *protocol == 0xcc)
			take(d, &address, &fields[CDP_IP_ADDRESS]);
	}
}

/* The version is a text of several lines; each is a value. */
static void take_lines(struct dissect *d, struct cur *c)
{
	const uint8_t *end;
	size_t n;

	while (c->state == CUR_OK && c->claim > 0) {
		n = cur_left(c);
		end = n ? memchr(cur_here(c), '\n', n) : NULL;
		take_bytes(d, c, &fields[CDP_SOFTWARE_VERSION],
			   end ? (size_t)(end - cur_here(c)) : c->claim);
		if (end)
			cur_skip(c, 1);
	}
}

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case 0x0001:
		take_bytes(d, c, &fields[CDP_DEVICEID], c->claim);
		break;
	case 0x0002:
	case 0x0016:
		decode_addresses(d, c);
		break;
	case 0x0003:
		take_bytes(d, c, &fields[CDP_PORTID], c->claim);
		break;
	case 0x0004:
		take_bits(d, c, &fields[CDP_CAPABILITIES],
			  &fields[CDP_CAPABILITIES_MAC_RELAY]);
		break;
	case 0x0005:
		take_lines(d, c);
		break;
	case 0x0006:
		take_bytes(d, c, &fields[CDP_PLATFORM], c->claim);
		break;
	case 0x0009:
		take_bytes(d, c, &fields[CDP_VTP_MANAGEMENT_DOMAIN], c->claim);
		break;
	case 0x000a:
		take(d, c, &fields[CDP_NATIVE_VLAN]);
		break;
	case 0x000b:
		take(d, c, &fields[CDP_DUPLEX]);
		break;
	case 0x0012:
		take(d, c, &fields[CDP_TRUST_BITMAP]);
		break;
	case 0x0013:
		take(d, c, &fields[CDP_UNTRUSTED_PORT_COS]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	take_rows(d, c, &fields[CDP_VERSION], &fields[CDP_CHECKSUM]);
	while (c->state == CUR_OK && c->claim >= 4) {
		type = (unsigned)take(d, c, &fields[CDP_TLV_TYPE]);
		len = (unsigned)take(d, c, &fields[CDP_TLV_LEN]);
		if (len < 4) {
			cur_bad(c);
			return;
		}
		body = cur_part(c, len - 4);
		decode_tlv(d, &body, type);
	}
}

static void text_line(struct summary *l, const char *before, unsigned field)
{
	const struct value *v = summary_value(l, field);

	if (!v)
		return;
	summary_puts(l, before);
	summary_puts(l, "'");
	summary_foreign(l, v->bytes, v->len);
	summary_puts(l, "'");
}

static void summary(struct summary *l)
{
	summary_printf(l, "CDPv%u, ttl: %us",
		       (unsigned)summary_num(l, CDP_VERSION),
		       (unsigned)summary_num(l, CDP_TTL));
	text_line(l, ", Device-ID ", CDP_DEVICEID);
	text_line(l, ", Port-ID ", CDP_PORTID);
	text_line(l, ", Platform ", CDP_PLATFORM);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_CISCO, 0x2000}, {KEY_ETHERTYPE, 0x2000}};

const struct proto proto_cdp = {
    "cdp",
    "Cisco Discovery Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
