/* What all stages with one sink after them share: handing on. */
#include "pkt/stage.h"

#include <stdlib.h>

void *stage_new(size_t size, const struct sink_ops *ops, struct sink *next,
		struct err *err)
{
	struct stage *s;

	if (!next)
		return NULL;
	s = calloc(1, size);
	if (!s) {
		sink_abandon(next);
		err_nomem(err, ops->name);
		return NULL;
	}
	s->sink.ops = ops;
	s->next = next;
	return s;
}

enum verdict stage_push(struct stage *s, const struct pkt *p, size_t n)
{
	enum verdict v = sink_packets(s->next, p, n);

	if (v == FAILED)
		s->sink.err = s->next->err;
	return v;
}

bool stage_iface(struct sink *s, const struct iface *iface, struct err *err)
{
	return sink_iface(((struct stage *)s)->next, iface, err);
}

void stage_lend(struct sink *s, struct buffer_ref *hold)
{
	sink_lend(((struct stage *)s)->next, hold);
}

bool stage_block(struct sink *s, const struct block *block, struct err *err)
{
	return sink_block(((struct stage *)s)->next, block, err);
}

bool sink_wants_blocks(const struct sink *s)
{
	while (s->ops->block == stage_block)
		s = ((const struct stage *)s)->next;
	return s->ops->block != NULL;
}

bool sink_wants_holds(const struct sink *s)
{
	while (s->ops->lend == stage_lend)
		s = ((const struct stage *)s)->next;
	return s->ops->lend != NULL;
}

bool stage_flush(struct sink *s, struct err *err)
{
	return sink_flush(((struct stage *)s)->next, err);
}

bool stage_iface_end(struct sink *s, uint32_t iface, const struct counters *c,
		     int64_t start_ns, int64_t end_ns, struct err *err)
{
	return sink_iface_end(((struct stage *)s)->next, iface, c, start_ns,
			      end_ns, err);
}

bool stage_close(struct sink *s, struct err *err)
{
	bool good = sink_close_next(s, ((struct stage *)s)->next, err);

	free(s);
	return good;
}
