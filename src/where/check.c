/* Checking from the leaves up; literals get their type from the other side. */
#include "where/check.h"

#include <ctype.h>
#include <string.h>

#include "where/arith.h"
#include "where/functions.h"
#include "where/literal.h"
#include "where/names.h"
#include "where/operators.h"
#include "where/regex.h"
#include "where/set.h"

struct checker {
	struct where_source *source;
	struct str *notes;
	unsigned told; /* which notes, a bit each */
};

enum { TOLD_NOT_EQUAL = 1, TOLD_ANY_NE = 2, TOLD_BOOLEAN = 4 };

static bool fail_node(struct checker *c, const struct where_node *node,
		      const char *what)
{
	return source_fail(c->source, node->at, node->len, "%s", what);
}

/* ---- values ------------------------------------------------------------- */

static bool check_value(struct checker *c, struct where_node *node);
static bool coerce(struct checker *c, struct where_node *node,
		   enum where_type type, const struct field *row, bool real);

/* The field whose names of values, and whose width, the node's values have. */
static const struct field *row_of(const struct where_node *node)
{
	return node->kind == NODE_NAME && !node->raw ? node->field.name->row
						     : NULL;
}

static bool is_open(const struct where_node *node)
{
	return node->type == WT_OPEN;
}

static bool check_name(struct checker *c, struct where_node *node)
{
	const struct where_name *name = node->field.name;
	const struct field *row = name->row;

	node->type = name->type;
	if (!node->raw)
		return true;
	if (row && (name->type == WT_NONE || name->as_text || row->mask ||
		    (!type_in(name->type, WT_STRETCH | WT_BIT(WT_IPV4)) &&
		     (!row->width || type_in(name->type, WT_CLOCK)))))
		return fail_node(c, node,
				 "this field has no bytes of its own in "
				 "packets");
	node->type = WT_BYTES;
	return true;
}

static bool check_slice(struct checker *c, struct where_node *node)
{
	struct where_node *kid = node->kids[0];

	if (!check_value(c, kid))
		return false;
	if (is_open(kid) || !type_in(kid->type, WT_STRETCH | WT_BIT(WT_IPV4)))
		return fail_node(c, kid,
				 "only text, bytes, addresses and protocols "
				 "can be sliced");
	node->type = WT_BYTES;
	return true;
}

/* The common type of numbers. */
static enum where_type joint_type(enum where_type a, enum where_type b)
{
	if (a == WT_REAL || b == WT_REAL)
		return WT_REAL;
	return a == WT_INT || b == WT_INT ? WT_INT : WT_UINT;
}

static bool unknown_literal(struct checker *c, const struct where_node *node)
{
	const char *near = NULL, *text = node->lit.text;
	size_t n = node->lit.n;

	if (node->kind == NODE_WORD && c->source->err) {
		near = field_names_nearest(c->source->names, text, n);
		if (near)
			return source_fail(c->source, node->at, node->len,
					   "unknown field; did you mean '%s'?",
					   near);
		if (memchr(text, '.', n) || !(text[0] >= '0' && text[0] <= '9'))
			return source_fail(c->source, node->at, node->len,
					   "unknown field ('pcaptool list "
					   "fields' has all)");
	}
	return fail_node(c, node, "a field expected here, not a value");
}

/* Is it a word other than a number, where a field could be? */
static bool is_misspelt(const struct where_node *node)
{
	return node->kind == NODE_WORD &&
	       isalpha((unsigned char)node->lit.text[0]);
}

/* The arguments that are literals get the type of the others. */
static bool check_args(struct checker *c, struct where_node *node)
{
	const struct where_function *f = node->function;
	enum where_type known = WT_OPEN;
	uint32_t i;

	for (i = 0; i < node->n_kids; i++) {
		if (!check_value(c, node->kids[i]))
			return false;
		if (!is_open(node->kids[i]) && known == WT_OPEN)
			known = node->kids[i]->type;
	}
	if (known == WT_OPEN && is_misspelt(node->kids[0]))
		return unknown_literal(c, node->kids[0]);
	if (known == WT_OPEN)
		known = f->args & WT_BIT(WT_INT)    ? WT_INT
			: f->args & WT_BIT(WT_IPV4) ? WT_IPV4
						    : WT_TEXT;
	for (i = 0; i < node->n_kids; i++) {
		struct where_node *kid = node->kids[i];

		if (is_open(kid) && !coerce(c, kid, known, NULL, true))
			return false;
		if (!type_in(kid->type, f->args))
			return source_fail(c->source, kid->at, kid->len,
					   "%s() does not take %s", f->name,
					   type_title(kid->type));
	}
	return true;
}

static bool check_call(struct checker *c, struct where_node *node)
{
	const struct where_function *f = node->function;
	uint32_t i;

	if (!check_args(c, node))
		return false;
	node->type = f->result ? f->result : node->kids[0]->type;
	for (i = 1; !f->result && i < node->n_kids; i++) {
		unsigned type = node->kids[i]->type;

		if (type_in(node->type, WT_NUMBER) && type_in(type, WT_NUMBER))
			node->type = (uint8_t)joint_type(node->type, type);
		else if (type != node->type)
			return fail_node(c, node->kids[i],
					 "of another type than the argument "
					 "before");
	}
	if (node->type == WT_BOOL && !f->result)
		node->type = WT_UINT;
	if (!strcmp(f->name, "vals") &&
	    (!row_of(node->kids[0]) || !row_of(node->kids[0])->names))
		return fail_node(c, node->kids[0],
				 "the values of this have no names");
	if (!strcmp(f->name, "len") && row_of(node->kids[0]) &&
	    type_in(node->kids[0]->type, WT_WHOLE) &&
	    !row_of(node->kids[0])->width)
		return fail_node(c, node->kids[0],
				 "this number has no length in packets");
	return true;
}

/* Both sides have types: which one has the result? WT_OPEN: they do not go
   together. */
static enum where_type arith_type(enum where_op op, enum where_type a,
				  enum where_type b)
{
	bool sum = op == OP_ADD || op == OP_SUB;

	if (op == OP_BITAND && type_in(a, WT_STRETCH) && type_in(b, WT_STRETCH))
		return WT_BYTES;
	if (op == OP_BITAND && (a == WT_REAL || b == WT_REAL))
		return WT_OPEN;
	if (type_in(a, WT_NUMBER) && type_in(b, WT_NUMBER))
		return op == OP_SUB && joint_type(a, b) != WT_REAL
			   ? WT_INT
			   : joint_type(a, b);
	if (a == WT_SPAN && b == WT_SPAN && sum)
		return WT_SPAN;
	if (a == WT_TIME && b == WT_SPAN && sum)
		return WT_TIME;
	if (a == WT_SPAN && b == WT_TIME && op == OP_ADD)
		return WT_TIME;
	return a == WT_TIME && b == WT_TIME && op == OP_SUB ? WT_SPAN : WT_OPEN;
}

static bool check_arith(struct checker *c, struct where_node *node)
{
	struct where_node *a = node->kids[0], *b = node->kids[1];
	enum where_type type;

	if (!check_value(c, a) || !check_value(c, b))
		return false;
	if (is_open(a) && is_open(b))
		return true; /* what it is compared with decides */
	if (is_open(a) || is_open(b)) {
		type = is_open(a) ? b->type : a->type;
		if (type == WT_TIME)
			type = WT_SPAN;
		if (!coerce(c, is_open(a) ? a : b, type, NULL, true))
			return false;
	}
	node->type = (uint8_t)arith_type(node->op, a->type, b->type);
	if (!is_open(node))
		return true;
	return source_fail(c->source, node->at, node->len,
			   "%s cannot be computed of these",
			   operator_row(node->op)->text);
}

static bool check_negate(struct checker *c, struct where_node *node)
{
	struct where_node *kid = node->kids[0];

	if (!check_value(c, kid))
		return false;
	if (is_open(kid))
		return true;
	node->type =
	    kid->type == WT_REAL || kid->type == WT_SPAN ? kid->type : WT_INT;
	if (type_in(kid->type, WT_NUMBER | WT_BIT(WT_SPAN)))
		return true;
	return fail_node(c, kid, "a number expected after a sign");
}

static bool check_value(struct checker *c, struct where_node *node)
{
	switch (node->kind) {
	case NODE_NAME:
		return check_name(c, node);
	case NODE_SLICE:
		return check_slice(c, node);
	case NODE_CALL:
		return check_call(c, node);
	case NODE_ARITH:
		return check_arith(c, node);
	case NODE_NEGATE:
		return check_negate(c, node);
	default:
		return true; /* literals, and what has been made of them */
	}
}

/* Compute what is known already. */
static bool fold(struct checker *c, struct where_node *node)
{
	const struct where_node *a = node->kids[0], *b = NULL;
	struct where_value v;

	if (node->kind == NODE_ARITH)
		b = node->kids[1];
	if (a->kind != NODE_CONST || (b && b->kind != NODE_CONST) ||
	    !type_in(node->type, WT_NUMBER | WT_CLOCK))
		return true;
	if (!b)
		v = value_negated(a->type, a->value.low, node->type);
	else if (!value_computed(node->op, a->type, a->value.low, b->type,
				 b->value.low, node->type, &v))
		return fail_node(c, node, "this has no result");
	node->kind = NODE_CONST;
	node->n_kids = 0;
	node->value.low = node->value.high = v;
	return true;
}

/* Give a value that has none the type. */
static bool coerce(struct checker *c, struct where_node *node,
		   enum where_type type, const struct field *row, bool real)
{
	struct where_node *a, *b;

	if (type == WT_NONE)
		return fail_node(c, node,
				 "the field on the other side has no value to "
				 "compare with");
	if (node_is_literal(node) ||
	    (node->kind == NODE_NEGATE && node_is_literal(node->kids[0])))
		return literal_convert(c->source, node, type, row, real);
	a = node->kids[0];
	if (!coerce(c, a, type, NULL, true))
		return false;
	if (node->kind == NODE_NEGATE) {
		node->type = a->type == WT_UINT ? WT_INT : a->type;
		return fold(c, node);
	}
	b = node->kids[1];
	if (!coerce(c, b, type == WT_TIME ? WT_SPAN : type, NULL, true))
		return false;
	node->type = (uint8_t)arith_type(node->op, a->type, b->type);
	if (is_open(node))
		return source_fail(c->source, node->at, node->len,
				   "%s cannot be computed of these",
				   operator_row(node->op)->text);
	return fold(c, node);
}

/* ---- conditions --------------------------------------------------------- */

/* Do values of these types have an order? */
static bool comparable(unsigned a, unsigned b)
{
	return (type_in(a, WT_NUMBER) && type_in(b, WT_NUMBER)) ||
	       (type_in(a, WT_STRETCH) && type_in(b, WT_STRETCH)) ||
	       (a == b && a != WT_NONE);
}

static bool no_field(struct checker *c, const struct where_node *node)
{
	while (node->n_kids)
		node = node->kids[0];
	return unknown_literal(c, node);
}

/* A name of several values: equal to one of them. */
static bool compare_names(struct checker *c, struct where_node *node,
			  const struct field *row)
{
	const struct where_node *lit = node->kids[1];
	const struct names *from = row->names;
	struct where_value v = {0};

	if (node->op != OP_EQ && node->op != OP_NE && node->op != OP_ALL_EQ &&
	    node->op != OP_ANY_NE)
		return fail_node(c, lit,
				 "several values have this name: only == and "
				 "!= can be asked");
	node->kind = NODE_IN;
	node->negate = node->op == OP_NE || node->op == OP_ANY_NE;
	if (!node->quant)
		node->quant = node->op == OP_EQ || node->op == OP_ANY_NE
				  ? QUANT_ANY
				  : QUANT_ALL;
	node->set = set_new(c->source->arena, WT_UINT, literal_names(lit, row));
	if (!node->set)
		return err_nomem(c->source->err, "expression");
	while (literal_next_name(lit, row, &from, &v.num))
		set_add(node->set, v, v);
	node->n_kids = 1;
	return set_ready(node->set) || err_nomem(c->source->err, "expression");
}

static void note(struct checker *c, unsigned which, const char *text)
{
	if (c->told & which)
		return;
	c->told |= which;
	str_printf(c->notes, "%s\n", text);
}

/* A text compared with text or bytes has the type of bytes. */
static enum where_type literal_type(const struct where_node *typed,
				    const struct where_node *lit)
{
	if (typed->type == WT_ETHER && lit->kind == NODE_STRING)
		return WT_ETHER;
	return typed->type;
}

static bool check_compare(struct checker *c, struct where_node *node)
{
	struct where_node *a = node->kids[0], *b = node->kids[1];
	const struct field *row;

	if (!check_value(c, a) || !check_value(c, b))
		return false;
	if (is_open(a) && is_open(b))
		return no_field(c, a);
	if (is_open(a)) {
		node->kids[0] = b;
		node->kids[1] = a;
		node->op = (uint8_t)operator_mirror(node->op);
		a = node->kids[0];
		b = node->kids[1];
	}
	row = row_of(a);
	if (row && is_open(b) && type_in(a->type, WT_WHOLE) &&
	    literal_names(b, row) > 1)
		return compare_names(c, node, row);
	if (is_open(b) && !coerce(c, b, literal_type(a, b), row_of(a), false))
		return false;
	if (!comparable(a->type, b->type))
		return source_fail(c->source, node->at, node->len,
				   "%s cannot be compared with %s",
				   type_title(a->type), type_title(b->type));
	if (node->op == OP_ANY_NE && !node->quant)
		note(c, TOLD_ANY_NE,
		     "!== and ~= hold if any value differs, as != did in old "
		     "versions of Wireshark; != holds if all do");
	return true;
}

static bool check_contains(struct checker *c, struct where_node *node)
{
	struct where_node *a = node->kids[0], *b = node->kids[1];
	unsigned mask = WT_STRETCH | WT_BIT(WT_IPV4);

	if (!check_value(c, a) || !check_value(c, b))
		return false;
	if (is_open(a))
		return no_field(c, a);
	if (!type_in(a->type, mask))
		return fail_node(c, a,
				 "contains needs text or bytes on the left; "
				 "string() makes text of other values");
	if (is_open(b) &&
	    !coerce(c, b, a->type == WT_TEXT ? WT_TEXT : WT_BYTES, NULL, false))
		return false;
	return type_in(b->type, mask) ||
	       fail_node(c, b, "text or bytes expected here");
}

static bool check_matches(struct checker *c, struct where_node *node)
{
	struct where_node *a = node->kids[0], *b = node->kids[1];

	if (!check_value(c, a))
		return false;
	if (is_open(a))
		return no_field(c, a);
	if (!type_in(a->type,
		     WT_BIT(WT_TEXT) | WT_BIT(WT_BYTES) | WT_BIT(WT_PROTO)))
		return fail_node(c, a,
				 "matches needs text or bytes on the left; "
				 "string() makes text of other values");
	if (b->kind != NODE_STRING)
		return fail_node(c, b,
				 "a regular expression in double quotes "
				 "expected here");
	if (!regex_there())
		return fail_node(c, node, "no 'matches': libpcre2 is missing");
	return true;
}

/* A member of a set as ends of a range. */
static bool member_ends(struct checker *c, struct where_node *node,
			const struct where_node *left, struct where_value *low,
			struct where_value *high)
{
	struct where_node *a = node, *b = node;

	if (node->kind == NODE_RANGE) {
		a = node->kids[0];
		b = node->kids[1];
	}
	if (!check_value(c, a) || (b != a && !check_value(c, b)))
		return false;
	if (!is_open(a) || !is_open(b))
		return fail_node(c, node, "members of a set are values");
	if (!coerce(c, a, left->type, row_of(left), false) ||
	    (b != a && !coerce(c, b, left->type, row_of(left), false)))
		return false;
	*low = a->value.low;
	*high = b->value.high;
	if (left->type == WT_UINT || left->type == WT_BOOL) {
		if (b->type == WT_INT && (int64_t)high->num < 0)
			*low = (struct where_value){.num = 1},
			*high = (struct where_value){.num = 0};
		else if (a->type == WT_INT && (int64_t)low->num < 0)
			low->num = 0;
	}
	return true;
}

static bool check_in(struct checker *c, struct where_node *node)
{
	struct where_node *left = node->kids[0];
	struct where_set *set;
	struct where_value low, high;
	uint32_t i;

	if (!check_value(c, left))
		return false;
	if (is_open(left))
		return no_field(c, left);
	set = set_new(c->source->arena, left->type, node->n_kids);
	if (!set)
		return err_nomem(c->source->err, "expression");
	for (i = 1; i < node->n_kids; i++) {
		if (!member_ends(c, node->kids[i], left, &low, &high))
			return false;
		if (value_order(left->type, &low, left->type, &high) <= 0)
			set_add(set, low, high);
	}
	node->set = set;
	node->n_kids = 1;
	return set_ready(set) || err_nomem(c->source->err, "expression");
}

static bool check_truth(struct checker *c, struct where_node *node)
{
	struct where_node *kid = node->kids[0];

	if (!check_value(c, kid))
		return false;
	if (is_open(kid))
		return no_field(c, kid);
	if (kid->kind == NODE_NAME && kid->type == WT_BOOL && !kid->raw &&
	    !(c->told & TOLD_BOOLEAN)) {
		c->told |= TOLD_BOOLEAN;
		str_printf(c->notes,
			   "%.*s alone holds wherever the field is present; "
			   "for its value: %.*s == 1\n",
			   (int)kid->len, c->source->text + kid->at,
			   (int)kid->len, c->source->text + kid->at);
	}
	return true;
}

static bool check_condition(struct checker *c, struct where_node *node);

static bool check_not(struct checker *c, struct where_node *node)
{
	const struct where_node *kid = node->kids[0];
	bool equal = kid->kind == NODE_COMPARE && kid->op == OP_EQ;

	if (!check_condition(c, node->kids[0]))
		return false;
	if (equal && kid->n_kids == 2)
		note(c, TOLD_NOT_EQUAL,
		     "not (FIELD == VALUE) also holds for packets without the "
		     "field; FIELD != VALUE does not");
	return true;
}

static bool check_condition(struct checker *c, struct where_node *node)
{
	uint32_t i;

	switch (node->kind) {
	case NODE_AND:
	case NODE_OR:
	case NODE_XOR:
		for (i = 0; i < node->n_kids; i++)
			if (!check_condition(c, node->kids[i]))
				return false;
		return true;
	case NODE_NOT:
		return check_not(c, node);
	case NODE_COMPARE:
		return check_compare(c, node);
	case NODE_CONTAINS:
		return check_contains(c, node);
	case NODE_MATCHES:
		return check_matches(c, node);
	case NODE_IN:
		return check_in(c, node);
	default:
		return check_truth(c, node);
	}
}

bool where_check(struct where_source *source, struct where_node *root,
		 struct str *notes)
{
	struct checker c = {.source = source, .notes = notes};

	return check_condition(&c, root);
}
