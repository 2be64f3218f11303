/*
 * RADIUS (RFC 2865, 2866, 2869, 3162, 5176 and others), attributes by name.
 *
 *	code (1), id (1), length (2), authenticator (16), attributes
 *	attribute: type (1), length (1), value
 *
 * Values of tunnel attributes start with a tag (RFC 2868).
 */
#include "decode/lib/rows.h"
#include "decode/security/radius_fields.h"

static const struct field *const fields = radius_fields;

enum { PASSWORD = 2, VENDOR = 26, VLAN_ID = 56, VLAN_NAME = 58, EAP = 79 };

/* Attributes by type; 0: not known by name. */
static const uint8_t attributes[256] = {
    [1] = RAD_USER_NAME,
    [3] = RAD_CHAP_PASSWORD,
    [4] = RAD_NAS_IP_ADDRESS,
    [5] = RAD_NAS_PORT,
    [6] = RAD_SERVICE_TYPE,
    [7] = RAD_FRAMED_PROTOCOL,
    [8] = RAD_FRAMED_IP_ADDRESS,
    [9] = RAD_FRAMED_IP_NETMASK,
    [10] = RAD_FRAMED_ROUTING,
    [11] = RAD_FILTER_ID,
    [12] = RAD_FRAMED_MTU,
    [13] = RAD_FRAMED_COMPRESSION,
    [14] = RAD_LOGIN_IP_HOST,
    [15] = RAD_LOGIN_SERVICE,
    [16] = RAD_LOGIN_TCP_PORT,
    [18] = RAD_REPLY_MESSAGE,
    [19] = RAD_CALLBACK_NUMBER,
    [20] = RAD_CALLBACK_ID,
    [22] = RAD_FRAMED_ROUTE,
    [23] = RAD_FRAMED_IPX_NETWORK,
    [24] = RAD_STATE,
    [25] = RAD_CLASS,
    [27] = RAD_SESSION_TIMEOUT,
    [28] = RAD_IDLE_TIMEOUT,
    [29] = RAD_TERMINATION_ACTION,
    [30] = RAD_CALLED_STATION_ID,
    [31] = RAD_CALLING_STATION_ID,
    [32] = RAD_NAS_IDENTIFIER,
    [33] = RAD_PROXY_STATE,
    [34] = RAD_LOGIN_LAT_SERVICE,
    [35] = RAD_LOGIN_LAT_NODE,
    [36] = RAD_LOGIN_LAT_GROUP,
    [37] = RAD_FRAMED_APPLETALK_LINK,
    [38] = RAD_FRAMED_APPLETALK_NETWORK,
    [39] = RAD_FRAMED_APPLETALK_ZONE,
    [40] = RAD_ACCT_STATUS_TYPE,
    [41] = RAD_ACCT_DELAY_TIME,
    [42] = RAD_ACCT_INPUT_OCTETS,
    [43] = RAD_ACCT_OUTPUT_OCTETS,
    [44] = RAD_ACCT_SESSION_ID,
    [45] = RAD_ACCT_AUTHENTIC,
    [46] = RAD_ACCT_SESSION_TIME,
    [47] = RAD_ACCT_INPUT_PACKETS,
    [48] = RAD_ACCT_OUTPUT_PACKETS,
    [49] = RAD_ACCT_TERMINATE_CAUSE,
    [50] = RAD_ACCT_MULTI_SESSION_ID,
    [51] = RAD_ACCT_LINK_COUNT,
    [52] = RAD_ACCT_INPUT_GIGAWORDS,
    [53] = RAD_ACCT_OUTPUT_GIGAWORDS,
    [55] = RAD_EVENT_TIMESTAMP,
    [57] = RAD_INGRESS_FILTERS,
    [59] = RAD_USER_PRIORITY_TABLE,
    [60] = RAD_CHAP_CHALLENGE,
    [61] = RAD_NAS_PORT_TYPE,
    [62] = RAD_PORT_LIMIT,
    [63] = RAD_LOGIN_LAT_PORT,
    [64] = RAD_TUNNEL_TYPE,
    [65] = RAD_TUNNEL_MEDIUM_TYPE,
    [66] = RAD_TUNNEL_CLIENT_ENDPOINT,
    [67] = RAD_TUNNEL_SERVER_ENDPOINT,
    [68] = RAD_ACCT_TUNNEL_CONNECTION,
    [69] = RAD_TUNNEL_PASSWORD,
    [70] = RAD_ARAP_PASSWORD,
    [71] = RAD_ARAP_FEATURES,
    [72] = RAD_ARAP_ZONE_ACCESS,
    [73] = RAD_ARAP_SECURITY,
    [74] = RAD_ARAP_SECURITY_DATA,
    [75] = RAD_PASSWORD_RETRY,
    [76] = RAD_PROMPT,
    [77] = RAD_CONNECT_INFO,
    [78] = RAD_CONFIGURATION_TOKEN,
    [80] = RAD_MESSAGE_AUTHENTICATOR,
    [81] = RAD_TUNNEL_PRIVATE_GROUP_ID,
    [82] = RAD_TUNNEL_ASSIGNMENT_ID,
    [83] = RAD_TUNNEL_PREFERENCE,
    [84] = RAD_ARAP_CHALLENGE_RESPONSE,
    [85] = RAD_ACCT_INTERIM_INTERVAL,
    [86] = RAD_ACCT_TUNNEL_PACKETS_LOST,
    [87] = RAD_NAS_PORT_ID,
    [88] = RAD_FRAMED_POOL,
    [89] = RAD_CHARGEABLE_USER_IDENTITY,
    [90] = RAD_TUNNEL_CLIENT_AUTH_ID,
    [91] = RAD_TUNNEL_SERVER_AUTH_ID,
    [92] = RAD_NAS_FILTER_RULE,
    [94] = RAD_ORIGINATING_LINE_INFO,
    [95] = RAD_NAS_IPV6_ADDRESS,
    [96] = RAD_FRAMED_INTERFACE_ID,
    [97] = RAD_FRAMED_IPV6_PREFIX,
    [98] = RAD_LOGIN_IPV6_HOST,
    [99] = RAD_FRAMED_IPV6_ROUTE,
    [100] = RAD_FRAMED_IPV6_POOL,
    [101] = RAD_ERROR_CAUSE,
    [102] = RAD_EAP_KEY_NAME,
    [103] = RAD_DIGEST_RESPONSE,
    [123] = RAD_DELEGATED_IPV6_PREFIX,
    [124] = RAD_MIP6_FEATURE_VECTOR,
    [125] = RAD_MIP6_HOME_LINK_PREFIX,
    [127] = RAD_LOCATION_INFORMATION,
    [128] = RAD_LOCATION_DATA,
    [168] = RAD_FRAMED_IPV6_ADDRESS,
    [169] = RAD_DNS_SERVER_IPV6_ADDRESS,
    [170] = RAD_ROUTE_IPV6_INFORMATION,
    [171] = RAD_DELEGATED_IPV6_PREFIX_POOL,
};

/* Do values of this type start with a tag? */
static bool is_tagged(unsigned type)
{
	return (type >= 64 && type <= 67) || type == 69 ||
	       (type >= 81 && type <= 83) || type == 90 || type == 91;
}

/* Prefixes (RFC 3162): a reserved byte, the number of bits, and what of 16
   bytes is needed. */
static bool is_prefix(const struct cur *c)
{
	return c->claim >= 2 && c->claim <= 18 && cur_left(c) >= 2 &&
	       cur_peek8(c, 1) <= 128;
}

static void decode_named(struct dissect *d, struct cur *c, unsigned type)
{
	const struct field *f = &fields[attributes[type]];
	uint32_t number;

	if (f == fields || ((f == &fields[RAD_FRAMED_IPV6_PREFIX] ||
			     f == &fields[RAD_DELEGATED_IPV6_PREFIX]) &&
			    !is_prefix(c)))
		return;
	if (f->type == FIELD_TEXT || f->type == FIELD_BYTES) {
		/* a tag is below the characters of texts */
		if (is_tagged(type) && cur_left(c) && cur_peek8(c, 0) < 0x20)
			cur_skip(c, 1);
		take_bytes(d, c, f, c->claim);
	} else if (f->type == FIELD_TIME) {
		number = cur_be32(c);
		if (c->state == CUR_OK)
			add_uint(d, f, number * UINT64_C(1000000000));
	} else if (f->type == FIELD_UINT) {
		number = cur_be32(c);
		if (c->state == CUR_OK)
			add_uint(d, f,
				 is_tagged(type) ? number & 0xffffff : number);
	} else {
		take(d, c, f);
	}
}

/* Most vendors have attributes of the same form in theirs. */
static void decode_vendor(struct dissect *d, struct cur *c)
{
	unsigned len;

	take(d, c, &fields[RAD_VENDOR]);
	while (c->state == CUR_OK && c->claim >= 2) {
		take(d, c, &fields[RAD_VENDOR_TYPE]);
		len = (unsigned)take(d, c, &fields[RAD_VENDOR_LENGTH]);
		if (len < 2)
			return;
		cur_skip(c, len - 2);
	}
}

static void decode_attribute(struct dissect *d, struct cur *c, unsigned type)
{
	uint32_t vlan;

	switch (type) {
	case PASSWORD:
		take_bytes(d, c, &fields[RAD_PASSWORD], c->claim);
		break;
	case VENDOR:
		decode_vendor(d, c);
		break;
	case VLAN_ID:
		vlan = cur_be32(c);
		if (c->state == CUR_OK)
			add_bits_rows(d, &fields[RAD_VLAN_TAG],
				      &fields[RAD_VLAN_ID], vlan);
		break;
	case VLAN_NAME:
		take(d, c, &fields[RAD_VLAN_NAME_TAG]);
		take_bytes(d, c, &fields[RAD_VLAN_NAME], c->claim);
		break;
	case EAP:
		take_bytes(d, c, &fields[RAD_EAP_FRAGMENT], c->claim);
		break;
	default:
		decode_named(d, c, type);
	}
}

static void decode_attributes(struct dissect *d, struct cur *c)
{
	struct cur avp, whole;
	unsigned type, len;

	while (c->state == CUR_OK && c->claim > 0) {
		avp = *c;
		cur_skip(&avp, 1);
		len = cur_u8(&avp);
		if (avp.state != CUR_OK || len < 2) {
			cur_bad(c);
			return;
		}
		avp = whole = cur_part(c, len);
		take_bytes(d, &whole, &fields[RAD_AVP], len);
		type = (unsigned)take(d, &avp, &fields[RAD_AVP_TYPE]);
		take(d, &avp, &fields[RAD_AVP_LENGTH]);
		if (len > 2)
			decode_attribute(d, &avp, type);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned len;

	take(d, c, &fields[RAD_CODE]);
	take(d, c, &fields[RAD_ID]);
	len = (unsigned)take(d, c, &fields[RAD_LENGTH]);
	take(d, c, &fields[RAD_AUTHENTICATOR]);
	if (c->state != CUR_OK)
		return;
	if (len < 20) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, len - 20);
	decode_attributes(d, &body);
	if (body.state != CUR_OK)
		c->state = body.state;
}

static void summary(struct summary *l)
{
	const struct value *code = summary_value(l, RAD_CODE);
	const struct value *user = summary_value(l, RAD_USER_NAME);
	const struct value *reply = summary_value(l, RAD_REPLY_MESSAGE);

	summary_puts(l, "RADIUS");
	if (code)
		summary_printf(
		    l, ", %s (%u), id: 0x%02x",
		    names_or(fields[RAD_CODE].names, code->num, "unknown"),
		    (unsigned)code->num, (unsigned)summary_num(l, RAD_ID));
	summary_printf(l, ", length: %u", l->layer->len);
	if (user) {
		summary_puts(l, ", user ");
		summary_text(l, user);
	}
	if (reply) {
		summary_puts(l, ", \"");
		summary_text(l, reply);
		summary_puts(l, "\"");
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 1645}, {KEY_UDP_PORT, 1646},
				  {KEY_UDP_PORT, 1700}, {KEY_UDP_PORT, 1812},
				  {KEY_UDP_PORT, 1813}, {KEY_UDP_PORT, 3799}};

const struct proto proto_radius = {
    "radius",
    "RADIUS Protocol",
    .fields = radius_fields,
    .n_fields = RAD_COUNT,
    PROTO_KEYS(keys),
    .decode = decode,
    .summary = summary,
};
