/*
 * Names that are written to. In a directory that others may write to, a name
 * may be anything by the time it is opened: a symbolic link in the last place
 * is not followed, and type and owner are those of the open descriptor. What
 * is not a regular file is written to only if it was named as such: a device by
 * a path below /dev, a FIFO of this user with force.
 */
#ifndef OS_OUTFILE_H
#define OS_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct outfile_how {
	bool force;   /* replace a file or a link, write to a FIFO */
	bool private; /* for its owner alone; else as the umask says */
};

/* Is there, or can there be made, a regular file of that name ("-": no)? */
bool outfile_is_file(const char *path);

/* May path be written to as far as its name goes? false: *err says why. */
bool outfile_may(const char *path, const struct outfile_how *, struct err *);

/* Open it; a file that is there is replaced by a new one. "-": standard output.
   -1: *err says why. */
int outfile_open(const char *path, const struct outfile_how *, struct err *);

/* Close such a descriptor; -1: none. */
void outfile_close(int fd);

/* Open a new file beside path, to be renamed to it; name gets its name. */
int outfile_beside(const char *path, const struct outfile_how *, char *name,
		   size_t size, struct err *);

/* Have the names in the folder that path is in on the disk. false: errno says
   why. */
bool outfile_sync_folder(const char *path);

/* Remove a file that this run made, or that is gone already. false: errno says
   why. */
bool outfile_remove(const char *path);

/* Bytes that there is room for in the folder that path is in; 0: unknown. */
uint64_t outfile_room(const char *path);

/* A descriptor that this process was given, as one of our own; name is for
   messages. -1: *err says why. */
int outfile_descriptor(int fd, const char *name, struct err *err);

/* Open a regular file to be added to. */
int outfile_append(const char *path, struct err *);

#endif
