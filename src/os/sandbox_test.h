/*
 * A trial of the sandbox from within: the forbidden acts, in a thread.
 */
#ifndef OS_SANDBOX_TEST_H
#define OS_SANDBOX_TEST_H

#include <stdbool.h>

/* From now on have each thread try them, when it begins. */
void sandbox_test_begin(void);
bool sandbox_test_on(void);

/* Try all in this thread, and warn of each that is not refused. Nothing is
   left of one that succeeds. */
void sandbox_test_thread(void);

/* How many threads have tried, and how many acts succeeded. */
unsigned sandbox_test_threads(void);
unsigned sandbox_test_failures(void);
unsigned sandbox_test_acts(void);

#endif
