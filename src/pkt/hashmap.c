/* A map from 128-bit hashes to 128-bit values: open addressing, linear
   probing, at most half full. */
#include "pkt/hashmap.h"

#include <stdlib.h>

/* The key 0, 0 means that the slot is free; as a hash it does not happen. */
struct hashmap_slot {
	struct hash key, value;
};

static struct hashmap_slot *find(const struct hashmap *m, struct hash key)
{
	size_t i = (size_t)key.a & (m->size - 1);

	while ((m->slots[i].key.a | m->slots[i].key.b) != 0 &&
	       (m->slots[i].key.a != key.a || m->slots[i].key.b != key.b))
		i = (i + 1) & (m->size - 1);
	return &m->slots[i];
}

const struct hash *hashmap_get(const struct hashmap *m, struct hash key)
{
	const struct hashmap_slot *slot;

	if (m->count == 0)
		return NULL;
	slot = find(m, key);
	return (slot->key.a | slot->key.b) != 0 ? &slot->value : NULL;
}

static bool grow(struct hashmap *m)
{
	struct hashmap to = {.size = m->size ? m->size * 2 : 1024};
	size_t i;

	to.slots = calloc(to.size, sizeof(*to.slots));
	if (!to.slots)
		return false;
	to.count = m->count;
	for (i = 0; i < m->size; i++)
		if ((m->slots[i].key.a | m->slots[i].key.b) != 0)
			*find(&to, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = to;
	return true;
}

bool hashmap_put(struct hashmap *m, struct hash key, struct hash value,
		 size_t max)
{
	struct hashmap_slot *slot;

	if (m->size > 0) {
		slot = find(m, key);
		if ((slot->key.a | slot->key.b) != 0) {
			slot->value = value;
			return true;
		}
	}
	if (m->count >= max || (m->count * 2 >= m->size && !grow(m)))
		return false;
	slot = find(m, key);
	slot->key = key;
	slot->value = value;
	m->count++;
	return true;
}

void hashmap_each(const struct hashmap *m,
		  void (*each)(void *arg, struct hash key, struct hash value),
		  void *arg)
{
	size_t i;

	for (i = 0; i < m->size; i++)
		if ((m->slots[i].key.a | m->slots[i].key.b) != 0)
			each(arg, m->slots[i].key, m->slots[i].value);
}

void hashmap_fini(struct hashmap *m)
{
	free(m->slots);
	*m = (struct hashmap){0};
}
