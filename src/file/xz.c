/* The .xz file format by liblzma: reading only. */
#include "config.h"

#include "file/codec.h"

#ifdef HAVE_LZMA
#include <lzma.h>
#include <stdlib.h>

/* What a stream may ask for to be unpacked: xz -9 needs 65 MiB. */
#define MEMORY ((uint64_t)192 << 20)

static bool xz_begin(lzma_stream *z)
{
	return lzma_stream_decoder(z, MEMORY, 0) == LZMA_OK;
}

static void *xz_unpack_open(void)
{
	lzma_stream *z = calloc(1, sizeof(*z));

	if (z && !xz_begin(z)) {
		free(z);
		return NULL;
	}
	return z;
}

static const char *xz_reason(lzma_ret got)
{
	switch (got) {
	case LZMA_MEMLIMIT_ERROR:
		return "needs more than 192 MiB to decompress";
	case LZMA_MEM_ERROR:
		return "out of memory";
	case LZMA_OPTIONS_ERROR:
		return "uses options that liblzma does not know";
	default:
		return "damaged";
	}
}

static enum codec_step xz_unpack(void *state, struct codec_io *io,
				 const char **why)
{
	lzma_stream *z = state;
	lzma_ret got;

	z->next_in = io->in;
	z->avail_in = io->in_n;
	z->next_out = io->out;
	z->avail_out = io->out_n;
	got = lzma_code(z, LZMA_RUN);
	io->in = z->next_in;
	io->in_n = z->avail_in;
	io->out = z->next_out;
	io->out_n = z->avail_out;
	if (got == LZMA_STREAM_END && xz_begin(z))
		return CODEC_END;
	if (got == LZMA_OK || got == LZMA_BUF_ERROR)
		return CODEC_ON;
	*why = xz_reason(got);
	return CODEC_BAD;
}

static void xz_unpack_close(void *state)
{
	lzma_end(state);
	free(state);
}

extern const struct codec_ops xz_ops;

const struct codec_ops xz_ops = {
    .unpack_open = xz_unpack_open,
    .unpack = xz_unpack,
    .unpack_close = xz_unpack_close,
};
#endif
