/*
 * From any bytes to a valid filter program and a packet: for the tests that
 * compare interpreters. Jumps lead forwards, scratch memory is written before
 * it is read, and constants are such that no interpreter may disagree.
 */
#ifndef TESTS_BPF_CASE_H
#define TESTS_BPF_CASE_H

#include <string.h>

#include "base/array.h"
#include "bpf/insn.h"

#define CASE_INSNS 64
#define CASE_PACKET 96

struct bpf_case {
	struct insn insns[CASE_INSNS + SCRATCH_WORDS];
	size_t n;
	uint8_t packet[CASE_PACKET];
	uint32_t caplen, wirelen;
};

/* Values at which loads, shifts and arithmetic change their mind. */
static inline uint32_t case_value(uint8_t how, uint32_t raw)
{
	static const uint32_t edges[] = {0,
					 1,
					 2,
					 3,
					 4,
					 31,
					 32,
					 33,
					 255,
					 256,
					 65535,
					 65536,
					 CASE_PACKET - 4,
					 CASE_PACKET - 2,
					 CASE_PACKET - 1,
					 CASE_PACKET,
					 0x7fffffff,
					 0x80000000,
					 0xfffff000,
					 0xfffff02c,
					 0xfffffffc,
					 0xfffffffd,
					 0xfffffffe,
					 0xffffffff};

	if (how < 160)
		return raw % CASE_PACKET;
	if (how < 224)
		return edges[raw % (ARRAY_LEN(edges))];
	return raw;
}

/* One instruction, from eight bytes; left more follow. */
static inline struct insn case_insn(const uint8_t *from, size_t left)
{
	const struct opcode *op = &opcode_table[from[0] % opcode_count];
	uint32_t raw;
	struct insn in = {.code = op->code};

	memcpy(&raw, from + 4, sizeof(raw));
	in.k = case_value(from[1], raw);
	switch (op->check) {
	case CHECK_MEMORY:
		in.k %= SCRATCH_WORDS;
		break;
	case CHECK_NONZERO:
		in.k += in.k == 0;
		break;
	case CHECK_SHIFT:
		in.k %= 32;
		break;
	case CHECK_TARGET:
		in.k %= (uint32_t)left;
		break;
	case CHECK_TARGETS:
		in.jt = (uint8_t)(from[2] % left);
		in.jf = (uint8_t)(from[3] % left);
		break;
	default:
		break;
	}
	/* A return in the middle of most programs would hide the rest. */
	if (bpf_class(op->code) == CLASS_RET && from[1] < 240)
		in = (struct insn){.code = OP_ADD_K, .k = in.k};
	return in;
}

/* Make a case of n bytes; few make a short one. */
static inline void case_make(struct bpf_case *c, const uint8_t *from, size_t n)
{
	size_t count = n ? from[0] % (CASE_INSNS - 1) : 0, used = 0;
	uint32_t words = 0;

	memset(c, 0, sizeof(*c));
	if (n > 3) {
		c->caplen = from[1] % (CASE_PACKET + 1);
		c->wirelen = c->caplen + from[2];
		used = 3;
	}
	for (size_t i = 0; i < SCRATCH_WORDS; i++)
		c->insns[c->n++] =
		    (struct insn){.code = OP_ST, .k = (uint32_t)i};
	for (size_t i = 0; i < count && used + 8 <= n; i++, used += 8) {
		c->insns[c->n] = case_insn(from + used, count - i);
		words |= opcode_of(c->insns[c->n].code)->uses & USE_M;
		c->n++;
	}
	while (c->n < SCRATCH_WORDS + count)
		c->insns[c->n++] = (struct insn){.code = OP_TXA};
	c->insns[c->n++] = (struct insn){.code = OP_RET_A};
	if (!words) {
		c->n -= SCRATCH_WORDS;
		memmove(c->insns, c->insns + SCRATCH_WORDS,
			c->n * sizeof(*c->insns));
	}
	if (n - used > CASE_PACKET)
		n = used + CASE_PACKET;
	memcpy(c->packet, from + used, n - used);
}

#endif
