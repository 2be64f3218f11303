/* Checksums of files as they are, by libcrypto. */
#ifndef FILE_DIGEST_H
#define FILE_DIGEST_H

#include <stdbool.h>

#include "base/err.h"

/* In hexadecimal; "" if this libcrypto does not have it (any more). */
struct digests {
	char sha256[65], ripemd160[41], sha1[41];
};

/*
 * Read the whole file, and nothing that can be read only once. false: *err says
 * why, such as that there is no libcrypto in this build (ERR_USAGE).
 */
bool file_digests(const char *path, struct digests *d, struct err *err);

/* Load the library for that, while it can be. */
void digests_load(void);

#endif
