/* Dropping privileges: becoming another user, emptying the capabilities. */
#ifndef OS_USER_H
#define OS_USER_H

#include <stddef.h>

#include "base/err.h"

struct user {
	unsigned uid, gid;
	char name[64];
};

/* The user of that name (or number). false: there is none. */
bool user_find(const char *name, struct user *user, struct err *err);

/* The user who called sudo or doas, for a process that runs as root through
   them. false: they did not. */
bool user_from_sudo(struct user *user);

/* Become user for ever, with that user's groups. Needs root. */
bool user_become(const struct user *user, struct err *err);

/*
 * Give up every capability and the possibility to get one back. Without
 * libcap-ng only a change of user does that: then this warns where there is
 * something to give up. false: the system refused.
 */
bool user_drop_capabilities(struct err *err);

/* Is this process root? */
bool user_is_root(void);

#endif
