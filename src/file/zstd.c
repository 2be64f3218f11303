/* Zstandard (RFC 8878) by libzstd. */
#include "config.h"

#include "file/codec.h"

#ifdef HAVE_ZSTD
#include <zstd.h>

/* Frames may ask for this much memory to unpack: 2^27 bytes. */
#define WINDOW_LOG 27
#define LEVEL 3

static void *zstd_unpack_open(void)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();

	if (z)
		ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG);
	return z;
}

static enum codec_step zstd_unpack(void *state, struct codec_io *io,
				   const char **why)
{
	ZSTD_inBuffer in = {io->in, io->in_n, 0};
	ZSTD_outBuffer out = {io->out, io->out_n, 0};
	size_t got = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_n -= in.pos;
	io->out += out.pos;
	io->out_n -= out.pos;
	if (got == 0)
		return CODEC_END;
	if (!ZSTD_isError(got))
		return CODEC_ON;
	*why = ZSTD_getErrorName(got);
	return CODEC_BAD;
}

static void zstd_unpack_close(void *state)
{
	ZSTD_freeDCtx(state);
}

static void *zstd_pack_open(void)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();

	if (z) {
		ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
		ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	}
	return z;
}

static size_t zstd_pack_bound(size_t n)
{
	return ZSTD_compressBound(n);
}

static size_t zstd_pack(void *state, const uint8_t *in, size_t n, uint8_t *to,
			size_t room)
{
	size_t len = ZSTD_compress2(state, to, room, in, n);

	return ZSTD_isError(len) ? 0 : len;
}

static void zstd_pack_close(void *state)
{
	ZSTD_freeCCtx(state);
}

extern const struct codec_ops zstd_ops;

const struct codec_ops zstd_ops = {
    .unpack_open = zstd_unpack_open,
    .unpack = zstd_unpack,
    .unpack_close = zstd_unpack_close,
    .pack_open = zstd_pack_open,
    .pack_bound = zstd_pack_bound,
    .pack = zstd_pack,
    .pack_close = zstd_pack_close,
};
#endif
