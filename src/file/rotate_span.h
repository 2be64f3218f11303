/* The interfaces of a rotation, and what was counted on each during the span of
   the current file. */
#ifndef FILE_ROTATE_SPAN_H
#define FILE_ROTATE_SPAN_H

#include "pkt/pipeline.h"

struct rotate_span {
	struct iface *iface;  /* a copy; NULL: not known */
	struct counters base; /* at the beginning of the span */
	uint64_t packets;     /* put into the file */
	uint64_t told;	      /* number of the file that knows it; 0: none */
	uint64_t ended;	      /* number of the file that has its counters */
};

/* One of each interface, by its id. */
struct rotate_spans {
	struct rotate_span *item;
	size_t n;
	uint64_t dropped; /* of the current file, as far as known */
	bool some_known;  /* is any of them? */
};

bool rotate_spans_add(struct rotate_spans *, const struct iface *,
		      struct err *err);

/* A new file begins: nothing is counted for it. */
void rotate_spans_begin(struct rotate_spans *);

/*
 * The span ends: its part of the counters of an interface since the capture
 * began (NULL: only our own are known).
 */
struct counters rotate_span_end(struct rotate_spans *, uint32_t iface,
				const struct counters *since_begin);

void rotate_spans_fini(struct rotate_spans *);

#endif
