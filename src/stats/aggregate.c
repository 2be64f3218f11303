/*
 * Owns the entries of groups: in blocks that never move, found through slots of
 * an open-addressing table, which is kept at most 3/4 full.
 */
#include "stats/aggregate.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 256, CANDIDATES = 16 };

/* What a text's two key words are. */
struct text {
	char *bytes;
	uint64_t len;
};

void aggregate_init(struct aggregate *g, const struct aggregate_shape *shape,
		    unsigned n_marks, uint32_t limit,
		    const struct hash_seed *seed)
{
	memset(g, 0, sizeof(*g));
	g->shape = shape;
	g->key_words = shape->words ? shape->words : 2;
	g->n_values = shape->n_values + n_marks;
	g->words = g->key_words + g->n_values;
	g->limit = limit;
	g->seed = *seed;
}

static struct text text_of(const uint64_t *entry)
{
	struct text text;

	memcpy(&text.bytes, entry, sizeof(text.bytes));
	text.len = entry[1];
	return text;
}

void aggregate_clear(struct aggregate *g)
{
	size_t i;
	uint32_t k;

	for (k = 0; !g->shape->words && k < g->n; k++)
		free(text_of(aggregate_entry(g, k)).bytes);
	for (i = 0; i < g->n_blocks; i++)
		free(g->blocks[i]);
	free(g->blocks);
	free(g->slots);
	g->blocks = NULL;
	g->slots = NULL;
	g->n_blocks = 0;
	g->n = g->mask = g->hand = 0;
	g->evicted = 0;
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

/* Of some entries in a row the least one makes room. */
static uint32_t evict(struct aggregate *g)
{
	uint32_t least = g->hand, i, k;
	const uint64_t *values;

	for (i = 0; i < CANDIDATES; i++) {
		if (weight_of(g, g->hand) < weight_of(g, least))
			least = g->hand;
		g->hand = g->hand + 1 < g->n ? g->hand + 1 : 0;
	}
	values = aggregate_values(g, least);
	for (k = 0; k < g->shape->n_values; k++)
		if (g->shape->rule[k] == AGGREGATE_SUM)
			g->lost[k] += values[k];
	g->evicted++;
	leave_slot(g, least);
	if (!g->shape->words)
		free(text_of(aggregate_entry(g, least)).bytes);
	return least;
}

static void start_values(const struct aggregate *g, uint64_t *values)
{
	static const int64_t starts[] = {
	    [AGGREGATE_SUM] = 0,
	    [AGGREGATE_MIN] = INT64_MAX,
	    [AGGREGATE_MAX] = INT64_MIN,
	};
	unsigned i;

	for (i = 0; i < g->shape->n_values; i++)
		values[i] = (uint64_t)starts[g->shape->rule[i]];
	memset(values + i, 0, (g->n_values - i) * sizeof(*values));
}

static uint64_t *add(struct aggregate *g, const uint64_t *key, uint32_t hash)
{
	uint64_t *entry;
	uint32_t i;

	if (!g->slots || 4 * (uint64_t)g->n >= 3 * ((uint64_t)g->mask + 1)) {
		if (!grow_slots(g))
			goto failed;
	}
	if (g->n < g->limit) {
		if (g->n == g->n_blocks * AGGREGATE_BLOCK && !grow_blocks(g))
			goto failed;
		i = g->n++;
	} else {
		i = evict(g);
	}
	entry = aggregate_entry(g, i);
	memcpy(entry, key, g->key_words * sizeof(*key));
	start_values(g, entry + g->key_words);
	enter_slot(g, hash, i);
	return entry + g->key_words;
failed:
	g->failed = true;
	start_values(g, g->trash);
	return g->trash;
}

uint64_t *aggregate_add(struct aggregate *g, const uint64_t *key, uint32_t hash)
{
	return add(g, key, hash);
}

uint64_t *aggregate_get_text(struct aggregate *g, const void *bytes, size_t len)
{
	struct text text, found;
	uint64_t key[2], *entry;
	uint32_t hash, at;

	if (len > AGGREGATE_TEXT)
		len = AGGREGATE_TEXT;
	hash = hash_text(g, bytes, len);
	for (at = hash & g->mask; g->slots && g->slots[at].entry;
	     at = (at + 1) & g->mask) {
		if (g->slots[at].hash != hash)
			continue;
		entry = aggregate_entry(g, g->slots[at].entry - 1);
		found = text_of(entry);
		if (found.len == len && !memcmp(found.bytes, bytes, len))
			return entry + g->key_words;
	}
	text.bytes = malloc(len + 1);
	if (!text.bytes) {
		g->failed = true;
		start_values(g, g->trash);
		return g->trash;
	}
	memcpy(text.bytes, bytes, len);
	text.bytes[len] = '\0';
	key[0] = 0;
	memcpy(key, &text.bytes, sizeof(text.bytes));
	key[1] = len;
	entry = add(g, key, hash);
	if (entry == g->trash)
		free(text.bytes);
	return entry;
}

void aggregate_combine(const struct aggregate *g, uint64_t *values,
		       const uint64_t *others)
{
	unsigned i;

	for (i = 0; i < g->shape->n_values; i++) {
		switch (g->shape->rule[i]) {
		case AGGREGATE_SUM:
			values[i] += others[i];
			break;
		case AGGREGATE_MIN:
			if ((int64_t)others[i] < (int64_t)values[i])
				values[i] = others[i];
			break;
		case AGGREGATE_MAX:
			if ((int64_t)others[i] > (int64_t)values[i])
				values[i] = others[i];
			break;
		}
	}
	for (; i < g->n_values; i++)
		values[i] += others[i];
}

void aggregate_merge(struct aggregate *g, struct aggregate *from)
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
	g->evicted += from->evicted;
	for (i = 0; i < AGGREGATE_VALUES; i++)
		g->lost[i] += from->lost[i];
	g->failed |= from->failed;
	from->n = 0;
	aggregate_clear(from);
}

void aggregate_limit(struct aggregate *g, uint32_t limit)
{
	struct aggregate old = *g;

	g->limit = limit;
	if (g->n <= limit)
		return;
	aggregate_init(g, old.shape, old.n_values - old.shape->n_values, limit,
		       &old.seed);
	g->scale = old.scale;
	aggregate_merge(g, &old);
}
