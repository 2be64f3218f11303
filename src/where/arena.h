/*
 * Memory that is given back all at once: of a tree, or of one packet's values.
 */
#ifndef WHERE_ARENA_H
#define WHERE_ARENA_H

#include <stddef.h>

struct arena_block;

/* All zero: empty. */
struct arena {
	struct arena_block *first, *current;
	size_t used; /* of the current block */
};

/* n bytes, aligned for anything. NULL: no memory. */
void *arena_get(struct arena *a, size_t n);

/* A copy of len bytes of text and a NUL. NULL: no memory. */
const char *arena_text(struct arena *a, const char *text, size_t len);

/* Start over with the blocks that there are. */
void arena_reset(struct arena *a);

void arena_fini(struct arena *a);

#endif
