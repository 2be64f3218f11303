/* How packets are counted in conversations. */
#ifndef STATS_CONVERSATION_COUNT_H
#define STATS_CONVERSATION_COUNT_H

#include "stats/report.h"

enum conversation_kind {
	CONVERSATION_ETH,
	CONVERSATION_IP,
	CONVERSATION_IPV6,
	CONVERSATION_TCP,
	CONVERSATION_UDP,
	CONVERSATION_SCTP
};

/* The values of an entry. End A is the one with the higher port, or where
   they are equal with the lower address. */
enum {
	CONVERSATION_PACKETS_AB,
	CONVERSATION_PACKETS_BA,
	CONVERSATION_BYTES_AB,
	CONVERSATION_BYTES_BA,
	CONVERSATION_FIRST,
	CONVERSATION_LAST,
};

/* The fields that are counted by, in the order of the report's wishes. */
enum {
	WISH_ETH_DST,
	WISH_IP_SRC,
	WISH_IP6_SRC,
	WISH_TCP_SRC,
	WISH_TCP_DST,
	WISH_UDP_SRC,
	WISH_UDP_DST,
	WISH_SCTP_SRC,
	WISH_SCTP_DST
};

#define KIND(kind) (1u << CONVERSATION_##kind)

/* The groups: of conversations, then of the ends of those that went. */
enum {
	GROUP_ETH,
	GROUP_IP,
	GROUP_IP6,
	GROUP_TCP4,
	GROUP_TCP6,
	GROUP_UDP4,
	GROUP_UDP6,
	GROUP_SCTP4,
	GROUP_SCTP6,
	GROUP_ETH_ENDS,
	CONVERSATION_GROUPS = GROUP_ETH_ENDS + CONVERSATION_SCTP + 1
};

/* struct report's packet(). */
void conversation_count(struct report_state *p, const struct observation *s);

#endif
