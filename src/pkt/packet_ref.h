/*
 * Bytes of packets that are kept for another thread: held where they are if
 * the source lends them, else copied.
 */
#ifndef PKT_PACKET_REF_H
#define PKT_PACKET_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer_ref.h"

/* Few, so that who keeps them for long leaves the source enough to go on. */
#define PACKET_REF_BUFFERS 3

/* All zero: nothing is kept. */
struct packet_ref {
	struct buffer_ref *holds[PACKET_REF_BUFFERS];
	size_t n_holds;
	uint8_t *copies; /* owned */
	size_t used, cap;
	size_t bytes; /* kept in all */
};

/*
 * Keep the n bytes at p, which may lie in what is lent (NULL: nothing is).
 * Copies are at most `most` bytes in all, or one that is longer. Returns where
 * they are until packet_ref_release(). NULL: there is no room beside what is
 * kept; if nothing is, no memory.
 */
const uint8_t *packet_ref_bytes(struct packet_ref *k, struct buffer_ref *lent,
				const uint8_t *p, size_t n, size_t most);

/* Where nothing is kept yet: let what comes next, n bytes in all, be copied
   whatever the most is. false: no memory. */
bool packet_ref_reserve(struct packet_ref *k, size_t n);

/* Nothing is needed any more. Copies may be looked at until the next
   packet_ref_bytes(). */
void packet_ref_release(struct packet_ref *k);

/* And free the room for copies. */
void packet_ref_fini(struct packet_ref *k);

#endif
