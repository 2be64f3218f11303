/* Picks that count what the selectors before them kept. */
#ifndef PKT_LIMIT_H
#define PKT_LIMIT_H

#include "pkt/selector.h"

/* Keep the first n (at least 1), and STOP with the last of them. */
struct selector *limit_open(uint64_t n, struct err *err);

/* Keep all but the first n. */
struct selector *skip_open(uint64_t n, struct err *err);

/* Keep the first of each n (at least 1). */
struct selector *sample_open(uint64_t n, struct err *err);

#endif
