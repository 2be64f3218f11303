/* That the machine's clock is set is noticed, and nothing else is. */
#include "os/clock.h"

#include "base/num.h"
#include "tap.h"

#define S NS_PER_S

static void check_steps(void)
{
	const int64_t hour = 3600 * S, noon = INT64_C(1769860800) * S;
	struct clock_watch w = {0};

	is_int(clock_step(&w, noon, 5 * S), 0, "the first look shows no step");
	is_int(clock_step(&w, noon + S, 6 * S), 0, "time passes");
	is_int(clock_step(&w, noon + hour + 2 * S, 7 * S), hour,
	       "an hour forward");
	is_int(clock_step(&w, noon + hour + 3 * S, 8 * S), 0, "once");
	is_int(clock_step(&w, noon - hour + 4 * S, 9 * S), -2 * hour,
	       "two hours back");
	is_int(clock_step(&w, noon - hour + 3604 * S, 3609 * S), 0,
	       "a process that was stopped for an hour sees none");
}

/* NTP slews a clock by at most 500 parts in a million. */
static void check_slew(void)
{
	struct clock_watch w = {0};
	int64_t steps = 0;
	int i;

	for (i = 0; i < 3600; i++)
		steps += clock_step(&w, i * (S + S / 2000), i * S);
	is_int(steps, 0, "a clock that is slewed for an hour is not set");
}

int main(void)
{
	check_steps();
	check_slew();
	return done();
}
