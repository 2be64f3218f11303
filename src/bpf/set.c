/* Sets of numbers without collisions. */
#include <stdlib.h>

#include "bpf/ops.h"

/* The largest table: 2^BITS_MAX numbers. */
#define BITS_MAX 16
#define TRIES 64

/* Put all numbers where their hashes say. false: two of them meet. */
static bool fill(struct set *s, const uint32_t *numbers, size_t n,
		 uint8_t *used)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t at =
		    (uint32_t)(numbers[i] * s->multiplier) >> s->shift;

		if (used[at] && s->table[at] != numbers[i])
			return false;
		used[at] = 1;
		s->table[at] = numbers[i];
	}
	return true;
}

bool set_make(struct set *s, const uint32_t *numbers, size_t n)
{
	uint32_t state = 2654435769U;

	*s = (struct set){.table = NULL};
	for (unsigned bits = 4; bits <= BITS_MAX; bits++) {
		size_t size = (size_t)1 << bits;
		uint32_t *table;
		uint8_t *used;

		if (size < 2 * n)
			continue;
		table = realloc(s->table, size * sizeof(*table));
		if (!table)
			break;
		s->table = table;
		s->shift = 32 - bits;
		for (int i = 0; i < TRIES; i++) {
			state = state * 1664525 + 1013904223;
			s->multiplier = state | 1;
			used = calloc(size, 1);
			if (used && fill(s, numbers, n, used)) {
				/* the first one belongs elsewhere */
				for (size_t at = 0; at < size; at++)
					if (!used[at])
						table[at] = numbers[0];
				free(used);
				return true;
			}
			free(used);
		}
	}
	set_fini(s);
	return false;
}

void set_fini(struct set *s)
{
	free(s->table);
	s->table = NULL;
}
