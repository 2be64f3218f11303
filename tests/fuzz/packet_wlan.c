/* 802.11 frames, with and without what receivers put before them. */
#include "base/array.h"
#include "fuzz/packets.h"

FAMILY(105, 127, 163, 119, 192);

PACKETS_TARGET

/* They reach many decoders. */
static const char *const seeds[] = {
    /* radiotap, 802.11 data, SNAP */
    "01 00001a002f4800000000000000000000 10027109a000 c4 00 00 00 "
    "00000801 0000 020000000001 020000000002 020000000003 1000 aaaa03 "
    "000000 08004500001c00000000401100000a0000020a000001 1234003500080000",
    /* 802.11 beacon */
    "00 8000 0000 ffffffffffff 020000000001 020000000001 "
    "00000000000000000000 6400 0104 0003616263 0102 8284",
};

enum { SEEDS = ARRAY_LEN(seeds) };

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	return i < SEEDS ? packets_read(seeds[i], bytes) : 0;
}
