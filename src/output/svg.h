/*
 * Charts as one picture: Scalable Vector Graphics 1.1 that any browser shows,
 * without scripts or anything from elsewhere; light or dark, as the reader
 * prefers.
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

/* The style of all charts, for pages that they are a part of. */
extern const char svg_style[];

/* Add a chart below the others; with its title, unless a page has it. */
void svg_add(struct svg *svg, const struct chart *chart, bool titled);

/* Append the whole picture to out: as a file, or as a part of a page. */
void svg_write(const struct svg *svg, const char *title, struct str *out);
void svg_embed(const struct svg *svg, const char *title, struct str *out);
void svg_fini(struct svg *svg);

#endif
