/*
 * One file of a recorder, from its first trigger until it is written. The loop
 * says up to where it goes; the thread of the write queue follows, in the ring.
 */
#ifndef FILE_RECORDING_H
#define FILE_RECORDING_H

#include <stdatomic.h>

#include "file/memory_ring.h"
#include "file/recorder.h"
#include "os/thread.h"
#include "pkt/ifcopy.h"

/* recording.end: not known yet; and: the file is being closed. */
#define RECORDING_OPEN UINT64_MAX
#define RECORDING_CLOSED (UINT64_MAX - 1)

/* An interface, and the position of the ring from which on packets may be of
   it. */
struct ring_iface {
	struct iface *iface;
	uint64_t at;
};

/* What all files of a recorder share with the thread. */
struct recordings {
	const struct recorder_options *options;
	const struct memory_ring *ring;
	struct monitor monitor; /* guards the interfaces */
	struct ring_iface *ifaces;
	size_t n_ifaces;
	/* The thread's: */
	struct rotate_names names;
	uint64_t number; /* of the last file */
	bool failing;	 /* it could not be written, which was said */
};

struct recording {
	struct recordings *all;
	struct recording *next;
	/* Set by the loop: */
	struct rotate_file about; /* as far as it is known */
	uint64_t begin;		  /* number of its first record */
	int64_t until_ns;	  /* by packets' times */
	uint64_t left_out;	  /* when it began */
	uint64_t asked;		  /* calls that the thread was to do */
	uint64_t asked_at;	  /* the ring's head then */
	/* Shared: */
	atomic_uint_fast64_t end;      /* position; see above */
	atomic_uint_fast64_t needed;   /* position: not to be overwritten */
	atomic_uint_fast64_t answered; /* of these calls */
	atomic_bool waits;	       /* a call has not begun yet */
	atomic_bool over, failed;      /* nothing more is written */
	/* The thread's: */
	struct ring_place place;
	struct sink *file; /* NULL: not open */
	size_t told;	   /* interfaces */
	struct out_end written;
	struct str name;
};

/* From that place on. NULL: no memory. */
struct recording *recording_new(struct recordings *all,
				const struct ring_place *from, struct err *err);

/* Have the thread write what there is by now. */
void recording_go_on(struct recording *);

/* It is to end at the head of the ring, as about says. */
void recording_end(struct recording *);

/* If it is not closed yet, let it go on after its end. */
bool recording_reopen(struct recording *);

/* Is nothing more done with it? Then it can be freed. */
bool recording_is_done(const struct recording *);
void recording_free(struct recording *);

#endif
