/* TCP's fixed header, and the segment that a conversation is asked about. */
#ifndef DECODE_FLOW_TCP_HEADER_H
#define DECODE_FLOW_TCP_HEADER_H

#include "base/be.h"
#include "decode/flow/tcp_reassembly.h"

/* The fixed header. */
struct tcp_header {
	uint16_t sport, dport, window, urgent;
	uint32_t seq, ack;
	unsigned raw; /* flags, and the header's length in the highest 4 bits */
};

/* All of it at once; p: 20 bytes. */
static inline void tcp_header_read(struct tcp_header *h, const uint8_t *p)
{
	h->sport = be16(p);
	h->dport = be16(p + 2);
	h->seq = be32(p + 4);
	h->ack = be32(p + 8);
	h->raw = be16(p + 12);
	h->window = be16(p + 14);
	h->urgent = be16(p + 18);
}

/*
 * What the conversation is asked about a segment that has len bytes of
 * payload; options and payload as far as captured, the payload with the state
 * that the header ended in.
 */
static inline void tcp_segment(struct segment *seg, const struct tcp_header *h,
			       uint32_t len, const struct cur *options,
			       const struct cur *payload, const struct pkt *pkt)
{
	*seg = (struct segment){
	    .seq = h->seq,
	    .ack = h->ack,
	    .len = len,
	    .flags = h->raw & 0xfff,
	    .window = h->window,
	    .sport = h->sport,
	    .dport = h->dport,
	    .time_ns = pkt->time_ns,
	    .number = pkt->number,
	    .payload = *payload,
	    .options = *options,
	    .whole =
		payload->state == CUR_OK && cur_left(payload) >= payload->claim,
	};
}

#endif
