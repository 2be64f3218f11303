/* A descriptor that one thread polls and another makes readable. */
#ifndef OS_WAKE_PIPE_H
#define OS_WAKE_PIPE_H

#include <stdbool.h>

#include "base/err.h"

struct wake_pipe {
	int ends[2]; /* the first one is polled; -1: not open */
};

/* One that is not open: closing it does nothing. */
#define WAKE_PIPE_CLOSED ((struct wake_pipe){{-1, -1}})

/* false: *err says why, and there is nothing to close. */
bool wake_pipe_open(struct wake_pipe *, struct err *err);
void wake_pipe_close(struct wake_pipe *);

/* The descriptor to poll; -1: it is not open. */
static inline int wake_pipe_fd(const struct wake_pipe *p)
{
	return p->ends[0];
}

/* Make it readable. Never waits; a signal handler may call it. */
void wake_pipe_wake(const struct wake_pipe *);

/* It is no longer readable. */
void wake_pipe_clear(const struct wake_pipe *);

#endif
