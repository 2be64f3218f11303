/*
 * A producer of bytes in a thread of its own, a few pieces ahead of its
 * consumer: reading and unpacking go on while what came is worked on.
 */
#ifndef OS_READAHEAD_H
#define OS_READAHEAD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Produce up to room bytes. Returns how many, 0 at the end, -1 with *err. It
 * is to return soon after *stop became nonzero. *mark is a number of its own,
 * which the consumer sees with these bytes.
 */
typedef ptrdiff_t readahead_producer(void *arg, void *to, size_t room,
				     const volatile sig_atomic_t *stop,
				     uint64_t *mark, struct err *err);

struct readahead;

/* Start it. NULL: no thread or no memory is to be had. Signals go to other
   threads. */
struct readahead *readahead_open(readahead_producer *produce, void *arg);

/* Room in front of each piece, for readahead_take(). */
#define READAHEAD_ROOM ((size_t)64 << 10)

/*
 * Lend the next piece to the consumer, with the n (at most READAHEAD_ROOM)
 * bytes at keep copied in front of it: *bytes is where these begin. Returns
 * the piece's length, 0 at the end or when *stop (which may be NULL) became
 * nonzero, -1 with *err. What was lent before, in which keep may be, is given
 * back if there is a piece. readahead_read() must not have left a part of one.
 */
ptrdiff_t readahead_take(struct readahead *r, const void *keep, size_t n,
			 uint8_t **bytes, const volatile sig_atomic_t *stop,
			 uint64_t *mark, struct err *err);

/* Has readahead_read() left a part of a piece? */
bool readahead_within(const struct readahead *r);

/*
 * The next bytes, waiting for them if need be. Returns how many, 0 at the end
 * or when *stop (which may be NULL) became nonzero, -1 with *err. What was
 * lent before is given back.
 */
ptrdiff_t readahead_read(struct readahead *r, void *to, size_t room,
			 const volatile sig_atomic_t *stop, uint64_t *mark,
			 struct err *err);

/* Will readahead_read() return at once? Waits for that at most ms (below 1000)
   milliseconds. */
bool readahead_ready(struct readahead *r, int ms);

/* Stop the producer, wait for its thread, free. NULL is allowed. */
void readahead_close(struct readahead *r);

#endif
