/*
 * The selector that keeps packets by their numbers. The ranges are sorted and
 * made disjoint when they are read; numbers rise, so one index moves along
 * them.
 */
#include "pkt/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

struct range {
	uint64_t first, last;
};

struct ranges {
	struct selector selector;
	struct range *list;
	size_t count;
	size_t at; /* the range that the last number was in or below */
};

static bool range_has(struct ranges *r, uint64_t number)
{
	if (r->at > 0 && number <= r->list[r->at - 1].last)
		r->at = 0; /* numbers start again: a live source's do not */
	while (r->at < r->count && number > r->list[r->at].last)
		r->at++;
	return r->at < r->count && number >= r->list[r->at].first;
}

static enum verdict ranges_matches(struct selector *k, const struct pkt *p,
				   size_t n, uint8_t *keep)
{
	struct ranges *r = (struct ranges *)k;
	uint64_t end = r->list[r->count - 1].last;
	size_t i;

	for (i = 0; i < n; i++)
		keep[i] &= range_has(r, p[i].number);
	return n > 0 && p[n - 1].number >= end ? STOP : GO_ON;
}

static void ranges_close(struct selector *k)
{
	free(((struct ranges *)k)->list);
	free(k);
}

static const struct selector_ops ranges_ops = {
    .name = "packet numbers",
    .match = ranges_matches,
    .close = ranges_close,
};

/* One number or range: it is changed while it is read. */
static bool range_parse(char *text, struct range *r)
{
	char *dash = strchr(text, '-');

	if (!dash)
		return num_u64(text, &r->first) && r->first > 0 &&
		       (r->last = r->first);
	*dash++ = '\0';
	r->first = 1;
	r->last = UINT64_MAX;
	return (*text || *dash) && (!*text || num_u64(text, &r->first)) &&
	       (!*dash || num_u64(dash, &r->last)) && r->first > 0 &&
	       r->first <= r->last;
}

static int range_order(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

static void ranges_unite(struct ranges *r)
{
	size_t i, to = 0;

	qsort(r->list, r->count, sizeof(*r->list), range_order);
	for (i = 1; i < r->count; i++) {
		struct range *last = &r->list[to];

		if (r->list[i].first > last->last)
			r->list[++to] = r->list[i];
		else if (r->list[i].last > last->last)
			last->last = r->list[i].last;
	}
	r->count = to + 1;
}

struct selector *ranges_open(const char *text, struct err *err)
{
	struct ranges *r = calloc(1, sizeof(*r));
	char *copy = malloc(strlen(text) + 1), *item, *next;
	size_t room = 1;

	for (const char *c = text; *c; c++)
		room += *c == ',';
	if (r)
		r->list = calloc(room, sizeof(*r->list));
	if (!r || !copy || !r->list) {
		err_nomem(err, "packet numbers");
		goto fail;
	}
	strcpy(copy, text);
	for (item = copy; item; item = next) {
		next = strchr(item, ',');
		if (next)
			*next++ = '\0';
		if (!range_parse(item, &r->list[r->count++])) {
			err_set(
			    err, ERR_USAGE,
			    "\"%s\" is not a list of packet numbers such as "
			    "1-10,25",
			    text);
			goto fail;
		}
	}
	free(copy);
	ranges_unite(r);
	r->selector.ops = &ranges_ops;
	return &r->selector;
fail:
	if (r)
		free(r->list);
	free(r);
	free(copy);
	return NULL;
}
