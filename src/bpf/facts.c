/*
 * What is known of the symbols on a path. All of it is learnt step by step, and
 * forgotten in the opposite order when another path is taken.
 */
#include "bpf/facts.h"

#include <stdlib.h>

/* How many operations the value of one is computed from. */
enum { DEEP = 8 };

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

/* What is known of a symbol, which may be new. */
static struct known *known_of(struct facts *f, uint32_t symbol)
{
	struct known *more;

	if (symbol < f->n_known)
		return &f->known[symbol];
	more = realloc(f->known, f->symbols.room * sizeof(*more));
	if (!more) {
		f->failed = true;
		return &f->known[SYMBOL_ZERO];
	}
	f->known = more;
	for (; f->n_known < f->symbols.room; f->n_known++)
		f->known[f->n_known] = (struct known){
		    .hi = UINT32_MAX,
		    .lack = UINT64_MAX,
		};
	return &f->known[symbol];
}

static uint64_t most(struct facts *f, uint32_t symbol)
{
	uint64_t hi = known_of(f, symbol)->hi;

	return hi < f->symbols.all[symbol].most ? hi
						: f->symbols.all[symbol].most;
}

static uint64_t least(struct facts *f, uint32_t symbol)
{
	const struct symbol *s = &f->symbols.all[symbol];

	return s->kind == SYMBOL_CONST ? s->k : known_of(f, symbol)->lo;
}

/* Is its value known, or that of all that it is made of? */
static bool value_of(struct facts *f, uint32_t symbol, unsigned deep,
		     uint32_t *value)
{
	uint32_t left, right;

	*value = (uint32_t)least(f, symbol);
	if (*value == most(f, symbol))
		return true;
	if (!symbol_has_operands(&f->symbols.all[symbol]) || deep == 0 ||
	    !value_of(f, f->symbols.all[symbol].left, deep - 1, &left) ||
	    !value_of(f, f->symbols.all[symbol].right, deep - 1, &right))
		return false;
	*value = symbol_compute(f->symbols.all[symbol].kind, left, right);
	return true;
}

bool facts_value(struct facts *f, uint32_t symbol, uint32_t *value)
{
	return value_of(f, symbol, DEEP, value);
}

/* The place of "symbol is not k" in the table, or where it belongs. Symbol 0
   is a constant, so no entry is 0. */
static uint64_t *not_slot(const struct facts *f, uint64_t entry)
{
	size_t at = (size_t)((entry * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	while (f->nots[at & (f->nots_room - 1)] &&
	       f->nots[at & (f->nots_room - 1)] != entry)
		at++;
	return &f->nots[at & (f->nots_room - 1)];
}

static bool nots_grow(struct facts *f)
{
	uint64_t *old = f->nots;
	size_t n = f->nots_room;

	if (f->n_nots * 2 < n)
		return true;
	f->nots = calloc(n ? n * 2 : 256, sizeof(*f->nots));
	if (!f->nots) {
		f->nots = old;
		f->failed = true;
		return false;
	}
	f->nots_room = n ? n * 2 : 256;
	/* those entered last are taken out first: their order must stay */
	for (size_t i = 0; i < f->n_undo; i++)
		if (f->undo[i].fact == FACT_NOT) {
			uint64_t entry = (uint64_t)f->undo[i].symbol << 32 |
					 f->undo[i].value;

			*not_slot(f, entry) = entry;
		}
	free(old);
	return true;
}

static bool is_not(const struct facts *f, uint32_t symbol, uint64_t k)
{
	return f->nots_room && *not_slot(f, (uint64_t)symbol << 32 | k) != 0;
}

static uint64_t *fact_of(struct facts *f, enum fact fact, uint32_t symbol)
{
	struct known *k = known_of(f, symbol);

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

static void put_undo(struct facts *f, enum fact fact, uint32_t symbol,
		     uint64_t value)
{
	size_t room = f->undo_room ? f->undo_room * 2 : 64;
	struct undo *more;

	if (f->n_undo == f->undo_room) {
		more = realloc(f->undo, room * sizeof(*more));
		if (!more) {
			f->failed = true;
			return;
		}
		f->undo = more;
		f->undo_room = room;
	}
	f->undo[f->n_undo++] = (struct undo){fact, symbol, value};
}

static void learn(struct facts *f, enum fact fact, uint32_t symbol,
		  uint64_t value)
{
	uint64_t *at = fact_of(f, fact, symbol);
	bool more = fact == FACT_LO || fact == FACT_HAVE;

	if (more ? value <= *at : value >= *at)
		return;
	put_undo(f, fact, symbol, *at);
	*at = value;
}

static void learn_not(struct facts *f, uint32_t symbol, uint64_t k)
{
	uint64_t entry = (uint64_t)symbol << 32 | k;

	if (!nots_grow(f) || *not_slot(f, entry))
		return;
	put_undo(f, FACT_NOT, symbol, k);
	*not_slot(f, entry) = entry;
	f->n_nots++;
}

void facts_forget(struct facts *f, size_t since)
{
	while (f->n_undo > since) {
		const struct undo *u = &f->undo[--f->n_undo];

		if (u->fact == FACT_NOT) {
			*not_slot(f, (uint64_t)u->symbol << 32 | u->value) = 0;
			f->n_nots--;
		} else {
			*fact_of(f, u->fact, u->symbol) = u->value;
		}
	}
}

/* ---- questions ------------------------------------------------------------*/

static enum facts_answer ask_bytes(struct facts *f, uint32_t base, uint64_t end)
{
	const struct known *of = known_of(f, base), *all;
	uint64_t from = least(f, base) + end, to = most(f, base) + end;

	if (of->have >= end)
		return FACTS_YES;
	if (of->lack <= end || from > UINT32_MAX)
		return FACTS_NO;
	all = known_of(f, SYMBOL_ZERO);
	return all->have >= to	   ? FACTS_YES
	       : all->lack <= from ? FACTS_NO
				   : FACTS_EITHER;
}

enum facts_answer facts_ask(struct facts *f, const struct question *q)
{
	uint64_t lo, hi;
	uint32_t value;

	if (q->kind == ASK_BYTES)
		return ask_bytes(f, q->symbol, q->k);
	/* what was assumed comes first: both programs hear the same */
	lo = least(f, q->symbol);
	hi = most(f, q->symbol);
	if (q->kind == ASK_GREATER && (lo > q->k || hi <= q->k))
		return lo > q->k ? FACTS_YES : FACTS_NO;
	if (q->kind == ASK_EQUAL &&
	    (q->k < lo || q->k > hi || is_not(f, q->symbol, q->k)))
		return FACTS_NO;
	if (!facts_value(f, q->symbol, &value))
		return FACTS_EITHER;
	return (q->kind == ASK_EQUAL ? value == q->k : value > q->k) ? FACTS_YES
								     : FACTS_NO;
}

static void assume_bytes(struct facts *f, uint32_t base, uint64_t end, bool yes)
{
	uint64_t from = least(f, base) + end, to = most(f, base) + end;

	learn(f, yes ? FACT_HAVE : FACT_LACK, base, end);
	learn(f, yes ? FACT_HAVE : FACT_LACK, SYMBOL_ZERO, yes ? from : to);
}

void facts_assume(struct facts *f, const struct question *q, bool yes)
{
	const struct symbol *s = &f->symbols.all[q->symbol];

	if (q->kind == ASK_BYTES) {
		assume_bytes(f, q->symbol, q->k, yes);
	} else if (q->kind == ASK_GREATER) {
		learn(f, yes ? FACT_LO : FACT_HI, q->symbol, q->k + yes);
	} else if (yes) {
		learn(f, FACT_LO, q->symbol, q->k);
		learn(f, FACT_HI, q->symbol, q->k);
	} else {
		learn_not(f, q->symbol, q->k);
		if (least(f, q->symbol) == q->k)
			learn(f, FACT_LO, q->symbol, q->k + 1);
		if (most(f, q->symbol) == q->k)
			learn(f, FACT_HI, q->symbol, q->k - 1);
		/* a bit that is set */
		if (s->kind == SYMBOL_AND && q->k == 0 &&
		    (s->most & (s->most - 1)) == 0)
			learn(f, FACT_LO, q->symbol, s->most);
	}
}

bool facts_init(struct facts *f, uint32_t caplen)
{
	*f = (struct facts){0};
	symbols_init(&f->symbols);
	known_of(f, SYMBOL_ZERO);
	if (f->symbols.failed || f->failed)
		return false;
	learn(f, FACT_HAVE, SYMBOL_ZERO, caplen);
	return !f->failed;
}

void facts_fini(struct facts *f)
{
	symbols_fini(&f->symbols);
	free(f->known);
	free(f->undo);
	free(f->nots);
}
