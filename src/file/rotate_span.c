/* What was counted on each interface during the span of a file. */
#include "file/rotate_span.h"

#include <stdlib.h>

#include "pkt/ifcopy.h"

bool rotate_spans_add(struct rotate_spans *s, const struct iface *iface,
		      struct err *err)
{
	size_t n = (size_t)iface->id + 1;
	struct rotate_span *more;

	if (n > s->n) {
		more = realloc(s->item, n * sizeof(*more));
		if (!more)
			return err_nomem(err, "interfaces");
		s->item = more;
		for (; s->n < n; s->n++)
			more[s->n] = (struct rotate_span){0};
	}
	free(s->item[iface->id].iface);
	s->item[iface->id].iface = iface_copy(iface, err);
	return s->item[iface->id].iface != NULL;
}

void rotate_spans_begin(struct rotate_spans *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		s->item[i].packets = 0;
	s->dropped = 0;
	s->some_known = false;
}

static uint64_t less(uint64_t now, uint64_t before)
{
	if (now == COUNT_UNKNOWN || before == COUNT_UNKNOWN)
		return COUNT_UNKNOWN;
	return now > before ? now - before : 0;
}

static void add_dropped(struct rotate_spans *s, uint64_t n)
{
	if (n == COUNT_UNKNOWN)
		return;
	s->dropped += n;
	s->some_known = true;
}

struct counters rotate_span_end(struct rotate_spans *s, uint32_t iface,
				const struct counters *since_begin)
{
	struct rotate_span *span = &s->item[iface];
	struct counters c = {
	    .delivered = span->packets,
	    .received = COUNT_UNKNOWN,
	    .dropped = COUNT_UNKNOWN,
	    .ifdropped = COUNT_UNKNOWN,
	};

	if (!since_begin)
		return c;
	c.delivered = less(since_begin->delivered, span->base.delivered);
	c.received = less(since_begin->received, span->base.received);
	c.dropped = less(since_begin->dropped, span->base.dropped);
	c.ifdropped = less(since_begin->ifdropped, span->base.ifdropped);
	span->base = *since_begin;
	add_dropped(s, c.dropped);
	add_dropped(s, c.ifdropped);
	return c;
}

void rotate_spans_fini(struct rotate_spans *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->item[i].iface);
	free(s->item);
}
