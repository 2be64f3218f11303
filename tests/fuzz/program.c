/* Any BPF program and any packet: what passes the check runs, and comes to the
   same verdict as in libpcap's interpreter. */
#include "bpf_case.h"

#include <pcap/pcap.h>

#include "bpf/verify.h"
#include "bpf/vm.h"
#include "fuzz/fuzz.h"

/* Instructions straight from the bytes: most will be refused. */
static void any_program(const uint8_t *bytes, size_t n)
{
	struct program program = {.n = (uint32_t)(n / 8)};
	struct vm *vm;
	struct err err;

	program.insns = malloc(n + 8);
	if (!program.insns)
		exit(1);
	memcpy(program.insns, bytes, program.n * sizeof(*program.insns));
	(void)bpf_verify(program.insns, program.n, VERIFY_KERNEL, NULL, &err);
	vm = vm_open(&program, &err);
	if (vm)
		(void)vm_run(vm, bytes, (uint32_t)n, (uint32_t)n);
	vm_close(vm);
	free(program.insns);
}

/* A valid program: both interpreters run it. */
static void valid_program(const uint8_t *bytes, size_t n)
{
	struct bpf_case c;
	struct program program;
	struct vm *vm;
	struct err err;
	uint32_t ours, theirs;

	case_make(&c, bytes, n);
	program = (struct program){.insns = c.insns, .n = (uint32_t)c.n};
	vm = vm_open(&program, &err);
	if (!vm)
		return;
	ours = vm_run(vm, c.packet, c.wirelen, c.caplen);
	theirs = bpf_filter((const struct bpf_insn *)(const void *)c.insns,
			    c.packet, c.wirelen, c.caplen);
	if (ours != theirs)
		abort();
	vm_close(vm);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	if (n == 0)
		return;
	any_program(bytes, n);
	valid_program(bytes, n);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	size_t n = 3 + 8 * 20 + 64, k;

	for (k = 0; k < n; k++)
		bytes[k] = (uint8_t)(k * 37 + i * 101 + k * k * (i + 3));
	bytes[0] = (uint8_t)(20 + i);
	return i < 20 ? n : 0;
}
