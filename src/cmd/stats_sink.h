/* From what `stats` counts beside its reports to the sink that counts. */
#ifndef CMD_STATS_SINK_H
#define CMD_STATS_SINK_H

#include "capture/expr.h"
#include "cmd/select_opts.h"
#include "stats/stats.h"
#include "where/where.h"

/* What --count and --count-where are made to. */
struct stats_counters {
	struct expr_compiler *compiler;	   /* NULL: no filter needs one */
	struct where *where[STATS_COUNTS]; /* of field expressions */
};

/* Compile the options' field expressions, decoded and with macros as those of
   the selection, and be ready for filters. false: *err says what is wrong;
   nothing is to be closed. */
bool stats_counters_open(struct stats_counters *counters,
			 const struct stats_options *options,
			 const struct select_conf *select, struct err *err);
void stats_counters_close(struct stats_counters *counters);

/* The state's sink; the counters must outlive it. NULL: *err says why. */
struct sink *stats_sink_open(struct stats *stats,
			     const struct stats_counters *counters,
			     bool optimize, struct err *err);

#endif
