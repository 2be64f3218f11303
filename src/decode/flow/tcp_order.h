/*
 * One direction of a TCP conversation, its payload put in order: overlapping
 * and retransmitted bytes are trimmed, early segments are held until the gap
 * before them is filled or has to be given up. This is the only place that
 * orders segments: messages (tcp_reassembly.h) and the payload of one
 * conversation (output/stream_print.h) are made of what it hands out.
 */
#ifndef DECODE_FLOW_TCP_ORDER_H
#define DECODE_FLOW_TCP_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TCP_ORDER_MOST = 1 << 20 }; /* bytes that holding takes at most */

struct tcp_held;

/* All zero at first. */
struct tcp_order {
	bool begun;
	uint32_t next;		      /* the sequence number that is due */
	struct tcp_held *held, *last; /* by sequence number */
	size_t bytes;		      /* that holding takes */
	unsigned n;		      /* segments that are held */
};

/* A segment's payload of len bytes from seq on; n were captured. */
struct tcp_payload {
	uint32_t seq, len;
	const uint8_t *bytes;
	size_t n;
	uint64_t number; /* of the packet */
};

/* What is due: n bytes of one packet, or none where `missing` bytes were not
   captured. */
struct tcp_piece {
	const uint8_t *bytes;
	size_t n;
	uint32_t missing;
	uint64_t number;
	bool held; /* the bytes were held, and are freed after this call */
};

typedef void tcp_order_out(void *with, const struct tcp_piece *piece);

/* Is a later than b? Sequence numbers wrap. */
static inline bool tcp_later(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

/* The sequence number after the last byte that is held; something is. */
uint32_t tcp_order_held_end(const struct tcp_order *o);

/* The first byte that is due, unless that is known. */
void tcp_order_begin(struct tcp_order *o, uint32_t seq);

/* A segment's payload, which is borrowed. What is due now goes out. false: it
   is early, and there is no memory to hold it. */
bool tcp_order_add(struct tcp_order *o, const struct tcp_payload *payload,
		   tcp_order_out *out, void *with);

/* The other side acknowledged everything before ack, so gaps before that are
   not going to be filled. */
void tcp_order_acked(struct tcp_order *o, uint32_t ack, tcp_order_out *out,
		     void *with);

/* Give up the gap before what is held first, if something is. */
void tcp_order_skip_gap(struct tcp_order *o, tcp_order_out *out, void *with);

/* Nothing else comes: whatever is held, with the gaps. */
void tcp_order_end(struct tcp_order *o, tcp_order_out *out, void *with);

/* Forget everything. */
void tcp_order_clear(struct tcp_order *o);

#endif
