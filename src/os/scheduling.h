/* On which processors the calling thread runs, and before which others. */
#ifndef OS_SCHEDULING_H
#define OS_SCHEDULING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Processors by their numbers. */
struct cpu_list {
	size_t n;
	unsigned cpu[128];
};

/* "0", "2,4-7". false: *err says what is wrong with it. */
bool cpu_list_parse(const char *text, struct cpu_list *list, struct err *err);

/* Run only on these processors, of the list from the given one on, as do the
   threads that are started later. false: *err says why. */
bool scheduling_pin(const struct cpu_list *list, size_t from, struct err *err);

enum scheduling_priority {
	SCHEDULING_HIGH,    /* the highest of ordinary threads */
	SCHEDULING_REALTIME /* before all of these */
};

/* Raise the priority of this thread, not of those that it starts, nor of
   commands. false: errno says why. */
bool scheduling_raise(enum scheduling_priority priority);

#endif
