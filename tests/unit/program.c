/* Two filter programs joined to one. */
#include "pkt/program.h"

#include "base/array.h"
#include "bpf/verify.h"
#include "bpf/vm.h"
#include "tap.h"

static const uint8_t bytes[4] = {1, 2, 3, 4};

/* The verdict of a program about a packet of these bytes. */
static int64_t verdict(const struct program *p)
{
	struct vm *vm = vm_open(p, NULL);
	int64_t v = vm ? (int64_t)vm_run(vm, bytes, 4, sizeof(bytes)) : -1;

	vm_close(vm);
	return v;
}

/* Join them, and return the verdict of both. */
static int64_t verdict_of(struct program first, struct program second)
{
	struct program both;
	int64_t v;

	if (!program_and(&both, &first, &second))
		return -1;
	v = bpf_verify(both.insns, both.n, VERIFY_KERNEL, NULL, NULL)
		? verdict(&both)
		: -1;
	program_fini(&both);
	return v;
}

#define PROGRAM(array)                                                         \
	((struct program){.insns = (array), .n = ARRAY_LEN(array)})

/* Accepts packets whose byte 0 is k, with the verdict 9, and leaves values in
   both registers. */
#define BYTE_IS(number)                                                        \
	{                                                                      \
		{OP_LD_B_ABS, 0, 0, 0}, {OP_TAX, 0, 0, 0},                     \
		    {OP_JEQ_K, 0, 1, number}, {OP_RET_K, 0, 0, 9},             \
		{                                                              \
			OP_RET_K, 0, 0, 0                                      \
		}                                                              \
	}

static struct insn one[] = BYTE_IS(1), two[] = BYTE_IS(2);
static struct insn byte_1[] = {{OP_LD_B_ABS, 0, 0, 1}, {OP_RET_A, 0, 0, 0}};
static struct insn zero[] = {{OP_LD_IMM, 0, 0, 0}, {OP_RET_A, 0, 0, 0}};
static struct insn beyond[] = {{OP_LD_B_ABS, 0, 0, 4}, {OP_RET_K, 0, 0, 9}};
static struct insn registers[] = {{OP_ADD_X, 0, 0, 0}, {OP_RET_A, 0, 0, 0}};

static void test_verdicts(void)
{
	const struct program none = {0};

	is_int(verdict_of(PROGRAM(one), PROGRAM(byte_1)), 2,
	       "both accept: the verdict is the second one's");
	is_int(verdict_of(PROGRAM(two), PROGRAM(byte_1)), 0,
	       "the first one refuses");
	is_int(verdict_of(PROGRAM(byte_1), PROGRAM(two)), 0,
	       "the second one refuses");
	is_int(verdict_of(PROGRAM(byte_1), PROGRAM(one)), 9,
	       "a verdict in the accumulator accepts");
	is_int(verdict_of(PROGRAM(zero), PROGRAM(one)), 0,
	       "a zero in the accumulator refuses");
	is_int(verdict_of(PROGRAM(beyond), PROGRAM(one)), 0,
	       "a load beyond the packet refuses");
	is_int(verdict_of(PROGRAM(one), none), UINT32_MAX,
	       "an empty second one accepts all of the packet");
	is_int(verdict_of(PROGRAM(one), PROGRAM(registers)), 0,
	       "the second one starts with registers of zero");
}

static void test_unchanged(void)
{
	struct program both;

	is_int(program_and(&both, &PROGRAM(one), &PROGRAM(two)), 1, "joined");
	is_int(one[3].code, OP_RET_K, "the first one is as it was");
	is_int(verdict(&PROGRAM(one)), 9, "and accepts what it did");
	program_fini(&both);
}

int main(void)
{
	test_verdicts();
	test_unchanged();
	return done();
}
