/* The selector that keeps packets by their numbers. */
#ifndef PKT_RANGES_H
#define PKT_RANGES_H

#include "pkt/selector.h"

/*
 * text: numbers and ranges with commas between them, in any order: "1-10,25",
 * "100-" (to the end), "-5" (from 1). The number is the packet's number in its
 * source, not among those kept. STOPs after the highest. NULL: text is none of
 * these (ERR_USAGE), or no memory.
 */
struct selector *ranges_open(const char *text, struct err *err);

#endif
