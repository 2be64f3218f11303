/* The table of codecs. */
#include "config.h"

#include "file/codec.h"

#include <string.h>

#ifdef HAVE_ZLIB
#define WITH_GZIP(ops) (&(ops))
#else
#define WITH_GZIP(ops) NULL
#endif
#ifdef HAVE_ZSTD
#define WITH_ZSTD(ops) (&(ops))
#else
#define WITH_ZSTD(ops) NULL
#endif
#ifdef HAVE_LZ4
#define WITH_LZ4(ops) (&(ops))
#else
#define WITH_LZ4(ops) NULL
#endif
#ifdef HAVE_LZMA
#define WITH_XZ(ops) (&(ops))
#else
#define WITH_XZ(ops) NULL
#endif

/* RFC 1952: magic, method deflate, no reserved flags. */
static bool gzip_probe(const uint8_t *p, size_t n)
{
	return n >= 4 && p[0] == 0x1f && p[1] == 0x8b && p[2] == 8 &&
	       (p[3] & 0xe0) == 0;
}

/* RFC 8878: a frame, or one that is to be skipped. */
static bool zstd_probe(const uint8_t *p, size_t n)
{
	return n >= 4 && (memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ||
			  ((p[0] & 0xf0) == 0x50 &&
			   memcmp(p + 1, "\x2a\x4d\x18", 3) == 0));
}

/* LZ4 frame format 1.6. */
static bool lz4_probe(const uint8_t *p, size_t n)
{
	return n >= 4 && memcmp(p, "\x04\x22\x4d\x18", 4) == 0;
}

/* The .xz file format 1.2. */
static bool xz_probe(const uint8_t *p, size_t n)
{
	return n >= 6 && memcmp(p,
				"\xfd"
				"7zXZ\0",
				6) == 0;
}

#define CODEC(id, suffix, library, with) extern const struct codec_ops id##_ops;
#include "file/codecs.def"
#undef CODEC

const struct codec codecs[] = {
#define CODEC(id, suffix, library, with)                                       \
	{#id, suffix, library, id##_probe, with(id##_ops)},
#include "file/codecs.def"
#undef CODEC
    {0},
};

const struct codec *codec_by_content(const uint8_t *p, size_t n)
{
	const struct codec *c;

	for (c = codecs; c->name; c++)
		if (c->probe(p, n))
			return c;
	return NULL;
}

const struct codec *codec_by_name(const char *name)
{
	const struct codec *c;

	for (c = codecs; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

const struct codec *codec_by_suffix(const char *path)
{
	size_t len = strlen(path);
	const struct codec *c;

	for (c = codecs; c->name; c++) {
		size_t n = strlen(c->suffix);

		if (len > n && !strcmp(path + len - n, c->suffix))
			return c;
	}
	return NULL;
}
