/* Blocks in a list, each twice as large as the one before it, up to a limit;
   each but the last is full, or was too small. */
#include "where/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "os/prefault.h"

enum {
	BLOCK = 16384, /* the first one */
	BLOCK_MOST = 1 << 20,
	LARGE = 1 << 16, /* worth a call for all of its pages */
	ALIGN = sizeof(max_align_t)
};

struct arena_block {
	struct arena_block *next;
	size_t size;
	max_align_t bytes[];
};

static size_t size_after(const struct arena_block *b)
{
	if (!b)
		return BLOCK;
	return b->size < BLOCK_MOST / 2 ? 2 * b->size : BLOCK_MOST;
}

/* The next block that has room for n bytes, made if need be. */
static struct arena_block *next_block(struct arena *a, size_t n)
{
	struct arena_block *b = a->current ? a->current->next : a->first;
	size_t size = size_after(a->current);

	if (b && b->size >= n)
		return b;
	if (size < n)
		size = n;
	b = malloc(sizeof(*b) + size);
	if (!b)
		return NULL;
	if (size >= LARGE)
		prefault(b, sizeof(*b) + size);
	b->size = size;
	b->next = a->current ? a->current->next : a->first;
	if (a->current)
		a->current->next = b;
	else
		a->first = b;
	return b;
}

void *arena_get(struct arena *a, size_t n)
{
	void *at;

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (!a->current || a->current->size - a->used < n) {
		struct arena_block *b = next_block(a, n);

		if (!b)
			return NULL;
		a->current = b;
		a->used = 0;
	}
	at = (char *)a->current->bytes + a->used;
	a->used += n;
	return at;
}

const char *arena_text(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_get(a, len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void arena_reset(struct arena *a)
{
	a->current = NULL;
	a->used = 0;
}

void arena_fini(struct arena *a)
{
	struct arena_block *b = a->first, *next;

	for (; b; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){NULL, NULL, 0};
}
