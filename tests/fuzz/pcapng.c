/* Any bytes as a pcapng file: read (with recover, if their number is odd),
   written again, read again. */
#include "fuzz/roundtrip.h"

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	through(bytes, n, n & 1);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	/* every kind of block in both byte orders */
	static const char *const seeds[] = {
	    "0a0d0d0a u32 40 u32 0x1a2b3c4d u16 1 u16 0 ff*8 "
	    "u16 1 u16 2 'hi' 00*2 u32 0 u32 40 "
	    "u32 1 u32 40 u16 1 u16 0 u32 96 u16 2 u16 4 'eth0' "
	    "u16 9 u16 1 09 00*3 u32 0 u32 40 "
	    "u32 6 u32 56 u32 0 u32 0 u32 7 u32 4 u32 60 'abcd' "
	    "u16 2 u16 4 u32 2 u16 1 u16 1 'c' 00*3 u32 0 u32 56 "
	    "u32 3 u32 20 u32 4 'abcd' u32 20 "
	    "u32 2 u32 44 u16 0 u16 7 u32 0 u32 1 u32 2 u32 2 'ab' 00*2 "
	    "u16 2 u16 4 u32 1 u32 44 "
	    "u32 5 u32 40 u32 0 u32 0 u32 9 u16 4 u16 8 u64 11 u32 0 u32 40 "
	    "u32 4 u32 32 u16 1 u16 8 7f000001 'abc' 00 u32 0 u32 0 u32 32 "
	    "u32 10 u32 24 u32 0x544c534b u32 4 'abcd' u32 24 "
	    "u32 0xbad u32 20 u32 32473 'abcd' u32 20 "
	    "u32 9 u32 16 'A=B' 0a u32 16 u32 0x999 u32 16 'what' u32 16 ",
	    "0a0d0d0a U32 28 U32 0x1a2b3c4d U16 1 U16 0 ff*8 U32 28 "
	    "U32 1 U32 28 U16 101 U16 0 U32 64 U16 9 U16 1 8a 00*3 U32 28 "
	    "U32 6 U32 40 U32 0 U32 0 U32 7 U32 2 U32 2 'ab' 00*2 "
	    "U16 1 U16 0 U32 40 "
	    "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28 "
	    "u32 1 u32 20 u16 1 u16 0 u32 0 u32 20 "
	    "u32 6 u32 32 u32 0 u32 0 u32 7 u32 0 u32 0 u32 32 ",
	};

	return i < 2 ? through_seed(seeds[i], bytes) : 0;
}
