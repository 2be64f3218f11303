/* Signals as events, through a pipe to ourselves. */
#include "os/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/array.h"

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
static int ends[2] = {-1, -1};

static void note(int number)
{
	const int saved = errno;
	size_t i;

	for (i = 0; i < N_CAUGHT; i++)
		if (caught[i].number == number)
			came[i] = 1;
	/* a full pipe is as good: it is readable already */
	if (write(ends[1], "", 1) < 0)
		errno = 0;
	errno = saved;
}

bool signals_catch(struct err *err)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
	size_t i;

	if (pipe(ends) != 0)
		return err_sys(err, ERR_FAULT, errno, "pipe for signals");
	for (i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	}
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

	if (ends[0] < 0)
		return;
	for (i = 0; i < N_CAUGHT; i++)
		sigaction(caught[i].number, &before[i], NULL);
	for (i = 0; i < 2; i++) {
		close(ends[i]);
		ends[i] = -1;
	}
}

int signals_fd(void)
{
	return ends[0];
}

void signals_wake(void)
{
	if (ends[1] >= 0 && write(ends[1], "", 1) < 0)
		errno = 0;
}

void signals_wait_ms(int ms)
{
	struct pollfd p = {.fd = ends[0], .events = POLLIN};

	poll(&p, 1, ms);
}

void signals_wait(void)
{
	signals_wait_ms(-1);
}

unsigned signals_take(void)
{
	unsigned events = 0;
	char drain[64];
	size_t i;

	while (read(ends[0], drain, sizeof(drain)) > 0)
		;
	for (i = 0; i < N_CAUGHT; i++) {
		if (came[i]) {
			came[i] = 0;
			events |= caught[i].event;
		}
	}
	return events;
}
