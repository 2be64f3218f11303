/* Owns what others ask of a live source while it runs, and let it watch. */
#include "capture/live_private.h"

void live_watch(struct live *live, int fd)
{
	if (live->watched < WATCHED_MAX)
		live->polls[live->n + FIXED + live->watched++] =
		    (struct pollfd){.fd = fd};
}

/* Put a descriptor in the place of another one. */
static void exchange(struct live *live, int old, int new)
{
	size_t i;

	for (i = live->n + 1; i < live->n + FOR_TICK; i++) {
		if (live->polls[i].fd != old)
			continue;
		live->polls[i].fd = new;
		live->polls[i].revents = 0;
		return;
	}
}

void live_listen(struct live *live, int fd)
{
	exchange(live, -1, fd);
}

void live_deafen(struct live *live, int fd)
{
	exchange(live, fd, -1);
}

void live_flush(struct live *live)
{
	live->asked = true;
}

bool live_ending(const struct live *live)
{
	return live->stopped;
}

bool live_lost(const struct live *live)
{
	size_t i;

	for (i = 0; i < live->n; i++)
		if (live->devices[i].lost)
			return true;
	return false;
}

void live_absence(const struct live *live, size_t i, uint64_t *times,
		  int64_t *ns)
{
	*times = 0;
	*ns = 0;
	if (i < live->n)
		absence_sum(&live->devices[i].absence, times, ns);
}

struct source *live_source(struct live *live)
{
	return &live->source;
}

const char *live_name(const struct live *live, size_t i)
{
	return i < live->n ? live->devices[i].config.options.device
			   : live_streams_name(&live->streams, i - live->n);
}

const struct handle *live_handle(const struct live *live, size_t i)
{
	return i < live->n ? &live->devices[i].handle : NULL;
}

bool live_replace_filter(struct live *live, size_t i,
			 const struct program *program, struct err *err)
{
	return handle_replace_filter(&live->devices[i].handle, program, err);
}

bool live_owns(const struct live *live, size_t i, uint32_t iface)
{
	const struct port *d = &live->devices[i];
	size_t k;

	if (i >= live->n)
		return live_streams_owns(&live->streams, i - live->n, iface);
	for (k = 0; k < d->n_earlier; k++)
		if (iface == d->earlier[k])
			return true;
	return iface == d->id || (d->split && anydev_has(d->split, iface));
}

uint64_t live_late(const struct live *live, size_t i)
{
	return live->merge && i < live->n ? merge_late(live->merge, i) : 0;
}

void live_counters(struct live *live, size_t i, struct counters *counters,
		   uint64_t *left)
{
	struct handle *h = &live->devices[i].handle;
	uint64_t taken;

	*left = 0;
	if (i >= live->n) {
		live_streams_counters(&live->streams, i - live->n, counters);
		return;
	}
	handle_count(h);
	*counters = h->sums;
	if (h->sums.received == COUNT_UNKNOWN || live->verdict == GO_ON)
		return;
	taken = h->sums.received - h->sums.dropped;
	*left = taken > h->sums.delivered ? taken - h->sums.delivered : 0;
}
