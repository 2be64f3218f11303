/*
 * The functions of libedit, loaded when they are first asked for: by the shell.
 * Only where the program was configured with it (HAVE_LIBEDIT).
 */
#ifndef OS_LIBEDIT_H
#define OS_LIBEDIT_H

#include <stdio.h>

#include <histedit.h>

struct libedit {
#define FUNCTION(name) __typeof__(name) *name;
#include "os/libedit.def"
};

/* The functions, which stay. NULL: the library is not installed, or lacks one
   of them. Any thread may ask. */
const struct libedit *libedit_get(void);

#endif
