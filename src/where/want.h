/* What has to be decoded for an expression. */
#ifndef WHERE_WANT_H
#define WHERE_WANT_H

#include "where/tree.h"

/* Want in the plan everything that the names of the tree mean. false: the
   source's err says what cannot be had. */
bool where_want(struct where_source *source, struct plan *plan,
		const struct where_node *root);

#endif
