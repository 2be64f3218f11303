/* Loads libedit, or has it linked. */
#include "config.h"

#ifdef HAVE_LIBEDIT
#include "os/libedit.h"

#define LIBRARY libedit
#define LIBRARY_FUNCTIONS "os/libedit.def"
#ifdef LIBEDIT_FILE
#define LIBRARY_FILE LIBEDIT_FILE
#endif
#include "os/library_table.h"
#endif
