/* list --watch: the counters of all interfaces, again and again. */
#ifndef CMD_LIST_WATCH_H
#define CMD_LIST_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch_wish {
	const char *only; /* an interface's name; NULL: all of them */
	int64_t interval; /* nanoseconds */
	bool json;	  /* a JSON object each time, on a line */
};

/* Show them until a signal or a key ends it, or the reader of standard output
   has gone. Returns the exit status. */
int list_watch(const struct watch_wish *wish);

#endif
