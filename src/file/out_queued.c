/* An output that is written by the thread of a write queue. */
#include "file/out_queued.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "os/clock.h"

/* What is written at once stays in the second-level cache until then. */
#define SEGMENT ((size_t)256 << 10)

/* A buffer for pieces of long records. */
#define PIECES ((size_t)256 << 10)

struct queued_out {
	struct out out; /* the thread's, and anyone's while it has nothing */
	struct write_queue *queue;
	atomic_bool failed; /* out.err and out.gone say why */
	bool seen;	    /* the caller has taken notice */
	/* What the caller says when it closes it. */
	uint64_t packets;
	bool given_up, gone, forgotten, undo;
	struct out_end *end;
	out_closed *closed; /* NULL: it waits */
	void *closed_arg;
	struct err why;
	bool good; /* what came of that */
	struct err err;
	/* Of a packed output: bytes put, those packed since, and the size. */
	uint64_t put;
	atomic_uint_fast64_t packed, size;
};

/* ---- in the thread ---- */

static void tell_failure(struct queued_out *q)
{
	if (!q->out.failed || atomic_load(&q->failed))
		return;
	atomic_store(&q->failed, true);
	write_queue_alarm(q->queue);
}

static void write_some(void *arg, const uint8_t *bytes, size_t n)
{
	struct queued_out *q = arg;
	struct out *out = &q->out;

	if (out->failed) {
		out_lose(out, bytes, n);
		return;
	}
	out_write(out, bytes, n);
	atomic_store(&q->size, out->offset);
	atomic_fetch_add(&q->packed, n);
	tell_failure(q);
}

static void sync_all(void *arg)
{
	struct queued_out *q = arg;

	if (!q->out.failed)
		out_sync(&q->out);
	tell_failure(q);
}

static void close_all(void *arg)
{
	struct queued_out *q = arg;

	struct out *in = &q->out;

	in->packets = q->packets;
	if (in->lost > in->packets)
		in->lost = in->packets;
	if (q->given_up && !in->failed) {
		in->failed = true;
		in->gone = q->gone;
		in->forgotten = q->forgotten;
		in->err = q->why;
	}
	in->undo = q->undo;
	in->end = q->end;
	in->closed = q->closed;
	in->closed_arg = q->closed_arg;
	q->good = out_close(in, &q->err);
	if (in->closed)
		free(q);
}

/* ---- the caller's side ---- */

/* The thread's output failed: nothing more goes into it. */
static bool take_failure(struct out *out)
{
	struct queued_out *q = out->queued;

	if (!q->seen) {
		q->seen = true;
		write_queue_publish(q->queue, out->len);
		out->offset += out->len;
		out->len = out->cap = 0;
		out->buf = NULL;
		out->failed = true;
		out->gone = q->out.gone;
		out->err = q->out.err;
	}
	return false;
}

static bool is_good(struct out *out)
{
	if (out->failed)
		return false;
	if (atomic_load(&out->queued->failed))
		return take_failure(out);
	return true;
}

/* The segment is at its end. */
static void leave_segment(struct out *out)
{
	struct queued_out *q = out->queued;

	q->put += out->len;
	out->offset += out->len;
	out->len = out->cap = 0;
	out->buf = NULL;
	if (out->codec)
		out->last_ns = clock_monotonic_ns();
}

static bool no_memory(struct out *out)
{
	out->failed = true;
	err_nomem(&out->err, "output buffer");
	return err_in_file(&out->err, out->name);
}

bool out_queue(struct out *out, struct write_queue *queue, struct err *err)
{
	struct queued_out *q = calloc(1, sizeof(*q));

	if (!q)
		return err_nomem(err, "output buffer");
	free(out->buf);
	out->buf = NULL;
	out->len = out->cap = 0;
	q->out = *out;
	q->out.packets = UINT64_MAX; /* not counted there until it is closed */
	q->queue = queue;
	atomic_init(&q->size, out->offset);
	out->queued = q;
	out->packer = NULL;
	out->temporary = out->final = NULL;
	return true;
}

bool queued_make_room(struct out *out, size_t n)
{
	struct queued_out *q = out->queued;

	if (!is_good(out))
		return false;
	write_queue_fill(q->queue, out->len);
	leave_segment(out);
	out->buf =
	    write_queue_room(q->queue, write_some, q, n,
			     out->codec ? OUT_FRAME : SEGMENT, &out->cap);
	if (!out->buf)
		return no_memory(out);
	return is_good(out);
}

bool queued_flush(struct out *out)
{
	if (!is_good(out))
		return false;
	write_queue_publish(out->queued->queue, out->len);
	leave_segment(out);
	return true;
}

bool queued_flush_idle(struct out *out)
{
	if (!is_good(out))
		return false;
	write_queue_publish(out->queued->queue, out->len);
	out->last_ns = clock_monotonic_ns();
	return true;
}

bool queued_sync(struct out *out)
{
	struct queued_out *q = out->queued;

	if (!queued_flush(out))
		return false;
	return write_queue_call(q->queue, sync_all, q) || no_memory(out);
}

bool queued_settle(struct out *out)
{
	queued_flush(out);
	write_queue_settle(out->queued->queue);
	return is_good(out);
}

bool queued_patch(struct out *out, uint64_t at, const void *bytes, size_t n)
{
	struct queued_out *q = out->queued;

	if (!queued_settle(out))
		return false;
	if (out_patch(&q->out, at, bytes, n))
		return true;
	atomic_store(&q->failed, true);
	return take_failure(out);
}

bool queued_long(struct out *out, bool (*begin_or_end)(struct out *out))
{
	struct queued_out *q = out->queued;

	if (!queued_settle(out))
		return false;
	if (!q->out.buf) {
		q->out.buf = malloc(PIECES);
		q->out.cap = q->out.buf ? PIECES : 0;
	}
	if (!q->out.buf)
		return no_memory(out);
	if (!begin_or_end(&q->out)) {
		atomic_store(&q->failed, true);
		return take_failure(out);
	}
	out->offset = q->out.offset;
	atomic_store(&q->size, q->out.offset);
	return true;
}

bool queued_put(struct out *out, const void *bytes, size_t n)
{
	struct queued_out *q = out->queued;

	if (out->failed || out_put(&q->out, bytes, n))
		return !out->failed;
	atomic_store(&q->failed, true);
	return take_failure(out);
}

uint64_t queued_size(const struct out *out)
{
	const struct queued_out *q = out->queued;
	uint64_t packed;

	if (!out->codec)
		return out->offset + out->len;
	packed = atomic_load(&q->packed);
	return atomic_load(&q->size) + q->put + out->len - packed;
}

struct out *queued_inner(struct out *out)
{
	return &out->queued->out;
}

/* All that the thread has to know to close it. */
static void take_leave(struct out *out)
{
	struct queued_out *q = out->queued;

	q->packets = out->packets;
	q->given_up = out->failed;
	q->gone = out->gone;
	q->forgotten = out->forgotten;
	q->undo = out->undo;
	q->why = out->err;
	q->end = out->end;
	q->closed = out->closed;
	q->closed_arg = out->closed_arg;
	out->fd = -1;
	out->queued = NULL;
}

bool queued_close(struct out *out, struct err *err)
{
	struct queued_out *q = out->queued;
	struct write_queue *queue = q->queue;
	bool detached = out->closed, good;

	if (is_good(out)) {
		write_queue_fill(queue, out->len);
		leave_segment(out);
	}
	take_leave(out);
	if (!write_queue_call(queue, close_all, q)) {
		write_queue_settle(queue);
		close_all(q);
	}
	if (detached)
		return true;
	write_queue_settle(queue);
	good = q->good || err_copy(err, &q->err);
	free(q);
	return good;
}
