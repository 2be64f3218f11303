/* A thread that writes a descriptor. */
#include "os/async_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/thread.h"

struct async_writer {
	struct thread thread;
	struct monitor monitor;
	int fd;
	bool busy, quit; /* within the gate, as what follows while busy */
	uint8_t *bytes;	 /* what is written, or the spare buffer */
	size_t n, done;
	int errnum;
};

/* All of it, or as much as can be written. Returns 0 or errno. */
static int write_all(int fd, const uint8_t *bytes, size_t n, size_t *done)
{
	*done = 0;
	while (*done < n) {
		ssize_t some = write(fd, bytes + *done, n - *done);

		if (some >= 0)
			*done += (size_t)some;
		else if (errno != EINTR)
			return errno;
	}
	return 0;
}

static void *drain_main(void *arg)
{
	struct async_writer *d = arg;

	monitor_lock(&d->monitor);
	for (;;) {
		while (!d->busy && !d->quit)
			monitor_wait(&d->monitor);
		if (!d->busy)
			break;
		monitor_unlock(&d->monitor);
		d->errnum = write_all(d->fd, d->bytes, d->n, &d->done);
		monitor_lock(&d->monitor);
		d->busy = false;
		monitor_change(&d->monitor);
	}
	monitor_unlock(&d->monitor);
	return NULL;
}

struct async_writer *async_writer_open(int fd, size_t cap)
{
	struct async_writer *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->fd = fd;
	d->bytes = malloc(cap);
	monitor_init(&d->monitor);
	if (d->bytes && thread_start(&d->thread, drain_main, d, NULL))
		return d;
	monitor_fini(&d->monitor);
	free(d->bytes);
	free(d);
	return NULL;
}

int async_writer_wait(struct async_writer *d, const uint8_t **bytes,
		      size_t *done)
{
	monitor_lock(&d->monitor);
	while (d->busy)
		monitor_wait(&d->monitor);
	monitor_unlock(&d->monitor);
	*bytes = d->bytes;
	*done = d->done;
	return d->errnum;
}

uint8_t *async_writer_put(struct async_writer *d, uint8_t *buf, size_t n)
{
	uint8_t *spare = d->bytes;

	d->bytes = buf;
	d->n = n;
	monitor_lock(&d->monitor);
	d->busy = true;
	monitor_change(&d->monitor);
	monitor_unlock(&d->monitor);
	return spare;
}

void async_writer_close(struct async_writer *d)
{
	if (!d)
		return;
	monitor_lock(&d->monitor);
	d->quit = true;
	monitor_change(&d->monitor);
	monitor_unlock(&d->monitor);
	thread_join(&d->thread);
	monitor_fini(&d->monitor);
	free(d->bytes);
	free(d);
}
