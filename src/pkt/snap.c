/* Stages that shorten packets as a capture with a snapshot length would. */
#include "pkt/snap.h"

#include "pkt/edit.h"
#include "pkt/headers.h"
#include "pkt/ifmap.h"
#include "pkt/tail.h"

struct snap {
	struct edit edit;
	uint32_t n;
	struct ifmap links;
};

static bool snap_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	struct snap *k = (struct snap *)s;
	struct iface shorter = *iface;

	if (shorter.snaplen == 0 || shorter.snaplen > k->n)
		shorter.snaplen = k->n;
	return stage_iface(s, &shorter, err);
}

static void snap_change(struct edit *e, struct pkt *p, size_t n)
{
	uint32_t most = ((struct snap *)e)->n;
	size_t i;

	for (i = 0; i < n; i++)
		pkt_shorten(&p[i], most);
}

static bool headers_iface(struct sink *s, const struct iface *iface,
			  struct err *err)
{
	struct snap *k = (struct snap *)s;

	if (!headers_known(iface->linktype))
		return err_set(err, ERR_FAULT,
			       "the headers of link type %u are not known, so "
			       "packets cannot be truncated after them",
			       iface->linktype);
	return ifmap_set(&k->links, iface->id, iface->linktype, err) &&
	       stage_iface(s, iface, err);
}

static void headers_change(struct edit *e, struct pkt *p, size_t n)
{
	const struct snap *k = (const struct snap *)e;
	struct header_offsets l;
	size_t i;

	for (i = 0; i < n; i++) {
		headers_find(ifmap_get(&k->links, p[i].iface), p[i].data,
			     p[i].caplen, p[i].wirelen, &l);
		pkt_shorten(&p[i], l.end);
	}
}

static bool snap_close(struct sink *s, struct err *err)
{
	ifmap_fini(&((struct snap *)s)->links);
	return stage_close(s, err);
}

static const struct sink_ops snap_ops = {
    .name = "snap",
    .iface = snap_iface,
    .packets = edit_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = snap_close,
};
static const struct sink_ops headers_ops = {
    .name = "snap to headers",
    .iface = headers_iface,
    .packets = edit_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = snap_close,
};

struct sink *snap_open(uint32_t n, struct sink *next, struct err *err)
{
	struct snap *k = stage_new(sizeof(*k), &snap_ops, next, err);

	if (!k)
		return NULL;
	k->edit.change = snap_change;
	k->n = n;
	return &k->edit.stage.sink;
}

struct sink *snap_headers_open(struct sink *next, struct err *err)
{
	struct snap *k = stage_new(sizeof(*k), &headers_ops, next, err);

	if (!k)
		return NULL;
	k->edit.change = headers_change;
	return &k->edit.stage.sink;
}
