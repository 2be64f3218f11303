/* Owns the similarity measure that every "did you mean" uses. */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>

enum { LONGEST = 63, FAR = LONGEST + 1 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The beginning of a word that is looked at, in lower case. */
struct word {
	size_t n;
	char text[LONGEST];
};

static struct word word_of(const char *text, size_t n)
{
	struct word w = {.n = n};

	while (n-- > 0)
		w.text[n] = (char)tolower((unsigned char)text[n]);
	return w;
}

/* Of one row of the table what is not farther than most from the diagonal, and
   FAR around it. Returns the least. */
static unsigned fill_row(const struct word *a, const struct word *b, size_t i,
			 unsigned most, unsigned *const rows[3])
{
	const unsigned *before = rows[0], *above = rows[1];
	size_t from = i > most ? i - most : 1, j;
	size_t to = i + most < b->n ? i + most : b->n;
	unsigned *row = rows[2], nearest;

	row[from - 1] = nearest = i > most ? FAR : (unsigned)i;
	for (j = from; j <= to; j++) {
		row[j] = above[j - 1] + (a->text[i - 1] != b->text[j - 1]);
		row[j] = least(row[j], above[j] + 1);
		row[j] = least(row[j], row[j - 1] + 1);
		if (i > 1 && j > 1 && a->text[i - 1] == b->text[j - 2] &&
		    a->text[i - 2] == b->text[j - 1])
			row[j] = least(row[j], before[j - 2] + 1);
		nearest = least(nearest, row[j]);
	}
	row[to + 1] = FAR;
	return nearest;
}

/* Optimal string alignment: three rows of the table are enough. More than most
   (which their lengths differ by at most): perhaps not the whole distance. */
static unsigned distance(const struct word *a, const struct word *b,
			 unsigned most)
{
	unsigned table[3][LONGEST + 2], nearest = 0, last;
	unsigned *rows[3] = {table[0], table[1], table[2]}, *spare;
	size_t i;

	for (i = 0; i <= b->n + 1; i++)
		rows[1][i] = i > most ? FAR : (unsigned)i;
	for (i = 1; i <= a->n; i++) {
		last = nearest;
		nearest = fill_row(a, b, i, most, rows);
		if (nearest > most && last > most)
			return FAR;
		spare = rows[0];
		rows[0] = rows[1];
		rows[1] = rows[2];
		rows[2] = spare;
	}
	return rows[1][b->n];
}

static unsigned measured(const char *a, size_t alen, const char *b, size_t blen,
			 unsigned most)
{
	const struct word x = word_of(a, alen), y = word_of(b, blen);

	return distance(&x, &y, most);
}

unsigned nearest_distance(const char *a, const char *b)
{
	return measured(a, strnlen(a, LONGEST), b, strnlen(b, LONGEST),
			LONGEST);
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
		d = measured(n->word, len, known, klen, most);
	if (d <= most && d < len) {
		n->best = known;
		n->distance = d;
	}
}
