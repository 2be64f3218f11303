/* The clocks. */
#include "os/clock.h"

#include <time.h>

#include "base/log.h"
#include "base/num.h"

/* What counts as a step. */
#define STEP_MIN (NS_PER_S / 10)

/* How long reading both clocks may take to count as one moment. */
#define MOMENT_MAX NS_PER_MS

/* It goes on while the machine sleeps, as the wall clock does. */
#ifdef CLOCK_BOOTTIME
#define CLOCK_STEADY CLOCK_BOOTTIME
#else
#define CLOCK_STEADY CLOCK_MONOTONIC
#endif

static int64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_monotonic_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_step(struct clock_watch *w, int64_t wall_ns, int64_t steady_ns)
{
	const int64_t apart = wall_ns - steady_ns;
	const int64_t step = w->known ? apart - w->apart : 0;

	w->known = true;
	w->apart = apart;
	return step >= STEP_MIN || step <= -STEP_MIN ? step : 0;
}

void clock_watch(struct clock_watch *w)
{
	const int64_t before = read_clock(CLOCK_STEADY);
	const int64_t wall = clock_wall_ns();
	int64_t step;

	/* the process was stopped in between: another time */
	if (read_clock(CLOCK_STEADY) - before > MOMENT_MAX)
		return;
	step = clock_step(w, wall, before);
	if (step)
		log_warn("the machine's clock was set %s by %.3f s: so are the "
			 "timestamps from here on",
			 step > 0 ? "forward" : "back",
			 (double)(step < 0 ? -step : step) / (double)NS_PER_S);
}
