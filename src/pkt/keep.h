/*
 * Octets of packets that are kept for another thread: held where they are if
 * the source lends them, else copied.
 */
#ifndef PKT_KEEP_H
#define PKT_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hold.h"

/* Few, so that who keeps them for long leaves the source enough to go on. */
#define KEEP_HOLDS 3

/* All zero: nothing is kept. */
struct keep {
	struct hold *holds[KEEP_HOLDS];
	size_t n_holds;
	uint8_t *copies; /* owned */
	size_t used, cap;
	size_t octets; /* kept in all */
};

/*
 * Keep the n octets at p, which may lie in what is lent (NULL: nothing is).
 * Copies are at most `most` octets in all, or one that is longer. Returns where
 * they are until keep_release(). NULL: there is no room beside what is kept;
 * if nothing is, no memory.
 */
const uint8_t *keep_octets(struct keep *k, struct hold *lent, const uint8_t *p,
			   size_t n, size_t most);

/* Nothing is needed any more. Copies may be looked at until the next
   keep_octets(). */
void keep_release(struct keep *k);

/* And free the room for copies. */
void keep_fini(struct keep *k);

#endif
