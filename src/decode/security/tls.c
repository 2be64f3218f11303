/*
 * TLS (RFC 8446, 5246): records, and the hellos among them.
 *
 *	+------+---------+--------+----------
 *	| type | version | length | content		any number
 *	+------+---------+--------+----------
 *
 *	handshake: type (1), length (3), message
 *
 * A hello that does not end in this segment is shown as far as it goes.
 */
#include "decode/security/tls.h"
#include "decode/flow/hints.h"
#include "decode/proto_ids.h"

enum { CHANGE_CIPHER = 20, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT };
enum { SSL2 = 0x0002, SESSION_TICKET = 4, CERTIFICATE = 11 };

static bool guess(struct cur c)
{
	unsigned type = cur_u8(&c), major = cur_u8(&c), minor = cur_u8(&c);
	unsigned len = cur_be16(&c);

	return c.state == CUR_OK && type >= CHANGE_CIPHER &&
	       type <= HEARTBEAT && major == 3 && minor <= 4 && len > 0 &&
	       len <= 16384 + 2048;
}

/* A record, or the hello of SSL 2.0. */
static bool fits(struct cur c)
{
	const uint8_t *p = cur_here(&c);
	size_t n = cur_left(&c);

	if (p[0] >= CHANGE_CIPHER && p[0] <= HEARTBEAT)
		return n < 2 || p[1] == 3;
	return p[0] & 0x80 && (n < 3 || (p[2] > 0 && p[2] < 9)) &&
	       (n < 4 || p[3] == 0 || p[3] == 3);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned type;

	if (cur_left(&c) < 5) {
		type = cur_peek8(&c, 0);
		f->size = cur_left(&c);
		/* the start of a record? */
		return type < CHANGE_CIPHER || type > HEARTBEAT;
	}
	f->size = cur_left(&c);
	if (!guess(c))
		return true;
	type = cur_u8(&c);
	cur_skip(&c, 2);
	f->size = 5 + (size_t)cur_be16(&c);
	/* the rest is unreadable */
	if (type == APPLICATION)
		f->keep = 5;
	return true;
}

/* What makes no sense as a handshake message is encrypted. */
static bool is_message(struct cur c)
{
	unsigned type = cur_u8(&c), len = (unsigned)cur_u8(&c) << 16;

	len |= cur_be16(&c);
	return c.state == CUR_OK && names_get(tls_handshake_names, type) &&
	       len <= c.claim &&
	       /* this one comes alone; more is a counter, which starts so */
	       (type != TLS_HELLO_REQUEST || c.claim == 0);
}

/* QUIC has messages without records around them. */
static bool in_quic(const struct dissect *d)
{
	return d->n_layers > 1 && d->layer[-1].id == PROTO_quic;
}

static void decode_ticket(struct dissect *d, struct cur *c)
{
	take(d, c, &tls_fields[TLS_TICKET_LIFETIME]);
	take_bytes(d, c, &tls_fields[TLS_TICKET],
		   take(d, c, &tls_fields[TLS_TICKET_LENGTH]));
}

static void decode_handshake(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type;

	while (c->state == CUR_OK && c->claim >= 4 && is_message(*c)) {
		type = (unsigned)take(d, c, &tls_fields[TLS_HS_TYPE]);
		body = cur_part(c, take(d, c, &tls_fields[TLS_HS_LENGTH]));
		if (type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO)
			tls_decode_hello(d, &body, type == TLS_CLIENT_HELLO,
					 in_quic(d) ? TLS_QUIC : TLS_STREAM);
		else if (type == CERTIFICATE)
			tls_decode_certificates(d, &body);
		else if (type == SESSION_TICKET)
			decode_ticket(d, &body);
	}
}

/* A record whose rest is in segments to come is left alone, but for what says
   most. */
static bool is_shown(const struct cur *c)
{
	struct cur look = *c;
	unsigned type = cur_u8(&look), len;

	cur_skip(&look, 2);
	len = cur_be16(&look);
	if (len <= look.claim)
		return true;
	return type == HANDSHAKE && cur_left(&look) > 4 &&
	       (cur_peek8(&look, 0) == TLS_CLIENT_HELLO ||
		cur_peek8(&look, 0) == TLS_SERVER_HELLO);
}

/* A ClientHello in the form of SSL 2 (RFC 5246, appendix E.2): length with the
   highest bit set (2), type (1), version (2), three lengths (2 each), and what
   they are of: suites (3 each), session id, challenge. */
static bool is_old_hello(struct cur c)
{
	unsigned len = cur_be16(&c), type = cur_u8(&c), version = cur_be16(&c);
	unsigned sum = cur_be16(&c);

	sum += cur_be16(&c);
	sum += cur_be16(&c);
	return c.state == CUR_OK && len == (0x8000 | (9 + sum)) &&
	       type == TLS_CLIENT_HELLO &&
	       (version == SSL2 || (version >= 0x0300 && version <= 0x0303));
}

static void decode_old_hello(struct dissect *d, struct cur *c)
{
	unsigned i, suites, id;

	add_uint(d, &tls_fields[TLS_VERSION], SSL2);
	add_uint(d, &tls_fields[TLS_LENGTH], cur_be16(c) & 0x7fff);
	take(d, c, &tls_fields[TLS_HS_TYPE]);
	take(d, c, &tls_fields[TLS_HS_VERSION]);
	suites = cur_be16(c) / 3;
	id = cur_be16(c);
	cur_skip(c, 2);
	for (i = 0; i < suites && c->state == CUR_OK; i++)
		take(d, c, &tls_fields[TLS_CIPHERSPEC]);
	if (id)
		take_bytes(d, c, &tls_fields[TLS_SESSION_ID], id);
}

/* The start of a message whose rest is in the records that follow. */
struct begun {
	uint8_t *bytes;
	size_t n;
};

/* Add what a record has. */
static void begun_add(struct dissect *d, struct begun *b, const struct cur *c)
{
	size_t n = cur_left(c);
	uint8_t *room = (uint8_t *)scratch_room(d, n), *all;

	if (room && b->n && room != b->bytes + b->n) {
		/* others took room in between */
		scratch_return(d, n);
		all = (uint8_t *)scratch_room(d, b->n + n);
		if (all)
			memcpy(all, b->bytes, b->n);
		b->bytes = all;
		room = all ? all + b->n : NULL;
	} else if (!b->n) {
		b->bytes = room;
	}
	if (!room) {
		b->n = 0;
		return;
	}
	memcpy(room, cur_here(c), n);
	b->n += n;
}

/* Is what is left of a record the start of a message? */
static bool is_start(struct cur c)
{
	unsigned type;

	if (c.state != CUR_OK || !c.claim || cur_left(&c) < c.claim)
		return false;
	type = cur_u8(&c);
	return names_get(tls_handshake_names, type) && type &&
	       (!c.claim || cur_u8(&c) == 0);
}

/* A record of the handshake. Where conversations are followed, notes have the
   messages that end in it; otherwise those are joined that end in the same
   segment. */
static void decode_record(struct dissect *d, struct cur body,
			  struct begun *begun)
{
	const struct stream_note *note = tls_note(d);

	if (note) {
		body = tls_noted(note);
		begun->n = 0;
	} else if (begun->n) {
		begun_add(d, begun, &body);
		if (begun->n)
			body = cur_over(begun->bytes, begun->n, begun->n);
	}
	decode_handshake(d, &body);
	if (note || !is_start(body)) {
		begun->n = 0;
	} else if (begun->n) {
		begun->bytes += begun->n - body.claim;
		begun->n = body.claim;
	} else {
		begun_add(d, begun, &body);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct begun begun = {0};
	struct cur body;
	unsigned type, len;
	bool opaque;

	if (in_quic(d)) {
		decode_handshake(d, c);
		return;
	}
	if (is_old_hello(*c))
		decode_old_hello(d, c);
	while (c->state == CUR_OK && guess(*c) && is_shown(c)) {
		/* what TLS 1.3 encrypts has its type inside */
		type = cur_peek8(c, 0);
		opaque = type == APPLICATION &&
			 (d->hints & HINT_TLS13 || d->app_state & TLS_WORD_13);
		take(d, c,
		     &tls_fields[opaque ? TLS_OPAQUE_TYPE : TLS_CONTENT_TYPE]);
		take(d, c, &tls_fields[TLS_VERSION]);
		len = (unsigned)take(d, c, &tls_fields[TLS_LENGTH]);
		d->layer->fact[0] = 1;
		/* the rest of the record is in segments to come */
		if (len > cur_left(c)) {
			body = *c;
			cur_skip(c, cur_left(c));
		} else {
			body = cur_part(c, len);
		}
		if (type == HANDSHAKE)
			decode_record(d, body, &begun);
		else
			begun.n = 0;
		if (type == ALERT && body.claim == 2) {
			take(d, &body, &tls_fields[TLS_ALERT_LEVEL]);
			take(d, &body, &tls_fields[TLS_ALERT]);
		}
	}
}

static void part_line(struct summary *l, const char *name, bool *first)
{
	summary_puts(l, *first ? " " : ", ");
	summary_puts(l, name);
	*first = false;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true, encrypted = false;

	summary_puts(l, "TLS");
	for (; v < end; v++) {
		unsigned index = summary_index(l, v);
		bool record =
		    index == TLS_CONTENT_TYPE || index == TLS_OPAQUE_TYPE;

		if (record && encrypted)
			part_line(l, "Encrypted Handshake", &first);
		if (record)
			encrypted = v->num == HANDSHAKE;
		if (record && !encrypted)
			part_line(l,
				  names_or(tls_fields[TLS_CONTENT_TYPE].names,
					   v->num, "unknown"),
				  &first);
		if (index == TLS_HS_TYPE) {
			encrypted = false;
			part_line(
			    l, names_or(tls_handshake_names, v->num, "unknown"),
			    &first);
		} else if (index == TLS_SERVER_NAME) {
			summary_puts(l, " ");
			summary_text(l, v);
		}
	}
	if (encrypted)
		part_line(l, "Encrypted Handshake", &first);
}

static const struct key keys[] = {
    {KEY_TCP_PORT, 443}, {KEY_TCP_PORT, 465}, {KEY_TCP_PORT, 563},
    {KEY_TCP_PORT, 636}, {KEY_TCP_PORT, 853}, {KEY_TCP_PORT, 989},
    {KEY_TCP_PORT, 990}, {KEY_TCP_PORT, 992}, {KEY_TCP_PORT, 993},
    {KEY_TCP_PORT, 994}, {KEY_TCP_PORT, 995}, {KEY_TCP_PORT, 8443},
    {KEY_TCP_GUESS, 0}};

const struct proto proto_tls = {
    "tls",
    "Transport Layer Security",
    PROTO_TABLES(tls_fields, keys),
    .listed = LISTED_BEGUN,
    .also = PROTO_x509,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
    .fits = fits,
    .on_message = tls_follow,
    .free_state = tls_forget,
};
