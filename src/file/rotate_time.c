/* When a rotation by time is due. */
#include "file/rotate_time.h"

#include <time.h>

#include "base/num.h"

/* So long after the end of a period its packets may still come: the kernel
   gathers them for a while. */
#define LATE_NS (NS_PER_S / 4)

/* Nanoseconds that local time is ahead of UTC. */
static int64_t zone_ns(int64_t wall_ns)
{
	time_t seconds = (time_t)(wall_ns / NS_PER_S);
	struct tm tm;

	if (!localtime_r(&seconds, &tm))
		return 0;
	return (int64_t)tm.tm_gmtoff * NS_PER_S;
}

/* Since when the aligned period lasts that wall_ns is in. */
static int64_t since(const struct rotate_time *t, int64_t wall_ns)
{
	int64_t rest = (wall_ns + zone_ns(wall_ns)) % t->period_ns;

	return wall_ns - (rest < 0 ? rest + t->period_ns : rest);
}

/* The period that began then is now. */
static void set(struct rotate_time *t, int64_t start_ns, int64_t wall_ns,
		int64_t steady_ns)
{
	int64_t left;

	t->until_ns = start_ns + t->period_ns;
	left = t->until_ns - wall_ns;
	t->due_ns = steady_ns + (left > 0 ? left : 0) + LATE_NS;
}

void rotate_time_begin(struct rotate_time *t, int64_t wall_ns,
		       int64_t steady_ns)
{
	if (t->period_ns)
		set(t, t->align ? since(t, wall_ns) : wall_ns, wall_ns,
		    steady_ns);
	else
		t->until_ns = t->due_ns = INT64_MAX;
}

/* Since when the period lasts that wall_ns, not before until_ns, is in. */
static int64_t later(const struct rotate_time *t, int64_t wall_ns)
{
	int64_t passed = wall_ns - t->until_ns;

	if (t->align)
		return since(t, wall_ns);
	return wall_ns - passed % t->period_ns;
}

int64_t rotate_time_packet(struct rotate_time *t, int64_t time_ns,
			   int64_t steady_ns)
{
	int64_t start = later(t, time_ns);

	set(t, start, time_ns, steady_ns);
	return start;
}

int64_t rotate_time_over(struct rotate_time *t, int64_t wall_ns,
			 int64_t steady_ns)
{
	int64_t start;

	/* the clock was set back meanwhile: begin from here */
	if (wall_ns < t->until_ns)
		start = t->align ? since(t, wall_ns) : wall_ns;
	else
		start = later(t, wall_ns);
	set(t, start, wall_ns, steady_ns);
	return start;
}

void rotate_time_last(struct rotate_time *t)
{
	if (!t->period_ns)
		return;
	t->until_ns = INT64_MAX;
	t->due_ns -= LATE_NS;
}
