/* The stage that moves packets in time. */
#include "pkt/shift.h"

#include "pkt/edit.h"

struct shift {
	struct edit edit;
	int64_t ns;
};

static int64_t moved(int64_t t, int64_t by)
{
	if (by > 0 && t > INT64_MAX - by)
		return INT64_MAX;
	if (by < 0 && t < INT64_MIN - by)
		return INT64_MIN;
	return t + by;
}

static void shift_change(struct edit *e, struct pkt *p, size_t n)
{
	int64_t by = ((struct shift *)e)->ns;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i].flags & PKT_NO_TIME)
			continue;
		p[i].time_ns = moved(p[i].time_ns, by);
		p[i].flags &= ~(uint32_t)(PKT_RAW_TIME | PKT_BAD_TIME);
	}
}

struct sink *shift_open(int64_t ns, struct sink *next, struct err *err)
{
	struct shift *s = stage_new(sizeof(*s), &edit_ops, next, err);

	if (!s)
		return NULL;
	s->edit.change = shift_change;
	s->ns = ns;
	return &s->edit.stage.sink;
}
