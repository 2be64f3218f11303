/*
 * The selector that drops packets marked PKT_REFUSED: in front of a sink that
 * follows no conversations, after a select that shows what it refuses.
 */
#ifndef PKT_REFUSED_H
#define PKT_REFUSED_H

#include "pkt/selector.h"

/* NULL: no memory. */
struct selector *refused_open(struct err *err);

#endif
