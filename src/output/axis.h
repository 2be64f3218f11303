/* Where charts have marks on their axes, and what is written at them. */
#ifndef OUTPUT_AXIS_H
#define OUTPUT_AXIS_H

#include "base/str.h"
#include "base/table.h"

/* Round marks from 0 on; mark i is at i * step. */
struct axis {
	double step, end; /* the end is the last mark */
	unsigned n;	  /* marks after 0 */
	const char *unit; /* "kB", "ms"; "" if there is none */
	double per_unit;
	unsigned decimals;
};

/* Some four marks; the last is not below most. */
void axis_init(struct axis *a, double most, enum column_form form);

/* What is written at mark i, without the unit. */
void axis_text(const struct axis *a, unsigned i, struct str *out);

/* The distance of time marks for at most so many in a span of
   ns: a second, 15 minutes, 6 hours ... */
int64_t axis_time_step(uint64_t span, unsigned most);

/* The first such mark at or after a time; in the local zone they are at round
   times of that. */
int64_t axis_time_first(int64_t time, int64_t step, bool local);

/* What is written at a time mark: the time of day, and the date. Of days and
   more there is only the date. */
void axis_time_text(int64_t time, int64_t step, bool local, struct str *clock,
		    struct str *date);

#endif
