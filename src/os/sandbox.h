/*
 * The sandbox: what a process gives up for good before it reads the first
 * foreign byte. Commands say beforehand what they will need, then enter it.
 * It holds for the process and all that it starts from then on. What is said
 * here is kept for the whole process, as the sandbox is.
 */
#ifndef OS_SANDBOX_H
#define OS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum sandbox_level {
	SANDBOX_OFF,	 /* enter nothing */
	SANDBOX_BEST,	 /* what can be had here */
	SANDBOX_REQUIRE, /* all of it, or fail */
	SANDBOX_STRICT	 /* and end at a system call that is not needed */
};

/* Their names, in this order; a NULL ends them. */
extern const char *const sandbox_levels[];

struct sandbox_wish {
	enum sandbox_level level;
	bool tells; /* note what is in force, once it is */
};

/* What later calls of sandbox_enter() do; until then nothing. */
void sandbox_want(const struct sandbox_wish *);

/* Does a sandbox lie ahead? */
bool sandbox_ahead(void);

/* ---- what will be needed, before it is entered ---- */

/* Read this file ("-": nothing to be said), or those below this folder. */
void sandbox_may_read(const char *path);

/* Read this file, and another one that takes its name. */
void sandbox_may_read_beside(const char *path);

/* Make this file: under another name in its folder at first, in place of one
   that is there. Or write to it, if it is a device or a pipe. */
void sandbox_may_make(const char *path);

/* Give this file, which is open already, its name, have its folder on the disk,
   and remove it if it fails. */
void sandbox_may_finish(const char *path);

/* Add to this file. */
void sandbox_may_append(const char *path);

/* Make, replace and remove any file whose path begins so, as far as folders
   go. */
void sandbox_may_fill(const char *beginning);

/* Temporary files, besides those that tempfile_reserve() has opened. */
void sandbox_may_spill(void);

/* Send signals to processes that are there already. */
void sandbox_may_signal(void);

/* Accept connections to sockets that listen already. */
void sandbox_may_accept(void);

/* Bind sockets that are open already. */
void sandbox_may_bind(void);

/* ---- entering ---- */

/*
 * Enter it, at most once, while there is one thread. Uses no more rights than
 * were asked for. A root without files to make becomes the user who called
 * sudo, or a service user, if that one can read what is to be read.
 * false: the level is not reached, and the level was not to be the best one.
 */
bool sandbox_enter(struct err *err);

/* For a child that does one piece of work on foreign text and answers through
   what is open. names: it may look up names, for which much is left. */
void sandbox_enter_child(bool names);

/* For a server of such children: no capabilities, no new ones. */
void sandbox_enter_server(void);

/* The level that was chosen, and what this system and build offer for it. */
void sandbox_describe_offer(struct str *out);

#endif
