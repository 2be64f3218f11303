/*
 * A thread that writes what a capture's loop must not wait for, and the buffers
 * in between. The loop fills a segment and publishes its bytes; the thread
 * takes what is published and does the work, everything in order. A slow disk
 * costs memory up to the limit, and then the loop's time.
 *
 * One thread calls all of these; the work is done in the other one.
 */
#ifndef OS_WRITE_QUEUE_H
#define OS_WRITE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct write_queue;

struct write_queue_options {
	uint64_t limit;	    /* bytes of all segments */
	void (*wake)(void); /* in the thread: write_queue_alarm(); NULL */
};

/* What the caller had to wait for. */
struct write_waits {
	uint64_t times; /* that no segment was free */
	int64_t ns;	/* how long, in all */
};

/* Bytes are published; in the thread. */
typedef void write_work(void *arg, const uint8_t *bytes, size_t n);

/* NULL: no memory or descriptors. Before it is started, who waits does the
   work. */
struct write_queue *write_queue_open(const struct write_queue_options *,
				     struct err *);

/* Start the thread, with the caller's privileges. false: *err says why. */
bool write_queue_start(struct write_queue *, struct err *);

/*
 * End the segment before, and begin one for at least n bytes, of *cap, whose
 * published bytes work(arg) gets. Waits while all memory is in use. most: bytes
 * of a usual segment. NULL: no memory.
 */
uint8_t *write_queue_room(struct write_queue *, write_work *work, void *arg,
			  size_t n, size_t most, size_t *cap);

/* The first n bytes of the last segment are to be written: soon, or as soon as
   more has come that is worth waking the thread for. */
void write_queue_publish(struct write_queue *, size_t n);
void write_queue_fill(struct write_queue *, size_t n);

/* Call call(arg) in the thread after all that was published. false: no
   memory. */
bool write_queue_call(struct write_queue *, void (*call)(void *arg), void *arg);

/* Wait until all is done. */
void write_queue_settle(struct write_queue *);

/* The run is to end: outputs that take nothing are given up. */
void write_queue_end(struct write_queue *);

/* In the thread: something is wrong that the caller is to look at. */
void write_queue_alarm(struct write_queue *);

/* Was there such an alarm since the last call? */
bool write_queue_alarmed(struct write_queue *);

/* Was an output given up at the end? */
bool write_queue_gave_up(struct write_queue *);

/* Bytes of memory that it uses for what is not written yet. */
uint64_t write_queue_held(struct write_queue *);

struct write_waits write_queue_waits(const struct write_queue *);

/* Do what is left, and end the thread. NULL is allowed. */
void write_queue_close(struct write_queue *);

#endif
