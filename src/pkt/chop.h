/* The stage that cuts bytes out of packets. */
#ifndef PKT_CHOP_H
#define PKT_CHOP_H

#include "pkt/pipeline.h"

struct chop {
	/* Where: from the packet's start, or (negative) from its end. */
	int64_t offset;
	/* How many, after there; negative: before there. */
	int64_t n;
};

/*
 * "[OFFSET:]N" as editcap's -C takes it: without an offset N bytes from the
 * start, or (negative) from the end. false: it is none.
 */
bool chop_parse(const char *text, struct chop *chop);

/*
 * Cut as much of these bytes as a packet has; its length on the wire shrinks
 * with it. Owns next. NULL: no memory; next is closed.
 */
struct sink *chop_open(const struct chop *chop, struct sink *next,
		       struct err *err);

#endif
