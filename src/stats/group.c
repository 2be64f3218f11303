/*
 * Owns the entries of groups: in blocks that never move, found through slots of
 * an open-addressing table, which is kept at most 3/4 full.
 */
#include "stats/group.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 256, CANDIDATES = 16 };

/* What a text's two key words are. */
struct text {
	char *octets;
	uint64_t len;
};

void group_init(struct group *g, const struct group_shape *shape,
		unsigned n_marks, uint32_t limit, const struct hash_seed *seed)
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

	memcpy(&text.octets, entry, sizeof(text.octets));
	text.len = entry[1];
	return text;
}

void group_clear(struct group *g)
{
	size_t i;
	uint32_t k;

	for (k = 0; !g->shape->words && k < g->n; k++)
		free(text_of(group_entry(g, k)).octets);
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

void group_fini(struct group *g)
{
	if (g->shape)
		group_clear(g);
}

const char *group_text(const struct group *g, uint32_t i, size_t *len)
{
	struct text text = text_of(group_entry(g, i));

	*len = text.len;
	return text.octets;
}

static uint32_t hash_text(const struct group *g, const void *text, size_t len)
{
	struct hash h = hash_start(&g->seed);

	hash_add(&h, text, len, &g->seed);
	return (uint32_t)h.a;
}

static uint32_t hash_entry(const struct group *g, const uint64_t *entry)
{
	struct text text;

	if (g->shape->words)
		return group_hash(g, entry, g->shape->words);
	text = text_of(entry);
	return hash_text(g, text.octets, text.len);
}

static void enter_slot(struct group *g, uint32_t hash, uint32_t entry)
{
	uint32_t at = hash & g->mask;

	while (g->slots[at].entry)
		at = (at + 1) & g->mask;
	g->slots[at] = (struct group_slot){hash, entry + 1};
}

static bool grow_slots(struct group *g)
{
	struct group_slot *old = g->slots;
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

static bool grow_blocks(struct group *g)
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
	block = aligned_alloc(64, (size_t)GROUP_BLOCK * g->words * 8);
	if (!block)
		return false;
	g->blocks[g->n_blocks++] = block;
	return true;
}

/* Take an entry's slot out, and close the gap. */
static void leave_slot(struct group *g, uint32_t entry)
{
	uint32_t at = hash_entry(g, group_entry(g, entry)) & g->mask, next;

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

static uint64_t weight_of(const struct group *g, uint32_t i)
{
	const uint64_t *values = group_values(g, i);
	uint64_t weight = 0;
	unsigned k;

	for (k = 0; k < g->shape->weight; k++)
		weight += values[k];
	return weight;
}

/* Of some entries in a row the least one makes room. */
static uint32_t evict(struct group *g)
{
	uint32_t least = g->hand, i, k;
	const uint64_t *values;

	for (i = 0; i < CANDIDATES; i++) {
		if (weight_of(g, g->hand) < weight_of(g, least))
			least = g->hand;
		g->hand = g->hand + 1 < g->n ? g->hand + 1 : 0;
	}
	values = group_values(g, least);
	for (k = 0; k < g->shape->n_values; k++)
		if (g->shape->rule[k] == GROUP_SUM)
			g->lost[k] += values[k];
	g->evicted++;
	leave_slot(g, least);
	if (!g->shape->words)
		free(text_of(group_entry(g, least)).octets);
	return least;
}

static void start_values(const struct group *g, uint64_t *values)
{
	static const int64_t starts[] = {
	    [GROUP_SUM] = 0,
	    [GROUP_MIN] = INT64_MAX,
	    [GROUP_MAX] = INT64_MIN,
	};
	unsigned i;

	for (i = 0; i < g->shape->n_values; i++)
		values[i] = (uint64_t)starts[g->shape->rule[i]];
	memset(values + i, 0, (g->n_values - i) * sizeof(*values));
}

static uint64_t *add(struct group *g, const uint64_t *key, uint32_t hash)
{
	uint64_t *entry;
	uint32_t i;

	if (!g->slots || 4 * (uint64_t)g->n >= 3 * ((uint64_t)g->mask + 1)) {
		if (!grow_slots(g))
			goto failed;
	}
	if (g->n < g->limit) {
		if (g->n == g->n_blocks * GROUP_BLOCK && !grow_blocks(g))
			goto failed;
		i = g->n++;
	} else {
		i = evict(g);
	}
	entry = group_entry(g, i);
	memcpy(entry, key, g->key_words * sizeof(*key));
	start_values(g, entry + g->key_words);
	enter_slot(g, hash, i);
	return entry + g->key_words;
failed:
	g->failed = true;
	start_values(g, g->trash);
	return g->trash;
}

uint64_t *group_add(struct group *g, const uint64_t *key, uint32_t hash)
{
	return add(g, key, hash);
}

uint64_t *group_get_text(struct group *g, const void *octets, size_t len)
{
	struct text text, found;
	uint64_t key[2], *entry;
	uint32_t hash, at;

	if (len > GROUP_TEXT)
		len = GROUP_TEXT;
	hash = hash_text(g, octets, len);
	for (at = hash & g->mask; g->slots && g->slots[at].entry;
	     at = (at + 1) & g->mask) {
		if (g->slots[at].hash != hash)
			continue;
		entry = group_entry(g, g->slots[at].entry - 1);
		found = text_of(entry);
		if (found.len == len && !memcmp(found.octets, octets, len))
			return entry + g->key_words;
	}
	text.octets = malloc(len + 1);
	if (!text.octets) {
		g->failed = true;
		start_values(g, g->trash);
		return g->trash;
	}
	memcpy(text.octets, octets, len);
	text.octets[len] = '\0';
	key[0] = 0;
	memcpy(key, &text.octets, sizeof(text.octets));
	key[1] = len;
	entry = add(g, key, hash);
	if (entry == g->trash)
		free(text.octets);
	return entry;
}

void group_combine(const struct group *g, uint64_t *values,
		   const uint64_t *others)
{
	unsigned i;

	for (i = 0; i < g->shape->n_values; i++) {
		switch (g->shape->rule[i]) {
		case GROUP_SUM:
			values[i] += others[i];
			break;
		case GROUP_MIN:
			if ((int64_t)others[i] < (int64_t)values[i])
				values[i] = others[i];
			break;
		case GROUP_MAX:
			if ((int64_t)others[i] > (int64_t)values[i])
				values[i] = others[i];
			break;
		}
	}
	for (; i < g->n_values; i++)
		values[i] += others[i];
}

void group_merge(struct group *g, struct group *from)
{
	unsigned words = g->shape->words;
	struct text text;
	uint64_t *values;
	uint32_t i;

	for (i = 0; i < from->n; i++) {
		const uint64_t *key = group_key(from, i);

		if (words) {
			values = group_get(g, key, words);
		} else {
			text = text_of(key);
			values = group_get_text(g, text.octets, text.len);
			free(text.octets);
		}
		group_combine(g, values, group_values(from, i));
		if (i % GROUP_BLOCK == GROUP_BLOCK - 1) {
			free(from->blocks[i / GROUP_BLOCK]);
			from->blocks[i / GROUP_BLOCK] = NULL;
		}
	}
	g->evicted += from->evicted;
	for (i = 0; i < GROUP_VALUES; i++)
		g->lost[i] += from->lost[i];
	g->failed |= from->failed;
	from->n = 0;
	group_clear(from);
}

void group_limit(struct group *g, uint32_t limit)
{
	struct group old = *g;

	g->limit = limit;
	if (g->n <= limit)
		return;
	group_init(g, old.shape, old.n_values - old.shape->n_values, limit,
		   &old.seed);
	g->scale = old.scale;
	group_merge(g, &old);
}
