/* "Did you mean": what counts as near. */
#include "base/nearest.h"
#include "base/array.h"

#include <stdint.h>
#include <string.h>

#include "tap.h"

static const char *selector(const char *word)
{
	static const char *const known[] = {"capture", "compile", "filter",
					    "list",    "read",	  "eth0"};
	struct nearest n = NEAREST_START(word);
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		nearest_try(&n, known[i]);
	return n.best ? n.best : "nothing";
}

/* A word of up to 9 characters, of few that there are. */
static void make_word(char *word, uint32_t *state)
{
	static const char some[] = "abAB.1cq";
	unsigned n, i;

	*state = *state * 1664525 + 1013904223;
	n = *state >> 8 & 15;
	n = n > 9 ? 9 : n;
	for (i = 0; i < n; i++) {
		*state = *state * 1664525 + 1013904223;
		word[i] = some[*state >> 24 & 7];
	}
	word[n] = '\0';
}

/* Do words that are not measured have no part in what is found? */
static void test_all(void)
{
	char word[10], known[32][10];
	uint32_t state = 1, wrong = 0, k, i;

	for (k = 0; k < 3000; k++) {
		const char *best = NULL;
		unsigned least = 0, limit, d;

		make_word(word, &state);
		limit = strlen(word) < 6 ? 1 : (unsigned)(strlen(word) / 3);
		struct nearest n = NEAREST_START(word);
		for (i = 0; i < ARRAY_LEN(known); i++) {
			make_word(known[i], &state);
			nearest_try(&n, known[i]);
			d = nearest_distance(word, known[i]);
			if (d > 1 && strlen(word) > 1 &&
			    !strncmp(word, known[i], strlen(word)))
				d = 1;
			if (d > limit || d >= strlen(word) ||
			    (best && d >= least))
				continue;
			best = known[i];
			least = d;
		}
		wrong += best != n.best || (best && least != n.distance);
	}
	is_int(wrong, 0, "the nearest of all, as if each were measured");
}

int main(void)
{
	char wide[100];

	is_int(nearest_distance("list", "list"), 0, "the same word");
	is_int(nearest_distance("LIST", "list"), 0, "case does not count");
	is_int(nearest_distance("lsit", "list"), 1, "two swapped");
	is_int(nearest_distance("lis", "list"), 1, "one missing");
	is_int(nearest_distance("", "list"), 4, "nothing typed");
	is_int(nearest_distance("kitten", "sitting"), 3, "a known pair");
	memset(wide, 'x', sizeof(wide));
	wide[99] = '\0';
	is_int(nearest_distance(wide, "x"), 62, "the first 63 characters");

	is_str(selector("captrue"), "capture", "swapped letters");
	is_str(selector("cap"), "capture", "a beginning");
	is_str(selector("eth1"), "eth0", "a neighbour's name");
	is_str(selector("lst"), "list", "a letter missing");
	is_str(selector("frobnicate"), "nothing", "a stranger");
	is_str(selector("x"), "nothing", "one letter is near to nothing");
	is_str(selector(""), "nothing", "no letter either");
	test_all();
	return done();
}
