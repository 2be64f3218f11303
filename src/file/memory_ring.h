/*
 * The last records of a capture, in memory: one buffer in which the newest
 * overwrite the oldest. A record lies in one piece, as a savefile has it, so
 * that runs of them can be written as they are. Positions count bytes since the
 * beginning and never go back.
 *
 * One thread adds records and finds where to begin; another may read
 * meanwhile, as long as unwritten() protects what it has yet to read.
 */
#ifndef FILE_MEMORY_RING_H
#define FILE_MEMORY_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct memory_ring_options {
	uint64_t size;	/* bytes of records that are kept */
	uint64_t slack; /* beyond that, for while older ones are read */
	/* Length and time of the record at p. */
	size_t (*length)(const void *arg, const uint8_t *p);
	int64_t (*time_ns)(const void *arg, const uint8_t *p);
	/* The position from which on nothing may be overwritten; UINT64_MAX:
	   none. */
	uint64_t (*unwritten)(const void *arg);
	const void *arg;
};

struct memory_ring;

/* Takes all of its memory from the system. NULL: there is not enough, or *err
   says what else. */
struct memory_ring *memory_ring_open(const struct memory_ring_options *,
				     struct err *err);
void memory_ring_close(struct memory_ring *);

/* ---- adding ---- */

/* Room for a record of at most n bytes. NULL: it would overwrite what is
   unwritten. */
uint8_t *memory_ring_room(struct memory_ring *, size_t n);

/* The record in the room is complete: n bytes, more than 0. */
void memory_ring_add(struct memory_ring *, size_t n, int64_t time_ns);

/* unwritten() has begun to protect what it did not before. */
void memory_ring_guard(struct memory_ring *);

/* A number to remember with the records from now on. */
void memory_ring_note(struct memory_ring *, uint64_t note);

/* Where the next record will be, and how many there were. */
uint64_t memory_ring_head(const struct memory_ring *);
uint64_t memory_ring_count(const struct memory_ring *);

/* ---- reading ---- */

struct ring_place {
	uint64_t at;	 /* position */
	uint64_t number; /* of the record there, from 0 */
	int64_t time_ns; /* of that record */
	uint64_t note;	 /* of about that time */
	uint64_t mark;	 /* the ring's own */
};

/* The first record kept of that time or later; the head, of time INT64_MAX, if
   there is none. */
struct ring_place memory_ring_find(const struct memory_ring *, int64_t from_ns);

/*
 * A run of whole records from place->at on, none from position end on: at most
 * about most bytes, *n in all. place->at moves to the run, over the end of the
 * buffer. NULL: there are none. Any thread.
 */
const uint8_t *memory_ring_run(const struct memory_ring *,
			       struct ring_place *place, uint64_t end,
			       size_t most, size_t *n);

#endif
