/*
 * The values of a filter program as expressions of the packet's bytes: each
 * different one has a number. Equal numbers are equal values; different ones
 * may be equal, too.
 */
#ifndef BPF_SYMBOLS_H
#define BPF_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum symbol_kind {
	SYMBOL_CONST,  /* k */
	SYMBOL_LENGTH, /* of the packet on the wire */
	SYMBOL_LOAD_1, /* a byte at left + k, which may be beyond 2^32 */
	SYMBOL_LOAD_2,
	SYMBOL_LOAD_4,
	SYMBOL_ADD, /* left + right, modulo 2^32, as all that follows */
	SYMBOL_SUB,
	SYMBOL_MUL,
	SYMBOL_DIV, /* right is not 0 */
	SYMBOL_MOD,
	SYMBOL_OR,
	SYMBOL_AND,
	SYMBOL_XOR,
	SYMBOL_LSH, /* 0 where right is over 31 */
	SYMBOL_RSH,
	SYMBOL_EQUAL,	/* 1 or 0; of neither side's are constants */
	SYMBOL_GREATER, /* left > right */
};

struct symbol {
	enum symbol_kind kind;
	uint32_t left, right;
	uint64_t k;
	uint32_t most; /* it is never more */
};

struct symbols {
	struct symbol *all;
	uint32_t n, room;
	uint32_t *table; /* of hashes: a number + 1, or 0 */
	uint32_t slots;
	bool failed; /* no memory, or too many; numbers are 0 then */
};

/* The number of the constant 0. */
#define SYMBOL_ZERO 0

void symbols_init(struct symbols *);
void symbols_fini(struct symbols *);

uint32_t symbol_const(struct symbols *, uint32_t k);
uint32_t symbol_length(struct symbols *);
/* The load of size bytes (4, 2, 1) at base + k. */
uint32_t symbol_load(struct symbols *, unsigned size, uint32_t base,
		     uint64_t k);
/* What an operation on two values is, in its simplest form. */
uint32_t symbol_make(struct symbols *, enum symbol_kind, uint32_t left,
		     uint32_t right);

/* What the operation makes of two numbers. */
uint32_t symbol_compute(enum symbol_kind, uint32_t left, uint32_t right);

/* Split base + k so that constants are in k, where base cannot overflow. */
void symbol_address(const struct symbols *, uint32_t *base, uint64_t *k);

static inline bool symbol_is_const(const struct symbols *s, uint32_t i)
{
	return s->all[i].kind == SYMBOL_CONST;
}

/* Is it an operation on left and right? */
static inline bool symbol_has_operands(const struct symbol *s)
{
	return s->kind >= SYMBOL_ADD;
}

#endif
