/*
 * User and capabilities of a process that is about to be sandboxed.
 */
#ifndef OS_SANDBOX_IDS_H
#define OS_SANDBOX_IDS_H

#include <stdbool.h>
#include <stddef.h>

/* Something that must stay within reach. */
struct sandbox_place {
	char *path;
	unsigned rights; /* enum landlock_right */
};

enum sandbox_caps {
	SANDBOX_CAPS_NONE,  /* none are left */
	SANDBOX_CAPS_FILES, /* those to reach the files of others */
	SANDBOX_CAPS_KEPT   /* they could not be given up */
};

/* Of root, become someone who can do nothing but reach all places: the user who
   called sudo, or a service user. Returns whose name it is; NULL: nothing
   changed. */
const char *sandbox_leave_root(const struct sandbox_place *, size_t n);

/* Have nothing that is executed later get capabilities: while this process may
   still say so, that is before another user is. */
void sandbox_drop_bounds(void);

/* Give up all capabilities, or all but those that the places need. */
enum sandbox_caps sandbox_drop_caps(const struct sandbox_place *, size_t n);

#endif
