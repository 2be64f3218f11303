/* A producer of bytes in a thread of its own: a ring of pieces. */
#include "os/readahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/stop.h"
#include "os/thread.h"

/* One that is lent, one that is ready, one that is being made; all of them
   stay in the second-level cache. */
#define PIECE ((size_t)256 << 10)
#define PIECES 3u

struct piece {
	ptrdiff_t len; /* as the producer returned it */
	uint64_t mark;
	uint8_t *bytes;
};

struct readahead {
	struct thread thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	readahead_producer *produce;
	void *arg;
	volatile sig_atomic_t quit;
	struct piece pieces[PIECES];
	unsigned made, used; /* pieces so far; under the lock */
	bool lent;	     /* consumer: piece `used` is lent */
	struct err err;	     /* of the last piece, when its len is -1 */
	size_t at;	     /* consumer: bytes used of piece `used` */
	uint8_t *bytes;
};

static void *readahead_main(void *arg)
{
	struct readahead *r = arg;
	ptrdiff_t len = 1;

	while (len > 0) {
		struct piece *p = &r->pieces[r->made % PIECES];

		len = r->produce(r->arg, p->bytes, PIECE, &r->quit, &p->mark,
				 &r->err);
		p->len = len;
		pthread_mutex_lock(&r->lock);
		r->made++;
		pthread_cond_broadcast(&r->changed);
		while (r->made - r->used == PIECES && !r->quit)
			pthread_cond_wait(&r->changed, &r->lock);
		pthread_mutex_unlock(&r->lock);
		if (stop_asked(&r->quit))
			break;
	}
	return NULL;
}

struct readahead *readahead_open(readahead_producer *produce, void *arg)
{
	struct readahead *r = calloc(1, sizeof(*r));
	size_t i;

	if (!r)
		return NULL;
	r->bytes = malloc((READAHEAD_ROOM + PIECE) * PIECES);
	if (!r->bytes)
		goto out;
	for (i = 0; i < PIECES; i++)
		r->pieces[i].bytes =
		    r->bytes + i * (READAHEAD_ROOM + PIECE) + READAHEAD_ROOM;
	r->produce = produce;
	r->arg = arg;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	if (thread_start(&r->thread, readahead_main, r, NULL))
		return r;
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
out:
	free(r->bytes);
	free(r);
	return NULL;
}

/* Is there a piece after those that are used or lent? Waits for one. */
bool readahead_ready(struct readahead *r, int ms)
{
	struct timespec until;
	bool there;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ms * 1000000L;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&r->lock);
	while (r->made == r->used + r->lent &&
	       pthread_cond_timedwait(&r->changed, &r->lock, &until) == 0)
		;
	there = r->made != r->used + r->lent;
	pthread_mutex_unlock(&r->lock);
	return there;
}

/* The next piece, waiting for it. NULL: told to stop. */
static struct piece *readahead_next(struct readahead *r,
				    const volatile sig_atomic_t *stop)
{
	while (!readahead_ready(r, 100))
		if (stop_asked(stop))
			return NULL;
	return &r->pieces[(r->used + r->lent) % PIECES];
}

/* Piece `used` is used up: it can be filled again. */
static void relay_give_back(struct readahead *r)
{
	pthread_mutex_lock(&r->lock);
	r->used++;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

bool readahead_within(const struct readahead *r)
{
	return r->at > 0;
}

ptrdiff_t readahead_take(struct readahead *r, const void *keep, size_t n,
			 uint8_t **bytes, const volatile sig_atomic_t *stop,
			 uint64_t *mark, struct err *err)
{
	struct piece *p = readahead_next(r, stop);

	if (!p)
		return 0;
	*mark = p->mark;
	if (p->len < 0)
		err_copy(err, &r->err);
	if (p->len <= 0)
		return p->len;
	*bytes = p->bytes - n;
	if (n > 0)
		memcpy(*bytes, keep, n);
	if (r->lent)
		relay_give_back(r);
	r->lent = true;
	return p->len;
}

ptrdiff_t readahead_read(struct readahead *r, void *to, size_t room,
			 const volatile sig_atomic_t *stop, uint64_t *mark,
			 struct err *err)
{
	struct piece *p;
	size_t n;

	if (r->lent) {
		r->lent = false;
		relay_give_back(r);
	}
	p = readahead_next(r, stop);
	if (!p)
		return 0;
	*mark = p->mark;
	if (p->len < 0)
		err_copy(err, &r->err);
	if (p->len <= 0)
		return p->len;
	n = (size_t)p->len - r->at;
	if (n > room)
		n = room;
	memcpy(to, p->bytes + r->at, n);
	r->at += n;
	if (r->at == (size_t)p->len) {
		r->at = 0;
		relay_give_back(r);
	}
	return (ptrdiff_t)n;
}

void readahead_close(struct readahead *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	stop_ask(&r->quit);
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	thread_join(&r->thread);
	pthread_cond_destroy(&r->changed);
	pthread_mutex_destroy(&r->lock);
	free(r->bytes);
	free(r);
}
