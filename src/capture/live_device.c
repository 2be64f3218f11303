/* One device of a live source: its packets, and what becomes of it. */
#include "capture/live_private.h"

#include <net/if.h>
#include <poll.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/num.h"
#include "os/clock.h"

/* ---- one packet: the hot path ---- */

void port_hand_on(struct port *d, struct pkt *p)
{
	struct live *live = d->live;

	p->number = ++live->packets;
	live->verdict = sink_packets(live->sink, p, 1);
	/* now, so that a sink that asks within does not count this one */
	d->handle.sums.delivered++;
}

/* Is it kept for its place among those of other devices? */
static bool waits(struct port *d, const struct pkt *p)
{
	struct live *live = d->live;
	bool kept = false;

	if (live->merge && !merge_take(live->merge, (size_t)(d - live->devices),
				       p, &kept, &live->sink->err))
		live->verdict = FAILED;
	return kept;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *h,
		      const u_char *data)
{
	struct port *d = (void *)user;
	struct live *live = d->live;
	struct pkt p = {
	    .data = data,
	    .caplen = h->caplen,
	    .wirelen = h->len < h->caplen ? h->caplen : h->len,
	    .time_ns = (int64_t)h->ts.tv_sec * NS_PER_S +
		       (int64_t)h->ts.tv_usec * d->unit,
	    .iface = d->id,
	};

	/* libpcap may have more on hand than the sink wanted */
	if (live->verdict != GO_ON)
		return;
	if (d->split &&
	    !anydev_sort(d->split, &p, live->sink, &live->sink->err)) {
		live->verdict = FAILED;
		handle_break(&d->handle);
		return;
	}
	if (!waits(d, &p))
		port_hand_on(d, &p);
	if (live->verdict != GO_ON)
		handle_break(&d->handle);
}

/* ---- its interface ---- */

void port_describe(const struct port *d, struct iface *iface)
{
	*iface = (struct iface){
	    .id = d->id,
	    .linktype = d->handle.linktype,
	    .snaplen = d->handle.snaplen,
	    .tsresol = d->handle.nano ? TSRESOL_NANO : TSRESOL_MICRO,
	    .fcslen = -1,
	    .name = d->config.options.device,
	    .description = d->config.description,
	    .filter = d->config.options.filter,
	    .mac = d->config.mac	    ? d->config.mac
		   : d->handle.link.has_mac ? d->handle.link.mac
					    : NULL,
	};
}

static uint64_t since(uint64_t sum, uint64_t before)
{
	return sum == COUNT_UNKNOWN || before == COUNT_UNKNOWN ? COUNT_UNKNOWN
							       : sum - before;
}

/* The counters of the device's interface are final. */
bool port_end_iface(struct port *d, int64_t now, struct err *err)
{
	struct counters all, own;
	uint64_t left;

	live_counters(d->live, (size_t)(d - d->live->devices) / d->live->each,
		      &all, &left);
	own = (struct counters){
	    .delivered = since(all.delivered, d->before.delivered),
	    .received = since(all.received, d->before.received),
	    .dropped = since(all.dropped, d->before.dropped),
	    .ifdropped = since(all.ifdropped, d->before.ifdropped),
	};
	d->before = all;
	return sink_iface_end(d->live->sink, d->id, &own, d->start_ns, now,
			      err);
}

/* ---- its turns ---- */

static struct pollfd *poll_of(const struct port *d)
{
	return &d->live->polls[d - d->live->devices];
}

/* What the kernel still holds of an interface that is gone: it hands over a
   part-filled block only after the handle's timeout. */
static void salvage(struct port *d)
{
	const int wait_ms = d->config.options.timeout_ms + DRAIN_SLACK;
	const int64_t until = clock_monotonic_ns() + wait_ms * NS_PER_MS;

	while (d->live->verdict == GO_ON && handle_has_more(&d->handle) &&
	       clock_monotonic_ns() < until) {
		if (handle_dispatch(&d->handle, TURN_MAX, on_packet,
				    (u_char *)d) > 0)
			d->live->dirty = true;
		else
			poll(NULL, 0, 2);
	}
}

/* The interface is gone, or libpcap gave up on it. Returns as turn(). */
static int lost(struct port *d, struct err *err)
{
	err_set(err, ERR_OUTPUT, "%s: %s", d->config.options.device,
		handle_error(&d->handle));
	if (d->config.options.reopen_ns) {
		poll_of(d)->fd = absence_begin(&d->absence, &d->handle);
	} else {
		d->lost = true;
		poll_of(d)->fd = -1;
	}
	poll_of(d)->revents = 0;
	salvage(d);
	if (d->lost && d->live->merge)
		merge_end(d->live->merge, (size_t)(d - d->live->devices));
	if (d->live->verdict == FAILED)
		err_copy(err, &d->live->sink->err);
	return d->absence.away && d->live->verdict != FAILED ? 0 : -1;
}

/* libpcap looks for the name of an interface that went down, and takes a new
   name for a loss; the socket stays with the interface. */
static bool renamed(struct port *d)
{
	char name[IF_NAMESIZE];

	if (!handle_renamed(&d->handle, name))
		return false;
	if (!d->renamed)
		log_warn("%s: the interface is called %s now; the capture "
			 "goes on",
			 d->config.options.device, name);
	d->renamed = true;
	return true;
}

/* One turn on one device. Returns how many packets; -1: *err says why. */
static int turn(struct port *d, struct err *err)
{
	int n = handle_dispatch(&d->handle, TURN_MAX, on_packet, (u_char *)d);

	if (d->live->verdict == FAILED) {
		err_copy(err, &d->live->sink->err);
		return -1;
	}
	if (n == PCAP_ERROR_BREAK)
		return 0;
	if (n < 0)
		return renamed(d) ? 0 : lost(d, err);
	d->live->dirty = d->live->dirty || n > 0;
	return n;
}

/* The device has another link type now: another interface for the sink. */
static bool renew(struct port *d, struct err *err)
{
	const int64_t now = clock_wall_ns();
	struct iface iface;
	uint32_t *ids = realloc(d->earlier, (d->n_earlier + 1) * sizeof(*ids));

	if (!ids)
		return err_nomem(err, "interfaces");
	d->earlier = ids;
	if (!port_end_iface(d, now, err))
		return false;
	ids[d->n_earlier++] = d->id;
	d->id = d->live->next_id++;
	d->start_ns = now;
	port_describe(d, &iface);
	return sink_iface(d->live->sink, &iface, err);
}

/* One turn on a device that is away. Returns as turn(). */
static int look_for(struct port *d, struct err *err)
{
	struct pollfd *p = poll_of(d);
	enum comeback back;

	if (d->live->stopped ||
	    (!p->revents && clock_monotonic_ns() < d->absence.next))
		return 0;
	back = absence_look(&d->absence, &d->handle, err);
	if (back == COMEBACK_NONE)
		return 0;
	d->lost = back == COMEBACK_NEVER;
	p->fd = d->lost ? -1 : d->handle.fd;
	p->revents = 0;
	d->down = d->renamed = false;
	d->unit = d->handle.nano ? 1 : NS_PER_US;
	if (back == COMEBACK_OTHER && !renew(d, err)) {
		d->live->verdict = FAILED;
		err_copy(&d->live->sink->err, err);
		return -1;
	}
	return d->lost ? -1 : 0;
}

int port_turn(struct port *d, struct err *err)
{
	return d->absence.away ? look_for(d, err) : turn(d, err);
}

/* Is the device to be looked at even if its descriptor stays silent? Returns
   after how many milliseconds; -1: no. */
int port_required_ms(const struct port *d)
{
	int64_t ms;

	if (d->absence.away) {
		ms = (d->absence.next - clock_monotonic_ns()) / NS_PER_MS + 1;
		return ms < 0 ? 0 : (int)ms;
	}
	if (d->renamed)
		return -1;
	return handle_required_ms(&d->handle);
}

/* Warn once when the interface goes down. */
void port_watch_link(struct port *d, const struct pollfd *p, int packets)
{
	if (packets > 0)
		d->down = false;
	if (packets > 0 || !(p->revents & POLLERR) || d->down)
		return;
	d->down = true;
	log_warn("%s: the interface went down; waiting for it to come back",
		 d->config.options.device);
}
