/* The names that expressions know: fields, fields of both ends, protocols. */
#ifndef WHERE_NAMES_H
#define WHERE_NAMES_H

#include "where/tree.h"

struct where_names;

/* All names, to be looked up; they are made once and stay. NULL: no memory. */
const struct where_names *field_names(struct err *err);

/* What has the name of n bytes; NULL: nothing. */
const struct where_name *field_names_find(const struct where_names *names,
					  const char *name, size_t n);

/* All names, in no order that means anything. */
size_t field_names_count(const struct where_names *names);
const struct where_name *field_names_at(const struct where_names *names,
					size_t i);

/* The known name that is most like this one; NULL: none is near enough. */
const char *field_names_nearest(const struct where_names *names,
				const char *name, size_t n);

#endif
