/*
 * Threads that work on slots: the caller fills one after the other and takes
 * them back in the same order, however the threads take turns. What is in a
 * slot, and what a thread works with, is the caller's: it has an array of each
 * and gets indices. All but worker_pool_pause() is for the caller's thread.
 */
#ifndef OS_WORKER_POOL_H
#define OS_WORKER_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct worker_pool;

/* Work on a slot. worker: 0 is the caller, which works where it would wait;
   threads are numbered from 1. No two calls have the same one at once. */
typedef void worker_pool_work(void *arg, size_t worker, size_t slot);

/* Threads beside the caller's, so that there are jobs in all (1 to 64; more
   are taken as 64). None starts before there is work. NULL: *err says why. */
struct worker_pool *worker_pool_open(size_t jobs, worker_pool_work *work,
				     void *arg, struct err *err);

/* Wait for work that has begun; what is handed over beyond that is not done. */
void worker_pool_close(struct worker_pool *pool);

/* How many threads beside the caller's, and how many slots. */
size_t worker_pool_threads(const struct worker_pool *pool);
size_t worker_pool_slots(const struct worker_pool *pool);

/* The slot to fill next, unless the pool is full: all are handed over. */
size_t worker_pool_filling(const struct worker_pool *pool);
bool worker_pool_full(const struct worker_pool *pool);

/* Hand over the slot that was filled. false: the threads could not start, *err
   says why, and nothing is handed over. */
bool worker_pool_submit(struct worker_pool *pool, struct err *err);

/* The oldest slot that is handed over and not taken back, unless all are. */
size_t worker_pool_oldest(const struct worker_pool *pool);
bool worker_pool_empty(const struct worker_pool *pool);

enum worker_pool_found {
	WORK_DONE,
	WORK_PAUSED,
	WORK_GONE, /* it was taken back by work that the caller helped with */
};

/* Wait until the oldest slot is done, or pauses; meanwhile the caller works on
   others if it is to help. Not while the pool is empty. */
enum worker_pool_found worker_pool_wait(struct worker_pool *pool, bool help);

/* Take back the oldest slot, which is done, or let its work go on, which
   pauses. */
void worker_pool_resume(struct worker_pool *pool);

/* In a thread, by work on the slot: let the caller see what there is so far,
   and wait until it resumes, or closes the pool. The caller's own work does
   not pause; it may wait for older slots and take them back. */
void worker_pool_pause(struct worker_pool *pool, size_t slot);

#endif
