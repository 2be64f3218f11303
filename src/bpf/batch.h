/*
 * Running a program on many packets at a time: each operation in turn on all
 * packets that reach it. Where packets part they go on two lists, without a
 * branch that the processor could mispredict.
 */
#ifndef BPF_BATCH_H
#define BPF_BATCH_H

#include "bpf/ops.h"
#include "pkt/pkt.h"

/* From how many packets on it is faster than one by one. */
#define BATCH_WORTH 8

struct batch;

/* ops (n of them, u.handler set) and sets are borrowed until batch_close().
   NULL: not for this program (it loops, or is long), or no memory. */
struct batch *batch_open(const struct op *ops, uint32_t n,
			 const struct set *sets);
void batch_close(struct batch *);

/* As vm_matches(), but keep[i] becomes the verdict, `most` at most. */
void batch_run(const struct batch *, const struct pkt *packets, size_t n,
	       uint8_t *keep, uint8_t most);

#endif
