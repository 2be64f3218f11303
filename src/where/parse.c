/* Nodes of trees, and what is said of the text that they come from. */
#include "where/parse.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "where/macro.h"

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
struct where_node *parser_expected(struct parser *p, const char *what)
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
struct where_node *parser_finish(struct parser *p, struct where_node *node,
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

bool parser_deeper(struct parser *p)
{
	if (++p->depth <= WHERE_DEPTH)
		return true;
	return source_fail(p->source, p->lex.at, p->lex.n,
			   "nested too deeply (limit: %d levels)", WHERE_DEPTH);
}

struct where_node *parser_pair(struct parser *p, enum where_kind kind,
			       enum where_op op, struct where_node *a,
			       struct where_node *b)
{
	struct where_node *node = node_new(p->source, kind, 2);

	if (!node)
		return NULL;
	node->op = (uint8_t)op;
	node->kids[0] = a;
	node->kids[1] = b;
	return parser_finish(p, node, a->at);
}

bool parser_add(struct parser *p, struct kids *kids, struct where_node *node)
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

struct where_node *parser_node(struct parser *p, enum where_kind kind,
			       const struct kids *kids, size_t at)
{
	struct where_node *node = node_new(p->source, kind, 0);

	if (!node)
		return NULL;
	node->kids = kids->item;
	node->n_kids = kids->n;
	return parser_finish(p, node, at);
}
