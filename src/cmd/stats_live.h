/* `stats` on what comes in now. */
#ifndef CMD_STATS_LIVE_H
#define CMD_STATS_LIVE_H

#include "cmd/stats_opts.h"
#include "cmd/stats_show.h"

/*
 * Count the packets of the interfaces that conf names until it is time or a
 * signal comes, show each interval (a screen on a terminal, else a line of
 * JSON), and then the whole. words are the operands: an expression. Returns the
 * exit status.
 */
int stats_live(const struct stats_conf *conf,
	       const struct stats_options *options,
	       const struct stats_show *show, const struct args *args);

#endif
