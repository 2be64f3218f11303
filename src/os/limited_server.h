/*
 * Work that may run away (os/limited.h), for a process that has threads by the
 * time the work comes up: a child of a process with threads finds the locks of
 * the others held for ever. The server is a child made before the threads are,
 * and makes the child for each piece of work itself.
 */
#ifndef OS_LIMITED_SERVER_H
#define OS_LIMITED_SERVER_H

#include "os/limited.h"

struct limited_server;

/* The work, in a child of the server; question: what limited_ask() sent. */
typedef void limited_answer(const void *question, size_t n, struct str *out);

/* Start one, while this process has no other thread. The limits hold for each
   question and are borrowed. NULL: no process, or no memory. */
struct limited_server *limited_server_open(const struct limits *limits,
					   limited_answer *work,
					   struct err *err);

/* As limited_run(), for n octets of question. One at a time. */
enum limited_end limited_ask(struct limited_server *server,
			     const void *question, size_t n, struct str *out,
			     struct err *err);

void limited_server_close(struct limited_server *server);

#endif
