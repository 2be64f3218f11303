/* How far the reading of savefiles is, on the last line of the terminal. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "pkt/pipeline.h"

/*
 * A stage that passes everything on to next, which it owns, and when the work
 * takes long draws a line on stderr: bytes and packets so far, their rate, and
 * how long it will take. source is of savefiles_open(), and borrowed. NULL: no
 * memory; next is closed.
 */
struct sink *progress_open(const struct source *source, struct sink *next,
			   struct err *err);

#endif
