/*
 * The packets of several handles in the order of time. Each handle's ring is in
 * order, and the kernel hands over a block of it once that is full or its time
 * is over: until then nothing is known of what is in there, but its counter
 * tells whether something is.
 */
#include "capture/merge.h"

#include <stdlib.h>

#include "base/num.h"
#include "os/clock.h"

/* Memory for what waits. */
#define LIMIT (UINT64_C(64) << 20)

/* How often counters are read, and how long before that a packet that is not
   counted yet may have got its time. */
#define ASK_EVERY NS_PER_MS
#define SLACK NS_PER_MS

struct merge {
	struct time_order *order;
	int64_t now, ask_at;
	size_t n;
	struct merged {
		struct handle *handle;
		bool filled; /* a block that is not handed over has packets */
	} item[];
};

struct merge *merge_open(size_t n, int64_t window_ns, struct err *err)
{
	const struct time_order_options options = {
	    .n = n,
	    .window_ns = window_ns,
	    .limit = LIMIT,
	};
	struct merge *m = calloc(1, sizeof(*m) + n * sizeof(struct merged));

	if (!m) {
		err_nomem(err, "packets to be ordered");
		return NULL;
	}
	m->n = n;
	m->order = time_order_open(&options, err);
	if (m->order)
		return m;
	free(m);
	return NULL;
}

void merge_add(struct merge *m, size_t i, struct handle *h)
{
	m->item[i].handle = h;
}

void merge_close(struct merge *m)
{
	if (m)
		time_order_close(m->order);
	free(m);
}

void merge_turn(struct merge *m, size_t i, size_t packets)
{
	time_order_turn(m->order, i, packets);
	if (packets > 0)
		m->item[i].filled = false;
}

bool merge_take(struct merge *m, size_t i, const struct pkt *p, bool *kept,
		struct err *err)
{
	*kept = !time_order_passes(m->order, i, p);
	if (!*kept)
		return true;
	m->item[i].handle->held++;
	return time_order_keep(m->order, i, p, m->now, err);
}

void merge_end(struct merge *m, size_t i)
{
	time_order_turn(m->order, i, 0);
	time_order_sure(m->order, i, INT64_MAX);
}

/* A packet counted later has a time after this one, if no more than SLACK
   passes between its time and its being counted. */
static void ask(struct merge *m, size_t i)
{
	struct merged *it = &m->item[i];
	const int64_t since = clock_wall_ns() - SLACK;

	it->filled = handle_has_more(it->handle) ||
		     it->handle->sums.received == COUNT_UNKNOWN;
	if (!it->filled)
		time_order_sure(m->order, i, since);
}

void merge_look(struct merge *m)
{
	size_t i;

	m->now = clock_monotonic_ns();
	if (m->now < m->ask_at)
		return;
	m->ask_at = m->now + ASK_EVERY;
	for (i = 0; i < m->n; i++)
		if (!m->item[i].filled && !m->item[i].handle->held)
			ask(m, i);
}

struct pkt *merge_next(struct merge *m, bool all, size_t *i)
{
	const struct pkt *p = time_order_next(m->order, m->now, all, i);

	if (p)
		m->item[*i].handle->held--;
	return (struct pkt *)p;
}

int64_t merge_due(const struct merge *m)
{
	int64_t due = time_order_due(m->order);
	size_t i;

	for (i = 0; due > m->ask_at && due != INT64_MAX && i < m->n; i++)
		if (!m->item[i].filled && time_order_awaits(m->order, i))
			due = m->ask_at;
	return due;
}

uint64_t merge_late(const struct merge *m, size_t i)
{
	return time_order_late(m->order, i);
}
