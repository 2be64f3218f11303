/*
 * The live source: packets of any number of devices, pushed from libpcap's
 * callback while they still lie in the kernel's buffer, and of streams.
 */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/handle.h"
#include "capture/wait.h"
#include "pkt/pipeline.h"

struct live_device {
	struct handle_options options;
	const char *description; /* for savefiles; NULL: none */
	const uint8_t *mac;	 /* 6 bytes; NULL: unknown */
};

/* What the loop does besides handing on packets. */
struct live_options {
	/*
	 * Called at the start, when wake_fd becomes readable, and when the
	 * time that it returned last has come (steady clock, nanoseconds;
	 * INT64_MAX: never). It may call source_stop().
	 */
	int64_t (*tick)(void *arg, int64_t now);
	void *arg;
	int wake_fd; /* -1: none */
	/* Flush the sink as soon as nothing more waits; else once a second. */
	bool prompt;
	/* For devices that may be waited for: may the wait end early, at a
	   signal? Asked when wake_fd is readable; NULL: no. */
	bool (*waiting_ends)(void *arg);
	/* Of several devices: hand on packets in the order of time, for which
	   one waits so long, at most. 0: as they come. */
	int64_t order_window_ns;
	size_t fanout; /* sockets for each device; 0: one */
};

struct live;

/*
 * Open all devices, numbered from 0, and then wait for those that are not there
 * and have wait_ns; what the others capture stays in the kernel's buffers.
 * Interfaces are given ids in the order in which the sink gets them: those of
 * the devices come first. NULL: *err says why, unless waiting_ends() said
 * true; nothing is open.
 */
struct live *live_open(const struct live_device *devices, size_t n,
		       const struct live_options *options, struct err *err);

/* A stream of packets in place of a device. */
struct live_input {
	struct source *source; /* read in a thread; owned by the live source */
	const char *name;      /* for messages, and of its interfaces that have
				  none; borrowed */
	/* The stages for it alone, in front of next, which they own; NULL:
	 *err says why. NULL: none. */
	struct sink *(*stages)(void *arg, struct sink *next, struct err *err);
	void *arg;
};

/* Take packets of a stream, too, before run(): as device n, n + 1 and so on.
   When streams are all there is, their end is that of run(), which fails if
   one of them was damaged. false: *err says why. */
bool live_add_stream(struct live *live, const struct live_input *input,
		     struct err *err);

/* It as a source. Its run() ends with true also after source_stop(), then
   with the kernel's buffers emptied into the sink. */
struct source *live_source(struct live *live);

/* End as after source_stop() when fd has no reader left, a pipe or the
   like (-1: none) that the sink writes to; for at most two of them. */
void live_watch(struct live *live, int fd);

/* Call tick when fd becomes readable, too: for at most LIVE_LISTEN_MAX of them.
   live_deafen() before it is closed. */
#define LIVE_LISTEN_MAX 8
void live_listen(struct live *live, int fd);
void live_deafen(struct live *live, int fd);

/* Flush the sink soon: what was captured so far reaches its reader. */
void live_flush(struct live *);

/* Is it to end, because of source_stop() or of a reader who has gone? */
bool live_ending(const struct live *live);

/* Was a device lost for good? As long as there are others the capture goes on.
 */
bool live_lost(const struct live *live);

/* How often device i was away and is captured again (or still away), and how
   long in all, in nanoseconds. Streams never were. */
void live_absence(const struct live *live, size_t i, uint64_t *times,
		  int64_t *ns);

/* What is captured from, device or stream i; NULL beyond the last one. */
const char *live_name(const struct live *live, size_t i);

/* The handle of device i, to look at; NULL beyond the last one, for streams
   too. */
const struct handle *live_handle(const struct live *live, size_t i);

/* handle_replace_filter() of device i. */
bool live_replace_filter(struct live *live, size_t i,
			 const struct program *program, struct err *err);

/* Is this interface device i, now or earlier, or (of "any") one that turned up
   there? */
bool live_owns(const struct live *live, size_t i, uint32_t iface);

/* The counters of the k-th socket of device i. false: there is none. */
bool live_socket_counters(struct live *live, size_t i, size_t k,
			  struct counters *counters);

/* Packets of device i that came later than the order's window allows. */
uint64_t live_late(const struct live *live, size_t i);

/*
 * The counters of device i, brought up to date. *left is how many packets
 * the kernel had taken after the last one asked for when the sink said
 * STOP or failed.
 */
void live_counters(struct live *live, size_t i, struct counters *counters,
		   uint64_t *left);

#endif
