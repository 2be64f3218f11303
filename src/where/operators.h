/* The one table of operators, and what the words of an expression are. */
#ifndef WHERE_OPERATORS_H
#define WHERE_OPERATORS_H

#include "where/tree.h"

/* What can follow an operator, and what it joins. */
enum operator_class {
	CLASS_LOGIC,
	CLASS_COMPARE,
	CLASS_TEST, /* contains, matches, in */
	CLASS_QUANT,
	CLASS_BITAND,
	CLASS_SUM,
	CLASS_PRODUCT
};

struct where_operator {
	const char *text, *word, *other; /* NULL: no such spelling */
	uint8_t op;			 /* enum where_op */
	uint8_t class;			 /* enum operator_class */
	const char *title;		 /* for people */
};

extern const struct where_operator where_operators[];
extern const size_t where_operator_count;

/* The longest operator made of signs at text, and its length; NULL: none. */
const struct where_operator *operator_sign(const char *text, size_t len,
					   size_t *n);

/* The one that is spelt like this word; NULL: none. */
const struct where_operator *operator_word(const char *word, size_t n);

/* The row of an operator. */
const struct where_operator *operator_row(enum where_op op);

/* The operator with its sides changed: < for >. */
enum where_op operator_mirror(enum where_op op);

#endif
