/*
 * All packets of every flow with a selected packet, in two passes
 * over the same input.
 *
 * The first pass learns: wholeflows_watch() is its first selector, so that it
 * sees every packet, and wholeflows_learn() is its sink. The second pass
 * selects as the first one did and has wholeflows_pick() as its last selector,
 * which takes the other packets of the flows back.
 */
#ifndef PKT_WHOLEFLOWS_H
#define PKT_WHOLEFLOWS_H

#include "pkt/selector.h"

/* Flows that are remembered by default, and as many datagrams in fragments;
   each costs at most 64 bytes. Of the packets of others only those are taken
   that are selected themselves, and a warning says so. */
#define WHOLEFLOWS_MAX ((size_t)1 << 19)

struct wholeflows;

struct wholeflows *wholeflows_new(size_t max, struct err *err);
void wholeflows_free(struct wholeflows *);

/* The selectors and the sink borrow the set. NULL: no memory. */
struct selector *wholeflows_watch(struct wholeflows *, struct err *err);
struct sink *wholeflows_learn(struct wholeflows *, struct err *err);

/* Between the passes. false: no memory. */
bool wholeflows_learned(struct wholeflows *, struct err *err);

struct selector *wholeflows_pick(struct wholeflows *, struct err *err);

#endif
