/* The last records of a capture, in memory. */
#include "file/memory_ring.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/num.h"
#include "os/pages.h"

/* Bytes between two marks: where times are looked up, and runs can end. */
#define STRIDE_MAX (UINT64_C(256) << 10)
#define STRIDE_MIN (UINT64_C(4) << 10)
#define STRIDES 256

/* A record by which others are found. */
struct mark {
	uint64_t at, number, note;
	int64_t newest_ns; /* of all records before it */
};

struct memory_ring {
	struct memory_ring_options options;
	uint8_t *bytes;
	uint64_t cap;
	uint64_t head;	/* where the next record goes */
	uint64_t lap;	/* position of the first byte of the buffer */
	uint64_t limit; /* up to which the head may go */
	uint64_t count, note;
	int64_t newest_ns;
	struct mark *marks; /* in turn */
	uint64_t n_marks, stride, next_mark;
	/* For readers: the head, marks so far, and where the last lap ended. */
	atomic_uint_fast64_t seen, marked, gap;
};

/* ---- opening ---- */

static bool no_room(uint64_t size, struct err *err)
{
	char text[32];

	num_size_text(size, text, sizeof(text));
	return err_set(err, ERR_FAULT, "no %s of memory for the ring", text);
}

struct memory_ring *memory_ring_open(const struct memory_ring_options *o,
				     struct err *err)
{
	struct memory_ring *r = calloc(1, sizeof(*r));

	if (!r) {
		err_nomem(err, "the ring");
		return NULL;
	}
	r->options = *o;
	r->cap = o->size + o->slack;
	r->limit = r->cap;
	r->newest_ns = INT64_MIN;
	r->stride = o->size / STRIDES;
	r->stride = r->stride < STRIDE_MIN   ? STRIDE_MIN
		    : r->stride > STRIDE_MAX ? STRIDE_MAX
					     : r->stride;
	r->n_marks = r->cap / r->stride + 2;
	if (r->cap >= o->size && r->cap <= SIZE_MAX)
		r->bytes = pages_take((size_t)r->cap);
	if (r->bytes)
		r->marks = calloc(r->n_marks, sizeof(*r->marks));
	if (r->marks)
		return r;
	no_room(r->cap, err);
	memory_ring_close(r);
	return NULL;
}

void memory_ring_close(struct memory_ring *r)
{
	if (!r)
		return;
	pages_give_back(r->bytes, (size_t)r->cap);
	free(r->marks);
	free(r);
}

/* ---- adding ---- */

/* May the head move on to that position? */
static bool may_reach(struct memory_ring *r, uint64_t to)
{
	uint64_t first;

	if (to <= r->limit)
		return true;
	first = r->options.unwritten(r->options.arg);
	/* to be asked again after a while, as it is not free */
	r->limit = first == UINT64_MAX ? to + r->cap / 4 : first + r->cap;
	return to <= r->limit;
}

uint8_t *memory_ring_room(struct memory_ring *r, size_t n)
{
	const uint64_t left = r->lap + r->cap - r->head;

	if (left >= n) {
		if (!may_reach(r, r->head + n))
			return NULL;
		return r->bytes + (r->head - r->lap);
	}
	if (n > r->cap || !may_reach(r, r->lap + r->cap + n))
		return NULL;
	/* the rest of the buffer stays empty */
	atomic_store_explicit(&r->gap, r->head, memory_order_relaxed);
	r->lap += r->cap;
	r->head = r->lap;
	return r->bytes;
}

static void add_mark(struct memory_ring *r)
{
	const uint64_t n =
	    atomic_load_explicit(&r->marked, memory_order_relaxed);

	r->marks[n % r->n_marks] = (struct mark){
	    .at = r->head,
	    .number = r->count,
	    .note = r->note,
	    .newest_ns = r->newest_ns,
	};
	r->next_mark = r->head + r->stride;
	atomic_store_explicit(&r->marked, n + 1, memory_order_release);
}

void memory_ring_add(struct memory_ring *r, size_t n, int64_t time_ns)
{
	if (r->head >= r->next_mark)
		add_mark(r);
	r->head += n;
	r->count++;
	if (time_ns > r->newest_ns)
		r->newest_ns = time_ns;
	atomic_store_explicit(&r->seen, r->head, memory_order_release);
}

void memory_ring_guard(struct memory_ring *r)
{
	r->limit = 0;
}

void memory_ring_note(struct memory_ring *r, uint64_t note)
{
	r->note = note;
}

uint64_t memory_ring_head(const struct memory_ring *r)
{
	return atomic_load_explicit(&r->seen, memory_order_acquire);
}

uint64_t memory_ring_count(const struct memory_ring *r)
{
	return r->count;
}

/* ---- reading ---- */

static const uint8_t *bytes_at(const struct memory_ring *r, uint64_t at)
{
	return r->bytes + at % r->cap;
}

/* Over the empty end of the buffer. head: loaded before. */
static uint64_t skip_gap(const struct memory_ring *r, uint64_t at,
			 uint64_t head)
{
	const uint64_t gap =
	    atomic_load_explicit(&r->gap, memory_order_relaxed);

	if (at != gap || at >= head || at % r->cap == 0)
		return at;
	return at + r->cap - at % r->cap;
}

static const struct mark *mark_at(const struct memory_ring *r, uint64_t i)
{
	return &r->marks[i % r->n_marks];
}

/* The last mark before which all records are too old, of those whose record is
   still kept. marked if there is none. */
static uint64_t find_mark(const struct memory_ring *r, uint64_t low,
			  int64_t from_ns)
{
	const uint64_t marked =
	    atomic_load_explicit(&r->marked, memory_order_relaxed);
	uint64_t least = marked > r->n_marks ? marked - r->n_marks : 0;
	uint64_t most = marked, middle;

	/* the first one kept: the one before it may have records that are */
	while (least < most) {
		middle = least + (most - least) / 2;
		if (mark_at(r, middle)->at < low)
			least = middle + 1;
		else
			most = middle;
	}
	if (least > 0 && marked - least < r->n_marks &&
	    mark_at(r, least - 1)->at + r->cap >= r->head)
		least--;
	for (most = marked; least + 1 < most;) {
		middle = least + (most - least) / 2;
		if (mark_at(r, middle)->newest_ns < from_ns)
			least = middle;
		else
			most = middle;
	}
	return least;
}

/* The first record from place on that is kept and new enough. */
static void walk(const struct memory_ring *r, struct ring_place *place,
		 uint64_t low, int64_t from_ns)
{
	const struct memory_ring_options *o = &r->options;
	const uint64_t head = memory_ring_head(r);

	for (;;) {
		const uint8_t *p;

		place->at = skip_gap(r, place->at, head);
		if (place->at >= head)
			return;
		p = bytes_at(r, place->at);
		place->time_ns = o->time_ns(o->arg, p);
		if (place->at >= low && place->time_ns >= from_ns)
			return;
		place->at += o->length(o->arg, p);
		place->number++;
		place->time_ns = INT64_MAX;
	}
}

struct ring_place memory_ring_find(const struct memory_ring *r, int64_t from_ns)
{
	const uint64_t head = memory_ring_head(r);
	const uint64_t size = r->options.size;
	const uint64_t low = head > size ? head - size : 0;
	struct ring_place place = {.time_ns = INT64_MAX, .note = r->note};
	uint64_t i;

	if (head == 0)
		return place;
	i = find_mark(r, low, from_ns);
	place.at = mark_at(r, i)->at;
	place.number = mark_at(r, i)->number;
	place.note = mark_at(r, i)->note;
	place.mark = i;
	walk(r, &place, low, from_ns);
	return place;
}

/* Where a run of records from *place on ends: at a mark, or at end. */
static uint64_t end_of_run(const struct memory_ring *r,
			   struct ring_place *place, uint64_t end, size_t most)
{
	const uint64_t marked =
	    atomic_load_explicit(&r->marked, memory_order_acquire);
	uint64_t at, to = 0;

	for (; place->mark < marked; place->mark++) {
		at = mark_at(r, place->mark)->at;
		if (at <= place->at)
			continue;
		if (at >= end)
			break;
		if (to && at - place->at > most)
			return to;
		to = at;
	}
	return to && end - place->at > most ? to : end;
}

const uint8_t *memory_ring_run(const struct memory_ring *r,
			       struct ring_place *place, uint64_t end,
			       size_t most, size_t *n)
{
	const uint64_t head = memory_ring_head(r);

	if (end > head)
		end = head;
	place->at = skip_gap(r, place->at, head);
	if (place->at >= end)
		return NULL;
	if (end > place->at - place->at % r->cap + r->cap)
		end = atomic_load_explicit(&r->gap, memory_order_relaxed);
	*n = (size_t)(end_of_run(r, place, end, most) - place->at);
	return bytes_at(r, place->at);
}
