/* Sets of ranges of values. */
#ifndef WHERE_SET_H
#define WHERE_SET_H

#include "where/run.h"

struct where_set {
	uint8_t type; /* enum where_type of the members */
	uint32_t n;
	struct where_value *low, *high; /* sorted, apart from each other */
};

/* A set with room for n ranges, none in it. NULL: no memory. */
struct where_set *set_new(struct arena *arena, enum where_type type,
			  uint32_t n);

/* One more range, whose ends are of that type. */
void set_add(struct where_set *set, struct where_value low,
	     struct where_value high);

/* After the last one and before set_has(). false: no memory. */
bool set_ready(struct where_set *set);

bool set_has(const struct where_set *set, enum where_type type,
	     const struct where_value *v);

#endif
