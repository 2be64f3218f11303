/*
 * The unpacked bytes of one input as a window that moves forward. Parsers
 * work straight on the window; pointers into it are good until the next call
 * of a function here.
 */
#ifndef FILE_INPUT_H
#define FILE_INPUT_H

#include "base/err.h"
#include "file/unpack.h"
#include "os/buffer_pool.h"
#include "os/infile.h"
#include "os/readahead.h"

struct input {
	const uint8_t *pos, *end; /* the window: bytes not yet used */
	const uint8_t *from;	  /* where it began: used bytes up to pos */
	uint64_t end_at;	  /* offset of end, from the input's start */

	struct infile file;
	const struct codec *codec; /* of a packed file; NULL: it is not */
	struct unpack *unpack;
	struct readahead *relay; /* runs unpack; NULL: it is run from here */
	bool lent;		 /* the window is a piece of the relay's */
	bool held; /* windows may be held by others; set at will */
	struct buffer_pool *pool; /* of such windows; NULL: none yet */
	struct buffer_ref
	    *hold;	   /* the window is one of these; NULL: it is not */
	bool started;	   /* the first bytes were looked at */
	bool single;	   /* no thread that unpacks */
	bool follow;	   /* wait for a file to grow (not a packed one) */
	uint64_t packed;   /* bytes of the file that were used */
	uint8_t *buf;	   /* else the window lies in here */
	size_t cap, usual; /* its size now, and without long records */
	bool ended;	   /* no more bytes will come */
	bool replaced;	   /* but (follow) from a new file of this name */
	struct err err;	   /* why no more will come; kind 0: its end */
	const volatile sig_atomic_t *stop; /* ends waiting; may be NULL */
	void (*idle)(void *); /* called before a wait, and ten times a second
				 during one; may be NULL */
	void *idle_arg;
};

enum input_state {
	INPUT_READY, /* at least as many bytes as asked for */
	INPUT_END,   /* fewer, and the input ends after them */
	INPUT_BROKEN /* fewer, and in->err says why no more will come */
};

/* Open path ("-": standard input) with a window of about size bytes. Fails
   with ERR_USAGE. */
bool input_open(struct input *in, const char *path, size_t size,
		struct err *err);
void input_close(struct input *in);

/* The same of what comes as a stream: the first byte is waited for as long as
   it takes. fd is what to read, and taken over; -1: path is to be opened. */
bool input_stream(struct input *in, int fd, const char *path, size_t size,
		  struct err *err);

/*
 * Have need bytes in the window. Memory grows only with bytes that have
 * really come, whatever need is.
 */
enum input_state input_fill(struct input *in, size_t need);

/* Step over n bytes, in the window or outside. */
enum input_state input_skip(struct input *in, uint64_t n);

/* Offset in the unpacked input of p, which points into the window. */
static inline uint64_t input_at(const struct input *in, const uint8_t *p)
{
	return in->end_at - (uint64_t)(in->end - p);
}

static inline size_t input_left(const struct input *in)
{
	return (size_t)(in->end - in->pos);
}

/* How many bytes are left in all, those in the window included; UINT64_MAX
   if unknown before they are read. */
uint64_t input_left_in_all(const struct input *in);

/* Of an input that has ended: did zeros follow what was compressed? */
bool input_padded(const struct input *in);

#endif
