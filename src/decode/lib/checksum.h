/* Checksums of the Internet protocols (RFC 1071), for lines with -v. */
#ifndef DECODE_LIB_CHECKSUM_H
#define DECODE_LIB_CHECKSUM_H

#include "decode/engine/summary.h"

struct checksum {
	uint16_t found;	  /* in the packet */
	uint16_t correct; /* what it should be */
	bool good;
};

/* Sum up n bytes whose checksum is at offset `at`, an even number. */
struct checksum checksum_bytes(const uint8_t *bytes, size_t n, size_t at);

/*
 * The same for the first n bytes of the line's current layer, with the
 * addresses below (unless proto is 0), of IP protocol `proto`. false: they are
 * not all captured, or a fragment.
 */
bool checksum_layer(const struct summary *l, size_t n, size_t at,
		    unsigned proto, struct checksum *sum);

#endif
