/* Lists of values, which grow while a program runs. */
#include "where/run.h"

#include <stdlib.h>

struct where_value *list_more(struct where_run *run, struct where_list *list)
{
	struct where_value *more;
	uint32_t room;

	if (list->n == list->room) {
		room = list->room ? 2 * list->room : 16;
		if (room > WHERE_VALUES)
			return NULL;
		more = realloc(list->v, room * sizeof(*more));
		run->failed |= !more;
		if (!more)
			return NULL;
		list->v = more;
		list->room = room;
	}
	return &list->v[list->n++];
}
