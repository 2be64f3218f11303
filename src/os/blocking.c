/* Writing to outputs that may block, in a run that has to be able to end. */
#include "os/blocking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "os/clock.h"

/* An output that has taken nothing for so long is given up at the end. */
#define PATIENCE (80 * NS_PER_MS)

/* How often a FIFO is checked for a reader. */
#define KNOCK (20 * NS_PER_MS)

/* To a terminal no more than this at a time: it says that it has room, but not
   how much. */
#define TERMINAL_PIECE 256

/* A thread that writes for another has rules of its own. */
static _Thread_local struct blocking *rules;

void blocking_watch(struct blocking *r)
{
	rules = r;
}

static int ms_until(int64_t at, int64_t now)
{
	const int64_t ms = at > now ? (at - now) / NS_PER_MS + 1 : 0;

	return ms > 3600000 ? 3600000 : (int)ms;
}

/*
 * Wait until fd takes something; -1: for the time step. false: the run is to
 * end, and patience is over. *give_up is when, 0: not yet known.
 */
static bool wait_once(int fd, int64_t step, int64_t *give_up)
{
	struct pollfd polls[2] = {{.fd = fd, .events = POLLOUT},
				  {.fd = rules->wake_fd, .events = POLLIN}};
	int64_t now = clock_monotonic_ns();
	int64_t until = rules->tick(rules->arg, now);

	if (rules->ending(rules->arg)) {
		if (!*give_up)
			*give_up = now + PATIENCE;
		if (now >= *give_up)
			return false;
		until = *give_up;
		polls[1].fd = -1;
	}
	if (step && now + step < until)
		until = now + step;
	poll(polls, 2, ms_until(until, now));
	return true;
}

void blocking_await(int fd)
{
	struct pollfd polls[2] = {{.fd = fd, .events = POLLIN}};
	int64_t now, until;

	if (!rules) {
		poll(polls, 1, -1);
		return;
	}
	polls[1] = (struct pollfd){.fd = rules->wake_fd, .events = POLLIN};
	now = clock_monotonic_ns();
	until = rules->tick(rules->arg, now);
	poll(polls, 2, ms_until(until, now));
}

static bool is_ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) != 0;
}

/* Once one was given up, the others get no more time. */
static bool wait_ready(int fd)
{
	int64_t give_up = rules->gave_up;

	while (!is_ready(fd)) {
		if (!wait_once(fd, 0, &give_up)) {
			rules->gave_up = true;
			errno = ECANCELED;
			return false;
		}
	}
	return true;
}

/* Write no more than can be taken without blocking. */
static ssize_t write_piece(int fd, mode_t mode, const void *bytes, size_t n)
{
	size_t most = S_ISFIFO(mode) ? PIPE_BUF : TERMINAL_PIECE;
	ssize_t done;

	if (!S_ISSOCK(mode))
		return write(fd, bytes, n < most ? n : most);
	done = send(fd, bytes, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return done < 0 && (errno == EAGAIN || errno == ENOBUFS) ? 0 : done;
}

ssize_t blocking_write(int fd, const void *bytes, size_t n)
{
	struct stat st;

	if (!rules || fstat(fd, &st) != 0 ||
	    (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode) &&
	     !S_ISCHR(st.st_mode)))
		return write(fd, bytes, n);
	if (!wait_ready(fd))
		return -1;
	return write_piece(fd, st.st_mode, bytes, n);
}

int blocking_open(const char *path, int flags)
{
	int64_t give_up = 0;
	struct stat st;
	int fd;

	if (!rules || stat(path, &st) != 0 || !S_ISFIFO(st.st_mode))
		return open(path, flags);
	while ((fd = open(path, flags | O_NONBLOCK)) < 0 && errno == ENXIO) {
		if (rules->ending(rules->arg) ||
		    !wait_once(-1, KNOCK, &give_up)) {
			errno = ECANCELED;
			return -1;
		}
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}
