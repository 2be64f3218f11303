/* The stage that puts packets in the order of time. */
#ifndef PKT_SORT_H
#define PKT_SORT_H

#include "pkt/pipeline.h"

/* Bytes of packets that are kept in memory, if nothing else is said. */
#define SORT_MEMORY ((uint64_t)512 << 20)

/*
 * Sort by time; packets of the same time keep their order, and a packet
 * without a time stays after the one before it. Packets are handed on when
 * the stage is closed. When they need more than `memory` bytes, sorted runs
 * of them go to temporary files. A note says how many had to move, if any.
 * Owns next. NULL: no memory; next is closed.
 */
struct sink *sort_open(uint64_t memory, struct sink *next, struct err *err);

/* A sink for finding out whether that is needed: it STOPs at the first packet
   that is earlier than one before, and sets *moves. Closing frees it. */
struct sink *sort_check_open(bool *moves, struct err *err);

#endif
