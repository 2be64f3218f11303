/* Buffers that can be held: how many hold each, and where they go back to. */
#include "os/buffer_pool.h"

#include <stdlib.h>

#include "os/thread.h"

struct buffer {
	struct buffer_ref hold;
	struct buffer_pool *pool;
	unsigned holders;
	struct buffer *next; /* among the free ones */
	uint8_t bytes[];
};

struct buffer_pool {
	size_t size;
	unsigned made, most;
	struct monitor
	    monitor; /* guards what follows, and the buffers' holders */
	struct buffer *idle;
	unsigned n_idle;
	bool closed; /* goes with the last buffer */
};

struct buffer_pool *buffer_pool_open(size_t size, unsigned most)
{
	struct buffer_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pool->size = size;
	pool->most = most;
	monitor_init(&pool->monitor);
	return pool;
}

static void buffer_pool_free(struct buffer_pool *pool)
{
	struct buffer *b;

	while ((b = pool->idle)) {
		pool->idle = b->next;
		free(b);
	}
	monitor_fini(&pool->monitor);
	free(pool);
}

static void buffer_count(struct buffer_ref *hold, int by)
{
	struct buffer *b = (struct buffer *)hold;
	struct buffer_pool *pool = b->pool;
	bool last = false;

	monitor_lock(&pool->monitor);
	b->holders += (unsigned)by;
	if (b->holders == 0) {
		b->next = pool->idle;
		pool->idle = b;
		pool->n_idle++;
		last = pool->closed && pool->n_idle == pool->made;
		monitor_change(&pool->monitor);
	}
	monitor_unlock(&pool->monitor);
	if (last)
		buffer_pool_free(pool);
}

static struct buffer *buffer_new(struct buffer_pool *pool)
{
	struct buffer *b = malloc(sizeof(*b) + pool->size);

	if (!b)
		return NULL;
	b->hold = (struct buffer_ref){
	    .from = b->bytes,
	    .to = b->bytes + pool->size,
	    .count = buffer_count,
	};
	b->pool = pool;
	pool->made++;
	return b;
}

struct buffer_ref *buffer_pool_take(struct buffer_pool *pool, uint8_t **bytes)
{
	struct buffer *b;

	monitor_lock(&pool->monitor);
	while (!pool->idle && pool->made == pool->most)
		monitor_wait(&pool->monitor);
	b = pool->idle;
	if (b) {
		pool->idle = b->next;
		pool->n_idle--;
	} else {
		b = buffer_new(pool);
	}
	if (b) {
		b->holders = 1;
		*bytes = b->bytes;
	}
	monitor_unlock(&pool->monitor);
	return b ? &b->hold : NULL;
}

void buffer_pool_close(struct buffer_pool *pool)
{
	bool last;

	if (!pool)
		return;
	monitor_lock(&pool->monitor);
	pool->closed = true;
	last = pool->n_idle == pool->made;
	monitor_unlock(&pool->monitor);
	if (last)
		buffer_pool_free(pool);
}
