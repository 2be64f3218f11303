/* Owns the similarity measure that every "did you mean" uses. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>

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

/* The letters of a word, a bit each, whatever their case; some share a bit. */
static uint32_t letters(const char *word, size_t n)
{
	uint32_t bits = 0;

	while (n-- > 0)
		bits |= (uint32_t)1 << (word[n] & 31);
	return bits;
}

/* Is the distance more than that? An error changes the length by one at most,
   and what letters there are by one each way. false: perhaps not. */
static bool is_farther(const char *a, size_t alen, const char *b, size_t blen,
		       unsigned most)
{
	uint32_t x, y;

	if ((alen > blen ? alen - blen : blen - alen) > most)
		return true;
	x = letters(a, alen);
	y = letters(b, blen);
	return (unsigned)__builtin_popcount(x & ~y) > most ||
	       (unsigned)__builtin_popcount(y & ~x) > most;
}

/* A third of the typed word may be wrong, but at least one character; a known
   word that goes on where the typed one ends is one error away. */
void nearest_try(struct nearest *n, const char *known)
{
	size_t len = n->n < LONGEST ? n->n : LONGEST;
	size_t klen = strnlen(known, LONGEST);
	unsigned most = len < 6 ? 1 : (unsigned)(len / 3), d;

	if (len < 2)
		most = 0;
	if (n->best && n->distance == 0)
		return;
	if (n->best)
		most = least(most, n->distance - 1);
	if (len > 1 && !strncmp(n->word, known, len))
		d = klen > len;
	else if (is_farther(n->word, len, known, klen, most))
		return;
	else
		d = distance(n->word, len, known, klen);
	if (d <= most && d < len) {
		n->best = known;
		n->distance = d;
	}
}
