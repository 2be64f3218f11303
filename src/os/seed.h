/* Randomness for hash tables. */
#ifndef OS_SEED_H
#define OS_SEED_H

#include "base/hash.h"

/* Fill in a seed that outsiders cannot guess. Always succeeds; where the
   system has no randomness to give, the seed is merely hard to guess. */
void seed_get(struct hash_seed *seed);

#endif
