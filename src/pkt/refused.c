/* The selector that takes what other selectors refused off the stream. */
#include "pkt/refused.h"

#include <stdlib.h>

static enum verdict refused_match(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	size_t i;

	(void)k;
	for (i = 0; i < n; i++)
		keep[i] &= !(p[i].flags & PKT_REFUSED);
	return GO_ON;
}

static const struct selector_ops refused_ops = {
    .name = "refused",
    .match = refused_match,
    .close = selector_free,
};

struct selector *refused_open(struct err *err)
{
	struct selector *k = calloc(1, sizeof(*k));

	if (k)
		k->ops = &refused_ops;
	else
		err_nomem(err, "a selector");
	return k;
}
