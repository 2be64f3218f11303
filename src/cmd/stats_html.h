/* stats --html: the reports as one page. */
#ifndef CMD_STATS_HTML_H
#define CMD_STATS_HTML_H

#include "cmd/stats_show.h"

/* Where the packets came from, for the command lines that show them. */
struct stats_origin {
	const char *const *paths;
	size_t n;
	const char *expression; /* that selected them, or NULL */
};

/* Write the reports, with their charts, to a new file. false: *err says why. */
bool stats_html(const struct stats_show *show, const struct stats *stats,
		const struct stats_origin *origin, const char *path, bool force,
		struct err *err);

#endif
