/*
 * The functions of libseccomp, loaded when the sandbox is entered.
 * Only where the program was configured with it (HAVE_SECCOMP).
 */
#ifndef OS_LIBSECCOMP_H
#define OS_LIBSECCOMP_H

#include <seccomp.h>

struct libseccomp {
#define FUNCTION(name) __typeof__(name) *name;
#include "os/libseccomp.def"
};

/* The functions, which stay. NULL: the library is not installed, or lacks one
   of them. Any thread may ask. */
const struct libseccomp *libseccomp_get(void);

#endif
