/* The selector that keeps packets of a time span. */
#include "pkt/timespan.h"

#include <stdlib.h>

struct timespan {
	struct selector selector;
	struct moment from_wish, to_wish;
	int64_t end_ns;
	bool known; /* from and to are */
	int64_t from, to;
};

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

/* When moment m is in a capture that starts at start, or `open`. */
static int64_t resolve(const struct moment *m, int64_t start, int64_t end,
		       int days, int64_t open)
{
	int64_t ns = open;

	switch (m->base) {
	case MOMENT_NONE:
		return open;
	case MOMENT_FIXED:
		return m->ns;
	case MOMENT_CLOCK:
		num_clock_of_day(start, m->ns, days, &ns);
		return ns;
	case MOMENT_START:
		return add(start, m->ns);
	case MOMENT_END:
		return add(end, -m->ns);
	}
	return open;
}

/* The first packet is of this time. */
static void start_at(struct timespan *t, int64_t start)
{
	const struct moment *from = &t->from_wish, *to = &t->to_wish;
	bool overnight = from->base == MOMENT_CLOCK &&
			 to->base == MOMENT_CLOCK && to->ns <= from->ns;

	t->from = resolve(from, start, t->end_ns, 0, INT64_MIN);
	t->to = resolve(to, start, t->end_ns, overnight, INT64_MAX);
	t->known = true;
}

static enum verdict timespan_matches(struct selector *k, const struct pkt *p,
				     size_t n, uint8_t *keep)
{
	struct timespan *t = (struct timespan *)k;
	size_t i;

	for (i = 0; i < n && !t->known; i++)
		if (!(p[i].flags & PKT_NO_TIME))
			start_at(t, p[i].time_ns);
	for (i = 0; i < n; i++)
		keep[i] &= p[i].time_ns >= t->from &&
			   (t->to == INT64_MAX || p[i].time_ns < t->to) &&
			   !(p[i].flags & PKT_NO_TIME);
	return GO_ON;
}

static const struct selector_ops timespan_ops = {
    .name = "time span",
    .match = timespan_matches,
    .close = selector_free,
};

struct selector *timespan_open(const struct moment *from,
			       const struct moment *to, int64_t end_ns,
			       struct err *err)
{
	struct timespan *t = calloc(1, sizeof(*t));

	if (!t) {
		err_nomem(err, "time span");
		return NULL;
	}
	t->selector.ops = &timespan_ops;
	t->from_wish = *from;
	t->to_wish = *to;
	t->end_ns = end_ns;
	return &t->selector;
}

/* ---- the end ---- */

struct end_finder {
	struct sink sink;
	bool any;
	int64_t *end_ns;
};

static enum verdict end_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct end_finder *e = (struct end_finder *)s;

	for (; n; n--, p++) {
		if (p->flags & PKT_NO_TIME)
			continue;
		if (!e->any || p->time_ns > *e->end_ns)
			*e->end_ns = p->time_ns;
		e->any = true;
	}
	return GO_ON;
}

static bool end_close(struct sink *s, struct err *err)
{
	(void)err;
	free(s);
	return true;
}

struct sink *timespan_end_open(int64_t *end_ns, struct err *err)
{
	static const struct sink_ops ops = {
	    .name = "end",
	    .packets = end_packets,
	    .close = end_close,
	};
	struct end_finder *e = calloc(1, sizeof(*e));

	if (!e) {
		err_nomem(err, "time span");
		return NULL;
	}
	e->sink.ops = &ops;
	e->end_ns = end_ns;
	return &e->sink;
}
