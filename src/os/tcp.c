/* TCP connections: names, time-outs, and no waiting. */
#include "os/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

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

int tcp_listen(const struct tcp_address *at, struct err *err)
{
	struct addrinfo *list = look_up(at, AI_PASSIVE, err);
	const int on = 1;
	int fd;

	if (!list)
		return -1;
	fd = open_socket(list);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd >= 0 && (bind(fd, list->ai_addr, list->ai_addrlen) != 0 ||
			listen(fd, 16) != 0))
		fd = close_for(fd, errno);
	if (fd < 0)
		err_sys(err, ERR_FAULT, errno, "cannot listen");
	freeaddrinfo(list);
	return fd;
}

int tcp_accept(int fd)
{
	const int on = 1;
	int one = accept(fd, NULL, NULL);

	if (one < 0)
		return -1;
	fcntl(one, F_SETFD, FD_CLOEXEC);
	fcntl(one, F_SETFL, O_NONBLOCK);
	setsockopt(one, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return one;
}

long tcp_send(int fd, const void *bytes, size_t n)
{
	ssize_t sent;

	do
		sent = send(fd, bytes, n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && errno == EAGAIN)
		return 0;
	return sent;
}

bool tcp_discard(int fd)
{
	char bytes[4096];
	ssize_t n;

	do
		n = recv(fd, bytes, sizeof(bytes), 0);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 && errno == EAGAIN;
}

void tcp_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void tcp_name(int fd, bool other, char name[TCP_NAME])
{
	struct sockaddr_storage a;
	socklen_t size = sizeof(a);
	char host[TCP_HOST], port[8];
	int n = other ? getpeername(fd, (struct sockaddr *)&a, &size)
		      : getsockname(fd, (struct sockaddr *)&a, &size);

	if (n != 0 ||
	    getnameinfo((struct sockaddr *)&a, size, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(name, TCP_NAME, "?");
	else
		snprintf(name, TCP_NAME,
			 a.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
			 port);
}
