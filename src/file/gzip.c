/* gzip (RFC 1952) by zlib. */
#include "config.h"

#include "file/codec.h"

#ifdef HAVE_ZLIB
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define GZIP (MAX_WBITS + 16) /* windowBits for gzip, not zlib */

static void *gzip_unpack_open(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z && inflateInit2(z, GZIP) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static unsigned at_most(size_t n)
{
	return n > UINT_MAX ? UINT_MAX : (unsigned)n;
}

static enum codec_step gzip_unpack(void *state, struct codec_io *io,
				   const char **why)
{
	z_stream *z = state;
	int got;

	z->next_in = (Bytef *)(uintptr_t)io->in;
	z->avail_in = at_most(io->in_n);
	z->next_out = io->out;
	z->avail_out = at_most(io->out_n);
	got = inflate(z, Z_NO_FLUSH);
	io->in_n -= (size_t)(z->next_in - io->in);
	io->in = z->next_in;
	io->out_n -= (size_t)(z->next_out - io->out);
	io->out = z->next_out;
	if (got == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? CODEC_END : CODEC_BAD;
	if (got == Z_OK || got == Z_BUF_ERROR)
		return CODEC_ON;
	*why = z->msg ? z->msg : "damaged";
	return CODEC_BAD;
}

static void gzip_unpack_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static void *gzip_pack_open(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (z && deflateInit2(z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, 8,
			      Z_DEFAULT_STRATEGY) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static size_t gzip_pack_bound(size_t n)
{
	return compressBound(n) + 64;
}

static size_t gzip_pack(void *state, const uint8_t *in, size_t n, uint8_t *to,
			size_t room)
{
	z_stream *z = state;

	if (deflateReset(z) != Z_OK)
		return 0;
	z->next_in = (Bytef *)(uintptr_t)in;
	z->avail_in = at_most(n);
	z->next_out = to;
	z->avail_out = at_most(room);
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return 0;
	return (size_t)(z->next_out - to);
}

static void gzip_pack_close(void *state)
{
	deflateEnd(state);
	free(state);
}

extern const struct codec_ops gzip_ops;

const struct codec_ops gzip_ops = {
    .unpack_open = gzip_unpack_open,
    .unpack = gzip_unpack,
    .unpack_close = gzip_unpack_close,
    .pack_open = gzip_pack_open,
    .pack_bound = gzip_pack_bound,
    .pack = gzip_pack,
    .pack_close = gzip_pack_close,
};
#endif
