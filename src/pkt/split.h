/*
 * The stage that deals packets out to many sinks: by number, time, size, or by
 * what they belong to. How a sink is made is the caller's affair.
 */
#ifndef PKT_SPLIT_H
#define PKT_SPLIT_H

#include "pkt/pipeline.h"

enum split_by {
	SPLIT_BY_NOTHING,
	SPLIT_BY_FLOW, /* pkt/flowkey.h; all fragments of a datagram together */
	SPLIT_BY_HOST, /* every packet goes to the parts of both addresses */
	SPLIT_BY_INTERFACE,
	SPLIT_BY_LINKTYPE
};

/* One output. It may be closed and opened again any number of times. */
struct split_part {
	uint64_t number; /* from 1, in the order of their first packets */
	int64_t time_ns; /* with a period: when that starts; else of the first
			    packet */
	const char *key; /* what is split by, fit for a file's name; NULL:
			    SPLIT_BY_NOTHING */
};

struct split_options {
	enum split_by by;
	/* A new part after so many packets; for each period of so many ns, as
	   the clock (UTC) divides them; before size is exceeded. 0: never. */
	uint64_t packets;
	int64_t period_ns;
	uint64_t size;
	size_t max_open; /* sinks at a time; at least 2 */
	/* Before one more it says STOP, and close() that it did; 0: no limit */
	uint64_t max_parts;
	/* Make the sink of a part; again: it was closed before, and what comes
	   is to be added to it. NULL: *err says why. */
	struct sink *(*open)(void *arg, const struct split_part *part,
			     bool again, struct err *err);
	uint64_t (*size_of)(const struct sink *); /* for size: bytes so far,
						     of a part opened again
						     those before too */
	/* The name of a link type, NULL: it has none. */
	const char *(*linktype_name)(uint32_t linktype);
	void *arg; /* for open; borrowed */
};

/* More parts than this are an error. */
#define SPLIT_PARTS ((size_t)1 << 20)

/* The options are copied. NULL: no memory. */
struct sink *split_open(const struct split_options *options, struct err *err);

#endif
