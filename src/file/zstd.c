/* Zstandard (RFC 8878) by libzstd. */
#include "config.h"

#include "file/codec.h"

#ifdef HAVE_ZSTD
#include <stdlib.h>
#include <zstd.h>

/* Frames may ask for this much memory to unpack: 2^27 bytes. */
#define WINDOW_LOG 27
#define LEVEL 3

/* What begins a frame at least. */
#define FIRST 5

/*
 * The decoder gets as much at a time as it asks for, a block or a checksum:
 * where it fails it does not say what it wrote before that in the same call.
 */
struct zstd {
	ZSTD_DCtx *z;
	size_t want;
};

static void *zstd_unpack_open(void)
{
	struct zstd *s = calloc(1, sizeof(*s));

	if (!s || !(s->z = ZSTD_createDCtx())) {
		free(s);
		return NULL;
	}
	s->want = FIRST;
	ZSTD_DCtx_setParameter(s->z, ZSTD_d_windowLogMax, WINDOW_LOG);
	return s;
}

static enum codec_step zstd_unpack(void *state, struct codec_io *io,
				   const char **why)
{
	struct zstd *s = state;
	ZSTD_inBuffer in = {io->in, io->in_n < s->want ? io->in_n : s->want, 0};
	ZSTD_outBuffer out = {io->out, io->out_n, 0};
	size_t got = ZSTD_decompressStream(s->z, &out, &in);

	io->in += in.pos;
	io->in_n -= in.pos;
	io->out += out.pos;
	io->out_n -= out.pos;
	s->want = got && !ZSTD_isError(got) ? got : FIRST;
	if (got == 0)
		return CODEC_END;
	if (!ZSTD_isError(got))
		return CODEC_ON;
	*why = ZSTD_getErrorName(got);
	return CODEC_BAD;
}

static void zstd_unpack_close(void *state)
{
	struct zstd *s = state;

	ZSTD_freeDCtx(s->z);
	free(s);
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
