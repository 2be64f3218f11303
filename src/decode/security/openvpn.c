/*
 * OpenVPN: opcode and key id in one byte; over TCP, a length of 2 bytes goes
 * before each packet.
 *
 *	control: session (8), [HMAC (20), packet id (4), time (4)], number of
 *		acknowledged packets (1), their ids (4 each), remote session
 *		(8, if there were any), packet id (4, unless it is an ACK)
 *	data: version 2 has a peer id (3) first
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	OVPN_LENGTH,
	OVPN_TYPE,
	OVPN_OPCODE,
	OVPN_KEY_ID,
	OVPN_PEER_ID,
	OVPN_SESSION,
	OVPN_HMAC,
	OVPN_PID,
	OVPN_TIME,
	OVPN_ACKS,
	OVPN_ACK,
	OVPN_REMOTE,
	OVPN_MPID,
	OVPN_DATA,
	OVPN_WKC,
	OVPN_WKC_LENGTH,
};

enum {
	CONTROL_V1 = 4,
	ACK_V1,
	DATA_V1,
	DATA_V2 = 9,
	RESET_V3,
	CONTROL_WKC = 11
};

static const struct names opcode_names[] = {
    {1, "P_CONTROL_HARD_RESET_CLIENT_V1"},
    {2, "P_CONTROL_HARD_RESET_SERVER_V1"},
    {3, "P_CONTROL_SOFT_RESET_V1"},
    {CONTROL_V1, "P_CONTROL_V1"},
    {ACK_V1, "P_ACK_V1"},
    {DATA_V1, "P_DATA_V1"},
    {7, "P_CONTROL_HARD_RESET_CLIENT_V2"},
    {8, "P_CONTROL_HARD_RESET_SERVER_V2"},
    {DATA_V2, "P_DATA_V2"},
    {RESET_V3, "P_CONTROL_HARD_RESET_CLIENT_V3"},
    {CONTROL_WKC, "P_CONTROL_WKC_V1"},
    {0, NULL},
};

static const struct field fields[] = {
    [OVPN_LENGTH] = UINT("openvpn.plen", "Length", 2, 0),
    [OVPN_TYPE] = UINT("openvpn.type", "Type", 1, FIELD_HEX),
    [OVPN_OPCODE] = {"openvpn.opcode", "Opcode", opcode_names, .mask = 0xf8,
		     .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_HEX | FIELD_LINE},
    [OVPN_KEY_ID] = BITS("openvpn.keyid", "Key id", 1, 0x07, FIELD_LINE),
    [OVPN_PEER_ID] = UINT("openvpn.peerid", "Peer id", 3, 0),
    [OVPN_SESSION] = UINT("openvpn.sessionid", "Session", 8, 0),
    [OVPN_HMAC] = BYTES("openvpn.hmac", "HMAC", 0, 0),
    [OVPN_PID] = UINT("openvpn.pid", "Packet id against replays", 4, 0),
    [OVPN_TIME] = {"openvpn.net_time", "Time", .type = FIELD_TIME},
    [OVPN_ACKS] = UINT("openvpn.mpidarraylength", "Acknowledged packets", 1, 0),
    [OVPN_ACK] = UINT("openvpn.mpidarrayelement", "Acknowledged", 4, 0),
    [OVPN_REMOTE] = UINT("openvpn.rsessionid", "Remote session", 8, 0),
    [OVPN_MPID] = UINT("openvpn.mpid", "Packet id", 4, 0),
    [OVPN_DATA] = BYTES("openvpn.data", "Data", 0, 0),
    [OVPN_WKC] = BYTES("openvpn.wkc", "Wrapped client key", 0, 0),
    [OVPN_WKC_LENGTH] = UINT("openvpn.wkc_len", "Its length", 2, 0),
};

/* Nothing says that a packet carries an HMAC: without one there is a count
   and packet ids, in which zeroes abound. */
static bool has_hmac(const struct cur *c)
{
	unsigned i, zeroes = 0;

	if (cur_left(c) < 4)
		return false;
	for (i = 0; i < 4; i++)
		zeroes += cur_peek8(c, i) == 0;
	return zeroes < 2;
}

static void take_replay(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[OVPN_PID]);
	if (cur_has(c, 4))
		add_uint(d, &fields[OVPN_TIME],
			 cur_be32(c) * UINT64_C(1000000000));
}

/* The start of tls-crypt version 2: all is encrypted, and the client's key is
   sent along; its length is last. */
static void decode_crypted(struct dissect *d, struct cur *c)
{
	struct cur look;
	unsigned n;

	take_replay(d, c);
	take_bytes(d, c, &fields[OVPN_HMAC], 32);
	if (cur_left(c) < 2)
		return;
	look = *c;
	cur_skip(&look, cur_left(c) - 2);
	n = cur_be16(&look);
	if (n < 2 || n > cur_left(c))
		return;
	take_bytes(d, c, &fields[OVPN_DATA], cur_left(c) - n);
	take_bytes(d, c, &fields[OVPN_WKC], n - 2);
	take(d, c, &fields[OVPN_WKC_LENGTH]);
}

static void decode_control(struct dissect *d, struct cur *c, unsigned opcode)
{
	unsigned n;

	take(d, c, &fields[OVPN_SESSION]);
	if (opcode == RESET_V3) {
		decode_crypted(d, c);
		return;
	}
	if (has_hmac(c)) {
		take_bytes(d, c, &fields[OVPN_HMAC], 20);
		take_replay(d, c);
	}
	n = (unsigned)take(d, c, &fields[OVPN_ACKS]);
	if (n) {
		while (n-- > 0 && c->state == CUR_OK)
			take(d, c, &fields[OVPN_ACK]);
		take(d, c, &fields[OVPN_REMOTE]);
	}
	if (opcode != ACK_V1)
		take(d, c, &fields[OVPN_MPID]);
}

static void decode_packet(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[OVPN_TYPE]), opcode;

	if (c->state != CUR_OK)
		return;
	opcode = (unsigned)add_bits(d, &fields[OVPN_OPCODE], type);
	add_bits(d, &fields[OVPN_KEY_ID], type);
	if (opcode == DATA_V2)
		take(d, c, &fields[OVPN_PEER_ID]);
	else if (opcode != DATA_V1)
		decode_control(d, c, opcode);
	if (opcode == CONTROL_V1 || opcode == CONTROL_WKC) {
		/* a piece of the TLS stream; its first has a record's head */
		if (cur_left(c) > 5 && cur_peek8(c, 0) >> 2 == 5 &&
		    cur_peek8(c, 1) == 3)
			next_proto(d, c, PROTO_tls);
	} else if (cur_left(c))
		take_bytes(d, c, &fields[OVPN_DATA], cur_left(c));
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part;
	unsigned len;

	if (d->layer->via != KEY_TCP_PORT) {
		decode_packet(d, c);
		return;
	}
	while (c->state == CUR_OK && cur_left(c)) {
		len = (unsigned)take(d, c, &fields[OVPN_LENGTH]);
		part = cur_unit(c, len);
		cur_skip(c, cur_left(&part));
		if (len == 0)
			cur_bad(c);
		else
			decode_packet(d, &part);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, OVPN_OPCODE);

	summary_puts(l, "OpenVPN");
	if (v)
		summary_printf(l, " %s, key %u, length %u",
			       names_or(opcode_names, v->num, "unknown"),
			       (unsigned)summary_num(l, OVPN_KEY_ID),
			       l->layer->len);
	summary_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	f->size = 2 + (size_t)cur_be16(&c);
	return c.state == CUR_OK;
}

static const struct key keys[] = {{KEY_UDP_PORT, 1194}, {KEY_TCP_PORT, 1194}};

static const uint8_t leads_proto[] = {PROTO_tls, PROTO_NONE};

const struct proto proto_openvpn = {
    "openvpn",
    "OpenVPN",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
