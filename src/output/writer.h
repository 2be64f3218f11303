/*
 * Text on its way to a file descriptor: collected in one growing buffer,
 * written in large pieces, every write checked.
 */
#ifndef OUTPUT_WRITER_H
#define OUTPUT_WRITER_H

#include "base/str.h"
#include "pkt/flow.h"

struct writer {
	struct str text; /* what is not written yet; append to it */
	int fd;
	bool gone; /* the reader went away: quietly no more */
};

/* Text beyond this is written at the next writer_check(). */
enum { WRITER_PIECE = 256 * 1024 };

bool writer_init(struct writer *w, int fd, struct err *err);
void writer_fini(struct writer *w);

/* Write everything. GO_ON, STOP when the reader is gone, FAILED with *err. */
enum verdict writer_flush(struct writer *w, struct err *err);

/* Write if there is enough for it. */
static inline enum verdict writer_check(struct writer *w, struct err *err)
{
	if (w->text.len < WRITER_PIECE && !w->text.failed)
		return GO_ON;
	return writer_flush(w, err);
}

#endif
