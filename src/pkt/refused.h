/*
 * Drops packets marked PKT_REFUSED: in front of a sink that follows no
 * conversations, after a select that shows what it refuses.
 */
#ifndef PKT_REFUSED_H
#define PKT_REFUSED_H

#include "pkt/pipeline.h"

/* A stage that hands on to `next`, which it then owns, what is not marked.
   Returns NULL without memory; next is then abandoned. */
struct sink *drop_refused_open(struct sink *next, struct err *err);

#endif
