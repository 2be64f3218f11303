/* Loads libnghttp2, or has it linked. */
#include "config.h"

#ifdef HAVE_NGHTTP2
#include "os/libnghttp2.h"

#define LIBRARY libnghttp2
#define LIBRARY_FUNCTIONS "os/libnghttp2.def"
#ifdef LIBNGHTTP2_FILE
#define LIBRARY_FILE LIBNGHTTP2_FILE
#endif
#include "os/library_table.h"
#endif
