/*
 * What later conversations will carry, as others announce it: media, by SIP and
 * MGCP messages with session descriptions (RFC 3261, 3435, 8866) and by RTSP
 * (RFC 7826, 2326); files, by requests of TFTP (RFC 1350). Read where
 * conversations are looked up, before anything is decoded.
 */
#ifndef DECODE_FLOW_ANNOUNCE_H
#define DECODE_FLOW_ANNOUNCE_H

#include "base/addr.h"
#include "base/cursor.h"

enum {
	/* datagrams from and to these are worth a look: */
	ANNOUNCE_SIP = 5060,
	ANNOUNCE_MGCP_GATEWAY = 2427,
	ANNOUNCE_MGCP_AGENT = 2727,
	ANNOUNCE_TFTP = 69,  /* to it only */
	ANNOUNCE_RTSP = 554, /* segments from it */
	ANNOUNCE_MOST = 8,   /* places in one message that are heeded */
};

/* What is expected at a place. */
enum announced_kind { ANNOUNCED_RTP, ANNOUNCED_RTCP, ANNOUNCED_TFTP };

struct announced {
	struct addr addr;
	uint16_t port;
	uint8_t kind;
};

/* May a datagram with these ports announce anything? */
static inline bool announces(uint16_t src, uint16_t dst)
{
	return src == ANNOUNCE_SIP || dst == ANNOUNCE_SIP ||
	       src == ANNOUNCE_MGCP_GATEWAY || dst == ANNOUNCE_MGCP_GATEWAY ||
	       src == ANNOUNCE_MGCP_AGENT || dst == ANNOUNCE_MGCP_AGENT;
}

/* The media that a session description in a message announces: RTP places,
   each of which has RTCP on the next port. How many, up to ANNOUNCE_MOST. */
unsigned announce_read(struct cur payload, struct announced *to);

/* The ports for media that an answer of RTSP announces to its receiver, without
   addresses: likewise. */
unsigned announce_rtsp(struct cur payload, struct announced *to);

/* Is this a request of TFTP? */
bool announce_tftp(struct cur payload);

#endif
