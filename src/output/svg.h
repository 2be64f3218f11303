/*
 * Charts as one picture: Scalable Vector Graphics 1.1 that any browser shows,
 * without scripts, style sheets or anything from elsewhere.
 */
#ifndef OUTPUT_SVG_H
#define OUTPUT_SVG_H

#include "output/chart.h"

struct svg {
	struct str body;
	unsigned height; /* of what is in there, in units of a pixel */
};

#define SVG_INIT                                                               \
	{                                                                      \
		.body = STR_INIT                                               \
	}

/* Add a chart below the others. */
void svg_add(struct svg *svg, const struct chart *chart);

/* Append the whole picture to out. */
void svg_write(const struct svg *svg, const char *title, struct str *out);
void svg_fini(struct svg *svg);

#endif
