/* The grammar of values, one function a rule; loops where rules repeat. */
#include "where/parse.h"

#include <ctype.h>
#include <string.h>

#include "where/functions.h"
#include "where/names.h"

/* ---- slices and layers -------------------------------------------------- */

static bool range_number(struct parser *p, int32_t *number)
{
	struct lexer *l = &p->lex;
	const struct where_source *s = p->source;
	bool minus = lexer_follows(l, '-');
	size_t at, n = 0;
	long value = 0;

	lexer_skip_blanks(l);
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
	lexer_skip_blanks(l);
	if (l->pos < p->source->len && strchr(",]", p->source->text[l->pos])) {
		r->kind = RANGE_TO_END;
		return true;
	}
	return range_number(p, &r->to);
}

enum { RANGES_MOST = 64 };

/* What is after a bracket, up to the other one. NULL: an error. */
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
		node = parser_finish(p, outer, at);
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
	if (!parser_deeper(p) || !lexer_next(l))
		return NULL;
	while (l->kind != TOKEN_CLOSE || args.n) {
		if (!parser_add(p, &args, parse_value(p)))
			return NULL;
		if (l->kind == TOKEN_CLOSE)
			break;
		if (l->kind != TOKEN_COMMA)
			return parser_expected(p, ", or )");
		if (!lexer_next(l))
			return NULL;
	}
	p->depth--;
	l->at = l->pos;
	node = parser_node(p, NODE_CALL, &args, at);
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
	const char *near = NULL;

	if (s->err) /* it takes a while */
		near = field_names_nearest(s->names, s->text + at, n);
	if (near)
		source_fail(s, at, n, "unknown field; did you mean '%s'?",
			    near);
	else
		source_fail(s, at, n,
			    "unknown field ('pcaptool list fields' has all)");
}

/* The name, and # with layers after it. */
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
	node = parser_finish(p, node, at);
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
	return lexer_next(&p->lex) ? parser_finish(p, node, at) : NULL;
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
			return parser_expected(p, "a field");
		return parse_word(p, true);
	case TOKEN_STRING:
		return parse_literal(p, NODE_STRING);
	case TOKEN_CHAR:
		return parse_literal(p, NODE_CHAR);
	default:
		return parser_expected(p, "a field or a value");
	}
}

/* ---- arithmetic --------------------------------------------------------- */

static struct where_node *parse_braces(struct parser *p)
{
	size_t at = p->lex.at;
	struct where_node *node;

	if (!parser_deeper(p) || !lexer_next(&p->lex))
		return NULL;
	node = parse_value(p);
	if (!node)
		return NULL;
	if (p->lex.kind != TOKEN_UNBRACE)
		return parser_expected(p, "}");
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

	while (parser_is_at(p, OP_SUB) || parser_is_at(p, OP_ADD)) {
		minus ^= parser_is_at(p, OP_SUB);
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
	return parser_finish(p, outer, at);
}

/* Operands of one class of operators, from left to right. */
static struct where_node *parse_chain(struct parser *p,
				      enum operator_class class, rule *operand)
{
	struct where_node *left = operand(p), *right;
	enum where_op op;

	while (left && parser_is_at_class(p, class)) {
		op = p->lex.operator->op;
		if (!lexer_next(&p->lex))
			return NULL;
		right = operand(p);
		left =
		    right ? parser_pair(p, NODE_ARITH, op, left, right) : NULL;
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

struct where_node *parse_value(struct parser *p)
{
	return parse_chain(p, CLASS_BITAND, parse_sum);
}
