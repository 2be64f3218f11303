/* The selector that keeps packets of a time span. */
#include "pkt/timespan.h"

#include <stdlib.h>

struct timespan {
	struct selector selector;
	int64_t from, to;
};

static enum verdict timespan_matches(struct selector *k, const struct pkt *p,
				     size_t n, uint8_t *keep)
{
	const struct timespan *t = (const struct timespan *)k;
	bool open = t->to == INT64_MAX;
	size_t i;

	for (i = 0; i < n; i++)
		keep[i] &= p[i].time_ns >= t->from &&
			   (open || p[i].time_ns < t->to) &&
			   !(p[i].flags & PKT_NO_TIME);
	return GO_ON;
}

static const struct selector_ops timespan_ops = {
    .name = "time span",
    .match = timespan_matches,
    .close = selector_free,
};

struct selector *timespan_open(int64_t from, int64_t to, struct err *err)
{
	struct timespan *t = calloc(1, sizeof(*t));

	if (!t) {
		err_nomem(err, "time span");
		return NULL;
	}
	t->selector.ops = &timespan_ops;
	t->from = from;
	t->to = to;
	return &t->selector;
}
