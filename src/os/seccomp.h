/*
 * System calls that a process gives up for good, by libseccomp.
 */
#ifndef OS_SECCOMP_H
#define OS_SECCOMP_H

#include <stdbool.h>

enum seccomp_form {
	SECCOMP_DENY,	/* what nothing here needs fails with EPERM */
	SECCOMP_LOOKUP, /* the same, but sockets and libraries: for names */
	SECCOMP_ALLOW,	/* all but what is needed fails with EPERM */
	SECCOMP_STRICT	/* all but what is needed ends the process */
};

/* What the forms for reading may leave besides. */
enum {
	SECCOMP_LEAVE_ACCEPT = 1, /* connections to sockets that listen */
	SECCOMP_LEAVE_BIND = 2,	  /* binding sockets */
};

/* Was this built with libseccomp, and is it installed? */
bool seccomp_available(void);

/* Give them up, in this thread and all that it starts. No-new-privileges is
   set, too. false: the kernel, or its policy, does not let. */
bool seccomp_enter(enum seccomp_form form, unsigned leave);

#endif
