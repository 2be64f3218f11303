/* What ICMPv6's two files share. */
#ifndef DECODE_ICMPV6_H
#define DECODE_ICMPV6_H

#include "decode/proto.h"

enum {
	ICMPV6_RENUMBERING = 138,
	ICMPV6_NI_QUERY = 139,
	ICMPV6_NI_REPLY = 140,
	ICMPV6_RPL = 155,
};

/* What is behind the name of such a message; nothing for others. */
void icmpv6_rare_line(struct line *l, unsigned type, unsigned code);

#endif
