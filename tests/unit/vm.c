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

/* A copy of n bytes that ends where its block does, so that a sanitizer sees a
   load beyond it. */
static uint8_t *exact_copy(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, bytes, n);
	return copy;
}

#define BATCH 20

static uint8_t at_most_255(uint32_t verdict)
{
	return (uint8_t)(verdict < UINT8_MAX ? verdict : UINT8_MAX);
}

/* Packets one by one and as a batch, cut at different lengths. */
static bool same_batch(const struct vm *vm, const struct bpf_case *c)
{
	struct pkt packets[BATCH];
	uint8_t keep[BATCH], want[BATCH], verdicts[BATCH];
	uint64_t r = next_random();
	bool same = true;

	for (uint32_t i = 0; i < BATCH; i++) {
		struct bpf_case cut = *c;

		cut.caplen =
		    i < 4 ? c->caplen : (uint32_t)(r >> i) % (c->caplen + 1);
		packets[i] =
		    (struct pkt){.data = exact_copy(c->packet, cut.caplen),
				 .caplen = cut.caplen,
				 .wirelen = c->wirelen};
		keep[i] = r >> (i + 20) & 1;
		verdicts[i] = keep[i];
		want[i] = keep[i] ? at_most_255(oracle(&cut)) : 0;
		same &= vm_run(vm, packets[i].data, c->wirelen, cut.caplen) ==
			oracle(&cut);
	}
	vm_matches(vm, packets, BATCH, keep);
	vm_verdicts(vm, packets, BATCH, verdicts);
	same &= !memcmp(verdicts, want, BATCH);
	for (size_t i = 0; i < BATCH; i++)
		same &= keep[i] == (want[i] != 0);
	for (size_t i = 0; i < BATCH; i++)
		free((void *)(uintptr_t)packets[i].data);
	return same;
}

static bool same(const struct bpf_case *c)
{
	struct program program = {.insns = (struct insn *)c->insns,
				  .n = (uint32_t)c->n};
	struct err err = {0};
	struct vm *vm = vm_open(&program, &err);
	uint8_t *exact = exact_copy(c->packet, c->caplen);
	uint32_t got = 0, want = oracle(c);
	bool good = false;

	if (!vm) {
		printf("# not verified: %s\n", err.text);
	} else {
		got = vm_run(vm, exact, c->wirelen, c->caplen);
		good = same_batch(vm, c) && got == want;
	}
	vm_close(vm);
	free(exact);
	if (good)
		return true;
	printf("# libpcap says %u, we %u\n", want, got);
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
	static uint8_t bytes[3 + 8 * CASE_INSNS + CASE_PACKET];

	for (unsigned long i = 0; i < count && wrong < 3; i++) {
		for (size_t at = 0; at + 8 <= sizeof(bytes); at += 8) {
			uint64_t r = next_random();

			memcpy(bytes + at, &r, sizeof(r));
		}
		case_make(&c, bytes, sizeof(bytes));
		wrong += !same(&c);
		passed += oracle(&c) != 0;
	}
	printf("# %lu cases, %lu with a verdict other than 0\n", count, passed);
	ok(wrong == 0, "random programs: as bpf_filter()");
	ok(passed > count / 20, "... and many reach their end");
}

/* Runs of tests for equality become sets: with all ways into and out of them.
 */
static void test_sets(void)
{
	unsigned wrong = 0, matched = 0;

	for (unsigned round = 0; round < 300; round++) {
		struct bpf_case c = {.caplen = 8, .wirelen = 8};
		unsigned length = 2 + (unsigned)(next_random() % 50);
		unsigned into = (unsigned)(next_random() % length);
		uint32_t mask = round % 3 ? UINT32_MAX : 0xffff00ff;

		c.n = 0;
		c.insns[c.n++] = (struct insn){OP_LD_B_ABS, 0, 0, 4};
		c.insns[c.n++] =
		    (struct insn){OP_JSET_K, (uint8_t)(into + 2), 0, 1};
		c.insns[c.n++] = (struct insn){OP_LD_W_ABS, 0, 0, 0};
		c.insns[c.n++] = (struct insn){OP_AND_K, 0, 0, mask};
		for (unsigned i = 0; i < length; i++) {
			uint32_t k = (uint32_t)next_random() & mask & 0x3f;

			c.insns[c.n] = (struct insn){
			    OP_JEQ_K, (uint8_t)(length - i), 0, k};
			if (i + 1 == length)
				c.insns[c.n].jt = 1;
			c.n++;
		}
		c.insns[c.n++] = (struct insn){OP_RET_K, 0, 0, 0};
		c.insns[c.n++] = (struct insn){OP_RET_K, 0, 0, round + 1};
		for (unsigned i = 0; i < 40; i++) {
			c.packet[3] = (uint8_t)(next_random() & 0x3f);
			c.packet[4] = (uint8_t)next_random() & 0x3f;
			wrong += !same(&c);
			matched += oracle(&c) != 0;
		}
	}
	is_int(wrong, 0, "long runs of tests: as bpf_filter()");
	ok(matched > 1000, "... and many match");
}

static void test_no_machine(void)
{
	uint8_t byte = 0;
	struct pkt packet = {.data = &byte, .caplen = 1, .wirelen = 1};
	uint8_t keep = 1;

	is_int(vm_run(NULL, &byte, 1, 1), UINT32_MAX, "no machine: yes");
	vm_matches(NULL, &packet, 1, &keep);
	is_int(keep, 1, "no machine: yes to each of a batch");
	vm_close(NULL);
}

static void test_loops(void)
{
	/* M[0] counts up to byte 0, by jumping backwards */
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
	uint8_t bytes[10] = {7};
	struct err err = {0};
	struct vm *vm;

	ok(!vm_open(&program, &err), "a loop is refused");
	is_str(err.text,
	       "instruction 6: jumps backwards, to 0: a loop might never end",
	       "... with the reason");
	program.loops = true;
	vm = vm_open(&program, &err);
	is_int(vm_run(vm, bytes, 10, 10), 7, "a loop that is allowed runs");
	bytes[0] = 0;
	is_int(vm_run(vm, bytes, 10, 10), 0, "... and ends when it must");
	vm_close(vm);
}

int main(int argc, char **argv)
{
	test_random(argc > 1 ? strtoul(argv[1], NULL, 10) : 60000);
	test_sets();
	test_no_machine();
	test_loops();
	return done();
}
