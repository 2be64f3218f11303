/* What stages share that change packets one by one. */
#include "pkt/edit.h"

#include <string.h>

enum verdict edit_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct edit *e = (struct edit *)s;

	while (n > 0) {
		size_t slice = n < EDIT_SLICE ? n : EDIT_SLICE;
		enum verdict v;

		memcpy(e->out, p, slice * sizeof(*p));
		e->change(e, e->out, slice);
		v = stage_push(&e->stage, e->out, slice);
		if (v != GO_ON)
			return v;
		p += slice;
		n -= slice;
	}
	return GO_ON;
}
