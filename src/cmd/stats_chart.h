/* What `stats` draws: --plot and --svg. */
#ifndef CMD_STATS_CHART_H
#define CMD_STATS_CHART_H

#include "output/chart.h"
#include "stats/report.h"

/* A view's rows as a chart; the texts are its own. */
struct stats_chart {
	struct chart chart;
	struct chart_item *items;
	struct str texts;
	char zone[16], measure[64];
};

/*
 * The chart of n rows in that order (NULL: as they are); it has no items if
 * there is nothing to draw. false: no memory. Either way call
 * stats_chart_fini().
 */
bool stats_chart_init(struct stats_chart *c, const struct view *view,
		      const size_t *order, size_t n);
void stats_chart_fini(struct stats_chart *c);

/* The default rows of a chart of the view: those of a
   record none, of a time series and a whole histogram all, else the first 20.
   As rows_sort() returns them. */
size_t *stats_chart_rows(const struct view *view, size_t *n);

/* The numbers of the chart's column of n rows in that order (NULL: as they
   are), to be freed. NULL: no memory. */
double *stats_chart_values(const struct view *view, const size_t *order,
			   size_t n);

/* Write the charts of all views as one picture to a new file. false: *err says
   why. */
bool stats_svg(const struct stats *stats, const char *path, bool force,
	       struct err *err);

#endif
