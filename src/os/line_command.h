/* A command whose lines of output say that something has happened. */
#ifndef OS_LINE_COMMAND_H
#define OS_LINE_COMMAND_H

#include <stdbool.h>

#include "base/err.h"

struct line_command;

/* Start it: words that are separated by blanks, without a shell. NULL: *err
   says why it does not run. */
struct line_command *line_command_start(const char *text, struct err *err);

/* To poll for reading; -1 once its output has ended. */
int line_command_fd(const struct line_command *);

/*
 * How many events there were since the last call; does not wait. A line is one,
 * and so is the command's end with status 0 if it has printed none. That it
 * ended, or failed, is reported.
 */
unsigned line_command_take(struct line_command *);

/* End it if it runs, with what it has started. NULL: there is none. */
void line_command_close(struct line_command *);

#endif
