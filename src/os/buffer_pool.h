/*
 * Buffers of one size that are reused once released by all holders. The one
 * that came back last goes out first, as it may still be in the cache.
 */
#ifndef OS_BUFFER_POOL_H
#define OS_BUFFER_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer_ref.h"

struct buffer_pool;

/* None is there yet: up to most of them, of size bytes, are made when they
   are needed. NULL: no memory. */
struct buffer_pool *buffer_pool_open(size_t size, unsigned most);

/*
 * A buffer that only the caller holds, who has to release it; where all
 * are held, waits for one. NULL: no memory. It ends at hold->to, and may be
 * written to while no one else holds it.
 */
struct buffer_ref *buffer_pool_take(struct buffer_pool *pool, uint8_t **bytes);

/* What is held stays until it is released. NULL is allowed. */
void buffer_pool_close(struct buffer_pool *pool);

#endif
