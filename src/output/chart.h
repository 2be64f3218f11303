/* Charts: as characters here, as pictures in output/svg.h. */
#ifndef OUTPUT_CHART_H
#define OUTPUT_CHART_H

#include "base/str.h"
#include "base/table.h"

/* n values as one line of that many characters, each the mean of its share
   (fewer if there are fewer values). */
void chart_line(struct str *out, const double *values, size_t n, unsigned width,
		bool utf8);

/* Label and number as people read them; foreign text is made harmless. */
struct chart_item {
	const char *label, *number;
	double value;
	unsigned depth; /* in a tree */
	int64_t time;	/* where the interval begins, of lines */
};

struct chart {
	const char *title;
	const struct chart_item *items;
	size_t n;
	bool line;	     /* values in order of time, else a bar for each */
	const char *measure; /* what the values are */
	enum column_form form; /* and how they are read */
	int64_t interval;      /* of lines: how long each is, ns */
	bool local;	       /* times are shown in the local zone */
	const char *zone;      /* which is this */
};

/* The value at which the chart ends: the largest, or 0. */
double chart_most(const struct chart *chart);

/* Append the chart (not its title) in at most so many columns. */
void chart_text(struct str *out, const struct chart *chart, unsigned columns,
		bool utf8);

/* How many columns a text (UTF-8) takes: a character is one. */
size_t chart_width(const char *text);

#endif
