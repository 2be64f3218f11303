/*
 * What Linux's netfilter logs (LINKTYPE_NFLOG).
 *
 *	family (1), version (1), resource (2, big-endian), then elements of
 *	length (2) and type (2) in the byte order of the machine, value, padding
 *	to a multiple of 4
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	NFLOG_FAMILY,
	NFLOG_VERSION,
	NFLOG_RES_ID,
	NFLOG_TLV_LENGTH,
	NFLOG_TLV_TYPE,
	NFLOG_PROTOCOL,
	NFLOG_HOOK,
	NFLOG_IFINDEX_INDEV,
	NFLOG_IFINDEX_OUTDEV,
	NFLOG_IFINDEX_PHYSINDEV,
	NFLOG_IFINDEX_PHYSOUTDEV,
	NFLOG_PREFIX,
	NFLOG_UID,
	NFLOG_GID,
	NFLOG_TLV_VALUE,
};

enum {
	FAMILY_IPV4 = 2,
	FAMILY_IPV6 = 10,
	TYPE_PACKET_HEADER = 1,
	TYPE_TIMESTAMP = 3,
	TYPE_INDEV,
	TYPE_PHYSOUTDEV = 7,
	TYPE_PAYLOAD = 9,
	TYPE_PREFIX,
	TYPE_UID,
	TYPE_GID = 14
};

static const struct names family_names[] = {
    {FAMILY_IPV4, "IPv4"}, {7, "Bridge"}, {FAMILY_IPV6, "IPv6"}, {0, NULL}};

static const struct names type_names[] = {
    {1, "Packet header"},
    {2, "Mark"},
    {3, "Time stamp"},
    {4, "Interface in"},
    {5, "Interface out"},
    {6, "Physical interface in"},
    {7, "Physical interface out"},
    {8, "Hardware address"},
    {9, "Payload"},
    {10, "Prefix"},
    {11, "User"},
    {12, "Sequence number"},
    {13, "Global sequence number"},
    {14, "Group"},
    {15, "Hardware type"},
    {16, "Hardware header"},
    {17, "Length of the hardware header"},
    {0, NULL},
};

static const struct field fields[] = {
    [NFLOG_FAMILY] =
	NAMED("nflog.family", "Family", 1, FIELD_LINE, family_names),
    [NFLOG_VERSION] = UINT("nflog.version", "Version", 1, 0),
    [NFLOG_RES_ID] = UINT("nflog.res_id", "Resource id", 2, FIELD_LINE),
    [NFLOG_TLV_LENGTH] = UINT("nflog.tlv_length", "Length", 2, 0),
    [NFLOG_TLV_TYPE] = {"nflog.tlv_type", "Type", type_names, .mask = 0x7fff,
			.type = FIELD_UINT, .width = 2, .flags = 0},
    [NFLOG_PROTOCOL] = UINT("nflog.protocol", "HW protocol", 2, FIELD_HEX),
    [NFLOG_HOOK] = UINT("nflog.hook", "Netfilter hook", 1, 0),
    [NFLOG_IFINDEX_INDEV] = UINT("nflog.ifindex_indev", "IFINDEX_INDEV", 4, 0),
    [NFLOG_IFINDEX_OUTDEV] =
	UINT("nflog.ifindex_outdev", "IFINDEX_OUTDEV", 4, 0),
    [NFLOG_IFINDEX_PHYSINDEV] =
	UINT("nflog.ifindex_physindev", "IFINDEX_PHYSINDEV", 4, 0),
    [NFLOG_IFINDEX_PHYSOUTDEV] =
	UINT("nflog.ifindex_physoutdev", "IFINDEX_PHYSOUTDEV", 4, 0),
    [NFLOG_PREFIX] = TEXT("nflog.prefix", "Prefix", 0),
    [NFLOG_UID] = {"nflog.uid", "UID", .type = FIELD_INT, .width = 4,
		   .flags = 0},
    [NFLOG_GID] = {"nflog.gid", "GID", .type = FIELD_INT, .width = 4,
		   .flags = 0},
    [NFLOG_TLV_VALUE] = BYTES("nflog.tlv_value", "Value", 0, 0),
};

static unsigned half(struct cur *c, bool little)
{
	uint16_t num = cur_be16(c);

	return little ? __builtin_bswap16(num) : num;
}

/* Lengths tell the byte order: the first one is small, as all but the
   payload's are. */
static bool is_little(struct cur look)
{
	unsigned one = cur_u8(&look);

	return one != 0 || cur_u8(&look) == 0;
}

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type)
{
	if (type == TYPE_PACKET_HEADER) {
		take_rows(d, c, &fields[NFLOG_PROTOCOL], &fields[NFLOG_HOOK]);
	} else if (type >= TYPE_INDEV && type <= TYPE_PHYSOUTDEV) {
		take(d, c, &fields[NFLOG_IFINDEX_INDEV + type - TYPE_INDEV]);
	} else if (type == TYPE_PREFIX) {
		take_bytes(d, c, &fields[NFLOG_PREFIX],
			   c->claim ? c->claim - 1 : 0);
	} else if (type == TYPE_UID || type == TYPE_GID) {
		if (cur_has(c, 4))
			add_uint(
			    d,
			    &fields[type == TYPE_UID ? NFLOG_UID : NFLOG_GID],
			    (uint64_t)(int32_t)cur_be32(c));
	} else if (type != TYPE_TIMESTAMP && type != TYPE_PAYLOAD) {
		take_bytes(d, c, &fields[NFLOG_TLV_VALUE], c->claim);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned family = (unsigned)take(d, c, &fields[NFLOG_FAMILY]), len,
		 type;
	struct cur body;
	bool little;

	take_rows(d, c, &fields[NFLOG_VERSION], &fields[NFLOG_RES_ID]);
	little = is_little(*c);
	while (c->state == CUR_OK && c->claim >= 4) {
		len = half(c, little);
		type = half(c, little) & 0x7fff;
		if (c->state != CUR_OK)
			return;
		add_uint(d, &fields[NFLOG_TLV_LENGTH], len);
		add_uint(d, &fields[NFLOG_TLV_TYPE], type);
		if (len < 4) {
			cur_bad(c);
			return;
		}
		body = cur_part(c, len - 4);
		if (type == TYPE_PAYLOAD) {
			if (family == FAMILY_IPV4)
				next_proto(d, &body, PROTO_ip);
			else if (family == FAMILY_IPV6)
				next_proto(d, &body, PROTO_ipv6);
			return;
		}
		decode_tlv(d, &body, type);
		cur_skip(c, -len & 3);
	}
}

static void summary(struct summary *l)
{
	const struct value *id = summary_value(l, NFLOG_RES_ID);

	if (!id) {
		summary_mark(l);
		return;
	}
	if (!l->o->link && l->next)
		return;
	summary_printf(
	    l, "family %s (%u), version 0, resource ID %u, length %u",
	    names_or(family_names, summary_num(l, NFLOG_FAMILY), "Unknown"),
	    (unsigned)summary_num(l, NFLOG_FAMILY), (unsigned)id->num,
	    l->layer->len);
	if (l->next)
		summary_puts(l, ": ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 239}};

const struct proto proto_nflog = {
    "nflog",
    "Linux Netfilter NFLOG",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
