/* Any bytes as a valid program and packets: our interpreters, alone, in a
   batch and step by step, must agree with libpcap's bpf_filter(). */
#include <pcap/pcap.h>

#include "bpf/trace.h"
#include "bpf/vm.h"
#include "bpf_case.h"
#include "fuzz/fuzz.h"

#define BATCH 12

static uint32_t by_steps(const struct bpf_case *c, uint32_t caplen)
{
	struct trace t;

	trace_start(&t, c->insns, c->packet, c->wirelen, caplen);
	while (trace_step(&t))
		continue;
	return t.verdict;
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	static struct bpf_case c;
	struct program program = {.insns = c.insns};
	struct pkt packets[BATCH];
	uint8_t keep[BATCH];
	struct err err;
	struct vm *vm;

	case_make(&c, bytes, n);
	program.n = (uint32_t)c.n;
	vm = vm_open(&program, &err);
	if (!vm)
		abort();
	for (uint32_t i = 0; i < BATCH; i++) {
		packets[i] = (struct pkt){
		    .data = c.packet,
		    .caplen = c.caplen > i * 7 ? c.caplen - i * 7 : 0,
		    .wirelen = c.wirelen};
		keep[i] = 1;
	}
	vm_matches(vm, packets, BATCH, keep);
	for (uint32_t i = 0; i < BATCH; i++) {
		uint32_t caplen = packets[i].caplen;
		uint32_t want = bpf_filter((const void *)c.insns, c.packet,
					   c.wirelen, caplen);

		if (vm_run(vm, c.packet, c.wirelen, caplen) != want ||
		    by_steps(&c, caplen) != want || keep[i] != (want != 0))
			abort();
	}
	vm_close(vm);
}

/* Seeds are bytes of a generator. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	uint32_t state = (uint32_t)i;

	for (size_t at = 0; at < FUZZ_MAX; at++) {
		state = state * 1664525 + 1013904223;
		bytes[at] = (uint8_t)(state >> 16);
	}
	return i < 20 ? 3 + 8 * CASE_INSNS + CASE_PACKET : 0;
}
