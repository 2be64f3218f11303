/* Any bytes as a pcap file: read (with recover, if their number is odd),
   written again, read again. */
#include "fuzz/roundtrip.h"

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	through(bytes, n, n & 1);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char *const seeds[] = {
	    "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1"
	    "u32 1000 u32 5 u32 4 u32 60 'abcd' u32 1001 u32 5 u32 4 u32 4 "
	    "'abcd' u32 1001 u32 6 u32 0 u32 0 u32 1002 u32 6 u32 1 u32 1 'x'",
	    "a1b23c4d U16 2 U16 4 U64 0 U32 65535 U32 101"
	    "U32 7 U32 999999999 U32 4 U32 5 'abcd' U32 8 U32 1 U32 1 U32 1 "
	    "'x'",
	    "34cdb2a1 u16 2 u16 4 u64 0 u32 96 u32 1"
	    "u32 1 u32 2 u32 2 u32 3 u32 9 u32 9 'ab'"
	    "u32 2 u32 2 u32 1 u32 1 u32 9 u32 9 'c'",
	    "d4c3b2a1 u16 2 u16 2 u64 0 u32 96 u32 0x24000001"
	    "u32 1 u32 2 u32 3 u32 2 'ab' u32 1 u32 2 u32 3 u32 2 'ab'",
	};

	return i < 4 ? through_seed(seeds[i], bytes) : 0;
}
