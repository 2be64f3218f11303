/* The grammar, one function a rule; loops where rules repeat. */
#include "where/parser.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "where/functions.h"
#include "where/lexer.h"
#include "where/macro.h"
#include "where/names.h"

struct parser {
	struct where_source *source;
	struct lexer lex;
	unsigned depth;
	size_t mixed;
};

typedef struct where_node *rule(struct parser *p);

static rule parse_or, parse_arith, parse_sum, parse_product, parse_unary;

/* ---- nodes and errors --------------------------------------------------- */

struct where_node *node_new(struct where_source *s, enum where_kind kind,
			    uint32_t n_kids)
{
	struct where_node *node = arena_get(s->arena, sizeof(*node));

	if (node) {
		memset(node, 0, sizeof(*node));
		node->kind = (uint8_t)kind;
		node->n_kids = n_kids;
		if (n_kids)
			node->kids = arena_get(
			    s->arena, n_kids * sizeof(struct where_node *));
	}
	if (node && (node->kids || !n_kids))
		return node;
	err_nomem(s->err, "expression");
	return NULL;
}

bool source_tell(struct where_source *s, const char *macro, size_t at, size_t n,
		 const char *text)
{
	if (macro)
		err_set(s->err, ERR_USAGE, "%s (in macro '%s')", text, macro);
	else
		err_set(s->err, ERR_USAGE, "%s", text);
	return err_show(s->err, s->spots ? s->typed : s->text,
			s->spots ? s->typed_len : s->len, at, n ? n : 1);
}

bool source_fail(struct where_source *s, size_t at, size_t n,
		 const char *format, ...)
{
	const char *macro = NULL;
	struct err why = {0};
	va_list args;

	va_start(args, format);
	err_vset(&why, ERR_USAGE, format, args);
	va_end(args);
	if (s->spots)
		macro = macro_origin(s, &at, &n);
	return source_tell(s, macro, at, n, why.text);
}

/* The same about the token. */
static struct where_node *expected(struct parser *p, const char *what)
{
	const struct lexer *l = &p->lex;

	if (l->kind == TOKEN_END)
		source_fail(p->source, l->at, 1,
			    "the expression ends where %s is expected", what);
	else
		source_fail(p->source, l->at, l->n, "%s expected here", what);
	return NULL;
}

/* The node, with its depth and its text: from `at` up to the token. */
static struct where_node *finish(struct parser *p, struct where_node *node,
				 size_t at)
{
	const char *text = p->source->text;
	size_t end = p->lex.at;
	uint32_t i;

	for (i = 0; i < node->n_kids; i++)
		if (node->kids[i]->depth >= node->depth)
			node->depth = node->kids[i]->depth + 1;
	while (end > at && isspace((unsigned char)text[end - 1]))
		end--;
	node->at = (uint32_t)at;
	node->len = (uint32_t)(end - at);
	if (node->depth <= WHERE_DEPTH)
		return node;
	source_fail(p->source, at, 1, "nested too deeply (limit: %d levels)",
		    WHERE_DEPTH);
	return NULL;
}

static bool deeper(struct parser *p)
{
	if (++p->depth <= WHERE_DEPTH)
		return true;
	return source_fail(p->source, p->lex.at, p->lex.n,
			   "nested too deeply (limit: %d levels)", WHERE_DEPTH);
}

static struct where_node *node_pair(struct parser *p, enum where_kind kind,
				    enum where_op op, struct where_node *a,
				    struct where_node *b)
{
	struct where_node *node = node_new(p->source, kind, 2);

	if (!node)
		return NULL;
	node->op = (uint8_t)op;
	node->kids[0] = a;
	node->kids[1] = b;
	return finish(p, node, a->at);
}

static bool is_op(const struct parser *p, enum where_op op)
{
	return p->lex.kind == TOKEN_OPERATOR && p->lex.operator->op == op;
}

static bool is_class(const struct parser *p, enum operator_class class)
{
	return p->lex.kind == TOKEN_OPERATOR && p->lex.operator->class == class;
}

/* ---- lists that grow ---------------------------------------------------- */

struct kids {
	struct where_node **item;
	uint32_t n, room;
};

static bool kids_add(struct parser *p, struct kids *kids,
		     struct where_node *node)
{
	struct where_node **more;
	uint32_t room;

	if (!node)
		return false;
	if (kids->n == kids->room) {
		room = kids->room ? 2 * kids->room : 4;
		more = arena_get(p->source->arena, room * sizeof(*more));
		if (!more)
			return err_nomem(p->source->err, "expression");
		if (kids->n)
			memcpy(more, kids->item, kids->n * sizeof(*more));
		kids->item = more;
		kids->room = room;
	}
	kids->item[kids->n++] = node;
	return true;
}

static struct where_node *node_of(struct parser *p, enum where_kind kind,
				  const struct kids *kids, size_t at)
{
	struct where_node *node = node_new(p->source, kind, 0);

	if (!node)
		return NULL;
	node->kids = kids->item;
	node->n_kids = kids->n;
	return finish(p, node, at);
}

/* ---- slices and layers -------------------------------------------------- */

static void skip_blanks(struct lexer *l)
{
	while (l->pos < l->source->len &&
	       isspace((unsigned char)l->source->text[l->pos]))
		l->pos++;
}

static bool range_number(struct parser *p, int32_t *number)
{
	struct lexer *l = &p->lex;
	const struct where_source *s = p->source;
	bool minus = lexer_follows(l, '-');
	size_t at, n = 0;
	long value = 0;

	skip_blanks(l);
	at = l->pos;
	while (at + n < s->len && isdigit((unsigned char)s->text[at + n])) {
		value = value * 10 + (s->text[at + n] - '0');
		if (value > 1 << 24)
			return source_fail(p->source, at, n + 1,
					   "this number is too large");
		n++;
	}
	l->pos += n;
	*number = (int32_t)(minus ? -value : value);
	if (n)
		return true;
	return source_fail(p->source, at, 1, "a number expected here");
}

/* i:j, i-j, i, :j or i: */
static bool parse_range(struct parser *p, struct where_range *r)
{
	struct lexer *l = &p->lex;
	bool from_start = lexer_follows(l, ':');

	*r = (struct where_range){.kind = RANGE_LENGTH, .to = 1};
	if (from_start)
		return range_number(p, &r->to);
	if (!range_number(p, &r->from))
		return false;
	if (lexer_follows(l, '-')) {
		r->kind = RANGE_LAST;
		return range_number(p, &r->to);
	}
	if (!lexer_follows(l, ':'))
		return true;
	skip_blanks(l);
	if (l->pos < p->source->len && strchr(",]", p->source->text[l->pos])) {
		r->kind = RANGE_TO_END;
		return true;
	}
	return range_number(p, &r->to);
}

enum { RANGES_MOST = 64 };

/* What is behind a bracket, up to the other one. NULL: an error. */
static const struct where_ranges *parse_ranges(struct parser *p)
{
	struct where_range item[RANGES_MOST];
	struct where_ranges *ranges;
	unsigned n = 0;

	do {
		if (n == RANGES_MOST) {
			source_fail(p->source, p->lex.pos, 1,
				    "more than %d pieces", RANGES_MOST);
			return NULL;
		}
		if (!parse_range(p, &item[n++]))
			return NULL;
	} while (lexer_follows(&p->lex, ','));
	if (!lexer_follows(&p->lex, ']')) {
		source_fail(p->source, p->lex.pos, 1, "] expected here");
		return NULL;
	}
	ranges =
	    arena_get(p->source->arena, sizeof(*ranges) + n * sizeof(item[0]));
	if (!ranges) {
		err_nomem(p->source->err, "expression");
		return NULL;
	}
	ranges->n = n;
	memcpy(ranges->item, item, n * sizeof(item[0]));
	return ranges;
}

/* #n or #[...], which is at pos. */
static const struct where_ranges *parse_layers(struct parser *p)
{
	struct where_ranges *one;
	int32_t number;

	if (lexer_follows(&p->lex, '['))
		return parse_ranges(p);
	if (!range_number(p, &number))
		return NULL;
	one = arena_get(p->source->arena, sizeof(*one) + sizeof(one->item[0]));
	if (!one) {
		err_nomem(p->source->err, "expression");
		return NULL;
	}
	one->n = 1;
	one->item[0] = (struct where_range){RANGE_LENGTH, number, 1};
	return one;
}

/* ---- entities ----------------------------------------------------------- */

/* The slices of what ends at pos, then the next token. */
static struct where_node *parse_slices(struct parser *p,
				       struct where_node *node)
{
	struct where_node *outer;
	size_t at = node->at;

	while (lexer_follows(&p->lex, '[')) {
		outer = node_new(p->source, NODE_SLICE, 1);
		if (!outer)
			return NULL;
		outer->kids[0] = node;
		outer->slice = parse_ranges(p);
		if (!outer->slice)
			return NULL;
		p->lex.at = p->lex.pos;
		node = finish(p, outer, at);
		if (!node)
			return NULL;
	}
	return lexer_next(&p->lex) ? node : NULL;
}

static struct where_node *unknown_function(struct parser *p, size_t at,
					   size_t n)
{
	const char *near = function_nearest(p->source->text + at, n);

	if (near)
		source_fail(p->source, at, n,
			    "no such function; did you mean %s()?", near);
	else
		source_fail(p->source, at, n, "no such function");
	return NULL;
}

/* A call whose name is the token; the bracket follows. */
static struct where_node *parse_call(struct parser *p)
{
	struct lexer *l = &p->lex;
	size_t at = l->at, n = l->n;
	const struct where_function *function =
	    function_find(p->source->text + at, n);
	struct kids args = {0};
	struct where_node *node;

	if (!function)
		return unknown_function(p, at, n);
	lexer_follows(l, '(');
	if (!deeper(p) || !lexer_next(l))
		return NULL;
	while (l->kind != TOKEN_CLOSE || args.n) {
		if (!kids_add(p, &args, parse_arith(p)))
			return NULL;
		if (l->kind == TOKEN_CLOSE)
			break;
		if (l->kind != TOKEN_COMMA)
			return expected(p, ", or )");
		if (!lexer_next(l))
			return NULL;
	}
	p->depth--;
	l->at = l->pos;
	node = node_of(p, NODE_CALL, &args, at);
	if (!node)
		return NULL;
	node->function = function;
	if (args.n < function->least || args.n > function->most) {
		source_fail(p->source, at, node->len,
			    "%s() has %u argument%s, not %u", function->name,
			    function->least, function->least == 1 ? "" : "s",
			    args.n);
		return NULL;
	}
	return parse_slices(p, node);
}

static void unknown_name(struct where_source *s, size_t at, size_t n)
{
	const char *near = field_names_nearest(s->names, s->text + at, n);

	if (near)
		source_fail(s, at, n, "unknown field; did you mean '%s'?",
			    near);
	else
		source_fail(s, at, n,
			    "unknown field ('pcaptool list fields' has all)");
}

/* The name, and # with layers behind it. */
static struct where_node *parse_name(struct parser *p,
				     const struct where_name *name, bool raw)
{
	struct lexer *l = &p->lex;
	struct where_node *node = node_new(p->source, NODE_NAME, 0);
	size_t at = l->at;

	if (!node)
		return NULL;
	node->raw = raw;
	node->field.name = name;
	if (l->pos < p->source->len && p->source->text[l->pos] == '#') {
		l->pos++;
		node->field.layers = parse_layers(p);
		if (!node->field.layers)
			return NULL;
	}
	l->at = l->pos;
	node = finish(p, node, at);
	return node ? parse_slices(p, node) : NULL;
}

static struct where_node *parse_literal(struct parser *p, enum where_kind kind)
{
	struct where_node *node = node_new(p->source, kind, 0);
	size_t at = p->lex.at;

	if (!node)
		return NULL;
	node->lit.text = p->lex.text;
	node->lit.n = p->lex.len;
	return lexer_next(&p->lex) ? finish(p, node, at) : NULL;
}

/* "a-b" where a is a field. */
static bool is_tight_minus(struct parser *p)
{
	const struct lexer *l = &p->lex;
	const char *minus = memchr(l->text, '-', l->len);

	return minus && field_names_find(p->source->names, l->text,
					 (size_t)(minus - l->text));
}

static struct where_node *parse_word(struct parser *p, bool raw)
{
	struct lexer *l = &p->lex;
	bool dot = l->text[0] == '.';
	const struct where_name *name =
	    field_names_find(p->source->names, l->text + dot, l->len - dot);

	if (l->pos < p->source->len && p->source->text[l->pos] == '(' && !raw &&
	    !name)
		return parse_call(p);
	if (name)
		return parse_name(p, name, raw);
	if (dot || raw) {
		unknown_name(p->source, l->at + dot, l->n - dot);
		return NULL;
	}
	if (is_tight_minus(p)) {
		source_fail(p->source, l->at, l->n,
			    "a minus needs a blank on each side");
		return NULL;
	}
	return parse_literal(p, NODE_WORD);
}

static struct where_node *parse_entity(struct parser *p)
{
	switch (p->lex.kind) {
	case TOKEN_WORD:
		return parse_word(p, false);
	case TOKEN_RAW:
		if (!lexer_next(&p->lex))
			return NULL;
		if (p->lex.kind != TOKEN_WORD)
			return expected(p, "a field");
		return parse_word(p, true);
	case TOKEN_STRING:
		return parse_literal(p, NODE_STRING);
	case TOKEN_CHAR:
		return parse_literal(p, NODE_CHAR);
	default:
		return expected(p, "a field or a value");
	}
}

/* ---- arithmetic --------------------------------------------------------- */

static struct where_node *parse_braces(struct parser *p)
{
	size_t at = p->lex.at;
	struct where_node *node;

	if (!deeper(p) || !lexer_next(&p->lex))
		return NULL;
	node = parse_arith(p);
	if (!node)
		return NULL;
	if (p->lex.kind != TOKEN_UNBRACE)
		return expected(p, "}");
	p->depth--;
	if (!lexer_next(&p->lex))
		return NULL;
	node->at = (uint32_t)at;
	return node;
}

static struct where_node *parse_unary(struct parser *p)
{
	size_t at = p->lex.at;
	bool minus = false;
	struct where_node *node, *outer;

	while (is_op(p, OP_SUB) || is_op(p, OP_ADD)) {
		minus ^= is_op(p, OP_SUB);
		if (!lexer_next(&p->lex))
			return NULL;
	}
	node = p->lex.kind == TOKEN_BRACE ? parse_braces(p) : parse_entity(p);
	if (!node || !minus)
		return node;
	outer = node_new(p->source, NODE_NEGATE, 1);
	if (!outer)
		return NULL;
	outer->kids[0] = node;
	return finish(p, outer, at);
}

/* Operands of one class of operators, from left to right. */
static struct where_node *parse_chain(struct parser *p,
				      enum operator_class class, rule *operand)
{
	struct where_node *left = operand(p), *right;
	enum where_op op;

	while (left && is_class(p, class)) {
		op = p->lex.operator->op;
		if (!lexer_next(&p->lex))
			return NULL;
		right = operand(p);
		left = right ? node_pair(p, NODE_ARITH, op, left, right) : NULL;
	}
	return left;
}

static struct where_node *parse_product(struct parser *p)
{
	return parse_chain(p, CLASS_PRODUCT, parse_unary);
}

static struct where_node *parse_sum(struct parser *p)
{
	return parse_chain(p, CLASS_SUM, parse_product);
}

static struct where_node *parse_arith(struct parser *p)
{
	return parse_chain(p, CLASS_BITAND, parse_sum);
}

/* ---- relations ---------------------------------------------------------- */

/* A member: a value, or two with .. between. */
static struct where_node *parse_member(struct parser *p)
{
	struct where_node *low = parse_arith(p), *high;

	if (!low || p->lex.kind != TOKEN_RANGE)
		return low;
	if (!lexer_next(&p->lex))
		return NULL;
	high = parse_arith(p);
	return high ? node_pair(p, NODE_RANGE, OP_NONE, low, high) : NULL;
}

static struct where_node *parse_set(struct parser *p, struct where_node *left,
				    bool negate)
{
	struct kids kids = {0};
	struct where_node *node;

	if (p->lex.kind != TOKEN_BRACE)
		return expected(p, "{");
	if (!lexer_next(&p->lex) || !kids_add(p, &kids, left))
		return NULL;
	while (p->lex.kind != TOKEN_UNBRACE) {
		if (!kids_add(p, &kids, parse_member(p)))
			return NULL;
		if (p->lex.kind == TOKEN_UNBRACE)
			break;
		if (p->lex.kind != TOKEN_COMMA)
			return expected(p, ", or }");
		if (!lexer_next(&p->lex))
			return NULL;
	}
	if (kids.n == 1)
		return expected(p, "a member of the set");
	if (!lexer_next(&p->lex))
		return NULL;
	node = node_of(p, NODE_IN, &kids, left->at);
	if (node)
		node->negate = negate;
	return node;
}

/* "not in" is at hand? */
static bool is_not_in(struct parser *p)
{
	struct lexer ahead = p->lex;
	struct err *told = p->source->err;
	bool is;

	if (!is_op(p, OP_NOT))
		return false;
	p->source->err = NULL;
	is = lexer_next(&ahead) && ahead.kind == TOKEN_OPERATOR &&
	     ahead.operator->op == OP_IN;
	p->source->err = told;
	if (is)
		p->lex = ahead;
	return is;
}

/* a < b <= c: both hold. */
static struct where_node *parse_compare(struct parser *p,
					struct where_node *left)
{
	struct kids parts = {0};
	struct where_node *right, *copy, *chain;
	enum where_op op;
	size_t at = left->at;

	while (is_class(p, CLASS_COMPARE)) {
		op = p->lex.operator->op;
		if (!lexer_next(&p->lex))
			return NULL;
		right = parse_arith(p);
		if (!right ||
		    !kids_add(p, &parts,
			      node_pair(p, NODE_COMPARE, op, left, right)))
			return NULL;
		/* the next comparison may need another type of it */
		copy = node_new(p->source, right->kind, 0);
		if (!copy)
			return NULL;
		*copy = *right;
		left = copy;
	}
	if (parts.n == 1)
		return parts.item[0];
	chain = node_of(p, NODE_AND, &parts, at);
	if (chain)
		chain->paren = true; /* nothing that is mixed with "or" */
	return chain;
}

static struct where_node *parse_test(struct parser *p)
{
	struct where_node *left = parse_arith(p), *right, *node;
	enum where_kind kind;
	bool negate;

	if (!left)
		return NULL;
	if (is_class(p, CLASS_COMPARE))
		return parse_compare(p, left);
	negate = is_not_in(p);
	if (is_op(p, OP_IN))
		return lexer_next(&p->lex) ? parse_set(p, left, negate) : NULL;
	if (!is_class(p, CLASS_TEST)) {
		node = node_new(p->source, NODE_TRUTH, 1);
		if (!node)
			return NULL;
		node->kids[0] = left;
		return finish(p, node, left->at);
	}
	kind = is_op(p, OP_MATCHES) ? NODE_MATCHES : NODE_CONTAINS;
	if (!lexer_next(&p->lex))
		return NULL;
	right = parse_arith(p);
	return right ? node_pair(p, kind, OP_NONE, left, right) : NULL;
}

static void set_quant(struct where_node *node, enum where_quant quant)
{
	uint32_t i;

	node->quant = (uint8_t)quant;
	for (i = 0; node->kind == NODE_AND && i < node->n_kids; i++)
		node->kids[i]->quant = (uint8_t)quant;
}

static struct where_node *negated(struct parser *p, struct where_node *node,
				  size_t at)
{
	struct where_node *outer = node_new(p->source, NODE_NOT, 1);

	if (!outer)
		return NULL;
	outer->kids[0] = node;
	return finish(p, outer, at);
}

/* [any | all] test */
static struct where_node *parse_relation(struct parser *p)
{
	enum where_quant quant = is_op(p, OP_ANY)   ? QUANT_ANY
				 : is_op(p, OP_ALL) ? QUANT_ALL
						    : QUANT_DEFAULT;
	size_t at = p->lex.at, n = p->lex.n;
	struct where_node *node;

	if (quant && !lexer_next(&p->lex))
		return NULL;
	node = parse_test(p);
	if (node && node->kind == NODE_IN && node->negate && !quant) {
		node->negate = false; /* not (x in set): also without x */
		return negated(p, node, at);
	}
	if (!node || !quant)
		return node;
	if (node->kind == NODE_TRUTH) {
		source_fail(p->source, at, n,
			    "any and all need a comparison after the value");
		return NULL;
	}
	set_quant(node, quant);
	return node;
}

/* ---- logic -------------------------------------------------------------- */

static struct where_node *parse_parens(struct parser *p)
{
	struct where_node *node;

	if (!deeper(p) || !lexer_next(&p->lex))
		return NULL;
	node = parse_or(p);
	if (!node)
		return NULL;
	if (p->lex.kind != TOKEN_CLOSE)
		return expected(p, "an operator or )");
	p->depth--;
	if (!lexer_next(&p->lex))
		return NULL;
	if (p->lex.kind == TOKEN_OPERATOR &&
	    p->lex.operator->class != CLASS_LOGIC) {
		source_fail(p->source, p->lex.at, p->lex.n,
			    "parentheses hold conditions; arithmetic is "
			    "grouped with { }");
		return NULL;
	}
	node->paren = true;
	return node;
}

static struct where_node *parse_not(struct parser *p)
{
	size_t at = p->lex.at;
	bool negate = false;
	struct where_node *node;

	while (is_op(p, OP_NOT)) {
		negate = !negate;
		if (!lexer_next(&p->lex))
			return NULL;
	}
	node = p->lex.kind == TOKEN_OPEN ? parse_parens(p) : parse_relation(p);
	return node && negate ? negated(p, node, at) : node;
}

/* Conditions with the same operator between. */
static struct where_node *parse_list(struct parser *p, enum where_op op,
				     enum where_kind kind, rule *operand)
{
	struct kids kids = {0};
	size_t at = p->lex.at, here = at;
	bool mixed = false;
	uint32_t i;

	if (!kids_add(p, &kids, operand(p)))
		return NULL;
	while (is_op(p, op)) {
		here = p->lex.at;
		if (!lexer_next(&p->lex) || !kids_add(p, &kids, operand(p)))
			return NULL;
	}
	if (kids.n == 1)
		return kids.item[0];
	for (i = 0; op == OP_OR && i < kids.n; i++)
		mixed |= kids.item[i]->kind == NODE_AND && !kids.item[i]->paren;
	if (mixed && p->mixed == SIZE_MAX)
		p->mixed = here;
	return node_of(p, kind, &kids, at);
}

static struct where_node *parse_and(struct parser *p)
{
	return parse_list(p, OP_AND, NODE_AND, parse_not);
}

static struct where_node *parse_xor(struct parser *p)
{
	return parse_list(p, OP_XOR, NODE_XOR, parse_and);
}

static struct where_node *parse_or(struct parser *p)
{
	return parse_list(p, OP_OR, NODE_OR, parse_xor);
}

bool where_parse(struct where_source *source, struct where_node **root,
		 size_t *mixed)
{
	struct parser p = {.source = source, .mixed = SIZE_MAX};

	*root = NULL;
	*mixed = SIZE_MAX;
	if (source->len > WHERE_LENGTH)
		return err_set(source->err, ERR_USAGE,
			       "the expression is longer than %d bytes",
			       WHERE_LENGTH);
	if (memchr(source->text, 0, source->len))
		return err_set(source->err, ERR_USAGE,
			       "an expression has no byte that is NUL");
	if (!lexer_start(&p.lex, source))
		return false;
	if (p.lex.kind == TOKEN_END)
		return true;
	*root = parse_or(&p);
	*mixed = p.mixed;
	if (*root && p.lex.kind != TOKEN_END) {
		expected(&p, "an operator");
		*root = NULL;
	}
	return *root;
}
