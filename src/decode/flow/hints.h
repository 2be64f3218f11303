/*
 * What later packets of a conversation need from earlier ones to be decoded.
 * It is learnt where conversations are looked up, in the order of packets
 * (flow_table.h), and handed to decoders as dissect.hints.
 */
#ifndef DECODE_FLOW_HINTS_H
#define DECODE_FLOW_HINTS_H

#include "base/cursor.h"

enum {
	/* TCP: the server has chosen TLS 1.3 */
	HINT_TLS13 = 1,
	/* UDP: it is QUIC; the lowest byte is 1 + the length of the receiver's
	   connection id, or 0 if that is not known */
	HINT_QUIC = 0x100,
	HINT_QUIC_ID = 0xff,
	/* UDP: media that a session description announced */
	HINT_RTP = 0x200,
	HINT_RTCP = 0x400,
	/* UDP: a file that a request of TFTP asked for */
	HINT_TFTP = 0x800,
	/* UDP: there were messages of STUN, so there may be channels of TURN */
	HINT_STUN = 0x1000,
	/* UDP: these media are encrypted but for their headers */
	HINT_SRTP = 0x2000,
};

/* Does this ServerHello, or HelloRetryRequest, from its version on, choose
   TLS 1.3? */
bool hints_is_tls13(struct cur hello);

/* What a segment says: HINT_TLS13 or 0. */
unsigned hints_of_segment(struct cur payload);

/* What a datagram says: 1 + the length of its sender's QUIC connection id, or
   0. */
unsigned hints_of_datagram(struct cur payload);

/* Is this datagram a message of STUN (RFC 8489)? */
static inline bool is_stun(const struct cur *payload)
{
	const uint8_t *p = cur_here(payload);

	return cur_left(payload) >= 20 && p[0] < 4 && p[4] == 0x21 &&
	       p[5] == 0x12 && p[6] == 0xa4 && p[7] == 0x42;
}

#endif
