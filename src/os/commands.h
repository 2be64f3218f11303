/* A command that is run for one file after another, beside the capture. */
#ifndef OS_COMMANDS_H
#define OS_COMMANDS_H

#include <stdbool.h>

#include "base/err.h"

struct commands;

/*
 * Run nothing yet. text: words that are separated by blanks (found by PATH), to
 * which the file's name is added as the last one; or, with shell, a line for
 * /bin/sh that finds it in $1. Borrowed. most: how many at once. NULL: *err
 * says why.
 */
struct commands *commands_open(const char *text, bool shell, unsigned most,
			       struct err *err);

/* From now on have a child run it, for files that are made of this path, as the
   sandbox does not let this process. false: *err says why. */
bool commands_serve(struct commands *, const char *path, struct err *err);

/*
 * Run it for this file, now or when another one has ended. It has no input,
 * the lowest priority, and a process group of its own, so that Ctrl-C does not
 * end it. That it cannot be run, or fails, is a warning.
 */
void commands_run(struct commands *, const char *file);

/* After SIGCHLD: see which have ended, and run what waits. */
void commands_reap(struct commands *);

/* How many run or wait. */
unsigned commands_left(const struct commands *);

/* Leave alone those that run, forget those that wait. NULL: there are none. */
void commands_close(struct commands *);

#endif
