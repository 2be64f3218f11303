/* Unpacking a file of frames while it is read. */
#ifndef FILE_UNPACK_H
#define FILE_UNPACK_H

#include "file/codec.h"
#include "os/infile.h"

struct unpack;

/*
 * Unpack what comes from file, beginning with the n bytes at buf, which are
 * the first of it; buf has room for cap bytes and is owned from now on, file
 * is borrowed. NULL: *err says why (ERR_USAGE when it is not built in).
 */
struct unpack *unpack_open(const struct codec *codec, struct infile *file,
			   uint8_t *buf, size_t n, size_t cap, struct err *err);

/*
 * Up to room bytes unpacked. Returns how many; 0: the last frame has ended;
 * -1: *err says what is wrong with the bytes after these. *packed: bytes of
 * the file used by now. A readahead_producer.
 */
ptrdiff_t unpack_read(void *unpack, void *to, size_t room,
		      const volatile sig_atomic_t *stop, uint64_t *packed,
		      struct err *err);

/* Did zeros follow the last frame? Once unpack_read() has returned 0. */
bool unpack_padded(const struct unpack *unpack);

void unpack_close(struct unpack *u);

#endif
