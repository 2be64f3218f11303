/*
 * What a live source takes besides devices: savefiles that come in as streams,
 * each read by a thread of its own (pkt/handover.h). Their interfaces become
 * interfaces of the live source, and their packets are numbered with the
 * others. For live.c alone.
 */
#ifndef CAPTURE_LIVE_STREAM_H
#define CAPTURE_LIVE_STREAM_H

#include "capture/live.h"
#include "os/wake_pipe.h"

struct live_streams {
	struct live_stream **item;
	size_t n;
	bool alone;	       /* there is nothing else to capture from */
	struct wake_pipe wake; /* when one has something; open if n > 0 */
	/* The live source's own: */
	struct sink *sink;     /* while it runs */
	uint32_t *next_id;     /* of the next interface */
	uint64_t *packets;     /* handed on */
	enum verdict *verdict; /* what the sink said last */
};

/* live_add_stream(). */
bool live_streams_add(struct live_streams *, const struct live_input *,
		      struct err *err);

/* Start to read, into sink. false: *err says why. */
bool live_streams_begin(struct live_streams *, struct sink *sink,
			struct err *err);

/* Take what waits, one call a stream. Returns how many packets; -1: *err says
 * why. */
int live_streams_turn(struct live_streams *, struct err *err);

/* Has each ended? */
bool live_streams_over(const struct live_streams *);

/* true: all that have ended were whole; else *err says why the first one that
   failed did. */
bool live_streams_good(const struct live_streams *, struct err *err);

/* Tell the sink what their interfaces counted. */
bool live_streams_end(struct live_streams *, struct err *err);

void live_streams_counters(const struct live_streams *, size_t i,
			   struct counters *counters);
bool live_streams_owns(const struct live_streams *, size_t i, uint32_t iface);
const char *live_streams_name(const struct live_streams *, size_t i);

void live_streams_fini(struct live_streams *);

#endif
