/* The stage that moves packets in time. */
#ifndef PKT_SHIFT_H
#define PKT_SHIFT_H

#include "pkt/pipeline.h"

/*
 * Add ns to all time stamps; those that would leave the range of 64 bits end
 * at its limits. Owns next. NULL: no memory; next is closed.
 */
struct sink *shift_open(int64_t ns, struct sink *next, struct err *err);

#endif
