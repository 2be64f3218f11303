/*
 * The sink that writes packets to one file after another: a new one begins
 * when the current one is full, when its time is over, or by rotate_now().
 * Each file is whole by itself: it has the interfaces, and their counters while
 * it was written. What is beyond the limits of the ring is removed once the
 * next file is open.
 */
#ifndef FILE_ROTATE_H
#define FILE_ROTATE_H

#include "file/create.h"
#include "file/rotate_name.h"
#include "file/rotate_ring.h"
#include "os/write_queue.h"
#include "pkt/pipeline.h"

/* A file that is finished. */
struct rotate_file {
	const char *name;
	uint64_t number; /* from 1 */
	uint64_t packets, bytes;
	int64_t first_ns, last_ns; /* times of packets, if there are any */
	uint64_t dropped;	   /* by kernel and interfaces; COUNT_UNKNOWN */
	uint64_t lost;		   /* that could not be written to it */
	struct write_waits waits;  /* for the queue, meanwhile */
	/* Of a recorder: what it is written for, and how many triggers were
	   refused so far; else 0. */
	uint64_t triggers, refused;
	int64_t trigger_ns; /* the first one's time */
};

enum rotate_full {
	ROTATE_STOP,	    /* a full disk ends the capture */
	ROTATE_DROP_OLDEST, /* finished files make room */
	ROTATE_PAUSE	    /* packets are lost until there is room */
};

struct rotate_options {
	struct rotate_name name;
	/* A new file after so many packets; before a packet when it is larger
	   than size; after a period, by the times of packets, or by the clock
	   if none comes. 0: not for that reason. */
	uint64_t packets, size;
	int64_t period_ns;
	bool align;		 /* periods begin on the clock */
	struct rotate_keep keep; /* the ring */
	uint64_t max_files;	 /* it says STOP instead of one more; 0 */
	int64_t sync_ns;	 /* have it on the disk so often; 0: never */
	enum rotate_full on_full;
	bool force; /* files that are there already are replaced */
	/* Each file has the interfaces below this id, and those that it has
	   packets of. */
	uint32_t n_ifaces;
	/* Its thread writes, closes and removes the files, and calls full() and
	   finished(); NULL: all at once. open() uses it, too. */
	struct write_queue *queue;
	/* Create the file; full and its argument are for the options of
	   savefile_create(). NULL: *err says why. */
	struct sink *(*open)(void *arg, const char *name,
			     bool (*full)(void *arg), void *full_arg,
			     struct err *err);
	/* What was counted on an interface so far. false: unknown. */
	bool (*count)(void *arg, uint32_t iface, struct counters *);
	void (*finished)(void *arg, const struct rotate_file *);
	/* It is being closed: it is gone after that. NULL. */
	void (*closed)(void *arg);
	void *arg;
	/* The clocks: os/clock.h. */
	int64_t (*wall_ns)(void), (*steady_ns)(void);
};

struct rotate;

/* The options, which are copied, but for the texts; nothing is opened. NULL: no
   memory. */
struct rotate *rotate_open(const struct rotate_options *, struct err *err);

/* It as a sink, which owns it. */
struct sink *rotate_sink(struct rotate *);

/* Open the first file. A file of its name is an error; those after it get
   another name. */
bool rotate_begin(struct rotate *, struct err *err);

/* Begin a new file now. */
void rotate_now(struct rotate *);

/*
 * Do what is due, whether packets come or not. Returns when there will be
 * something to do (steady clock; INT64_MAX: never).
 */
int64_t rotate_tick(struct rotate *, int64_t steady_ns);

/* Is it at its end, because of max_files or a fault? Closing says which. */
bool rotate_is_over(const struct rotate *);

/* Keep nothing back at the next flush. */
void rotate_hurry(struct rotate *);

/* Wait until rotate_size() is known: a thread may have yet to pack some of
   it. */
void rotate_settle(struct rotate *);

/* Bytes of all files so far. */
uint64_t rotate_size(const struct rotate *);

/* Have *end filled in when it is closed: packets and bytes of all files. */
void rotate_count(struct rotate *, struct out_end *end);

#endif
