/*
 * Large blocks for fuzz targets. The address sanitizer maps each block of more
 * than 128 KiB and unmaps it when it is freed, which takes several times as
 * long as most runs do. So some that were freed are handed out again for the
 * same size. Until then they are poisoned: what uses them is still found.
 */
#ifndef TESTS_FUZZ_BLOCKS_H
#define TESTS_FUZZ_BLOCKS_H

#include <malloc.h>
#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

enum { FUZZ_BLOCK_LARGE = 48 << 10, FUZZ_BLOCKS = 24 };

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);

static struct fuzz_block {
	void *p;
	size_t n;
} fuzz_blocks[FUZZ_BLOCKS];
static unsigned fuzz_blocks_turn; /* which one goes next */
static pthread_mutex_t fuzz_blocks_lock = PTHREAD_MUTEX_INITIALIZER;

/* A block that was freed, of that size; NULL: there is none. */
static void *fuzz_block_again(size_t n)
{
	void *p = NULL;
	unsigned i;

	pthread_mutex_lock(&fuzz_blocks_lock);
	for (i = 0; i < FUZZ_BLOCKS && !p; i++) {
		if (!fuzz_blocks[i].p || fuzz_blocks[i].n != n)
			continue;
		p = fuzz_blocks[i].p;
		fuzz_blocks[i].p = NULL;
	}
	pthread_mutex_unlock(&fuzz_blocks_lock);
	if (p)
		ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
}

/* Keep a block of that size instead of the one kept longest, which is
   returned. */
static void *fuzz_block_keep(void *p, size_t n)
{
	struct fuzz_block old;
	unsigned i;

	ASAN_POISON_MEMORY_REGION(p, n);
	pthread_mutex_lock(&fuzz_blocks_lock);
	for (i = 0; i < FUZZ_BLOCKS; i++)
		if (fuzz_blocks[i].p == p)
			abort(); /* it is freed twice */
	for (i = 0; i < FUZZ_BLOCKS && fuzz_blocks[i].p; i++)
		continue;
	if (i == FUZZ_BLOCKS)
		i = fuzz_blocks_turn++ % FUZZ_BLOCKS;
	old = fuzz_blocks[i];
	fuzz_blocks[i] = (struct fuzz_block){p, n};
	pthread_mutex_unlock(&fuzz_blocks_lock);
	if (old.p)
		ASAN_UNPOISON_MEMORY_REGION(old.p, old.n);
	return old.p;
}

void *__wrap_malloc(size_t n)
{
	void *p = n < FUZZ_BLOCK_LARGE ? NULL : fuzz_block_again(n);

	return p ? p : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	size_t all;
	void *p;

	if (__builtin_mul_overflow(n, size, &all) || all < FUZZ_BLOCK_LARGE)
		return __real_calloc(n, size);
	p = fuzz_block_again(all);
	return p ? memset(p, 0, all) : __real_calloc(n, size);
}

void __wrap_free(void *p)
{
	size_t n = p ? malloc_usable_size(p) : 0;

	__real_free(n < FUZZ_BLOCK_LARGE ? p : fuzz_block_keep(p, n));
}

void *__wrap_realloc(void *p, size_t n)
{
	size_t had = p ? malloc_usable_size(p) : 0;
	void *more;

	if (n == 0 || (n < FUZZ_BLOCK_LARGE && had < FUZZ_BLOCK_LARGE))
		return __real_realloc(p, n);
	more = __wrap_malloc(n);
	if (!more)
		return NULL;
	if (p)
		memcpy(more, p, had < n ? had : n);
	__wrap_free(p);
	return more;
}

#endif
