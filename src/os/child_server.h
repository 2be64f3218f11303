/*
 * Work that may run away (os/bounded_child.h), for a process that has threads
 * by the time the work comes up: a child of a process with threads finds the
 * locks of the others held for ever. The server is a child made before the
 * threads are, and makes the child for each piece of work itself.
 */
#ifndef OS_CHILD_SERVER_H
#define OS_CHILD_SERVER_H

#include "os/bounded_child.h"

struct child_server;

/* The work, in a child of the server; question: what child_server_ask() sent.
 */
typedef void child_server_answer(const void *question, size_t n,
				 struct str *out);

/* Start one, while this process has no other thread. The limits hold for each
   question and are borrowed. NULL: no process, or no memory. */
struct child_server *child_server_open(const struct limits *limits,
				       child_server_answer *work,
				       struct err *err);

/* As bounded_child_run(), for n bytes of question. One at a time. */
enum bounded_child_end child_server_ask(struct child_server *server,
					const void *question, size_t n,
					struct str *out, struct err *err);

void child_server_close(struct child_server *server);

#endif
