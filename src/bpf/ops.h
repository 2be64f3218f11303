/*
 * What programs are translated into: operations that hold all they need, in
 * the order of the instructions. vm.c runs them on one packet, batch.c on many
 * at a time.
 */
#ifndef BPF_OPS_H
#define BPF_OPS_H

#include "base/be.h"
#include "bpf/insn.h"

/* Fused operations, for each size of load: load at off, then test;
   the same for a load at X + off. */
/* clang-format off */
#define FUSED_TESTS(size)                                                      \
	FUSED(size, JEQ, A == K)                                               \
	FUSED(size, JGT, A > K)                                                \
	FUSED(size, JGE, A >= K)                                               \
	FUSED(size, JSET, (A & K) != 0)
/* clang-format on */

/* What an operation does: one for each row of the table, then our own. */
enum handler {
#define OP(name, code, mnemonic, operand, uses, sets, check, action) H_##name,
#include "bpf/opcodes.def"
#undef OP
#define FUSED(size, test, condition) H_##test##_AT_##size,
	FUSED_TESTS(1) FUSED_TESTS(2) FUSED_TESTS(4)
#undef FUSED
#define FUSED(size, test, condition) H_##test##_IND_##size,
	    FUSED_TESTS(1) FUSED_TESTS(2) FUSED_TESTS(4)
#undef FUSED
	/* load, AND with mask, compare */
	H_MASKED_JEQ_AT_1,
	H_MASKED_JEQ_AT_2,
	H_MASKED_JEQ_AT_4,
	H_IN_SET, /* many tests for equality that lead to one place */
	H_REJECT, /* the verdict 0 */
	H_LOOP,	  /* a ja backwards */
	H_FAIL,	  /* a load that can never succeed */
	H_COUNT
};

struct op {
	union {
		const void *go; /* threaded: where the code is */
		enum handler handler;
	} u;
	uint32_t k;
	uint32_t off, end; /* a load's first byte, and after its last */
	uint32_t mask;	   /* H_IN_SET: the number of the set */
	int32_t yes, no;   /* bytes from this operation to the next one */
};

/*
 * A set of numbers as a table without collisions: every member lies where its
 * hash says, and the other places hold a member that belongs elsewhere.
 */
struct set {
	uint32_t *table;
	uint32_t multiplier;
	unsigned shift;
};

static inline bool set_has(const struct set *s, uint32_t k)
{
	return s->table[(uint32_t)(k * s->multiplier) >> s->shift] == k;
}

/* Make a set of n numbers. false: no table was found, or no memory. */
bool set_make(struct set *s, const uint32_t *numbers, size_t n);
void set_fini(struct set *s);

/* Bytes of a packet as a number. */
static inline uint32_t get1(const uint8_t *p)
{
	return p[0];
}

static inline uint32_t get2(const uint8_t *p)
{
	return be16(p);
}

static inline uint32_t get4(const uint8_t *p)
{
	return be32(p);
}

#endif
