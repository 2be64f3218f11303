/* Slots that threads work on: each once, and taken back in order. */
#include "os/worker_pool.h"

#include <sched.h>
#include <stdatomic.h>

#include "os/thread.h"
#include "tap.h"

enum { MANY = 5000, PARTS = 3, MOST = 130 };

struct bench {
	struct worker_pool *pool;
	struct monitor monitor; /* guards may_end, begun */
	bool may_end;		/* work that waits for it ends */
	unsigned begun;
	unsigned in[MOST], out[MOST]; /* of each slot */
	atomic_uint by_caller, by_threads;
	atomic_bool busy[MOST], overlapped; /* a worker had two at once */
};

/* ---- threads that do not start ------------------------------------------- */

static unsigned starts, starts_allowed = ~0u;

bool __real_thread_start(struct thread *t, thread_work *work, void *arg,
			 struct err *err);
bool __wrap_thread_start(struct thread *t, thread_work *work, void *arg,
			 struct err *err);

bool __wrap_thread_start(struct thread *t, thread_work *work, void *arg,
			 struct err *err)
{
	if (starts >= starts_allowed)
		return err_set(err, ERR_FAULT, "no more threads");
	starts++;
	return __real_thread_start(t, work, arg, err);
}

/* ---- kinds of work --------------------------------------------------------
 */

static void triple(void *arg, size_t worker, size_t slot)
{
	struct bench *b = arg;

	if (atomic_exchange(&b->busy[worker], true))
		b->overlapped = true;
	sched_yield(); /* so that others have their turn */
	b->out[slot] = 3 * b->in[slot];
	atomic_fetch_add(worker ? &b->by_threads : &b->by_caller, 1);
	atomic_store(&b->busy[worker], false);
}

static void in_parts(void *arg, size_t worker, size_t slot)
{
	struct bench *b = arg;
	unsigned i;

	if (worker)
		for (i = 0; i < PARTS; i++) {
			b->out[slot] = b->in[slot] * 10 + i;
			worker_pool_pause(b->pool, slot);
		}
	b->out[slot] = b->in[slot];
}

static void wait_to_end(void *arg, size_t worker, size_t slot)
{
	struct bench *b = arg;

	(void)worker;
	(void)slot;
	monitor_lock(&b->monitor);
	b->begun++;
	monitor_change(&b->monitor);
	while (!b->may_end)
		monitor_wait(&b->monitor);
	monitor_unlock(&b->monitor);
}

/* The caller, where it helps, takes back the slots before its own. */
static void take_older(void *arg, size_t worker, size_t slot)
{
	struct bench *b = arg;

	if (worker) {
		wait_to_end(arg, worker, slot);
		return;
	}
	monitor_lock(&b->monitor);
	b->may_end = true;
	monitor_change(&b->monitor);
	monitor_unlock(&b->monitor);
	while (worker_pool_oldest(b->pool) != slot)
		if (worker_pool_wait(b->pool, false) == WORK_DONE) {
			worker_pool_resume(b->pool);
			b->by_caller++;
		}
}

static void wait_begun(struct bench *b, unsigned n)
{
	monitor_lock(&b->monitor);
	while (b->begun < n)
		monitor_wait(&b->monitor);
	monitor_unlock(&b->monitor);
}

static void open_bench(struct bench *b, size_t jobs, worker_pool_work *work)
{
	memset(b, 0, sizeof(*b));
	monitor_init(&b->monitor);
	starts = 0;
	b->pool = worker_pool_open(jobs, work, b, NULL);
}

static void close_bench(struct bench *b)
{
	worker_pool_close(b->pool);
	monitor_fini(&b->monitor);
}

static bool submit(struct bench *b, unsigned value)
{
	b->in[worker_pool_filling(b->pool)] = value;
	return worker_pool_submit(b->pool, NULL);
}

/* ---- tests ----------------------------------------------------------------
 */

/* Take back the oldest; false: it is not the one of that number. */
static bool took(struct bench *b, unsigned number)
{
	bool right = worker_pool_wait(b->pool, true) == WORK_DONE &&
		     b->out[worker_pool_oldest(b->pool)] == 3 * number;

	worker_pool_resume(b->pool);
	return right;
}

static void test_order(size_t jobs)
{
	struct bench b;
	unsigned given, taken = 0, right = 0;

	open_bench(&b, jobs, triple);
	for (given = 0; given < MANY; given++) {
		if (worker_pool_full(b.pool))
			right += took(&b, taken++);
		submit(&b, given);
	}
	while (!worker_pool_empty(b.pool))
		right += took(&b, taken++);
	printf("# %zu jobs: the caller did %u, threads %u\n", jobs, b.by_caller,
	       b.by_threads);
	is_int(taken, MANY, "as many are taken back as were handed over");
	is_int(right, MANY, "they come back in order, with their results");
	is_int(b.by_caller + b.by_threads, MANY, "each was worked on once");
	ok(!b.overlapped, "no worker has two at once");
	close_bench(&b);
}

static void test_bounded(void)
{
	struct bench b;
	size_t n = 0;

	open_bench(&b, 4, triple);
	is_int(worker_pool_threads(b.pool), 3, "the caller is one of the jobs");
	is_int(starts, 0, "no thread starts before there is work");
	while (!worker_pool_full(b.pool) && n < MOST)
		n += submit(&b, 1);
	is_int(starts, 3, "all threads start with the first slot");
	is_int(n, worker_pool_slots(b.pool), "all slots can be handed over");
	worker_pool_wait(b.pool, true);
	worker_pool_resume(b.pool);
	ok(!worker_pool_full(b.pool), "one that is taken back is free again");
	close_bench(&b);
	open_bench(&b, 1000, triple);
	is_int(worker_pool_threads(b.pool), 63, "there are at most 64 jobs");
	close_bench(&b);
}

static void test_alone(void)
{
	struct bench b;

	open_bench(&b, 1, triple);
	submit(&b, 7);
	ok(took(&b, 7), "without threads the caller works where it waits");
	is_int(b.by_caller, 1, "as worker 0");
	close_bench(&b);
}

static void test_pause(void)
{
	struct bench b;
	unsigned i, right = 0;
	size_t slot;

	open_bench(&b, 3, in_parts);
	submit(&b, 1);
	submit(&b, 2);
	for (i = 0; i < 2 * (PARTS + 1); i++) {
		unsigned number = 1 + i / (PARTS + 1), part = i % (PARTS + 1);
		bool done = part == PARTS;

		right += worker_pool_wait(b.pool, false) ==
			 (done ? WORK_DONE : WORK_PAUSED);
		slot = worker_pool_oldest(b.pool);
		right += b.out[slot] == (done ? number : number * 10 + part);
		worker_pool_resume(b.pool);
	}
	is_int(right, 4 * (PARTS + 1), "parts are seen one by one, in order");
	ok(worker_pool_empty(b.pool), "then both are taken back");
	close_bench(&b);

	open_bench(&b, 2, in_parts);
	submit(&b, 1);
	is_int(worker_pool_wait(b.pool, false), WORK_PAUSED, "work pauses");
	worker_pool_close(b.pool);
	is_int(b.out[0], 1, "and ends where the pool is closed meanwhile");
	monitor_fini(&b.monitor);
}

static void test_nested(void)
{
	struct bench b;

	open_bench(&b, 2, take_older);
	submit(&b, 1);
	wait_begun(&b, 1);
	submit(&b, 2);
	is_int(worker_pool_wait(b.pool, true), WORK_GONE,
	       "work that the caller helps with may take back the oldest");
	is_int(b.by_caller, 1, "which it did once");
	is_int(worker_pool_wait(b.pool, true), WORK_DONE,
	       "its own slot is the next");
	worker_pool_resume(b.pool);
	ok(worker_pool_empty(b.pool), "and the last");
	close_bench(&b);
}

static void *let_end(void *arg)
{
	struct bench *b = arg;

	monitor_lock(&b->monitor);
	b->may_end = true;
	monitor_change(&b->monitor);
	monitor_unlock(&b->monitor);
	return NULL;
}

static void test_close(void)
{
	struct bench b;
	struct thread other;

	open_bench(&b, 2, wait_to_end);
	submit(&b, 1);
	wait_begun(&b, 1);
	submit(&b, 2);
	submit(&b, 3);
	__real_thread_start(&other, let_end, &b, NULL);
	worker_pool_close(b.pool);
	ok(b.may_end, "closing waits for work that has begun");
	ok(b.begun <= 3, "and for no more than was handed over");
	thread_join(&other);
	monitor_fini(&b.monitor);
	worker_pool_close(NULL);
}

static void test_no_threads(void)
{
	struct bench b;
	struct err err;

	open_bench(&b, 4, triple);
	starts_allowed = 1;
	b.in[worker_pool_filling(b.pool)] = 5;
	ok(!worker_pool_submit(b.pool, &err), "a thread does not start");
	is_str(err.text, "no more threads", "the error says why");
	ok(worker_pool_empty(b.pool), "nothing is handed over then");
	starts_allowed = ~0u;
	ok(worker_pool_submit(b.pool, &err), "it may be tried again");
	is_int(starts, 3, "with those that are missing");
	ok(took(&b, 5), "and the work is done");
	close_bench(&b);
}

int main(void)
{
	test_order(1);
	test_order(2);
	test_order(3);
	test_order(64);
	test_bounded();
	test_alone();
	test_pause();
	test_nested();
	test_close();
	test_no_threads();
	return done();
}
