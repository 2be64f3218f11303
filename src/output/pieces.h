/*
 * Text on its way to a file descriptor: collected in one growing buffer,
 * written in large pieces, every write checked.
 */
#ifndef OUTPUT_PIECES_H
#define OUTPUT_PIECES_H

#include "base/str.h"
#include "pkt/pipeline.h"

struct pieces {
	struct str text; /* what is not written yet; append to it */
	int fd;
	bool gone; /* the reader went away: quietly no more */
};

/* Text beyond this is written at the next pieces_check(). */
enum { PIECE_OCTETS = 256 * 1024 };

bool pieces_init(struct pieces *w, int fd, struct err *err);
void pieces_fini(struct pieces *w);

/* Write everything. GO_ON, STOP when the reader is gone, FAILED with *err. */
enum verdict pieces_flush(struct pieces *w, struct err *err);

/* Write everything, and then this text at once. */
enum verdict pieces_write(struct pieces *w, const struct str *text,
			  struct err *err);

/* Write if there is enough for it. */
static inline enum verdict pieces_check(struct pieces *w, struct err *err)
{
	if (w->text.len < PIECE_OCTETS && !w->text.failed)
		return GO_ON;
	return pieces_flush(w, err);
}

#endif
