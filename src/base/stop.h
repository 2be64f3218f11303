/* Flags that end waiting: set by signal handlers and by other threads. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static inline void stop_ask(volatile sig_atomic_t *stop)
{
	__atomic_store_n(stop, 1, __ATOMIC_RELAXED);
}

/* stop may be NULL: no stopping. */
static inline bool stop_asked(const volatile sig_atomic_t *stop)
{
	return stop && __atomic_load_n(stop, __ATOMIC_RELAXED);
}

#endif
