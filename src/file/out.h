/*
 * Where records are encoded to and written from: a buffer the size of a cache
 * in front of a descriptor. The encoder asks for room, writes the record
 * there (the only copy that is made of a packet), says how long it became;
 * full buffers go out in one write.
 *
 * The file always ends at a whole record: when a write fails, what is after
 * the last record that fits is cut off again where that is possible.
 *
 * A packed output goes out as frames of their own, each of at most OUT_FRAME
 * bytes of whole records (or one longer record), so that of a file that was
 * cut all but the last frame can be read.
 */
#ifndef FILE_OUT_H
#define FILE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "file/codec.h"
#include "os/async_writer.h"

/* Length of the record that begins at p, as the format's encoder wrote it. */
typedef size_t out_record_length(const uint8_t *p);

/* Is that record a packet? */
typedef bool out_record_is_packet(const uint8_t *p);

#define OUT_FRAME ((size_t)1 << 20)

/* What became of an output. */
struct out_end {
	uint64_t packets; /* that are in the file */
	uint64_t bytes;	  /* its size */
};

/* An output is closed. why: not all of it is written; NULL: it is, as far as
   its reader took it. */
typedef void out_closed(void *arg, const struct out_end *end,
			const struct err *why);

struct queued_out;

struct out {
	int fd;
	const struct codec *codec; /* NULL: not packed */
	void *packer;		   /* the codec's state */
	uint8_t *packed;	   /* a frame */
	size_t packed_cap;
	int64_t last_ns; /* when the last frame went out, monotonic */
	bool prompt;	 /* no frame waits to be filled */
	char *temporary; /* the file's name until it is whole; NULL: its own */
	char *final;	 /* then it gets this one */
	bool replace;	 /* even if there is one */
	bool salvage;	 /* also if not all of it could be written */
	bool sync;	 /* its name, once all of it is on the disk */
	bool forgotten;	 /* it is not to be made after all */
	bool resumed;	 /* the file is added to, from resumed_at on */
	bool undo;	 /* if that fails, it is cut there again */
	uint64_t resumed_at;
	bool held; /* nothing is written: whoever opened it takes the bytes out
		      of buf, and more than that holds is a failure */
	uint8_t *buf;
	size_t len, cap;
	uint64_t offset; /* bytes that left buf: where buf's first one goes */
	out_record_length *record_length;
	out_record_is_packet *is_packet; /* NULL: each one is */
	uint64_t packets;		 /* that were put */
	uint64_t lost;		 /* of these, those that are not in the file */
	struct out_end *end;	 /* filled in once it is closed; NULL */
	bool (*full)(void *arg); /* out_when_full() */
	void *full_arg;
	out_closed *closed; /* savefile_when_closed(); NULL */
	void *closed_arg;
	bool ahead;		    /* use a thread for large outputs */
	struct async_writer *drain; /* the thread; NULL: none */
	size_t pending;	  /* bytes that it has and may not have written */
	size_t drain_cap; /* of its buffers */
	bool in_long;	  /* within a long record */
	uint64_t long_at; /* which begins here */
	struct queued_out *queued; /* file/out_queued.h; NULL: not */
	bool failed;		   /* sticky: nothing is written any more */
	bool gone;	/* it failed because the reader of a pipe has gone, or
			   takes nothing any more at the end */
	struct err err; /* why; holds the file's name */
	char name[256];
};

/*
 * Take over fd (closed by out_close) under a name for messages. cap: bytes of
 * buffer, 0 for the default. false: no memory, and fd is closed.
 */
bool out_open(struct out *out, int fd, const char *name, size_t cap,
	      struct err *err);

/* Compress what is written from now on, in the caller's thread; nothing was put
   yet. false: no memory. */
bool out_pack(struct out *out, const struct codec *codec, struct err *err);

/* Write a large file in a thread of its own, unless it is compressed. What
   out_flush() and all others promise stays true. */
void out_ahead(struct out *out);

/* The file was opened under a temporary name: out_close() gives it its final
   one if all was written, else removes it. replace: also if there is a file
   of that name by then. false: no memory. */
bool out_rename(struct out *out, const char *temporary, const char *final,
		bool replace, struct err *err);

/* With a final name: give it to the file also after a write has failed or the
   source gave up, as it ends at a whole record. sync: only when all of it, and
   the name, are on the disk. */
void out_salvage(struct out *out, bool sync);

/* Call full when the disk is full: true means that it made room, and that the
   write is to be tried again. */
void out_when_full(struct out *out, bool (*full)(void *arg), void *arg);

/* How records of the format say their length, and which are packets (NULL:
   all): set before the first one. */
void out_records(struct out *out, out_record_length *length,
		 out_record_is_packet *is_packet);

/* These bytes are not written: count their packets as lost. */
void out_lose(struct out *out, const uint8_t *bytes, size_t n);

/* Make room for n bytes after len; false: the output failed. */
bool out_make_room(struct out *out, size_t n);

/*
 * A record that is longer than one would hold: between these two calls it is
 * written in pieces by out_put(). out_long_undo() takes back what there is of
 * it, as far as the output is a file. false: the output failed.
 */
bool out_long_begin(struct out *out);
bool out_put(struct out *out, const void *bytes, size_t n);
bool out_long_end(struct out *out);
bool out_long_undo(struct out *out);

/* Write out what the buffer holds. false: the output failed. */
bool out_flush(struct out *out);

/* Write n bytes of whole records that lie elsewhere, after what the buffer
   holds. Not of a write queue; of a packed output, a frame. false: the output
   failed. */
bool out_write(struct out *out, const uint8_t *bytes, size_t n);

/* As out_flush, at an idle moment: frames that went out less than a second
   after the one before would be small, so a packed output may wait. */
bool out_flush_idle(struct out *out);

/* As out_flush, and ask the system to bring it all to the disk. An output of a
   write queue is not waited for, here and there. */
bool out_sync(struct out *out);

/* The file has something already, and is added to. whole: it is to stay as it
   is unless all of the rest is written. */
void out_resume(struct out *out, bool whole);

/* Nothing came to be written: a file under a temporary name is not made after
   all, what was added to one is cut off, and that is not an error. */
void out_forget(struct out *out);

/* Not all came to be written: as out_forget(), of a file that is made, or added
   to, as a whole. */
void out_discard(struct out *out);

/* Can bytes that are in the file already be written once more? */
bool out_can_patch(const struct out *out);

/* Write n bytes once more, at that offset of the file. false: the output
   failed. */
bool out_patch(struct out *out, uint64_t at, const void *bytes, size_t n);

/* Flush, close and free. false: not all is written, *err says why; a reader
   that has gone is not an error here. */
bool out_close(struct out *out, struct err *err);

/* Bytes of a packed output that a thread writes. */
uint64_t queued_size(const struct out *out);

/* Bytes of the file so far; of a packed one, what is not yet packed counts
   as it is. */
static inline uint64_t out_size(const struct out *out)
{
	if (out->queued && out->codec)
		return queued_size(out);
	return out->offset + out->len;
}

/* The size so far is what decides: wait until out_size() knows it. */
void out_settle(struct out *out);

/* Room for a record of n bytes; NULL: the output failed. Follow it with
   out_done(). */
static inline uint8_t *out_room(struct out *out, size_t n)
{
	if (out->cap - out->len < n && !out_make_room(out, n))
		return NULL;
	return out->buf + out->len;
}

/* The record in the room is complete: n bytes. */
static inline void out_done(struct out *out, size_t n)
{
	out->len += n;
}

#endif
