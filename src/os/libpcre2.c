/* Loads libpcre2, or has it linked. */
#include "config.h"

#ifdef HAVE_PCRE2
#include "os/libpcre2.h"

#define LIBRARY libpcre2
#define LIBRARY_FUNCTIONS "os/libpcre2.def"
#ifdef LIBPCRE2_8_FILE
#define LIBRARY_FILE LIBPCRE2_8_FILE
#endif
#include "os/library_table.h"
#endif
