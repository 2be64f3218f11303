/*
 * The functions of OpenSSL's libcrypto. The library is loaded when they are
 * first asked for: linked, it would make up a quarter of the time that any run
 * takes to start. Only where the program was configured with it (HAVE_CRYPTO).
 */
#ifndef OS_LIBCRYPTO_H
#define OS_LIBCRYPTO_H

#include <openssl/evp.h>

struct libcrypto {
#define FUNCTION(name) __typeof__(name) *name;
#include "os/libcrypto.def"
};

/* The functions, which stay. NULL: the library is not installed, or lacks one
   of them. Any thread may ask. */
const struct libcrypto *libcrypto_get(void);

#endif
