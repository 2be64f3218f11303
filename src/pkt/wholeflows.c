/*
 * All packets of every flow with a selected packet.
 *
 * Only first fragments hold ports. The first pass maps each fragmented
 * datagram to its flow; datagrams with a later fragment selected are
 * put aside and looked up when the pass is over.
 */
#include "pkt/wholeflows.h"

#include <stdlib.h>

#include "base/log.h"
#include "os/seed.h"
#include "pkt/flowkey.h"
#include "pkt/hashmap.h"
#include "pkt/ifmap.h"

struct wholeflows {
	struct hash_seed seed;
	struct ifmap links;
	struct hashmap flows; /* the selected ones, and selected datagrams */
	struct hashmap aside; /* datagrams with a selected later fragment */
	struct hashmap parts; /* datagram to flow */
	size_t max;	      /* keys in each map */
	uint64_t left_out;    /* selected packets of flows beyond these */
	bool parts_full, failed;
};

static const struct hash nothing;

struct wholeflows *wholeflows_new(size_t max, struct err *err)
{
	struct wholeflows *w = calloc(1, sizeof(*w));

	if (!w) {
		err_nomem(err, "flows");
		return NULL;
	}
	w->max = max;
	seed_get(&w->seed);
	return w;
}

void wholeflows_free(struct wholeflows *w)
{
	if (!w)
		return;
	ifmap_fini(&w->links);
	hashmap_fini(&w->flows);
	hashmap_fini(&w->aside);
	hashmap_fini(&w->parts);
	free(w);
}

static enum flow_kind look(struct wholeflows *w, const struct pkt *p,
			   struct hash *flow, struct hash *part, bool *has_part)
{
	struct flowkey key, part_key;
	enum flow_kind kind = flowkey_of(ifmap_get(&w->links, p->iface), p,
					 &key, &part_key, has_part);

	if (kind == FLOW_KNOWN)
		*flow = flowkey_hash(&key, &w->seed);
	if (kind == FLOW_FRAGMENT || *has_part)
		*part = flowkey_hash(&part_key, &w->seed);
	return kind;
}

/* Remember a key. A map that is full keeps what it has. */
static void put(struct wholeflows *w, struct hashmap *map, struct hash key)
{
	if (hashmap_put(map, key, nothing, w->max))
		return;
	w->left_out++;
	w->failed |= map->count < w->max;
}

/* ---- first pass ---- */

struct flows_pick {
	struct selector selector;
	struct wholeflows *w;
};

static bool flows_iface(struct selector *k, const struct iface *iface,
			struct err *err)
{
	struct wholeflows *w = ((struct flows_pick *)k)->w;

	return ifmap_set(&w->links, iface->id, iface->linktype, err);
}

/* Remember where fragments belong; everything stays. */
static enum verdict watch_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	struct wholeflows *w = ((struct flows_pick *)k)->w;
	struct hash flow, part;
	bool has_part;
	size_t i;

	(void)keep;
	for (i = 0; i < n; i++) {
		look(w, &p[i], &flow, &part, &has_part);
		if (has_part && !hashmap_put(&w->parts, part, flow, w->max))
			w->parts_full = true;
	}
	return GO_ON;
}

struct learn {
	struct sink sink;
	struct wholeflows *w;
};

static enum verdict learn_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct wholeflows *w = ((struct learn *)s)->w;
	struct hash flow, part;
	bool has_part;
	size_t i;

	for (i = 0; i < n; i++) {
		switch (look(w, &p[i], &flow, &part, &has_part)) {
		case FLOW_NONE:
			break;
		case FLOW_KNOWN:
			put(w, &w->flows, flow);
			break;
		case FLOW_FRAGMENT:
			put(w, &w->aside, part);
			break;
		}
	}
	return w->failed ? STOP : GO_ON;
}

static bool learn_close(struct sink *s, struct err *err)
{
	(void)err;
	free(s);
	return true;
}

/* A datagram put aside: its flow if that is known, else the datagram alone. */
static void learn_aside(void *arg, struct hash key, struct hash value)
{
	struct wholeflows *w = arg;
	const struct hash *flow = hashmap_get(&w->parts, key);

	(void)value;
	put(w, &w->flows, flow ? *flow : key);
}

bool wholeflows_learned(struct wholeflows *w, struct err *err)
{
	hashmap_each(&w->aside, learn_aside, w);
	hashmap_fini(&w->aside);
	if (w->failed)
		return err_nomem(err, "flows");
	if (w->parts_full)
		log_warn("more than %zu datagrams came in fragments: of the "
			 "others, some fragments may be left out",
			 w->max);
	if (w->left_out)
		log_warn("more than %zu flows are selected (--whole-flows=N): "
			 "%llu packets are selected without the others of "
			 "their flows",
			 w->max, (unsigned long long)w->left_out);
	return true;
}

/* ---- second pass ---- */

static bool is_selected(struct wholeflows *w, const struct pkt *p)
{
	const struct hash *of_part;
	struct hash flow, part;
	bool has_part;

	switch (look(w, p, &flow, &part, &has_part)) {
	case FLOW_NONE:
		return false;
	case FLOW_KNOWN:
		if (has_part) /* an id may be used again by another flow */
			hashmap_put(&w->parts, part, flow, w->max);
		return hashmap_get(&w->flows, flow) != NULL;
	case FLOW_FRAGMENT:
		break;
	}
	of_part = hashmap_get(&w->parts, part);
	return hashmap_get(&w->flows, of_part ? *of_part : part) != NULL;
}

static enum verdict flows_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	struct wholeflows *w = ((struct flows_pick *)k)->w;
	size_t i;

	for (i = 0; i < n; i++)
		keep[i] |= is_selected(w, &p[i]);
	return GO_ON;
}

static const struct selector_ops watch_ops = {
    .name = "fragments",
    .iface = flows_iface,
    .match = watch_matches,
    .close = selector_free,
};
static const struct selector_ops flows_ops = {
    .name = "whole flows",
    .iface = flows_iface,
    .match = flows_matches,
    .close = selector_free,
};
static const struct sink_ops learn_ops = {
    .name = "flows",
    .packets = learn_packets,
    .close = learn_close,
};

static struct selector *flows_open(const struct selector_ops *ops,
				   struct wholeflows *w, struct err *err)
{
	struct flows_pick *k = calloc(1, sizeof(*k));

	if (!k) {
		err_nomem(err, ops->name);
		return NULL;
	}
	k->selector.ops = ops;
	k->w = w;
	return &k->selector;
}

struct selector *wholeflows_watch(struct wholeflows *w, struct err *err)
{
	return flows_open(&watch_ops, w, err);
}

struct selector *wholeflows_pick(struct wholeflows *w, struct err *err)
{
	return flows_open(&flows_ops, w, err);
}

struct sink *wholeflows_learn(struct wholeflows *w, struct err *err)
{
	struct learn *l = calloc(1, sizeof(*l));

	if (!l) {
		err_nomem(err, "flows");
		return NULL;
	}
	l->sink.ops = &learn_ops;
	l->w = w;
	return &l->sink;
}
