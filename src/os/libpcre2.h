/*
 * The functions of libpcre2 for bytes, loaded when they are first asked for: by
 * the first regular expression.
 * Only where the program was configured with it (HAVE_PCRE2).
 */
#ifndef OS_LIBPCRE2_H
#define OS_LIBPCRE2_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct libpcre2 {
#define FUNCTION(name) __typeof__(name) *name;
#include "os/libpcre2.def"
};

/* The functions, which stay. NULL: the library is not installed, or lacks one
   of them. Any thread may ask. */
const struct libpcre2 *libpcre2_get(void);

#endif
