/* Computing with values. */
#ifndef WHERE_ARITH_H
#define WHERE_ARITH_H

#include "where/tree.h"

/* a OP b as a value of type `type`, of numbers and times. false: it has no
   value, as it is too large or divided by 0. */
bool value_computed(enum where_op op, enum where_type ta, struct where_value a,
		    enum where_type tb, struct where_value b,
		    enum where_type type, struct where_value *result);

/* -a */
struct where_value value_negated(enum where_type from, struct where_value a,
				 enum where_type type);

#endif
