/* How `stats` shows its reports. */
#ifndef CMD_STATS_SHOW_H
#define CMD_STATS_SHOW_H

#include "output/rows.h"
#include "stats/stats.h"

struct stats_show {
	enum rows_form form;
	int64_t top; /* rows of a table; 0: all, -1: as many as suit the form */
	const char *sort; /* key of a column; NULL: each report's own */
	bool ascending;
	bool
	    overview; /* leave out what is empty, and show the rate as a line */
	bool compact; /* JSON on one line */
	bool plot;    /* a chart below each table of text */
	unsigned columns; /* of text at most; 0: as many as it takes */
	bool utf8;	  /* text may be drawn with what is not ASCII */
};

/* Fill in what depends on standard output: text for a terminal fits it. */
void stats_show_terminal(struct stats_show *show);

/* Does a report have that column? false: *err says that none has. */
bool stats_show_check(const struct stats_show *show, const struct stats *stats,
		      struct err *err);

/* Append all reports to out, handing it to full() whenever there is much in
   it. false: no memory, or full() said false. */
bool stats_show(const struct stats_show *show, const struct stats *stats,
		struct str *out, bool (*full)(struct str *));

/* Print all reports to stdout, and then what stats_complain() says. Returns the
   exit status. */
int stats_print(const struct stats_show *show, const struct stats *stats);

/* Note what reports leave out that was asked for. */
void stats_tell(const struct stats *stats);

/* Warn of what was not counted as it should be. */
void stats_complain(const struct stats *stats);

#endif
