/* The stage that adds and drops comments. */
#ifndef PKT_COMMENTS_H
#define PKT_COMMENTS_H

#include "pkt/pipeline.h"

struct comment {
	uint64_t number;  /* of the packet, in its source */
	const char *text; /* borrowed: outlives the stage */
};

struct comments_options {
	const struct comment *list; /* to add, in any order; copied */
	size_t n;
	bool drop; /* first those that packets, interfaces and sections have */
	/* The bytes of packets are changed: also drop what is not true then,
	   hashes and options and blocks that ask for it. */
	bool changed;
};

/*
 * Owns next. NULL: no memory, or a comment that is too long for an option; next
 * is closed.
 */
struct sink *comments_open(const struct comments_options *options,
			   struct sink *next, struct err *err);

#endif
