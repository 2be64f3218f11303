/*
 * A child that runs one fixed command for files, for a process in the sandbox,
 * which may not. All that it can be asked is to run it for a file, and only for
 * one that is there, where files are made.
 */
#ifndef OS_SPAWN_SERVER_H
#define OS_SPAWN_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct spawn_what {
	char **argv;	/* the command */
	size_t place;	/* of the file among its words */
	unsigned most;	/* how many at once */
	const char *in; /* what the paths of files begin with; "": they are
			   relative */
};

struct spawn_server;

/* Start one, while this process has no other thread. NULL: *err says why. */
struct spawn_server *spawn_server_open(const struct spawn_what *,
				       struct err *err);

/* Run it for this file: 0 and its process, or the reason that it does not run
   (of errno). */
int spawn_server_run(struct spawn_server *, const char *file, pid_t *pid);

/* After SIGCHLD, which the server passes on: one that has ended, and how (as
   for waitpid()). false: no more. */
bool spawn_server_ended(struct spawn_server *, pid_t *pid, int *status);

/* Commands that run are left alone. NULL: there is none. */
void spawn_server_close(struct spawn_server *);

#endif
