/* Picks that count what the picks before them kept: limit, skip, sample. */
#include "pkt/limit.h"

#include <stdlib.h>

struct tally {
	struct pick pick;
	uint64_t n;    /* as asked for */
	uint64_t seen; /* sample: since the last one kept */
};

static enum verdict limit_judge(struct pick *k, const struct pkt *p, size_t n,
				uint8_t *keep)
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

static enum verdict skip_judge(struct pick *k, const struct pkt *p, size_t n,
			       uint8_t *keep)
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

static enum verdict sample_judge(struct pick *k, const struct pkt *p, size_t n,
				 uint8_t *keep)
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

static const struct pick_ops limit_ops = {
    .name = "limit",
    .judge = limit_judge,
    .close = pick_free,
};
static const struct pick_ops skip_ops = {
    .name = "skip",
    .judge = skip_judge,
    .close = pick_free,
};
static const struct pick_ops sample_ops = {
    .name = "sample",
    .judge = sample_judge,
    .close = pick_free,
};

static struct pick *tally_open(const struct pick_ops *ops, uint64_t n,
			       struct err *err)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t) {
		err_nomem(err, ops->name);
		return NULL;
	}
	t->pick.ops = ops;
	t->n = n;
	return &t->pick;
}

struct pick *limit_open(uint64_t n, struct err *err)
{
	return tally_open(&limit_ops, n, err);
}

struct pick *skip_open(uint64_t n, struct err *err)
{
	return tally_open(&skip_ops, n, err);
}

struct pick *sample_open(uint64_t n, struct err *err)
{
	return tally_open(&sample_ops, n, err);
}
