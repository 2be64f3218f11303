/* The stage that selects: it hands on the packets that all its picks keep. */
#ifndef PKT_SIFT_H
#define PKT_SIFT_H

#include "pkt/flow.h"
#include "pkt/pick.h"

/* How many picks one sift holds at most. */
#define SIFT_PICKS 24

/*
 * A stage without picks, in front of next, which it owns. NULL: no memory
 * (next is closed).
 */
struct sink *sift_open(struct sink *next, struct err *err);

/*
 * Ask pick too, after those added before; the sift owns it, whatever happens.
 * A NULL pick is refused and *err left as it is, so that the call can be
 * nested: sift_add(s, limit_open(n, err), err).
 */
bool sift_add(struct sink *sift, struct pick *pick, struct err *err);

/* From now on do not end the run when a pick says STOP. */
void sift_go_on(struct sink *sift);

/* How many packets came in and went on. */
void sift_counts(const struct sink *sift, uint64_t *in, uint64_t *out);

#endif
