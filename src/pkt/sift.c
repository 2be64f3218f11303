/*
 * The stage that selects. Packets are judged in slices of SLICE; those that
 * stay are moved together, so that the next stage gets full batches. A slice
 * of which everything stays is handed on where it is.
 */
#include "pkt/sift.h"

#include <stdlib.h>
#include <string.h>

#include "pkt/stage.h"

#define SLICE 256

struct sift {
	struct stage stage;
	struct pick *picks[SIFT_PICKS];
	size_t count;
	uint64_t in, out;
	bool go_on; /* whatever the picks say */
	uint8_t keep[SLICE];
	struct pkt kept[SLICE];
};

void pick_free(struct pick *p)
{
	free(p);
}

static bool sift_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	struct sift *f = (struct sift *)s;
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!pick_iface(f->picks[i], iface, err))
			return false;
	return sink_iface(f->stage.next, iface, err);
}

/* Hand on what is kept of one slice. */
static enum verdict sift_pass(struct sift *f, const struct pkt *p, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n && f->keep[i]; i++)
		;
	if (i == n) {
		f->out += n;
		return stage_push(&f->stage, p, n);
	}
	for (i = 0; i < n; i++) {
		if (f->keep[i])
			f->kept[kept++] = p[i];
	}
	f->out += kept;
	return kept ? stage_push(&f->stage, f->kept, kept) : GO_ON;
}

static enum verdict sift_slice(struct sift *f, const struct pkt *p, size_t n)
{
	enum verdict worst = GO_ON, v;
	size_t i;

	f->in += n;
	memset(f->keep, 1, n);
	for (i = 0; i < f->count; i++) {
		v = f->picks[i]->ops->judge(f->picks[i], p, n, f->keep);
		if (v == FAILED) {
			f->stage.sink.err = f->picks[i]->err;
			return FAILED;
		}
		if (v > worst && !f->go_on)
			worst = v;
	}
	v = sift_pass(f, p, n);
	return v > worst ? v : worst;
}

static enum verdict sift_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct sift *f = (struct sift *)s;

	while (n > 0) {
		size_t slice = n < SLICE ? n : SLICE;
		enum verdict v = sift_slice(f, p, slice);

		if (v != GO_ON)
			return v;
		p += slice;
		n -= slice;
	}
	return GO_ON;
}

static bool sift_close(struct sink *s, struct err *err)
{
	struct sift *f = (struct sift *)s;
	size_t i;

	for (i = 0; i < f->count; i++)
		pick_close(f->picks[i]);
	return stage_close(s, err);
}

static const struct sink_ops sift_ops = {
    .name = "sift",
    .iface = sift_iface,
    .packets = sift_packets,
    .lend = stage_lend,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = sift_close,
};

struct sink *sift_open(struct sink *next, struct err *err)
{
	return stage_new(sizeof(struct sift), &sift_ops, next, err);
}

bool sift_add(struct sink *sift, struct pick *pick, struct err *err)
{
	struct sift *f = (struct sift *)sift;

	if (!pick)
		return false;
	if (f->count == SIFT_PICKS) {
		pick_close(pick);
		return err_set(err, ERR_USAGE, "too many conditions");
	}
	f->picks[f->count++] = pick;
	return true;
}

void sift_go_on(struct sink *sift)
{
	((struct sift *)sift)->go_on = true;
}

void sift_counts(const struct sink *sift, uint64_t *in, uint64_t *out)
{
	const struct sift *f = (const struct sift *)sift;

	*in = f->in;
	*out = f->out;
}
