/*
 * Signals as events: the handlers only note what came and make a descriptor
 * readable; the loop that polls it asks later.
 */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include "base/err.h"

enum {
	SIGNALS_END = 1,    /* SIGINT, SIGTERM or SIGHUP: come to an end */
	SIGNALS_REPORT = 2, /* SIGUSR1 (and SIGINFO): say how far we are */
	SIGNALS_CHILD = 4,  /* a child process has ended */
	SIGNALS_FLUSH = 8   /* SIGUSR2: bring what there is to its reader */
};

/* Catch the signals above, and SIGALRM, which means nothing, until
 * signals_restore(). false: no descriptor. */
bool signals_catch(struct err *err);

/* Back to what was in force before signals_catch(). */
void signals_restore(void);

/* The descriptor to poll for reading; -1 when nothing is caught. */
int signals_fd(void);

/* What has come since the last call: a sum of the values above. */
unsigned signals_take(void);

#endif
