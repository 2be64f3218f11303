/* What the parts of the live source share: live.c runs it, live_device.c is one
   device of it, live_state.c answers what others ask of it. */
#ifndef CAPTURE_LIVE_PRIVATE_H
#define CAPTURE_LIVE_PRIVATE_H

#include <poll.h>
#include <signal.h>

#include "capture/anydev.h"
#include "capture/live.h"
#include "capture/live_stream.h"
#include "capture/merge.h"
#include "capture/reopen.h"
#include "os/clock.h"

/* Packets that one turn takes at most, so that clocks and signals are seen. */
#define TURN_MAX 8192

/* Beyond the time the kernel gathers packets, in ms: when draining ends. */
#define DRAIN_SLACK 30

/* Outputs whose readers are watched. */
#define WATCHED_MAX 2

/* What is polled besides them and the devices; tick is called for the first
   ones. */
#define FOR_TICK (1 + LIVE_LISTEN_MAX)
#define FIXED (FOR_TICK + 1)

struct port {
	struct handle handle;
	struct live *live;
	struct live_device config;
	struct anydev *split; /* of the "any" device; else NULL */
	uint32_t id;	      /* its interface */
	/* Those that it had before it came back with another link type, and
	   their counters together. */
	uint32_t *earlier;
	size_t n_earlier;
	struct counters before;
	struct absence absence;
	int64_t unit; /* nanoseconds in a unit of ts.tv_usec */
	int64_t start_ns;
	bool down;    /* it went down, and that was said */
	bool renamed; /* it has another name now, and that was said */
	bool lost;    /* nothing more can be had from it */
};

struct live {
	struct source source;
	struct live_options options;
	struct port *devices;
	size_t n, each; /* sockets: in all, and of one device */
	struct live_streams streams;
	/* One a socket, wake_fd, places for those listened to, the streams',
	   those watched. */
	struct pollfd *polls;
	size_t watched;
	struct merge *merge;  /* NULL: packets go on as they come */
	struct sink *sink;    /* while running */
	enum verdict verdict; /* what the sink said last */
	uint64_t packets;     /* handed on */
	uint32_t next_id;
	bool dirty; /* packets were handed on since the flush */
	bool asked; /* for a flush */
	struct clock_watch clock;
	volatile sig_atomic_t stopped;
};

/* Hand on a packet of the device, whose number and verdict are set. */
void port_hand_on(struct port *, struct pkt *);

/* Its interface, for the sink; and the end of that, with its counters. false:
 *err says why. */
void port_describe(const struct port *, struct iface *);
bool port_end_iface(struct port *, int64_t now_ns, struct err *err);

/* Give it a turn, or look whether it is back. Returns how many packets; -1: it
   is lost, or the sink failed, *err says why. */
int port_turn(struct port *, struct err *err);

/* Is it to be looked at even if its descriptor stays silent? Returns after how
   many milliseconds; -1: no. */
int port_required_ms(const struct port *);

/* Warn once when the interface goes down: after a turn of so many packets. */
void port_watch_link(struct port *, const struct pollfd *, int packets);

#endif
