/* Owns what others ask of a live source while it runs, and let it watch. */
#include "capture/live_private.h"

/* How many devices there are, beside streams. */
static size_t devices(const struct live *live)
{
	return live->n / live->each;
}

/* The first socket of device i. */
static struct port *first_of(const struct live *live, size_t i)
{
	return &live->devices[i * live->each];
}

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
	if (i < devices(live))
		absence_sum(&first_of(live, i)->absence, times, ns);
}

struct source *live_source(struct live *live)
{
	return &live->source;
}

const char *live_name(const struct live *live, size_t i)
{
	const size_t n = devices(live);

	return i < n ? first_of(live, i)->config.options.device
		     : live_streams_name(&live->streams, i - n);
}

const struct handle *live_handle(const struct live *live, size_t i)
{
	return i < live->n / live->each ? &first_of(live, i)->handle : NULL;
}

bool live_replace_filter(struct live *live, size_t i,
			 const struct program *program, struct err *err)
{
	size_t k;

	for (k = 0; k < live->each; k++)
		if (!handle_replace_filter(&first_of(live, i)[k].handle,
					   program, err))
			return false;
	return true;
}

bool live_owns(const struct live *live, size_t i, uint32_t iface)
{
	const struct port *d = first_of(live, i);
	size_t k;

	if (i >= devices(live))
		return live_streams_owns(&live->streams, i - devices(live),
					 iface);
	for (k = 0; k < d->n_earlier; k++)
		if (iface == d->earlier[k])
			return true;
	return iface == d->id || (d->split && anydev_has(d->split, iface));
}

uint64_t live_late(const struct live *live, size_t i)
{
	uint64_t sum = 0;
	size_t k;

	for (k = 0; live->merge && i < devices(live) && k < live->each; k++)
		sum += merge_late(live->merge, i * live->each + k);
	return sum;
}

bool live_socket_counters(struct live *live, size_t i, size_t k,
			  struct counters *counters)
{
	struct handle *h;

	if (k >= live->each || i >= devices(live))
		return false;
	h = &first_of(live, i)[k].handle;
	handle_count(h);
	*counters = h->sums;
	return true;
}

void live_counters(struct live *live, size_t i, struct counters *counters,
		   uint64_t *left)
{
	struct counters one;
	uint64_t taken;
	size_t k;

	*left = 0;
	if (i >= devices(live)) {
		live_streams_counters(&live->streams, i - devices(live),
				      counters);
		return;
	}
	/* each socket counts all that the interface dropped */
	live_socket_counters(live, i, 0, counters);
	for (k = 1; live_socket_counters(live, i, k, &one); k++) {
		count_add(&counters->delivered, one.delivered);
		count_add(&counters->received, one.received);
		count_add(&counters->dropped, one.dropped);
	}
	if (counters->received == COUNT_UNKNOWN || live->verdict == GO_ON)
		return;
	taken = counters->received - counters->dropped;
	if (taken > counters->delivered)
		*left = taken - counters->delivered;
}
