/* The way of packets into what `stats` counts. */
#ifndef CMD_STATS_SINK_H
#define CMD_STATS_SINK_H

#include "pkt/pipeline.h"
#include "stats/stats.h"

struct expr_compiler;

/* A sink that counts in stats, with a program for each expression of --count,
   which optimize (as -O has it) is about; compiler may be NULL if there are
   none, and is borrowed. NULL: *err says why. */
struct sink *stats_sink_open(struct stats *stats,
			     const struct stats_options *options,
			     struct expr_compiler *compiler, bool optimize,
			     struct err *err);

#endif
