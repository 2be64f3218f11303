/*
 * A packet filter program: made from an expression, assembled or read from a
 * file, checked and run by bpf/, handed to the kernel by capture/.
 */
#ifndef PKT_PROGRAM_H
#define PKT_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One instruction, as the kernel and libpcap lay it out in memory. */
struct insn {
	uint16_t code;
	uint8_t jt, jf; /* a test's jumps: instructions to skip */
	uint32_t k;
};

/* Owns its instructions: zero it or use program_copy(), end with
   program_fini(). */
struct program {
	struct insn *insns;
	uint32_t n;
	bool loops; /* may jump backwards, as libpcap's "protochain" does */
};

/* No real program is longer: libpcap's own limit is lower. */
#define PROGRAM_MAX (1U << 20)

/* What the Linux kernel takes at most (BPF_MAXINSNS). */
#define PROGRAM_KERNEL_MAX 4096

/* Make to a copy of n instructions. false: no memory; to is empty then. */
bool program_copy(struct program *to, const struct insn *insns, uint32_t n);

/*
 * Make to the program that accepts what both accept, with the verdict of the
 * second one; an empty second one accepts everything. Neither is changed, and
 * neither loops. false: no memory; to is empty then.
 */
bool program_and(struct program *to, const struct program *first,
		 const struct program *second);

/* Free the instructions and leave an empty program. */
void program_fini(struct program *);

#endif
