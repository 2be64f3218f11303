/*
 * Writing to outputs that may block (pipes, sockets, terminals) in a run that
 * has to end on request: while an output takes nothing, the run's own
 * clock and signals are attended to, and once the run is to end, an output
 * that still takes nothing is given up.
 */
#ifndef OS_BLOCKING_H
#define OS_BLOCKING_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <stdint.h>

struct blocking {
	int wake_fd; /* readable when tick() should be called; -1: none */
	/* The run's clock: returns when it wants to be called next (steady
	   clock, nanoseconds). */
	int64_t (*tick)(void *arg, int64_t now);
	bool (*ending)(void *arg); /* is the run to end? */
	void *arg;
	bool gave_up; /* an output took nothing, and was given up */
};

/* From now on the calling thread writes by these rules; NULL: it just
   blocks. */
void blocking_watch(struct blocking *rules);

/*
 * As write(2), perhaps of fewer bytes. -1 with ECANCELED: the run is to end,
 * and the output has taken nothing for a while.
 */
ssize_t blocking_write(int fd, const void *bytes, size_t n);

/* Wait for a while, at most until fd is readable; the run's clock and signals
   are attended to. */
void blocking_await(int fd);

/*
 * As open(2) of a file that exists, for writing. A FIFO is waited for until
 * it has a reader; -1 with ECANCELED: the run ended before that.
 */
int blocking_open(const char *path, int flags);

#endif
