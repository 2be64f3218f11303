/*
 * Writing a descriptor in a thread of its own: while one buffer is written, the
 * next is filled. (Measured: two buffers of the size of a cache beat more of
 * them, which do not stay in it.)
 */
#ifndef OS_ASYNC_WRITER_H
#define OS_ASYNC_WRITER_H

#include <stddef.h>
#include <stdint.h>

struct async_writer;

/* Start it, for buffers of cap bytes. fd is borrowed. NULL: no thread or no
   memory is to be had. Signals go to other threads. */
struct async_writer *async_writer_open(int fd, size_t cap);

/*
 * Wait until what was handed over is written. Returns 0, or the errno of a
 * write that failed: then *bytes is that buffer, and *done how many of its
 * bytes were written.
 */
int async_writer_wait(struct async_writer *d, const uint8_t **bytes,
		      size_t *done);

/*
 * Hand over n bytes of a buffer that was allocated by malloc(), to be written;
 * returns another one, to be filled instead. async_writer_wait() has just said
 * that all before is written.
 */
uint8_t *async_writer_put(struct async_writer *d, uint8_t *buf, size_t n);

/* End the thread, and free the buffer that is its own. NULL is allowed. */
void async_writer_close(struct async_writer *d);

#endif
