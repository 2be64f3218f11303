/* What ICMPv6's files share. */
#ifndef DECODE_NET_ICMPV6_H
#define DECODE_NET_ICMPV6_H

#include "decode/proto.h"

enum {
	ICMPV6_ROUTER_ADVERT = 134,
	ICMPV6_SOLICIT = 135,
	ICMPV6_ADVERT = 136,
	ICMPV6_REDIRECT = 137,
	ICMPV6_RENUMBERING = 138,
	ICMPV6_NI_QUERY = 139,
	ICMPV6_NI_REPLY = 140,
	ICMPV6_RPL = 155,
};

/* What is after the name of such a message; nothing for others. */
void icmpv6_rare_line(struct summary *l, unsigned type, unsigned code);

/* What -v adds to a message of neighbour discovery and to a report of multicast
   listeners, and what it says instead of a query of version 2. */
void icmpv6_neighbour_line(struct summary *l, unsigned type);
void icmpv6_report_line(struct summary *l);
void icmpv6_query_line(struct summary *l);

#endif
