/*
 * The sink that keeps the last packets in memory (file/memory_ring.h) and
 * writes files only of those before and after a trigger. Files are encoded
 * when packets come, and written from the ring while it goes on: what is yet to
 * be written is not overwritten. A trigger that comes before the file of the
 * one before is finished, and whose packets overlap with it, makes that one
 * longer. A file is whole or not there.
 */
#ifndef FILE_RECORDER_H
#define FILE_RECORDER_H

#include "file/format.h"
#include "file/rotate.h"
#include "file/rotate_name.h"
#include "os/write_queue.h"
#include "pkt/selector.h"

/* Beyond the ring, what its bookkeeping and the writing takes at most. */
#define RECORDER_MEMORY (UINT64_C(32) << 20)

/* The least size of a ring: a few of the longest packets. */
#define RECORDER_LEAST (UINT64_C(1) << 20)

/* What was done so far. */
struct recorder_counts {
	uint64_t triggers; /* that came */
	uint64_t refused;  /* of these: their packets are in no file */
	uint64_t files;	   /* that are finished */
	uint64_t left_out; /* packets that found no room in the ring */
};

struct recorder_options {
	struct rotate_name name;
	const struct format *format; /* of the files */
	uint64_t size;		     /* bytes of the ring */
	int64_t before_ns;	     /* INT64_MAX: all that there is */
	int64_t after_ns;
	bool force; /* files that are there already are replaced */
	/* Its thread opens, writes and closes the files, and calls open() and
	   finished(); NULL: all at once. */
	struct write_queue *queue;
	/* Create a file, which is to be whole; or, without a name, the sink
	   that encodes, whose file is the null device. NULL: *err says why. */
	struct sink *(*open)(void *arg, const char *name, struct err *err);
	/* Packets dropped so far, by kernel and interfaces; COUNT_UNKNOWN. */
	uint64_t (*dropped)(void *arg);
	void (*finished)(void *arg, const struct rotate_file *);
	/* recorder_tick() is to be called soon, for its answer. NULL. */
	void (*wake)(void);
	/* The recorder is being closed: it is gone after that. NULL. */
	void (*closed)(void *arg);
	void *arg;
	struct recorder_counts *counts; /* kept up to date */
	/* The clocks: os/clock.h. */
	int64_t (*wall_ns)(void), (*steady_ns)(void);
};

struct recorder;

/* The options are copied, but for the texts. NULL: *err says why. */
struct recorder *recorder_open(const struct recorder_options *,
			       struct err *err);

/* Can a file be made where they are to be? It is removed again. false: *err
   says why not. Before packets come. */
bool recorder_try(struct recorder *, struct err *err);

/* It as a sink, which owns it. Closing it finishes what is begun, and does not
   fail for a refused trigger. */
struct sink *recorder_sink(struct recorder *);

/* Packets that this selector keeps are triggers. Before the first interface; it
   is owned, whatever happens. NULL is refused, *err left as it is. */
bool recorder_add_trigger(struct recorder *, struct selector *,
			  struct err *err);

/* A trigger that is not a packet: by the wall clock, now. */
void recorder_trigger(struct recorder *);

/*
 * Do what is due, whether packets come or not. Returns when there will be
 * something to do (steady clock; INT64_MAX: never).
 */
int64_t recorder_tick(struct recorder *, int64_t steady_ns);

#endif
