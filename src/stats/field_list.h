/* Fields and field expressions that packets are counted by: a list of them. */
#ifndef STATS_FIELD_LIST_H
#define STATS_FIELD_LIST_H

#include "base/err.h"
#include "base/str.h"
#include "decode/dissect.h"

enum { FIELD_COLUMNS = 16 }; /* of a list at most */

struct where_column;

struct field_column {
	const char *name;	     /* as typed */
	const struct field *row;     /* what its values are shown as */
	struct where_column *column; /* NULL: a field by itself */
	unsigned first; /* the first column of the same field; or its own */
};

struct field_list {
	char *text;  /* all of it */
	char *names; /* what the columns' names are in */
	size_t n;
	struct field_column columns[FIELD_COLUMNS];
	uint8_t *of_field; /* by a field's number: its first column + 1 */
};

/*
 * A list with commas between; those in parentheses, braces, brackets and quotes
 * belong to an expression. What it needs is wanted in the plan. NULL: *err says
 * what is wrong (ERR_USAGE).
 */
struct field_list *field_list_open(const char *text, struct plan *plan,
				   struct err *err);
void field_list_close(struct field_list *list);

/* Append the condition that a packet has the text's len bytes as the column's
   value, or (NULL) no value. Returns false if no condition can say that. */
bool field_condition(const struct field_column *c, const char *text, size_t len,
		     struct str *out);

/* Note what is likely to be misunderstood in it. */
void field_list_notes(const struct field_list *list);

#endif
