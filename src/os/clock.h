/* Time that only goes forwards, for measuring. */
#ifndef OS_CLOCK_H
#define OS_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some moment in the past; setting the clock is no matter. */
int64_t clock_monotonic_ns(void);

#endif
