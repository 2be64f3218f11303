/* POSIX threads. */
#include "config.h"

#include "os/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/sandbox_test.h"

#ifdef __linux__
#include <sched.h>
#endif

/* What a thread does once it has tried the sandbox. */
struct tried {
	thread_work *work;
	void *arg;
};

static void *try_first(void *arg)
{
	const struct tried then = *(struct tried *)arg;

	free(arg);
	sandbox_test_thread();
	return then.work(then.arg);
}

static int create(pthread_t *id, thread_work *work, void *arg)
{
	struct tried *tried;
	int error;

	if (!sandbox_test_on())
		return pthread_create(id, NULL, work, arg);
	tried = malloc(sizeof(*tried));
	if (!tried)
		return ENOMEM;
	*tried = (struct tried){.work = work, .arg = arg};
	error = pthread_create(id, NULL, try_first, tried);
	if (error)
		free(tried);
	return error;
}

bool thread_start(struct thread *t, thread_work *work, void *arg,
		  struct err *err)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = create(&t->id, work, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return err_sys(err, ERR_FAULT, error, "cannot start a thread");
	return true;
}

void thread_join(struct thread *t)
{
	pthread_join(t->id, NULL);
}

unsigned thread_cores(void)
{
	long n;
#ifdef __linux__
	cpu_set_t set;

	if (!sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 0)
		return (unsigned)CPU_COUNT(&set);
#endif
	n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (unsigned)n : 1;
}

void monitor_init(struct monitor *g)
{
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->changed, NULL);
}

void monitor_fini(struct monitor *g)
{
	pthread_cond_destroy(&g->changed);
	pthread_mutex_destroy(&g->lock);
}

void monitor_lock(struct monitor *g)
{
	pthread_mutex_lock(&g->lock);
}

void monitor_unlock(struct monitor *g)
{
	pthread_mutex_unlock(&g->lock);
}

void monitor_wait(struct monitor *g)
{
	pthread_cond_wait(&g->changed, &g->lock);
}

void monitor_change(struct monitor *g)
{
	pthread_cond_broadcast(&g->changed);
}
