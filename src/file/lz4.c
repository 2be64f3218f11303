/* The LZ4 frame format by liblz4. */
#include "config.h"

#include "file/codec.h"

#ifdef HAVE_LZ4
#include <lz4frame.h>
#include <stdlib.h>

/* What begins a frame at least. */
#define FIRST 7

/*
 * The decoder gets as much at a time as it asks for, a block or a checksum:
 * where it fails it does not say what it wrote before that in the same call.
 */
struct lz4 {
	LZ4F_dctx *z;
	size_t want;
};

static void *lz4_unpack_open(void)
{
	struct lz4 *l = calloc(1, sizeof(*l));

	if (l && LZ4F_isError(
		     LZ4F_createDecompressionContext(&l->z, LZ4F_VERSION))) {
		free(l);
		return NULL;
	}
	if (l)
		l->want = FIRST;
	return l;
}

static enum codec_step lz4_unpack(void *state, struct codec_io *io,
				  const char **why)
{
	struct lz4 *l = state;
	size_t in = io->in_n < l->want ? io->in_n : l->want, out = io->out_n;
	size_t got = LZ4F_decompress(l->z, io->out, &out, io->in, &in, NULL);

	if (LZ4F_isError(got)) {
		*why = LZ4F_getErrorName(got);
		return CODEC_BAD;
	}
	io->in += in;
	io->in_n -= in;
	io->out += out;
	io->out_n -= out;
	l->want = got ? got : FIRST;
	return got == 0 ? CODEC_END : CODEC_ON;
}

static void lz4_unpack_close(void *state)
{
	struct lz4 *l = state;

	LZ4F_freeDecompressionContext(l->z);
	free(l);
}

static const LZ4F_preferences_t preferences = {
    .frameInfo = {.blockSizeID = LZ4F_max1MB,
		  .blockMode = LZ4F_blockIndependent,
		  .contentChecksumFlag = LZ4F_contentChecksumEnabled},
};

static void *lz4_pack_open(void)
{
	static char nothing_to_keep;

	return &nothing_to_keep;
}

static size_t lz4_pack_bound(size_t n)
{
	return LZ4F_compressFrameBound(n, &preferences);
}

static size_t lz4_pack(void *state, const uint8_t *in, size_t n, uint8_t *to,
		       size_t room)
{
	size_t len = LZ4F_compressFrame(to, room, in, n, &preferences);

	(void)state;
	return LZ4F_isError(len) ? 0 : len;
}

static void lz4_pack_close(void *state)
{
	(void)state;
}

extern const struct codec_ops lz4_ops;

const struct codec_ops lz4_ops = {
    .unpack_open = lz4_unpack_open,
    .unpack = lz4_unpack,
    .unpack_close = lz4_unpack_close,
    .pack_open = lz4_pack_open,
    .pack_bound = lz4_pack_bound,
    .pack = lz4_pack,
    .pack_close = lz4_pack_close,
};
#endif
