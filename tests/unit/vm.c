/*
 * The interpreter against libpcap's bpf_filter(), over random valid programs
 * and packets. With an argument: that many cases (10000000 takes minutes).
 */
#include "bpf/vm.h"

#include <pcap/pcap.h>

#include "bpf/verify.h"
#include "bpf_case.h"
#include "tap.h"

_Static_assert(sizeof(struct insn) == sizeof(struct bpf_insn),
	       "a program can be handed to libpcap as it is");

static uint64_t seed = 20240229;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint32_t oracle(const struct bpf_case *c)
{
	return bpf_filter((const struct bpf_insn *)(const void *)c->insns,
			  c->packet, c->wirelen, c->caplen);
}

/* Our verdict on a case; the packet lies at the end of an exact allocation, so
   that a sanitizer sees a load beyond it. */
static bool same(const struct bpf_case *c)
{
	struct program program = {.insns = (struct insn *)c->insns,
				  .n = (uint32_t)c->n};
	uint8_t *exact = malloc(c->caplen ? c->caplen : 1);
	struct pkt packet = {
	    .data = exact, .caplen = c->caplen, .wirelen = c->wirelen};
	struct pkt packets[3] = {packet, packet, packet};
	uint8_t keep[3] = {1, 0, 1};
	struct err err = {0};
	struct vm *vm = vm_open(&program, &err);
	uint32_t got, want = oracle(c);

	memcpy(exact, c->packet, c->caplen);
	if (!vm) {
		printf("# not verified: %s\n", err.text);
		free(exact);
		return false;
	}
	got = vm_run(vm, exact, c->wirelen, c->caplen);
	vm_judge(vm, packets, 3, keep);
	vm_close(vm);
	free(exact);
	if (got == want && keep[0] == (want != 0) && !keep[1] &&
	    keep[2] == (want != 0))
		return true;
	printf("# libpcap says %u, vm_run %u, vm_judge %d %d %d\n", want, got,
	       keep[0], keep[1], keep[2]);
	for (size_t i = 0; i < c->n; i++)
		printf("# %2zu: { 0x%02x, %u, %u, 0x%08x }\n", i,
		       c->insns[i].code, c->insns[i].jt, c->insns[i].jf,
		       c->insns[i].k);
	return false;
}

static void test_random(unsigned long count)
{
	unsigned long wrong = 0, passed = 0;
	static struct bpf_case c;
	static uint8_t octets[3 + 8 * CASE_INSNS + CASE_PACKET];

	for (unsigned long i = 0; i < count && wrong < 3; i++) {
		for (size_t at = 0; at + 8 <= sizeof(octets); at += 8) {
			uint64_t r = next_random();

			memcpy(octets + at, &r, sizeof(r));
		}
		case_make(&c, octets, sizeof(octets));
		wrong += !same(&c);
		passed += oracle(&c) != 0;
	}
	printf("# %lu cases, %lu with a verdict other than 0\n", count, passed);
	ok(wrong == 0, "random programs: as bpf_filter()");
	ok(passed > count / 20, "... and many reach their end");
}

static void test_no_machine(void)
{
	uint8_t octet = 0;
	struct pkt packet = {.data = &octet, .caplen = 1, .wirelen = 1};
	uint8_t keep = 1;

	is_int(vm_run(NULL, &octet, 1, 1), UINT32_MAX, "no machine: yes");
	vm_judge(NULL, &packet, 1, &keep);
	is_int(keep, 1, "no machine: yes to each of a batch");
	vm_close(NULL);
}

static void test_loops(void)
{
	/* M[0] counts up to octet 0, by jumping backwards */
	struct insn insns[] = {{OP_LD_MEM, 0, 0, 0},
			       {OP_ADD_K, 0, 0, 1},
			       {OP_ST, 0, 0, 0},
			       {OP_LDX_MEM, 0, 0, 0},
			       {OP_LD_B_ABS, 0, 0, 0},
			       {OP_JEQ_X, 1, 0, 0},
			       {OP_JA, 0, 0, (uint32_t)-7},
			       {OP_LD_MEM, 0, 0, 0},
			       {OP_RET_A, 0, 0, 0}};
	struct program program = {.insns = insns, .n = 9};
	uint8_t octets[10] = {7};
	struct err err = {0};
	struct vm *vm;

	ok(!vm_open(&program, &err), "a loop is refused");
	is_str(err.text,
	       "instruction 6: jumps backwards, to 0: a loop might never end",
	       "... with the reason");
	program.loops = true;
	vm = vm_open(&program, &err);
	is_int(vm_run(vm, octets, 10, 10), 7, "a loop that is allowed runs");
	octets[0] = 0;
	is_int(vm_run(vm, octets, 10, 10), 0, "... and ends when it must");
	vm_close(vm);
}

int main(int argc, char **argv)
{
	test_random(argc > 1 ? strtoul(argv[1], NULL, 10) : 200000);
	test_no_machine();
	test_loops();
	return done();
}
