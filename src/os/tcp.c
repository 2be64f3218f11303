/* TCP connections: names, time-outs, and no waiting. */
#include "os/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

bool tcp_address(const char *text, struct tcp_address *address)
{
	const char *colon = strrchr(text, ':'), *from = text, *to = colon;
	uint64_t port;

	if (!colon || !num_u64(colon + 1, &port) || port > UINT16_MAX)
		return false;
	if (*from == '[') {
		from++;
		if (to == text || *--to != ']' || to <= from)
			return false;
	} else if (memchr(from, ':', (size_t)(to - from))) {
		return false; /* it could be part of an IPv6 address */
	}
	if ((size_t)(to - from) >= sizeof(address->host))
		return false;
	memcpy(address->host, from, (size_t)(to - from));
	address->host[to - from] = '\0';
	address->port = (uint16_t)port;
	return true;
}

/* NULL: *err says why. */
static struct addrinfo *look_up(const struct tcp_address *a, int flags,
				struct err *err)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
				       .ai_socktype = SOCK_STREAM,
				       .ai_flags = flags | AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	char port[8];
	int n;

	snprintf(port, sizeof(port), "%u", a->port);
	n = getaddrinfo(a->host[0] ? a->host : "127.0.0.1", port, &hints,
			&list);
	if (n == 0)
		return list;
	err_set(err, ERR_USAGE, "%s: %s", a->host,
		n == EAI_SYSTEM ? strerror(errno) : gai_strerror(n));
	return NULL;
}

static int open_socket(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static int close_for(int fd, int errnum)
{
	if (fd >= 0)
		close(fd);
	errno = errnum;
	return -1;
}

/* One address. -1: errno says why, ECANCELED that it is not wanted any more. */
static int try_one(const struct addrinfo *a, int timeout_ms, int cancel)
{
	int fd = open_socket(a), errnum = 0, n;
	struct pollfd polls[2] = {{.fd = fd, .events = POLLOUT},
				  {.fd = cancel, .events = POLLIN}};
	socklen_t size = sizeof(errnum);

	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
		if (errno != EINPROGRESS)
			return close_for(fd, errno);
		do
			n = poll(polls, 2, timeout_ms);
		while (n < 0 && errno == EINTR);
		if (polls[1].revents)
			return close_for(fd, ECANCELED);
		if (n == 0)
			return close_for(fd, ETIMEDOUT);
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &errnum, &size) != 0)
			errnum = errno;
		if (errnum)
			return close_for(fd, errnum);
	}
	fcntl(fd, F_SETFL, 0);
	n = 1; /* a peer that vanished is noticed one day */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &n, sizeof(n));
	return fd;
}

int tcp_connect(const struct tcp_address *to, int timeout_ms, int cancel,
		struct err *err)
{
	struct addrinfo *list = look_up(to, 0, err), *a;
	int fd = -1;

	if (!list)
		return -1;
	errno = EHOSTUNREACH;
	for (a = list; a && fd < 0; a = a->ai_next) {
		fd = try_one(a, timeout_ms, cancel);
		if (fd < 0 && errno == ECANCELED)
			break;
	}
	if (fd < 0)
		err_sys(err, ERR_FAULT, errno, "cannot connect");
	freeaddrinfo(list);
	return fd;
}
