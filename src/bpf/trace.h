/*
 * A program run one instruction at a time, with all that happens in sight: for
 * traces and profiles. Slow and plain; bpf/vm.h is the fast way.
 */
#ifndef BPF_TRACE_H
#define BPF_TRACE_H

#include "bpf/insn.h"

enum trace_end {
	TRACE_RUNS,
	TRACE_RETURNED, /* a ret */
	TRACE_PAST_END, /* a load beyond the captured bytes */
	TRACE_BY_ZERO,	/* a division by X = 0 */
	TRACE_TOO_LONG, /* a loop without end */
};

struct trace {
	const struct insn *insns; /* borrowed; have passed bpf_verify() */
	const uint8_t *data;
	uint32_t wirelen, caplen;

	uint32_t at; /* the instruction to come */
	uint32_t a, x, m[SCRATCH_WORDS];
	enum trace_end end;
	uint32_t verdict;     /* once it ended */
	uint32_t rounds_left; /* of loops */

	/* of the last instruction */
	uint32_t last;
	uint64_t load_at;   /* the first byte that it loaded */
	unsigned load_size; /* 0: it loads none */
	bool taken;	    /* a test said yes, or it is a ja */
};

/* Begin a run on a packet, which must live as long as the run. */
void trace_start(struct trace *, const struct insn *insns, const uint8_t *data,
		 uint32_t wirelen, uint32_t caplen);

/* Do one instruction. false: that was the last, end and verdict are set. */
bool trace_step(struct trace *);

#endif
