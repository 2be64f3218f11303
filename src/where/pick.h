/* What stands in a list of fields: a field, or an expression. */
#ifndef WHERE_PICK_H
#define WHERE_PICK_H

#include "where/column.h"

struct where_pick {
	unsigned field; /* its number, unless there is an expression */
	struct where_column *column; /* the caller's to close; NULL: a field */
};

/*
 * Take one, of n bytes, and want what it needs in the plan; blanks around it do
 * not count. A name that is not a field's may be a protocol's. false: *err says
 * what is wrong (ERR_USAGE).
 */
bool where_pick(struct where_pick *pick, const char *text, size_t n,
		const struct where_macros *macros, struct plan *plan,
		struct err *err);

#endif
