/* Literals as values of the type that is asked for. */
#ifndef WHERE_LITERAL_H
#define WHERE_LITERAL_H

#include "where/tree.h"

/*
 * Make a literal (or one with a minus before it) a CONST of this type; a whole
 * number that has a sign becomes a WT_INT, and with `real`, one with a fraction
 * a WT_REAL. row: the field whose names of values count; may be NULL. false:
 * the source's err says what was expected.
 */
bool literal_convert(struct where_source *s, struct where_node *node,
		     enum where_type type, const struct field *row, bool real);

/* How many values of the field have the literal's text as a name. */
unsigned literal_names(const struct where_node *node, const struct field *row);

/* Make of it a CONST of the next value with that name, from *from on. */
bool literal_next_name(const struct where_node *node, const struct field *row,
		       const struct names **from, uint64_t *value);

#endif
