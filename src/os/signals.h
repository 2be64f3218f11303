/*
 * Signals as events: the handlers only note what came and make a descriptor
 * readable; the loop that polls it asks later.
 */
#ifndef OS_SIGNALS_H
#define OS_SIGNALS_H

#include "base/err.h"

enum {
	SIGNALS_END = 1,    /* SIGINT or SIGTERM: come to an end */
	SIGNALS_REPORT = 2, /* SIGUSR1 (and SIGINFO): say how far we are */
	SIGNALS_CHILD = 4,  /* a child process has ended */
	SIGNALS_FLUSH = 8,  /* SIGUSR2: bring what there is to its reader */
	SIGNALS_HANGUP = 16 /* SIGHUP: come to an end, or begin a new file */
};

/* Catch the signals above, and SIGALRM, which means nothing, until
 * signals_restore(). false: no descriptor. */
bool signals_catch(struct err *err);

/* Catch SIGHUP also where it was ignored before (nohup): returns whether it
   was before signals_catch(). */
bool signals_catch_hangup(void);

/* Back to what was in force before signals_catch(). */
void signals_restore(void);

/* The descriptor to poll for reading; -1 when nothing is caught. */
int signals_fd(void);

/* Make it readable, from any thread. */
void signals_wake(void);

/* Wait until something has come; for at most so many milliseconds. */
void signals_wait(void);
void signals_wait_ms(int ms);

/* What has come since the last call: a sum of the values above. */
unsigned signals_take(void);

#endif
