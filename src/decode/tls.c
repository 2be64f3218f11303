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
#include "decode/memo.h"
#include "decode/proto.h"

enum {
	TLS_CONTENT_TYPE,
	TLS_OPAQUE_TYPE,
	TLS_VERSION,
	TLS_LENGTH,
	TLS_HS_TYPE,
	TLS_HS_LENGTH,
	TLS_HS_VERSION,
	TLS_RANDOM,
	TLS_SESSION_ID,
	TLS_CIPHERSUITE,
	TLS_CIPHERSPEC,
	TLS_EXT_TYPE,
	TLS_SERVER_NAME,
	TLS_ALPN,
	TLS_SUPPORTED_VERSION,
	TLS_ALERT_LEVEL,
	TLS_ALERT,
};

enum { CHANGE_CIPHER = 20, ALERT, HANDSHAKE, APPLICATION, HEARTBEAT };
enum { HELLO_REQUEST = 0, CLIENT_HELLO = 1, SERVER_HELLO = 2 };
enum { SSL2 = 0x0002 };
enum { EXT_SERVER_NAME = 0, EXT_ALPN = 16, EXT_VERSIONS = 43 };

static const struct names content_names[] = {
    {CHANGE_CIPHER, "Change Cipher Spec"},
    {ALERT, "Alert"},
    {HANDSHAKE, "Handshake"},
    {APPLICATION, "Application Data"},
    {HEARTBEAT, "Heartbeat"},
    {0, NULL},
};

static const struct names version_names[] = {{SSL2, "SSL 2.0"},
					     {0x0300, "SSL 3.0"},
					     {0x0301, "TLS 1.0"},
					     {0x0302, "TLS 1.1"},
					     {0x0303, "TLS 1.2"},
					     {0x0304, "TLS 1.3"},
					     {0, NULL}};

static const struct names handshake_names[] = {
    {HELLO_REQUEST, "Hello Request"}, {CLIENT_HELLO, "Client Hello"},
    {SERVER_HELLO, "Server Hello"},   {4, "New Session Ticket"},
    {8, "Encrypted Extensions"},      {11, "Certificate"},
    {12, "Server Key Exchange"},      {13, "Certificate Request"},
    {14, "Server Hello Done"},	      {15, "Certificate Verify"},
    {16, "Client Key Exchange"},      {20, "Finished"},
    {22, "Certificate Status"},	      {0, NULL},
};

#define UINT(index, nm, tt, octets, named, more)                               \
	[index] = {                                                            \
	    "tls." nm,	    tt, named, .type = FIELD_UINT, .width = (octets),  \
	    .flags = (more)}

static const struct field fields[] = {
    UINT(TLS_CONTENT_TYPE, "record.content_type", "Content type", 1,
	 content_names, FIELD_LINE),
    UINT(TLS_OPAQUE_TYPE, "record.opaque_type", "Opaque type", 1, content_names,
	 FIELD_LINE),
    UINT(TLS_VERSION, "record.version", "Version", 2, version_names,
	 FIELD_HEX | FIELD_LINE),
    UINT(TLS_LENGTH, "record.length", "Length", 2, NULL, 0),
    UINT(TLS_HS_TYPE, "handshake.type", "Handshake type", 1, handshake_names,
	 FIELD_LINE),
    UINT(TLS_HS_LENGTH, "handshake.length", "Length", 3, NULL, 0),
    UINT(TLS_HS_VERSION, "handshake.version", "Version", 2, version_names,
	 FIELD_HEX),
    [TLS_RANDOM] = {"tls.handshake.random", "Random", .type = FIELD_OCTETS,
		    .width = 32},
    [TLS_SESSION_ID] = {"tls.handshake.session_id", "Session id",
			.type = FIELD_OCTETS},
    UINT(TLS_CIPHERSUITE, "handshake.ciphersuite", "Cipher suite", 2, NULL,
	 FIELD_HEX),
    UINT(TLS_CIPHERSPEC, "handshake.cipherspec", "Cipher specification", 3,
	 NULL, FIELD_HEX),
    UINT(TLS_EXT_TYPE, "handshake.extension.type", "Extension", 2, NULL, 0),
    [TLS_SERVER_NAME] = {"tls.handshake.extensions_server_name", "Server name",
			 .type = FIELD_TEXT, .flags = FIELD_LINE},
    [TLS_ALPN] = {"tls.handshake.extensions_alpn_str", "Application protocol",
		  .type = FIELD_TEXT},
    UINT(TLS_SUPPORTED_VERSION, "handshake.extensions.supported_version",
	 "Supported version", 2, version_names, FIELD_HEX),
    UINT(TLS_ALERT_LEVEL, "alert_message.level", "Alert level", 1, NULL, 0),
    UINT(TLS_ALERT, "alert_message.desc", "Alert", 1, NULL, 0),
};

static bool guess(struct cur c)
{
	unsigned type = cur_u8(&c), major = cur_u8(&c), minor = cur_u8(&c);
	unsigned len = cur_be16(&c);

	return c.state == CUR_OK && type >= CHANGE_CIPHER &&
	       type <= HEARTBEAT && major == 3 && minor <= 4 && len > 0 &&
	       len <= 16384 + 2048;
}

static bool message(struct cur c, struct framing *f)
{
	unsigned type;

	if (cur_left(&c) < 5) {
		type = *c.pos;
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
	/* nobody can read the rest */
	if (type == APPLICATION)
		f->keep = 5;
	return true;
}

static void decode_server_name(struct dissect *d, struct cur *c)
{
	unsigned type, len;

	cur_skip(c, 2);
	while (c->state == CUR_OK && c->claim >= 3) {
		type = cur_u8(c);
		len = cur_be16(c);
		if (type != 0) {
			cur_skip(c, len);
			continue;
		}
		take_octets(d, c, &fields[TLS_SERVER_NAME], len);
	}
}

static void decode_alpn(struct dissect *d, struct cur *c)
{
	cur_skip(c, 2);
	while (c->state == CUR_OK && c->claim >= 1)
		take_octets(d, c, &fields[TLS_ALPN], cur_u8(c));
}

static void decode_versions(struct dissect *d, struct cur *c, bool client)
{
	if (client)
		cur_skip(c, 1);
	while (c->state == CUR_OK && c->claim >= 2)
		take(d, c, &fields[TLS_SUPPORTED_VERSION]);
}

static void decode_extensions(struct dissect *d, struct cur *c, bool client)
{
	unsigned type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 4) {
		type = (unsigned)take(d, c, &fields[TLS_EXT_TYPE]);
		len = cur_be16(c);
		body = cur_part(c, len);
		if (body.claim == 0)
			continue;
		if (type == EXT_SERVER_NAME)
			decode_server_name(d, &body);
		else if (type == EXT_ALPN)
			decode_alpn(d, &body);
		else if (type == EXT_VERSIONS)
			decode_versions(d, &body, client);
	}
}

static void decode_hello(struct dissect *d, struct cur *c, bool client)
{
	struct cur part;

	take(d, c, &fields[TLS_HS_VERSION]);
	take(d, c, &fields[TLS_RANDOM]);
	part = cur_part(c, cur_u8(c));
	if (part.claim)
		take_octets(d, &part, &fields[TLS_SESSION_ID], part.claim);
	if (client) {
		part = cur_part(c, cur_be16(c));
		while (part.state == CUR_OK && part.claim >= 2)
			take(d, &part, &fields[TLS_CIPHERSUITE]);
		cur_skip(c, cur_u8(c)); /* compression methods */
	} else {
		take(d, c, &fields[TLS_CIPHERSUITE]);
		cur_skip(c, 1);
	}
	if (c->state != CUR_OK || c->claim < 2)
		return;
	part = cur_part(c, cur_be16(c));
	decode_extensions(d, &part, client);
}

/* What makes no sense as a handshake message is encrypted. */
static bool is_message(struct cur c)
{
	unsigned type = cur_u8(&c), len = (unsigned)cur_u8(&c) << 16;

	len |= cur_be16(&c);
	return c.state == CUR_OK && names_get(handshake_names, type) &&
	       len <= c.claim &&
	       /* this one comes alone; more is a counter, which starts so */
	       (type != HELLO_REQUEST || c.claim == 0);
}

static void decode_handshake(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type;

	while (c->state == CUR_OK && c->claim >= 4 && is_message(*c)) {
		type = (unsigned)take(d, c, &fields[TLS_HS_TYPE]);
		body = cur_part(c, take(d, c, &fields[TLS_HS_LENGTH]));
		if (type == CLIENT_HELLO || type == SERVER_HELLO)
			decode_hello(d, &body, type == CLIENT_HELLO);
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
	       (*look.pos == CLIENT_HELLO || *look.pos == SERVER_HELLO);
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
	       type == CLIENT_HELLO &&
	       (version == SSL2 || (version >= 0x0300 && version <= 0x0303));
}

static void decode_old_hello(struct dissect *d, struct cur *c)
{
	unsigned i, suites, id;

	note(d, &fields[TLS_VERSION], SSL2);
	note(d, &fields[TLS_LENGTH], cur_be16(c) & 0x7fff);
	take(d, c, &fields[TLS_HS_TYPE]);
	take(d, c, &fields[TLS_HS_VERSION]);
	suites = cur_be16(c) / 3;
	id = cur_be16(c);
	cur_skip(c, 2);
	for (i = 0; i < suites && c->state == CUR_OK; i++)
		take(d, c, &fields[TLS_CIPHERSPEC]);
	if (id)
		take_octets(d, c, &fields[TLS_SESSION_ID], id);
}

/* QUIC has messages without records around them. */
static bool in_quic(const struct dissect *d)
{
	return d->n_layers > 1 && d->layer[-1].id == PROTO_quic;
}

static void decode(struct dissect *d, struct cur *c)
{
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
		type = *c->pos;
		opaque = type == APPLICATION && d->memo & MEMO_TLS13;
		take(d, c,
		     &fields[opaque ? TLS_OPAQUE_TYPE : TLS_CONTENT_TYPE]);
		take(d, c, &fields[TLS_VERSION]);
		len = (unsigned)take(d, c, &fields[TLS_LENGTH]);
		d->layer->fact[0] = 1;
		/* the rest of the record is in segments to come */
		if (len > cur_left(c)) {
			body = *c;
			cur_skip(c, cur_left(c));
		} else {
			body = cur_part(c, len);
		}
		if (type == HANDSHAKE) {
			decode_handshake(d, &body);
		} else if (type == ALERT && body.claim == 2) {
			take(d, &body, &fields[TLS_ALERT_LEVEL]);
			take(d, &body, &fields[TLS_ALERT]);
		}
	}
}

static void part_line(struct line *l, const char *name, bool *first)
{
	line_puts(l, *first ? " " : ", ");
	line_puts(l, name);
	*first = false;
}

static void summary(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true, encrypted = false;

	line_puts(l, "TLS");
	for (; v < end; v++) {
		unsigned index = line_index(l, v);
		bool record =
		    index == TLS_CONTENT_TYPE || index == TLS_OPAQUE_TYPE;

		if (record && encrypted)
			part_line(l, "Encrypted Handshake", &first);
		if (record)
			encrypted = v->num == HANDSHAKE;
		if (record && !encrypted)
			part_line(l, names_or(content_names, v->num, "unknown"),
				  &first);
		if (index == TLS_HS_TYPE) {
			encrypted = false;
			part_line(l,
				  names_or(handshake_names, v->num, "unknown"),
				  &first);
		} else if (index == TLS_SERVER_NAME) {
			line_puts(l, " ");
			line_text(l, v);
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
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .message = message,
};
