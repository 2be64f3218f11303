/*
 * A map from 128-bit hashes to 128-bit values, in one array, of bounded size.
 * The keys are hashes with a secret seed already, so they are not hashed
 * again, and two of them are never the same by chance or by malice.
 */
#ifndef PKT_HASHMAP_H
#define PKT_HASHMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/hash.h"

struct hashmap {
	struct hashmap_slot *slots;
	size_t size; /* of slots: a power of 2 */
	size_t count;
};

/* The value of a key, NULL if it has none. Good until the next put. */
const struct hash *hashmap_get(const struct hashmap *m, struct hash key);

/* Set it. false: no memory, or max keys are in the map already. */
bool hashmap_put(struct hashmap *m, struct hash key, struct hash value,
		 size_t max);

/* Call each with every key and value. */
void hashmap_each(const struct hashmap *m,
		  void (*each)(void *arg, struct hash key, struct hash value),
		  void *arg);

void hashmap_fini(struct hashmap *m);

#endif
