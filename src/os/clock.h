/* The clocks. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some moment in the past; unaffected by setting the clock.
 */
int64_t clock_monotonic_ns(void);

/* Nanoseconds since 1970-01-01 00:00 UTC, as far as the machine knows. */
int64_t clock_wall_ns(void);

#endif
