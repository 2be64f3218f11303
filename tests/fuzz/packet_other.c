/* All other link types, which are shown as bytes, and those that few use. */
#include "fuzz/packets.h"

FAMILY(3, 6, 7, 8, 10, 100, 106, 107, 114, 117, 119, 122, 123, 129, 138, 139,
       140, 142, 143, 147, 149, 160, 163, 165, 177, 187, 189, 192, 195, 197,
       201, 209, 220, 225, 226, 230, 231, 235, 239, 240, 242, 245, 247, 249,
       251, 253, 258, 265, 272, 281, 284, 285, 290);

PACKETS_TARGET

/* The same bytes, an IPv4 packet after a few more, as each of the types. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n;

	if (i >= 2 * LINKTYPES)
		return 0;
	n = packets_read("00 02 00 08 00 81 00 00 00 cc cc 03 00 00 08 00"
			 "4500001f00000000401100000a0000020a000001"
			 "12340035000b0000 616263",
			 bytes);
	bytes[0] = (uint8_t)(i / 2);
	if (i % 2) /* as if the packet came first */
		memmove(bytes + 1, bytes + 16, n -= 15);
	return n;
}
