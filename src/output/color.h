/*
 * Colours of a packet's text on a terminal (ECMA-48 SGR): by protocol, and red
 * for what needs attention.
 */
#ifndef OUTPUT_COLOR_H
#define OUTPUT_COLOR_H

#include "base/str.h"
#include "decode/dissect.h"

#define COLOR_BOLD "\033[1m"
#define COLOR_ALARM "\033[1;31m"
#define COLOR_END "\033[0m"

/*
 * Start what is to be coloured: the colour follows in color_end(), when the
 * text is known. Returns where, for that.
 */
size_t color_start(struct str *out);

/* Colour what was appended since, as the packet's line asks for; alarm: it
   tells of something out of order. */
void color_end(struct str *out, size_t start, const struct dissect *d,
	       bool alarm);

#endif
