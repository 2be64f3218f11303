/* What the verifier takes and refuses, beside libpcap's bpf_validate(). */
#include "bpf/verify.h"

#include <pcap/pcap.h>

#include "base/array.h"
#include "tap.h"

#define RET                                                                    \
	{                                                                      \
		OP_RET_K, 0, 0, 1                                              \
	}

static const struct row {
	const char *name;
	struct insn insns[4];
	size_t n, at;
	unsigned flags;
	const char *reason; /* NULL: taken */
	int libpcap;	    /* what bpf_validate() says; -1: not asked */
} rows[] = {
    {"one ret", {RET}, 1, 1, 0, NULL, 1},
    {"nothing", {RET}, 0, 0, 0, "the program is empty", 0},
    {"no ret",
     {{OP_TAX, 0, 0, 0}},
     1,
     0,
     0,
     "instruction 0, the last, is not a ret: the program would run past its "
     "end",
     0},
    {"unknown code",
     {{0x08, 0, 0, 0}, RET},
     2,
     0,
     0,
     "instruction 0: unknown opcode 0x8",
     -1},
    {"ret x",
     {{0x0e, 0, 0, 0}},
     1,
     0,
     0,
     "instruction 0: unknown opcode 0xe",
     -1},
    {"code above 255",
     {{0x106, 0, 0, 0}},
     1,
     0,
     0,
     "instruction 0: unknown opcode 0x106",
     -1},
    {"M[15]", {{OP_ST, 0, 0, 15}, RET}, 2, 2, 0, NULL, 1},
    {"M[16]",
     {{OP_ST, 0, 0, 16}, RET},
     2,
     0,
     0,
     "instruction 0: there is no M[16], the last is M[15]",
     0},
    {"division by 0",
     {{OP_DIV_K, 0, 0, 0}, RET},
     2,
     0,
     0,
     "instruction 0: division by zero",
     0},
    {"modulus 0",
     {RET, {OP_MOD_K, 0, 0, 0}, RET},
     3,
     1,
     0,
     "instruction 1: division by zero",
     0},
    {"division by x", {{OP_DIV_X, 0, 0, 0}, RET}, 2, 2, 0, NULL, 1},
    {"shift by 31", {{OP_LSH_K, 0, 0, 31}, RET}, 2, 2, 0, NULL, 1},
    {"shift by 32",
     {{OP_RSH_K, 0, 0, 32}, RET},
     2,
     0,
     0,
     "instruction 0: shifts by 32, at most 31 bits are possible",
     -1},
    {"jump to the last", {{OP_JA, 0, 0, 1}, RET, RET}, 3, 3, 0, NULL, 1},
    {"jump past it",
     {{OP_JA, 0, 0, 2}, RET, RET},
     3,
     0,
     0,
     "instruction 0: jumps to 3, past the end (the last is 2)",
     0},
    {"far jump",
     {{OP_JA, 0, 0, 0x7fffffff}, RET},
     2,
     0,
     0,
     "instruction 0: jumps to 2147483648, past the end (the last is 1)",
     0},
    {"jump to itself",
     {{OP_JA, 0, 0, UINT32_MAX}, RET},
     2,
     0,
     0,
     "instruction 0: jumps backwards, to 0: a loop might never end",
     1},
    {"jump before the start",
     {{OP_JA, 0, 0, UINT32_MAX - 1}, RET},
     2,
     0,
     VERIFY_LOOPS,
     "instruction 0: jumps to -1, before the start",
     0},
    {"loop, allowed",
     {RET, {OP_JA, 0, 0, (uint32_t)-2}, RET},
     3,
     3,
     VERIFY_LOOPS,
     NULL,
     1},
    {"test to the last", {{OP_JEQ_K, 1, 0, 0}, RET, RET}, 3, 3, 0, NULL, 1},
    {"jt past it",
     {{OP_JEQ_K, 2, 0, 0}, RET, RET},
     3,
     0,
     0,
     "instruction 0: jumps to 3, past the end (the last is 2)",
     0},
    {"jf past it",
     {{OP_JSET_X, 0, 255, 0}, RET, RET},
     3,
     0,
     0,
     "instruction 0: jumps to 256, past the end (the last is 2)",
     0},
    {"scratch before it is written",
     {{OP_LD_MEM, 0, 0, 3}, RET},
     2,
     2,
     0,
     NULL,
     1},
    {"... for the kernel",
     {{OP_LD_MEM, 0, 0, 3}, RET},
     2,
     0,
     VERIFY_KERNEL,
     "instruction 0: reads M[3], which not every way to it has written",
     -1},
    {"scratch written on one way",
     {{OP_JEQ_K, 0, 1, 0}, {OP_ST, 0, 0, 0}, {OP_LDX_MEM, 0, 0, 0}, RET},
     4,
     2,
     VERIFY_KERNEL,
     "instruction 2: reads M[0], which not every way to it has written",
     -1},
    {"scratch written on all ways",
     {{OP_STX, 0, 0, 9}, {OP_JEQ_K, 0, 0, 0}, {OP_LDX_MEM, 0, 0, 9}, RET},
     4,
     4,
     VERIFY_KERNEL,
     NULL,
     -1},
    {"vlan_tci",
     {{OP_LD_H_ABS, 0, 0, 0xfffff02c}, RET},
     2,
     2,
     VERIFY_KERNEL,
     NULL,
     1},
    {"unknown meta-data",
     {{OP_LD_W_ABS, 0, 0, 0xfffff040}, RET},
     2,
     0,
     VERIFY_KERNEL,
     "instruction 0: Linux has no meta-data at offset 0xfffff040",
     1},
};

static void test_rows(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct err err = {0};
		size_t at = 99;
		bool good = bpf_verify(r->insns, r->n, r->flags, &at, &err);

		is_str(good ? "taken" : err.text,
		       r->reason ? r->reason : "taken", r->name);
		is_int(at, r->at, "... and where");
		if (r->libpcap < 0)
			continue;
		is_int(bpf_validate(
			   (const struct bpf_insn *)(const void *)r->insns,
			   (int)r->n),
		       r->libpcap, "... bpf_validate()");
	}
}

static void test_sizes(void)
{
	size_t n = PROGRAM_MAX + 1, at;
	struct insn *many = calloc(n, sizeof(*many));
	struct err err;

	many[PROGRAM_MAX - 1].code = many[PROGRAM_KERNEL_MAX].code =
	    many[PROGRAM_KERNEL_MAX - 1].code = OP_RET_K;
	ok(bpf_verify(many, PROGRAM_MAX, 0, &at, &err), "a million");
	ok(!bpf_verify(many, n, 0, &at, &err), "a million and one");
	ok(bpf_verify(many, PROGRAM_KERNEL_MAX, VERIFY_KERNEL, &at, &err),
	   "4096 for the kernel");
	ok(!bpf_verify(many, PROGRAM_KERNEL_MAX + 1, VERIFY_KERNEL, &at, &err),
	   "4097 for the kernel");
	is_str(err.text,
	       "4097 instructions: the Linux kernel takes at most 4096",
	       "... and why not");
	free(many);
}

/* The table's rows are all different, and found by code. */
static void test_table(void)
{
	size_t found = 0;

	for (unsigned code = 0; code <= 0xffff; code++) {
		const struct opcode *op = opcode_of((uint16_t)code);

		if (op && op->code == code)
			found++;
	}
	is_int(found, opcode_count, "every row is found by its code");
	is_str(bpf_anc_name(0xfffff000), "proto", "first meta-data name");
	is_str(bpf_anc_name(0xfffff03c), "vlan_tpid", "last meta-data name");
	ok_all("no meta-data elsewhere", !bpf_anc_name(0xfffff040),
	       !bpf_anc_name(0xfffff001), !bpf_anc_name(0xffffefff));
}

int main(void)
{
	test_rows();
	test_sizes();
	test_table();
	return done();
}
