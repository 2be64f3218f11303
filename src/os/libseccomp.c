/* Loads libseccomp, or has it linked. */
#include "config.h"

#ifdef HAVE_SECCOMP
#include "os/libseccomp.h"

#define LIBRARY libseccomp
#define LIBRARY_FUNCTIONS "os/libseccomp.def"
#ifdef LIBSECCOMP_FILE
#define LIBRARY_FILE LIBSECCOMP_FILE
#endif
#include "os/library_table.h"
#endif
