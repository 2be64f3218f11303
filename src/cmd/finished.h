/* What is done with each finished file of a capture: the line about it, and the
   command. */
#ifndef CMD_FINISHED_H
#define CMD_FINISHED_H

#include "cmd/rotation_opts.h"
#include "cmd/stats_lines.h"
#include "file/rotate.h"

struct finished;

/* Open what --on-file and so on name. The options and lines (NULL: none) are
   borrowed. NULL: *err says why. */
struct finished *finished_open(const struct rotation_conf *conf,
			       struct stats_lines *lines, struct err *err);

/* Before the sandbox: what will be run for files made of this path is run by a
   child outside. NULL: there is none. false: *err says why. */
bool finished_guard(struct finished *, const char *path, struct err *err);

/* A file is finished: for the thread that writes the files. */
void finished_tell(struct finished *, const struct rotate_file *);

/* A child has ended: it may be such a command. */
void finished_reap(struct finished *);

/* Wait for the commands that are left, until a signal says that all is to end,
   and free all. NULL: there is none. */
void finished_close(struct finished *);

#endif
