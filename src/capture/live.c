/* The live source: one poll loop over all devices. */
#include "capture/live_private.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/num.h"
#include "os/clock.h"

/* How long streams are still read after stop(), in ms, unless they end: what
   writes one may have been told to end at the same time. */
#define DRAIN_STREAMS 250

/* ---- telling the sink ---- */

static bool begin(struct live *live, struct err *err)
{
	struct iface iface;
	size_t i;

	for (i = 0; i < live->n; i++) {
		struct port *d = &live->devices[i];

		if (i % live->each) {
			d->id = d[-1].id;
			continue;
		}
		d->id = live->next_id++;
		d->start_ns = clock_wall_ns();
		port_describe(d, &iface);
		if (!sink_iface(live->sink, &iface, err))
			return false;
		if (!d->handle.any)
			continue;
		d->split =
		    anydev_open(&iface, d->handle.fd, &live->next_id, err);
		if (!d->split)
			return false;
	}
	return live_streams_begin(&live->streams, live->sink, err);
}

static bool end(struct live *live, struct err *err)
{
	const int64_t now = clock_wall_ns();
	size_t i;

	for (i = 0; i < live->n / live->each; i++) {
		struct port *d = &live->devices[i * live->each];

		if (!port_end_iface(d, now, err))
			return false;
		if (d->split &&
		    !anydev_end(d->split, live->sink, d->start_ns, now, err))
			return false;
	}
	return live_streams_end(&live->streams, err);
}

/* ---- the loop ---- */

static bool all_lost(const struct live *live)
{
	size_t i;

	for (i = 0; i < live->n; i++)
		if (!live->devices[i].lost)
			return false;
	return live_streams_over(&live->streams);
}

static int poll_timeout(const struct live *live, int64_t until)
{
	int64_t due = live->merge ? merge_due(live->merge) : INT64_MAX;
	int64_t ms =
	    ((due < until ? due : until) - clock_monotonic_ns()) / NS_PER_MS +
	    1;
	int least = ms < 0 ? 0 : ms > 3600000 ? 3600000 : (int)ms;
	size_t i;

	for (i = 0; i < live->n; i++) {
		const struct port *d = &live->devices[i];
		int required = d->lost ? -1 : port_required_ms(d);

		if (required >= 0 && required < least)
			least = required;
	}
	return least;
}

/* Hand on the packets that need not wait any more for others (all: none does).
   false: the sink failed. */
static bool hand_on_ordered(struct live *live, bool all, struct err *err)
{
	struct pkt *p;
	size_t i;

	while (live->merge && live->verdict == GO_ON &&
	       (p = merge_next(live->merge, all, &i))) {
		port_hand_on(&live->devices[i], p);
		live->dirty = true;
	}
	return live->verdict != FAILED || err_copy(err, &live->sink->err);
}

/* What a turn of device i gave. */
static void count_turn(struct live *live, size_t i, int n)
{
	if (live->merge && !live->devices[i].lost)
		merge_turn(live->merge, i, (size_t)n);
}

/*
 * Wait up to the time until, then give each device that may have packets a
 * turn. Returns the number of packets, -1: *err says why.
 */
static int round_once(struct live *live, int64_t until, struct err *err)
{
	struct err why;
	int total = 0, n;
	size_t i;

	if (poll(live->polls, live->n + FIXED + live->watched,
		 poll_timeout(live, until)) < 0) {
		if (errno == EINTR)
			return 0;
		err_sys(err, ERR_FAULT, errno, "poll");
		return -1;
	}
	if (live->merge)
		merge_look(live->merge);
	for (i = 0; i < live->n && live->verdict == GO_ON; i++) {
		struct port *d = &live->devices[i];

		if (d->lost ||
		    (!live->polls[i].revents && port_required_ms(d) < 0)) {
			count_turn(live, i, 0);
			continue;
		}
		n = port_turn(d, &why);
		if (n < 0 && (!d->lost || all_lost(live))) {
			err_copy(err, &why);
			return -1;
		}
		if (n < 0) {
			log_warn("%s (the capture goes on without it)",
				 why.text);
			continue;
		}
		count_turn(live, i, n);
		port_watch_link(d, &live->polls[i], n);
		total += n;
	}
	n = live_streams_turn(&live->streams, err);
	live->dirty = live->dirty || n > 0;
	if (n < 0)
		return n;
	return hand_on_ordered(live, false, err) ? total + n : -1;
}

/* Has a reader of what is watched gone? */
static bool reader_gone(struct live *live)
{
	struct pollfd *p = live->polls + live->n + FIXED;
	struct pollfd *end = p + live->watched;
	bool gone = false;

	for (; p < end; p++) {
		gone |= (p->revents & (POLLERR | POLLHUP)) != 0;
		if (p->revents)
			p->fd = -1;
		p->revents = 0;
	}
	return gone;
}

static bool flush(struct live *live, struct err *err)
{
	if (!live->dirty)
		return true;
	live->dirty = false;
	return sink_flush(live->sink, err);
}

/* What has to be done every second, however many packets come. */
static bool each_second(struct live *live, struct err *err)
{
	size_t i;

	clock_watch(&live->clock);
	for (i = 0; i < live->n; i++)
		handle_count(&live->devices[i].handle);
	/* a sink may have kept something back at the flush before */
	live->dirty = true;
	return flush(live, err);
}

/*
 * After stop(): nothing more is taken, and what the kernel holds is handed on.
 * It hands over a part-filled block only after the handle's timeout.
 */
static bool drain(struct live *live, struct err *err)
{
	int longest = 0, n;
	int64_t end_at;
	size_t i;

	for (i = 0; i < live->n; i++) {
		struct port *d = &live->devices[i];

		handle_stop_taking(&d->handle);
		if (d->config.options.timeout_ms > longest)
			longest = d->config.options.timeout_ms;
	}
	if (!live_streams_over(&live->streams) && longest < DRAIN_STREAMS)
		longest = DRAIN_STREAMS;
	end_at = clock_monotonic_ns() + (longest + DRAIN_SLACK) * NS_PER_MS;
	for (;;) {
		bool more = false, late = clock_monotonic_ns() >= end_at;

		for (i = 0; i < live->n; i++)
			more |= !live->devices[i].lost &&
				!live->devices[i].absence.away &&
				handle_has_more(&live->devices[i].handle);
		more |= !late && !live_streams_over(&live->streams);
		if (!more || live->verdict != GO_ON)
			return hand_on_ordered(live, true, err);
		n = round_once(live, end_at, err);
		if (n < 0)
			return false;
		if (n == 0 && late)
			return hand_on_ordered(live, true, err);
	}
}

/* Is there something for tick to look at? */
static bool is_woken(const struct live *live)
{
	size_t i;

	for (i = 0; i < FOR_TICK; i++)
		if (live->polls[live->n + i].revents)
			return true;
	return false;
}

static bool loop(struct live *live, struct err *err)
{
	int64_t now = clock_monotonic_ns(), second = now + NS_PER_S;
	int64_t tick = live->options.tick
			   ? live->options.tick(live->options.arg, now)
			   : INT64_MAX;

	while (!live->stopped && live->verdict == GO_ON) {
		int64_t until = tick < second ? tick : second;
		int n = round_once(live, until, err);
		bool woken = is_woken(live);

		if (n < 0)
			return false;
		/* that the last device is lost ends it by itself */
		if (reader_gone(live) ||
		    (live->streams.n > 0 && all_lost(live)))
			live->stopped = 1;
		if (live->options.prompt && n < TURN_MAX && !flush(live, err))
			return false;
		now = clock_monotonic_ns();
		if (now >= second) {
			if (!each_second(live, err))
				return false;
			second = now + NS_PER_S;
		}
		if (live->options.tick && (woken || now >= tick))
			tick = live->options.tick(live->options.arg, now);
		if (live->asked) {
			live->asked = false;
			live->dirty = true;
			if (!flush(live, err))
				return false;
		}
	}
	if (live->verdict == FAILED)
		return err_copy(err, &live->sink->err);
	return live->verdict == STOP || drain(live, err);
}

static bool live_run(struct source *s, struct sink *sink, struct err *err)
{
	struct live *live = (struct live *)s;
	struct err later;
	bool good;

	size_t i;

	live->sink = sink;
	live->verdict = GO_ON;
	if (!begin(live, err))
		return false;
	for (i = 0; i < live->n; i++)
		if (!handle_begin(&live->devices[i].handle, err))
			return false;
	good = loop(live, err);
	/* one device lost: what the others hold is kept all the same */
	if (!good && live->verdict == GO_ON)
		drain(live, &later);
	if (live->verdict != FAILED && !end(live, good ? err : &later))
		good = false;
	return good && live_streams_good(&live->streams, err);
}

static void live_stop(struct source *s)
{
	((struct live *)s)->stopped = 1;
}

static void live_close(struct source *s)
{
	struct live *live = (struct live *)s;
	size_t i;

	if (!live)
		return;
	for (i = 0; live->devices && i < live->n; i++) {
		handle_close(&live->devices[i].handle);
		anydev_close(live->devices[i].split);
		free(live->devices[i].earlier);
	}
	live_streams_fini(&live->streams);
	merge_close(live->merge);
	free(live->devices);
	free(live->polls);
	free(live);
}

static const struct source_ops live_ops = {
    .name = "live",
    .run = live_run,
    .stop = live_stop,
    .close = live_close,
};

/* The sockets of a device share its packets. */
static void join_group(struct live *live, size_t i)
{
	struct port *d = &live->devices[i];

	d->config.options.fanout = live->each > 1;
	if (i % live->each)
		d->config.options.fanout_group =
		    d[-1].handle.options.fanout_group;
}

static bool open_device(struct live *live, size_t i,
			const struct live_device *config, struct err *err)
{
	struct port *d = &live->devices[i];

	d->live = live;
	d->config = *config;
	join_group(live, i);
	return handle_open(&d->handle, &d->config.options, err) ||
	       (d->handle.absent && config->options.wait_ns);
}

/* All are open, but those that are waited for. */
static bool open_missing(struct live *live, struct err *err)
{
	const struct wait_options wait = {
	    .wake_fd = live->options.wake_fd,
	    .ending = live->options.waiting_ends,
	    .arg = live->options.arg,
	};
	const int64_t begun = clock_monotonic_ns();
	size_t i;

	for (i = 0; i < live->n; i++) {
		struct port *d = &live->devices[i];

		join_group(live, i);
		if (!d->handle.pcap &&
		    !wait_for_device(&d->handle, &d->config.options, begun,
				     &wait, err))
			return false;
		d->unit = d->handle.nano ? 1 : NS_PER_US;
		live->polls[i] =
		    (struct pollfd){.fd = d->handle.fd, .events = POLLIN};
	}
	return true;
}

static bool open_merge(struct live *live, struct err *err)
{
	size_t i;

	live->merge = merge_open(live->n, live->options.order_window_ns, err);
	for (i = 0; live->merge && i < live->n; i++)
		merge_add(live->merge, i, &live->devices[i].handle);
	return live->merge;
}

struct live *live_open(const struct live_device *devices, size_t n,
		       const struct live_options *options, struct err *err)
{
	struct live *live = calloc(1, sizeof(*live));
	const size_t each = options->fanout ? options->fanout : 1;
	size_t i;

	n *= each;
	if (live) {
		live->devices = calloc(n + 1, sizeof(*live->devices));
		live->polls =
		    calloc(n + FIXED + WATCHED_MAX, sizeof(*live->polls));
	}
	if (!live || !live->devices || !live->polls) {
		live_close((struct source *)live);
		err_nomem(err, "capture");
		return NULL;
	}
	live->source.ops = &live_ops;
	live->options = *options;
	live->n = n;
	live->streams = (struct live_streams){.alone = n == 0,
					      .next_id = &live->next_id,
					      .packets = &live->packets,
					      .verdict = &live->verdict};
	live->each = each;
	for (i = 0; i < FIXED; i++)
		live->polls[n + i] =
		    (struct pollfd){.fd = -1, .events = POLLIN};
	live->polls[n].fd = options->wake_fd;
	for (i = 0; i < n; i++) {
		if (!open_device(live, i, &devices[i / each], err)) {
			live_close(&live->source);
			return NULL;
		}
	}
	if (!open_missing(live, err) ||
	    (n > 1 && options->order_window_ns && !open_merge(live, err))) {
		live_close(&live->source);
		return NULL;
	}
	return live;
}

bool live_add_stream(struct live *live, const struct live_input *input,
		     struct err *err)
{
	if (!live_streams_add(&live->streams, input, err))
		return false;
	live->polls[live->n + FOR_TICK].fd = wake_pipe_fd(&live->streams.wake);
	return true;
}
