/*
 * What later conversations will carry, as others announce it: media, by SIP and
 * MGCP messages with session descriptions (RFC 3261, 3435, 8866) and by RTSP
 * (RFC 7826, 2326); files, by requests of TFTP (RFC 1350). Read where
 * conversations are looked up, before anything is decoded.
 */
#ifndef DECODE_FLOW_EXPECT_H
#define DECODE_FLOW_EXPECT_H

#include <string.h>

#include "base/addr.h"
#include "base/cursor.h"

enum {
	/* datagrams from and to these are worth a look: */
	EXPECT_SIP = 5060,
	EXPECT_MGCP_GATEWAY = 2427,
	EXPECT_MGCP_AGENT = 2727,
	EXPECT_TFTP = 69,  /* to it only */
	EXPECT_RTSP = 554, /* segments from it */
	EXPECT_MOST = 32,  /* places in one message that are heeded */
};

/* What is expected at a place. */
enum expected_kind {
	EXPECTED_RTP, /* with RTCP on the next port */
	EXPECTED_RTP_ALONE,
	EXPECTED_RTCP,
	EXPECTED_TFTP
};

struct expectation {
	struct addr addr;
	uint16_t port;
	uint8_t kind;
	bool secret; /* SRTP (RFC 3711) */
};

/* May a datagram with these ports, or with this payload, announce anything? */
static inline bool may_expect(uint16_t src, uint16_t dst,
			      const struct cur *payload)
{
	if (cur_left(payload) > 12 && (cur_starts(payload, "SIP/2.0 ") ||
				       cur_starts(payload, "INVITE sip:")))
		return true;
	return src == EXPECT_SIP || dst == EXPECT_SIP ||
	       src == EXPECT_MGCP_GATEWAY || dst == EXPECT_MGCP_GATEWAY ||
	       src == EXPECT_MGCP_AGENT || dst == EXPECT_MGCP_AGENT;
}

/* The media that a session description in a message announces. How many, up to
   EXPECT_MOST. */
unsigned expect_read(struct cur payload, struct expectation *to);

/* The ports for media that an answer of RTSP announces to its receiver, without
   addresses: likewise. */
unsigned expect_rtsp(struct cur payload, struct expectation *to);

/* Is this a request of TFTP? */
bool expect_tftp(struct cur payload);

#endif
