/* A stage that passes everything to two sinks. */
#include "pkt/tee.h"

#include <stdlib.h>

struct tee {
	struct sink sink;
	struct sink *to[2];
	bool done[2]; /* it said STOP */
};

static bool tee_iface(struct sink *s, const struct iface *iface,
		      struct err *err)
{
	struct tee *t = (struct tee *)s;

	return sink_iface(t->to[0], iface, err) &&
	       sink_iface(t->to[1], iface, err);
}

static enum verdict tee_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct tee *t = (struct tee *)s;
	bool failed = false;
	int i;

	for (i = 0; i < 2; i++) {
		enum verdict v =
		    t->done[i] ? STOP : sink_packets(t->to[i], p, n);

		if (v == FAILED && !failed)
			s->err = t->to[i]->err;
		failed |= v == FAILED;
		t->done[i] = v == STOP;
	}
	if (failed)
		return FAILED;
	return t->done[0] && t->done[1] ? STOP : GO_ON;
}

static bool tee_block(struct sink *s, const struct block *block,
		      struct err *err)
{
	struct tee *t = (struct tee *)s;

	return sink_block(t->to[0], block, err) &&
	       sink_block(t->to[1], block, err);
}

static bool tee_flush(struct sink *s, struct err *err)
{
	struct tee *t = (struct tee *)s;

	return sink_flush(t->to[0], err) && sink_flush(t->to[1], err);
}

static bool tee_iface_end(struct sink *s, uint32_t iface,
			  const struct counters *c, int64_t start_ns,
			  int64_t end_ns, struct err *err)
{
	struct tee *t = (struct tee *)s;

	return sink_iface_end(t->to[0], iface, c, start_ns, end_ns, err) &&
	       sink_iface_end(t->to[1], iface, c, start_ns, end_ns, err);
}

static bool tee_close(struct sink *s, struct err *err)
{
	struct tee *t = (struct tee *)s;
	bool first = sink_close_next(s, t->to[0], err);
	bool second = sink_close_next(s, t->to[1], first ? err : NULL);

	free(t);
	return first && second;
}

static const struct sink_ops tee_ops = {
    .name = "tee",
    .iface = tee_iface,
    .packets = tee_packets,
    .block = tee_block,
    .flush = tee_flush,
    .iface_end = tee_iface_end,
    .close = tee_close,
};

struct sink *tee_open(struct sink *first, struct sink *second, struct err *err)
{
	struct tee *t = calloc(1, sizeof(*t));

	if (!t) {
		sink_abandon(first);
		sink_abandon(second);
		err_nomem(err, "splitting the output");
		return NULL;
	}
	t->sink.ops = &tee_ops;
	t->to[0] = first;
	t->to[1] = second;
	return &t->sink;
}
