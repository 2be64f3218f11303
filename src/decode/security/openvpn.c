/*
 * OpenVPN: opcode and key id in one byte; over TCP, a length of 2 bytes goes
 * before each packet.
 *
 *	control: session (8), [HMAC (20), packet id (4), time (4)], number of
 *		acknowledged packets (1), their ids (4 each), remote session
 *		(8, if there were any), packet id (4, unless it is an ACK)
 *	data: version 2 has a peer id (3) first
 *
 * Control packets of version 1 carry TLS in pieces. Over TCP the pieces of
 * each direction are kept until they end where a record does, and shown in the
 * packet that brings the last one.
 */
#include <stdlib.h>

#include "decode/lib/app_bytes.h"
#include "decode/lib/join.h"
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

enum {
	HMAC = 20,
	REPLAY = 8, /* packet id and time */
	RECORD_HEAD = 5,
	PIECES_MOST = 128 * 1024, /* bytes */
};

/* Pieces of TLS that do not end with a record yet. */
struct ovpn_side {
	struct app_bytes pieces;
	uint32_t last; /* id of the packet that brought the last one */
};

struct ovpn_state {
	struct ovpn_side side[2];
};

/* The note of a control packet with a piece: its id, then the pieces that end
   with it, or nothing while more are to come. */
struct ovpn_note {
	uint32_t id;
	uint8_t pieces[];
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

/* The packet's id is returned. */
static uint32_t decode_control(struct dissect *d, struct cur *c,
			       unsigned opcode)
{
	unsigned n;

	take(d, c, &fields[OVPN_SESSION]);
	if (opcode == RESET_V3) {
		decode_crypted(d, c);
		return 0;
	}
	if (has_hmac(c)) {
		take_bytes(d, c, &fields[OVPN_HMAC], HMAC);
		take_replay(d, c);
	}
	n = (unsigned)take(d, c, &fields[OVPN_ACKS]);
	if (n) {
		while (n-- > 0 && c->state == CUR_OK)
			take(d, c, &fields[OVPN_ACK]);
		take(d, c, &fields[OVPN_REMOTE]);
	}
	return opcode != ACK_V1 ? (uint32_t)take(d, c, &fields[OVPN_MPID]) : 0;
}

/* Is this the head of a record of TLS? */
static bool is_record(const struct cur *c)
{
	return cur_left(c) > RECORD_HEAD && cur_peek8(c, 0) >> 2 == 5 &&
	       cur_peek8(c, 1) == 3;
}

/* What a piece of TLS in a packet with this id makes whole: what a note has of
   it, or the piece itself if it begins with a record. */
static bool next_tls(struct dissect *d, const struct cur *c, uint32_t id)
{
	const struct stream_note *next =
	    note_next(d, PROTO_openvpn, 0, sizeof(struct ovpn_note));
	struct ovpn_note note;
	struct cur pieces;
	size_t n;

	if (!next)
		return is_record(c) && next_proto(d, c, PROTO_tls);
	memcpy(&note, next->bytes, sizeof(note));
	if (note.id != id)
		return false;
	note_taken(d);
	n = next->n - sizeof(note);
	pieces = cur_over(next->bytes + sizeof(note), n, n);
	return n && next_proto(d, &pieces, PROTO_tls);
}

/* Has it handed something on? */
static bool decode_packet(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[OVPN_TYPE]), opcode;
	uint32_t id = 0;

	if (c->state != CUR_OK)
		return false;
	opcode = (unsigned)add_bits(d, &fields[OVPN_OPCODE], type);
	add_bits(d, &fields[OVPN_KEY_ID], type);
	if (opcode == DATA_V2)
		take(d, c, &fields[OVPN_PEER_ID]);
	else if (opcode != DATA_V1)
		id = decode_control(d, c, opcode);
	if (opcode == CONTROL_V1 && c->state == CUR_OK && cur_left(c))
		return next_tls(d, c, id);
	if (opcode == CONTROL_WKC)
		return is_record(c) && next_proto(d, c, PROTO_tls);
	if (opcode != CONTROL_V1 && cur_left(c))
		take_bytes(d, c, &fields[OVPN_DATA], cur_left(c));
	return false;
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part;
	unsigned len;

	if (d->layer->via != KEY_TCP_PORT) {
		decode_packet(d, c);
		return;
	}
	join_layer(d);
	while (c->state == CUR_OK && cur_left(c)) {
		len = (unsigned)take(d, c, &fields[OVPN_LENGTH]);
		part = cur_unit(c, len);
		cur_skip(c, cur_left(&part));
		if (len == 0) {
			cur_bad(c);
		} else if (decode_packet(d, &part)) {
			next_again(d, c);
			return;
		}
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
	if (l->next && !l->next->again)
		summary_puts(l, ": ");
}

static bool message(struct cur c, struct framing *f)
{
	f->size = 2 + (size_t)cur_be16(&c);
	return c.state == CUR_OK;
}

/* Do these bytes end where a record does? *bad: they are not records. */
static bool records_end(const struct app_bytes *pieces, bool *bad)
{
	struct cur c = cur_over(pieces->bytes, pieces->n, pieces->n);
	size_t n;

	*bad = false;
	while (cur_left(&c) >= RECORD_HEAD && !*bad) {
		*bad = cur_peek8(&c, 0) >> 2 != 5 || cur_peek8(&c, 1) != 3;
		n = RECORD_HEAD + (size_t)cur_peek16(&c, 3);
		if (n > cur_left(&c))
			return false;
		cur_skip(&c, n);
	}
	return !cur_left(&c);
}

/* The next piece, in a packet with this id. */
static void follow_piece(struct app_message *f, struct cur *c, uint32_t id)
{
	struct ovpn_state *state = f->app->data;
	struct ovpn_note *note;
	struct ovpn_side *side;
	size_t n;
	bool bad;

	if (!state) {
		f->app->data = state = calloc(1, sizeof(*state));
		if (!state)
			return;
		*f->bytes += sizeof(*state);
	}
	side = &state->side[f->from];
	if (id != side->last + 1)
		side->pieces.n = 0;
	side->last = id;
	if ((!side->pieces.n && !is_record(c)) ||
	    !app_bytes_add(&side->pieces, cur_here(c), cur_left(c), f->bytes))
		return;
	n = records_end(&side->pieces, &bad) ? side->pieces.n : 0;
	note = message_note(f, 0, sizeof(*note) + n);
	if (note) {
		note->id = id;
		memcpy(note->pieces, side->pieces.bytes, n);
	}
	if (n || bad || side->pieces.n > PIECES_MOST)
		side->pieces.n = 0;
}

static void follow(struct app_message *f)
{
	struct cur c = f->message;
	unsigned n;
	uint32_t id;

	cur_skip(&c, 2);
	if (cur_u8(&c) >> 3 != CONTROL_V1)
		return;
	cur_skip(&c, 8);
	if (has_hmac(&c))
		cur_skip(&c, HMAC + REPLAY);
	n = cur_u8(&c);
	if (n)
		cur_skip(&c, 4 * n + 8);
	id = cur_be32(&c);
	if (c.state == CUR_OK && cur_left(&c) && cur_left(&c) == c.claim)
		follow_piece(f, &c, id);
}

static void forget(struct app_state *app, size_t *bytes)
{
	struct ovpn_state *state = app->data;
	unsigned i;

	if (!state)
		return;
	for (i = 0; i < 2; i++)
		app_bytes_free(&state->side[i].pieces, bytes);
	*bytes -= sizeof(*state);
	free(state);
}

static void lose(struct app_state *app)
{
	struct ovpn_state *state = app->data;

	if (state)
		state->side[0].pieces.n = state->side[1].pieces.n = 0;
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
    .on_message = follow,
    .free_state = forget,
    .on_loss = lose,
};
