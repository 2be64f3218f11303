/*
 * Conditions about packets whose first headers are known: instructions of a
 * packet filter program that decide them.
 */
#ifndef WHERE_CONDITION_H
#define WHERE_CONDITION_H

#include "decode/proto_ids.h"
#include "where/header.h"

/* The packets of one chain of headers. */
struct header_chain {
	struct header_places places;
	/* what may be in the packet after the headers, or twice */
	bool beyond[PROTO_COUNT];
	bool inner; /* the last of them is, or follows, IP in IP */
};

/* The chain with one more protocol, whose header is there, at byte `at`. */
static inline struct header_chain chain_with(const struct header_chain *c,
					     enum proto_id id, unsigned at)
{
	struct header_chain more = *c;

	more.places.at[id] = (int16_t)at;
	return more;
}

/* Where a condition goes. */
struct condition_ways {
	place yes, no;
	bool unknown; /* which of them what is not known takes: yes? */
};

/* Do the headers alone decide the condition? */
bool condition_is_exact(const struct header_chain *c,
			const struct where_node *node);

/* Put the instructions for the condition, and return where they begin: it is
   one of the ways if nothing has to be looked at. */
place condition_put(struct emitter *e, const struct header_chain *c,
		    const struct where_node *node, struct condition_ways to);

#endif
