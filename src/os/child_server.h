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

/* Called in the server before the first question, to give up rights. false: it
   ends. */
typedef bool child_server_enter(const void *arg);

/* Start one, while this process has no other thread. The limits hold for each
   question and are borrowed. enter may be NULL. NULL: no process, or no
   memory. */
struct child_server *child_server_open(const struct limits *limits,
				       child_server_answer *work,
				       child_server_enter *enter,
				       const void *arg, struct err *err);

/* As bounded_child_run(), for n bytes of question. One at a time. */
enum bounded_child_end child_server_ask(struct child_server *server,
					const void *question, size_t n,
					struct str *out, struct err *err);

/* The same in parts, for a caller that has other things to do: the question,
   whether there is an answer (or no more server), and the answer. */
bool child_server_send(struct child_server *server, const void *question,
		       size_t n, struct err *err);
bool child_server_ready(const struct child_server *server);
enum bounded_child_end child_server_receive(struct child_server *server,
					    struct str *out, struct err *err);

/* In a child that is a server of another kind: it lives until the other end of
   fd is closed, whatever signals the terminal sends to both, and has nothing
   else open. */
void child_server_settle(int fd);

/* Ends the server even while it works. */
void child_server_close(struct child_server *server);

#endif
