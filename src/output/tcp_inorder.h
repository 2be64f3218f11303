/*
 * One direction of a TCP conversation, its payload put in order: what comes
 * twice is dropped, what comes early is held until the gap before it is
 * filled, or has to be given up.
 */
#ifndef OUTPUT_TCP_INORDER_H
#define OUTPUT_TCP_INORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TCP_INORDER_MOST = 1 << 20 }; /* bytes that are held at most */

struct held;

/* All zero at first. */
struct tcp_inorder {
	bool begun;
	uint32_t next;	   /* the sequence number that is due */
	struct held *held; /* by sequence number */
	size_t bytes;	   /* held */
};

/* Who gets the payload: n bytes, or none where `missing` bytes were not
   captured. */
typedef void tcp_inorder_out(void *with, const uint8_t *bytes, size_t n,
			     uint32_t missing);

/*
 * A segment of len bytes, of which n were captured. syn: it starts the
 * direction. Borrowed. false: no memory.
 */
bool tcp_inorder_add(struct tcp_inorder *in, uint32_t seq, bool syn,
		     const uint8_t *bytes, size_t n, uint32_t len,
		     tcp_inorder_out *out, void *with);

/* The other side acknowledged everything before ack, so gaps before that are
   not going to be filled. */
void tcp_inorder_acked(struct tcp_inorder *in, uint32_t ack,
		       tcp_inorder_out *out, void *with);

/* Nothing else comes: whatever is held, with the gaps. Frees everything. */
void tcp_inorder_end(struct tcp_inorder *in, tcp_inorder_out *out, void *with);

#endif
