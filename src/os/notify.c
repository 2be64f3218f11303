/* Datagrams to a service manager. */
#include "os/notify.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static int open_socket(const char *name)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const size_t len = strlen(name);
	const socklen_t size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	int fd;

	if ((name[0] != '/' && name[0] != '@') || len >= sizeof(a.sun_path))
		return -1;
	memcpy(a.sun_path, name, len);
	if (name[0] == '@') /* an abstract name begins with a zero */
		a.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (connect(fd, (struct sockaddr *)&a, size) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Nanoseconds from one sign of life to the next; 0: none are expected, or not
   from this process. */
static int64_t watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t n;

	if (pid && (!num_u64(pid, &n) || n != (uint64_t)getpid()))
		return 0;
	if (!usec || !num_u64(usec, &n) || n > INT64_MAX / NS_PER_US)
		return 0;
	return (int64_t)n * NS_PER_US / 2;
}

void notify_open(struct notify *n)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*n = (struct notify){.fd = name ? open_socket(name) : -1};
	if (n->fd >= 0)
		n->watchdog = watchdog();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

void notify_send(const struct notify *n, const char *lines)
{
	if (n->fd >= 0)
		(void)!send(n->fd, lines, strlen(lines), MSG_NOSIGNAL);
}

int64_t notify_tick(struct notify *n, int64_t now)
{
	if (!n->watchdog)
		return INT64_MAX;
	if (now >= n->next) {
		notify_send(n, "WATCHDOG=1");
		n->next = now + n->watchdog;
	}
	return n->next;
}
