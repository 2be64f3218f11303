/*
 * Where media will flow, as SIP messages with session descriptions (RFC 3261,
 * 8866) announce it. Read where conversations are looked up, before anything
 * is decoded.
 */
#ifndef DECODE_ANNOUNCE_H
#define DECODE_ANNOUNCE_H

#include "base/addr.h"
#include "base/cursor.h"

enum {
	ANNOUNCE_PORT = 5060, /* datagrams from and to it are worth a look */
	ANNOUNCE_MOST = 8,    /* places in one message that are heeded */
};

/* RTP is expected here, and RTCP on the next port. */
struct announced {
	struct addr addr;
	uint16_t port;
};

/* The places that a message announces: how many there are, up to
   ANNOUNCE_MOST. */
unsigned announce_read(struct cur payload, struct announced *to);

#endif
