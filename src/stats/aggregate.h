/*
 * What is counted, by key: the one kind of state that reports have. A group is
 * a table of entries, each a key and some 64-bit values, of bounded size. Two
 * groups of the same shape can be merged: the result is what one group would
 * hold that had seen the packets of both, in any order (as long as none had to
 * evict).
 */
#ifndef STATS_AGGREGATE_H
#define STATS_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

enum {
	AGGREGATE_VALUES = 16,	/* at most, of a shape */
	AGGREGATE_WORDS = 6,	/* at most, of a key */
	AGGREGATE_TEXT = 4096,	/* bytes of a text key at most; more is cut */
	AGGREGATE_BLOCK = 1024, /* entries in a block */
};

/* How values of the same key become one. */
enum aggregate_rule {
	AGGREGATE_SUM, /* unsigned; starts with 0 */
	AGGREGATE_MIN, /* signed; starts with INT64_MAX */
	AGGREGATE_MAX, /* signed; starts with INT64_MIN */
};

struct aggregate_shape {
	const char *name; /* in saved states */
	uint8_t words;	  /* of the key; 0: the key is text */
	uint8_t n_values;
	uint8_t weight; /* the sum of the first so many values says how much an
			   entry matters when one must go */
	bool stays;	/* entries never go: when it is full, new ones are
			   refused */
	uint32_t limit; /* of those that stay: instead of --max-flows */
	uint32_t room;	/* entries at least, whatever --max-flows says */
	uint8_t rule[AGGREGATE_VALUES];
};

struct aggregate_slot {
	uint32_t hash, entry; /* number + 1; 0: free */
};

/* An entry that may have to go: what it was worth when last looked at, which
   is never more than it is worth now. */
struct aggregate_rank {
	uint64_t worth;
	uint32_t entry;
};

/*
 * When a group is full, the entry that is worth least makes room, and the new
 * one inherits its worth as a debt (Metwally and others, "Efficient computation
 * of frequent and top-k elements in data streams", 2005). So an entry is worth
 * at least what was ever counted for its key, large ones stay, and no count is
 * short by more than `missing`.
 */
struct aggregate {
	const struct aggregate_shape *shape;
	unsigned key_words; /* of an entry: for texts a pointer and a length */
	unsigned n_values;  /* with the marks after them */
	unsigned words;	    /* of an entry in all */
	uint64_t **blocks;
	size_t n_blocks;
	struct aggregate_slot *slots;
	uint32_t mask; /* slots - 1; a power of two of them */
	uint32_t n, limit;
	struct aggregate_rank *heap; /* the least first; made when it is full */
	uint64_t *debts;	     /* by entry; NULL: none has any */
	uint64_t missing;	     /* the most that a count may be short by */
	uint64_t evicted;	     /* entries that went, or were refused */
	/* Told of each entry that goes; may add to other groups. */
	void (*spill)(void *arg, const struct aggregate *g, const uint64_t *key,
		      const uint64_t *values);
	void *spill_arg;
	uint64_t lost[AGGREGATE_VALUES]; /* sums of what was evicted */
	struct hash_seed seed;
	bool failed;	      /* no memory: counts are missing */
	uint16_t least, most; /* values that are minima, maxima: a bit each */
	/* what all values are about, where that matters: see rate.c */
	int64_t scale;
	uint64_t trash[AGGREGATE_VALUES + 64];
};

/* n_marks: columns of --count after the values. limit: entries at most. */
void aggregate_init(struct aggregate *g, const struct aggregate_shape *shape,
		    unsigned n_marks, uint32_t limit,
		    const struct hash_seed *seed);
void aggregate_fini(struct aggregate *g);

/* The key of entry i, its length if it is text, and its values. */
static inline uint64_t *aggregate_entry(const struct aggregate *g, uint32_t i)
{
	return g->blocks[i / AGGREGATE_BLOCK] +
	       (size_t)(i % AGGREGATE_BLOCK) * g->words;
}

static inline const uint64_t *aggregate_key(const struct aggregate *g,
					    uint32_t i)
{
	return aggregate_entry(g, i);
}

static inline uint64_t *aggregate_values(const struct aggregate *g, uint32_t i)
{
	return aggregate_entry(g, i) + g->key_words;
}

const char *aggregate_text(const struct aggregate *g, uint32_t i, size_t *len);

/* For the functions below. */
uint64_t *aggregate_add(struct aggregate *g, const uint64_t *key,
			uint32_t hash);

/* Keys have at least one word; the compiler knows how many. */
static inline uint32_t aggregate_hash(const struct aggregate *g,
				      const uint64_t *key, unsigned words)
{
	uint64_t h = words == 1 ? hash_u64(key[0], &g->seed)
				: hash_u128(key[0], key[1], &g->seed);

	if (words >= 4)
		h = hash_u128(h, key[2], &g->seed) ^
		    hash_u128(key[3], words >= 5 ? key[4] : 0, &g->seed);
	else if (words == 3)
		h = hash_u128(h, key[2], &g->seed);
	if (words == 6)
		h = hash_u128(h, key[5], &g->seed);
	return (uint32_t)h;
}

static inline bool aggregate_same(const uint64_t *a, const uint64_t *b,
				  unsigned words)
{
	uint64_t differ = a[0] ^ b[0];
	unsigned i;

	for (i = 1; i < words; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

/*
 * The values of a key, which is entered if it is new. Never NULL: where memory
 * ran out they are values that are not read. Good until the next call.
 */
static inline uint64_t *aggregate_get(struct aggregate *g, const uint64_t *key,
				      unsigned words)
{
	uint32_t hash = aggregate_hash(g, key, words), at;
	uint64_t *entry;

	if (g->slots) {
		for (at = hash & g->mask; g->slots[at].entry;
		     at = (at + 1) & g->mask) {
			if (g->slots[at].hash != hash)
				continue;
			entry = aggregate_entry(g, g->slots[at].entry - 1);
			if (aggregate_same(entry, key, words))
				return entry + words;
		}
	}
	return aggregate_add(g, key, hash);
}

/* Have what aggregate_get() looks at first come closer. */
static inline void aggregate_prefetch(const struct aggregate *g, uint32_t hash)
{
	if (g->slots)
		__builtin_prefetch(&g->slots[hash & g->mask]);
}

/* The same for text keys. */
uint64_t *aggregate_get_text(struct aggregate *g, const void *text, size_t len);

/* Enter a text if it is new; *entry is its number. false: there is no room. */
bool aggregate_enter_text(struct aggregate *g, const void *text, size_t len,
			  uint32_t *entry);

/* Is the key in there? */
bool aggregate_has(const struct aggregate *g, const uint64_t *key);

/* Combine the values of one entry with others of the same shape. */
static inline void aggregate_combine(const struct aggregate *g,
				     uint64_t *values, const uint64_t *others)
{
	uint64_t rest[AGGREGATE_VALUES];
	unsigned spans = g->least | g->most, bits, i, k;

	for (bits = spans; bits; bits &= bits - 1) {
		k = (unsigned)__builtin_ctz(bits);
		rest[k] = values[k];
	}
	for (i = 0; i < g->n_values; i++)
		values[i] += others[i];
	for (bits = spans; bits; bits &= bits - 1) {
		k = (unsigned)__builtin_ctz(bits);
		if (((int64_t)others[k] < (int64_t)rest[k]) ==
		    (g->least >> k & 1))
			rest[k] = others[k];
		values[k] = rest[k];
	}
}

/* Change the keys of all entries, in place. Of those whose keys become the same
   the first one is left, with the values of all. Not for text. Nothing is
   known any more of what went before, but how much it was. */
void aggregate_rekey(struct aggregate *g,
		     void (*change)(uint64_t *key, const void *arg),
		     const void *arg);

/* One more for each mark, a bit each. */
static inline void aggregate_mark(const struct aggregate *g, uint64_t *values,
				  uint64_t marks)
{
	uint64_t *columns = values + g->shape->n_values;

	for (; marks; marks &= marks - 1)
		columns[__builtin_ctzll(marks)]++;
}

/* From now on at most so many entries: the least of them go. */
void aggregate_limit(struct aggregate *g, uint32_t limit);

/* Add everything in from, of the same shape. from is emptied on the way. */
void aggregate_merge(struct aggregate *g, struct aggregate *from);

/* Two signed values that only grow or shrink. */
static inline void aggregate_span(uint64_t *first, uint64_t *last, int64_t now)
{
	if (now < (int64_t)*first)
		*first = (uint64_t)now;
	if (now > (int64_t)*last)
		*last = (uint64_t)now;
}

#endif
