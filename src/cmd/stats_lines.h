/* The lines of --stats-json, about files and about the capture. */
#ifndef CMD_STATS_LINES_H
#define CMD_STATS_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct stats_lines;

/* Open a file, or a descriptor: "fd:N"; force: a file may be replaced. posted:
   stats_lines_post() is to be called. NULL: *err says why. */
struct stats_lines *stats_lines_open(const char *name, bool force, bool posted,
				     struct err *err);

/* Start the thread that lines are posted to. false: *err says why. */
bool stats_lines_start(struct stats_lines *, struct err *err);

/* Write a line; from any thread. */
void stats_lines_put(struct stats_lines *, const struct str *line);

/* Have it written, without waiting. false: its reader has not taken those
   before, and it is left out. One thread calls this. */
bool stats_lines_post(struct stats_lines *, const struct str *line);

/* The run is to end: a reader that takes nothing is given up. NULL: none. */
void stats_lines_end(struct stats_lines *);

/* false: something could not be written, *err says what. NULL is allowed. */
bool stats_lines_close(struct stats_lines *, struct err *err);

#endif
