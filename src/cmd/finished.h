/* What is done with each finished file of a capture: the line about it, and the
   command. */
#ifndef CMD_FINISHED_H
#define CMD_FINISHED_H

#include "cmd/rotation_opts.h"
#include "file/rotate.h"

struct finished;

/* Open what --stats-json, --on-file and so on name. force: a file may be
   replaced. The options are borrowed. NULL: *err says why. */
struct finished *finished_open(const struct rotation_conf *conf, bool force,
			       struct err *err);

/* A file is finished: for the thread that writes the files. */
void finished_tell(struct finished *, const struct rotate_file *);

/* A child has ended: it may be such a command. */
void finished_reap(struct finished *);

/* Wait for the commands that are left, until a signal says that all is to end,
   and free all. false: something could not be written, *err says what. NULL:
   there is none. */
bool finished_close(struct finished *, struct err *err);

#endif
