/*
 * Landlock: what files a process may still reach, decided by itself and for
 * good. Each right is one of this kernel's; what it does not know yet is left
 * out, so that the same rules do on all of them.
 */
#ifndef OS_LANDLOCK_H
#define OS_LANDLOCK_H

#include <stdbool.h>

/* What a rule gives, below a folder or for one file. */
enum landlock_right {
	LANDLOCK_READ = 1,   /* read files */
	LANDLOCK_LIST = 2,   /* open folders */
	LANDLOCK_WRITE = 4,  /* write to files, and shorten them */
	LANDLOCK_MAKE = 8,   /* make regular files */
	LANDLOCK_REMOVE = 16 /* remove and replace files */
};

/* The version of the kernel's interface; 0: there is none. Nothing changes. */
int landlock_version(void);

/*
 * A set of rules, which gives nothing at first. signals: also keep from
 * sending signals to processes outside, where the kernel can. -1: errno says
 * why.
 */
int landlock_begin(bool signals);

/* Give rights (of enum landlock_right) for what is at path, or below it if it
   is a folder. false: errno says why, such as that it does not exist. */
bool landlock_add(int rules, const char *path, unsigned rights);

/* Put the rules in force for this thread and all that it starts, and close
   them. No-new-privileges must be set. false: errno says why. */
bool landlock_enter(int rules);

#endif
