/*
 * Text on its way to a file descriptor: collected in one growing buffer,
 * written in large pieces, every write checked.
 */
#ifndef OUTPUT_TEXT_WRITER_H
#define OUTPUT_TEXT_WRITER_H

#include "base/str.h"
#include "pkt/pipeline.h"

struct text_writer {
	struct str text; /* what is not written yet; append to it */
	int fd;
	bool gone; /* the reader went away, or takes nothing: no more */
};

/* Text beyond this is written at the next text_writer_check(). */
enum { TEXT_WRITER_BYTES = 256 * 1024 };

bool text_writer_init(struct text_writer *w, int fd, struct err *err);
void text_writer_fini(struct text_writer *w);

/* Write everything. GO_ON, STOP when the reader is gone, FAILED with *err. */
enum verdict text_writer_flush(struct text_writer *w, struct err *err);

/* Write everything, and then this text at once. */
enum verdict text_writer_write(struct text_writer *w, const struct str *text,
			       struct err *err);

/* Write if there is enough for it. */
static inline enum verdict text_writer_check(struct text_writer *w,
					     struct err *err)
{
	if (w->text.len < TEXT_WRITER_BYTES && !w->text.failed)
		return GO_ON;
	return text_writer_flush(w, err);
}

#endif
