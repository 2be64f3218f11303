/* Computing with values, and their order. */
#include "where/arith.h"

#include <math.h>
#include <string.h>

#include "where/run.h"

static bool is_signed(enum where_type type)
{
	return type == WT_INT || type == WT_TIME || type == WT_SPAN;
}

struct where_value value_as(enum where_type from, struct where_value v,
			    enum where_type to)
{
	if (to != WT_REAL || from == WT_REAL)
		return v;
	if (from == WT_TIME || from == WT_SPAN)
		v.real = (double)(int64_t)v.num / 1e9;
	else if (from == WT_INT)
		v.real = (double)(int64_t)v.num;
	else
		v.real = (double)v.num;
	return v;
}

struct where_value value_negated(enum where_type from, struct where_value a,
				 enum where_type type)
{
	(void)type;
	if (from == WT_REAL)
		a.real = -a.real;
	else
		a.num = -a.num;
	return a;
}

/* Numbers that are too large give no result. */
static bool compute_real(enum where_op op, double a, double b, double *result)
{
	switch (op) {
	case OP_ADD:
		*result = a + b;
		break;
	case OP_SUB:
		*result = a - b;
		break;
	case OP_MUL:
		*result = a * b;
		break;
	case OP_DIV:
		*result = a / b;
		break;
	case OP_MOD:
		*result = fmod(a, b);
		break;
	default:
		return false;
	}
	return isfinite(*result);
}

static bool compute_signed(enum where_op op, int64_t a, int64_t b,
			   int64_t *result)
{
	switch (op) {
	case OP_BITAND:
		*result = a & b;
		return true;
	case OP_ADD:
		return !__builtin_add_overflow(a, b, result);
	case OP_SUB:
		return !__builtin_sub_overflow(a, b, result);
	case OP_MUL:
		return !__builtin_mul_overflow(a, b, result);
	default:
		if (b == 0 || (a == INT64_MIN && b == -1))
			return false;
		*result = op == OP_DIV ? a / b : a % b;
		return true;
	}
}

static bool compute_unsigned(enum where_op op, uint64_t a, uint64_t b,
			     uint64_t *result)
{
	switch (op) {
	case OP_BITAND:
		*result = a & b;
		return true;
	case OP_ADD:
		return !__builtin_add_overflow(a, b, result);
	case OP_MUL:
		return !__builtin_mul_overflow(a, b, result);
	default:
		if (b == 0)
			return false;
		*result = op == OP_DIV ? a / b : a % b;
		return true;
	}
}

bool value_computed(enum where_op op, enum where_type ta, struct where_value a,
		    enum where_type tb, struct where_value b,
		    enum where_type type, struct where_value *result)
{
	int64_t num;

	*result = (struct where_value){.len = 0};
	if (type == WT_REAL)
		return compute_real(op, value_as(ta, a, WT_REAL).real,
				    value_as(tb, b, WT_REAL).real,
				    &result->real);
	if (!is_signed(type))
		return compute_unsigned(op, a.num, b.num, &result->num);
	/* what is beyond the signed numbers has no place here */
	if ((!is_signed(ta) && a.num > INT64_MAX) ||
	    (!is_signed(tb) && b.num > INT64_MAX))
		return false;
	if (!compute_signed(op, (int64_t)a.num, (int64_t)b.num, &num))
		return false;
	result->num = (uint64_t)num;
	return true;
}

static int order_bytes(const struct where_value *a, const struct where_value *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int order = n ? memcmp(a->bytes, b->bytes, n) : 0;

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

int value_order(enum where_type a, const struct where_value *va,
		enum where_type b, const struct where_value *vb)
{
	bool minus_a = is_signed(a) && (int64_t)va->num < 0;
	bool minus_b = is_signed(b) && (int64_t)vb->num < 0;
	double x, y;

	if (type_in(a, WT_STRETCH))
		return order_bytes(va, vb);
	if (a == WT_REAL || b == WT_REAL) {
		x = value_as(a, *va, WT_REAL).real;
		y = value_as(b, *vb, WT_REAL).real;
		return (x > y) - (x < y);
	}
	if (minus_a != minus_b)
		return minus_a ? -1 : 1;
	/* two's complement keeps the order of negative numbers */
	return (va->num > vb->num) - (va->num < vb->num);
}
