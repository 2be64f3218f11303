/* Telling a service manager how a service does: the protocol of sd_notify(3),
   a datagram for each message. */
#ifndef OS_NOTIFY_H
#define OS_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct notify {
	int fd;		  /* -1: none was asked for */
	int64_t watchdog; /* a sign of life is due each so many ns; 0: never */
	int64_t next;	  /* when (steady clock) */
};

/* Who asked is in the environment (NOTIFY_SOCKET, WATCHDOG_USEC), from which it
   is removed: it is not for children. Without a socket all the rest does
   nothing. */
void notify_open(struct notify *n);
void notify_close(struct notify *n);

/* Is a service manager there to be told? */
static inline bool notify_wanted(const struct notify *n)
{
	return n->fd >= 0;
}

/* Send lines such as "READY=1". Never waits: what cannot be sent is lost. */
void notify_send(const struct notify *n, const char *lines);

/* Send a sign of life if it is due. Returns when the next one is (INT64_MAX:
   never). */
int64_t notify_tick(struct notify *n, int64_t now);

#endif
