/*
 * OSPF version 2 (RFC 2328) and 3 (RFC 5340): header, hello, database
 * description, requests, and the headers of link state advertisements.
 *
 *	version (1), type (1), length (2), router (4), area (4), checksum (2),
 *	version 2: kind of authentication (2), its data (8)
 *	version 3: instance (1), reserved (1)
 */
#include "decode/lib/rows.h"

enum {
	OSPF_VERSION,
	OSPF_MSG,
	OSPF_PACKET_LENGTH,
	OSPF_SRCROUTER,
	OSPF_AREA_ID,
	OSPF_CHECKSUM,
	OSPF_AUTH_TYPE,
	OSPF_AUTH_CRYPT_KEY_ID,
	OSPF_AUTH_CRYPT_DATA_LENGTH,
	OSPF_AUTH_CRYPT_SEQ_NBR,
	OSPF_INSTANCE_ID,
	OSPF_HELLO_NETWORK_MASK,
	OSPF_HELLO_INTERFACE_ID,
	OSPF_HELLO_HELLO_INTERVAL,
	OSPF_HELLO_ROUTER_PRIORITY,
	OSPF_HELLO_ROUTER_DEAD_INTERVAL,
	OSPF_HELLO_DESIGNATED_ROUTER,
	OSPF_HELLO_BACKUP_DESIGNATED_ROUTER,
	OSPF_HELLO_ACTIVE_NEIGHBOR,
	OSPF_V2_OPTIONS,
	OSPF_V2_OPTIONS_DN,
	OSPF_V2_OPTIONS_O,
	OSPF_V2_OPTIONS_DC,
	OSPF_V2_OPTIONS_L,
	OSPF_V2_OPTIONS_N,
	OSPF_V2_OPTIONS_MC,
	OSPF_V2_OPTIONS_E,
	OSPF_V2_OPTIONS_MT,
	OSPF_V3_OPTIONS,
	OSPF_V3_OPTIONS_AT,
	OSPF_V3_OPTIONS_L,
	OSPF_V3_OPTIONS_AF,
	OSPF_V3_OPTIONS_DC,
	OSPF_V3_OPTIONS_R,
	OSPF_V3_OPTIONS_N,
	OSPF_V3_OPTIONS_MC,
	OSPF_V3_OPTIONS_E,
	OSPF_V3_OPTIONS_V6,
	OSPF_DB_INTERFACE_MTU,
	OSPF_DBD,
	OSPF_DBD_R,
	OSPF_DBD_I,
	OSPF_DBD_M,
	OSPF_DBD_MS,
	OSPF_DB_DD_SEQUENCE,
	OSPF_LS_NUMBER_OF_LSAS,
	OSPF_LSA_AGE,
	OSPF_LSA_DONOTAGE,
	OSPF_V3_LSA_DO_NOT_AGE,
	OSPF_LSA,
	OSPF_V3_LSA,
	OSPF_V3_LSA_U,
	OSPF_V3_LSA_S12,
	OSPF_V3_LSA_FC,
	OSPF_LSA_ID,
	OSPF_LINK_STATE_ID,
	OSPF_LSID_OPAQUE_TYPE,
	OSPF_LSID_OPAQUE_ID,
	OSPF_LSID_TE_LSA_RESERVED,
	OSPF_LSID_TE_LSA_INSTANCE,
	OSPF_ADVROUTER,
	OSPF_LSA_SEQNUM,
	OSPF_LSA_CHKSUM,
	OSPF_LSA_LENGTH,
};

enum { HELLO = 1, DESCRIPTION, REQUEST, UPDATE, ACKNOWLEDGE };
enum { AUTH_CRYPT = 2, HEADER_LEN = 20, OPAQUE_TE = 1 };

static const struct names version_names[] = {
    {2, "OSPFv2"}, {3, "OSPFv3"}, {0, NULL}};

static const struct names message_names[] = {
    {HELLO, "Hello"},	     {DESCRIPTION, "Database Description"},
    {REQUEST, "LS-Request"}, {UPDATE, "LS-Update"},
    {ACKNOWLEDGE, "LS-Ack"}, {0, NULL},
};

static const struct names lsa_names[] = {
    {1, "Router"},
    {2, "Network"},
    {3, "Summary (network)"},
    {4, "Summary (ASBR)"},
    {5, "AS external"},
    {7, "NSSA external"},
    {9, "Opaque, link"},
    {10, "Opaque, area"},
    {11, "Opaque, AS"},
    {0, NULL},
};

static const struct names lsa3_names[] = {
    {0x2001, "Router"},
    {0x2002, "Network"},
    {0x2003, "Inter-area prefix"},
    {0x2004, "Inter-area router"},
    {0x4005, "AS external"},
    {0x2007, "NSSA"},
    {0x0008, "Link"},
    {0x2009, "Intra-area prefix"},
    {0, NULL},
};

static const struct field fields[] = {
    [OSPF_VERSION] =
	NAMED("ospf.version", "Version", 1, FIELD_LINE, version_names),
    [OSPF_MSG] =
	NAMED("ospf.msg", "Message type", 1, FIELD_LINE, message_names),
    [OSPF_PACKET_LENGTH] = UINT("ospf.packet_length", "Packet length", 2, 0),
    [OSPF_SRCROUTER] = IPV4("ospf.srcrouter", "Source OSPF router", FIELD_LINE),
    [OSPF_AREA_ID] = IPV4("ospf.area_id", "Area id", FIELD_LINE),
    [OSPF_CHECKSUM] = UINT("ospf.checksum", "Checksum", 2, FIELD_HEX),
    [OSPF_AUTH_TYPE] = UINT("ospf.auth.type", "Auth type", 2, 0),
    [OSPF_AUTH_CRYPT_KEY_ID] =
	UINT("ospf.auth.crypt.key_id", "Auth crypt key id", 1, 0),
    [OSPF_AUTH_CRYPT_DATA_LENGTH] =
	UINT("ospf.auth.crypt.data_length", "Auth crypt data length", 1, 0),
    [OSPF_AUTH_CRYPT_SEQ_NBR] =
	UINT("ospf.auth.crypt.seq_nbr", "Auth crypt sequence number", 4, 0),
    [OSPF_INSTANCE_ID] = UINT("ospf.instance_id", "Instance id", 1, 0),
    [OSPF_HELLO_NETWORK_MASK] =
	IPV4("ospf.hello.network_mask", "Network mask", 0),
    [OSPF_HELLO_INTERFACE_ID] =
	UINT("ospf.hello.interface_id", "Interface id", 4, 0),
    [OSPF_HELLO_HELLO_INTERVAL] =
	UINT("ospf.hello.hello_interval", "Hello interval s", 4, 0),
    [OSPF_HELLO_ROUTER_PRIORITY] =
	UINT("ospf.hello.router_priority", "Router priority", 1, 0),
    [OSPF_HELLO_ROUTER_DEAD_INTERVAL] =
	UINT("ospf.hello.router_dead_interval", "Router dead interval s", 4, 0),
    [OSPF_HELLO_DESIGNATED_ROUTER] =
	IPV4("ospf.hello.designated_router", "Designated router", 0),
    [OSPF_HELLO_BACKUP_DESIGNATED_ROUTER] = IPV4(
	"ospf.hello.backup_designated_router", "Backup designated router", 0),
    [OSPF_HELLO_ACTIVE_NEIGHBOR] =
	IPV4("ospf.hello.active_neighbor", "Active neighbor", 0),
    [OSPF_V2_OPTIONS] = UINT("ospf.v2.options", "Options", 1, FIELD_HEX),
    [OSPF_V2_OPTIONS_DN] = FLAG("ospf.v2.options.dn", "DN", 1, 0x80),
    [OSPF_V2_OPTIONS_O] = FLAG("ospf.v2.options.o", "O", 1, 0x40),
    [OSPF_V2_OPTIONS_DC] =
	FLAG("ospf.v2.options.dc", "Demand circuits", 1, 0x20),
    [OSPF_V2_OPTIONS_L] = FLAG("ospf.v2.options.l", "LLS data block", 1, 0x10),
    [OSPF_V2_OPTIONS_N] = FLAG("ospf.v2.options.n", "NSSA", 1, 0x8),
    [OSPF_V2_OPTIONS_MC] = FLAG("ospf.v2.options.mc", "Multicast", 1, 0x4),
    [OSPF_V2_OPTIONS_E] = FLAG("ospf.v2.options.e", "External routing", 1, 0x2),
    [OSPF_V2_OPTIONS_MT] =
	FLAG("ospf.v2.options.mt", "Multi-Topology routing", 1, 0x1),
    [OSPF_V3_OPTIONS] = UINT("ospf.v3.options", "Options", 3, FIELD_HEX),
    [OSPF_V3_OPTIONS_AT] = FLAG("ospf.v3.options.at", "AT", 3, 0x400),
    [OSPF_V3_OPTIONS_L] = FLAG("ospf.v3.options.l", "L", 3, 0x200),
    [OSPF_V3_OPTIONS_AF] = FLAG("ospf.v3.options.af", "AF", 3, 0x100),
    [OSPF_V3_OPTIONS_DC] = FLAG("ospf.v3.options.dc", "DC", 3, 0x20),
    [OSPF_V3_OPTIONS_R] = FLAG("ospf.v3.options.r", "R", 3, 0x10),
    [OSPF_V3_OPTIONS_N] = FLAG("ospf.v3.options.n", "N", 3, 0x8),
    [OSPF_V3_OPTIONS_MC] = FLAG("ospf.v3.options.mc", "MC", 3, 0x4),
    [OSPF_V3_OPTIONS_E] = FLAG("ospf.v3.options.e", "E", 3, 0x2),
    [OSPF_V3_OPTIONS_V6] = FLAG("ospf.v3.options.v6", "V6", 3, 0x1),
    [OSPF_DB_INTERFACE_MTU] =
	UINT("ospf.db.interface_mtu", "Interface MTU", 2, 0),
    [OSPF_DBD] = UINT("ospf.dbd", "DB description", 1, FIELD_HEX),
    [OSPF_DBD_R] = FLAG("ospf.dbd.r", "OOBResync", 1, 0x8),
    [OSPF_DBD_I] = FLAG("ospf.dbd.i", "Init", 1, 0x4),
    [OSPF_DBD_M] = FLAG("ospf.dbd.m", "More", 1, 0x2),
    [OSPF_DBD_MS] = FLAG("ospf.dbd.ms", "Master", 1, 0x1),
    [OSPF_DB_DD_SEQUENCE] = UINT("ospf.db.dd_sequence", "DD sequence", 4, 0),
    [OSPF_LS_NUMBER_OF_LSAS] =
	UINT("ospf.ls.number_of_lsas", "Number of LSAs", 4, FIELD_LINE),
    [OSPF_LSA_AGE] = BITS("ospf.lsa.age", "LS age s", 2, 0x7fff, 0),
    [OSPF_LSA_DONOTAGE] =
	BITS("ospf.lsa.donotage", "Do not age flag", 2, 0x8000, 0),
    [OSPF_V3_LSA_DO_NOT_AGE] =
	FLAG("ospf.v3.lsa.do_not_age", "Do not age", 2, 0x8000),
    [OSPF_LSA] = NAMED("ospf.lsa", "LS type", 1, 0, lsa_names),
    [OSPF_V3_LSA] = NAMED("ospf.v3.lsa", "LS type", 2, FIELD_HEX, lsa3_names),
    [OSPF_V3_LSA_U] = FLAG("ospf.v3.lsa.u", "LSA handling", 2, 0x8000),
    [OSPF_V3_LSA_S12] = {"ospf.v3.lsa.s12", "Flooding scope", .mask = 0x6000,
			 .type = FIELD_UINT, .width = 2, .flags = FIELD_HEX,
			 .digits = 4},
    [OSPF_V3_LSA_FC] = BITS("ospf.v3.lsa.fc", "Function code", 2, 0x1fff, 0),
    [OSPF_LSA_ID] = IPV4("ospf.lsa.id", "Link state id", 0),
    [OSPF_LINK_STATE_ID] = IPV4("ospf.link_state_id", "Link state id", 0),
    [OSPF_LSID_OPAQUE_TYPE] =
	UINT("ospf.lsid_opaque_type", "Link state id opaque type", 1, 0),
    [OSPF_LSID_OPAQUE_ID] =
	UINT("ospf.lsid.opaque_id", "Link state id opaque id", 3, 0),
    [OSPF_LSID_TE_LSA_RESERVED] = UINT("ospf.lsid_te_lsa.reserved",
				       "Link state id TE-LSA reserved", 1, 0),
    [OSPF_LSID_TE_LSA_INSTANCE] = UINT("ospf.lsid_te_lsa.instance",
				       "Link state id TE-LSA instance", 2, 0),
    [OSPF_ADVROUTER] = IPV4("ospf.advrouter", "Advertising router", 0),
    [OSPF_LSA_SEQNUM] =
	UINT("ospf.lsa.seqnum", "Sequence number", 4, FIELD_HEX),
    [OSPF_LSA_CHKSUM] = UINT("ospf.lsa.chksum", "Checksum", 2, FIELD_HEX),
    [OSPF_LSA_LENGTH] = UINT("ospf.lsa.length", "Length", 2, 0),
};

static void take_options2(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[OSPF_V2_OPTIONS], &fields[OSPF_V2_OPTIONS_MT]);
}

static void take_options3(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[OSPF_V3_OPTIONS], &fields[OSPF_V3_OPTIONS_V6]);
}

static void decode_hello(struct dissect *d, struct cur *c, unsigned version)
{
	if (version == 2) {
		take(d, c, &fields[OSPF_HELLO_NETWORK_MASK]);
		add_uint(d, &fields[OSPF_HELLO_HELLO_INTERVAL], cur_be16(c));
		take_options2(d, c);
		take_rows(d, c, &fields[OSPF_HELLO_ROUTER_PRIORITY],
			  &fields[OSPF_HELLO_ROUTER_DEAD_INTERVAL]);
	} else {
		take(d, c, &fields[OSPF_HELLO_INTERFACE_ID]);
		take(d, c, &fields[OSPF_HELLO_ROUTER_PRIORITY]);
		take_options3(d, c);
		add_uint(d, &fields[OSPF_HELLO_HELLO_INTERVAL], cur_be16(c));
		add_uint(d, &fields[OSPF_HELLO_ROUTER_DEAD_INTERVAL],
			 cur_be16(c));
	}
	take(d, c, &fields[OSPF_HELLO_DESIGNATED_ROUTER]);
	take(d, c, &fields[OSPF_HELLO_BACKUP_DESIGNATED_ROUTER]);
	while (c->state == CUR_OK && c->claim >= 4)
		take(d, c, &fields[OSPF_HELLO_ACTIVE_NEIGHBOR]);
}

/* What names an advertisement: in version 2 its type is opaque from 9 to 11,
   with an identifier of two parts. */
static void take_id(struct dissect *d, struct cur *c, unsigned version,
		    unsigned type)
{
	if (version == 2 && type >= 9 && type <= 11) {
		if (take(d, c, &fields[OSPF_LSID_OPAQUE_TYPE]) == OPAQUE_TE)
			take_rows(d, c, &fields[OSPF_LSID_TE_LSA_RESERVED],
				  &fields[OSPF_LSID_TE_LSA_INSTANCE]);
		else
			take(d, c, &fields[OSPF_LSID_OPAQUE_ID]);
	} else {
		take(d, c,
		     &fields[version == 2 ? OSPF_LSA_ID : OSPF_LINK_STATE_ID]);
	}
	take(d, c, &fields[OSPF_ADVROUTER]);
}

/* An advertisement's header; the number of bytes that follow it. */
static size_t decode_lsa(struct dissect *d, struct cur *c, unsigned version)
{
	unsigned type, age, len;

	if (!cur_has(c, HEADER_LEN))
		return 0;
	age = (unsigned)cur_be16(c);
	add_bits(d, &fields[OSPF_LSA_AGE], age);
	if (version == 2) {
		add_bits(d, &fields[OSPF_LSA_DONOTAGE], age);
		take_options2(d, c);
		type = (unsigned)take(d, c, &fields[OSPF_LSA]);
	} else {
		add_bits(d, &fields[OSPF_V3_LSA_DO_NOT_AGE], age);
		type = (unsigned)take_bits(d, c, &fields[OSPF_V3_LSA],
					   &fields[OSPF_V3_LSA_FC]);
	}
	take_id(d, c, version, type);
	take_rows(d, c, &fields[OSPF_LSA_SEQNUM], &fields[OSPF_LSA_CHKSUM]);
	len = (unsigned)take(d, c, &fields[OSPF_LSA_LENGTH]);
	return len > HEADER_LEN ? len - HEADER_LEN : 0;
}

/* What an advertisement of version 3 says: its options, for those that have
   them after one other byte. */
static void decode_advertised(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case 0x2001:
	case 0x2002:
	case 0x2004:
	case 0x0008:
		cur_skip(c, 1);
		take_options3(d, c);
	}
}

static void decode_headers(struct dissect *d, struct cur *c, unsigned version)
{
	while (c->state == CUR_OK && c->claim >= HEADER_LEN)
		decode_lsa(d, c, version);
}

static void decode_description(struct dissect *d, struct cur *c,
			       unsigned version)
{
	if (version == 2) {
		take(d, c, &fields[OSPF_DB_INTERFACE_MTU]);
		take_options2(d, c);
	} else {
		cur_skip(c, 1);
		take_options3(d, c);
		take(d, c, &fields[OSPF_DB_INTERFACE_MTU]);
		cur_skip(c, 1);
	}
	take_bits(d, c, &fields[OSPF_DBD], &fields[OSPF_DBD_MS]);
	take(d, c, &fields[OSPF_DB_DD_SEQUENCE]);
	decode_headers(d, c, version);
}

static void decode_requests(struct dissect *d, struct cur *c, unsigned version)
{
	while (c->state == CUR_OK && c->claim >= 12) {
		if (version == 2) {
			add_uint(d, &fields[OSPF_LSA], cur_be32(c));
		} else {
			cur_skip(c, 2);
			take_bits(d, c, &fields[OSPF_V3_LSA],
				  &fields[OSPF_V3_LSA_FC]);
		}
		take(d, c, &fields[OSPF_LINK_STATE_ID]);
		take(d, c, &fields[OSPF_ADVROUTER]);
	}
}

static void decode_update(struct dissect *d, struct cur *c, unsigned version)
{
	unsigned n = (unsigned)take(d, c, &fields[OSPF_LS_NUMBER_OF_LSAS]);

	unsigned type;
	struct cur look, body;

	for (; n > 0 && c->state == CUR_OK; n--) {
		look = *c;
		cur_skip(&look, 2);
		type = cur_be16(&look);
		body = cur_part(c, decode_lsa(d, c, version));
		if (version == 3 && body.claim > 0)
			decode_advertised(d, &body, type);
	}
}

static void decode_body(struct dissect *d, struct cur *c, unsigned version,
			unsigned type)
{
	switch (type) {
	case HELLO:
		decode_hello(d, c, version);
		break;
	case DESCRIPTION:
		decode_description(d, c, version);
		break;
	case REQUEST:
		decode_requests(d, c, version);
		break;
	case UPDATE:
		decode_update(d, c, version);
		break;
	case ACKNOWLEDGE:
		decode_headers(d, c, version);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned version = (unsigned)take(d, c, &fields[OSPF_VERSION]);
	unsigned type = (unsigned)take(d, c, &fields[OSPF_MSG]);
	unsigned len = (unsigned)take(d, c, &fields[OSPF_PACKET_LENGTH]);
	unsigned header = version == 2 ? 24 : 16;
	struct cur body;

	take_rows(d, c, &fields[OSPF_SRCROUTER], &fields[OSPF_CHECKSUM]);
	if (version == 2) {
		if (take(d, c, &fields[OSPF_AUTH_TYPE]) == AUTH_CRYPT) {
			cur_skip(c, 2);
			take_rows(d, c, &fields[OSPF_AUTH_CRYPT_KEY_ID],
				  &fields[OSPF_AUTH_CRYPT_SEQ_NBR]);
		} else {
			cur_skip(c, 8);
		}
	} else if (version == 3) {
		take(d, c, &fields[OSPF_INSTANCE_ID]);
		cur_skip(c, 1);
	} else {
		return;
	}
	if (len < header)
		return;
	body = cur_unit(c, len - header < c->claim ? len - header : c->claim);
	decode_body(d, &body, version, type);
	c->state = body.state;
}

static void summary(struct summary *l)
{
	const struct value *version = summary_value(l, OSPF_VERSION);
	const struct value *type = summary_value(l, OSPF_MSG);
	const char *name;

	if (!version || !type) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "OSPFv%u, ", (unsigned)version->num);
	name = names_get(message_names, type->num);
	if (name)
		summary_puts(l, name);
	else
		summary_printf(l, "unknown packet type (%u)",
			       (unsigned)type->num);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_IPPROTO, 89}};

const struct proto proto_ospf = {
    "ospf",	      "Open Shortest Path First", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
