/*
 * Both programs run side by side on all packets at once: what they load are
 * symbols. Where a test or a load can go either way, the one way is followed
 * and the other put on a stack; what was assumed is known in all that comes
 * after (facts.h), to both programs, so that the second one follows the first
 * one's way.
 * At each end the verdicts are compared.
 */
#include "bpf/equal.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "bpf/facts.h"
#include "bpf/insn.h"
#include "bpf/verify.h"

/* Instructions that are run, of both: some milliseconds. */
#define WORK_MAX (1U << 21)

/* Loads from farther on are rare. */
#define REACH_MOST 1024
#define IP_HEADER_MOST 60

/* Ways that wait. */
#define FORKS_MAX (1U << 18)

enum { FROM_A, FROM_X, FROM_M };

struct machine {
	uint32_t at, verdict; /* a symbol, once ended */
	bool ended;
	uint32_t regs[FROM_M + SCRATCH_WORDS];
};

/* A path still to be explored: where both programs are, and what is assumed. */
struct fork {
	struct machine machines[2];
	struct question question;
	bool answer;
	size_t learnt; /* before it */
};

struct proof {
	const struct insn *insns[2];
	struct machine machines[2];
	struct facts facts;
	struct fork *forks;
	size_t n_forks, fork_room;
	uint32_t work;
	bool failed;
};

/* ---- questions ------------------------------------------------------------*/

/* The way that waits longest is followed later. */
static void put_fork(struct proof *p, const struct question *q, bool answer)
{
	if (p->n_forks >= FORKS_MAX) {
		p->failed = true;
		return;
	}
	if (p->n_forks == p->fork_room) {
		size_t room = p->fork_room ? p->fork_room * 2 : 64;
		struct fork *more = realloc(p->forks, room * sizeof(*more));

		if (!more) {
			p->failed = true;
			return;
		}
		p->forks = more;
		p->fork_room = room;
	}
	p->forks[p->n_forks++] = (struct fork){
	    .machines = {p->machines[0], p->machines[1]},
	    .question = *q,
	    .answer = answer,
	    .learnt = p->facts.n_undo,
	};
}

/* The answer, which is assumed if it is open: the other one waits. Machines
   must be as they were before the instruction that asks. */
static bool answer(struct proof *p, const struct question *q)
{
	enum facts_answer known = facts_ask(&p->facts, q);

	if (known != FACTS_EITHER)
		return known == FACTS_YES;
	put_fork(p, q, true);
	facts_assume(&p->facts, q, false);
	return false;
}

/* ---- instructions ---------------------------------------------------------*/

static bool end_with(struct machine *m, uint32_t verdict)
{
	m->ended = true;
	m->verdict = verdict;
	return false;
}

/* The number of the symbol; false: the load ends the program. */
static bool load(struct proof *p, struct machine *m, const struct insn *in,
		 uint32_t *value)
{
	unsigned size = bpf_load_size(in->code);
	bool indirect = opcode_of(in->code)->operand == OPERAND_IND;
	struct question q = {
	    .kind = ASK_BYTES,
	    .symbol = indirect ? m->regs[FROM_X] : SYMBOL_ZERO,
	    .k = in->k,
	};
	uint32_t base = q.symbol;

	symbol_address(&p->facts.symbols, &q.symbol, &q.k);
	q.k += size;
	if (!answer(p, &q))
		return end_with(m, SYMBOL_ZERO);
	*value = symbol_load(&p->facts.symbols, size, base, in->k);
	return true;
}

/* left == right, in the form that has the fewest operations. */
static struct question equal_question(struct proof *p, uint32_t left,
				      uint32_t right)
{
	struct symbols *s = &p->facts.symbols;
	const struct symbol *e;

	if (symbol_is_const(s, left) && !symbol_is_const(s, right)) {
		uint32_t swap = left;

		left = right;
		right = swap;
	}
	if (!symbol_is_const(s, right))
		return (struct question){
		    ASK_EQUAL, symbol_make(s, SYMBOL_EQUAL, left, right), 1};
	e = &s->all[left];
	if (e->kind == SYMBOL_ADD && symbol_is_const(s, e->right))
		return equal_question(
		    p, e->left,
		    symbol_const(s, (uint32_t)s->all[right].k -
					(uint32_t)s->all[e->right].k));
	if (e->kind == SYMBOL_SUB && right == SYMBOL_ZERO)
		return equal_question(p, e->left, e->right);
	return (struct question){ASK_EQUAL, left, s->all[right].k};
}

/* left > right; *negate: it is the opposite of that. */
static struct question greater_question(struct proof *p, uint32_t left,
					uint32_t right, bool *negate)
{
	struct symbols *s = &p->facts.symbols;
	uint64_t k = s->all[left].k;

	*negate = false;
	if (symbol_is_const(s, right))
		return (struct question){ASK_GREATER, left, s->all[right].k};
	if (!symbol_is_const(s, left))
		return (struct question){
		    ASK_EQUAL, symbol_make(s, SYMBOL_GREATER, left, right), 1};
	/* k > right: right is not above k - 1 */
	*negate = true;
	if (k == 0)
		return (struct question){ASK_EQUAL, SYMBOL_ZERO, 0};
	return (struct question){ASK_GREATER, right, k - 1};
}

static bool test(struct proof *p, const struct machine *m,
		 const struct insn *in, uint32_t other)
{
	uint32_t a = m->regs[FROM_A];
	struct question q;
	bool negate = false;

	switch (in->code & 0xf0) {
	case OP_JEQ_K & 0xf0:
		q = equal_question(p, a, other);
		break;
	case OP_JGT_K & 0xf0:
		q = greater_question(p, a, other, &negate);
		break;
	case OP_JGE_K & 0xf0: /* not: other > a */
		q = greater_question(p, other, a, &negate);
		negate = !negate;
		break;
	default:
		q = equal_question(
		    p, symbol_make(&p->facts.symbols, SYMBOL_AND, a, other),
		    SYMBOL_ZERO);
		negate = true;
	}
	return answer(p, &q) != negate;
}

/* false: a division by zero ended the program. */
static bool divides(struct proof *p, struct machine *m, uint32_t by)
{
	const struct question q = equal_question(p, by, SYMBOL_ZERO);

	return !answer(p, &q) || end_with(m, SYMBOL_ZERO);
}

static bool alu(struct proof *p, struct machine *m, const struct insn *in,
		uint32_t other)
{
	static const enum symbol_kind kinds[16] = {
	    [OP_ADD_K >> 4] = SYMBOL_ADD, [OP_SUB_K >> 4] = SYMBOL_SUB,
	    [OP_MUL_K >> 4] = SYMBOL_MUL, [OP_DIV_K >> 4] = SYMBOL_DIV,
	    [OP_OR_K >> 4] = SYMBOL_OR,	  [OP_AND_K >> 4] = SYMBOL_AND,
	    [OP_LSH_K >> 4] = SYMBOL_LSH, [OP_RSH_K >> 4] = SYMBOL_RSH,
	    [OP_MOD_K >> 4] = SYMBOL_MOD, [OP_XOR_K >> 4] = SYMBOL_XOR,
	};
	enum symbol_kind kind = kinds[in->code >> 4 & 15];
	uint32_t *a = &m->regs[FROM_A];

	if (in->code == OP_NEG) {
		*a =
		    symbol_make(&p->facts.symbols, SYMBOL_SUB, SYMBOL_ZERO, *a);
		return true;
	}
	if ((kind == SYMBOL_DIV || kind == SYMBOL_MOD) && !divides(p, m, other))
		return false;
	*a = symbol_make(&p->facts.symbols, kind, *a, other);
	return true;
}

/* 4*([k]&0xf) */
static bool header_length(struct proof *p, struct machine *m,
			  const struct insn *in)
{
	struct symbols *s = &p->facts.symbols;
	uint32_t value;

	if (!load(p, m, in, &value))
		return false;
	value = symbol_make(s, SYMBOL_AND, value, symbol_const(s, 0xf));
	m->regs[FROM_X] = symbol_make(s, SYMBOL_LSH, value, symbol_const(s, 2));
	return true;
}

static bool load_register(struct proof *p, struct machine *m,
			  const struct insn *in)
{
	bool to_x = bpf_class(in->code) == CLASS_LDX;
	uint32_t *to = &m->regs[to_x ? FROM_X : FROM_A];

	if (in->code == OP_LDX_MSH)
		return header_length(p, m, in);
	if (bpf_load_size(in->code))
		return load(p, m, in, to);
	switch (opcode_of(in->code)->operand) {
	case OPERAND_MEM:
		*to = m->regs[FROM_M + in->k];
		break;
	case OPERAND_LEN:
		*to = symbol_length(&p->facts.symbols);
		break;
	default:
		*to = symbol_const(&p->facts.symbols, in->k);
	}
	return true;
}

/* Do an instruction. A machine that ends stays where it is. */
static void step(struct proof *p, struct machine *m, const struct insn *insns)
{
	const struct insn *in = &insns[m->at];
	const uint32_t other = in->code & 8
				   ? m->regs[FROM_X]
				   : symbol_const(&p->facts.symbols, in->k);

	switch (bpf_class(in->code)) {
	case CLASS_LD:
	case CLASS_LDX:
		if (!load_register(p, m, in))
			return;
		break;
	case CLASS_ST:
	case CLASS_STX:
		m->regs[FROM_M + in->k] =
		    m->regs[in->code == OP_ST ? FROM_A : FROM_X];
		break;
	case CLASS_ALU:
		if (!alu(p, m, in, other))
			return;
		break;
	case CLASS_JMP:
		if (in->code == OP_JA)
			m->at += in->k;
		else
			m->at += test(p, m, in, other) ? in->jt : in->jf;
		break;
	case CLASS_RET:
		end_with(m, in->code == OP_RET_A ? m->regs[FROM_A] : other);
		return;
	default:
		if (in->code == OP_TAX)
			m->regs[FROM_X] = m->regs[FROM_A];
		else
			m->regs[FROM_A] = m->regs[FROM_X];
	}
	m->at++;
}

/* ---- the proof ------------------------------------------------------------*/

/* Run both to their ends. false: their verdicts differ, or may. */
static bool same_end(struct proof *p)
{
	uint32_t first, second;

	for (size_t i = 0; i < 2; i++) {
		struct machine *m = &p->machines[i];

		while (!m->ended) {
			step(p, m, p->insns[i]);
			if (p->failed || p->facts.failed ||
			    p->facts.symbols.failed || ++p->work > WORK_MAX)
				return false;
		}
	}
	first = p->machines[0].verdict;
	second = p->machines[1].verdict;
	return first == second ||
	       (facts_value(&p->facts, first, &first) &&
		facts_value(&p->facts, second, &second) && first == second);
}

/* Follow all ways. */
static bool same_ends(struct proof *p)
{
	while (same_end(p)) {
		const struct fork *f;

		if (p->n_forks == 0)
			return true;
		f = &p->forks[--p->n_forks];
		facts_forget(&p->facts, f->learnt);
		memcpy(p->machines, f->machines, sizeof(p->machines));
		facts_assume(&p->facts, &f->question, f->answer);
	}
	return false;
}

static bool jumps_back(const struct program *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->insns[i].code == OP_JA && bpf_target(p->insns, i) <= i)
			return true;
	return false;
}

static bool prove(const struct program *a, const struct program *b,
		  uint32_t caplen)
{
	struct proof p = {.insns = {a->insns, b->insns}};
	bool same = false;

	if (facts_init(&p.facts, caplen))
		same = same_ends(&p);
	facts_fini(&p.facts);
	free(p.forks);
	return same;
}

/* The end of the bytes that the program loads; those at X + k too, with an X
   as the length of an IP header. */
static uint32_t reach(const struct program *p, bool indirect)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < p->n; i++) {
		const struct insn *in = &p->insns[i];
		unsigned size = bpf_load_size(in->code);
		bool at_x = size && opcode_of(in->code)->operand == OPERAND_IND;
		uint32_t end = in->k + size + (at_x ? IP_HEADER_MOST : 0);

		if (size && in->k <= REACH_MOST && (indirect || !at_x) &&
		    end > most)
			most = end;
	}
	return most;
}

uint32_t bpf_equal_from(const struct program *a, const struct program *b)
{
	const uint32_t from[] = {0, reach(a, false), reach(a, true)};

	if (jumps_back(a) || jumps_back(b))
		return BPF_NOT_EQUAL;
	for (size_t i = 0; i < ARRAY_LEN(from); i++)
		if ((i == 0 || from[i] > from[i - 1]) && prove(a, b, from[i]))
			return from[i];
	return BPF_NOT_EQUAL;
}
