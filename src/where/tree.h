/*
 * What an expression is parsed to: a tree whose nodes know where in the text
 * they stand, and the types that values have.
 */
#ifndef WHERE_TREE_H
#define WHERE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "decode/dissect.h"
#include "where/arena.h"

enum {
	WHERE_LENGTH = 1 << 20, /* bytes of an expression at most */
	WHERE_DEPTH = 200,	/* levels of nesting at most */
	WHERE_ENDS = 6		/* fields after one name at most */
};

enum where_type {
	WT_OPEN, /* a literal: its type is that of what it is compared with */
	WT_NONE, /* there or not, without a value */
	WT_UINT,
	WT_INT,
	WT_BOOL,
	WT_REAL,
	WT_TEXT,
	WT_BYTES,
	WT_PROTO, /* a layer's bytes: of its header, if it has one */
	WT_ETHER,
	WT_IPV4,
	WT_IPV6,
	WT_TIME, /* num: nanoseconds since 1970 */
	WT_SPAN, /* num: nanoseconds, two's complement */
	WT_TYPES
};

/* One bit of a mask of types. */
#define WT_BIT(type) (1u << (type))

enum {
	WT_WHOLE = WT_BIT(WT_UINT) | WT_BIT(WT_INT) | WT_BIT(WT_BOOL),
	WT_NUMBER = WT_WHOLE | WT_BIT(WT_REAL),
	WT_CLOCK = WT_BIT(WT_TIME) | WT_BIT(WT_SPAN),
	/* values that have bytes rather than a number */
	WT_STRETCH = WT_BIT(WT_TEXT) | WT_BIT(WT_BYTES) | WT_BIT(WT_PROTO) |
		     WT_BIT(WT_ETHER) | WT_BIT(WT_IPV6),
	WT_ANY = ~0 - WT_BIT(WT_OPEN) - WT_BIT(WT_NONE)
};

static inline bool type_in(unsigned type, unsigned mask)
{
	return WT_BIT(type) & mask;
}

/* One value; which member counts goes with its type. */
struct where_value {
	uint32_t len;	/* of bytes */
	uint32_t whole; /* WT_PROTO: with all that the layer carries */
	union {
		uint64_t num;
		double real;
		const uint8_t *bytes;
	};
};

/* What a name is: a field, both fields of two ends, or a protocol. */
struct where_name {
	const char *name;
	const struct field *row; /* of the first field; NULL: a protocol */
	uint16_t numbers[WHERE_ENDS];
	const char *layer; /* of a protocol: what its layers are called */
	uint8_t n;	   /* fields; 0: a protocol */
	uint8_t proto;	   /* enum proto_id */
	uint8_t type;	   /* enum where_type */
	bool as_text;	   /* the values' text is meant: ip.host */
	bool two_ended;	   /* has the values of both ends */
};

/* One piece of a slice, or of the layers that # asks for. */
struct where_range {
	enum { RANGE_LENGTH, RANGE_LAST, RANGE_TO_END } kind;
	int32_t from; /* negative: from the end */
	int32_t to;   /* how many, or the last one; negative: from the end */
};

struct where_ranges {
	unsigned n;
	struct where_range item[];
};

/* What an operator is; where_operators[] has how they are spelt. */
enum where_op {
	OP_NONE,
	OP_AND,
	OP_XOR,
	OP_OR,
	OP_NOT,
	OP_EQ,
	OP_NE,
	OP_ALL_EQ,
	OP_ANY_NE,
	OP_GT,
	OP_GE,
	OP_LT,
	OP_LE,
	OP_CONTAINS,
	OP_MATCHES,
	OP_IN,
	OP_ANY,
	OP_ALL,
	OP_BITAND,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_MOD
};

enum where_kind {
	/* conditions */
	NODE_AND,
	NODE_OR,
	NODE_XOR,
	NODE_NOT,
	NODE_COMPARE,
	NODE_CONTAINS,
	NODE_MATCHES,
	NODE_IN,    /* the value, then the members; nodes of kind RANGE too */
	NODE_TRUTH, /* of the value */
	/* values */
	NODE_WORD,   /* a literal without quotes */
	NODE_STRING, /* "..." */
	NODE_CHAR,   /* '.' */
	NODE_CONST,  /* a literal, once its type is known */
	NODE_NAME,
	NODE_SLICE,
	NODE_CALL,
	NODE_ARITH,
	NODE_NEGATE,
	NODE_RANGE /* .. in a set */
};

/* Which values a comparison is about where there are several. */
enum where_quant { QUANT_DEFAULT, QUANT_ANY, QUANT_ALL };

struct where_function;

struct where_node {
	uint8_t kind;  /* enum where_kind */
	uint8_t type;  /* enum where_type, of values */
	uint8_t op;    /* enum where_op */
	uint8_t quant; /* enum where_quant */
	uint16_t depth;
	bool raw;	  /* @: the bytes of the packet */
	bool negate;	  /* not in */
	bool paren;	  /* a condition in parentheses */
	uint32_t at, len; /* its text */
	uint32_t n_kids;
	struct where_node **kids;
	union {
		struct {
			const char *text; /* WORD, STRING, CHAR */
			size_t n;
		} lit;
		struct {
			struct where_value low, high;
		} value; /* CONST: all of a prefix's addresses */
		struct {
			const struct where_name *name;
			const struct where_ranges *layers; /* NULL: all */
		} field;
		const struct where_ranges *slice;
		const struct where_function *function;
		/* IN and COMPARE with names that have several values: sorted */
		struct where_set *set;
	};
};

/* The text and what is made of it, while that is being made. */
struct where_source {
	const char *text;
	size_t len;
	/* With macros: what was typed, and where each byte of text was; else
	   NULL. */
	const char *typed;
	size_t typed_len;
	const struct where_spot *spots;
	struct arena *arena;
	struct err *err;
	const struct where_names *names;
};

/* A node of that kind with n kids to be filled in; NULL: no memory. */
struct where_node *node_new(struct where_source *s, enum where_kind kind,
			    uint32_t n_kids);

/* Say what is wrong with a part of the text. Returns false. */
bool source_fail(struct where_source *s, size_t at, size_t n,
		 const char *format, ...) PRINTF_LIKE(4, 5);

/* The same of a part of what was typed, where it came to be in that macro;
   NULL: in none. */
bool source_tell(struct where_source *s, const char *macro, size_t at, size_t n,
		 const char *text);

/* The name of a type, with its article: for messages. */
const char *type_title(enum where_type type);

/* Is a comparison about all values, not any? */
static inline bool node_wants_all(const struct where_node *node)
{
	if (node->quant)
		return node->quant == QUANT_ALL;
	if (node->kind == NODE_IN)
		return node->negate;
	return node->op == OP_NE || node->op == OP_ALL_EQ;
}

/* Is the node a literal whose type is not known? */
static inline bool node_is_literal(const struct where_node *node)
{
	return node->kind == NODE_WORD || node->kind == NODE_STRING ||
	       node->kind == NODE_CHAR;
}

#endif
