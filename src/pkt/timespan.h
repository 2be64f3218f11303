/* The selector that keeps packets of a time span. */
#ifndef PKT_TIMESPAN_H
#define PKT_TIMESPAN_H

#include "pkt/selector.h"

/*
 * Keep packets with from <= time < to, in nanoseconds since the epoch;
 * INT64_MIN and INT64_MAX leave that end open. Packets without a time stamp
 * are refused.
 */
struct selector *timespan_open(int64_t from, int64_t to, struct err *err);

#endif
