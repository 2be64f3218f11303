/* The selector that leaves out packets seen before. */
#ifndef PKT_DEDUP_H
#define PKT_DEDUP_H

#include "pkt/selector.h"

/* Packets that are remembered at most, whatever the window. */
#define DEDUP_MAX ((uint32_t)1 << 20)

struct dedup_options {
	/* Compare with the packets - 1 packets before (2 to DEDUP_MAX); 0: with
	   those at most window_ns earlier. */
	uint32_t packets;
	int64_t window_ns;
	bool ignore_ttl;  /* TTL or hop limit, and IPv4's header checksum */
	bool ignore_sums; /* header and transport checksums */
	bool ignore_link; /* everything before the IP header and after it */
};

/* Two packets are the same if their captured bytes are. NULL: no memory. */
struct selector *dedup_open(const struct dedup_options *options,
			    struct err *err);

#endif
