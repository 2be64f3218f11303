/* Temporary files, in $TMPDIR or /tmp. */
#ifndef OS_TEMPFILE_H
#define OS_TEMPFILE_H

#include <stdio.h>

#include "base/err.h"

/* The folder of temporary files. */
const char *tempfile_folder(void);

/* Have up to n files of tempfile_open() (4 at most) ready, for when no more
   can be opened. false: fewer are. */
bool tempfile_reserve(size_t n);

/*
 * A file without a name, for writing and reading back: gone when it is closed,
 * or when the process ends. NULL: *err says why (ERR_OUTPUT).
 */
FILE *tempfile_open(struct err *err);

/* Can this file be opened and read more than once? Not a pipe, a terminal or
   standard input ("-"), unless that is a file. */
bool tempfile_needless(const char *path);

/* Can it be read, but only once? */
bool tempfile_once(const char *path);

/*
 * Copy all that path ("-": standard input) has to give into a new temporary
 * file. Returns its name, to be given to tempfile_remove(). NULL: *err says
 * why.
 */
char *tempfile_copy(const char *path, struct err *err);

/* Remove the file and free its name; NULL is fine. */
void tempfile_remove(char *name);

#endif
