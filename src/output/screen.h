/*
 * A terminal as a screen that is drawn again and again, by the control
 * sequences of ECMA-48 that every terminal of today knows. Nothing is written
 * here: the sequences are appended to a text.
 */
#ifndef OUTPUT_SCREEN_H
#define OUTPUT_SCREEN_H

#include "base/str.h"

/* Leave the terminal's contents aside, with the cursor hidden, and bring them
   back. */
void screen_begin(struct str *out);
void screen_end(struct str *out);

/* Draw the lines of a text (UTF-8, without control characters) over what was
   drawn before: as many of them, and as much of each, as there is room for. */
void screen_draw(struct str *out, const char *text, unsigned rows,
		 unsigned columns);

#endif
