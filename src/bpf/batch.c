/*
 * Many packets at a time. The packets of a slice have numbers; an operation
 * that some of them wait for has a list of these. Jumps lead forwards, so when
 * the operations are done in order each has all its packets when its turn
 * comes. Operations that no jump leads to take over the list of the one
 * before them.
 */
#include "bpf/batch.h"

#include <stdlib.h>
#include <string.h>

/* Packets of a slice; as many lists suffice, as each has a packet. */
#define SLICE 128

/* Longer programs are rare; walking over their operations would cost more. */
#define STEPS_MAX 4096

/* Steps that are walked over at once. */
#define STRIDE sizeof(uint64_t)

#define NO_LIST 0xff

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

struct batch;
struct slice;

/* An operation that a packet can reach. */
struct step {
	void (*run)(const struct batch *, struct slice *, unsigned at);
	uint32_t k, off, end, mask;
	uint16_t yes, no; /* steps; no is also what comes next */
	bool shows_a;	  /* A is read after it */
};

struct batch {
	bool has_memory; /* the program uses scratch memory */
	const struct set *sets;
	uint32_t n;
	struct step steps[];
};

struct list {
	unsigned n;
	uint16_t who[SLICE + 1]; /* packets' numbers; one may be overwritten */
};

struct slice {
	const uint8_t *data[SLICE];
	uint32_t caplen[SLICE], wirelen[SLICE];
	uint32_t least; /* the smallest caplen of all */
	uint32_t a[SLICE], x[SLICE];
	uint8_t *verdict; /* 0: no */
	uint8_t most;	  /* a verdict at most */
	struct list lists[SLICE + 2];
	uint8_t free[SLICE + 2]; /* lists that no step has */
	unsigned n_free;
	uint8_t list_of[STEPS_MAX + STRIDE];
	uint32_t m[SLICE][SCRATCH_WORDS];
};

/* ---- lists ----------------------------------------------------------------*/

/* The list of the packets that wait for a step. */
static struct list *list_for(struct slice *s, unsigned step)
{
	if (s->list_of[step] == NO_LIST) {
		uint8_t fresh = s->free[--s->n_free];

		s->lists[fresh].n = 0;
		s->list_of[step] = fresh;
	}
	return &s->lists[s->list_of[step]];
}

static void drop_list(struct slice *s, unsigned step)
{
	s->free[s->n_free++] = s->list_of[step];
	s->list_of[step] = NO_LIST;
}

static void drop_if_empty(struct slice *s, unsigned step)
{
	if (s->list_of[step] != NO_LIST && s->lists[s->list_of[step]].n == 0)
		drop_list(s, step);
}

/* All packets of a step go on to another one. */
static void hand_on(struct slice *s, unsigned step, unsigned to)
{
	struct list *from = &s->lists[s->list_of[step]], *target;

	if (s->list_of[to] == NO_LIST) {
		s->list_of[to] = s->list_of[step];
		s->list_of[step] = NO_LIST;
		return;
	}
	target = &s->lists[s->list_of[to]];
	memcpy(target->who + target->n, from->who,
	       from->n * sizeof(*from->who));
	target->n += from->n;
	drop_list(s, step);
}

/* ---- steps ----------------------------------------------------------------*/

/* clang-format off */

/*
 * How a step begins that divides its packets, and how it ends. In between the
 * number p of each packet is put on both lists, and only the list that it
 * belongs on gets longer.
 */
#define PART_BEGIN                                                             \
	struct list *yes = list_for(s, step->yes);                             \
	struct list *no = list_for(s, step->no);                               \
	uint16_t *on_yes = yes->who + yes->n, *on_no = no->who + no->n
#define PART_END(n_yes, n_no)                                                  \
	yes->n += (n_yes);                                                     \
	no->n += (n_no);                                                       \
	drop_list(s, at);                                                      \
	drop_if_empty(s, step->yes);                                           \
	drop_if_empty(s, step->no)

/* All packets go on, on one of the two lists. */
#define PART_ALL(prepare, condition)                                           \
	do {                                                                   \
		size_t n_yes = 0;                                              \
		PART_BEGIN;                                                    \
		for (size_t i = 0; i < n; i++) {                               \
			const size_t p = who[i];                               \
			prepare;                                               \
			on_yes[n_yes] = (uint16_t)p;                           \
			on_no[i - n_yes] = (uint16_t)p;                        \
			n_yes += (condition);                                  \
		}                                                              \
		PART_END((unsigned)n_yes, n - (unsigned)n_yes);                \
	} while (0)

/* Those that prepare says are good go on; the verdict of others stays 0. */
#define PART_GOOD(prepare, condition)                                          \
	do {                                                                   \
		unsigned n_yes = 0, n_no = 0;                                  \
		PART_BEGIN;                                                    \
		for (size_t i = 0; i < n; i++) {                               \
			const size_t p = who[i];                               \
			unsigned good = 1, is;                                 \
			prepare;                                               \
			is = (condition);                                      \
			on_yes[n_yes] = (uint16_t)p;                           \
			on_no[n_no] = (uint16_t)p;                             \
			n_yes += good & is;                                    \
			n_no += good & !is;                                    \
		}                                                              \
		PART_END(n_yes, n_no);                                         \
	} while (0)

/* Each packet p that waits and is good goes on to the next step. */
#define GO_ON_IF_GOOD(...)                                                     \
	do {                                                                   \
		unsigned kept = 0;                                             \
		for (size_t i = 0; i < n; i++) {                               \
			const size_t p = who[i];                               \
			unsigned good = 1;                                     \
			__VA_ARGS__;                                           \
			who[kept] = (uint16_t)p;                               \
			kept += good;                                          \
		}                                                              \
		s->lists[s->list_of[at]].n = kept;                             \
		if (kept)                                                      \
			hand_on(s, at, step->no);                              \
		else                                                           \
			drop_list(s, at);                                      \
	} while (0)

/* The words of the table's actions, for packet p. */
#define A (s->a[p])
#define X (s->x[p])
#define K k
#define M (s->m[p])
#define LENGTH (s->wirelen[p])
#define ACCEPT(n)                                                              \
	s->verdict[p] = (uint8_t)((n) < s->most ? (n) : s->most);              \
	continue
#define DIVISOR(n)                                                             \
	if ((n) == 0)                                                          \
		continue
/* Bytes that are there, or others in their place. */
#define BYTES(from) (good ? s->data[p] + (from) : nothing)
#define LOAD(size)                                                             \
	good = end <= s->caplen[p];                                            \
	A = get##size(BYTES(off))
#define LOAD_IND(size)                                                         \
	uint64_t from = (uint64_t)X + K;                                       \
	good = from + (size) <= s->caplen[p];                                  \
	A = get##size(BYTES(from))
#define LOAD_MSH                                                               \
	good = end <= s->caplen[p];                                            \
	X = (get1(BYTES(off)) & 0xf) << 2
#define TEST(condition)                                                        \
	do {                                                                   \
		if (step->yes == step->no)                                     \
			hand_on(s, at, step->no);                              \
		else                                                           \
			PART_ALL((void)0, condition);                          \
	} while (0)
#define GOTO hand_on(s, at, step->yes)

/* How a row's action is done, by its check. */
#define DO_NOTHING(...) GO_ON_IF_GOOD(__VA_ARGS__)
/* A load that only asks whether the bytes are there. */
#define DO_ANC(...)                                                            \
	do {                                                                   \
		if (end <= s->least && !step->shows_a)                         \
			hand_on(s, at, step->no);                              \
		else if (!step->shows_a)                                       \
			GO_ON_IF_GOOD(good = end <= s->caplen[p]);             \
		else                                                           \
			GO_ON_IF_GOOD(__VA_ARGS__);                            \
	} while (0)
#define DO_MEMORY(...) GO_ON_IF_GOOD(__VA_ARGS__)
#define DO_NONZERO(...) GO_ON_IF_GOOD(__VA_ARGS__)
#define DO_SHIFT(...) GO_ON_IF_GOOD(__VA_ARGS__)
#define DO_TARGET(...) __VA_ARGS__
#define DO_TARGETS(...) __VA_ARGS__

/* What a load finds beyond the captured bytes, before that is noticed. */
static const uint8_t nothing[4];

/* A function for each kind of step. at is the step, for which packets wait. */
typedef void do_step(const struct batch *b, struct slice *s, unsigned at);

#define STEP_BEGIN(name)                                                       \
	static void do_##name(const struct batch *b, struct slice *s,          \
			      unsigned at)                                     \
	{                                                                      \
		const struct step *step = &b->steps[at];                       \
		const uint32_t k = step->k, off = step->off, end = step->end;  \
		const uint32_t mask = step->mask;                              \
		uint16_t *who = s->lists[s->list_of[at]].who;                  \
		const unsigned n = s->lists[s->list_of[at]].n;                 \
		(void)k, (void)off, (void)end, (void)mask, (void)who, (void)n;
#define STEP_END }

#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	STEP_BEGIN(name)                                                       \
	DO_##check(action);                                                    \
	STEP_END
#include "bpf/opcodes.def"
#undef OP

/*
 * A load, a mask and a test. Mostly all packets of the slice have the bytes,
 * and A is not read afterwards: then the loop is as short as can be.
 */
#define LOAD_AND_TEST(name, size, condition)                                   \
	STEP_BEGIN(name)                                                       \
		if (step->yes == step->no)                                     \
			GO_ON_IF_GOOD(LOAD(size); A &= mask);                  \
		else if (end <= s->least && !step->shows_a)                    \
			PART_ALL(const uint32_t v =                            \
				     get##size(s->data[p] + off) & mask,       \
				 condition);                                   \
		else if (end <= s->least)                                      \
			PART_ALL(const uint32_t v = A =                        \
				     get##size(s->data[p] + off) & mask,       \
				 condition);                                   \
		else                                                           \
			PART_GOOD(LOAD(size); const uint32_t v = A &= mask,    \
				  condition);                                  \
	STEP_END
LOAD_AND_TEST(JEQ_AT_1, 1, v == k)
LOAD_AND_TEST(JEQ_AT_2, 2, v == k)
LOAD_AND_TEST(JEQ_AT_4, 4, v == k)
LOAD_AND_TEST(JGT_AT_1, 1, v > k)
LOAD_AND_TEST(JGT_AT_2, 2, v > k)
LOAD_AND_TEST(JGT_AT_4, 4, v > k)
LOAD_AND_TEST(JGE_AT_1, 1, v >= k)
LOAD_AND_TEST(JGE_AT_2, 2, v >= k)
LOAD_AND_TEST(JGE_AT_4, 4, v >= k)
LOAD_AND_TEST(JSET_AT_1, 1, (v & k) != 0)
LOAD_AND_TEST(JSET_AT_2, 2, (v & k) != 0)
LOAD_AND_TEST(JSET_AT_4, 4, (v & k) != 0)

/* The same where the bytes are found at X. */
#define FUSED(size, test, condition)                                           \
	STEP_BEGIN(test##_IND_##size)                                          \
		if (step->yes == step->no)                                     \
			GO_ON_IF_GOOD(LOAD_AT_X(size));                        \
		else                                                           \
			PART_GOOD(LOAD_AT_X(size), condition);                 \
	STEP_END
#define LOAD_AT_X(size)                                                        \
	const uint64_t from = (uint64_t)X + off;                               \
	good = from + (size) <= s->caplen[p];                                  \
	A = get##size(BYTES(from))
FUSED_TESTS(1)
FUSED_TESTS(2)
FUSED_TESTS(4)
#undef FUSED

#define do_MASKED_JEQ_AT_1 do_JEQ_AT_1
#define do_MASKED_JEQ_AT_2 do_JEQ_AT_2
#define do_MASKED_JEQ_AT_4 do_JEQ_AT_4

STEP_BEGIN(IN_SET)
	const struct set set = b->sets[mask];
	TEST(set_has(&set, A));
STEP_END

STEP_BEGIN(REJECT)
	drop_list(s, at);
STEP_END
#define do_FAIL do_REJECT

static do_step *const do_table[H_COUNT] = {
#define OP(name, code, mnemonic, operand, uses, sets, check, action)           \
	[H_##name] = do_##name,
#include "bpf/opcodes.def"
#undef OP
#define FUSED(size, test, condition)                                           \
	[H_##test##_AT_##size] = do_##test##_AT_##size,
	FUSED_TESTS(1)
	FUSED_TESTS(2)
	FUSED_TESTS(4)
#undef FUSED
#define FUSED(size, test, condition)                                           \
	[H_##test##_IND_##size] = do_##test##_IND_##size,
	FUSED_TESTS(1)
	FUSED_TESTS(2)
	FUSED_TESTS(4)
#undef FUSED
	[H_MASKED_JEQ_AT_1] = do_MASKED_JEQ_AT_1,
	[H_MASKED_JEQ_AT_2] = do_MASKED_JEQ_AT_2,
	[H_MASKED_JEQ_AT_4] = do_MASKED_JEQ_AT_4,
	[H_IN_SET] = do_IN_SET,
	[H_REJECT] = do_REJECT,
	[H_FAIL] = do_FAIL,
};
/* clang-format on */

/* Fill the slice with those of n packets that are to be judged. */
static void load_slice(const struct batch *b, struct slice *s,
		       const struct pkt *packets, size_t n, uint8_t *keep)
{
	struct list *first;
	unsigned waiting = 0;
	uint32_t least = UINT32_MAX;

	first = list_for(s, 0);
	for (size_t i = 0; i < n; i++) {
		s->data[i] = packets[i].data;
		s->caplen[i] = packets[i].caplen;
		s->wirelen[i] = packets[i].wirelen;
		least = packets[i].caplen < least ? packets[i].caplen : least;
		PREFETCH(packets[i].data);
		first->who[waiting] = (uint16_t)i;
		waiting += keep[i];
	}
	first->n = waiting;
	s->least = least;
	drop_if_empty(s, 0);
	memset(s->a, 0, n * sizeof(*s->a));
	memset(s->x, 0, n * sizeof(*s->x));
	s->verdict = memset(keep, 0, n);
	if (b->has_memory)
		memset(s->m, 0, sizeof(s->m));
}

/* The first step from `at` on that packets wait for; b->n or more: none. */
static unsigned next_step(const struct batch *b, const struct slice *s,
			  unsigned at)
{
	uint64_t lists;

	for (; at < b->n; at += STRIDE) {
		memcpy(&lists, s->list_of + at, sizeof(lists));
		if (lists != UINT64_MAX)
			break;
	}
	while (at < b->n && s->list_of[at] == NO_LIST)
		at++;
	return at;
}

void batch_run(const struct batch *b, const struct pkt *packets, size_t n,
	       uint8_t *keep, uint8_t most)
{
	struct slice s;

	s.most = most;
	memset(s.list_of, NO_LIST, b->n + STRIDE);
	for (s.n_free = 0; s.n_free < SLICE + 2; s.n_free++)
		s.free[s.n_free] = (uint8_t)s.n_free;
	while (n > 0) {
		size_t now = n < SLICE ? n : SLICE;

		load_slice(b, &s, packets, now, keep);
		for (unsigned at = 0; (at = next_step(b, &s, at)) < b->n; at++)
			b->steps[at].run(b, &s, at);
		packets += now;
		keep += now;
		n -= now;
	}
}

/* ---- making ---------------------------------------------------------------*/

/* Where an operation's packets can go: up to two operations. */
static unsigned ways(const struct op *ops, uint32_t i, uint32_t to[2])
{
	const struct op *op = &ops[i];
	uint32_t yes =
	    (uint32_t)((int64_t)i + op->yes / (int64_t)sizeof(struct op));
	uint32_t no =
	    (uint32_t)((int64_t)i + op->no / (int64_t)sizeof(struct op));

	switch (op->u.handler) {
	case H_RET_K:
	case H_RET_A:
	case H_REJECT:
	case H_FAIL:
	case H_LOOP:
		return 0;
	case H_JA:
		to[0] = to[1] = yes;
		return 1;
	default:
		if (op->yes == 0) { /* no test */
			to[0] = to[1] = i + 1;
			return 1;
		}
		to[0] = yes;
		to[1] = no;
		return 2;
	}
}

/* For each operation its step, or UINT16_MAX if no packet reaches it. Returns
   how many steps; 0: too many, or there is a loop. */
static uint32_t number_steps(const struct op *ops, uint32_t n, uint16_t *step)
{
	uint32_t count = 0, to[2];

	for (uint32_t i = 0; i < n; i++)
		step[i] = UINT16_MAX;
	step[0] = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (step[i] == UINT16_MAX)
			continue;
		if (ops[i].u.handler == H_LOOP || count == STEPS_MAX)
			return 0;
		step[i] = (uint16_t)count++;
		for (unsigned w = ways(ops, i, to); w-- > 0;)
			step[to[w]] = 0;
	}
	return count;
}

/* Is A read after the operation, before it is written? reads[i] tells it of
   A before operation i, for those that come later. */
static bool shows_a(const struct op *ops, uint32_t i, const uint8_t *reads)
{
	uint32_t to[2];

	for (unsigned w = ways(ops, i, to); w-- > 0;) {
		if (reads[to[w]])
			return true;
	}
	return false;
}

/* Is A, as it is before the operation, read by it or after it? */
static bool reads_a(const struct op *ops, uint32_t i, const uint8_t *reads)
{
	enum handler h = ops[i].u.handler;

	/* the rows of the table come first among the handlers */
	if (h < opcode_count && (opcode_table[h].uses & USE_A))
		return true;
	if (h < opcode_count && !(opcode_table[h].sets & USE_A))
		return shows_a(ops, i, reads);
	return h == H_IN_SET;
}

static struct step make_step(const struct op *ops, uint32_t i,
			     const uint16_t *numbers, const uint8_t *reads)
{
	const struct op *op = &ops[i];
	enum handler h = op->u.handler;
	bool masked =
	    h == H_IN_SET || (h >= H_MASKED_JEQ_AT_1 && h <= H_MASKED_JEQ_AT_4);
	struct step step = {.run = do_table[h],
			    .k = op->k,
			    .off = op->off,
			    .end = op->end,
			    .mask = masked ? op->mask : UINT32_MAX,
			    .shows_a = shows_a(ops, i, reads)};
	uint32_t to[2];

	if (ways(ops, i, to) > 0) {
		step.yes = numbers[to[0]];
		step.no = numbers[to[1]];
	}
	return step;
}

struct batch *batch_open(const struct op *ops, uint32_t n,
			 const struct set *sets)
{
	uint16_t *numbers = malloc(n * sizeof(*numbers));
	uint8_t *reads = calloc(n, 1);
	uint32_t count = numbers && reads ? number_steps(ops, n, numbers) : 0;
	struct batch *b = NULL;

	if (count > 0)
		b = calloc(1, sizeof(*b) + count * sizeof(*b->steps));
	if (b) {
		b->n = count;
		b->sets = sets;
		for (uint32_t i = n; i-- > 0;)
			reads[i] = reads_a(ops, i, reads);
		for (uint32_t i = 0; i < n; i++) {
			enum handler h = ops[i].u.handler;

			if (numbers[i] == UINT16_MAX)
				continue;
			b->steps[numbers[i]] =
			    make_step(ops, i, numbers, reads);
			b->has_memory |= h == H_LD_MEM || h == H_LDX_MEM;
		}
	}
	free(numbers);
	free(reads);
	return b;
}

void batch_close(struct batch *b)
{
	free(b);
}
