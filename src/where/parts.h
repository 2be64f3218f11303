/* What an expression consists of; for where/ only. */
#ifndef WHERE_PARTS_H
#define WHERE_PARTS_H

#include "where/program.h"
#include "where/where.h"

struct where {
	struct arena arena;
	const char *text; /* what the tree's positions are in */
	size_t len;
	const struct where_node *root; /* NULL: everything matches */
	struct where_program *program; /* NULL: the same */
	struct plan *plan;
	bool apart, decode_all;
	struct str notes;
};

/* The joining of messages and datagrams that it asks for (enum reassemble). */
unsigned where_joins(const struct where *w);

#endif
