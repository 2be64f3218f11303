/* A selector that takes what other selectors refused off the stream. */
#include "pkt/refused.h"

#include <stdlib.h>

#include "pkt/select.h"

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

static struct selector *refused_new(struct err *err)
{
	struct selector *k = calloc(1, sizeof(*k));

	if (k)
		k->ops = &refused_ops;
	else
		err_nomem(err, "a selector");
	return k;
}

struct sink *drop_refused_open(struct sink *next, struct err *err)
{
	struct sink *select = select_open(next, err);

	if (!select || select_add(select, refused_new(err), err))
		return select;
	sink_abandon(select);
	return NULL;
}
