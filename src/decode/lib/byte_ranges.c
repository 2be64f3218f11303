/* Ranges in an array, in order. */
#include "decode/lib/byte_ranges.h"

#include <string.h>

bool byte_ranges_add(struct byte_ranges *r, uint32_t from, uint32_t to)
{
	unsigned i = 0, k;

	while (i < r->n && r->range[i].to < from)
		i++;
	/* those from i up to but not k are joined with the new one */
	for (k = i; k < r->n && r->range[k].from <= to; k++) {
		if (r->range[k].from < from)
			from = r->range[k].from;
		if (r->range[k].to > to)
			to = r->range[k].to;
	}
	if (k == i && r->n == BYTE_RANGES)
		return false;
	memmove(&r->range[i + 1], &r->range[k],
		(r->n - k) * sizeof(r->range[0]));
	r->n = r->n - (k - i) + 1;
	r->range[i] = (struct byte_range){from, to};
	return true;
}

void byte_ranges_take(struct byte_ranges *r, uint32_t n)
{
	unsigned i;

	for (i = 0; i < r->n; i++) {
		r->range[i].from -= r->range[i].from < n ? r->range[i].from : n;
		r->range[i].to -= n;
	}
	if (r->n && r->range[0].to == 0)
		memmove(&r->range[0], &r->range[1],
			--r->n * sizeof(r->range[0]));
}
