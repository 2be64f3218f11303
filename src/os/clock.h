/* The clocks. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Nanoseconds since some moment in the past; unaffected by setting the clock.
 */
int64_t clock_monotonic_ns(void);

/* Nanoseconds since 1970-01-01 00:00 UTC, as far as the machine knows. */
int64_t clock_wall_ns(void);

/* To notice when the machine's clock is set; zeroed at first. */
struct clock_watch {
	bool known;
	int64_t apart; /* the wall clock, less the steady one */
};

/* By how much the wall clock was set forward (or back, negative) since the call
   before, in nanoseconds, given both clocks of one moment; 0 if that is less
   than a tenth of a second, as where a clock is only slewed. */
int64_t clock_step(struct clock_watch *watch, int64_t wall_ns,
		   int64_t steady_ns);

/* Look at the clocks, at least once a minute, and warn of a step. Time that the
   machine sleeps is not one. */
void clock_watch(struct clock_watch *watch);

#endif
