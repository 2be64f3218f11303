/* A child of this program, and a socket to it. */
#ifndef OS_CHILD_PAIR_H
#define OS_CHILD_PAIR_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct child_pair {
	pid_t pid;
	int fd; /* the caller's end of the pair, closed by programs it runs */
};

/* In the child: until it has nothing more to do. It ends by _exit(). */
typedef void child_pair_serve(int fd, const void *arg);

/* Make the child, with a pair of sockets of that type (SOCK_STREAM ...), while
   this process has no other thread. false: *err says why, and there is nothing
   to close. */
bool child_pair_open(struct child_pair *, int type, child_pair_serve *serve,
		     const void *arg, struct err *err);

#endif
