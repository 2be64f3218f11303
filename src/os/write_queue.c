/* Owns the writer thread of a capture, and the segments that it is handed. */
#include "os/write_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/blocking.h"
#include "os/clock.h"
#include "os/thread.h"
#include "os/wake_pipe.h"

/* Segments begin at a page. */
#define ALIGNMENT 4096

/* The smallest segment, and how many are used in turn at least. */
#define SEGMENT_MIN ((size_t)16 << 10)
#define IN_TURN 4

/* Segments of the usual size that are kept for the next use. With one
   processor for both threads a dozen are used in turn, and fresh memory costs
   more than the write. */
#define IDLE_MAX 64

/* Full segments are handed over together, at most so many bytes: each time the
   thread is woken costs as much as writing a few dozen packets. */
#define TOGETHER ((uint64_t)1 << 20)

/* Bytes to be written, or a call. */
struct segment {
	struct segment *next;
	write_work *work;
	void (*call)(void *arg); /* NULL: there are bytes */
	void *arg;
	uint8_t *bytes;
	size_t cap;
	size_t len, done; /* published; written */
	bool ended;	  /* no more is published */
};

struct write_queue {
	struct write_queue_options options;
	struct thread thread;
	struct monitor monitor; /* guards what follows */
	bool started, quit;
	struct segment *first, *last;
	uint64_t held; /* bytes of all segments in use */
	struct segment *idle;
	unsigned n_idle;
	uint64_t kept; /* bytes in full segments that it was not woken for */
	bool asleep;   /* the thread waits to be woken */
	bool busy;     /* it is at work */
	bool waited;   /* the caller waits for it */
	struct wake_pipe done;	 /* readable when it need not wait any more */
	struct wake_pipe ending; /* readable when the run is to end */
	atomic_bool ends, alarm, gave_up;
	struct write_waits waits; /* the caller's own */
};

/* Leave the monitor, and have the thread look. Not woken within, where it could
   only wait for the monitor. */
static void leave_and_wake(struct write_queue *q)
{
	const bool wake = q->asleep;

	q->asleep = false;
	q->kept = 0;
	monitor_unlock(&q->monitor);
	if (wake)
		monitor_change(&q->monitor);
}

/* ---- the thread ---- */

static void free_segment(struct segment *s)
{
	free(s->bytes);
	free(s);
}

/* The first segment is done. */
static void drop_first(struct write_queue *q)
{
	struct segment *s = q->first;

	q->first = s->next;
	if (!q->first)
		q->last = NULL;
	q->held -= s->cap;
	if (!s->bytes || q->n_idle == IDLE_MAX) {
		free_segment(s);
		return;
	}
	s->next = q->idle;
	q->idle = s;
	q->n_idle++;
}

/* The caller may go on: within the monitor. */
static void tell_caller(struct write_queue *q)
{
	if (!q->waited)
		return;
	wake_pipe_wake(&q->done);
	q->waited = false;
}

/* Do what the first segment has to be done. false: nothing. */
static bool work_once(struct write_queue *q)
{
	struct segment *s = q->first;
	size_t from, n;

	if (!s || (s->done == s->len && !s->ended))
		return false;
	from = s->done;
	n = s->len - from;
	q->busy = true;
	monitor_unlock(&q->monitor);
	if (s->call)
		s->call(s->arg);
	else if (n > 0)
		s->work(s->arg, s->bytes + from, n);
	monitor_lock(&q->monitor);
	q->busy = false;
	s->done += n;
	if (s->ended && s->done == s->len)
		drop_first(q);
	return true;
}

static int64_t no_tick(void *arg, int64_t now)
{
	(void)arg, (void)now;
	return INT64_MAX;
}

static bool is_ending(void *arg)
{
	return atomic_load(&((struct write_queue *)arg)->ends);
}

static void *writer_main(void *arg)
{
	struct write_queue *q = arg;
	struct blocking rules = {.wake_fd = wake_pipe_fd(&q->ending),
				 .tick = no_tick,
				 .ending = is_ending,
				 .arg = q};

	blocking_watch(&rules);
	monitor_lock(&q->monitor);
	for (;;) {
		if (work_once(q)) {
			if (rules.gave_up)
				atomic_store(&q->gave_up, true);
			tell_caller(q);
		} else if (q->quit) {
			break;
		} else {
			q->asleep = true;
			while (q->asleep)
				monitor_wait(&q->monitor);
		}
	}
	monitor_unlock(&q->monitor);
	blocking_watch(NULL);
	return NULL;
}

/* ---- waiting for it ---- */

/* Within the monitor, which is left meanwhile: until the thread has done
   something. */
static void wait_once(struct write_queue *q)
{
	q->waited = true;
	leave_and_wake(q);
	blocking_await(wake_pipe_fd(&q->done));
	wake_pipe_clear(&q->done);
	monitor_lock(&q->monitor);
}

static bool is_settled(const struct write_queue *q)
{
	const struct segment *s = q->first;

	return !s || (s == q->last && !s->ended && s->done == s->len);
}

/* The same without a thread: by doing it. */
static void advance(struct write_queue *q)
{
	if (q->started)
		wait_once(q);
	else
		work_once(q);
}

void write_queue_settle(struct write_queue *q)
{
	monitor_lock(&q->monitor);
	while (!is_settled(q))
		advance(q);
	monitor_unlock(&q->monitor);
}

/* Until there is memory for n more bytes. Alone a segment may be larger than
   the limit, so that any record can be written. */
static void wait_for_memory(struct write_queue *q, size_t n)
{
	int64_t since;

	if (q->held == 0 || q->held + n <= q->options.limit)
		return;
	since = clock_monotonic_ns();
	while (q->held > 0 && q->held + n > q->options.limit)
		advance(q);
	q->waits.times++;
	q->waits.ns += clock_monotonic_ns() - since;
}

/* ---- filling it ---- */

static void end_last(struct write_queue *q)
{
	if (!q->last || q->last->ended)
		return;
	q->last->ended = true;
	if (q->last == q->first && !q->busy && q->last->len == q->last->done)
		drop_first(q);
}

static void append(struct write_queue *q, struct segment *s)
{
	if (q->last)
		q->last->next = s;
	else
		q->first = s;
	q->last = s;
	q->held += s->cap;
}

static struct segment *take_idle(struct write_queue *q, size_t cap)
{
	struct segment *s = q->idle, fresh = {0};

	if (!s)
		return NULL;
	q->idle = s->next;
	q->n_idle--;
	if (s->cap != cap) {
		free_segment(s);
		return NULL;
	}
	fresh.bytes = s->bytes;
	fresh.cap = cap;
	*s = fresh;
	return s;
}

static struct segment *new_segment(size_t cap)
{
	struct segment *s = calloc(1, sizeof(*s));
	void *bytes;

	if (!s || posix_memalign(&bytes, ALIGNMENT, cap) != 0) {
		free(s);
		return NULL;
	}
	s->bytes = bytes;
	s->cap = cap;
	return s;
}

/* Bytes of a segment for a record of n, in whole pages. */
static size_t segment_size(const struct write_queue *q, size_t n, size_t most)
{
	size_t size = most;

	if (q->options.limit / IN_TURN < size)
		size = (size_t)(q->options.limit / IN_TURN);
	if (size < SEGMENT_MIN)
		size = SEGMENT_MIN;
	if (size < n)
		size = n;
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* End the last segment; within the monitor, which may be left meanwhile. */
static void hand_over(struct write_queue *q)
{
	const uint64_t quarter = q->options.limit / IN_TURN;

	if (q->last && !q->last->ended)
		q->kept += q->last->len - q->last->done;
	end_last(q);
	if (q->kept < (TOGETHER < quarter ? TOGETHER : quarter))
		return;
	leave_and_wake(q);
	/* on one processor it is written while it is in the cache */
	sched_yield();
	monitor_lock(&q->monitor);
}

uint8_t *write_queue_room(struct write_queue *q, write_work *work, void *arg,
			  size_t n, size_t most, size_t *cap)
{
	const size_t size = segment_size(q, n, most);
	struct segment *s;

	monitor_lock(&q->monitor);
	hand_over(q);
	wait_for_memory(q, size);
	s = take_idle(q, size);
	if (!s)
		s = new_segment(size);
	if (s) {
		s->work = work;
		s->arg = arg;
		append(q, s);
	}
	monitor_unlock(&q->monitor);
	*cap = s ? size : 0;
	return s ? s->bytes : NULL;
}

void write_queue_fill(struct write_queue *q, size_t n)
{
	monitor_lock(&q->monitor);
	if (q->last && !q->last->ended && n > q->last->len)
		q->last->len = n;
	monitor_unlock(&q->monitor);
}

void write_queue_publish(struct write_queue *q, size_t n)
{
	write_queue_fill(q, n);
	monitor_lock(&q->monitor);
	if (is_settled(q))
		monitor_unlock(&q->monitor);
	else
		leave_and_wake(q);
}

bool write_queue_call(struct write_queue *q, void (*call)(void *arg), void *arg)
{
	struct segment *s = calloc(1, sizeof(*s));

	if (!s)
		return false;
	*s = (struct segment){.call = call, .arg = arg, .ended = true};
	monitor_lock(&q->monitor);
	end_last(q);
	append(q, s);
	leave_and_wake(q);
	return true;
}

/* ---- what becomes of it ---- */

void write_queue_end(struct write_queue *q)
{
	if (!q || atomic_exchange(&q->ends, true))
		return;
	/* it is readable from now on */
	wake_pipe_wake(&q->ending);
}

void write_queue_alarm(struct write_queue *q)
{
	atomic_store(&q->alarm, true);
	if (q->options.wake)
		q->options.wake();
}

bool write_queue_alarmed(struct write_queue *q)
{
	return q && atomic_exchange(&q->alarm, false);
}

bool write_queue_gave_up(struct write_queue *q)
{
	return q && atomic_load(&q->gave_up);
}

uint64_t write_queue_held(struct write_queue *q)
{
	uint64_t held;

	monitor_lock(&q->monitor);
	held = q->held;
	monitor_unlock(&q->monitor);
	return held;
}

struct write_waits write_queue_waits(const struct write_queue *q)
{
	return q ? q->waits : (struct write_waits){0};
}

/* ---- its beginning and its end ---- */

struct write_queue *write_queue_open(const struct write_queue_options *options,
				     struct err *err)
{
	struct write_queue *q = calloc(1, sizeof(*q));

	if (!q) {
		err_nomem(err, "the writer");
		return NULL;
	}
	q->options = *options;
	q->done = q->ending = WAKE_PIPE_CLOSED;
	monitor_init(&q->monitor);
	if (wake_pipe_open(&q->done, err) && wake_pipe_open(&q->ending, err))
		return q;
	write_queue_close(q);
	return NULL;
}

bool write_queue_start(struct write_queue *q, struct err *err)
{
	q->started = thread_start(&q->thread, writer_main, q, err);
	return q->started;
}

void write_queue_close(struct write_queue *q)
{
	if (!q)
		return;
	if (q->started) {
		monitor_lock(&q->monitor);
		end_last(q);
		q->quit = true;
		leave_and_wake(q);
		thread_join(&q->thread);
	}
	while (q->first)
		drop_first(q);
	while (q->idle) {
		struct segment *s = q->idle;

		q->idle = s->next;
		free_segment(s);
	}
	wake_pipe_close(&q->done);
	wake_pipe_close(&q->ending);
	monitor_fini(&q->monitor);
	free(q);
}
