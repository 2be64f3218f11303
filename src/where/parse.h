/* What the files of the parser share: the place in the text, and nodes that
   know where they stand. */
#ifndef WHERE_PARSE_H
#define WHERE_PARSE_H

#include "where/lexer.h"
#include "where/tree.h"

struct parser {
	struct where_source *source;
	struct lexer lex;
	unsigned depth;
	size_t mixed; /* see where_parse() */
};

/* One rule of the grammar, at the token. NULL: the source's err says why. */
typedef struct where_node *rule(struct parser *p);

/* A list that grows. */
struct kids {
	struct where_node **item;
	uint32_t n, room;
};

/* Say what is expected in place of the token. Returns NULL. */
struct where_node *parser_expected(struct parser *p, const char *what);

/* The node, with its depth and its text: from `at` up to the token. NULL: it
   is nested too deeply. */
struct where_node *parser_finish(struct parser *p, struct where_node *node,
				 size_t at);

/* One level more, until the caller takes it back; false: too many. */
bool parser_deeper(struct parser *p);

/* A finished node with two kids. */
struct where_node *parser_pair(struct parser *p, enum where_kind kind,
			       enum where_op op, struct where_node *a,
			       struct where_node *b);

/* One more of the list; false: the node is NULL, or there is no memory. */
bool parser_add(struct parser *p, struct kids *kids, struct where_node *node);

/* A finished node with all of the list. */
struct where_node *parser_node(struct parser *p, enum where_kind kind,
			       const struct kids *kids, size_t at);

/* Is the token this operator, or one of the class? */
static inline bool parser_is_at(const struct parser *p, enum where_op op)
{
	return p->lex.kind == TOKEN_OPERATOR && p->lex.operator->op == op;
}

static inline bool parser_is_at_class(const struct parser *p,
				      enum operator_class class)
{
	return p->lex.kind == TOKEN_OPERATOR && p->lex.operator->class == class;
}

/* A value at the token, up to what does not belong to it: arithmetic on fields,
   literals, slices and calls. */
rule parse_value;

#endif
