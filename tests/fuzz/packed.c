/* Any bytes as a packed file: unpacked, read, written again, read again. */
#include "file/codec.h"
#include "fuzz/roundtrip.h"

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	through(bytes, n, false);
}

/* What xz makes of the capture below; this program writes no xz. */
static const char xz[] =
    "fd377a585a0000016922de360200210116000000742fe5a3e00067001a5d"
    "006a30d1c87d8bf8099bad1b6855bf3f4c7f7cbed4fd11badd0000000000"
    "05015d9c0001326830089f8e9042990d010000000001595a";

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char capture[] =
	    "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1 u64 7 u32 64 u32 64 61*64";
	size_t n = through_seed(capture, bytes), packed;
	const struct codec *c = &codecs[i < 4 ? i : 4];
	static uint8_t plain[FUZZ_MAX];
	void *state;

	if (!c->name)
		return 0;
	if (!c->ops || !c->ops->pack)
		return through_seed(xz, bytes);
	memcpy(plain, bytes, n);
	state = c->ops->pack_open();
	packed = c->ops->pack(state, plain, 30, bytes, FUZZ_MAX);
	packed += c->ops->pack(state, plain + 30, n - 30, bytes + packed,
			       FUZZ_MAX - packed);
	c->ops->pack_close(state);
	return packed;
}
