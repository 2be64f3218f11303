/*
 * Initial packets of QUIC, which are encrypted with keys that follow from what
 * anybody can see (RFC 9001, section 5; RFC 9369, section 3.3): their headers,
 * the keys, and what is inside.
 */
#ifndef DECODE_LIB_QUIC_OPEN_H
#define DECODE_LIB_QUIC_OPEN_H

#include "base/cursor.h"
#include "decode/lib/crypto.h"

enum {
	QUIC_ID_MOST = 20,
	QUIC_V2 = 0x6b3343cf,
	QUIC_V2_DRAFT = 0x709a50c4,
	/* versions of Google's with TLS and frames of their own */
	QUIC_T050 = 0x54303530,
	QUIC_T051 = 0x54303531,
	QUIC_V1 = 1,
	QUIC_DRAFT29 = 0xff00001d,
};

/* Types of long headers. */
enum { QUIC_INITIAL, QUIC_0RTT, QUIC_HANDSHAKE, QUIC_RETRY };

struct quic_id {
	uint8_t n, bytes[QUIC_ID_MOST];
};

/* A long header. */
struct quic_header {
	const uint8_t *start;
	uint32_t version;
	uint8_t type; /* see above; of no meaning if version is 0 */
	struct quic_id to, from;
	size_t number_at; /* bytes up to the packet number, */
	size_t rest;	  /* and from there, to the packet's end */
};

/* Is this a version of QUIC, or of its negotiation (0)? */
bool quic_is_version(uint32_t version);

/* One that forces a negotiation (RFC 9000, section 15)? */
bool quic_is_reserved(uint32_t version);

/* Version 2, whose packets have other types? */
bool quic_is_v2(uint32_t version);

/* The type of packet that a long header's first byte says. */
unsigned quic_type(unsigned first, uint32_t version);

/* A number whose first two bits say how long it is (RFC 9000, section 16). */
uint64_t quic_varint(struct cur *c);

/* Read a long header and step over its packet. false: it is none. */
bool quic_header_read(struct cur *c, struct quic_header *h);

/* What one side protects its Initials with. */
struct quic_keys {
	uint8_t key[AES_SIZE], iv[GCM_IV_SIZE], mask[AES_SIZE];
};

/* The keys of client and server (in this order) for a connection whose client
   first chose this id. false: a version whose keys are not known. */
bool quic_keys_make(struct crypto *cr, uint32_t version,
		    const struct quic_id *id, struct quic_keys keys[2]);

/* An Initial whose protection was taken off. */
struct quic_initial {
	uint64_t number;
	uint8_t first;	/* its first byte */
	uint8_t length; /* bytes of the packet number */
	bool known;	/* all above is */
	bool opened;	/* the payload was, too */
	uint32_t at, n; /* the payload */
};

/* What of a header's packet is there, and what becomes of it. */
enum quic_outcome {
	QUIC_WRONG,  /* these are not its keys */
	QUIC_PARTLY, /* it was not captured whole: it may be so */
	QUIC_OPENED
};

/* Open a packet; `have` bytes from the header on were captured.
   next: one more than the highest packet number of this side so far. out has
   room for h->rest bytes. */
enum quic_outcome quic_open(struct crypto *cr, const struct quic_keys *keys,
			    const struct quic_header *h, size_t have,
			    uint64_t next, struct quic_initial *initial,
			    uint8_t *out);

#endif
