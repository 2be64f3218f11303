/* The selector that keeps packets of a time span. */
#ifndef PKT_TIMESPAN_H
#define PKT_TIMESPAN_H

#include "base/num.h"
#include "pkt/pipeline.h"
#include "pkt/selector.h"

/*
 * Keep packets with from <= time < to; MOMENT_NONE leaves that end open. Clock
 * times and MOMENT_START depend on the first packet that has a time stamp, and
 * MOMENT_END on end_ns, the time of the last one. Where both are clock times
 * and `to` is not the later one, it is of the day after. Packets without a time
 * stamp are refused.
 */
struct selector *timespan_open(const struct moment *from,
			       const struct moment *to, int64_t end_ns,
			       struct err *err);

/* A sink that sets *end_ns to the latest time of all packets; it stays as it
   is where none has a time. Closing frees it. */
struct sink *timespan_end_open(int64_t *end_ns, struct err *err);

#endif
