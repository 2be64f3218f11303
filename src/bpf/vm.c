/*
 * The interpreter. Programs are translated once into operations that hold all
 * they need: the address of the code that performs them, distances to the
 * operations they may jump to, and the end of what they load. Where the
 * compiler knows computed goto each operation jumps straight to the next one's
 * code. Pairs and triples that libpcap's compiler makes all the time (load and
 * test; load, mask and test) are one operation.
 */
#include "bpf/vm.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/batch.h"
#include "bpf/ops.h"
#include "bpf/verify.h"

#if defined(__GNUC__) && !defined(VM_SWITCH)
#define VM_THREADED 1
#else
#define VM_THREADED 0
#endif

struct vm {
	bool prepares; /* uses scratch memory or loops: reset them per packet */
	uint32_t n;
	struct batch *batch; /* NULL: packets one by one */
	struct set *sets;
	uint32_t n_sets;
	struct op ops[];
};

/* ---- running -------------------------------------------------------------*/

/* The words of the table's actions. */
#define K (pc->k)
#define LENGTH (packet->wirelen)
#define NEXT(bytes)                                                            \
	do {                                                                   \
		pc = (const void *)((const char *)pc + (bytes));               \
		DISPATCH;                                                      \
	} while (0)
#define ACCEPT(n)                                                              \
	do {                                                                   \
		verdict = (n);                                                 \
		goto judged;                                                   \
	} while (0)
#define GOTO NEXT(pc->yes)
#define TEST(condition)                                                        \
	do {                                                                   \
		if (condition)                                                 \
			NEXT(pc->yes);                                         \
		NEXT(pc->no);                                                  \
	} while (0)
#define DIVISOR(n)                                                             \
	do {                                                                   \
		if ((n) == 0)                                                  \
			ACCEPT(0);                                             \
	} while (0)
#define LOAD(size)                                                             \
	do {                                                                   \
		if (pc->end > caplen)                                          \
			ACCEPT(0);                                             \
		A = get##size(data + pc->off);                                 \
	} while (0)
#define LOAD_IND(size)                                                         \
	do {                                                                   \
		uint64_t at = (uint64_t)X + K;                                 \
		if (at + (size) > caplen)                                      \
			ACCEPT(0);                                             \
		A = get##size(data + at);                                      \
	} while (0)
#define LOAD_MSH                                                               \
	do {                                                                   \
		if (pc->end > caplen)                                          \
			ACCEPT(0);                                             \
		X = (data[pc->off] & 0xfU) << 2;                               \
	} while (0)

#if VM_THREADED
#define HANDLE(name) L_##name:
#define DISPATCH goto * pc->u.go
#else
#define HANDLE(name) case H_##name:
#define DISPATCH goto again
#endif

/* clang-format off */
/*
 * Run vm on those of n packets whose keep is set, and let that become the
 * verdict, `most` at most. Returns the last verdict. Without a machine
 * (VM_THREADED only) just tell where the code of each handler is.
 */
static uint32_t execute(const struct vm *vm, const struct pkt *packet,
			size_t n, uint8_t *keep, uint8_t most,
			const void *const **handlers)
{
#if VM_THREADED
	static const void *const code[H_COUNT] = {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
		[H_##name] = &&L_##name,
#include "bpf/opcodes.def"
#undef OP
#define FUSED(size, test, condition)                                           \
		[H_##test##_AT_##size] = &&L_##test##_AT_##size,
		FUSED_TESTS(1)
		FUSED_TESTS(2)
		FUSED_TESTS(4)
#undef FUSED
#define FUSED(size, test, condition)                                           \
		[H_##test##_IND_##size] = &&L_##test##_IND_##size,
		FUSED_TESTS(1)
		FUSED_TESTS(2)
		FUSED_TESTS(4)
#undef FUSED
		[H_MASKED_JEQ_AT_1] = &&L_MASKED_JEQ_AT_1,
		[H_MASKED_JEQ_AT_2] = &&L_MASKED_JEQ_AT_2,
		[H_MASKED_JEQ_AT_4] = &&L_MASKED_JEQ_AT_4,
		[H_IN_SET] = &&L_IN_SET,
		[H_REJECT] = &&L_REJECT,
		[H_LOOP] = &&L_LOOP,
		[H_FAIL] = &&L_FAIL,
	};
#endif
	const struct pkt *end;
	const uint8_t *data;
	const struct op *pc;
	uint32_t A, X, caplen, rounds = 0, verdict = 0;
	uint32_t M[SCRATCH_WORDS] = {0};

#if VM_THREADED
	if (handlers) {
		*handlers = code;
		return 0;
	}
#else
	(void)handlers;
#endif
	end = packet + n;
next_packet:
	if (packet == end)
		return verdict;
	if (!*keep) {
		packet++, keep++;
		goto next_packet;
	}
	data = packet->data;
	caplen = packet->caplen;
	A = X = 0;
	if (vm->prepares) {
		memset(M, 0, sizeof(M));
		rounds = caplen;
	}
	pc = vm->ops;
#if VM_THREADED
	DISPATCH;
#else
again:
	switch (pc->u.handler) {
	case H_COUNT:
		return 0;
#endif

#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	HANDLE(name) {                                                         \
		action;                                                        \
		NEXT(sizeof(*pc));                                             \
	}
#include "bpf/opcodes.def"
#undef OP

#define FUSED(size, test, condition)                                           \
	HANDLE(test##_AT_##size) {                                             \
		LOAD(size);                                                    \
		TEST(condition);                                               \
	}
	FUSED_TESTS(1)
	FUSED_TESTS(2)
	FUSED_TESTS(4)
#undef FUSED

#define FUSED(size, test, condition)                                           \
	HANDLE(test##_IND_##size) {                                            \
		uint64_t at = (uint64_t)X + pc->off;                           \
		if (at + (size) > caplen)                                      \
			ACCEPT(0);                                             \
		A = get##size(data + at);                                      \
		TEST(condition);                                               \
	}
	FUSED_TESTS(1)
	FUSED_TESTS(2)
	FUSED_TESTS(4)
#undef FUSED

#define MASKED(size)                                                           \
	HANDLE(MASKED_JEQ_AT_##size) {                                         \
		LOAD(size);                                                    \
		A &= pc->mask;                                                 \
		TEST(A == K);                                                  \
	}
	MASKED(1)
	MASKED(2)
	MASKED(4)
#undef MASKED

	HANDLE(IN_SET) {
		TEST(set_has(&vm->sets[pc->mask], A));
	}
	HANDLE(LOOP) {
		if (rounds-- == 0)
			ACCEPT(0);
		GOTO;
	}
	HANDLE(REJECT) {
		ACCEPT(0);
	}
	HANDLE(FAIL) {
		ACCEPT(0);
	}
#if !VM_THREADED
	}
#endif
judged:
	*keep++ = (uint8_t)(verdict < most ? verdict : most);
	packet++;
	goto next_packet;
}
/* clang-format on */

uint32_t vm_run(const struct vm *vm, const uint8_t *data, uint32_t wirelen,
		uint32_t caplen)
{
	struct pkt packet;
	uint8_t keep = 1;

	if (!vm)
		return UINT32_MAX;
	packet.data = data;
	packet.caplen = caplen;
	packet.wirelen = wirelen;
	return execute(vm, &packet, 1, &keep, 1, NULL);
}

static void run_all(const struct vm *vm, const struct pkt *packets, size_t n,
		    uint8_t *keep, uint8_t most)
{
	if (vm->batch && n >= BATCH_WORTH)
		batch_run(vm->batch, packets, n, keep, most);
	else
		execute(vm, packets, n, keep, most, NULL);
}

void vm_matches(const struct vm *vm, const struct pkt *packets, size_t n,
		uint8_t *keep)
{
	if (vm)
		run_all(vm, packets, n, keep, 1);
}

void vm_verdicts(const struct vm *vm, const struct pkt *packets, size_t n,
		 uint8_t *verdicts)
{
	run_all(vm, packets, n, verdicts, UINT8_MAX);
}

/* ---- translation ---------------------------------------------------------*/

/* Where a jump to instruction i ends, once the ja's on the way forwards are
   taken. */
static size_t land(const struct insn *insns, size_t i)
{
	while (insns[i].code == OP_JA && bpf_target(insns, i) > i)
		i = bpf_target(insns, i);
	return i;
}

static int32_t distance(size_t from, size_t to)
{
	return (int32_t)(((int64_t)to - (int64_t)from) *
			 (int64_t)sizeof(struct op));
}

static void set_jump(struct op *op, const struct insn *insns, size_t at,
		     size_t test)
{
	op->yes = distance(at, land(insns, test + 1 + insns[test].jt));
	op->no = distance(at, land(insns, test + 1 + insns[test].jf));
	op->k = insns[test].k;
}

/* The fused form of a load of size bytes followed by this test. */
static enum handler fused(unsigned size, uint16_t test)
{
	switch (test) {
#define CHOOSE(name)                                                           \
	size == 1   ? H_##name##_AT_1                                          \
	: size == 2 ? H_##name##_AT_2                                          \
		    : H_##name##_AT_4
	case OP_JEQ_K:
		return CHOOSE(JEQ);
	case OP_JGT_K:
		return CHOOSE(JGT);
	case OP_JGE_K:
		return CHOOSE(JGE);
	case OP_JSET_K:
		return CHOOSE(JSET);
	case OP_AND_K:
		return CHOOSE(MASKED_JEQ);
#undef CHOOSE
	default:
		return H_COUNT;
	}
}

/* Translate a load from a fixed offset, with the test after it if there is
   one: the program's last instruction is not a load, so there is a next one. */
static enum handler translate_load(struct op *op, const struct insn *insns,
				   size_t i, size_t n, enum handler plain)
{
	unsigned size = bpf_load_size(insns[i].code);
	const struct insn *next = &insns[i + 1];
	enum handler handler = fused(size, next->code);

	op->off = insns[i].k;
	op->end = op->off + size;
	if (op->end < op->off)
		return H_FAIL;
	if (insns[i].code == OP_LDX_MSH || handler == H_COUNT)
		return plain;
	if (next->code != OP_AND_K) {
		set_jump(op, insns, i, i + 1);
		return handler;
	}
	if (i + 2 >= n || next[1].code != OP_JEQ_K)
		return plain;
	op->mask = next->k;
	set_jump(op, insns, i, i + 2);
	return handler;
}

/* The same for a load from X + k. */
static enum handler translate_indirect(struct op *op, const struct insn *insns,
				       size_t i, enum handler plain)
{
	enum handler at =
	    fused(bpf_load_size(insns[i].code), insns[i + 1].code);

	if (at == H_COUNT || insns[i + 1].code == OP_AND_K)
		return plain;
	set_jump(op, insns, i, i + 1);
	op->off = insns[i].k;
	return at + H_JEQ_IND_1 - H_JEQ_AT_1;
}

static enum handler translate(struct op *op, const struct insn *insns, size_t i,
			      size_t n, enum handler plain)
{
	const struct opcode *row = opcode_of(insns[i].code);
	size_t to;

	op->k = insns[i].k;
	switch (row->operand) {
	case OPERAND_ABS:
	case OPERAND_MSH:
		return translate_load(op, insns, i, n, plain);
	case OPERAND_IND:
		return translate_indirect(op, insns, i, plain);
	case OPERAND_TEST_K:
	case OPERAND_TEST_X:
		set_jump(op, insns, i, i);
		return plain;
	case OPERAND_JUMP:
		to = bpf_target(insns, i);
		op->yes = distance(i, to > i ? land(insns, to) : to);
		return to > i ? plain : H_LOOP;
	default:
		return insns[i].code == OP_RET_K && op->k == 0 ? H_REJECT
							       : plain;
	}
}

static enum handler plain_handler(uint16_t code)
{
	switch (code) {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	case OP_##name:                                                        \
		return H_##name;
#include "bpf/opcodes.def"
#undef OP
	default:
		return H_FAIL;
	}
}

/* The test that comes after the one at i if that says no. */
static size_t next_test(const struct insn *insns, size_t i)
{
	return land(insns, i + 1 + insns[i].jf);
}

/* How many tests of A for equality with a constant come one after the other,
   from i on, all with the same way if one says yes. */
static size_t run_length(const struct insn *insns, size_t i)
{
	size_t yes = land(insns, i + 1 + insns[i].jt), n = 0;

	while (insns[i].code == OP_JEQ_K &&
	       land(insns, i + 1 + insns[i].jt) == yes) {
		n++;
		i = next_test(insns, i);
	}
	return n;
}

/* Fewer tests are done as fast one by one. */
#define SET_MIN 6

/* A program with more long runs than this is made up. */
#define SETS_MAX 256

/* Make the tests at i one operation. false: they stay what they are. */
static bool translate_run(struct vm *vm, const struct insn *insns, size_t i,
			  size_t length)
{
	uint32_t *numbers = malloc(length * sizeof(*numbers));
	struct set *more = realloc(vm->sets, (vm->n_sets + 1) * sizeof(*more));
	size_t last = i;
	bool good = false;

	if (more)
		vm->sets = more;
	for (size_t j = 0; numbers && j < length; j++) {
		numbers[j] = insns[last].k;
		if (j + 1 < length)
			last = next_test(insns, last);
	}
	if (numbers && more)
		good = set_make(&more[vm->n_sets], numbers, length);
	free(numbers);
	if (!good)
		return false;
	vm->ops[i].no = distance(i, next_test(insns, last));
	vm->ops[i].mask = vm->n_sets++;
	return true;
}

/* The load before a run does only that: it goes on with the run. */
static void unfuse(struct vm *vm, const struct insn *insns, size_t i)
{
	size_t from = i;

	if (from > 0 && insns[from - 1].code == OP_AND_K)
		from--;
	if (from == 0)
		return;
	switch (insns[from - 1].code) {
	case OP_LD_W_ABS:
	case OP_LD_H_ABS:
	case OP_LD_B_ABS:
	case OP_LD_W_IND:
	case OP_LD_H_IND:
	case OP_LD_B_IND:
		if (vm->ops[from - 1].u.handler == H_FAIL)
			return;
		vm->ops[from - 1].u.handler =
		    plain_handler(insns[from - 1].code);
		vm->ops[from - 1].yes = vm->ops[from - 1].no = 0;
		vm->ops[from - 1].k = insns[from - 1].k;
		break;
	default:
		break;
	}
}

/* Where a run of tests begins, make it one operation. */
static void translate_runs(struct vm *vm, const struct insn *insns)
{
	uint8_t *ways_to = calloc(vm->n, 1), *inside = calloc(vm->n, 1);

	for (size_t i = 0; ways_to && i < vm->n; i++) {
		if (insns[i].code == OP_JEQ_K)
			ways_to[next_test(insns, i)] |=
			    ways_to[next_test(insns, i)] ? 3 : 1;
	}
	for (size_t i = 0; ways_to && inside && i < vm->n; i++) {
		size_t length, at = i;

		if (insns[i].code != OP_JEQ_K || inside[i] ||
		    vm->n_sets == SETS_MAX)
			continue;
		length = run_length(insns, i);
		if (length < SET_MIN || !translate_run(vm, insns, i, length))
			continue;
		vm->ops[i].u.handler = H_IN_SET;
		unfuse(vm, insns, i);
		/* From here on only what is entered from elsewhere, too. */
		for (size_t j = 1; j < length; j++) {
			at = next_test(insns, at);
			inside[at] |= ways_to[at] == 1;
		}
	}
	free(ways_to);
	free(inside);
}

static void translate_all(struct vm *vm, const struct insn *insns)
{
	for (size_t i = 0; i < vm->n; i++) {
		enum handler handler = translate(&vm->ops[i], insns, i, vm->n,
						 plain_handler(insns[i].code));

		if (handler == H_LOOP ||
		    (opcode_of(insns[i].code)->uses & USE_M))
			vm->prepares = true;
		vm->ops[i].u.handler = handler;
	}
	translate_runs(vm, insns);
}

struct vm *vm_open(const struct program *program, struct err *err)
{
	const struct insn *insns = program->insns;
	const void *const *handlers = NULL;
	struct vm *vm;

	if (!bpf_verify(insns, program->n, program->loops ? VERIFY_LOOPS : 0,
			NULL, err))
		return NULL;
	vm = calloc(1, sizeof(*vm) + program->n * sizeof(*vm->ops));
	if (!vm) {
		err_nomem(err, "preparing a filter");
		return NULL;
	}
	vm->n = program->n;
	if (VM_THREADED)
		execute(NULL, NULL, 0, NULL, 0, &handlers);
	translate_all(vm, insns);
	/* Without memory for a batch packets are judged one by one. */
	vm->batch = batch_open(vm->ops, vm->n, vm->sets);
	for (size_t i = 0; handlers && i < vm->n; i++)
		vm->ops[i].u.go = handlers[vm->ops[i].u.handler];
	return vm;
}

void vm_close(struct vm *vm)
{
	if (!vm)
		return;
	batch_close(vm->batch);
	for (uint32_t i = 0; i < vm->n_sets; i++)
		set_fini(&vm->sets[i]);
	free(vm->sets);
	free(vm);
}
