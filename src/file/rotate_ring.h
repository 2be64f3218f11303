/* The finished files of a rotation, and which of them are to go. */
#ifndef FILE_ROTATE_RING_H
#define FILE_ROTATE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What is kept of the finished files; 0: no limit. */
struct rotate_keep {
	uint64_t files;	 /* with the one that is written */
	uint64_t size;	 /* bytes in all */
	int64_t time_ns; /* since a file's end */
};

struct rotate_ring {
	struct rotate_keep keep;
	struct ring_file *files; /* the oldest first */
	size_t n, room;
	uint64_t size;
};

/* One more finished file. false: no memory. */
bool rotate_ring_add(struct rotate_ring *, const char *name, uint64_t size,
		     int64_t end_ns, struct err *err);

/* Remove the files that are too many, too large or too old by now. */
void rotate_ring_trim(struct rotate_ring *, int64_t now_ns);

/* Remove the oldest file, and warn of that. false: there is none. */
bool rotate_ring_drop(struct rotate_ring *);

/* Forget the files, but leave them where they are. */
void rotate_ring_fini(struct rotate_ring *);

#endif
