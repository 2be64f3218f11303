/*
 * Compression as data: one row of codecs.def each. A packed file is a series
 * of independent frames (gzip calls them members), each unpacked on its own.
 */
#ifndef FILE_CODEC_H
#define FILE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left to unpack, and the room left for it; each step moves on. */
struct codec_io {
	const uint8_t *in;
	size_t in_n;
	uint8_t *out;
	size_t out_n;
};

enum codec_step {
	CODEC_ON,  /* it used some of in, or filled some of out, or needs more
		      of either */
	CODEC_END, /* a frame ended; the next step begins another */
	CODEC_BAD  /* *why says what is wrong */
};

struct codec_ops {
	/* NULL: no memory. */
	void *(*unpack_open)(void);
	enum codec_step (*unpack)(void *state, struct codec_io *io,
				  const char **why);
	void (*unpack_close)(void *state);

	/* Packing; NULL where it is not offered. */
	void *(*pack_open)(void);
	size_t (*pack_bound)(size_t n);
	/* One whole frame of n bytes into room; returns its length, 0 if that
	   failed. */
	size_t (*pack)(void *state, const uint8_t *in, size_t n, uint8_t *to,
		       size_t room);
	void (*pack_close)(void *state);
};

struct codec {
	const char *name;			   /* as --compress takes it */
	const char *suffix;			   /* of packed files */
	const char *library;			   /* what does it */
	bool (*probe)(const uint8_t *p, size_t n); /* does a frame begin? */
	const struct codec_ops *ops;		   /* NULL: not built in */
};

/* All codecs; one without a name ends them. */
extern const struct codec codecs[];

/* The codec whose frame begins at p; by its name; by a file name's suffix.
   NULL: none. */
const struct codec *codec_by_content(const uint8_t *p, size_t n);
const struct codec *codec_by_name(const char *name);
const struct codec *codec_by_suffix(const char *path);

/* Bytes that codec_by_content() wants to see. */
#define CODEC_PROBE 6

#endif
