/* The stage that puts a block in front of the packets. */
#include "pkt/inject.h"

#include <stdlib.h>
#include <string.h>

#include "pkt/stage.h"

struct inject {
	struct stage stage;
	struct block block;
	uint8_t *body; /* of the block; NULL: it has been handed on */
};

static bool inject(struct inject *i, struct err *err)
{
	bool good = true;

	if (i->body)
		good = stage_block(&i->stage.sink, &i->block, err);
	free(i->body);
	i->body = NULL;
	return good;
}

static bool inject_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	return inject((struct inject *)s, err) && stage_iface(s, iface, err);
}

static enum verdict inject_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	return stage_push((struct stage *)s, p, n);
}

/* An input without an interface has no place in front of it. */
static bool inject_close(struct sink *s, struct err *err)
{
	bool good = s->abandoned || inject((struct inject *)s, err);

	s->abandoned = !good || s->abandoned;
	free(((struct inject *)s)->body);
	return stage_close(s, good ? err : NULL) && good;
}

static const struct sink_ops inject_ops = {
    .name = "inject",
    .iface = inject_iface,
    .packets = inject_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = inject_close,
};

struct sink *inject_open(const struct block *block, struct sink *next,
			 struct err *err)
{
	struct inject *i = stage_new(sizeof(*i), &inject_ops, next, err);

	if (!i)
		return NULL;
	i->body = malloc(block->len ? block->len : 1);
	if (!i->body) {
		err_nomem(err, "a block");
		stage_close(&i->stage.sink, NULL);
		return NULL;
	}
	if (block->len > 0)
		memcpy(i->body, block->body, block->len);
	i->block = *block;
	i->block.body = i->body;
	return &i->stage.sink;
}
