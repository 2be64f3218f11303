/* From text to a tree. */
#ifndef WHERE_PARSER_H
#define WHERE_PARSER_H

#include "where/tree.h"

/*
 * Parse the source's text. *root is NULL for an empty one. *mixed is set where
 * "and" and "or" stand side by side without parentheses, to the place of the
 * second one; else it is SIZE_MAX. false: the source's err has a mark under
 * what is wrong.
 */
bool where_parse(struct where_source *source, struct where_node **root,
		 size_t *mixed);

#endif
