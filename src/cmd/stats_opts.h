/* The options of `stats`. */
#ifndef CMD_STATS_OPTS_H
#define CMD_STATS_OPTS_H

#include "cmd/inputs.h"
#include "cmd/select_opts.h"
#include "stats/stats.h"

struct stats_conf {
	struct inputs_conf inputs;
	struct select_conf select;
	struct texts by, counts, counts_where, live;
	const char *sort, *origin, *save, *svg, *html;
	int64_t top, interval, max_flows, jobs, duration;
	bool hash, ascending, json, csv, merge, force, reassemble, plot,
	    no_promiscuous, utc;
};

extern const struct stats_conf stats_defaults;
extern const struct opt_group stats_groups[];

/* What is to be counted. false: *err says which argument makes no sense. */
bool stats_conf_take(const struct stats_conf *conf,
		     struct stats_options *options, struct err *err);

#endif
