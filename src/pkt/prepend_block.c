/* The stage that puts a block in front of the packets. */
#include "pkt/prepend_block.h"

#include <stdlib.h>
#include <string.h>

#include "pkt/stage.h"

struct prepend_block {
	struct stage stage;
	struct block block;
	uint8_t *body; /* of the block; NULL: it has been handed on */
};

static bool inject(struct prepend_block *i, struct err *err)
{
	bool good = true;

	if (i->body)
		good = stage_block(&i->stage.sink, &i->block, err);
	free(i->body);
	i->body = NULL;
	return good;
}

static bool prepend_block_iface(struct sink *s, const struct iface *iface,
				struct err *err)
{
	return inject((struct prepend_block *)s, err) &&
	       stage_iface(s, iface, err);
}

static enum verdict prepend_block_packets(struct sink *s, const struct pkt *p,
					  size_t n)
{
	return stage_push((struct stage *)s, p, n);
}

/* An input without an interface has no place in front of it. */
static bool prepend_block_close(struct sink *s, struct err *err)
{
	bool good = s->abandoned || inject((struct prepend_block *)s, err);

	s->abandoned = !good || s->abandoned;
	free(((struct prepend_block *)s)->body);
	return stage_close(s, good ? err : NULL) && good;
}

static const struct sink_ops prepend_block_ops = {
    .name = "inject",
    .iface = prepend_block_iface,
    .packets = prepend_block_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = prepend_block_close,
};

struct sink *prepend_block_open(const struct block *block, struct sink *next,
				struct err *err)
{
	struct prepend_block *i =
	    stage_new(sizeof(*i), &prepend_block_ops, next, err);

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
