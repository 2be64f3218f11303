/* Charts of characters. */
#ifndef OUTPUT_CHART_H
#define OUTPUT_CHART_H

#include "base/str.h"

/* A bar of value / most of width characters. utf8: in eighths of them. */
void chart_bar(struct str *out, double value, double most, unsigned width,
	       bool utf8);

/* n values as one line of that many characters, each the mean of its share
   (fewer if there are fewer values). */
void chart_line(struct str *out, const double *values, size_t n, unsigned width,
		bool utf8);

#endif
