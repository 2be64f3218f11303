/* "Did you mean ...?": the nearest of some known words. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>
#include <string.h>

/*
 * How many typing errors are between two words: a character too many, missing,
 * wrong, or two neighbours swapped count one each; case counts nothing.
 * Only the first 63 characters of each are looked at.
 */
unsigned nearest_distance(const char *a, const char *b);

/* One search over any list: start with NEAREST_START(word), or with
   NEAREST_START_N() if the word has n bytes and no NUL. */
struct nearest {
	const char *word;  /* what was typed */
	size_t n;	   /* its bytes */
	const char *best;  /* NULL: nothing is near enough */
	unsigned distance; /* of best */
};

#define NEAREST_START_N(typed, len)                                            \
	{                                                                      \
		.word = (typed), .n = (len)                                    \
	}
#define NEAREST_START(typed) NEAREST_START_N(typed, strlen(typed))

/* Consider one known word, which must live as long as the search. */
void nearest_try(struct nearest *n, const char *known);

#endif
