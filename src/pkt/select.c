/*
 * The stage that selects. Packets are judged in slices of SLICE; those that
 * stay are moved together, so that the next stage gets full batches. A slice
 * that is kept whole is passed on where it is.
 */
#include "pkt/select.h"

#include <stdlib.h>
#include <string.h>

#include "pkt/stage.h"

#define SLICE 256

struct select {
	struct stage stage;
	struct selector *selectors[SELECT_MOST];
	size_t count;
	bool go_on; /* whatever the selectors say */
	bool show_refused;
	size_t refused_from; /* by that selector and those after it */
	uint8_t keep[SLICE];
	uint8_t seen[SLICE]; /* what was kept before that one */
	struct pkt kept[SLICE];
};

void selector_free(struct selector *p)
{
	free(p);
}

static bool select_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	struct select *f = (struct select *)s;
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!selector_iface(f->selectors[i], iface, err))
			return false;
	return sink_iface(f->stage.next, iface, err);
}

/* Hand on what is kept of one slice, and what is only shown. */
static enum verdict select_show(struct select *f, const struct pkt *p, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		if (!f->keep[i] && !f->seen[i])
			continue;
		f->kept[kept] = p[i];
		if (!f->keep[i])
			f->kept[kept].flags |= PKT_REFUSED;
		kept++;
	}
	return kept ? stage_push(&f->stage, f->kept, kept) : GO_ON;
}

/* Hand on what is kept of one slice. */
static enum verdict select_pass(struct select *f, const struct pkt *p, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n && f->keep[i]; i++)
		;
	if (i == n)
		return stage_push(&f->stage, p, n);
	if (f->show_refused)
		return select_show(f, p, n);
	for (i = 0; i < n; i++) {
		if (f->keep[i])
			f->kept[kept++] = p[i];
	}
	return kept ? stage_push(&f->stage, f->kept, kept) : GO_ON;
}

static enum verdict select_slice(struct select *f, const struct pkt *p,
				 size_t n)
{
	enum verdict worst = GO_ON, v;
	size_t i;

	memset(f->keep, 1, n);
	for (i = 0; i < f->count; i++) {
		if (f->show_refused && i == f->refused_from)
			memcpy(f->seen, f->keep, n);
		v = f->selectors[i]->ops->match(f->selectors[i], p, n, f->keep);
		if (v == FAILED) {
			f->stage.sink.err = f->selectors[i]->err;
			return FAILED;
		}
		if (v > worst && !f->go_on)
			worst = v;
	}
	v = select_pass(f, p, n);
	return v > worst ? v : worst;
}

static enum verdict select_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	struct select *f = (struct select *)s;

	while (n > 0) {
		size_t slice = n < SLICE ? n : SLICE;
		enum verdict v = select_slice(f, p, slice);

		if (v != GO_ON)
			return v;
		p += slice;
		n -= slice;
	}
	return GO_ON;
}

static bool select_close(struct sink *s, struct err *err)
{
	struct select *f = (struct select *)s;
	size_t i;

	for (i = 0; i < f->count; i++)
		selector_close(f->selectors[i]);
	return stage_close(s, err);
}

static const struct sink_ops select_ops = {
    .name = "select",
    .iface = select_iface,
    .packets = select_packets,
    .lend = stage_lend,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = select_close,
};

struct sink *select_open(struct sink *next, struct err *err)
{
	return stage_new(sizeof(struct select), &select_ops, next, err);
}

bool select_add(struct sink *select, struct selector *selector, struct err *err)
{
	struct select *f = (struct select *)select;

	if (!selector)
		return false;
	if (f->count == SELECT_MOST) {
		selector_close(selector);
		return err_set(err, ERR_USAGE, "too many conditions");
	}
	f->selectors[f->count++] = selector;
	return true;
}

void select_go_on(struct sink *select)
{
	((struct select *)select)->go_on = true;
}

void select_show_refused(struct sink *select)
{
	struct select *f = (struct select *)select;

	f->show_refused = true;
	f->refused_from = f->count - 1;
}
