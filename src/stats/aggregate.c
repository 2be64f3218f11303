/*
 * Owns the entries of groups: in blocks that never move, found through slots of
 * an open-addressing table, which is kept at most 3/4 full.
 */
#include "stats/aggregate.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 256 };

/* What a text's two key words are. */
struct text {
	char *bytes;
	uint64_t len;
};

static uint32_t limit_for(const struct aggregate_shape *shape, uint32_t limit)
{
	if (shape->stays)
		return shape->limit;
	return limit > shape->room ? limit : shape->room;
}

void aggregate_init(struct aggregate *g, const struct aggregate_shape *shape,
		    unsigned n_marks, uint32_t limit,
		    const struct hash_seed *seed)
{
	unsigned i;

	memset(g, 0, sizeof(*g));
	for (i = 0; i < shape->n_values; i++) {
		g->least |= (uint16_t)((shape->rule[i] == AGGREGATE_MIN) << i);
		g->most |= (uint16_t)((shape->rule[i] == AGGREGATE_MAX) << i);
	}
	g->shape = shape;
	g->key_words = shape->words ? shape->words : 2;
	g->n_values = shape->n_values + n_marks;
	g->words = g->key_words + g->n_values;
	g->limit = limit_for(shape, limit);
	g->seed = *seed;
}

static struct text text_of(const uint64_t *entry)
{
	struct text text;

	memcpy(&text.bytes, entry, sizeof(text.bytes));
	text.len = entry[1];
	return text;
}

/* Forget all entries; the memory is given back. */
static void aggregate_clear(struct aggregate *g)
{
	size_t i;
	uint32_t k;

	for (k = 0; !g->shape->words && k < g->n; k++)
		free(text_of(aggregate_entry(g, k)).bytes);
	for (i = 0; i < g->n_blocks; i++)
		free(g->blocks[i]);
	free(g->blocks);
	free(g->slots);
	free(g->heap);
	free(g->debts);
	g->blocks = NULL;
	g->slots = NULL;
	g->heap = NULL;
	g->debts = NULL;
	g->n_blocks = 0;
	g->n = g->mask = 0;
	g->evicted = g->missing = 0;
	memset(g->lost, 0, sizeof(g->lost));
}

void aggregate_fini(struct aggregate *g)
{
	if (g->shape)
		aggregate_clear(g);
}

const char *aggregate_text(const struct aggregate *g, uint32_t i, size_t *len)
{
	struct text text = text_of(aggregate_entry(g, i));

	*len = text.len;
	return text.bytes;
}

static uint32_t hash_text(const struct aggregate *g, const void *text,
			  size_t len)
{
	struct hash h = hash_start(&g->seed);

	hash_add(&h, text, len, &g->seed);
	return (uint32_t)h.a;
}

static uint32_t hash_entry(const struct aggregate *g, const uint64_t *entry)
{
	struct text text;

	if (g->shape->words)
		return aggregate_hash(g, entry, g->shape->words);
	text = text_of(entry);
	return hash_text(g, text.bytes, text.len);
}

static void enter_slot(struct aggregate *g, uint32_t hash, uint32_t entry)
{
	uint32_t at = hash & g->mask;

	while (g->slots[at].entry)
		at = (at + 1) & g->mask;
	g->slots[at] = (struct aggregate_slot){hash, entry + 1};
}

static bool grow_slots(struct aggregate *g)
{
	struct aggregate_slot *old = g->slots;
	uint32_t n = old ? g->mask + 1 : 0, i;
	uint32_t room = n ? 2 * n : SLOTS_FIRST;

	g->slots = calloc(room, sizeof(*g->slots));
	if (!g->slots) {
		g->slots = old;
		return false;
	}
	g->mask = room - 1;
	for (i = 0; i < n; i++)
		if (old[i].entry)
			enter_slot(g, old[i].hash, old[i].entry - 1);
	free(old);
	return true;
}

static bool grow_blocks(struct aggregate *g)
{
	uint64_t **blocks, *block;

	if ((g->n_blocks & (g->n_blocks - 1)) == 0) {
		blocks =
		    realloc(g->blocks, (g->n_blocks ? 2 * g->n_blocks : 1) *
					   sizeof(uint64_t *));
		if (!blocks)
			return false;
		g->blocks = blocks;
	}
	block = aligned_alloc(64, (size_t)AGGREGATE_BLOCK * g->words * 8);
	if (!block)
		return false;
	g->blocks[g->n_blocks++] = block;
	return true;
}

/* Take an entry's slot out, and close the gap. */
static void leave_slot(struct aggregate *g, uint32_t entry)
{
	uint32_t at = hash_entry(g, aggregate_entry(g, entry)) & g->mask, next;

	while (g->slots[at].entry != entry + 1)
		at = (at + 1) & g->mask;
	for (next = at;;) {
		next = (next + 1) & g->mask;
		if (!g->slots[next].entry)
			break;
		/* may it move back to the gap? */
		if (((next - g->slots[next].hash) & g->mask) >=
		    ((next - at) & g->mask)) {
			g->slots[at] = g->slots[next];
			at = next;
		}
	}
	g->slots[at].entry = 0;
}

static uint64_t weight_of(const struct aggregate *g, uint32_t i)
{
	const uint64_t *values = aggregate_values(g, i);
	uint64_t weight = 0;
	unsigned k;

	for (k = 0; k < g->shape->weight; k++)
		weight += values[k];
	return weight;
}

/* ---- who must go -------------------------------------------------------- */

static uint64_t worth_of(const struct aggregate *g, uint32_t i)
{
	return weight_of(g, i) + g->debts[i];
}

static void select_down(struct aggregate *g, uint32_t at)
{
	struct aggregate_rank rank = g->heap[at];
	uint32_t child;

	for (; (child = 2 * at + 1) < g->n; at = child) {
		if (child + 1 < g->n &&
		    g->heap[child + 1].worth < g->heap[child].worth)
			child++;
		if (g->heap[child].worth >= rank.worth)
			break;
		g->heap[at] = g->heap[child];
	}
	g->heap[at] = rank;
}

/* The group is full: rank all entries. false: no memory. */
static bool make_heap(struct aggregate *g)
{
	uint32_t i;

	if (g->heap)
		return true;
	if (!g->debts && (g->debts = malloc(g->n * sizeof(*g->debts))))
		for (i = 0; i < g->n; i++)
			g->debts[i] = g->missing;
	g->heap = malloc(g->n * sizeof(*g->heap));
	if (!g->debts || !g->heap) {
		free(g->heap);
		g->heap = NULL;
		return false;
	}
	for (i = 0; i < g->n; i++)
		g->heap[i] = (struct aggregate_rank){worth_of(g, i), i};
	for (i = g->n / 2; i > 0; i--)
		select_down(g, i - 1);
	return true;
}

/* Bring the entry that is worth least to the top of the heap. */
static uint64_t find_least(struct aggregate *g)
{
	uint64_t worth;

	while ((worth = worth_of(g, g->heap[0].entry)) > g->heap[0].worth) {
		g->heap[0].worth = worth;
		select_down(g, 0);
	}
	return worth;
}

/* What was counted for the key is not in the group any more. */
static void lose(struct aggregate *g, const uint64_t *key,
		 const uint64_t *values, uint64_t worth)
{
	unsigned k;

	for (k = 0; k < g->shape->n_values; k++)
		if (g->shape->rule[k] == AGGREGATE_SUM)
			g->lost[k] += values[k];
	g->evicted++;
	if (worth > g->missing)
		g->missing = worth;
	if (g->spill)
		g->spill(g->spill_arg, g, key, values);
}

/* The least entry makes room, and leaves its worth as a debt. */
static uint32_t evict(struct aggregate *g)
{
	uint64_t worth = find_least(g);
	uint32_t least = g->heap[0].entry;

	lose(g, aggregate_key(g, least), aggregate_values(g, least), worth);
	leave_slot(g, least);
	if (!g->shape->words)
		free(text_of(aggregate_entry(g, least)).bytes);
	g->debts[least] = worth;
	return least;
}

/* ---- entries ------------------------------------------------------------ */

static void start_values(const struct aggregate *g, uint64_t *values)
{
	unsigned bits;

	memset(values, 0, g->n_values * sizeof(*values));
	for (bits = g->least; bits; bits &= bits - 1)
		values[__builtin_ctz(bits)] = (uint64_t)INT64_MAX;
	for (bits = g->most; bits; bits &= bits - 1)
		values[__builtin_ctz(bits)] = (uint64_t)INT64_MIN;
}

/* The number of a new entry for the key. false: there is no room, or no
   memory (the group has failed then). */
static bool add(struct aggregate *g, const uint64_t *key, uint32_t hash,
		uint32_t *number)
{
	uint64_t *entry;
	uint32_t i;

	if (g->n >= g->limit && g->shape->stays) {
		g->evicted++;
		return false;
	}
	/* one that failed gets no memory any more, and says so at the end */
	g->failed |=
	    (!g->slots || 4 * (uint64_t)g->n >= 3 * ((uint64_t)g->mask + 1)) &&
	    !grow_slots(g);
	if (g->n < g->limit)
		g->failed |=
		    g->n == g->n_blocks * AGGREGATE_BLOCK && !grow_blocks(g);
	else
		g->failed |= !make_heap(g);
	if (g->failed)
		return false;
	if (g->n >= g->limit) {
		i = evict(g);
	} else {
		i = g->n++;
		if (g->debts)
			g->debts[i] = g->missing;
	}
	entry = aggregate_entry(g, i);
	memcpy(entry, key, g->key_words * sizeof(*key));
	start_values(g, entry + g->key_words);
	enter_slot(g, hash, i);
	*number = i;
	return true;
}

static uint64_t *values_or_trash(struct aggregate *g, bool good, uint32_t i)
{
	if (good)
		return aggregate_values(g, i);
	start_values(g, g->trash);
	return g->trash;
}

uint64_t *aggregate_add(struct aggregate *g, const uint64_t *key, uint32_t hash)
{
	uint32_t i = 0;
	bool good = add(g, key, hash, &i);

	return values_or_trash(g, good, i);
}

static bool is_key(const struct aggregate *g, uint32_t i, const uint64_t *key)
{
	struct text a, b;

	if (g->shape->words)
		return aggregate_same(aggregate_key(g, i), key,
				      g->shape->words);
	a = text_of(aggregate_key(g, i));
	b = text_of(key);
	return a.len == b.len && !memcmp(a.bytes, b.bytes, a.len);
}

static bool find(const struct aggregate *g, const uint64_t *key, uint32_t hash,
		 uint32_t *number)
{
	uint32_t at;

	for (at = hash & g->mask; g->slots && g->slots[at].entry;
	     at = (at + 1) & g->mask) {
		*number = g->slots[at].entry - 1;
		if (g->slots[at].hash == hash && is_key(g, *number, key))
			return true;
	}
	return false;
}

bool aggregate_has(const struct aggregate *g, const uint64_t *key)
{
	uint32_t i;

	return find(g, key, hash_entry(g, key), &i);
}

static void put_key(uint64_t key[2], char *bytes, size_t len)
{
	key[0] = 0;
	memcpy(key, &bytes, sizeof(bytes));
	key[1] = len;
}

bool aggregate_enter_text(struct aggregate *g, const void *bytes, size_t len,
			  uint32_t *entry)
{
	uint64_t key[2];
	uint32_t hash;
	char *copy;

	if (len > AGGREGATE_TEXT)
		len = AGGREGATE_TEXT;
	hash = hash_text(g, bytes, len);
	put_key(key, (char *)bytes, len);
	if (find(g, key, hash, entry))
		return true;
	copy = malloc(len + 1);
	if (!copy) {
		g->failed = true;
		return false;
	}
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	put_key(key, copy, len);
	if (add(g, key, hash, entry))
		return true;
	free(copy);
	return false;
}

uint64_t *aggregate_get_text(struct aggregate *g, const void *bytes, size_t len)
{
	uint32_t i = 0;
	bool good = aggregate_enter_text(g, bytes, len, &i);

	return values_or_trash(g, good, i);
}

/* Enter entry i, with its key, at the place of entry n, or add its values to
   the entry that has this key. */
static void settle(struct aggregate *g, uint32_t i, uint32_t *n)
{
	uint64_t *entry = aggregate_entry(g, i);
	uint32_t hash = aggregate_hash(g, entry, g->shape->words), k;

	if (find(g, entry, hash, &k)) {
		aggregate_combine(g, aggregate_values(g, k),
				  entry + g->key_words);
		return;
	}
	if (i != *n)
		memcpy(aggregate_entry(g, *n), entry,
		       g->words * sizeof(*entry));
	enter_slot(g, hash, (*n)++);
}

void aggregate_rekey(struct aggregate *g,
		     void (*change)(uint64_t *key, const void *arg),
		     const void *arg)
{
	uint32_t n = 0, i;

	if (g->slots)
		memset(g->slots, 0, (g->mask + 1ULL) * sizeof(*g->slots));
	free(g->heap);
	free(g->debts);
	g->heap = NULL;
	g->debts = NULL;
	g->missing = 0;
	for (i = 0; i < g->n; i++) {
		change(aggregate_entry(g, i), arg);
		settle(g, i, &n);
	}
	g->n = n;
}

/* ---- merging ------------------------------------------------------------ */

/* There is room for all of them. */
static void merge_all(struct aggregate *g, struct aggregate *from)
{
	unsigned words = g->shape->words;
	struct text text;
	uint64_t *values;
	uint32_t i;

	for (i = 0; i < from->n; i++) {
		const uint64_t *key = aggregate_key(from, i);

		if (words) {
			values = aggregate_get(g, key, words);
		} else {
			text = text_of(key);
			values = aggregate_get_text(g, text.bytes, text.len);
			free(text.bytes);
		}
		aggregate_combine(g, values, aggregate_values(from, i));
		if (i % AGGREGATE_BLOCK == AGGREGATE_BLOCK - 1) {
			free(from->blocks[i / AGGREGATE_BLOCK]);
			from->blocks[i / AGGREGATE_BLOCK] = NULL;
		}
	}
	from->n = 0;
}

/* An entry's debt in the merged group: what either may have missed of it. */
static uint64_t debt_of(const struct aggregate *g, uint32_t i)
{
	return g->debts ? g->debts[i] : g->missing;
}

/* Those that both have. met: a byte for each entry of from. */
static void merge_known(struct aggregate *g, const struct aggregate *from,
			uint8_t *met)
{
	uint32_t i, k = 0;

	for (i = 0; i < g->n; i++)
		g->debts[i] += from->missing;
	for (i = 0; i < from->n; i++) {
		const uint64_t *key = aggregate_key(from, i);

		met[i] = find(g, key, hash_entry(g, key), &k);
		if (!met[i])
			continue;
		aggregate_combine(g, aggregate_values(g, k),
				  aggregate_values(from, i));
		g->debts[k] -= from->missing - debt_of(from, i);
	}
}

/* One that is new here, if it is worth more than the least. */
static void merge_new(struct aggregate *g, const struct aggregate *from,
		      uint32_t i, uint64_t debt)
{
	const uint64_t *key = aggregate_key(from, i);
	const uint64_t *values = aggregate_values(from, i);
	uint64_t worth = weight_of(from, i) + debt;
	struct text text;
	uint32_t k = 0;
	bool good;

	if (g->n >= g->limit && !g->shape->stays && make_heap(g) &&
	    worth <= find_least(g)) {
		lose(g, key, values, worth);
		return;
	}
	if (g->shape->words) {
		good = add(g, key, hash_entry(g, key), &k);
	} else {
		text = text_of(key);
		good = aggregate_enter_text(g, text.bytes, text.len, &k);
	}
	if (!good)
		return;
	aggregate_combine(g, aggregate_values(g, k), values);
	if (g->debts)
		g->debts[k] = debt;
}

/* The least of both go. */
static bool merge_best(struct aggregate *g, struct aggregate *from)
{
	uint64_t missed = g->missing;
	uint64_t *debts = calloc((size_t)g->limit, sizeof(*debts));
	uint8_t *met = calloc(1, (size_t)from->n + 1);
	uint32_t i;

	if (!debts || !met) {
		free(debts);
		free(met);
		return false;
	}
	for (i = 0; i < g->n; i++)
		debts[i] = debt_of(g, i);
	free(g->debts);
	g->debts = debts;
	merge_known(g, from, met);
	g->missing += from->missing;
	for (i = 0; i < from->n; i++)
		if (!met[i])
			merge_new(g, from, i, missed + debt_of(from, i));
	free(met);
	return true;
}

void aggregate_merge(struct aggregate *g, struct aggregate *from)
{
	bool fits = !g->missing && !from->missing &&
		    (uint64_t)g->n + from->n <= g->limit;
	unsigned i;

	if (fits || g->limit == UINT32_MAX) {
		g->missing += from->missing;
		merge_all(g, from);
	} else if (!merge_best(g, from)) {
		g->failed = true;
	}
	g->evicted += from->evicted;
	for (i = 0; i < AGGREGATE_VALUES; i++)
		g->lost[i] += from->lost[i];
	g->failed |= from->failed;
	aggregate_clear(from);
}

void aggregate_limit(struct aggregate *g, uint32_t limit)
{
	struct aggregate old = *g;

	g->limit = limit_for(g->shape, limit);
	if (g->n <= g->limit)
		return;
	aggregate_init(g, old.shape, old.n_values - old.shape->n_values, limit,
		       &old.seed);
	g->scale = old.scale;
	g->spill = old.spill;
	g->spill_arg = old.spill_arg;
	aggregate_merge(g, &old);
}
