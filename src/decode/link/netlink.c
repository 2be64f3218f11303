/*
 * What Linux's nlmon devices deliver (LINKTYPE_NETLINK): a cooked header of 16
 * bytes, whose protocol is the netlink family, then messages, each of
 *
 *	length (4), type (2), flags (2), sequence number (4), port id (4)
 *
 * in the byte order of the machine, its content, and padding to a multiple of 4
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	NETLINK_HATYPE,
	NETLINK_FAMILY,
	NETLINK_LEN,
	NETLINK_TYPE,
	NETLINK_FLAGS,
	NETLINK_REQUEST,
	NETLINK_MULTI,
	NETLINK_ACK,
	NETLINK_ECHO,
	NETLINK_DUMP_INTR,
	NETLINK_DUMP_FILTERED,
	NETLINK_SEQ,
	NETLINK_PID,
	NETLINK_ERROR,
};

enum { HEADER_LEN = 16, FAMILY_UEVENT = 15, TYPE_ERROR = 2 };

static const struct names hatype_names[] = {{824, "Netlink"}, {0, NULL}};

static const struct names family_names[] = {
    {0, "route"},	{2, "usersock"},       {3, "firewall"},
    {4, "sock_diag"},	{5, "nflog"},	       {6, "xfrm"},
    {7, "selinux"},	{8, "iscsi"},	       {9, "audit"},
    {10, "fib_lookup"}, {11, "connector"},     {12, "netfilter"},
    {13, "ip6_fw"},	{14, "dnrtmsg"},       {FAMILY_UEVENT, "uevent"},
    {16, "generic"},	{18, "scsitransport"}, {19, "ecryptfs"},
    {20, "rdma"},	{21, "crypto"},	       {22, "smc"},
    {0, NULL},
};

/* The types that all families have, below 16. */
static const struct names type_names[] = {{1, "nothing"},
					  {TYPE_ERROR, "error"},
					  {3, "done"},
					  {4, "overrun"},
					  {0, NULL}};

static const struct field fields[] = {
    [NETLINK_HATYPE] =
	NAMED("netlink.hatype", "Link-layer address type", 2, 0, hatype_names),
    [NETLINK_FAMILY] = NAMED("netlink.family", "Family", 2,
			     FIELD_HEX | FIELD_LINE, family_names),
    [NETLINK_LEN] = NUMBER("netlink.hdr_len", "Length", FIELD_LINE, 0),
    [NETLINK_TYPE] =
	NUMBER("netlink.hdr_type", "Message type", FIELD_HEX | FIELD_LINE, 4),
    [NETLINK_FLAGS] =
	NUMBER("netlink.hdr_flags", "Flags", FIELD_HEX | FIELD_LINE, 4),
    [NETLINK_REQUEST] =
	BITS("netlink.hdr_flags.request", "Request", 2, 0x01, 0),
    [NETLINK_MULTI] =
	BITS("netlink.hdr_flags.multi", "Multipart message", 2, 0x02, 0),
    [NETLINK_ACK] = BITS("netlink.hdr_flags.ack", "Ack", 2, 0x04, 0),
    [NETLINK_ECHO] = BITS("netlink.hdr_flags.echo", "Echo", 2, 0x08, 0),
    [NETLINK_DUMP_INTR] =
	BITS("netlink.hdr_flags.dump_intr", "Dump inconsistent", 2, 0x10, 0),
    [NETLINK_DUMP_FILTERED] =
	BITS("netlink.hdr_flags.dump_filtered", "Dump filtered", 2, 0x20, 0),
    [NETLINK_SEQ] = NUMBER("netlink.hdr_seq", "Sequence number", FIELD_LINE, 0),
    [NETLINK_PID] = NUMBER("netlink.hdr_pid", "Port id", FIELD_LINE, 0),
    [NETLINK_ERROR] = {"netlink.error", "Error code", .type = FIELD_INT,
		       .flags = FIELD_LINE},
};

static uint32_t word(struct cur *c, bool little)
{
	uint32_t num = cur_be32(c);

	return little ? __builtin_bswap32(num) : num;
}

static unsigned half(struct cur *c, bool little)
{
	uint16_t num = cur_be16(c);

	return little ? __builtin_bswap16(num) : num;
}

/* In only one byte order is a message no longer than the data. */
static bool is_little(struct cur look)
{
	uint32_t left = look.claim;

	return cur_be32(&look) > left;
}

static void take_message(struct dissect *d, struct cur *c, bool little)
{
	uint32_t len = word(c, little), type = half(c, little);
	uint32_t flags = half(c, little), seq = word(c, little);
	uint32_t pid = word(c, little);
	struct cur body;

	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[NETLINK_LEN], len);
	add_uint(d, &fields[NETLINK_TYPE], type);
	add_uint(d, &fields[NETLINK_FLAGS], flags);
	add_bits_rows(d, &fields[NETLINK_REQUEST],
		      &fields[NETLINK_DUMP_FILTERED], flags);
	add_uint(d, &fields[NETLINK_SEQ], seq);
	add_uint(d, &fields[NETLINK_PID], pid);
	if (len < HEADER_LEN) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, len - HEADER_LEN);
	if (type == TYPE_ERROR && cur_has(&body, 4))
		add_uint(d, &fields[NETLINK_ERROR],
			 (uint64_t)(int32_t)word(&body, little));
	if (c->claim)
		cur_skip(c, -len & 3);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned family;
	bool little;

	cur_skip(c, 2);
	take(d, c, &fields[NETLINK_HATYPE]);
	cur_skip(c, 10);
	family = (unsigned)take(d, c, &fields[NETLINK_FAMILY]);
	if (c->state != CUR_OK)
		return;
	if (family == FAMILY_UEVENT) { /* text */
		next_proto(d, c, PROTO_data);
		return;
	}
	little = is_little(*c);
	while (c->state == CUR_OK && c->claim >= HEADER_LEN)
		take_message(d, c, little);
	if (c->state == CUR_OK && c->claim)
		next_proto(d, c, PROTO_data);
}

/* A number of a message; the length is the first one. */
static void number_line(struct summary *l, unsigned field, uint32_t n)
{
	const char *name = names_get(type_names, n);

	switch (field) {
	case NETLINK_LEN:
		summary_printf(l, "length %u", n);
		break;
	case NETLINK_TYPE:
		if (name)
			summary_printf(l, ", type %s", name);
		else
			summary_printf(l, ", type 0x%04x", n);
		break;
	case NETLINK_FLAGS:
		summary_printf(l, ", flags 0x%04x", n);
		break;
	case NETLINK_SEQ:
		summary_printf(l, ", seq %u", n);
		break;
	case NETLINK_PID:
		summary_printf(l, ", port %u", n);
		break;
	case NETLINK_ERROR:
		summary_printf(l, ", error %d", (int)n);
		break;
	default:
		break;
	}
}

/* Each message in turn. */
static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, NETLINK_FAMILY);
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;

	if (!v) {
		summary_mark(l);
		return;
	}
	summary_puts(l, "netlink ");
	summary_puts(l, names_or(family_names, (unsigned)v->num, "unknown"));
	for (; v < end; v++) {
		if (summary_index(l, v) == NETLINK_LEN)
			line_between(l, &first, ": ");
		number_line(l, summary_index(l, v), (uint32_t)v->num);
	}
	if (l->layer->state != CUR_OK)
		summary_mark(l);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 253}};

const struct proto proto_netlink = {
    "netlink",
    "Linux netlink",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
