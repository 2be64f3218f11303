/*
 * Locator/identifier separation, control messages (RFC 9301), and of map
 * registers, notifications and replies the mappings' heads.
 *
 *	type (4 bits), flags, records (1), nonce (8), register and notify: key
 *	(2), length of authentication (2), authentication, mappings: TTL (4),
 *	locators (1), mask (1), flags (2), version (2), family (2), identifier,
 *	locators: four priorities and weights (1 each), flags (2), family (2),
 *	address
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	LISP_TYPE,
	LISP_RECORDS,
	LISP_NONCE,
	LISP_KEYID,
	LISP_AUTHLEN,
	LISP_AUTH,
	LISP_MAPPING_TTL,
	LISP_MAPPING_LOCCNT,
	LISP_MAPPING_EID_MASKLEN,
	LISP_MAPPING_ACT,
	LISP_MAPPING_AUTH,
	LISP_MAPPING_VER,
	LISP_MAPPING_EID_AFI,
	LISP_MAPPING_EID_IPV4,
	LISP_MAPPING_EID_IPV6,
	LISP_LOC_PRIORITY,
	LISP_LOC_WEIGHT,
	LISP_LOC_MULTICAST_PRIORITY,
	LISP_LOC_MULTICAST_WEIGHT,
	LISP_LOC_FLAGS,
	LISP_LOC_FLAGS_LOCAL,
	LISP_LOC_FLAGS_PROBE,
	LISP_LOC_FLAGS_REACH,
	LISP_LOC_AFI,
};

enum { REQUEST = 1, REPLY, REGISTER, NOTIFY, ENCAPSULATED = 8 };
enum { AFI_IPV4 = 1, AFI_IPV6 = 2 };

static const struct names type_names[] = {
    {REQUEST, "Map-Request"},
    {REPLY, "Map-Reply"},
    {REGISTER, "Map-Register"},
    {NOTIFY, "Map-Notify"},
    {5, "Map-Notify-Ack"},
    {6, "Map-Referral"},
    {7, "Info"},
    {ENCAPSULATED, "Encapsulated Control"},
    {0, NULL},
};

static const struct field fields[] = {
    [LISP_TYPE] = {"lisp.type", "Type", type_names, .mask = 0xf,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [LISP_RECORDS] = UINT("lisp.records", "Record count", 1, FIELD_LINE),
    [LISP_NONCE] = UINT("lisp.nonce", "Nonce", 8, FIELD_HEX | FIELD_LINE),
    [LISP_KEYID] = UINT("lisp.keyid", "Key id", 2, FIELD_HEX),
    [LISP_AUTHLEN] = UINT("lisp.authlen", "Authentication data length", 2, 0),
    [LISP_AUTH] = BYTES("lisp.auth", "Authentication data", 0, 0),
    [LISP_MAPPING_TTL] = UINT("lisp.mapping.ttl", "Record TTL", 4, 0),
    [LISP_MAPPING_LOCCNT] = UINT("lisp.mapping.loccnt", "Locator count", 1, 0),
    [LISP_MAPPING_EID_MASKLEN] =
	UINT("lisp.mapping.eid.masklen", "EID mask length", 1, 0),
    [LISP_MAPPING_ACT] = BITS("lisp.mapping.act", "Action", 2, 0xe000, 0),
    [LISP_MAPPING_AUTH] =
	FLAG("lisp.mapping.auth", "Authoritative bit", 2, 0x1000),
    [LISP_MAPPING_VER] =
	BITS("lisp.mapping.ver", "Mapping version", 2, 0xfff, 0),
    [LISP_MAPPING_EID_AFI] =
	UINT("lisp.mapping.eid.afi", "EID prefix AFI", 2, 0),
    [LISP_MAPPING_EID_IPV4] = IPV4("lisp.mapping.eid.ipv4", "EID prefix", 0),
    [LISP_MAPPING_EID_IPV6] = IPV6("lisp.mapping.eid.ipv6", "EID prefix", 0),
    [LISP_LOC_PRIORITY] = UINT("lisp.loc.priority", "Priority", 1, 0),
    [LISP_LOC_WEIGHT] = UINT("lisp.loc.weight", "Weight", 1, 0),
    [LISP_LOC_MULTICAST_PRIORITY] =
	UINT("lisp.loc.multicast_priority", "Multicast priority", 1, 0),
    [LISP_LOC_MULTICAST_WEIGHT] =
	UINT("lisp.loc.multicast_weight", "Multicast weight", 1, 0),
    [LISP_LOC_FLAGS] = UINT("lisp.loc.flags", "Flags", 2, FIELD_HEX),
    [LISP_LOC_FLAGS_LOCAL] = FLAG("lisp.loc.flags.local", "Local", 2, 0x4),
    [LISP_LOC_FLAGS_PROBE] = FLAG("lisp.loc.flags.probe", "Probe", 2, 0x2),
    [LISP_LOC_FLAGS_REACH] = FLAG("lisp.loc.flags.reach", "Reachable", 2, 0x1),
    [LISP_LOC_AFI] = UINT("lisp.loc.afi", "AFI", 2, 0),
};

static void decode_locator(struct dissect *d, struct cur *c)
{
	unsigned family;

	take_rows(d, c, &fields[LISP_LOC_PRIORITY],
		  &fields[LISP_LOC_MULTICAST_WEIGHT]);
	take_bits(d, c, &fields[LISP_LOC_FLAGS], &fields[LISP_LOC_FLAGS_REACH]);
	family = (unsigned)take(d, c, &fields[LISP_LOC_AFI]);
	if (family == AFI_IPV4)
		cur_skip(c, 4);
	else if (family == AFI_IPV6)
		cur_skip(c, 16);
	else if (family != 0)
		cur_bad(c);
}

static void decode_mapping(struct dissect *d, struct cur *c)
{
	unsigned locators, family, word;

	take(d, c, &fields[LISP_MAPPING_TTL]);
	locators = (unsigned)take(d, c, &fields[LISP_MAPPING_LOCCNT]);
	take(d, c, &fields[LISP_MAPPING_EID_MASKLEN]);
	if (!cur_has(c, 4))
		return;
	word = cur_be16(c);
	add_bits(d, &fields[LISP_MAPPING_ACT], word);
	add_bits(d, &fields[LISP_MAPPING_AUTH], word);
	add_bits(d, &fields[LISP_MAPPING_VER], cur_be16(c));
	family = (unsigned)take(d, c, &fields[LISP_MAPPING_EID_AFI]);
	if (family == AFI_IPV4)
		take(d, c, &fields[LISP_MAPPING_EID_IPV4]);
	else if (family == AFI_IPV6)
		take(d, c, &fields[LISP_MAPPING_EID_IPV6]);
	else
		cur_bad(c);
	for (; locators > 0 && c->state == CUR_OK; locators--)
		decode_locator(d, c);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, records, len;

	if (!cur_has(c, 4))
		return;
	type = (unsigned)cur_u8(c) >> 4;
	add_uint(d, &fields[LISP_TYPE], type);
	cur_skip(c, 2);
	if (type == ENCAPSULATED) {
		cur_skip(c, 1);
		next_proto(d, c, PROTO_ip);
		return;
	}
	records = (unsigned)take(d, c, &fields[LISP_RECORDS]);
	take(d, c, &fields[LISP_NONCE]);
	if (type == REGISTER || type == NOTIFY) {
		take(d, c, &fields[LISP_KEYID]);
		len = (unsigned)take(d, c, &fields[LISP_AUTHLEN]);
		take_bytes(d, c, &fields[LISP_AUTH], len);
	} else if (type != REPLY) {
		return;
	}
	for (; records > 0 && c->state == CUR_OK; records--)
		decode_mapping(d, c);
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, LISP_TYPE);
	const struct value *nonce = summary_value(l, LISP_NONCE);

	if (!type) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "LISP %s",
		       names_or(type_names, type->num, "unknown"));
	if (nonce)
		summary_printf(l, ", %u record%s, nonce 0x%016llx",
			       (unsigned)summary_num(l, LISP_RECORDS),
			       summary_num(l, LISP_RECORDS) == 1 ? "" : "s",
			       (unsigned long long)nonce->num);
	summary_printf(l, ", length %u%s", l->layer->len, l->next ? ": " : "");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_NONE};
static const struct key keys[] = {{KEY_UDP_PORT, 4342}};

const struct proto proto_lisp = {
    "lisp",
    "Locator/ID Separation Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
