/* The IANA registries of special-purpose addresses (RFC 6890). */
#ifndef WHERE_SPECIAL_H
#define WHERE_SPECIAL_H

#include <stdint.h>

enum special_flags {
	SPECIAL_RESERVED = 1, /* by protocol */
	SPECIAL_GLOBAL = 2,   /* globally reachable */
	SPECIAL_FORWARDABLE = 4,
	SPECIAL_DESTINATION = 8,
	SPECIAL_SOURCE = 16
};

struct special_block {
	const char *name;
	uint32_t flags;
};

/* The smallest block that the address is in; NULL: none. */
const struct special_block *special_ipv4(uint32_t address);
const struct special_block *special_ipv6(const uint8_t address[16]);

#endif
