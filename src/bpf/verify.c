/* What a program must be before it may run. */
#include "bpf/verify.h"

#include <inttypes.h>
#include <stdlib.h>

/* A conditional jump's two ways. */
static bool check_targets(const struct insn *in, size_t i, size_t n,
			  struct err *err)
{
	size_t yes = i + 1 + in->jt, no = i + 1 + in->jf;

	if (yes < n && no < n)
		return true;
	return err_set(err, ERR_USAGE,
		       "instruction %zu: jumps to %zu, past the end (the last "
		       "is %zu)",
		       i, yes < n ? no : yes, n - 1);
}

/* A ja: forwards, or with loops anywhere within the program. */
static bool check_target(const struct insn *in, size_t i, size_t n,
			 unsigned flags, struct err *err)
{
	int64_t to = (int64_t)i + 1 + (int32_t)in->k;

	if (in->k < n && i + 1 + in->k < n)
		return true;
	if (to < 0)
		return err_set(err, ERR_USAGE,
			       "instruction %zu: jumps to %" PRId64
			       ", before the start",
			       i, to);
	if (to <= (int64_t)i && (flags & VERIFY_LOOPS))
		return true;
	if (to <= (int64_t)i)
		return err_set(err, ERR_USAGE,
			       "instruction %zu: jumps backwards, to %" PRId64
			       ": a loop might never end",
			       i, to);
	return err_set(err, ERR_USAGE,
		       "instruction %zu: jumps to %" PRId64
		       ", past the end (the last is %zu)",
		       i, to, n - 1);
}

static bool check_one(const struct insn *insns, size_t i, size_t n,
		      unsigned flags, struct err *err)
{
	const struct insn *in = &insns[i];
	const struct opcode *op = opcode_of(in->code);

	if (!op)
		return err_set(err, ERR_USAGE,
			       "instruction %zu: unknown opcode 0x%x", i,
			       in->code);
	switch (op->check) {
	case CHECK_NOTHING:
		return true;
	case CHECK_ANC:
		if (!(flags & VERIFY_KERNEL) || in->k < LINUX_AD_OFF ||
		    bpf_anc_name(in->k))
			return true;
		return err_set(err, ERR_USAGE,
			       "instruction %zu: Linux has no meta-data at "
			       "offset 0x%" PRIx32,
			       i, in->k);
	case CHECK_MEMORY:
		if (in->k < SCRATCH_WORDS)
			return true;
		return err_set(err, ERR_USAGE,
			       "instruction %zu: there is no M[%" PRIu32
			       "], the last is M[%d]",
			       i, in->k, SCRATCH_WORDS - 1);
	case CHECK_NONZERO:
		if (in->k != 0)
			return true;
		return err_set(err, ERR_USAGE,
			       "instruction %zu: division by zero", i);
	case CHECK_SHIFT:
		if (in->k < 32)
			return true;
		return err_set(err, ERR_USAGE,
			       "instruction %zu: shifts by %" PRIu32
			       ", at most 31 bits are possible",
			       i, in->k);
	case CHECK_TARGET:
		return check_target(in, i, n, flags, err);
	case CHECK_TARGETS:
		return check_targets(in, i, n, err);
	}
	return true;
}

/*
 * Does every path write a scratch word before it reads it? known[i] is the set
 * of words that all ways to instruction i have written; as jumps lead
 * forwards, one pass in order sees all ways to i before i. As for Linux, a ret
 * leads on to the instruction after it, too: what was not written before one is
 * not known after it.
 */
static bool check_scratch(const struct insn *insns, size_t n, size_t *at,
			  struct err *err)
{
	uint16_t *known = malloc(n * sizeof(*known));
	bool good = true;

	if (!known)
		return err_nomem(err, "checking a filter program");
	for (size_t i = 0; i < n; i++)
		known[i] = i == 0 ? 0 : UINT16_MAX;
	for (size_t i = 0; i < n && good; i++) {
		const struct insn *in = &insns[i];
		const struct opcode *op = opcode_of(in->code);
		uint16_t have = known[i];

		if ((op->uses & USE_M) && !(have >> in->k & 1)) {
			*at = i;
			good = err_set(err, ERR_USAGE,
				       "instruction %zu: reads M[%" PRIu32
				       "], which not every way to it has "
				       "written",
				       i, in->k);
		}
		if (op->sets & USE_M)
			have |= (uint16_t)(1U << in->k);
		if (bpf_class(in->code) == CLASS_JMP)
			known[bpf_target(insns, i)] &= have;
		if (op->check == CHECK_TARGETS)
			known[i + 1 + in->jf] &= have;
		else if (bpf_class(in->code) != CLASS_JMP && i + 1 < n)
			known[i + 1] &= have;
	}
	free(known);
	return good;
}

bool bpf_verify(const struct insn *insns, size_t n, unsigned flags, size_t *at,
		struct err *err)
{
	size_t dummy;

	if (!at)
		at = &dummy;
	*at = n;
	if (n == 0)
		return err_set(err, ERR_USAGE, "the program is empty");
	if ((flags & VERIFY_KERNEL) && n > PROGRAM_KERNEL_MAX)
		return err_set(err, ERR_USAGE,
			       "%zu instructions: the Linux kernel takes at "
			       "most %d",
			       n, PROGRAM_KERNEL_MAX);
	if (n > PROGRAM_MAX)
		return err_set(err, ERR_USAGE,
			       "%zu instructions: %u are the limit", n,
			       PROGRAM_MAX);
	for (size_t i = 0; i < n; i++) {
		if (!check_one(insns, i, n, flags, err)) {
			*at = i;
			return false;
		}
	}
	if (bpf_class(insns[n - 1].code) != CLASS_RET) {
		*at = n - 1;
		return err_set(err, ERR_USAGE,
			       "instruction %zu, the last, is not a ret: the "
			       "program would run past its end",
			       n - 1);
	}
	if ((flags & VERIFY_KERNEL) && !(flags & VERIFY_LOOPS))
		return check_scratch(insns, n, at, err);
	return true;
}
