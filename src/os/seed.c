/* Randomness for hash tables, from the system. */
#include "os/seed.h"

#include <time.h>
#include <unistd.h>

void seed_get(struct hash_seed *seed)
{
	struct timespec now;

	if (getentropy(seed, sizeof(*seed)) == 0)
		return;
	/* An old kernel, or a sandbox: the clock and where the stack is. */
	clock_gettime(CLOCK_REALTIME, &now);
	seed->a = hash_fold((uint64_t)now.tv_nsec ^ (uintptr_t)&now,
			    UINT64_C(0xd6e8feb86659fd93));
	seed->b = hash_fold((uint64_t)now.tv_sec ^ (uint64_t)getpid(),
			    seed->a ^ UINT64_C(0xa0761d6478bd642f));
}
