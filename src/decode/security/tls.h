/* What the files of TLS share: its fields, and hellos. */
#ifndef DECODE_SECURITY_TLS_H
#define DECODE_SECURITY_TLS_H

#include "decode/proto.h"

enum tls_index {
	TLS_CONTENT_TYPE,
	TLS_OPAQUE_TYPE,
	TLS_VERSION,
	TLS_LENGTH,
	TLS_HS_TYPE,
	TLS_HS_LENGTH,
	TLS_HS_VERSION,
	TLS_RANDOM,
	TLS_RANDOM_TIME,
	TLS_RANDOM_BYTES,
	TLS_SESSION_ID_LENGTH,
	TLS_SESSION_ID,
	TLS_CIPHERSUITES_LENGTH,
	TLS_CIPHERSUITE,
	TLS_CIPHERSPEC,
	TLS_COMP_LENGTH,
	TLS_COMP,
	TLS_EXTS_LENGTH,
	TLS_EXT_TYPE,
	TLS_EXT_LENGTH,
	TLS_EXT_DATA,
	TLS_SERVER_NAMES_LENGTH,
	TLS_SERVER_NAME_TYPE,
	TLS_SERVER_NAME_LENGTH,
	TLS_SERVER_NAME,
	TLS_STATUS_TYPE,
	TLS_STATUS_IDS_LENGTH,
	TLS_STATUS_EXTS_LENGTH,
	TLS_GROUPS_LENGTH,
	TLS_GROUP,
	TLS_FORMATS_LENGTH,
	TLS_FORMAT,
	TLS_SIGS_LENGTH,
	TLS_SIG,
	TLS_SIG_HASH,
	TLS_SIG_SIG,
	TLS_HEARTBEAT,
	TLS_ALPN_LENGTH,
	TLS_ALPN_STR_LENGTH,
	TLS_ALPN,
	TLS_PADDING,
	TLS_COMPRESS_LENGTH,
	TLS_COMPRESS,
	TLS_RECORD_SIZE_LIMIT,
	TLS_SUPPORTED_LENGTH,
	TLS_SUPPORTED_VERSION,
	TLS_COOKIE_LENGTH,
	TLS_COOKIE,
	TLS_PSK_LENGTH,
	TLS_PSK_ID_LENGTH,
	TLS_PSK_ID,
	TLS_PSK_AGE,
	TLS_PSK_BINDERS,
	TLS_PSK_SELECTED,
	TLS_PSK_MODES_LENGTH,
	TLS_PSK_MODE,
	TLS_SHARES_LENGTH,
	TLS_SHARE_GROUP,
	TLS_SHARE_LENGTH,
	TLS_SHARE,
	TLS_SHARE_SELECTED,
	TLS_ALPS_LENGTH,
	TLS_ALPS_STR_LENGTH,
	TLS_ALPS,
	TLS_NPN_LENGTH,
	TLS_NPN,
	TLS_RENEG_LENGTH,
	TLS_RENEG,
	TLS_TICKET_LIFETIME,
	TLS_TICKET_LENGTH,
	TLS_TICKET,
	TLS_CERTS_LENGTH,
	TLS_CERT_LENGTH,
	TLS_CERT,
	TLS_JA3_FULL,
	TLS_JA3,
	TLS_JA3S_FULL,
	TLS_JA3S,
	TLS_JA4,
	TLS_JA4_RAW,
	TLS_ALERT_LEVEL,
	TLS_ALERT,
	TLS_SHARED, /* with DTLS are those before; then: */
	/* transport parameters of QUIC (RFC 9000, section 18); those with
	   values of their own have fields from here on */
	TLS_QP_TYPE = TLS_SHARED,
	TLS_QP_LENGTH,
	TLS_QP_VALUE,
	TLS_QP_KNOWN,
	TLS_QP_LAST = TLS_QP_KNOWN + 23,
	TLS_FIELDS
};

extern const struct field tls_fields[TLS_FIELDS];
extern const struct names tls_handshake_names[], tls_content_names[];
extern const struct names tls_group_names[];
extern const struct names tls_suite_names[];
extern const struct names tls_alert_names[];
extern const struct names tls_alert_level_names[];

enum {
	TLS_HELLO_REQUEST = 0,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_VERIFY_REQUEST = 3, /* of DTLS */
};

/* What carries the messages of a handshake. */
enum tls_carrier { TLS_STREAM, TLS_QUIC, TLS_DATAGRAM };

/* What fingerprints are made of: parts of a hello, in the packet. */
struct tls_hello {
	bool client, has_name;
	enum tls_carrier carrier;
	unsigned version;
	struct cur suites;     /* client's; a server's one */
	struct cur extensions; /* type (2), length (2), bytes */
	/* their lists, without lengths; empty if not there */
	struct cur groups, formats, sigs, alpn, versions;
};

/* The body of a ClientHello or ServerHello, or certificates before TLS 1.3,
   whose are encrypted. The layer's fields are tls_fields, or begin as these. */
void tls_decode_hello(struct dissect *d, struct cur *c, bool client,
		      enum tls_carrier carrier);
void tls_decode_certificates(struct dissect *d, struct cur *c);

/* JA3 and JA4 of a client's, JA3S of a server's hello. */
void tls_note_prints(struct dissect *d, const struct tls_hello *hello);

/* Is this number one that is only there to be ignored (RFC 8701)? */
static inline bool tls_is_grease(unsigned n)
{
	return (n & 0x0f0f) == 0x0a0a && n >> 8 == (n & 0xff);
}

/* The bytes of extension quic_transport_parameters. */
void tls_decode_quic(struct dissect *d, struct cur *c);

/* What only hellos of DTLS have: a cookie, and the extension use_srtp. */
void dtls_decode_cookie(struct dissect *d, struct cur *c);
void dtls_decode_srtp(struct dissect *d, struct cur *c);

/* In struct app_state's word: it is TLS 1.3; and from this bit
   on, how many records of handshakes there were. */
enum { TLS_WORD_13 = 4, TLS_WORD_COUNT = 8 };

/* struct proto's on_message() and free_state(). */
void tls_follow(struct app_message *msg);
void tls_forget(struct app_state *app, size_t *bytes);

/* A record of a handshake begins: the note on it, if it goes on with a message
   that an earlier one began, or NULL. Its messages are then tls_noted(). */
const struct stream_note *tls_note(struct dissect *d);
struct cur tls_noted(const struct stream_note *note);

#endif
