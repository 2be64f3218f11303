/*
 * Both programs run side by side on all packets at once: what they load are
 * symbols. Where a test or a load can go either way, the one way is followed
 * and the other put on a stack; what was assumed is known in all that comes
 * after, to both programs, so that the second one follows the first one's way.
 * At each end the verdicts are compared.
 */
#include "bpf/equal.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "bpf/insn.h"
#include "bpf/symbols.h"
#include "bpf/verify.h"

/* Instructions that are run, of both: some milliseconds. */
#define WORK_MAX (1U << 21)

/* Loads from farther on are rare. */
#define REACH_MOST 1024
#define IP_HEADER_MOST 60

/* Ways that wait. */
#define FORKS_MAX (1U << 18)

/* What is known of a symbol on the current path. */
struct known {
	uint64_t lo, hi; /* it lies between */
	/* the packet has the bytes up to symbol + have, and not as many as
	   symbol + lack */
	uint64_t have, lack;
};

enum fact { FACT_LO, FACT_HI, FACT_HAVE, FACT_LACK, FACT_NOT };

/* What to restore when a way is left. */
struct undo {
	enum fact fact;
	uint32_t symbol;
	uint64_t value; /* FACT_NOT: what the symbol is not */
};

/* A question that decides where a program goes on. */
struct question {
	enum { ASK_EQUAL, ASK_GREATER, ASK_BYTES } kind;
	uint32_t symbol;
	uint64_t k;
};

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
	size_t undo;
};

struct proof {
	const struct insn *insns[2];
	struct machine machines[2];
	struct symbols symbols;
	struct known *known;
	uint32_t n_known;
	struct undo *undo;
	size_t n_undo, undo_room;
	struct fork *forks;
	size_t n_forks, fork_room;
	uint64_t *nots; /* symbol << 32 | number: a hash table; 0: empty */
	size_t n_nots, nots_room;
	uint32_t work;
	bool failed;
};

/* ---- what is known --------------------------------------------------------*/

/* Make room in a list of things of size. */
static bool room_for(struct proof *p, void *list, size_t n, size_t *room,
		     size_t size)
{
	void **at = list, *more;
	size_t want = *room ? *room * 2 : 64;

	if (n < *room)
		return true;
	more = realloc(*at, want * size);
	if (!more) {
		p->failed = true;
		return false;
	}
	*at = more;
	*room = want;
	return true;
}

/* What is known of a symbol, which may be new. */
static struct known *known_of(struct proof *p, uint32_t symbol)
{
	struct known *more;

	if (symbol < p->n_known)
		return &p->known[symbol];
	more = realloc(p->known, p->symbols.room * sizeof(*more));
	if (!more) {
		p->failed = true;
		return &p->known[SYMBOL_ZERO];
	}
	p->known = more;
	for (; p->n_known < p->symbols.room; p->n_known++)
		p->known[p->n_known] = (struct known){
		    .hi = UINT32_MAX,
		    .lack = UINT64_MAX,
		};
	return &p->known[symbol];
}

static uint64_t most(struct proof *p, uint32_t symbol)
{
	uint64_t hi = known_of(p, symbol)->hi;

	return hi < p->symbols.all[symbol].most ? hi
						: p->symbols.all[symbol].most;
}

static uint64_t least(struct proof *p, uint32_t symbol)
{
	const struct symbol *s = &p->symbols.all[symbol];

	return s->kind == SYMBOL_CONST ? s->k : known_of(p, symbol)->lo;
}

/* Is its value known, or that of all that it is made of? */
static bool value_of(struct proof *p, uint32_t symbol, unsigned deep,
		     uint32_t *value)
{
	uint32_t left, right;

	*value = (uint32_t)least(p, symbol);
	if (*value == most(p, symbol))
		return true;
	if (!symbol_has_operands(&p->symbols.all[symbol]) || deep == 0 ||
	    !value_of(p, p->symbols.all[symbol].left, deep - 1, &left) ||
	    !value_of(p, p->symbols.all[symbol].right, deep - 1, &right))
		return false;
	*value = symbol_compute(p->symbols.all[symbol].kind, left, right);
	return true;
}

/* The place of "symbol is not k" in the table, or where it belongs. Symbol 0
   is a constant, so no entry is 0. */
static uint64_t *not_slot(const struct proof *p, uint64_t entry)
{
	size_t at = (size_t)((entry * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	while (p->nots[at & (p->nots_room - 1)] &&
	       p->nots[at & (p->nots_room - 1)] != entry)
		at++;
	return &p->nots[at & (p->nots_room - 1)];
}

static bool nots_grow(struct proof *p)
{
	uint64_t *old = p->nots;
	size_t n = p->nots_room;

	if (p->n_nots * 2 < n)
		return true;
	p->nots = calloc(n ? n * 2 : 256, sizeof(*p->nots));
	if (!p->nots) {
		p->nots = old;
		p->failed = true;
		return false;
	}
	p->nots_room = n ? n * 2 : 256;
	/* those entered last are taken out first: their order must stay */
	for (size_t i = 0; i < p->n_undo; i++)
		if (p->undo[i].fact == FACT_NOT) {
			uint64_t entry = (uint64_t)p->undo[i].symbol << 32 |
					 p->undo[i].value;

			*not_slot(p, entry) = entry;
		}
	free(old);
	return true;
}

static bool is_not(const struct proof *p, uint32_t symbol, uint64_t k)
{
	return p->nots_room && *not_slot(p, (uint64_t)symbol << 32 | k) != 0;
}

static uint64_t *fact_of(struct proof *p, enum fact fact, uint32_t symbol)
{
	struct known *k = known_of(p, symbol);

	switch (fact) {
	case FACT_LO:
		return &k->lo;
	case FACT_HI:
		return &k->hi;
	case FACT_HAVE:
		return &k->have;
	default:
		return &k->lack;
	}
}

static void put_undo(struct proof *p, enum fact fact, uint32_t symbol,
		     uint64_t value)
{
	if (room_for(p, &p->undo, p->n_undo, &p->undo_room, sizeof(*p->undo)))
		p->undo[p->n_undo++] = (struct undo){fact, symbol, value};
}

static void learn(struct proof *p, enum fact fact, uint32_t symbol,
		  uint64_t value)
{
	uint64_t *at = fact_of(p, fact, symbol);
	bool more = fact == FACT_LO || fact == FACT_HAVE;

	if (more ? value <= *at : value >= *at)
		return;
	put_undo(p, fact, symbol, *at);
	*at = value;
}

static void learn_not(struct proof *p, uint32_t symbol, uint64_t k)
{
	uint64_t entry = (uint64_t)symbol << 32 | k;

	if (!nots_grow(p) || *not_slot(p, entry))
		return;
	put_undo(p, FACT_NOT, symbol, k);
	*not_slot(p, entry) = entry;
	p->n_nots++;
}

/* Forget what was learnt since. */
static void forget(struct proof *p, size_t since)
{
	while (p->n_undo > since) {
		const struct undo *u = &p->undo[--p->n_undo];

		if (u->fact == FACT_NOT) {
			*not_slot(p, (uint64_t)u->symbol << 32 | u->value) = 0;
			p->n_nots--;
		} else {
			*fact_of(p, u->fact, u->symbol) = u->value;
		}
	}
}

/* ---- questions ------------------------------------------------------------*/

enum { NO, YES, EITHER };

static int ask_bytes(struct proof *p, uint32_t base, uint64_t end)
{
	const struct known *of = known_of(p, base), *all;
	uint64_t from = least(p, base) + end, to = most(p, base) + end;

	if (of->have >= end)
		return YES;
	if (of->lack <= end || from > UINT32_MAX)
		return NO;
	all = known_of(p, SYMBOL_ZERO);
	return all->have >= to ? YES : all->lack <= from ? NO : EITHER;
}

static int ask(struct proof *p, const struct question *q)
{
	uint64_t lo, hi;
	uint32_t value;

	if (q->kind == ASK_BYTES)
		return ask_bytes(p, q->symbol, q->k);
	/* what was assumed comes first: both programs hear the same */
	lo = least(p, q->symbol);
	hi = most(p, q->symbol);
	if (q->kind == ASK_GREATER && (lo > q->k || hi <= q->k))
		return lo > q->k ? YES : NO;
	if (q->kind == ASK_EQUAL &&
	    (q->k < lo || q->k > hi || is_not(p, q->symbol, q->k)))
		return NO;
	if (!value_of(p, q->symbol, 8, &value))
		return EITHER;
	return (q->kind == ASK_EQUAL ? value == q->k : value > q->k) ? YES : NO;
}

static void assume_bytes(struct proof *p, uint32_t base, uint64_t end, bool yes)
{
	uint64_t from = least(p, base) + end, to = most(p, base) + end;

	learn(p, yes ? FACT_HAVE : FACT_LACK, base, end);
	learn(p, yes ? FACT_HAVE : FACT_LACK, SYMBOL_ZERO, yes ? from : to);
}

/* From now on this is the answer. */
static void assume(struct proof *p, const struct question *q, bool yes)
{
	const struct symbol *s = &p->symbols.all[q->symbol];

	if (q->kind == ASK_BYTES) {
		assume_bytes(p, q->symbol, q->k, yes);
	} else if (q->kind == ASK_GREATER) {
		learn(p, yes ? FACT_LO : FACT_HI, q->symbol, q->k + yes);
	} else if (yes) {
		learn(p, FACT_LO, q->symbol, q->k);
		learn(p, FACT_HI, q->symbol, q->k);
	} else {
		learn_not(p, q->symbol, q->k);
		if (least(p, q->symbol) == q->k)
			learn(p, FACT_LO, q->symbol, q->k + 1);
		if (most(p, q->symbol) == q->k)
			learn(p, FACT_HI, q->symbol, q->k - 1);
		/* a bit that is set */
		if (s->kind == SYMBOL_AND && q->k == 0 &&
		    (s->most & (s->most - 1)) == 0)
			learn(p, FACT_LO, q->symbol, s->most);
	}
}

/* The way that waits longest is followed later. */
static void put_fork(struct proof *p, const struct question *q, bool answer)
{
	if (p->n_forks >= FORKS_MAX) {
		p->failed = true;
		return;
	}
	if (!room_for(p, &p->forks, p->n_forks, &p->fork_room,
		      sizeof(*p->forks)))
		return;
	p->forks[p->n_forks++] = (struct fork){
	    .machines = {p->machines[0], p->machines[1]},
	    .question = *q,
	    .answer = answer,
	    .undo = p->n_undo,
	};
}

/* The answer, which is assumed if it is open: the other one waits. Machines
   must be as they were before the instruction that asks. */
static bool answer(struct proof *p, const struct question *q)
{
	int known = ask(p, q);

	if (known != EITHER)
		return known == YES;
	put_fork(p, q, true);
	assume(p, q, false);
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

	symbol_address(&p->symbols, &q.symbol, &q.k);
	q.k += size;
	if (!answer(p, &q))
		return end_with(m, SYMBOL_ZERO);
	*value = symbol_load(&p->symbols, size, base, in->k);
	return true;
}

/* left == right, in the form that has the fewest operations. */
static struct question equal_question(struct proof *p, uint32_t left,
				      uint32_t right)
{
	struct symbols *s = &p->symbols;
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
	struct symbols *s = &p->symbols;
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
		    p, symbol_make(&p->symbols, SYMBOL_AND, a, other),
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
		*a = symbol_make(&p->symbols, SYMBOL_SUB, SYMBOL_ZERO, *a);
		return true;
	}
	if ((kind == SYMBOL_DIV || kind == SYMBOL_MOD) && !divides(p, m, other))
		return false;
	*a = symbol_make(&p->symbols, kind, *a, other);
	return true;
}

/* 4*([k]&0xf) */
static bool header_length(struct proof *p, struct machine *m,
			  const struct insn *in)
{
	struct symbols *s = &p->symbols;
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
		*to = symbol_length(&p->symbols);
		break;
	default:
		*to = symbol_const(&p->symbols, in->k);
	}
	return true;
}

/* Do an instruction. A machine that ends stays where it is. */
static void step(struct proof *p, struct machine *m, const struct insn *insns)
{
	const struct insn *in = &insns[m->at];
	const uint32_t other =
	    in->code & 8 ? m->regs[FROM_X] : symbol_const(&p->symbols, in->k);

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
			if (p->failed || p->symbols.failed ||
			    ++p->work > WORK_MAX)
				return false;
		}
	}
	first = p->machines[0].verdict;
	second = p->machines[1].verdict;
	return first == second ||
	       (value_of(p, first, 8, &first) &&
		value_of(p, second, 8, &second) && first == second);
}

/* Follow all ways. */
static bool same_ends(struct proof *p)
{
	while (same_end(p)) {
		const struct fork *f;

		if (p->n_forks == 0)
			return true;
		f = &p->forks[--p->n_forks];
		forget(p, f->undo);
		memcpy(p->machines, f->machines, sizeof(p->machines));
		assume(p, &f->question, f->answer);
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

	symbols_init(&p.symbols);
	if (!p.symbols.failed && known_of(&p, SYMBOL_ZERO) && !p.failed) {
		learn(&p, FACT_HAVE, SYMBOL_ZERO, caplen);
		same = same_ends(&p);
	}
	symbols_fini(&p.symbols);
	free(p.known);
	free(p.undo);
	free(p.forks);
	free(p.nots);
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
