/* A thread that writes a descriptor. */
#include "os/drain.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/thread.h"

struct drain {
	struct thread thread;
	struct gate gate;
	int fd;
	bool busy, quit; /* within the gate, as what follows while busy */
	uint8_t *octets; /* what is written, or the spare buffer */
	size_t n, done;
	int errnum;
};

/* All of it, or as much as can be written. Returns 0 or errno. */
static int write_all(int fd, const uint8_t *octets, size_t n, size_t *done)
{
	*done = 0;
	while (*done < n) {
		ssize_t some = write(fd, octets + *done, n - *done);

		if (some >= 0)
			*done += (size_t)some;
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

static void *drain_main(void *arg)
{
	struct drain *d = arg;

	gate_lock(&d->gate);
	for (;;) {
		while (!d->busy && !d->quit)
			gate_wait(&d->gate);
		if (!d->busy)
			break;
		gate_unlock(&d->gate);
		d->errnum = write_all(d->fd, d->octets, d->n, &d->done);
		gate_lock(&d->gate);
		d->busy = false;
		gate_change(&d->gate);
	}
	gate_unlock(&d->gate);
	return NULL;
}

struct drain *drain_open(int fd, size_t cap)
{
	struct drain *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->fd = fd;
	d->octets = malloc(cap);
	gate_init(&d->gate);
	if (d->octets && thread_start(&d->thread, drain_main, d, NULL))
		return d;
	gate_fini(&d->gate);
	free(d->octets);
	free(d);
	return NULL;
}

int drain_wait(struct drain *d, const uint8_t **octets, size_t *done)
{
	gate_lock(&d->gate);
	while (d->busy)
		gate_wait(&d->gate);
	gate_unlock(&d->gate);
	*octets = d->octets;
	*done = d->done;
	return d->errnum;
}

uint8_t *drain_put(struct drain *d, uint8_t *buf, size_t n)
{
	uint8_t *spare = d->octets;

	d->octets = buf;
	d->n = n;
	gate_lock(&d->gate);
	d->busy = true;
	gate_change(&d->gate);
	gate_unlock(&d->gate);
	return spare;
}

void drain_close(struct drain *d)
{
	if (!d)
		return;
	gate_lock(&d->gate);
	d->quit = true;
	gate_change(&d->gate);
	gate_unlock(&d->gate);
	thread_join(&d->thread);
	gate_fini(&d->gate);
	free(d->octets);
	free(d);
}
