/*
 * Fingerprints: digests of what clients and servers offer, in the order in
 * which they offer it. libcrypto computes them; without it there are none.
 */
#ifndef DECODE_LIB_FINGERPRINT_H
#define DECODE_LIB_FINGERPRINT_H

#include "decode/proto.h"

/* Record the MD5 of n bytes as 32 hexadecimal digits. */
void add_md5(struct dissect *d, const struct field *f, const void *bytes,
	     size_t n);

#endif
