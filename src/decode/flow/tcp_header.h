/* TCP's fixed header, and the segment that a conversation is asked about. */
#ifndef DECODE_FLOW_TCP_HEADER_H
#define DECODE_FLOW_TCP_HEADER_H

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
	h->sport = (uint16_t)(p[0] << 8 | p[1]);
	h->dport = (uint16_t)(p[2] << 8 | p[3]);
	h->seq = (uint32_t)p[4] << 24 | (uint32_t)p[5] << 16 |
		 (uint32_t)p[6] << 8 | p[7];
	h->ack = (uint32_t)p[8] << 24 | (uint32_t)p[9] << 16 |
		 (uint32_t)p[10] << 8 | p[11];
	h->raw = (unsigned)p[12] << 8 | p[13];
	h->window = (uint16_t)(p[14] << 8 | p[15]);
	h->urgent = (uint16_t)(p[18] << 8 | p[19]);
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
