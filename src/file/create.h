/* Making a new savefile. */
#ifndef FILE_CREATE_H
#define FILE_CREATE_H

#include "file/format.h"

struct create_options {
	const struct format *format; /* NULL: by suffix, else pcapng */
	bool force;		     /* overwrite a file that exists */
	struct write_options write;
};

/*
 * A sink that writes packets to a new file at path ("-": standard output),
 * readable by its owner only. A file that exists is refused without force;
 * devices and named pipes are written to as they are. NULL: *err says why.
 */
struct sink *savefile_create(const char *path, const struct create_options *,
			     struct err *err);

/* Octets that the savefile behind such a sink has by now, buffered ones
   included. */
uint64_t savefile_size(const struct sink *);

/* Make the file (not a pipe or a device) belong to that user and group: for a
   process that is about to become that user. */
bool savefile_chown(struct sink *, unsigned uid, unsigned gid, struct err *);

/* Did the reader of the pipe that this sink writes to go away? */
bool savefile_gone(const struct sink *);

#endif
