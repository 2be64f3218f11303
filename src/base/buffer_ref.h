/*
 * Bytes that stay where they are, unchanged, while anyone holds
 * them: they can go to another thread without being copied.
 */
#ifndef BASE_BUFFER_REF_H
#define BASE_BUFFER_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer_ref {
	const uint8_t *from, *to;
	/* One more (1) or one less (-1) holds it. Called by any thread. With
	   the last one *hold may be gone. */
	void (*count)(struct buffer_ref *hold, int by);
};

/* Are the n bytes at p among those of hold (which may be NULL)? */
static inline bool buffer_ref_has(const struct buffer_ref *hold,
				  const uint8_t *p, size_t n)
{
	return hold && p >= hold->from && p <= hold->to &&
	       n <= (size_t)(hold->to - p);
}

static inline void buffer_ref_take(struct buffer_ref *hold)
{
	hold->count(hold, 1);
}

static inline void buffer_ref_release(struct buffer_ref *hold)
{
	hold->count(hold, -1);
}

#endif
