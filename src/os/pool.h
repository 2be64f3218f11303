/*
 * Buffers of one size that are filled again once nobody holds them. The one
 * that came back last goes out first, as it may still be in the cache.
 */
#ifndef OS_POOL_H
#define OS_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/hold.h"

struct pool;

/* None is there yet: up to most of them, of size octets, are made when they
   are needed. NULL: no memory. */
struct pool *pool_open(size_t size, unsigned most);

/*
 * A buffer that nobody holds but the caller, who has to release it; where all
 * are held, waits for one. NULL: no memory. It ends at hold->to, and may be
 * written to as long as nobody else holds it.
 */
struct hold *pool_take(struct pool *pool, uint8_t **octets);

/* What is held stays until it is released. NULL is allowed. */
void pool_close(struct pool *pool);

#endif
