/*
 * Columns: what an expression says of a packet that was decoded, as values of
 * a field. value_text() and the like (decode/value.h) show them as those of
 * any other field.
 *
 * A condition has one value, 0 or 1; any other expression has as many as its
 * fields have, which may be none.
 */
#ifndef WHERE_COLUMN_H
#define WHERE_COLUMN_H

#include "base/err.h"
#include "decode/dissect.h"

struct where_column;
struct where_cell;
struct where_macros;

/* How many bytes the first expression of a list has: commas in parentheses,
   braces, brackets and quotes do not end it. */
size_t where_column_length(const char *list);

/*
 * An expression of len bytes; blanks around it do not count. What it is
 * computed from is wanted in the plan, which must not be ready yet. macros may
 * be NULL. NULL: *err says what is wrong, with a mark under it. Nothing of the
 * arguments is needed later.
 */
struct where_column *where_column_open(const char *text, size_t len,
				       const struct where_macros *macros,
				       struct plan *plan, struct err *err);
void where_column_close(struct where_column *c);

/* The field that its values are shown as; its name is the text as typed. */
const struct field *where_column_field(const struct where_column *c);

/* Is it a condition? */
bool where_column_is_condition(const struct where_column *c);

/* What is likely to be misunderstood: lines of text, "" if nothing is. */
const char *where_column_notes(const struct where_column *c);

/* What one thread computes the column in, which must outlive it. NULL: *err
   says why. */
struct where_cell *where_cell_open(const struct where_column *c,
				   struct err *err);
void where_cell_close(struct where_cell *cell);

/*
 * The values in the packet that d was last given. Returns how many there are;
 * they hold until the cell is filled again or d gets another packet. Nothing is
 * allocated but for more values than ever before.
 */
unsigned where_cell_fill(struct where_cell *cell, const struct dissect *d,
			 const struct value **values);

/* Was there too little memory for a value? */
bool where_cell_failed(const struct where_cell *cell);

#endif
