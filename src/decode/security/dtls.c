/*
 * DTLS (RFC 6347, 9147): TLS in datagrams.
 *
 *	record: type (1), version (2), epoch (2), sequence number (6),
 *		[connection id], length (2), content
 *	handshake: type (1), length (3), message number (2), offset (3) and
 *		length (3) of the fragment that is here, fragment
 *
 * From the second epoch on everything is encrypted. The fields are those of
 * TLS, then its own.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/security/tls.h"

enum {
	DTLS_EPOCH = TLS_SHARED,
	DTLS_SEQUENCE,
	DTLS_MESSAGE,
	DTLS_OFFSET,
	DTLS_FRAGMENT,
	DTLS_HELLO_COOKIE_LENGTH,
	DTLS_HELLO_COOKIE,
	DTLS_SRTP_LENGTH,
	DTLS_SRTP,
	DTLS_MKI_LENGTH,
	DTLS_MKI,
	DTLS_FIELDS
};

enum {
	CHANGE_CIPHER = 20,
	ALERT,
	HANDSHAKE,
	APPLICATION,
	HEARTBEAT,
	CONNECTION_ID,
	HEAD = 13, /* bytes of a record's, */
	MESSAGE_HEAD = 12,
	SESSION_TICKET = 4,
	CERTIFICATE = 11,
	DTLS10 = 0xfeff,
	DTLS12 = 0xfefd,
	OPENSSL = 0x0100, /* before there was a standard */
};

static const struct names version_names[] = {{OPENSSL, "DTLS 1.0 (OpenSSL)"},
					     {DTLS10, "DTLS 1.0"},
					     {DTLS12, "DTLS 1.2"},
					     {0xfefc, "DTLS 1.3"},
					     {0, NULL}};

static const struct names srtp_names[] = {
    {1, "SRTP_AES128_CM_HMAC_SHA1_80"},
    {2, "SRTP_AES128_CM_HMAC_SHA1_32"},
    {5, "SRTP_NULL_HMAC_SHA1_80"},
    {6, "SRTP_NULL_HMAC_SHA1_32"},
    {7, "SRTP_AEAD_AES_128_GCM"},
    {8, "SRTP_AEAD_AES_256_GCM"},
    {0, NULL},
};

#define TLS "dtls."
#define VERSIONS version_names

static const struct field fields[DTLS_FIELDS] = {
#include "decode/security/tls_rows.def"
    [DTLS_EPOCH] = UINT("dtls.record.epoch", "Epoch", 2, 0),
    [DTLS_SEQUENCE] =
	UINT("dtls.record.sequence_number", "Sequence number", 6, 0),
    [DTLS_MESSAGE] = HS("message_seq", "Message sequence", 2, 0),
    [DTLS_OFFSET] = HS("fragment_offset", "Fragment offset", 3, 0),
    [DTLS_FRAGMENT] = HS("fragment_length", "Fragment length", 3, 0),
    [DTLS_HELLO_COOKIE_LENGTH] = HS("cookie_length", "Cookie length", 1, 0),
    [DTLS_HELLO_COOKIE] = HS_BYTES("cookie", "Cookie", 0),
    [DTLS_SRTP_LENGTH] = UINT("dtls.use_srtp.protection_profiles_length",
			      "Protection profiles length", 2, 0),
    [DTLS_SRTP] = NAMED("dtls.use_srtp.protection_profile",
			"Protection profile", 2, FIELD_HEX, srtp_names),
    [DTLS_MKI_LENGTH] = UINT("dtls.use_srtp.mki_length", "MKI length", 1, 0),
    [DTLS_MKI] = BYTES("dtls.use_srtp.mki", "MKI", 0, 0),
};

/* Does a record begin here? */
static bool is_record(struct cur c)
{
	unsigned type = cur_u8(&c), version = cur_be16(&c);

	return c.state == CUR_OK && type >= CHANGE_CIPHER &&
	       type <= CONNECTION_ID &&
	       (version == DTLS10 || version == DTLS12 || version == OPENSSL);
}

/* Records fill the datagram. */
static bool guess(struct cur c)
{
	size_t len;

	while (is_record(c) && c.claim >= HEAD) {
		cur_skip(&c, HEAD - 2);
		len = cur_be16(&c);
		if (c.state != CUR_OK || len > c.claim)
			return false;
		if (len >= cur_left(&c))
			return len == c.claim || cur_left(&c) < c.claim;
		cur_skip(&c, len);
	}
	return false;
}

void dtls_decode_cookie(struct dissect *d, struct cur *c)
{
	size_t n = take(d, c, &fields[DTLS_HELLO_COOKIE_LENGTH]);

	if (n)
		take_bytes(d, c, &fields[DTLS_HELLO_COOKIE], n);
}

void dtls_decode_srtp(struct dissect *d, struct cur *c)
{
	struct cur list = cur_part(c, take(d, c, &fields[DTLS_SRTP_LENGTH]));
	size_t n;

	while (list.state == CUR_OK && list.claim >= 2)
		take(d, &list, &fields[DTLS_SRTP]);
	n = take(d, c, &fields[DTLS_MKI_LENGTH]);
	if (n)
		take_bytes(d, c, &fields[DTLS_MKI], n);
}

static void decode_body(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case TLS_CLIENT_HELLO:
	case TLS_SERVER_HELLO:
		tls_decode_hello(d, c, type == TLS_CLIENT_HELLO, TLS_DATAGRAM);
		break;
	case TLS_VERIFY_REQUEST:
		take(d, c, &fields[TLS_HS_VERSION]);
		dtls_decode_cookie(d, c);
		break;
	case CERTIFICATE:
		tls_decode_certificates(d, c);
		break;
	case SESSION_TICKET:
		take(d, c, &fields[TLS_TICKET_LIFETIME]);
		take_bytes(d, c, &fields[TLS_TICKET],
			   take(d, c, &fields[TLS_TICKET_LENGTH]));
		break;
	}
}

/* Is this a fragment of a message? */
static bool is_fragment(struct cur c)
{
	unsigned type = cur_u8(&c);
	size_t len, at, n;

	len = (size_t)cur_u8(&c) << 16;
	len |= cur_be16(&c);
	cur_skip(&c, 2);
	at = (size_t)cur_u8(&c) << 16;
	at |= cur_be16(&c);
	n = (size_t)cur_u8(&c) << 16;
	n |= cur_be16(&c);
	return c.state == CUR_OK && names_get(tls_handshake_names, type) &&
	       n <= c.claim && at + n <= len;
}

static void decode_handshake(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type;
	uint64_t len, at, n;

	while (c->state == CUR_OK && c->claim >= MESSAGE_HEAD &&
	       is_fragment(*c)) {
		type = (unsigned)take(d, c, &fields[TLS_HS_TYPE]);
		len = take(d, c, &fields[TLS_HS_LENGTH]);
		take(d, c, &fields[DTLS_MESSAGE]);
		at = take(d, c, &fields[DTLS_OFFSET]);
		n = take(d, c, &fields[DTLS_FRAGMENT]);
		body = cur_part(c, n);
		if (at == 0 && n == len)
			decode_body(d, &body, type);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type, epoch;
	size_t len;

	while (c->state == CUR_OK && c->claim >= HEAD && is_record(*c)) {
		type = (unsigned)take(d, c, &fields[TLS_CONTENT_TYPE]);
		take(d, c, &fields[TLS_VERSION]);
		epoch = (unsigned)take(d, c, &fields[DTLS_EPOCH]);
		take(d, c, &fields[DTLS_SEQUENCE]);
		/* the length of a connection id is not in the record */
		if (type == CONNECTION_ID)
			return;
		len = take(d, c, &fields[TLS_LENGTH]);
		body = cur_part(c, len);
		if (epoch)
			continue;
		if (type == HANDSHAKE) {
			decode_handshake(d, &body);
		} else if (type == ALERT && body.claim == 2) {
			take(d, &body, &fields[TLS_ALERT_LEVEL]);
			take(d, &body, &fields[TLS_ALERT]);
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
	unsigned index;

	summary_puts(l, "DTLS");
	for (; v < end; v++) {
		index = summary_index(l, v);
		if (index == TLS_CONTENT_TYPE) {
			if (encrypted)
				part_line(l, "Encrypted Handshake", &first);
			encrypted = v->num == HANDSHAKE;
			if (!encrypted)
				part_line(l,
					  names_or(tls_content_names, v->num,
						   "unknown"),
					  &first);
		} else if (index == TLS_HS_TYPE) {
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
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 5684}, {KEY_UDP_GUESS, 11}};

const struct proto proto_dtls = {
    "dtls",
    "Datagram Transport Layer Security",
    PROTO_TABLES(fields, keys),
    .also = PROTO_x509,
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
