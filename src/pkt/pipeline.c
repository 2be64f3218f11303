/* Calling sinks and sources whose optional operations may be missing. */
#include "pkt/pipeline.h"

/* What an operation came to. */
static bool done(struct sink *s, bool good)
{
	if (!good)
		s->abandoned = true;
	return good;
}

bool sink_iface(struct sink *s, const struct iface *iface, struct err *err)
{
	return done(s, !s->ops->iface || s->ops->iface(s, iface, err));
}

void sink_lend(struct sink *s, struct buffer_ref *hold)
{
	if (s->ops->lend)
		s->ops->lend(s, hold);
}

bool sink_block(struct sink *s, const struct block *block, struct err *err)
{
	return done(s, !s->ops->block || s->ops->block(s, block, err));
}

bool sink_flush(struct sink *s, struct err *err)
{
	return done(s, !s->ops->flush || s->ops->flush(s, err));
}

bool sink_iface_end(struct sink *s, uint32_t iface, const struct counters *c,
		    int64_t start_ns, int64_t end_ns, struct err *err)
{
	return done(s,
		    !s->ops->iface_end ||
			s->ops->iface_end(s, iface, c, start_ns, end_ns, err));
}

bool sink_close(struct sink *s, struct err *err)
{
	return !s || s->ops->close(s, err);
}

bool sink_close_next(const struct sink *stage, struct sink *next,
		     struct err *err)
{
	if (next && stage->abandoned)
		next->abandoned = true;
	return sink_close(next, err);
}

void sink_abandon(struct sink *s)
{
	if (s)
		s->abandoned = true;
	sink_close(s, NULL);
}

static enum verdict nothing_packets(struct sink *s, const struct pkt *p,
				    size_t n)
{
	(void)s, (void)p, (void)n;
	return STOP;
}

static bool nothing_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

struct sink *sink_nothing(void)
{
	static const struct sink_ops ops = {
	    .name = "nothing",
	    .packets = nothing_packets,
	    .close = nothing_close,
	};
	static struct sink nothing = {.ops = &ops};

	return &nothing;
}

bool source_run(struct source *s, struct sink *sink, struct err *err)
{
	return s->ops->run(s, sink, err);
}

void source_stop(struct source *s)
{
	if (s->ops->stop)
		s->ops->stop(s);
}

void source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}
