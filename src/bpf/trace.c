/* One instruction at a time, from the same table as the fast interpreter. */
#include "bpf/trace.h"

#include <string.h>

void trace_start(struct trace *t, const struct insn *insns, const uint8_t *data,
		 uint32_t wirelen, uint32_t caplen)
{
	memset(t, 0, sizeof(*t));
	t->insns = insns;
	t->data = data;
	t->wirelen = wirelen;
	t->caplen = t->rounds_left = caplen;
}

static bool stop(struct trace *t, enum trace_end why, uint32_t verdict)
{
	t->end = why;
	t->verdict = verdict;
	return false;
}

/* Bytes at an offset as a big-endian number. */
static bool load(struct trace *t, uint64_t at, unsigned size, uint32_t *value)
{
	t->load_at = at;
	t->load_size = size;
	if (at + size > t->caplen)
		return stop(t, TRACE_PAST_END, 0);
	*value = 0;
	for (unsigned i = 0; i < size; i++)
		*value = *value << 8 | t->data[at + i];
	return true;
}

/* The words of the table's actions. */
#define A t->a
#define X t->x
#define K in->k
#define M t->m
#define LENGTH t->wirelen
#define ACCEPT(n) return stop(t, TRACE_RETURNED, (n))
#define DIVISOR(n)                                                             \
	do {                                                                   \
		if ((n) == 0)                                                  \
			return stop(t, TRACE_BY_ZERO, 0);                      \
	} while (0)
#define LOAD(size)                                                             \
	do {                                                                   \
		if (!load(t, K, size, &A))                                     \
			return false;                                          \
	} while (0)
#define LOAD_IND(size)                                                         \
	do {                                                                   \
		if (!load(t, (uint64_t)X + K, size, &A))                       \
			return false;                                          \
	} while (0)
#define LOAD_MSH                                                               \
	do {                                                                   \
		uint32_t byte;                                                 \
		if (!load(t, K, 1, &byte))                                     \
			return false;                                          \
		X = (byte & 0xf) << 2;                                         \
	} while (0)
#define TEST(condition)                                                        \
	do {                                                                   \
		t->taken = (condition);                                        \
		t->at += t->taken ? in->jt : in->jf;                           \
	} while (0)
#define GOTO                                                                   \
	do {                                                                   \
		t->taken = true;                                               \
		if (K > INT32_MAX && t->rounds_left-- == 0)                    \
			return stop(t, TRACE_TOO_LONG, 0);                     \
		t->at += K;                                                    \
	} while (0)

bool trace_step(struct trace *t)
{
	const struct insn *in = &t->insns[t->at];

	t->last = t->at++;
	t->load_size = 0;
	t->taken = false;
	switch (in->code) {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	case OP_##name:                                                        \
		action;                                                        \
		break;
#include "bpf/opcodes.def"
#undef OP
	default:
		return stop(t, TRACE_RETURNED, 0); /* verified: never */
	}
	return true;
}
