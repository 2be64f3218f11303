/*
 * Packets of several inputs, each of them in the order of time, put into the
 * order of time of all. A packet is kept, as a copy, until no input can still
 * bring an earlier one: because each has brought a later one or is known to
 * have none, because the window is over, or because too much is kept. What
 * comes after that nevertheless goes on at once, and is late.
 *
 * No clock is read here: now is the steady one's.
 */
#ifndef PKT_TIME_ORDER_H
#define PKT_TIME_ORDER_H

#include "base/err.h"
#include "pkt/pkt.h"

struct time_order;

struct time_order_options {
	size_t n;	   /* inputs */
	int64_t window_ns; /* how long a packet is kept, at most */
	uint64_t limit;	   /* bytes of memory */
};

/* NULL: no memory. */
struct time_order *time_order_open(const struct time_order_options *,
				   struct err *err);
void time_order_close(struct time_order *);

/* May this packet of input i, which has none that are kept, go on at once? Then
   it is taken to have done so. */
bool time_order_passes(struct time_order *, size_t i, const struct pkt *p);

/* Else keep it, which has no meta. false: no memory. */
bool time_order_keep(struct time_order *, size_t i, const struct pkt *p,
		     int64_t now, struct err *err);

/* Input i brought so many packets when it was asked last: as long as it brings
   any, it may be waited for longer (TIME_ORDER_BUSY windows). */
#define TIME_ORDER_BUSY 16
void time_order_turn(struct time_order *, size_t i, size_t packets);

/* Input i has no packet from before this time. INT64_MAX: it has ended. */
void time_order_sure(struct time_order *, size_t i, int64_t time_ns);

/* Is input i one that the earliest packet is kept for? */
bool time_order_awaits(const struct time_order *, size_t i);

/* The next packet that may go on, and its input; it is there until the next
   call. all: do not wait for others. NULL: there is none. */
const struct pkt *time_order_next(struct time_order *, int64_t now, bool all,
				  size_t *input);

/* When the window of the earliest packet is over; INT64_MAX: none is kept. */
int64_t time_order_due(const struct time_order *);

/* Packets of input i that are kept. */
uint64_t time_order_kept(const struct time_order *, size_t i);

/* Packets of input i that went on after a later one of another input. */
uint64_t time_order_late(const struct time_order *, size_t i);

#endif
