/*
 * A producer of octets in a thread of its own, a few pieces ahead of its
 * consumer: reading and unpacking go on while what came is worked on.
 */
#ifndef OS_RELAY_H
#define OS_RELAY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Produce up to room octets. Returns how many, 0 at the end, -1 with *err. It
 * is to return soon after *stop became nonzero. *mark is a number of its own,
 * which the consumer sees with these octets.
 */
typedef ptrdiff_t relay_producer(void *arg, void *to, size_t room,
				 const volatile sig_atomic_t *stop,
				 uint64_t *mark, struct err *err);

struct relay;

/* Start it. NULL: no thread or no memory is to be had. Signals go to other
   threads. */
struct relay *relay_open(relay_producer *produce, void *arg);

/* Room in front of each piece, for relay_take(). */
#define RELAY_ROOM ((size_t)64 << 10)

/*
 * Lend the next piece to the consumer, with the n (at most RELAY_ROOM) octets
 * at keep copied in front of it: *octets is where these begin. Returns the
 * piece's length, 0 at the end or when *stop (which may be NULL) became
 * nonzero, -1 with *err. What was lent before, in which keep may be, is given
 * back if there is a piece. relay_read() must not have left a part of one.
 */
ptrdiff_t relay_take(struct relay *r, const void *keep, size_t n,
		     uint8_t **octets, const volatile sig_atomic_t *stop,
		     uint64_t *mark, struct err *err);

/* Has relay_read() left a part of a piece? */
bool relay_within(const struct relay *r);

/*
 * The next octets, waiting for them if need be. Returns how many, 0 at the end
 * or when *stop (which may be NULL) became nonzero, -1 with *err. What was
 * lent before is given back.
 */
ptrdiff_t relay_read(struct relay *r, void *to, size_t room,
		     const volatile sig_atomic_t *stop, uint64_t *mark,
		     struct err *err);

/* Will relay_read() return at once? Waits for that at most ms (below 1000)
   milliseconds. */
bool relay_ready(struct relay *r, int ms);

/* Stop the producer, wait for its thread, free. NULL is allowed. */
void relay_close(struct relay *r);

#endif
