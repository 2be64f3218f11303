/* What the summary counts, and what is shown of it. */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include "stats/report.h"

/* The values of the totals. */
enum {
	PACKETS,
	BYTES,
	CAPTURED,
	CUT,
	DESCENTS, /* packets with an earlier time than the one before */
	UNTIMED,
	ODD, /* with a length or a time that makes no sense */
	COMMENTS,
	SECTIONS,
	NAMES, /* blocks of names, */
	SECRETS,
	OTHERS,
	FIRST,
	LAST,
	CUT_LEAST,
	CUT_MOST,
	VALUES
};

/* The aggregates. */
enum { TOTALS, TEXTS, FILES, LINKTYPES };

/* The values of a link type. */
enum { LT_PACKETS, LT_SNAP_LEAST, LT_SNAP_MOST, LT_RES_LEAST, LT_RES_MOST };

bool summary_show(const struct report_state *part, struct view *view);

#endif
