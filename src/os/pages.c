/* Much memory at once. */
#include "os/pages.h"

#include <sys/mman.h>

#include "os/prefault.h"

void *pages_take(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
#ifdef MADV_HUGEPAGE
	(void)madvise(p, n, MADV_HUGEPAGE);
#endif
	prefault(p, n);
	return p;
}

void pages_give_back(void *p, size_t n)
{
	if (p)
		munmap(p, n);
}
