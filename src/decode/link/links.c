/*
 * Links whose header is a few fields: ARCnet (RFC 1201, 1051), IP over
 * InfiniBand (RFC 4391), Solaris IPNET; Cisco's metadata, which Ethernet
 * frames can have; and IPv6 in UDP, Teredo (RFC 4380).
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

/* ---- ARCnet -------------------------------------------------------------
 * Source, destination (1 each), on Linux an offset (2), type (1); for types of
 * RFC 1201 a flag (1) and a sequence number (2).
 */

enum { ARC_SRC, ARC_DST, ARC_TYPE, ARC_SPLIT, ARC_SEQUENCE };
enum {
	ARCNET_BSD = 7,
	ARCNET_LINUX = 129,
	ARC_BACNET = 0xcd,
	ARC_EXCEPTION = 0xff
};

static const struct field arcnet_fields[] = {
    [ARC_SRC] = UINT("arcnet.src", "Source", 1, FIELD_HEX),
    [ARC_DST] = UINT("arcnet.dst", "Destination", 1, FIELD_HEX),
    [ARC_TYPE] = UINT("arcnet.protID", "Protocol", 1, FIELD_HEX | FIELD_LINE),
    [ARC_SPLIT] = UINT("arcnet.split_flag", "Split flag", 1, 0),
    [ARC_SEQUENCE] = UINT("arcnet.sequence", "Sequence", 2, 0),
};

static void decode_arcnet(struct dissect *d, struct cur *c)
{
	static const struct {
		uint8_t type;
		uint16_t ethertype;
	} types[] = {{240, 0x0800},  {241, 0x0806},  {0xd4, 0x0800},
		     {0xd5, 0x0806}, {0xd6, 0x8035}, {0xc4, 0x86dd}};
	unsigned type, i;

	take_rows(d, c, &arcnet_fields[ARC_SRC], &arcnet_fields[ARC_DST]);
	if (d->layer->key == ARCNET_LINUX)
		cur_skip(c, 2);
	type = (unsigned)take(d, c, &arcnet_fields[ARC_TYPE]);
	if (type == ARC_BACNET) {
		next_proto(d, c, PROTO_llc);
		return;
	}
	if (type < 240) {
		if (cur_left(c) >= 4 && cur_peek8(c, 0) == ARC_EXCEPTION)
			cur_skip(c, 4);
		take_rows(d, c, &arcnet_fields[ARC_SPLIT],
			  &arcnet_fields[ARC_SEQUENCE]);
	}
	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (types[i].type == type) {
			next_by(d, c, KEY_ETHERTYPE, types[i].ethertype);
			return;
		}
	}
	next_proto(d, c, PROTO_data);
}

static void summary_arcnet(struct summary *l)
{
	if (l->layer->state != CUR_OK)
		summary_mark(l);
	else if (!l->next || !l->next->proto->summary)
		summary_printf(l, "ARCnet, type 0x%02x, length %u",
			       (unsigned)summary_num(l, ARC_TYPE),
			       l->layer->len);
}

static const struct key arcnet_keys[] = {{KEY_LINKTYPE, ARCNET_BSD},
					 {KEY_LINKTYPE, ARCNET_LINUX}};

static const uint8_t arcnet_leads[] = {PROTO_llc, PROTO_NONE};

const struct proto proto_arcnet = {
    "arcnet",
    "ARCNET",
    PROTO_TABLES(arcnet_fields, arcnet_keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .leads_proto = arcnet_leads,
    .decode = decode_arcnet,
    .summary = summary_arcnet,
};

/* ---- IP over InfiniBand --------------------------------------------------
 * A global route header or its substitute (40), EtherType (2), 0 (2).
 */

enum { IPOIB_TYPE, IPOIB_RESERVED };

static const struct field ipoib_fields[] = {
    [IPOIB_TYPE] = UINT("ipoib.type", "Type", 2, FIELD_HEX),
    [IPOIB_RESERVED] = UINT("ipoib.reserved", "Reserved", 2, FIELD_HEX),
};

static void decode_ipoib(struct dissect *d, struct cur *c)
{
	unsigned type;

	cur_skip(c, 40);
	type = (unsigned)take(d, c, &ipoib_fields[IPOIB_TYPE]);
	take(d, c, &ipoib_fields[IPOIB_RESERVED]);
	next_by(d, c, KEY_ETHERTYPE, type);
}

static const struct key ipoib_keys[] = {{KEY_LINKTYPE, 242}};

const struct proto proto_ipoib = {
    "ipoib",
    "IP over Infiniband",
    PROTO_TABLES(ipoib_fields, ipoib_keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .decode = decode_ipoib,
};

/* ---- Solaris IPNET ------------------------------------------------------- */

enum {
	IPNET_VERSION,
	IPNET_FAMILY,
	IPNET_HOOK,
	IPNET_LENGTH,
	IPNET_IFINDEX,
	IPNET_GROUP,
	IPNET_SOURCE,
	IPNET_DESTINATION,
};
enum { SOLARIS_INET = 2, SOLARIS_INET6 = 26 };

static const struct field ipnet_fields[] = {
    [IPNET_VERSION] = UINT("ipnet.version", "Header version", 1, 0),
    [IPNET_FAMILY] = UINT("ipnet.family", "Address family", 1, 0),
    [IPNET_HOOK] = UINT("ipnet.htype", "Hook type", 2, 0),
    [IPNET_LENGTH] = UINT("ipnet.pktlen", "Data length", 4, 0),
    [IPNET_IFINDEX] = UINT("ipnet.ifindex", "Interface index", 4, 0),
    [IPNET_GROUP] = UINT("ipnet.grifindex", "Group interface index", 4, 0),
    [IPNET_SOURCE] = UINT("ipnet.zsrc", "Source zone", 4, 0),
    [IPNET_DESTINATION] = UINT("ipnet.zdst", "Destination zone", 4, 0),
};

static void decode_ipnet(struct dissect *d, struct cur *c)
{
	unsigned family = cur_left(c) > 1 ? cur_peek8(c, 1) : 0;

	take_rows(d, c, &ipnet_fields[IPNET_VERSION],
		  &ipnet_fields[IPNET_DESTINATION]);
	next_proto(d, c,
		   family == SOLARIS_INET    ? PROTO_ip
		   : family == SOLARIS_INET6 ? PROTO_ipv6
					     : PROTO_data);
}

static const uint8_t ip_leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct key ipnet_keys[] = {{KEY_LINKTYPE, 226}};

const struct proto proto_ipnet = {
    "ipnet",
    "Solaris IPNET",
    PROTO_TABLES(ipnet_fields, ipnet_keys),
    .leads_proto = ip_leads,
    .decode = decode_ipnet,
};

/* ---- Cisco's metadata ----------------------------------------------------
 * Version, length (1 each), options (2), security group (2), EtherType (2).
 */

enum { CMD_VERSION, CMD_LENGTH, CMD_OPTIONS, CMD_SGT, CMD_TYPE };

static const struct field cmd_fields[] = {
    [CMD_VERSION] = UINT("cmd.version", "Version", 1, 0),
    [CMD_LENGTH] = UINT("cmd.length", "Length", 1, 0),
    [CMD_OPTIONS] = UINT("cmd.options", "Options", 2, FIELD_HEX),
    [CMD_SGT] = UINT("cmd.sgt", "Security group", 2, 0),
    [CMD_TYPE] = UINT("cmd.type", "Type", 2, FIELD_HEX),
};

static void decode_cmd(struct dissect *d, struct cur *c)
{
	bool gre = d->layer[-1].id == PROTO_gre;
	uint32_t type = 0;

	/* GRE has the EtherType first */
	if (gre)
		type = (uint32_t)take(d, c, &cmd_fields[CMD_TYPE]);
	take_rows(d, c, &cmd_fields[CMD_VERSION], &cmd_fields[CMD_SGT]);
	if (!gre)
		type = (uint32_t)take(d, c, &cmd_fields[CMD_TYPE]);
	next_by(d, c, KEY_ETHERTYPE, type);
}

static const struct key cmd_keys[] = {{KEY_ETHERTYPE, 0x8909}};

const struct proto proto_cmd = {
    "cmd",
    "Cisco MetaData",
    PROTO_TABLES(cmd_fields, cmd_keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .decode = decode_cmd,
};

/* ---- Teredo ----------------------------------------------------------------
 * 0, 1, length of client id, of authentication (1 each), these, nonce (8),
 * confirmation (1); then 0, 0, port (2) and address (4) of the origin, both
 * inverted. Either part may be absent. Then an IPv6 packet.
 */

enum { TEREDO_NONCE, TEREDO_CONFIRMATION, TEREDO_PORT, TEREDO_ADDRESS };

static const struct field teredo_fields[] = {
    [TEREDO_NONCE] = BYTES("teredo.auth.nonce", "Nonce", 8, 0),
    [TEREDO_CONFIRMATION] = BYTES("teredo.auth.conf", "Confirmation", 1, 0),
    [TEREDO_PORT] = NUMBER("teredo.orig.port", "Origin port", 0, 0),
    [TEREDO_ADDRESS] = IPV4("teredo.orig.addr", "Origin address", 0),
};

static bool next_is(const struct cur *c, unsigned kind)
{
	return cur_left(c) >= 2 && cur_peek8(c, 0) == 0 &&
	       cur_peek8(c, 1) == kind;
}

static void decode_teredo(struct dissect *d, struct cur *c)
{
	unsigned client, authentication;

	if (next_is(c, 1)) {
		cur_skip(c, 2);
		client = cur_u8(c);
		authentication = cur_u8(c);
		cur_skip(c, client + authentication);
		take_rows(d, c, &teredo_fields[TEREDO_NONCE],
			  &teredo_fields[TEREDO_CONFIRMATION]);
	}
	if (next_is(c, 0)) {
		cur_skip(c, 2);
		add_uint(d, &teredo_fields[TEREDO_PORT], 0xffff ^ cur_be16(c));
		add_uint(d, &teredo_fields[TEREDO_ADDRESS], ~cur_be32(c));
	}
	if (cur_left(c) && cur_peek8(c, 0) >> 4 == 6)
		next_proto(d, c, PROTO_ipv6);
	else if (c->claim)
		cur_bad(c);
}

static void summary_teredo(struct summary *l)
{
	summary_puts(l, "Teredo");
	if (l->next && l->layer->state == CUR_OK)
		summary_puts(l, ": ");
	else
		summary_mark(l);
}

static const uint8_t teredo_leads[] = {PROTO_ipv6, PROTO_NONE};
static const struct key teredo_keys[] = {{KEY_UDP_PORT, 3544}};

const struct proto proto_teredo = {
    "teredo",
    "Teredo IPv6 over UDP tunneling",
    PROTO_TABLES(teredo_fields, teredo_keys),
    .leads_proto = teredo_leads,
    .decode = decode_teredo,
    .summary = summary_teredo,
};
