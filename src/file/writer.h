/* What the writers of all formats have in common. */
#ifndef FILE_WRITER_H
#define FILE_WRITER_H

#include "file/out.h"
#include "pkt/pipeline.h"
#include "pkt/tail.h"

/* Every writer's sink starts with one of these. */
struct writer {
	struct sink sink;
	struct out out;
};

/* The verdict after the output failed: quietly STOP if its reader has gone,
   else FAILED, with the error in the sink. */
enum verdict writer_failed(struct writer *w);

/*
 * Of a long packet: put the first n of its captured bytes, with headers of
 * that link type in the other byte order if it turns; or options that its tail
 * has. Between out_long_begin() and out_long_end(). false: the output failed.
 */
bool writer_put_bytes(struct writer *w, const struct pkt *p, uint32_t n,
		      bool turns, uint32_t linktype);
bool writer_put_options(struct writer *w, const struct pkt *p);

/* sink_ops of all writers. */
bool writer_flush(struct sink *, struct err *);

#endif
