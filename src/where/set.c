/* Ranges in order, found by halving. */
#include "where/set.h"

#include <stdlib.h>
#include <string.h>

struct pair {
	struct where_value low, high;
	enum where_type type;
};

struct where_set *set_new(struct arena *arena, enum where_type type, uint32_t n)
{
	struct where_set *set = arena_get(arena, sizeof(*set));

	if (!set)
		return NULL;
	*set = (struct where_set){.type = (uint8_t)type};
	set->low = arena_get(arena, n * sizeof(*set->low));
	set->high = arena_get(arena, n * sizeof(*set->high));
	return set->low && set->high ? set : NULL;
}

void set_add(struct where_set *set, struct where_value low,
	     struct where_value high)
{
	set->low[set->n] = low;
	set->high[set->n++] = high;
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	return value_order(x->type, &x->low, y->type, &y->low);
}

/* Do the ranges come one after the other? As lists that tools made often do. */
static bool is_ready(const struct where_set *set)
{
	uint32_t i;

	for (i = 1; i < set->n; i++)
		if (value_order(set->type, &set->low[i], set->type,
				&set->high[i - 1]) <= 0)
			return false;
	return true;
}

bool set_ready(struct where_set *set)
{
	struct pair *pairs;
	uint32_t i, n = 0;

	if (is_ready(set))
		return true;
	pairs = malloc((set->n + 1) * sizeof(*pairs));
	if (!pairs)
		return false;
	for (i = 0; i < set->n; i++)
		pairs[i] = (struct pair){set->low[i], set->high[i], set->type};
	qsort(pairs, set->n, sizeof(*pairs), compare_pairs);
	for (i = 0; i < set->n; i++) {
		if (n && value_order(set->type, &pairs[i].low, set->type,
				     &set->high[n - 1]) <= 0) {
			if (value_order(set->type, &pairs[i].high, set->type,
					&set->high[n - 1]) > 0)
				set->high[n - 1] = pairs[i].high;
			continue;
		}
		set->low[n] = pairs[i].low;
		set->high[n++] = pairs[i].high;
	}
	set->n = n;
	free(pairs);
	return true;
}

bool set_has(const struct where_set *set, enum where_type type,
	     const struct where_value *v)
{
	uint32_t from = 0, to = set->n, middle;

	/* the last range that does not begin after v */
	while (from < to) {
		middle = from + (to - from) / 2;
		if (value_order(set->type, &set->low[middle], type, v) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from &&
	       value_order(type, v, set->type, &set->high[from - 1]) <= 0;
}
