/*
 * Which bytes of a message have come, where they may come in any order: ranges
 * that neither overlap nor touch, and the gaps between them.
 */
#ifndef DECODE_LIB_BYTE_RANGES_H
#define DECODE_LIB_BYTE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

enum { BYTE_RANGES = 24 }; /* at most */

/* All zero: nothing has come. */
struct byte_ranges {
	unsigned n;
	struct byte_range {
		uint32_t from, to;
	} range[BYTE_RANGES]; /* in order */
};

/* Bytes `from` up to but not `to` have come; from < to. false: there are too
   many gaps. */
bool byte_ranges_add(struct byte_ranges *r, uint32_t from, uint32_t to);

/* How many have come before the first gap? */
static inline uint32_t byte_ranges_whole(const struct byte_ranges *r)
{
	return r->n && r->range[0].from == 0 ? r->range[0].to : 0;
}

/* Where the last range ends. */
static inline uint32_t byte_ranges_end(const struct byte_ranges *r)
{
	return r->n ? r->range[r->n - 1].to : 0;
}

/* The first n, which have come, are done with: byte n is byte 0 from now on. */
void byte_ranges_take(struct byte_ranges *r, uint32_t n);

#endif
