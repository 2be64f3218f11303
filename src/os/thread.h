/* Threads, and what they wait for each other with. */
#ifndef OS_THREAD_H
#define OS_THREAD_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

struct thread {
	pthread_t id;
};

typedef void *thread_work(void *arg);

/* Start work(arg) with all signals blocked, so that those of the process reach
   its first thread. false: *err says why. */
bool thread_start(struct thread *t, thread_work *work, void *arg,
		  struct err *err);
void thread_join(struct thread *t);

/* How many threads can run at once. */
unsigned thread_cores(void);

/* A lock with one condition. */
struct monitor {
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

void monitor_init(struct monitor *g);
void monitor_fini(struct monitor *g);
void monitor_lock(struct monitor *g);
void monitor_unlock(struct monitor *g);
/* Between lock and unlock: wait until another calls monitor_change(). */
void monitor_wait(struct monitor *g);
/* Wake all who wait. */
void monitor_change(struct monitor *g);

#endif
