/* Types: of every value, and of literals by what they are compared with. */
#ifndef WHERE_CHECK_H
#define WHERE_CHECK_H

#include "base/str.h"
#include "where/tree.h"

/*
 * Give all values of the tree their types, and check that they go together.
 * Notes on what is likely to be misunderstood are appended, a line each. false:
 * the source's err says what is wrong.
 */
bool where_check(struct where_source *source, struct where_node *root,
		 struct str *notes);

#endif
