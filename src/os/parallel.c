/* Owns the threads of os_parallel(), which live no longer than the call. */
#include "os/parallel.h"

#include <stdatomic.h>

#include "os/thread.h"

enum { MOST_THREADS = 16 };

struct each {
	void (*work)(void *arg, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
};

static void *worker(void *arg)
{
	struct each *each = arg;
	size_t i;

	while ((i = atomic_fetch_add(&each->next, 1)) < each->n)
		each->work(each->arg, i);
	return NULL;
}

void os_parallel(size_t n, void (*work)(void *arg, size_t i), void *arg)
{
	struct each each = {.work = work, .arg = arg, .n = n};
	struct thread threads[MOST_THREADS - 1];
	size_t started = 0, i;

	while (started < MOST_THREADS - 1 && started + 1 < n &&
	       thread_start(&threads[started], worker, &each, NULL))
		started++;
	worker(&each);
	for (i = 0; i < started; i++)
		thread_join(&threads[i]);
}
