/*
 * Comparisons of numbers that are computed from header fields, as a packet
 * filter computes them: modulo 2^32. Only those are taken where the ranges of
 * the fields prove that this makes no difference.
 */
#ifndef WHERE_COMPUTE_H
#define WHERE_COMPUTE_H

#include "where/header.h"

/*
 * Can a program decide the condition, if the packet has all its fields at the
 * places that header_field() says? A division by zero ends the program with
 * the verdict 0.
 */
bool compute_can(const struct where_node *node);

/* The test of a packet that has them, each once. */
place compute_test(struct emitter *e, const struct where_node *node,
		   const struct header_places *places, place yes, place no);

#endif
