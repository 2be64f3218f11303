/* Owns the similarity measure that every "did you mean" uses. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>

enum { LONGEST = 63 };

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table are enough. */
static unsigned distance(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t i, j;
	unsigned rows[3][LONGEST + 1], *before = rows[0], *above = rows[1],
				       *row = rows[2], *spare;

	for (j = 0; j <= blen; j++)
		above[j] = (unsigned)j;
	for (i = 1; i <= alen; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= blen; j++) {
			row[j] = above[j - 1] + !same(a[i - 1], b[j - 1]);
			row[j] = least(row[j], above[j] + 1);
			row[j] = least(row[j], row[j - 1] + 1);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[blen];
}

unsigned nearest_distance(const char *a, const char *b)
{
	return distance(a, strnlen(a, LONGEST), b, strnlen(b, LONGEST));
}

/* A third of the typed word may be wrong, but at least one character; a known
   word that goes on where the typed one ends is one error away. */
void nearest_try(struct nearest *n, const char *known)
{
	size_t len = n->n < LONGEST ? n->n : LONGEST;
	unsigned limit = len < 6 ? 1 : (unsigned)(len / 3);
	unsigned d = distance(n->word, len, known, strnlen(known, LONGEST));

	if (len > 1 && d > 1 && !strncmp(n->word, known, len))
		d = 1;
	if (d <= limit && d < len && (!n->best || d < n->distance)) {
		n->best = known;
		n->distance = d;
	}
}
