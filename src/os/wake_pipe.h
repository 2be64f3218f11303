/* A descriptor that one thread polls and another makes readable. */
#ifndef OS_WAKE_PIPE_H
#define OS_WAKE_PIPE_H

#include <stdbool.h>

#include "base/err.h"

struct wake_pipe {
	int ends[2]; /* the first one is polled; -1: not open */
};

/* false: *err says why, and there is nothing to close. */
bool wake_pipe_open(struct wake_pipe *, struct err *err);
void wake_pipe_close(struct wake_pipe *);

/* Make it readable. Never waits. */
void wake_pipe_wake(const struct wake_pipe *);

/* It is no longer readable. */
void wake_pipe_clear(const struct wake_pipe *);

#endif
