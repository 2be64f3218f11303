/* An orderly end on request. */
#include "os/interrupt.h"

#include <signal.h>
#include <stddef.h>

#include "base/array.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

#define SIGNALS ARRAY_LEN(signals)

static struct sigaction before[SIGNALS];
static void (*volatile the_stop)(void *);
static void *volatile the_arg;
static volatile sig_atomic_t came;

static void handle(int number)
{
	(void)number;
	came = 1;
	the_stop(the_arg);
}

void interrupt_catch(void (*stop)(void *arg), void *arg)
{
	struct sigaction action = {.sa_handler = handle,
				   .sa_flags = SA_RESETHAND};
	size_t i;

	came = 0;
	the_stop = stop;
	the_arg = arg;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

static void note(int number)
{
	(void)number;
	came = 1;
}

void interrupt_waiting(void)
{
	struct sigaction action = {.sa_handler = note};
	size_t i;

	came = 0;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < SIGNALS; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (signals[i] == SIGINT)
			sigaction(SIGINT, &action, NULL);
	}
}

bool interrupt_restore(void)
{
	size_t i;

	for (i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	return came;
}
