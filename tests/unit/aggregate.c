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
	ok_all(what, eq(sum->n, whole.n), is_in(sum, &whole),
	       is_in(&whole, sum));
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
	ok_all("those with the most stay, with all they have", values_of(&g, 7),
	       eq(values_of(&g, 7)[SUM], 5001));
	aggregate_limit(&g, 10);
	is_int(g.n, 10, "a limit that shrinks makes others go");
	ok_all("the least ones first", values_of(&g, 7), values_of(&g, 8));
	is_int(g.evicted, 4990, "and they are counted too");
	aggregate_fini(&g);
}

/* One key in every second call, from the middle on, among keys that never come
   twice: it is found, and no count is short by more than is said. */
static void test_heavy(unsigned parts)
{
	struct aggregate part[4];
	const uint64_t *values;
	uint64_t i, sum = 0;
	uint32_t k;

	for (k = 0; k < parts; k++)
		aggregate_init(&part[k], &numbers, 2, 64, &seed);
	for (i = 0; i < 40000; i++) {
		count(&part[i % parts], 1000 + i, 1);
		if (i >= 20000)
			count(&part[i / 2 % parts], 7, 1);
	}
	for (k = 1; k < parts; k++)
		aggregate_merge(&part[0], &part[k]);
	values = values_of(&part[0], 7);
	ok(values != NULL, "a key that comes late and often is found");
	ok_all("and lacks no more than is said", values, values[SUM] <= 20000,
	       values[SUM] + part[0].missing >= 20000);
	ok(part[0].missing < 2 * 60000 / 64, "which is little");
	for (k = 0; k < part[0].n; k++)
		sum += aggregate_values(&part[0], k)[SUM];
	is_int(sum + part[0].lost[SUM], 60000, "sums are of all");
	for (k = 0; k < parts; k++)
		aggregate_fini(&part[k]);
}

/* Large entries stay, however many small ones come, and when merged. */
static void test_large(void)
{
	struct aggregate a, b;
	uint32_t large = 0, i, k;

	aggregate_init(&a, &numbers, 2, 64, &seed);
	aggregate_init(&b, &numbers, 2, 64, &other);
	for (i = 0; i < 60; i++)
		for (k = 0; k < 100; k++)
			count(&a, i, 1);
	for (i = 0; i < 300; i++)
		count(&a, 1000 + i, 1);
	for (i = 0; i < 64; i++)
		count(&b, 5000 + i, 1);
	aggregate_merge(&a, &b);
	for (i = 0; i < a.n; i++)
		large += aggregate_values(&a, i)[SUM] == 100;
	is_int(large, 60, "60 large entries of 64 outlast 364 small ones");
	is_int(a.n, 64, "a merged group stays as large as it may be");
	aggregate_fini(&a);
	aggregate_fini(&b);
}

static void drop(void *arg, const struct aggregate *g, const uint64_t *key,
		 const uint64_t *values)
{
	(void)g;
	(void)key;
	*(uint64_t *)arg += values[SUM];
}

static void test_spill(void)
{
	struct aggregate g;
	uint64_t spilled = 0, i;

	aggregate_init(&g, &numbers, 2, 64, &seed);
	g.spill = drop;
	g.spill_arg = &spilled;
	for (i = 0; i < 1000; i++)
		count(&g, i, 1);
	is_int(spilled, 936, "all that goes is spilled");
	aggregate_limit(&g, 10);
	is_int(spilled, 990, "by a limit too");
	aggregate_fini(&g);
}

static const struct aggregate_shape fixed = {
    .name = "fixed",
    .n_values = 1,
    .weight = 1,
    .stays = true,
    .limit = 100,
};

static void test_stays(void)
{
	struct aggregate g;
	uint32_t i, k, number, refused = 0;

	aggregate_init(&g, &fixed, 0, 5, &seed);
	for (i = 0; i < 300; i++) {
		char text[8];
		size_t n = (size_t)snprintf(text, sizeof(text), "%u", i);

		if (aggregate_enter_text(&g, text, n, &number))
			aggregate_values(&g, number)[SUM]++;
		else
			refused++;
	}
	is_int(g.n, 100, "entries that stay have a limit of their own");
	is_int(refused, 200, "and others are refused");
	for (i = k = 0; i < 100; i++)
		k += aggregate_values(&g, i)[SUM] == 1;
	is_int(k, 100, "so that their numbers stay theirs");
	aggregate_fini(&g);
}

static void halve(uint64_t *key, const void *by)
{
	key[0] /= *(const uint64_t *)by;
	key[1] = ~key[0];
}

/* New keys in place: what one group would hold that had had them at once. */
static void test_rekey(uint64_t n, uint64_t by)
{
	struct aggregate g, want;
	uint64_t i;

	aggregate_init(&g, &numbers, 2, 10000, &seed);
	aggregate_init(&want, &numbers, 2, 10000, &seed);
	for (i = 0; i < n; i++) {
		count(&g, i * 7919 % n, (int64_t)i - 100);
		count(&want, i * 7919 % n / by, (int64_t)i - 100);
	}
	aggregate_rekey(&g, halve, &by);
	is_int(g.n, want.n, "entries whose keys become the same are one");
	ok_all("with the values of all of them", is_in(&g, &want),
	       is_in(&want, &g));
	for (i = 0; i < n; i++) {
		count(&g, i, 5);
		count(&want, i, 5);
	}
	ok_all("and are found by their new keys", is_in(&g, &want),
	       is_in(&want, &g));
	aggregate_fini(&g);
	aggregate_fini(&want);
}

static void test_rekey_full(void)
{
	struct aggregate g;
	uint64_t i, by = 2;

	aggregate_init(&g, &numbers, 2, 64, &seed);
	for (i = 0; i < 100; i++)
		count(&g, i, 1);
	aggregate_rekey(&g, halve, &by);
	is_int(g.evicted, 36, "what went before stays counted");
	for (i = 100; i < 200; i++)
		count(&g, i, 1);
	is_int(g.n, 64, "a group with new keys is as large as it may be");
	is_int(aggregate_has(&g, (uint64_t[]){199, ~(uint64_t)199}), true,
	       "and evicts as before");
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
	ok_all("texts may hold any byte", eq(n, 3), !memcmp(text, "a\0b", 3));
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
	test_heavy(1);
	test_heavy(4);
	test_large();
	test_spill();
	test_stays();
	test_rekey(1, 10);
	test_rekey(5000, 1);
	test_rekey(5000, 10);
	test_rekey_full();
	test_texts();
	return done();
}
