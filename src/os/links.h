/*
 * The network interfaces of the system as it tells of them: Linux by rtnetlink,
 * in the network namespace that the calling thread is in when it opens this.
 * Needs no rights. Other systems: unknown.
 */
#ifndef OS_LINKS_H
#define OS_LINKS_H

#include <stdbool.h>
#include <stdint.h>

struct links;

/* NULL: the system cannot be asked. The functions below take that, too. */
struct links *links_open(void);
void links_close(struct links *links);

/* Readable after an interface came, went or changed, until links_drain(); -1:
   unknown. */
int links_fd(const struct links *links);
void links_drain(struct links *links);

struct link_state {
	unsigned index; /* the system's number of it */
	unsigned type;	/* ARPHRD_ number */
	bool up;
	bool has_mac;
	uint8_t mac[6];
	bool counts_drops;
	uint64_t drops; /* packets that it received and lost, as libpcap counts
			   them */
};

/* The interface of that name, or of that number, now; false: there is none, or
   the system cannot be asked. */
bool links_find(struct links *links, const char *name, struct link_state *info);
bool links_at(struct links *links, unsigned index, struct link_state *info);

#endif
