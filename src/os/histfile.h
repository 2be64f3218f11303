/* A file of lines that were typed: only its user's, and bounded. */
#ifndef OS_HISTFILE_H
#define OS_HISTFILE_H

#include "base/err.h"

enum {
	HISTFILE_LINES = 1000,	 /* are kept */
	HISTFILE_LINE_MAX = 4096 /* bytes; longer ones are not */
};

/*
 * Hand the last HISTFILE_LINES lines of the file to each, the oldest first, and
 * drop the others from the file once they are as many again. No file is none.
 * Lines with control characters are passed over. false: it is another user's,
 * not a regular file, or cannot be read (*err, ERR_FAULT).
 */
bool histfile_load(const char *path, void (*each)(void *arg, const char *line),
		   void *arg, struct err *err);

/* Add a line; the file and its folder are made, for the user alone. false:
 *err. */
bool histfile_add(const char *path, const char *line, struct err *err);

/* Forget all lines. */
bool histfile_clear(const char *path, struct err *err);

#endif
