/*
 * The functions of libnghttp2, loaded when they are first asked for: by the
 * first header block of HTTP/2.
 * Only where the program was configured with it (HAVE_NGHTTP2).
 */
#ifndef OS_LIBNGHTTP2_H
#define OS_LIBNGHTTP2_H

#include <nghttp2/nghttp2.h>

struct libnghttp2 {
#define FUNCTION(name) __typeof__(name) *name;
#include "os/libnghttp2.def"
};

/* The functions, which stay. NULL: the library is not installed, or lacks one
   of them. Any thread may ask. */
const struct libnghttp2 *libnghttp2_get(void);

#endif
