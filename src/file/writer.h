/* What the writers of all formats have in common. */
#ifndef FILE_WRITER_H
#define FILE_WRITER_H

#include "file/out.h"
#include "pkt/pipeline.h"

/* Every writer's sink starts with one of these. */
struct writer {
	struct sink sink;
	struct out out;
};

/* The verdict after the output failed: quietly STOP if its reader has gone,
   else FAILED, with the error in the sink. */
enum verdict writer_failed(struct writer *w);

/* sink_ops of all writers. */
bool writer_flush(struct sink *, struct err *);

#endif
