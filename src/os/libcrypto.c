/* Loads libcrypto, or has it linked. */
#include "config.h"

#ifdef HAVE_CRYPTO
#include "os/libcrypto.h"

#define LIBRARY libcrypto
#define LIBRARY_FUNCTIONS "os/libcrypto.def"
#ifdef LIBCRYPTO_FILE
#define LIBRARY_FILE LIBCRYPTO_FILE
#endif
#include "os/library_table.h"
#endif
