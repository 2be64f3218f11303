/* TCP connections, by names and ports. */
#ifndef OS_TCP_H
#define OS_TCP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* An address and port as text: 255 bytes of a name are the most. */
#define TCP_HOST 256
#define TCP_NAME (TCP_HOST + 16)

struct tcp_address {
	char host[TCP_HOST]; /* without brackets; empty: none was given */
	uint16_t port;
};

/* Take HOST:PORT apart, where an IPv6 address is in brackets; HOST may be
   empty. false: it is something else. */
bool tcp_address(const char *text, struct tcp_address *address);

/*
 * Connect to what the host's name stands for, one address after the other;
 * each is given so many milliseconds. cancel: a descriptor that ends that when
 * it becomes readable (-1: none). Returns a socket that blocks; -1: *err says
 * why (ERR_FAULT; ERR_USAGE for a name that is unknown).
 */
int tcp_connect(const struct tcp_address *to, int timeout_ms, int cancel,
		struct err *err);

/* Listen there; without a host, on the loopback address. Returns a socket that
   does not block; -1: *err says why (ERR_FAULT or ERR_USAGE). */
int tcp_listen(const struct tcp_address *at, struct err *err);

/* A connection that waits at such a socket, which does not block. -1: none. */
int tcp_accept(int fd);

/* What will not fit is left: how many bytes were sent, 0 if none will fit now,
   -1 if the other end is gone. Never blocks or raises a signal. */
long tcp_send(int fd, const void *bytes, size_t n);

/* Read what there is, for nothing. false: the other end sends no more. */
bool tcp_discard(int fd);

/* -1: none. */
void tcp_close(int fd);

/* "host:port" of a socket's own end, or of the other one. */
void tcp_name(int fd, bool other, char name[TCP_NAME]);

#endif
