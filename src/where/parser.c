/* The grammar of conditions, one function a rule; loops where rules repeat. */
#include "where/parser.h"

#include <string.h>

#include "where/parse.h"

static rule parse_or;

/* ---- relations ---------------------------------------------------------- */

/* A member: a value, or two with .. between. */
static struct where_node *parse_member(struct parser *p)
{
	struct where_node *low = parse_value(p), *high;

	if (!low || p->lex.kind != TOKEN_RANGE)
		return low;
	if (!lexer_next(&p->lex))
		return NULL;
	high = parse_value(p);
	return high ? parser_pair(p, NODE_RANGE, OP_NONE, low, high) : NULL;
}

static struct where_node *parse_set(struct parser *p, struct where_node *left,
				    bool negate)
{
	struct kids kids = {0};
	struct where_node *node;

	if (p->lex.kind != TOKEN_BRACE)
		return parser_expected(p, "{");
	if (!lexer_next(&p->lex) || !parser_add(p, &kids, left))
		return NULL;
	while (p->lex.kind != TOKEN_UNBRACE) {
		if (!parser_add(p, &kids, parse_member(p)))
			return NULL;
		if (p->lex.kind == TOKEN_UNBRACE)
			break;
		if (p->lex.kind != TOKEN_COMMA)
			return parser_expected(p, ", or }");
		if (!lexer_next(&p->lex))
			return NULL;
	}
	if (kids.n == 1)
		return parser_expected(p, "a member of the set");
	if (!lexer_next(&p->lex))
		return NULL;
	node = parser_node(p, NODE_IN, &kids, left->at);
	if (node)
		node->negate = negate;
	return node;
}

/* Is "not in" next? */
static bool is_not_in(struct parser *p)
{
	struct lexer ahead = p->lex;
	struct err *told = p->source->err;
	bool is;

	if (!parser_is_at(p, OP_NOT))
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

	while (parser_is_at_class(p, CLASS_COMPARE)) {
		op = p->lex.operator->op;
		if (!lexer_next(&p->lex))
			return NULL;
		right = parse_value(p);
		if (!right ||
		    !parser_add(p, &parts,
				parser_pair(p, NODE_COMPARE, op, left, right)))
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
	chain = parser_node(p, NODE_AND, &parts, at);
	if (chain)
		chain->paren = true; /* nothing that is mixed with "or" */
	return chain;
}

static struct where_node *parse_test(struct parser *p)
{
	struct where_node *left = parse_value(p), *right, *node;
	enum where_kind kind;
	bool negate;

	if (!left)
		return NULL;
	if (parser_is_at_class(p, CLASS_COMPARE))
		return parse_compare(p, left);
	negate = is_not_in(p);
	if (parser_is_at(p, OP_IN))
		return lexer_next(&p->lex) ? parse_set(p, left, negate) : NULL;
	if (!parser_is_at_class(p, CLASS_TEST)) {
		node = node_new(p->source, NODE_TRUTH, 1);
		if (!node)
			return NULL;
		node->kids[0] = left;
		return parser_finish(p, node, left->at);
	}
	kind = parser_is_at(p, OP_MATCHES) ? NODE_MATCHES : NODE_CONTAINS;
	if (!lexer_next(&p->lex))
		return NULL;
	right = parse_value(p);
	return right ? parser_pair(p, kind, OP_NONE, left, right) : NULL;
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
	return parser_finish(p, outer, at);
}

/* [any | all] test */
static struct where_node *parse_relation(struct parser *p)
{
	enum where_quant quant = parser_is_at(p, OP_ANY)   ? QUANT_ANY
				 : parser_is_at(p, OP_ALL) ? QUANT_ALL
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

	if (!parser_deeper(p) || !lexer_next(&p->lex))
		return NULL;
	node = parse_or(p);
	if (!node)
		return NULL;
	if (p->lex.kind != TOKEN_CLOSE)
		return parser_expected(p, "an operator or )");
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

	while (parser_is_at(p, OP_NOT)) {
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

	if (!parser_add(p, &kids, operand(p)))
		return NULL;
	while (parser_is_at(p, op)) {
		here = p->lex.at;
		if (!lexer_next(&p->lex) || !parser_add(p, &kids, operand(p)))
			return NULL;
	}
	if (kids.n == 1)
		return kids.item[0];
	for (i = 0; op == OP_OR && i < kids.n; i++)
		mixed |= kids.item[i]->kind == NODE_AND && !kids.item[i]->paren;
	if (mixed && p->mixed == SIZE_MAX)
		p->mixed = here;
	return parser_node(p, kind, &kids, at);
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
		parser_expected(&p, "an operator");
		*root = NULL;
	}
	return *root;
}
