/* Work that may run away, done by a child process with limits. */
#ifndef OS_BOUNDED_CHILD_H
#define OS_BOUNDED_CHILD_H

#include "base/err.h"
#include "base/str.h"

struct limits {
	unsigned cpu_s;	 /* seconds of processor time */
	unsigned wall_s; /* seconds on the clock, for work that waits */
	size_t memory;	 /* bytes beyond what this process has now */
	size_t stack;	 /* bytes; 0: as it is */
	size_t answer;	 /* bytes of the answer, at most */
	bool input;	 /* keep standard input, which is /dev/null otherwise */
};

enum bounded_child_end {
	BOUNDED_DONE,
	BOUNDED_TIME,	 /* took longer than cpu_s or wall_s */
	BOUNDED_CRASHED, /* died of a signal: out of stack, an assertion */
	BOUNDED_FAILED	 /* no child or no answer from it: err says why */
};

/* Does the work and puts its answer into out. Runs in a copy of the process:
   all else that it changes is lost. It must not print. */
typedef void bounded_child_work(void *arg, struct str *out);

/*
 * Let a child do the work and append its answer to out (nothing, unless it is
 * BOUNDED_DONE). Other threads of this
 * process do not exist in the child, so there must be none that hold locks
 * which the work needs.
 */
enum bounded_child_end bounded_child_run(const struct limits *,
					 bounded_child_work *work, void *arg,
					 struct str *out, struct err *err);

#endif
