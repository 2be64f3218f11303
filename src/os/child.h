/* A command that runs beside the capture. */
#ifndef OS_CHILD_H
#define OS_CHILD_H

#include <sys/types.h>

#include "base/err.h"
#include "os/user.h"

struct child {
	pid_t pid; /* 0: none */
	int go;	   /* writing here lets it begin; -1: it has */
	int said;  /* here it says why it could not begin */
};

/*
 * Make a process that waits for child_go() and then becomes argv (found by
 * PATH). user: whom it becomes first, NULL: no change. quiet_stdout: its
 * standard output is our standard error, because ours holds data.
 */
bool child_prepare(struct child *child, char **argv, const struct user *user,
		   bool quiet_stdout, struct err *err);

/* Let it begin. false: it could not (ERR_USAGE, its name and the reason). */
bool child_go(struct child *child, const char *name, struct err *err);

/* Has it ended? Then *status is its exit status (128 + N for signal N), and
   the child is forgotten. Does not wait. */
bool child_ended(struct child *child, int *status);

/* Ask it to end if it runs, wait for it, and forget it. */
void child_close(struct child *child);

#endif
