/*
 * Seeded hashing for tables of foreign keys: whoever does not know the seed
 * cannot choose keys that collide. Not for cryptography.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct hash_seed {
	uint64_t a, b;
};

/* 128 bits of hash: two keys with the same are the same, for all practical
   purposes. */
struct hash {
	uint64_t a, b;
};

/* The upper and the lower half of the 128-bit product, together. */
static inline uint64_t hash_fold(uint64_t x, uint64_t y)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)x * y;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t x0 = x & UINT32_MAX, x1 = x >> 32;
	uint64_t y0 = y & UINT32_MAX, y1 = y >> 32;
	uint64_t mid = (x0 * y0 >> 32) + (x1 * y0 & UINT32_MAX) + x0 * y1;

	return x * y ^ (x1 * y1 + (x1 * y0 >> 32) + (mid >> 32));
#endif
}

static inline uint64_t hash_u64(uint64_t key, const struct hash_seed *seed)
{
	return hash_fold(key ^ seed->a, seed->b ^ UINT64_C(0x9e3779b97f4a7c15));
}

static inline uint64_t hash_u128(uint64_t high, uint64_t low,
				 const struct hash_seed *seed)
{
	return hash_fold(hash_fold(high ^ seed->a, low ^ seed->b) ^ low,
			 seed->a ^ UINT64_C(0x9e3779b97f4a7c15));
}

/* Eight bytes at any address, in the host's order. */
static inline uint64_t hash_load(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * Go on with n more bytes. Where a text is cut into pieces matters: the same
 * bytes in other pieces hash differently.
 */
static inline void hash_add(struct hash *h, const uint8_t *p, size_t n,
			    const struct hash_seed *seed)
{
	uint8_t tail[16] = {0};
	uint64_t x, y;
	size_t left = n;

	for (; left >= 16; p += 16, left -= 16) {
		x = hash_load(p);
		y = hash_load(p + 8);
		h->a = hash_fold(x ^ seed->a, y ^ h->a);
		h->b = hash_fold(y ^ seed->b, x ^ h->b) + x;
	}
	if (left > 0)
		memcpy(tail, p, left);
	x = hash_load(tail);
	y = hash_load(tail + 8) ^ (uint64_t)n << 8;
	h->a = hash_fold(x ^ seed->b, y ^ h->a);
	h->b = hash_fold(y ^ seed->a, x ^ h->b) + x;
}

static inline struct hash hash_start(const struct hash_seed *seed)
{
	return (struct hash){seed->b, seed->a};
}

#endif
