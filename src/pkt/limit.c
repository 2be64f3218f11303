/* Picks that count what the selectors before them kept: limit, skip, sample. */
#include "pkt/limit.h"

#include <stdlib.h>

struct tally {
	struct selector selector;
	uint64_t n;    /* as asked for */
	uint64_t seen; /* sample: since the last one kept */
};

static enum verdict limit_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	struct tally *t = (struct tally *)k;
	size_t i;

	(void)p;
	for (i = 0; i < n; i++) {
		if (keep[i] && t->seen++ >= t->n)
			keep[i] = 0;
	}
	return t->seen >= t->n ? STOP : GO_ON;
}

static enum verdict skip_matches(struct selector *k, const struct pkt *p,
				 size_t n, uint8_t *keep)
{
	struct tally *t = (struct tally *)k;
	size_t i;

	(void)p;
	for (i = 0; i < n && t->seen < t->n; i++) {
		t->seen += keep[i];
		keep[i] = 0;
	}
	return GO_ON;
}

static enum verdict sample_matches(struct selector *k, const struct pkt *p,
				   size_t n, uint8_t *keep)
{
	struct tally *t = (struct tally *)k;
	size_t i;

	(void)p;
	for (i = 0; i < n; i++) {
		if (!keep[i])
			continue;
		keep[i] = t->seen == 0;
		if (++t->seen == t->n)
			t->seen = 0;
	}
	return GO_ON;
}

static const struct selector_ops limit_ops = {
    .name = "limit",
    .match = limit_matches,
    .close = selector_free,
};
static const struct selector_ops skip_ops = {
    .name = "skip",
    .match = skip_matches,
    .close = selector_free,
};
static const struct selector_ops sample_ops = {
    .name = "sample",
    .match = sample_matches,
    .close = selector_free,
};

static struct selector *tally_open(const struct selector_ops *ops, uint64_t n,
				   struct err *err)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t) {
		err_nomem(err, ops->name);
		return NULL;
	}
	t->selector.ops = ops;
	t->n = n;
	return &t->selector;
}

struct selector *limit_open(uint64_t n, struct err *err)
{
	return tally_open(&limit_ops, n, err);
}

struct selector *skip_open(uint64_t n, struct err *err)
{
	return tally_open(&skip_ops, n, err);
}

struct selector *sample_open(uint64_t n, struct err *err)
{
	return tally_open(&sample_ops, n, err);
}
