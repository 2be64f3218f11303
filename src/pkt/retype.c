/* The stage that says that packets are of another link type. */
#include "pkt/retype.h"

#include "pkt/stage.h"

struct retype {
	struct stage stage;
	uint32_t linktype;
};

static bool retype_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	struct iface other = *iface;

	other.linktype = ((struct retype *)s)->linktype;
	return stage_iface(s, &other, err);
}

static enum verdict retype_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	return stage_push((struct stage *)s, p, n);
}

static const struct sink_ops retype_ops = {
    .name = "link type",
    .iface = retype_iface,
    .packets = retype_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = stage_close,
};

struct sink *retype_open(uint32_t linktype, struct sink *next, struct err *err)
{
	struct retype *r = stage_new(sizeof(*r), &retype_ops, next, err);

	if (!r)
		return NULL;
	r->linktype = linktype;
	return &r->stage.sink;
}
