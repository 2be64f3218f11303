/* Owns the expressions, each in one form only. */
#include "bpf/symbols.h"

#include <stdlib.h>
#include <string.h>

/* No real filter has more expressions. */
#define SYMBOLS_MAX (1U << 18)

void symbols_init(struct symbols *s)
{
	memset(s, 0, sizeof(*s));
	symbol_const(s, 0);
}

void symbols_fini(struct symbols *s)
{
	free(s->all);
	free(s->table);
	memset(s, 0, sizeof(*s));
}

static uint32_t hash_of(const struct symbol *e)
{
	uint64_t h = e->k * UINT64_C(0x9e3779b97f4a7c15);

	h = (h ^ (uint64_t)e->left << 32 ^ e->right ^ (uint64_t)e->kind << 25) *
	    UINT64_C(0xd6e8feb86659fd93);
	return (uint32_t)(h >> 32);
}

static bool same(const struct symbol *a, const struct symbol *b)
{
	return a->kind == b->kind && a->left == b->left &&
	       a->right == b->right && a->k == b->k;
}

/* The place of e in the table, or that where it belongs. */
static uint32_t *slot_of(const struct symbols *s, const struct symbol *e)
{
	uint32_t at = hash_of(e);

	while (s->table[at & (s->slots - 1)] &&
	       !same(&s->all[s->table[at & (s->slots - 1)] - 1], e))
		at++;
	return &s->table[at & (s->slots - 1)];
}

/* Room for one more, in a table that is at most half full. */
static bool grow(struct symbols *s)
{
	uint32_t room = s->room ? s->room * 2 : 64;
	struct symbol *all = NULL;
	uint32_t *table;

	if (s->n < s->room)
		return true;
	if (room <= SYMBOLS_MAX)
		all = realloc(s->all, room * sizeof(*all));
	if (!all)
		return false;
	s->all = all;
	table = calloc((size_t)room * 2, sizeof(*table));
	if (!table)
		return false;
	free(s->table);
	s->table = table;
	s->room = room;
	s->slots = room * 2;
	for (uint32_t i = 0; i < s->n; i++)
		*slot_of(s, &s->all[i]) = i + 1;
	return true;
}

static uint32_t find(struct symbols *s, const struct symbol *e)
{
	uint32_t *slot;

	if (s->failed || !grow(s)) {
		s->failed = true;
		return SYMBOL_ZERO;
	}
	slot = slot_of(s, e);
	if (!*slot) {
		s->all[s->n] = *e;
		*slot = ++s->n;
	}
	return *slot - 1;
}

uint32_t symbol_const(struct symbols *s, uint32_t k)
{
	const struct symbol e = {.kind = SYMBOL_CONST, .k = k, .most = k};

	return find(s, &e);
}

uint32_t symbol_length(struct symbols *s)
{
	const struct symbol e = {.kind = SYMBOL_LENGTH, .most = UINT32_MAX};

	return find(s, &e);
}

void symbol_address(const struct symbols *s, uint32_t *base, uint64_t *k)
{
	const struct symbol *e = &s->all[*base];

	if (e->kind == SYMBOL_CONST) {
		*k += e->k;
		*base = SYMBOL_ZERO;
	} else if (e->kind == SYMBOL_ADD && symbol_is_const(s, e->right) &&
		   s->all[e->left].most + s->all[e->right].k <= UINT32_MAX) {
		*k += s->all[e->right].k;
		*base = e->left;
	}
}

uint32_t symbol_load(struct symbols *s, unsigned size, uint32_t base,
		     uint64_t k)
{
	struct symbol e = {.kind = size == 1   ? SYMBOL_LOAD_1
				   : size == 2 ? SYMBOL_LOAD_2
					       : SYMBOL_LOAD_4,
			   .k = k,
			   .left = base,
			   .most = UINT32_MAX >> (32 - 8 * size)};

	symbol_address(s, &e.left, &e.k);
	return find(s, &e);
}

uint32_t symbol_compute(enum symbol_kind kind, uint32_t left, uint32_t right)
{
	switch (kind) {
	case SYMBOL_ADD:
		return left + right;
	case SYMBOL_SUB:
		return left - right;
	case SYMBOL_MUL:
		return left * right;
	case SYMBOL_DIV:
		return right ? left / right : 0;
	case SYMBOL_MOD:
		return right ? left % right : 0;
	case SYMBOL_OR:
		return left | right;
	case SYMBOL_AND:
		return left & right;
	case SYMBOL_XOR:
		return left ^ right;
	case SYMBOL_LSH:
		return right < 32 ? left << right : 0;
	case SYMBOL_RSH:
		return right < 32 ? left >> right : 0;
	case SYMBOL_EQUAL:
		return left == right;
	case SYMBOL_GREATER:
		return left > right;
	default:
		return 0;
	}
}

/* What the operation on left and the constant k never exceeds. */
static uint32_t most_of(const struct symbols *s, enum symbol_kind kind,
			uint32_t left, uint32_t right)
{
	uint64_t most = s->all[left].most, k = s->all[right].most;

	switch (kind) {
	case SYMBOL_EQUAL:
	case SYMBOL_GREATER:
		return 1;
	case SYMBOL_AND:
		return (uint32_t)(most < k ? most : k);
	case SYMBOL_ADD:
		return most + k <= UINT32_MAX ? (uint32_t)(most + k)
					      : UINT32_MAX;
	case SYMBOL_DIV:
		return (uint32_t)most;
	case SYMBOL_MOD:
		return (uint32_t)(most < k - 1 ? most : k - 1);
	case SYMBOL_LSH:
		if (symbol_is_const(s, right) && k < 32 &&
		    most << k <= UINT32_MAX)
			return (uint32_t)(most << k);
		return UINT32_MAX;
	case SYMBOL_RSH:
		return (uint32_t)(symbol_is_const(s, right) && k < 32
				      ? most >> k
				      : most);
	default:
		return UINT32_MAX;
	}
}

static bool commutes(enum symbol_kind kind)
{
	return kind == SYMBOL_ADD || kind == SYMBOL_MUL || kind == SYMBOL_OR ||
	       kind == SYMBOL_AND || kind == SYMBOL_XOR || kind == SYMBOL_EQUAL;
}

/* With the constant k on the right: is it left itself, or 0? */
static bool is_trivial(const struct symbols *s, enum symbol_kind kind,
		       uint32_t left, uint32_t k, uint32_t *is)
{
	*is = left;
	switch (kind) {
	case SYMBOL_ADD:
	case SYMBOL_OR:
	case SYMBOL_XOR:
	case SYMBOL_LSH:
	case SYMBOL_RSH:
		return k == 0;
	case SYMBOL_DIV:
		return k == 1;
	case SYMBOL_MUL:
		*is = k == 0 ? SYMBOL_ZERO : left;
		return k < 2;
	case SYMBOL_AND:
		*is = k == 0 ? SYMBOL_ZERO : left;
		/* all bits that there can be */
		return k == 0 || ((k & (k + 1)) == 0 && s->all[left].most <= k);
	default:
		return false;
	}
}

/* With a constant on the right of an operation with a constant. */
static uint32_t with_const(struct symbols *s, enum symbol_kind kind,
			   uint32_t left, uint32_t k)
{
	struct symbol e = {.kind = kind, .left = left};
	uint32_t is;

	if (symbol_is_const(s, left))
		return symbol_const(
		    s, symbol_compute(kind, (uint32_t)s->all[left].k, k));
	if (is_trivial(s, kind, left, k, &is))
		return is;
	if ((kind == SYMBOL_ADD || kind == SYMBOL_AND) &&
	    s->all[left].kind == kind &&
	    symbol_is_const(s, s->all[left].right)) {
		uint32_t inner = (uint32_t)s->all[s->all[left].right].k;

		return with_const(s, kind, s->all[left].left,
				  symbol_compute(kind, inner, k));
	}
	e.right = symbol_const(s, k);
	e.most = most_of(s, kind, left, e.right);
	return find(s, &e);
}

/* x of x + k, and k. */
static uint32_t strip_sum(const struct symbols *s, uint32_t i, uint32_t *k)
{
	const struct symbol *e = &s->all[i];

	*k = 0;
	if (e->kind != SYMBOL_ADD || !symbol_is_const(s, e->right))
		return i;
	*k = (uint32_t)s->all[e->right].k;
	return e->left;
}

uint32_t symbol_make(struct symbols *s, enum symbol_kind kind, uint32_t left,
		     uint32_t right)
{
	struct symbol e = {.kind = kind, .left = left, .right = right};
	uint32_t k, more;

	if (commutes(kind) && (symbol_is_const(s, left) ||
			       (!symbol_is_const(s, right) && left > right))) {
		e.left = right;
		e.right = left;
	}
	if (symbol_is_const(s, e.right)) {
		k = (uint32_t)s->all[e.right].k;
		if (kind == SYMBOL_SUB)
			return with_const(s, SYMBOL_ADD, e.left, 0 - k);
		return with_const(s, kind, e.left, k);
	}
	if (kind == SYMBOL_ADD) {
		left = strip_sum(s, e.left, &k);
		right = strip_sum(s, e.right, &more);
		if (k || more)
			return with_const(s, kind,
					  symbol_make(s, kind, left, right),
					  k + more);
	}
	e.most = most_of(s, kind, e.left, e.right);
	return find(s, &e);
}
