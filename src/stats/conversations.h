/* What conversations count, for endpoints, which shows the same. */
#ifndef STATS_CONVERSATIONS_H
#define STATS_CONVERSATIONS_H

#include "stats/conversation_count.h"

/* What endpoints count: the address in two words, then the port and the length
   of the address. Of full groups conversations that went are kept there. */
#define CONVERSATION_ENDS(called)                                              \
	{                                                                      \
		.name = (called), .words = 3, .n_values = 6, .weight = 2,      \
		.room = 512, .rule = {                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_MIN,                                         \
			AGGREGATE_MAX                                          \
		}                                                              \
	}

/* The text of the address in such a key; it has room for ADDR_TEXT. */
void conversation_address(const uint64_t key[3], char *text);

/* Add a conversation's values to its two ends. */
void talk_add_ends(struct aggregate *ends, const struct aggregate_shape *shape,
		   const uint64_t *key, const uint64_t *values);

/* The ends of those conversations of that kind that went. */
const struct aggregate *talk_gone(const struct report_state *part,
				  enum conversation_kind kind);

/* The number of the group of those ends. */
unsigned talk_gone_group(enum conversation_kind kind);

/*
 * All conversations of a kind as one group, or (for kinds with ports) two: IPv4
 * and IPv6. What was counted with the transport's conversations alone is added
 * to those of IP here. own: room for a group that must be made, where the
 * shape is 0 before. Returns how many groups there are.
 */
unsigned conversation_groups(const struct report_state *part,
			     enum conversation_kind kind, struct aggregate *own,
			     const struct aggregate *groups[2]);

#endif
