/* What a state holds; for the engine only. */
#ifndef STATS_STATE_H
#define STATS_STATE_H

#include "stats/field_list.h"
#include "stats/report.h"

struct stats {
	struct stats_options options;
	struct report_state *parts; /* of those reports that count */
	size_t n_parts;
	struct field_list *lists[STATS_WISHES]; /* what parts get */
	size_t n_lists;
	struct plan *plan;
	bool decodes; /* some report wants decoded packets */
	struct hash_seed seed;
	struct str texts; /* of options, of a state that was loaded */
	bool has_first;	  /* the first packet with a time has come */
};

/* Parts as those of the state, without anything in them. NULL: no memory. */
struct report_state *parts_open(const struct stats *stats, struct err *err);
void parts_close(struct report_state *parts, size_t n);

/* Add what is in the others, which are empty then. */
void parts_add(struct report_state *parts, struct report_state *from, size_t n);

/* How many kinds a report has: at least one. */
unsigned report_kinds(const struct report *r);

/* Are two lists of fields the same? Either may be NULL. */
bool fields_same(const char *a, const char *b);

#endif
