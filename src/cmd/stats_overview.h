/* What `stats` shows people who did not ask for a report: one screen. */
#ifndef CMD_STATS_OVERVIEW_H
#define CMD_STATS_OVERVIEW_H

#include "stats/report.h"

/* The reports that it is made of; a NULL ends them. */
extern const char *const stats_overview_reports[];

struct stats_show;

/* Append the overview. false: no memory. */
bool stats_overview(const struct stats *stats, const struct stats_show *show,
		    struct str *out);

/* Append the line of the rate alone. false: no memory. */
bool stats_overview_rate(const struct stats *stats,
			 const struct stats_show *show, struct str *out);

/* Append a view that is a record: what its columns say, in so many columns of
   lines. */
void stats_record(const struct view *view, unsigned across, struct str *out);

#endif
