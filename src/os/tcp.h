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

#endif
