/*
 * Hellos of TLS (RFC 8446, section 4.1; RFC 5246, section 7.4.1):
 *
 *	version (2), random (32), length (1) and session id,
 *	client: length (2) and cipher suites (2 each), length (1) and
 *compression methods (1 each) server: cipher suite (2), compression method (1)
 *	length (2) and extensions: type (2), length (2), ...
 *
 * Up to draft 21 of TLS 1.3 its ServerHello had neither a session id nor a
 * compression method.
 */
#include "base/num.h"
#include "decode/flow/hints.h"
#include "decode/security/tls.h"
#include "decode/security/x509.h"

enum {
	SERVER_NAME = 0,
	STATUS_REQUEST = 5,
	GROUPS = 10,
	POINT_FORMATS = 11,
	SIGNATURES = 13,
	USE_SRTP = 14,
	HEARTBEAT = 15,
	ALPN = 16,
	TIMESTAMPS = 18,
	PADDING = 21,
	ENCRYPT_THEN_MAC = 22,
	EXTENDED_MASTER = 23,
	COMPRESS = 27,
	RECORD_SIZE = 28,
	EARLY_DATA = 42,
	PSK = 41,
	VERSIONS = 43,
	COOKIE = 44,
	PSK_MODES = 45,
	POST_HANDSHAKE = 49,
	SIGNATURES_CERT = 50,
	KEY_SHARE = 51,
	QUIC = 57,
	QUIC_DRAFT = 0xffa5,
	NPN = 13172,
	ALPS = 17513,
	RENEGOTIATION = 0xff01,
};

/* A list after its length, which is recorded. */
static struct cur take_list(struct dissect *d, struct cur *c, unsigned length)
{
	return cur_part(c, take(d, c, &d->fields[length]));
}

/* The same of numbers. Returns the list. */
static struct cur take_numbers(struct dissect *d, struct cur *c,
			       unsigned length, unsigned field)
{
	const struct field *f = &d->fields[field];
	struct cur list = take_list(d, c, length), all = list;

	while (list.state == CUR_OK && list.claim >= f->width)
		take(d, &list, f);
	return all;
}

/* The same of texts after their lengths. */
static struct cur take_texts(struct dissect *d, struct cur *c, unsigned length,
			     unsigned text_length, unsigned text)
{
	struct cur list = take_list(d, c, length), all = list;

	while (list.state == CUR_OK && list.claim >= 1)
		take_bytes(d, &list, &d->fields[text],
			   take(d, &list, &d->fields[text_length]));
	return all;
}

static void decode_server_name(struct dissect *d, struct cur *c)
{
	struct cur list = take_list(d, c, TLS_SERVER_NAMES_LENGTH);
	unsigned type, len;

	while (list.state == CUR_OK && list.claim >= 3) {
		type =
		    (unsigned)take(d, &list, &d->fields[TLS_SERVER_NAME_TYPE]);
		len = (unsigned)take(d, &list,
				     &d->fields[TLS_SERVER_NAME_LENGTH]);
		if (type == 0)
			take_bytes(d, &list, &d->fields[TLS_SERVER_NAME], len);
		else
			cur_skip(&list, len);
	}
}

static void decode_status_request(struct dissect *d, struct cur *c)
{
	take(d, c, &d->fields[TLS_STATUS_TYPE]);
	cur_skip(c, take(d, c, &d->fields[TLS_STATUS_IDS_LENGTH]));
	take(d, c, &d->fields[TLS_STATUS_EXTS_LENGTH]);
}

static struct cur decode_signatures(struct dissect *d, struct cur *c)
{
	struct cur list = take_list(d, c, TLS_SIGS_LENGTH), all = list;
	unsigned sig;

	while (list.state == CUR_OK && list.claim >= 2) {
		sig = (unsigned)take(d, &list, &d->fields[TLS_SIG]);
		if (list.state != CUR_OK)
			break;
		add_uint(d, &d->fields[TLS_SIG_HASH], sig >> 8);
		add_uint(d, &d->fields[TLS_SIG_SIG], sig & 0xff);
	}
	return all;
}

static void decode_share(struct dissect *d, struct cur *c)
{
	take(d, c, &d->fields[TLS_SHARE_GROUP]);
	take_bytes(d, c, &d->fields[TLS_SHARE],
		   take(d, c, &d->fields[TLS_SHARE_LENGTH]));
}

/* A server that asks for another hello says the group only. */
static void decode_key_share(struct dissect *d, struct cur *c, bool client)
{
	struct cur list;

	if (c->claim == 2) {
		take(d, c, &d->fields[TLS_SHARE_SELECTED]);
	} else if (!client) {
		decode_share(d, c);
	} else {
		list = take_list(d, c, TLS_SHARES_LENGTH);
		while (list.state == CUR_OK && list.claim >= 4)
			decode_share(d, &list);
	}
}

/* Extensions that say all by being there. */
static bool is_flag(unsigned type)
{
	return type == TIMESTAMPS || type == ENCRYPT_THEN_MAC ||
	       type == EXTENDED_MASTER || type == EARLY_DATA ||
	       type == POST_HANDSHAKE;
}

static void decode_psk(struct dissect *d, struct cur *c, bool client)
{
	struct cur list;

	if (!client) {
		take(d, c, &d->fields[TLS_PSK_SELECTED]);
		return;
	}
	list = take_list(d, c, TLS_PSK_LENGTH);
	while (list.state == CUR_OK && list.claim >= 2) {
		take_bytes(d, &list, &d->fields[TLS_PSK_ID],
			   take(d, &list, &d->fields[TLS_PSK_ID_LENGTH]));
		take(d, &list, &d->fields[TLS_PSK_AGE]);
	}
	take(d, c, &d->fields[TLS_PSK_BINDERS]);
}

/* An extension that is the same in every hello. */
static void decode_plain_extension(struct dissect *d, struct cur *c,
				   unsigned type)
{
	switch (type) {
	case HEARTBEAT:
		take(d, c, &d->fields[TLS_HEARTBEAT]);
		break;
	case PADDING:
		take_bytes(d, c, &d->fields[TLS_PADDING], c->claim);
		break;
	case COMPRESS:
		take_numbers(d, c, TLS_COMPRESS_LENGTH, TLS_COMPRESS);
		break;
	case RECORD_SIZE:
		take(d, c, &d->fields[TLS_RECORD_SIZE_LIMIT]);
		break;
	case COOKIE:
		take_bytes(d, c, &d->fields[TLS_COOKIE],
			   take(d, c, &d->fields[TLS_COOKIE_LENGTH]));
		break;
	case PSK_MODES:
		take_numbers(d, c, TLS_PSK_MODES_LENGTH, TLS_PSK_MODE);
		break;
	case ALPS:
		take_texts(d, c, TLS_ALPS_LENGTH, TLS_ALPS_STR_LENGTH,
			   TLS_ALPS);
		break;
	case NPN:
		while (c->state == CUR_OK && c->claim >= 1)
			take_bytes(d, c, &d->fields[TLS_NPN],
				   take(d, c, &d->fields[TLS_NPN_LENGTH]));
		break;
	case RENEGOTIATION:
		take_bytes(d, c, &d->fields[TLS_RENEG],
			   take(d, c, &d->fields[TLS_RENEG_LENGTH]));
		break;
	default:
		if (c->claim || !is_flag(type))
			take_bytes(d, c, &d->fields[TLS_EXT_DATA], c->claim);
	}
}

/* Extensions with nothing in them are all alike: lists of no length fail on the
   spot, and record nothing. */
static void decode_extension(struct dissect *d, struct cur *c, unsigned type,
			     struct tls_hello *hello)
{
	switch (type) {
	case SERVER_NAME:
		decode_server_name(d, c);
		break;
	case GROUPS:
		hello->groups =
		    take_numbers(d, c, TLS_GROUPS_LENGTH, TLS_GROUP);
		break;
	case POINT_FORMATS:
		hello->formats =
		    take_numbers(d, c, TLS_FORMATS_LENGTH, TLS_FORMAT);
		break;
	case SIGNATURES:
		hello->sigs = decode_signatures(d, c);
		break;
	case SIGNATURES_CERT:
		decode_signatures(d, c);
		break;
	case ALPN:
		hello->alpn = take_texts(d, c, TLS_ALPN_LENGTH,
					 TLS_ALPN_STR_LENGTH, TLS_ALPN);
		break;
	case VERSIONS:
		if (hello->client)
			hello->versions = take_numbers(
			    d, c, TLS_SUPPORTED_LENGTH, TLS_SUPPORTED_VERSION);
		else
			take(d, c, &d->fields[TLS_SUPPORTED_VERSION]);
		break;
	case KEY_SHARE:
		decode_key_share(d, c, hello->client);
		break;
	case QUIC:
	case QUIC_DRAFT:
		if (hello->carrier != TLS_DATAGRAM)
			tls_decode_quic(d, c);
		break;
	case STATUS_REQUEST:
		if (hello->client)
			decode_status_request(d, c);
		break;
	case USE_SRTP:
		if (hello->carrier == TLS_DATAGRAM)
			dtls_decode_srtp(d, c);
		break;
	case PSK:
		decode_psk(d, c, hello->client);
		break;
	default:
		decode_plain_extension(d, c, type);
	}
}

static void decode_extensions(struct dissect *d, struct cur c,
			      struct tls_hello *hello)
{
	unsigned type, len;
	struct cur body;

	while (c.state == CUR_OK && c.claim >= 4) {
		type = (unsigned)take(d, &c, &d->fields[TLS_EXT_TYPE]);
		len = (unsigned)take(d, &c, &d->fields[TLS_EXT_LENGTH]);
		body = cur_part(&c, len);
		if (type == SERVER_NAME)
			hello->has_name = true;
		if (c.state == CUR_OK)
			decode_extension(d, &body, type, hello);
	}
}

/* Its first bytes were the time, until both ends know TLS 1.3 (RFC 5246,
   7.4.1.2). */
static void decode_random(struct dissect *d, struct cur *c, bool timed)
{
	struct cur random = *c;
	const uint8_t *bytes;
	uint32_t time;

	take(d, c, &d->fields[TLS_RANDOM]);
	if (!timed)
		return;
	time = cur_be32(&random);
	bytes = cur_bytes(&random, 28);
	if (!bytes)
		return;
	add_uint(d, &d->fields[TLS_RANDOM_TIME], time * (uint64_t)NS_PER_S);
	add_bytes(d, &d->fields[TLS_RANDOM_BYTES], bytes, 28);
}

static bool is_early_draft(unsigned version)
{
	return version >= 0x7f00 && version <= 0x7f00 + 21;
}

void tls_decode_hello(struct dissect *d, struct cur *c, bool client,
		      enum tls_carrier carrier)
{
	struct tls_hello hello = {.client = client, .carrier = carrier};
	unsigned n = 0;
	bool draft;

	hello.version = (unsigned)take(d, c, &d->fields[TLS_HS_VERSION]);
	draft = !client && is_early_draft(hello.version);
	decode_random(
	    d, c, carrier != TLS_QUIC && !draft && !(d->hints & HINT_TLS13));
	if (!draft)
		n = (unsigned)take(d, c, &d->fields[TLS_SESSION_ID_LENGTH]);
	if (n)
		take_bytes(d, c, &d->fields[TLS_SESSION_ID], n);
	if (client && carrier == TLS_DATAGRAM)
		dtls_decode_cookie(d, c);
	if (client) {
		hello.suites = take_numbers(d, c, TLS_CIPHERSUITES_LENGTH,
					    TLS_CIPHERSUITE);
		take_numbers(d, c, TLS_COMP_LENGTH, TLS_COMP);
	} else {
		hello.suites = cur_unit(c, 2);
		take(d, c, &d->fields[TLS_CIPHERSUITE]);
		if (!draft)
			take(d, c, &d->fields[TLS_COMP]);
	}
	if (c->state == CUR_OK && c->claim >= 2) {
		hello.extensions = take_list(d, c, TLS_EXTS_LENGTH);
		decode_extensions(d, hello.extensions, &hello);
	}
	/* no fingerprint unless captured whole */
	if (c->state == CUR_OK)
		tls_note_prints(d, &hello);
}

void tls_decode_certificates(struct dissect *d, struct cur *c)
{
	struct cur list = cur_part(c, take(d, c, &d->fields[TLS_CERTS_LENGTH]));
	struct cur one;
	size_t n;

	while (list.state == CUR_OK && list.claim >= 3) {
		n = take(d, &list, &d->fields[TLS_CERT_LENGTH]);
		one = cur_part(&list, n);
		if (list.state != CUR_OK)
			return;
		add_bytes(d, &d->fields[TLS_CERT], cur_here(&one), n);
		x509_decode(d, &one);
	}
}
