/*
 * Statistics: packets in, rows of reports out. What is counted can be saved,
 * and merged with what was counted elsewhere.
 */
#ifndef STATS_STATS_H
#define STATS_STATS_H

#include "base/err.h"
#include "base/table.h"
#include "pkt/pipeline.h"

struct selector;
struct report;
struct stats;
struct view;

enum {
	STATS_COUNTS = 32,     /* filters at most */
	STATS_WISHES = 64,     /* reports at most */
	STATS_TEXT = 4096,     /* bytes of a filter, or list, at most */
	STATS_FLOWS = 1 << 20, /* entries of a table at most, by default */
};

/* A report, and which of its kinds (a bit each). */
struct stats_wish {
	const struct report *report;
	unsigned kinds;
	bool named;	    /* some were asked for one by one */
	const char *fields; /* what it counts by, of a report with `lists`;
			       else NULL */
};

/* What one more column of the tables counts. */
struct stats_count {
	const char *text;
	bool where; /* a field expression; else a capture filter */
};

struct stats_options {
	struct stats_wish wishes[STATS_WISHES];
	size_t n_wishes;
	int64_t interval; /* of rates, ns; 0: one that fits */
	int64_t origin;	  /* where intervals are counted from */
	bool from_first;  /* from the first packet instead */
	bool reassemble;  /* messages that are longer than a TCP segment */
	int64_t over; /* what rates are over, ns; 0: from the first packet to
			 the last one */
	bool utc;     /* how times are shown: else in the local zone */
	uint32_t max_flows;
	unsigned jobs; /* threads; one where conversations are followed */
	struct stats_count counts[STATS_COUNTS];
	size_t n_counts;
};

/* Want a report: "NAME", "NAME:KIND" or "fields:LIST"; the text is not
   copied. false: there is none (ERR_USAGE). */
bool stats_want(struct stats_options *options, const char *text,
		struct err *err);

/* The state for these options, which are copied. NULL: *err says why. */
struct stats *stats_open(const struct stats_options *options, struct err *err);
void stats_close(struct stats *stats);

/* Note what is likely to be misunderstood in expressions of the options. */
void stats_notes(const struct stats *stats);

/*
 * A sink that counts in the state; it is closed before the state is looked at.
 * selectors: one for each of the options' counts, which it owns then. NULL:
 * *err says why, and they are closed.
 */
struct sink *stats_sink(struct stats *stats, struct selector *const *selectors,
			struct err *err);

/* Add what is in from, of the same options; from is empty then. */
void stats_add(struct stats *stats, struct stats *from);

/*
 * Save a state, and read one: with it come its options (all that bears on what
 * was counted). Both ends of a state may be different machines. What is read is
 * checked, and is a whole state or NULL: *err says why.
 */
bool stats_save(const struct stats *stats, const char *path, bool force,
		struct err *err);
struct stats *stats_load(const char *path, struct err *err);

const struct stats_options *stats_options(const struct stats *stats);

/* Can from be added: was the same counted in the same way? */
bool stats_same(const struct stats *stats, const struct stats *from,
		struct err *err);

/* Show these reports instead; they must be among those that were counted. */
bool stats_choose(struct stats *stats, const struct stats_options *options,
		  struct err *err);

/* How long what was counted took: what rates are over. */
void stats_over(struct stats *stats, int64_t ns);

/* How times are shown: it does not matter to what is counted. */
void stats_utc(struct stats *stats, bool utc);

/* From now on tables have at most so many entries. */
void stats_limit(struct stats *stats, uint32_t max_flows);

/* A file that packets came from: for the summary. */
struct stats_file {
	const char *path, *type, *compression;
	uint64_t size, packets;		       /* size UINT64_MAX: not known */
	const char *sha256, *ripemd160, *sha1; /* "": not known */
};
void stats_file(struct stats *stats, const struct stats_file *file);

/* What a report leaves out that was asked for, as text for a note, or NULL. Ask
   with i from 0 on. */
bool stats_remark(const struct stats *stats, size_t i, struct str *out);

/* What was not counted as it should be, as text for a warning, or NULL: there
   is nothing. Ask with i from 0 on. */
bool stats_complaint(const struct stats *stats, size_t i, struct str *out);

/*
 * The views: view i of all that was asked for, in the order of the options.
 * *done is set after the last one. NULL with !*done: no memory.
 */
struct view *stats_view(const struct stats *stats, size_t i, bool *done);
void view_close(struct view *view);
/* As `conversations` and `tcp`; the kind is NULL where there are none, and what
   it counts by of a report with `lists`. */
const char *view_report(const struct view *view);
const char *view_kind(const struct view *view);
const char *view_title(const struct view *view);

/* Text of all reports' names, "name:kind" included, a line each. */
void stats_names(struct str *out);

#endif
