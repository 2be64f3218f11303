/* Picks that count what the picks before them kept. */
#ifndef PKT_LIMIT_H
#define PKT_LIMIT_H

#include "pkt/pick.h"

/* Keep the first n (at least 1), and STOP with the last of them. */
struct pick *limit_open(uint64_t n, struct err *err);

/* Keep all but the first n. */
struct pick *skip_open(uint64_t n, struct err *err);

/* Keep the first of each n (at least 1). */
struct pick *sample_open(uint64_t n, struct err *err);

#endif
