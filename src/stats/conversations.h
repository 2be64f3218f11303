/* What conversations count, for endpoints, which shows the same. */
#ifndef STATS_CONVERSATIONS_H
#define STATS_CONVERSATIONS_H

#include "stats/report.h"

enum conversation_kind {
	TALK_ETH,
	TALK_IP,
	TALK_IPV6,
	TALK_TCP,
	TALK_UDP,
	TALK_SCTP
};

/* The values of an entry. End A is the one with the higher port, or where
   they are equal with the lower address. */
enum {
	TALK_PACKETS_AB,
	TALK_PACKETS_BA,
	TALK_OCTETS_AB,
	TALK_OCTETS_BA,
	TALK_FIRST,
	TALK_LAST,
};

/* One end: its address (6, 4 or 16 octets) and port. */
struct talk_end {
	uint8_t n;
	uint8_t octets[16];
	uint16_t port;
};

/* The ends of an entry of one of the groups. */
void talk_ends(const struct group_shape *shape, const uint64_t *key,
	       struct talk_end end[2]);

/* The address as text (NULL: nobody wants it); true if it has a port too. */
bool talk_address(const struct group_shape *shape, const struct talk_end *end,
		  char *text);

/*
 * All conversations of a kind as one group, or (for kinds with ports) two: IPv4
 * and IPv6. What was counted with the transport's conversations alone is added
 * to those of IP here. own: room for a group that must be made, of which the
 * shape is 0 before. Returns how many groups there are.
 */
unsigned talk_groups(const struct part *part, enum conversation_kind kind,
		     struct group *own, const struct group *groups[2]);

#endif
