/* An orderly end on request. */
#ifndef OS_INTERRUPT_H
#define OS_INTERRUPT_H

#include <stdbool.h>

/*
 * Until interrupt_restore(), SIGINT, SIGTERM and SIGHUP call stop(arg), which
 * must be safe in a signal handler, and the process goes on; a second one ends
 * it at once. SIGHUP stays ignored if it was.
 */
void interrupt_catch(void (*stop)(void *arg), void *arg);

/* Until interrupt_restore(), SIGINT does nothing but end a read() that waits.
 */
void interrupt_waiting(void);

/* Back to what was in force before. Returns whether a signal came. */
bool interrupt_restore(void);

#endif
