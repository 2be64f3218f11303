/*
 * The files of a rotation from their opening until they are closed and counted,
 * which the thread of a write queue does while others are written.
 */
#ifndef FILE_ROTATE_PART_H
#define FILE_ROTATE_PART_H

#include <stdatomic.h>

#include "file/rotate.h"

/* All of a rotation. */
struct rotate_parts {
	const struct rotate_options *options;
	struct rotate_ring ring;    /* the thread's, as is sum */
	struct out_end sum;	    /* of those closed */
	atomic_uint_fast64_t bytes; /* of those that are full */
	atomic_bool failed;	    /* one did, as err says */
	struct err err;
};

/* One of them. */
struct rotate_part {
	struct rotate_parts *all;
	struct rotate_file about; /* without what closing it shows */
	uint64_t put;		  /* packets */
	uint64_t counted;	  /* its share of bytes */
	atomic_bool full;	  /* the disk was, when it was written */
	char name[];
};

/* NULL: no memory. Owned by the caller until its file is closed. */
struct rotate_part *rotate_part_new(struct rotate_parts *, const char *name,
				    struct err *);

/* The disk is full, for out_when_full(): can a write be tried again? */
bool rotate_part_full(void *part);

/* Is a full disk what failed, and only interrupts the writing? NULL: no. */
bool rotate_part_may_pause(const struct rotate_part *);

/* The file is closed, for savefile_when_closed(): count it, tell of it, and
   remember it. Frees the part. */
void rotate_part_closed(void *part, const struct out_end *,
			const struct err *why);

/* Has a file failed that was closed meanwhile? true: *err says how. */
bool rotate_parts_failed(struct rotate_parts *, struct err *);

/* Remove what is beyond the ring, once all that was closed is. */
void rotate_parts_trim(struct rotate_parts *);

#endif
