/*
 * The packets of several handles in the order of time (pkt/time_order.h): what
 * the loop over them has to know of it.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include "capture/handle.h"
#include "pkt/time_order.h"

struct merge;

/* Of the packets of n handles, added from 0; window_ns: how long one waits for
   others, at most. NULL: no memory. */
struct merge *merge_open(size_t n, int64_t window_ns, struct err *err);
void merge_add(struct merge *, size_t i, struct handle *h);
void merge_close(struct merge *);

/* Before handles are asked for packets: find those that have none. */
void merge_look(struct merge *);

/* Handle i was asked for packets, or had none to offer: it gave so many. */
void merge_turn(struct merge *, size_t i, size_t packets);

/* A packet that handle i gave: keep it, unless it goes on at once (*kept is
   false then). false: no memory. */
bool merge_take(struct merge *, size_t i, const struct pkt *p, bool *kept,
		struct err *err);

/* Handle i gives nothing any more: it is not waited for. */
void merge_end(struct merge *, size_t i);

/* The next packet that goes on, until the next call. all: nothing more is
   waited for. NULL: there is none. */
struct pkt *merge_next(struct merge *, bool all, size_t *i);

/* When to look again (steady clock); INT64_MAX: not for the merge. */
int64_t merge_due(const struct merge *);

/* Packets of handle i that came too late for their place. */
uint64_t merge_late(const struct merge *, size_t i);

#endif
