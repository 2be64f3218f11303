/*
 * Is a program fit to run? What bpf_validate() and the Linux kernel ask of
 * one, with the instruction at fault and the reason.
 */
#ifndef BPF_VERIFY_H
#define BPF_VERIFY_H

#include "base/err.h"
#include "bpf/insn.h"

enum {
	/* Take jumps backwards, as libpcap makes them for "protochain". */
	VERIFY_LOOPS = 1,
	/* Ask all that the Linux kernel asks: at most PROGRAM_KERNEL_MAX
	   instructions, known meta-data offsets, and no scratch memory read
	   that some path has not written. */
	VERIFY_KERNEL = 2
};

/*
 * May the program run? If not err says why (ERR_USAGE), and *at, unless at is
 * NULL, is the number of the instruction at fault from 0 (n: the program as a
 * whole).
 */
bool bpf_verify(const struct insn *insns, size_t n, unsigned flags, size_t *at,
		struct err *err);

/* Where the jump of instruction i leads when it is taken (or is a ja). Only
   for verified programs and their jumps. */
static inline size_t bpf_target(const struct insn *insns, size_t i)
{
	const struct insn *in = &insns[i];

	return in->code == OP_JA ? (uint32_t)(i + 1 + in->k) : i + 1 + in->jt;
}

#endif
