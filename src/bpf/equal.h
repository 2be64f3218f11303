/*
 * Do two filter programs say the same of every packet? For programs that an
 * optimizer made of others.
 */
#ifndef BPF_EQUAL_H
#define BPF_EQUAL_H

#include "pkt/program.h"

#define BPF_NOT_EQUAL UINT32_MAX

/*
 * The number of bytes such that both have the same verdict for every packet of
 * which as many were captured. That is proven. 0: for all packets; it is more
 * where one of them ends at a load beyond the captured bytes and the other one
 * has no need of it. BPF_NOT_EQUAL: they differ, or no proof was found within
 * a limit of work. Both have passed bpf_verify().
 */
uint32_t bpf_equal_from(const struct program *a, const struct program *b);

#endif
