/* Operators: how they are spelt and what they are for. */
#include "where/operators.h"

#include <string.h>

#include "base/array.h"

const struct where_operator where_operators[] = {
    {"!", "not", NULL, OP_NOT, CLASS_LOGIC, "the condition does not hold"},
    {"&&", "and", NULL, OP_AND, CLASS_LOGIC, "both hold"},
    {"^^", "xor", NULL, OP_XOR, CLASS_LOGIC, "exactly one holds"},
    {"||", "or", NULL, OP_OR, CLASS_LOGIC, "at least one holds"},
    {"==", "eq", "any_eq", OP_EQ, CLASS_COMPARE, "a value is equal"},
    {"!=", "ne", "all_ne", OP_NE, CLASS_COMPARE, "all values differ"},
    {"===", "all_eq", NULL, OP_ALL_EQ, CLASS_COMPARE, "all values are equal"},
    {"!==", "any_ne", "~=", OP_ANY_NE, CLASS_COMPARE, "a value differs"},
    {">", "gt", NULL, OP_GT, CLASS_COMPARE, "greater"},
    {">=", "ge", NULL, OP_GE, CLASS_COMPARE, "greater or equal"},
    {"<", "lt", NULL, OP_LT, CLASS_COMPARE, "less"},
    {"<=", "le", NULL, OP_LE, CLASS_COMPARE, "less or equal"},
    {NULL, "contains", NULL, OP_CONTAINS, CLASS_TEST,
     "has these bytes or this text inside"},
    {"~", "matches", NULL, OP_MATCHES, CLASS_TEST,
     "matches this regular expression"},
    {NULL, "in", NULL, OP_IN, CLASS_TEST, "is a member of a set"},
    {NULL, "any", NULL, OP_ANY, CLASS_QUANT, "for at least one value"},
    {NULL, "all", NULL, OP_ALL, CLASS_QUANT, "for all values"},
    {"&", "bitand", "bitwise_and", OP_BITAND, CLASS_BITAND, "bits of both"},
    {"+", NULL, NULL, OP_ADD, CLASS_SUM, "sum"},
    {"-", NULL, NULL, OP_SUB, CLASS_SUM, "difference"},
    {"*", NULL, NULL, OP_MUL, CLASS_PRODUCT, "product"},
    {"/", NULL, NULL, OP_DIV, CLASS_PRODUCT, "quotient"},
    {"%", NULL, NULL, OP_MOD, CLASS_PRODUCT, "remainder"},
};

const size_t where_operator_count = ARRAY_LEN(where_operators);

const struct where_operator *operator_sign(const char *text, size_t len,
					   size_t *n)
{
	const struct where_operator *best = NULL;
	size_t i, k, size;

	*n = 0;
	if (len == 0 || (*text >= 'a' && *text <= 'z'))
		return NULL;
	for (i = 0; i < where_operator_count; i++) {
		const struct where_operator *row = &where_operators[i];
		const char *const forms[] = {row->text, row->other};

		for (k = 0; k < 2; k++) {
			if (!forms[k] || *forms[k] != *text)
				continue;
			size = strlen(forms[k]);
			if (size > *n && size <= len &&
			    !memcmp(forms[k], text, size)) {
				best = row;
				*n = size;
			}
		}
	}
	return best;
}

/* The word is not empty. */
static bool is_word(const char *spelling, const char *word, size_t n)
{
	return spelling && *spelling == *word && strlen(spelling) == n &&
	       !memcmp(spelling, word, n);
}

const struct where_operator *operator_word(const char *word, size_t n)
{
	size_t i;

	/* most words are numbers */
	if (n == 0 || *word < 'a' || *word > 'z')
		return NULL;
	for (i = 0; i < where_operator_count; i++)
		if (is_word(where_operators[i].word, word, n) ||
		    is_word(where_operators[i].other, word, n))
			return &where_operators[i];
	return NULL;
}

const struct where_operator *operator_row(enum where_op op)
{
	size_t i;

	for (i = 0; i < where_operator_count; i++)
		if (where_operators[i].op == op)
			return &where_operators[i];
	return NULL;
}

enum where_op operator_mirror(enum where_op op)
{
	switch (op) {
	case OP_GT:
		return OP_LT;
	case OP_GE:
		return OP_LE;
	case OP_LT:
		return OP_GT;
	case OP_LE:
		return OP_GE;
	default:
		return op;
	}
}
