/* Buffers that can be held: how many hold each, and where they go back to. */
#include "os/buffer_pool.h"

#include <stdlib.h>

#include "os/thread.h"

struct buffer {
	struct buffer_ref hold;
	struct buffer_pool *pool;
	unsigned holders;
	struct buffer *next; /* among those that nobody holds */
	uint8_t octets[];
};

struct buffer_pool {
	size_t size;
	unsigned made, most;
	struct gate gate; /* guards what follows, and the buffers' holders */
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
	gate_init(&pool->gate);
	return pool;
}

static void buffer_pool_free(struct buffer_pool *pool)
{
	struct buffer *b;

	while ((b = pool->idle)) {
		pool->idle = b->next;
		free(b);
	}
	gate_fini(&pool->gate);
	free(pool);
}

static void buffer_count(struct buffer_ref *hold, int by)
{
	struct buffer *b = (struct buffer *)hold;
	struct buffer_pool *pool = b->pool;
	bool last = false;

	gate_lock(&pool->gate);
	b->holders += (unsigned)by;
	if (b->holders == 0) {
		b->next = pool->idle;
		pool->idle = b;
		pool->n_idle++;
		last = pool->closed && pool->n_idle == pool->made;
		gate_change(&pool->gate);
	}
	gate_unlock(&pool->gate);
	if (last)
		buffer_pool_free(pool);
}

static struct buffer *buffer_new(struct buffer_pool *pool)
{
	struct buffer *b = malloc(sizeof(*b) + pool->size);

	if (!b)
		return NULL;
	b->hold = (struct buffer_ref){
	    .from = b->octets,
	    .to = b->octets + pool->size,
	    .count = buffer_count,
	};
	b->pool = pool;
	pool->made++;
	return b;
}

struct buffer_ref *buffer_pool_take(struct buffer_pool *pool, uint8_t **octets)
{
	struct buffer *b;

	gate_lock(&pool->gate);
	while (!pool->idle && pool->made == pool->most)
		gate_wait(&pool->gate);
	b = pool->idle;
	if (b) {
		pool->idle = b->next;
		pool->n_idle--;
	} else {
		b = buffer_new(pool);
	}
	if (b) {
		b->holders = 1;
		*octets = b->octets;
	}
	gate_unlock(&pool->gate);
	return b ? &b->hold : NULL;
}

void buffer_pool_close(struct buffer_pool *pool)
{
	bool last;

	if (!pool)
		return;
	gate_lock(&pool->gate);
	pool->closed = true;
	last = pool->n_idle == pool->made;
	gate_unlock(&pool->gate);
	if (last)
		buffer_pool_free(pool);
}
