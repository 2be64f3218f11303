/*
 * An output that the writer thread of a write queue writes (os/write_queue.h).
 * What is put into it goes to segments of the queue; packing, writing, syncing,
 * closing and naming the file is done there, in order, by an output of its own
 * that belongs to the thread. out.c calls these in place of what it does
 * itself.
 */
#ifndef FILE_OUT_QUEUED_H
#define FILE_OUT_QUEUED_H

#include "file/out.h"
#include "os/write_queue.h"

/* Write what out gets from now on, which is nothing so far, by the queue, which
   outlives it. false: no memory. */
bool out_queue(struct out *out, struct write_queue *queue, struct err *err);

/* As out_make_room(), out_flush(), out_sync(), out_patch(), out_close();
   flushing and syncing are not waited for. What is put before and after a flush
   is not mixed, as it may be of another kind; queued_flush_idle() goes on in
   the same segment. */
bool queued_make_room(struct out *out, size_t n);
bool queued_flush(struct out *out);
bool queued_flush_idle(struct out *out);
bool queued_sync(struct out *out);
bool queued_patch(struct out *out, uint64_t at, const void *bytes, size_t n);
bool queued_close(struct out *out, struct err *err);

/* A record that is too long for a segment: of each piece it is waited until
   it is written. */
bool queued_long(struct out *out, bool (*begin_or_end)(struct out *out));
bool queued_put(struct out *out, const void *bytes, size_t n);

/* queued_size() is in file/out.h: more, until the thread has packed it all. */

/* Wait until all is written. false: the output failed. */
bool queued_settle(struct out *out);

/* The output of the thread, for what is set before anything is put. */
struct out *queued_inner(struct out *out);

#endif
