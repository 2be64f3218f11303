/* Groups: counting, merging in any order, and who goes when one is full. */
#include "stats/aggregate.h"

#include "tap.h"

enum { SUM, LEAST, MOST };

static const struct aggregate_shape numbers = {
    .name = "numbers",
    .words = 2,
    .n_values = 3,
    .weight = 1,
    .rule = {AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX},
};

static const struct aggregate_shape texts = {
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

static void count(struct aggregate *g, uint64_t key, int64_t value)
{
	uint64_t words[2] = {key, ~key}, *values = aggregate_get(g, words, 2);

	values[SUM]++;
	aggregate_span(&values[LEAST], &values[MOST], value);
	aggregate_mark(g, values, (uint64_t)value & 3);
}

static const uint64_t *values_of(const struct aggregate *g, uint64_t key)
{
	uint32_t i;

	for (i = 0; i < g->n; i++)
		if (aggregate_key(g, i)[0] == key)
			return aggregate_values(g, i);
	return NULL;
}

/* All that is in a is in b, with the same values. */
static bool is_in(const struct aggregate *a, const struct aggregate *b)
{
	const uint64_t *values;
	uint32_t i;

	for (i = 0; i < a->n; i++) {
		values = values_of(b, aggregate_key(a, i)[0]);
		if (!values || memcmp(values, aggregate_values(a, i),
				      a->n_values * sizeof(*values)) != 0)
			return false;
	}
	return true;
}

/* The parts of a whole, counted apart with other seeds. */
static void test_merge(unsigned parts)
{
	struct aggregate whole, part[8], *sum = &part[0];
	uint32_t state = parts, i, key, value;
	char what[80];

	aggregate_init(&whole, &numbers, 2, 10000, &seed);
	for (i = 0; i < parts; i++)
		aggregate_init(&part[i], &numbers, 2, 10000,
			       i % 2 ? &seed : &other);
	for (i = 0; i < 20000; i++) {
		key = next(&state) % 1500;
		value = next(&state);
		count(&whole, key, (int64_t)value - 8000000);
		count(&part[next(&state) % parts], key,
		      (int64_t)value - 8000000);
	}
	for (i = 1; i < parts; i++)
		aggregate_merge(sum, &part[i]);
	snprintf(what, sizeof(what), "%u parts are the whole", parts);
	ok(sum->n == whole.n && is_in(sum, &whole) && is_in(&whole, sum), what);
	is_int(parts > 1 ? part[1].n : 0, 0, "what was merged is empty");
	for (i = 0; i < parts; i++)
		aggregate_fini(&part[i]);
	aggregate_fini(&whole);
}

static void test_evict(void)
{
	struct aggregate g;
	uint64_t sum, i;
	uint32_t k;

	aggregate_init(&g, &numbers, 2, 100, &seed);
	for (i = 0; i < 5000; i++) {
		count(&g, i, 1);
		count(&g, 7, 2);
		count(&g, 8, 3);
	}
	is_int(g.n, 100, "a full group stays as large as it may be");
	is_int(g.evicted, 4900, "who goes is counted");
	for (sum = g.lost[SUM], k = 0; k < g.n; k++)
		sum += aggregate_values(&g, k)[SUM];
	is_int(sum, 15000, "sums are of all that was counted");
	ok(values_of(&g, 7) && values_of(&g, 7)[SUM] == 5001,
	   "those with the most stay, with all they have");
	aggregate_limit(&g, 10);
	is_int(g.n, 10, "a limit that shrinks makes others go");
	ok(values_of(&g, 7) && values_of(&g, 8), "the least ones first");
	is_int(g.evicted, 4990, "and they are counted too");
	aggregate_fini(&g);
}

static void test_texts(void)
{
	struct aggregate g;
	char long_text[AGGREGATE_TEXT + 100];
	const char *text;
	size_t n;
	unsigned i;

	aggregate_init(&g, &texts, 0, 50, &seed);
	for (i = 0; i < 1000; i++) {
		aggregate_get_text(&g, "a\0b", 3)[SUM]++;
		n = (size_t)snprintf(long_text, sizeof(long_text), "t%u", i);
		aggregate_get_text(&g, long_text, n)[SUM]++;
	}
	is_int(g.n, 50, "texts are as many as may be");
	text = aggregate_text(&g, 0, &n);
	ok(n == 3 && !memcmp(text, "a\0b", 3), "texts may hold any byte");
	is_int(aggregate_values(&g, 0)[SUM], 1000, "and are found again");
	memset(long_text, 'x', sizeof(long_text));
	aggregate_get_text(&g, long_text, sizeof(long_text))[SUM]++;
	is_int(aggregate_get_text(&g, long_text, AGGREGATE_TEXT)[SUM], 1,
	       "a text that is too long is cut");
	aggregate_fini(&g);
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
