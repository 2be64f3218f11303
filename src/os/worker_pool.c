/* Owns the threads of a pool, and the ring of slots that they take work from.
 */
#include "os/worker_pool.h"

#include <stdlib.h>

#include "os/thread.h"

enum { JOBS_MOST = 64 };

enum slot {
	SLOT_FREE,
	SLOT_READY, /* for any thread to take */
	SLOT_TAKEN,
	SLOT_PAUSED,
	SLOT_DONE,
};

struct member {
	struct worker_pool *pool;
	size_t number;
	struct thread thread;
};

struct worker_pool {
	worker_pool_work *work;
	void *arg;
	size_t n_members, n_started;
	struct member *members;
	/* A ring: from the oldest on, so many are handed over. */
	size_t n_slots, oldest, n_out;
	enum slot *slots;
	struct monitor monitor; /* guards the slots, oldest, n_out, stopping */
	bool stopping;
};

/* ---- taking work -------------------------------------------------------- */

/* The slot that many after the oldest. */
static size_t slot_after(const struct worker_pool *pool, size_t n)
{
	size_t slot = pool->oldest + n;

	return slot < pool->n_slots ? slot : slot - pool->n_slots;
}

/* Work on the first slot in line that is ready. false: there is none.
   Under the lock, which is given up meanwhile. */
static bool work_one(struct worker_pool *pool, size_t worker)
{
	size_t i, slot;

	for (i = 0; i < pool->n_out; i++) {
		slot = slot_after(pool, i);
		if (pool->slots[slot] != SLOT_READY)
			continue;
		pool->slots[slot] = SLOT_TAKEN;
		monitor_unlock(&pool->monitor);
		pool->work(pool->arg, worker, slot);
		monitor_lock(&pool->monitor);
		pool->slots[slot] = SLOT_DONE;
		monitor_change(&pool->monitor);
		return true;
	}
	return false;
}

static void *member_run(void *arg)
{
	struct member *m = arg;
	struct worker_pool *pool = m->pool;

	monitor_lock(&pool->monitor);
	while (!pool->stopping)
		if (!work_one(pool, m->number))
			monitor_wait(&pool->monitor);
	monitor_unlock(&pool->monitor);
	return NULL;
}

void worker_pool_pause(struct worker_pool *pool, size_t slot)
{
	monitor_lock(&pool->monitor);
	pool->slots[slot] = SLOT_PAUSED;
	monitor_change(&pool->monitor);
	while (pool->slots[slot] == SLOT_PAUSED && !pool->stopping)
		monitor_wait(&pool->monitor);
	pool->slots[slot] = SLOT_TAKEN;
	monitor_unlock(&pool->monitor);
}

/* ---- the caller --------------------------------------------------------- */

size_t worker_pool_threads(const struct worker_pool *pool)
{
	return pool->n_members;
}

size_t worker_pool_slots(const struct worker_pool *pool)
{
	return pool->n_slots;
}

size_t worker_pool_filling(const struct worker_pool *pool)
{
	return slot_after(pool, pool->n_out);
}

bool worker_pool_full(const struct worker_pool *pool)
{
	return pool->n_out == pool->n_slots;
}

size_t worker_pool_oldest(const struct worker_pool *pool)
{
	return pool->oldest;
}

bool worker_pool_empty(const struct worker_pool *pool)
{
	return pool->n_out == 0;
}

/* Not before there is work: what is set up until then may still make children
   (see capture/expr.h). */
static bool start_threads(struct worker_pool *pool, struct err *err)
{
	struct member *m;

	for (; pool->n_started < pool->n_members; pool->n_started++) {
		m = &pool->members[pool->n_started];
		if (!thread_start(&m->thread, member_run, m, err))
			return false;
	}
	return true;
}

bool worker_pool_submit(struct worker_pool *pool, struct err *err)
{
	if (!start_threads(pool, err))
		return false;
	monitor_lock(&pool->monitor);
	pool->slots[worker_pool_filling(pool)] = SLOT_READY;
	pool->n_out++;
	monitor_change(&pool->monitor);
	monitor_unlock(&pool->monitor);
	return true;
}

enum worker_pool_found worker_pool_wait(struct worker_pool *pool, bool help)
{
	const size_t slot = pool->oldest;
	enum worker_pool_found found = WORK_GONE;

	monitor_lock(&pool->monitor);
	while (slot == pool->oldest && pool->slots[slot] != SLOT_DONE &&
	       pool->slots[slot] != SLOT_PAUSED)
		if (!help || !work_one(pool, 0))
			monitor_wait(&pool->monitor);
	if (slot == pool->oldest)
		found =
		    pool->slots[slot] == SLOT_DONE ? WORK_DONE : WORK_PAUSED;
	monitor_unlock(&pool->monitor);
	return found;
}

void worker_pool_resume(struct worker_pool *pool)
{
	monitor_lock(&pool->monitor);
	if (pool->slots[pool->oldest] == SLOT_DONE) {
		pool->slots[pool->oldest] = SLOT_FREE;
		pool->oldest = slot_after(pool, 1);
		pool->n_out--;
	} else {
		pool->slots[pool->oldest] = SLOT_TAKEN;
		monitor_change(&pool->monitor);
	}
	monitor_unlock(&pool->monitor);
}

/* ---- opening and closing ------------------------------------------------ */

struct worker_pool *worker_pool_open(size_t jobs, worker_pool_work *work,
				     void *arg, struct err *err)
{
	struct worker_pool *pool = calloc(1, sizeof(*pool));
	size_t i;

	if (!pool) {
		err_nomem(err, "threads");
		return NULL;
	}
	monitor_init(&pool->monitor);
	pool->work = work;
	pool->arg = arg;
	pool->n_members = (jobs < JOBS_MOST ? jobs : JOBS_MOST) - 1;
	/* one that each works on, one that waits, and one to fill */
	pool->n_slots = 2 * (pool->n_members + 1) + 1;
	pool->members = calloc(pool->n_members + 1, sizeof(*pool->members));
	pool->slots = calloc(pool->n_slots, sizeof(*pool->slots));
	if (!pool->members || !pool->slots) {
		err_nomem(err, "threads");
		worker_pool_close(pool);
		return NULL;
	}
	for (i = 0; i < pool->n_members; i++)
		pool->members[i] = (struct member){
		    .pool = pool,
		    .number = i + 1,
		};
	return pool;
}

void worker_pool_close(struct worker_pool *pool)
{
	size_t i;

	if (!pool)
		return;
	monitor_lock(&pool->monitor);
	pool->stopping = true;
	monitor_change(&pool->monitor);
	monitor_unlock(&pool->monitor);
	for (i = 0; i < pool->n_started; i++)
		thread_join(&pool->members[i].thread);
	monitor_fini(&pool->monitor);
	free(pool->members);
	free(pool->slots);
	free(pool);
}
