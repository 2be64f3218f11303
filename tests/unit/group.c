/* Groups: counting, merging in any order, and who goes when one is full. */
#include "stats/group.h"

#include "tap.h"

enum { SUM, LEAST, MOST };

static const struct group_shape numbers = {
    .name = "numbers",
    .words = 2,
    .n_values = 3,
    .weight = 1,
    .rule = {GROUP_SUM, GROUP_MIN, GROUP_MAX},
};

static const struct group_shape texts = {
    .name = "texts",
    .n_values = 1,
    .weight = 1,
};

static const struct hash_seed seed = {12345, 67890}, other = {1, 2};

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void count(struct group *g, uint64_t key, int64_t value)
{
	uint64_t words[2] = {key, ~key}, *values = group_get(g, words, 2);

	values[SUM]++;
	group_span(&values[LEAST], &values[MOST], value);
	group_mark(g, values, (uint64_t)value & 3);
}

static const uint64_t *values_of(const struct group *g, uint64_t key)
{
	uint32_t i;

	for (i = 0; i < g->n; i++)
		if (group_key(g, i)[0] == key)
			return group_values(g, i);
	return NULL;
}

/* All that is in a is in b, with the same values. */
static bool is_in(const struct group *a, const struct group *b)
{
	const uint64_t *values;
	uint32_t i;

	for (i = 0; i < a->n; i++) {
		values = values_of(b, group_key(a, i)[0]);
		if (!values || memcmp(values, group_values(a, i),
				      a->n_values * sizeof(*values)) != 0)
			return false;
	}
	return true;
}

/* The parts of a whole, counted apart with other seeds. */
static void test_merge(unsigned parts)
{
	struct group whole, part[8], *sum = &part[0];
	uint32_t state = parts, i, key, value;
	char what[80];

	group_init(&whole, &numbers, 2, 10000, &seed);
	for (i = 0; i < parts; i++)
		group_init(&part[i], &numbers, 2, 10000,
			   i % 2 ? &seed : &other);
	for (i = 0; i < 20000; i++) {
		key = next(&state) % 1500;
		value = next(&state);
		count(&whole, key, (int64_t)value - 8000000);
		count(&part[next(&state) % parts], key,
		      (int64_t)value - 8000000);
	}
	for (i = 1; i < parts; i++)
		group_merge(sum, &part[i]);
	snprintf(what, sizeof(what), "%u parts are the whole", parts);
	ok(sum->n == whole.n && is_in(sum, &whole) && is_in(&whole, sum), what);
	is_int(parts > 1 ? part[1].n : 0, 0, "what was merged is empty");
	for (i = 0; i < parts; i++)
		group_fini(&part[i]);
	group_fini(&whole);
}

static void test_evict(void)
{
	struct group g;
	uint64_t sum, i;
	uint32_t k;

	group_init(&g, &numbers, 2, 100, &seed);
	for (i = 0; i < 5000; i++) {
		count(&g, i, 1);
		count(&g, 7, 2);
		count(&g, 8, 3);
	}
	is_int(g.n, 100, "a full group stays as large as it may be");
	is_int(g.evicted, 4900, "who goes is counted");
	for (sum = g.lost[SUM], k = 0; k < g.n; k++)
		sum += group_values(&g, k)[SUM];
	is_int(sum, 15000, "sums are of all that was counted");
	ok(values_of(&g, 7) && values_of(&g, 7)[SUM] == 5001,
	   "those with the most stay, with all they have");
	group_limit(&g, 10);
	is_int(g.n, 10, "a limit that shrinks makes others go");
	ok(values_of(&g, 7) && values_of(&g, 8), "the least ones first");
	is_int(g.evicted, 4990, "and they are counted too");
	group_fini(&g);
}

static void test_texts(void)
{
	struct group g;
	char long_text[GROUP_TEXT + 100];
	const char *text;
	size_t n;
	unsigned i;

	group_init(&g, &texts, 0, 50, &seed);
	for (i = 0; i < 1000; i++) {
		group_get_text(&g, "a\0b", 3)[SUM]++;
		n = (size_t)snprintf(long_text, sizeof(long_text), "t%u", i);
		group_get_text(&g, long_text, n)[SUM]++;
	}
	is_int(g.n, 50, "texts are as many as may be");
	text = group_text(&g, 0, &n);
	ok(n == 3 && !memcmp(text, "a\0b", 3), "texts may hold any octet");
	is_int(group_values(&g, 0)[SUM], 1000, "and are found again");
	memset(long_text, 'x', sizeof(long_text));
	group_get_text(&g, long_text, sizeof(long_text))[SUM]++;
	is_int(group_get_text(&g, long_text, GROUP_TEXT)[SUM], 1,
	       "a text that is too long is cut");
	group_fini(&g);
}

int main(void)
{
	test_merge(1);
	test_merge(2);
	test_merge(8);
	test_evict();
	test_texts();
	return done();
}
