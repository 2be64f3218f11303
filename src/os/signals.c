/* Signals as events, through a pipe to ourselves. */
#include "os/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/array.h"
#include "os/wake_pipe.h"

static const struct {
	int number;
	unsigned event;
} caught[] = {
    {SIGINT, SIGNALS_END},     {SIGTERM, SIGNALS_END},
    {SIGHUP, SIGNALS_HANGUP},  {SIGUSR1, SIGNALS_REPORT},
    {SIGUSR2, SIGNALS_FLUSH},  {SIGALRM, 0},
#ifdef SIGINFO
    {SIGINFO, SIGNALS_REPORT},
#endif
    {SIGCHLD, SIGNALS_CHILD},
};

#define N_CAUGHT ARRAY_LEN(caught)

static struct sigaction before[N_CAUGHT];
static volatile sig_atomic_t came[N_CAUGHT];
static struct wake_pipe wake = {{-1, -1}};

static void note(int number)
{
	const int saved = errno;
	size_t i;

	for (i = 0; i < N_CAUGHT; i++)
		if (caught[i].number == number)
			came[i] = 1;
	wake_pipe_wake(&wake);
	errno = saved;
}

bool signals_catch(struct err *err)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
	size_t i;

	if (!wake_pipe_open(&wake, err))
		return false;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < N_CAUGHT; i++) {
		came[i] = 0;
		sigaction(caught[i].number, &action, &before[i]);
		/* nohup; a shell ignores SIGINT for its background jobs, but
		   kill -INT is how they are ended */
		if (before[i].sa_handler == SIG_IGN &&
		    caught[i].number == SIGHUP)
			sigaction(caught[i].number, &before[i], NULL);
	}
	return true;
}

bool signals_catch_hangup(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
	size_t i;

	sigemptyset(&action.sa_mask);
	for (i = 0; i < N_CAUGHT && caught[i].number != SIGHUP; i++)
		;
	return sigaction(SIGHUP, &action, NULL) == 0 && i < N_CAUGHT &&
	       before[i].sa_handler == SIG_IGN;
}

void signals_restore(void)
{
	size_t i;

	if (wake_pipe_fd(&wake) < 0)
		return;
	for (i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i].number, &before[i], NULL);
	wake_pipe_close(&wake);
}

int signals_fd(void)
{
	return wake_pipe_fd(&wake);
}

void signals_wake(void)
{
	if (wake_pipe_fd(&wake) >= 0)
		wake_pipe_wake(&wake);
}

void signals_wait_ms(int ms)
{
	struct pollfd p = {.fd = wake_pipe_fd(&wake), .events = POLLIN};

	poll(&p, 1, ms);
}

void signals_wait(void)
{
	signals_wait_ms(-1);
}

unsigned signals_take(void)
{
	unsigned events = 0;
	size_t i;

	wake_pipe_clear(&wake);
	for (i = 0; i < N_CAUGHT; i++) {
		if (came[i]) {
			came[i] = 0;
			events |= caught[i].event;
		}
	}
	return events;
}
