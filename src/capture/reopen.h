/*
 * A device that vanishes while it is captured, and is captured again when it is
 * back (handle_options.reopen_ns).
 */
#ifndef CAPTURE_REOPEN_H
#define CAPTURE_REOPEN_H

#include "capture/handle.h"

/* Zeroed: it is there. Times are of the steady clock, in nanoseconds. */
struct absence {
	bool away;
	bool refused;	  /* it could not be opened again; that was said */
	int64_t since;	  /* when it vanished */
	int64_t next;	  /* when to look for it again, at the latest */
	int64_t returned; /* when it was back last */
	uint64_t times;	  /* how often it was away before */
	int64_t total_ns; /* and how long in all */
};

/* It has vanished, or libpcap gave up on it: say so. Returns a descriptor that
   is readable when it may be back; -1: none. */
int absence_begin(struct absence *a, struct handle *h);

enum comeback {
	COMEBACK_NONE,	/* it is still away */
	COMEBACK_SAME,	/* captured again; the handle may have another fd */
	COMEBACK_OTHER, /* the same, but link type, time resolution or
			   snapshot length are others */
	COMEBACK_NEVER	/* it was away for too long; *err says so */
};

/*
 * Look whether the device is back: when that descriptor is readable, and at
 * a->next. The counters in h->sums go on. That it is back is said, with how
 * long it was away.
 */
enum comeback absence_look(struct absence *a, struct handle *h,
			   struct err *err);

/* How often it was away so far, and how long, the absence that lasts
   included. */
void absence_sum(const struct absence *a, uint64_t *times, int64_t *ns);

#endif
