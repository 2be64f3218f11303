/*
 * The stage that deals packets out to many sinks.
 *
 * Packets belong to groups: one for each key and period. A group has one part
 * at a time, which is followed by another when it is full. The parts used
 * last are open, in a list with the latest first; the others are closed and
 * opened again when something comes for them. A part is told of interfaces
 * when it gets the first packet of one, and of all blocks of the section (its
 * start, names, secrets) that have come by when it gets its first packet.
 */
#include "pkt/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/log.h"
#include "base/str.h"
#include "os/seed.h"
#include "pkt/flowkey.h"
#include "pkt/hashmap.h"
#include "pkt/ifcopy.h"
#include "pkt/keytext.h"
#include "pkt/locate.h"

#define BLOCK_SECTION 0x0a0d0d0a

/* Blocks that later parts are told of too; what is beyond is not kept. */
#define KEPT_BLOCKS ((size_t)16 << 20)

struct group {
	struct hash id;
	struct split_part part;
	char *key;		     /* the part's, owned */
	struct sink *sink;	     /* NULL: closed */
	struct group *newer, *older; /* among the open ones */
	uint64_t packets;
	uint64_t section; /* of the input, that the sink is in */
	uint8_t *told;	  /* a bit for each interface the sink knows of */
	size_t n_told;	  /* octets */
	bool full;	  /* its next packet starts a new part */
};

/* A block with its octets behind it. */
struct kept {
	struct kept *next;
	struct block block;
	uint8_t body[];
};

struct split {
	struct sink sink;
	struct split_options options;
	struct hash_seed seed;
	struct iface **ifaces;
	size_t n_ifaces;
	struct group **groups;
	size_t n_groups;
	struct hashmap index; /* id to place in groups, in value.a */
	struct hashmap parts; /* fragmented datagram to its flow */
	struct group *newest, *oldest;
	size_t n_open;
	uint64_t numbers; /* of parts so far */
	uint64_t section; /* of the input */
	struct kept *blocks, **blocks_end;
	size_t blocks_size;
	bool blocks_lost;
};

/* ---- open parts ---- */

static void list_remove(struct split *s, struct group *g)
{
	*(g->newer ? &g->newer->older : &s->newest) = g->older;
	*(g->older ? &g->older->newer : &s->oldest) = g->newer;
	g->newer = g->older = NULL;
}

static void list_add(struct split *s, struct group *g)
{
	g->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = g;
	s->newest = g;
}

static bool part_close(struct split *s, struct group *g, struct err *err)
{
	struct sink *sink = g->sink;

	if (!sink)
		return true;
	list_remove(s, g);
	s->n_open--;
	g->sink = NULL;
	g->n_told = 0;
	free(g->told);
	g->told = NULL;
	return sink_close(sink, err);
}

/* Bring a part into the section that the input is in. */
static bool part_section(struct split *s, struct group *g, struct err *err)
{
	struct kept *k;

	g->section = s->section;
	if (g->told)
		memset(g->told, 0, g->n_told);
	for (k = s->blocks; k; k = k->next)
		if (!sink_block(g->sink, &k->block, err))
			return false;
	return true;
}

/* Open a group's part, as a new one or again. */
static bool part_open(struct split *s, struct group *g, bool again,
		      struct err *err)
{
	if (s->n_open >= s->options.max_open && !part_close(s, s->oldest, err))
		return false;
	g->sink = s->options.open(s->options.arg, &g->part, again, err);
	if (!g->sink)
		return false;
	list_add(s, g);
	s->n_open++;
	return part_section(s, g, err);
}

/* Tell the part of an interface before its first packet. */
static bool part_tell(struct split *s, struct group *g, uint32_t iface,
		      struct err *err)
{
	size_t at = iface / 8;

	if (at < g->n_told && (g->told[at] >> iface % 8 & 1))
		return true;
	if (at >= g->n_told) {
		uint8_t *told = realloc(g->told, at + 8);

		if (!told)
			return err_nomem(err, "splitting");
		memset(told + g->n_told, 0, at + 8 - g->n_told);
		g->told = told;
		g->n_told = at + 8;
	}
	g->told[at] |= (uint8_t)(1 << iface % 8);
	if (iface >= s->n_ifaces || !s->ifaces[iface])
		return err_set(err, ERR_FAULT,
			       "a packet of an unknown interface");
	return sink_iface(g->sink, s->ifaces[iface], err);
}

/* ---- groups ---- */

static struct group *group_add(struct split *s, struct hash id, const char *key,
			       struct err *err)
{
	struct hash place = {.a = s->n_groups};
	struct group *g;

	if (s->n_groups == SPLIT_PARTS) {
		err_set(err, ERR_FAULT, "more than %zu parts", SPLIT_PARTS);
		return NULL;
	}
	if ((s->n_groups & (s->n_groups + 1)) == 0) {
		size_t room = (s->n_groups + 1) * 2;
		struct group **groups =
		    realloc(s->groups, room * sizeof(*groups));

		if (!groups)
			goto nomem;
		s->groups = groups;
	}
	g = calloc(1, sizeof(*g));
	if (!g)
		goto nomem;
	s->groups[s->n_groups++] = g;
	g->id = id;
	g->full = true; /* there is no part yet */
	if (key) {
		g->key = malloc(strlen(key) + 1);
		if (!g->key)
			goto nomem;
		g->part.key = strcpy(g->key, key);
	}
	if (hashmap_put(&s->index, id, place, SPLIT_PARTS))
		return g;
nomem:
	err_nomem(err, "splitting");
	return NULL;
}

/* Would this packet make the part too large? */
static bool too_large(const struct split *s, const struct group *g,
		      const struct pkt *p)
{
	const uint64_t frame = 40; /* what formats have around a packet */

	return s->options.size && g->packets > 0 && g->sink &&
	       s->options.size_of(g->sink) + p->caplen + frame >
		   s->options.size;
}

/* A packet for a group. */
static enum verdict group_put(struct split *s, struct group *g,
			      const struct pkt *p)
{
	struct err *err = &s->sink.err;
	enum verdict v;

	if (g->full || too_large(s, g, p)) {
		if (!part_close(s, g, err))
			return FAILED;
		g->part.number = ++s->numbers;
		if (!s->options.period_ns)
			g->part.time_ns = p->time_ns;
		g->packets = 0;
		g->full = false;
		if (!part_open(s, g, false, err))
			return FAILED;
	} else if (!g->sink) {
		if (!part_open(s, g, true, err))
			return FAILED;
	} else if (s->newest != g) {
		list_remove(s, g);
		list_add(s, g);
	}
	if (g->section != s->section && !part_section(s, g, err))
		return FAILED;
	if (!part_tell(s, g, p->iface, err))
		return FAILED;
	v = sink_packets(g->sink, p, 1);
	if (v == FAILED)
		*err = g->sink->err;
	g->packets++;
	g->full = s->options.packets && g->packets >= s->options.packets;
	return v;
}

/* ---- keys ---- */

/* What a key is made of, and how its text is written when it is new. */
struct key {
	struct hash id;
	void (*put)(struct str *, const struct split *, const void *);
	const void *of;
};

static void put_key_flow(struct str *out, const struct split *s, const void *of)
{
	(void)s;
	keytext_flow(out, of);
}

static void put_key_host(struct str *out, const struct split *s, const void *of)
{
	const struct addr *a = of;

	(void)s;
	keytext_addr(out, a->version, a->octets);
}

static void put_key_iface(struct str *out, const struct split *s,
			  const void *of)
{
	const struct iface *iface = of;

	(void)s;
	if (iface->name && iface->name[0])
		keytext_safe(out, iface->name);
	else
		str_printf(out, "interface%u", iface->id);
}

static void put_key_linktype(struct str *out, const struct split *s,
			     const void *of)
{
	const struct iface *iface = of;
	const char *name = s->options.linktype_name(iface->linktype);

	if (name)
		keytext_safe(out, name);
	else
		str_printf(out, "linktype%u", iface->linktype);
}

static void put_key_other(struct str *out, const struct split *s,
			  const void *of)
{
	(void)s, (void)of;
	str_puts(out, "other");
}

static struct hash hash_of(const struct split *s, const void *octets, size_t n)
{
	struct hash h = hash_start(&s->seed);

	hash_add(&h, octets, n, &s->seed);
	return h;
}

/* Start of the period that t is in. */
static int64_t period_start(const struct split *s, int64_t t)
{
	int64_t length = s->options.period_ns, rest = t % length;

	if (rest < 0)
		rest += length;
	return t < INT64_MIN + rest ? INT64_MIN : t - rest;
}

/* Put a packet into the group of a key. */
static enum verdict put(struct split *s, const struct key *key,
			const struct pkt *p)
{
	int64_t start = s->options.period_ns ? period_start(s, p->time_ns) : 0;
	struct hash id = key->id;
	const struct hash *place;
	struct group *g;

	if (s->options.period_ns)
		hash_add(&id, (const uint8_t *)&start, sizeof(start), &s->seed);
	place = hashmap_get(&s->index, id);
	if (place) {
		g = s->groups[place->a];
	} else {
		struct str text = STR_INIT;

		if (key->put)
			key->put(&text, s, key->of);
		g = group_add(s, id, key->put ? str_text(&text) : NULL,
			      &s->sink.err);
		str_fini(&text);
		if (!g)
			return FAILED;
		g->part.time_ns = start;
	}
	return group_put(s, g, p);
}

/* ---- by what ---- */

static uint32_t link_of(const struct split *s, const struct pkt *p)
{
	return p->iface < s->n_ifaces && s->ifaces[p->iface]
		   ? s->ifaces[p->iface]->linktype
		   : UINT32_MAX;
}

static enum verdict put_other(struct split *s, const struct pkt *p)
{
	const struct key key = {hash_of(s, "other", 5), put_key_other, NULL};

	return put(s, &key, p);
}

static enum verdict by_flow(struct split *s, const struct pkt *p)
{
	struct flowkey flow, part;
	struct key key = {.put = put_key_flow, .of = &flow};
	const struct hash *known;
	struct hash h;
	bool has_part;

	switch (flowkey_of(link_of(s, p), p, &flow, &part, &has_part)) {
	case FLOW_NONE:
		return put_other(s, p);
	case FLOW_KNOWN:
		key.id = flowkey_hash(&flow, &s->seed);
		if (has_part) /* without room later fragments go alone */
			hashmap_put(&s->parts, flowkey_hash(&part, &s->seed),
				    key.id, SPLIT_PARTS);
		break;
	case FLOW_FRAGMENT:
		h = flowkey_hash(&part, &s->seed);
		known = hashmap_get(&s->parts, h);
		key.id = known ? *known : h;
		key.of = &part;
		break;
	}
	return put(s, &key, p);
}

static enum verdict by_host(struct split *s, const struct pkt *p)
{
	struct addr a[2] = {{0}, {0}};
	enum verdict v = GO_ON;
	struct place l;
	int i, n;

	locate(link_of(s, p), p->data, p->caplen, p->wirelen, &l);
	if (!l.addrlen)
		return put_other(s, p);
	a[0].version = a[1].version = l.addrlen == 4 ? 4 : 6;
	memcpy(a[0].octets, l.src, l.addrlen);
	memcpy(a[1].octets, l.dst, l.addrlen);
	n = memcmp(&a[0], &a[1], sizeof(a[0])) == 0 ? 1 : 2;
	for (i = 0; i < n && v == GO_ON; i++) {
		const struct key key = {hash_of(s, &a[i], sizeof(a[i])),
					put_key_host, &a[i]};

		v = put(s, &key, p);
	}
	return v;
}

/* Interfaces of one name, and all of one link type, go together. */
static enum verdict by_iface(struct split *s, const struct pkt *p)
{
	bool by_link = s->options.by == SPLIT_BY_LINKTYPE;
	struct key key = {.put = by_link ? put_key_linktype : put_key_iface};
	const struct iface *iface;

	if (link_of(s, p) == UINT32_MAX)
		return put_other(s, p);
	iface = s->ifaces[p->iface];
	key.of = iface;
	if (by_link)
		key.id = hash_of(s, &iface->linktype, sizeof(uint32_t));
	else if (iface->name && iface->name[0])
		key.id = hash_of(s, iface->name, strlen(iface->name));
	else
		key.id = hash_of(s, &iface->id, sizeof(uint32_t));
	return put(s, &key, p);
}

static enum verdict split_one(struct split *s, const struct pkt *p)
{
	static const struct key all = {.id = {1, 1}};

	switch (s->options.by) {
	case SPLIT_BY_FLOW:
		return by_flow(s, p);
	case SPLIT_BY_HOST:
		return by_host(s, p);
	case SPLIT_BY_INTERFACE:
	case SPLIT_BY_LINKTYPE:
		return by_iface(s, p);
	case SPLIT_BY_NOTHING:
		break;
	}
	return put(s, &all, p);
}

/* ---- the stage ---- */

static bool split_iface(struct sink *sink, const struct iface *iface,
			struct err *err)
{
	struct split *s = (struct split *)sink;

	if (iface->id >= s->n_ifaces) {
		size_t n = s->n_ifaces ? s->n_ifaces : 8;
		struct iface **ifaces;

		if (iface->id >= UINT32_MAX / 4)
			return err_set(err, ERR_FAULT, "too many interfaces");
		while (n <= iface->id)
			n *= 2;
		ifaces = realloc(s->ifaces, n * sizeof(*ifaces));
		if (!ifaces)
			return err_nomem(err, "interfaces");
		memset(ifaces + s->n_ifaces, 0,
		       (n - s->n_ifaces) * sizeof(*ifaces));
		s->ifaces = ifaces;
		s->n_ifaces = n;
	}
	free(s->ifaces[iface->id]);
	s->ifaces[iface->id] = iface_copy(iface, err);
	return s->ifaces[iface->id] != NULL;
}

static enum verdict split_packets(struct sink *sink, const struct pkt *p,
				  size_t n)
{
	enum verdict v = GO_ON;
	size_t i;

	for (i = 0; i < n && v == GO_ON; i++)
		v = split_one((struct split *)sink, &p[i]);
	return v;
}

static void forget_blocks(struct split *s)
{
	struct kept *k;

	while ((k = s->blocks)) {
		s->blocks = k->next;
		free(k);
	}
	s->blocks_end = &s->blocks;
	s->blocks_size = 0;
}

static bool split_block(struct sink *sink, const struct block *block,
			struct err *err)
{
	struct split *s = (struct split *)sink;
	struct group *g;
	struct kept *k;

	if (block->type == BLOCK_SECTION) {
		forget_blocks(s);
		s->section++;
	}
	for (g = s->newest; g; g = g->older)
		if (g->section == s->section &&
		    !sink_block(g->sink, block, err))
			return false;
	if (block->before || block->after ||
	    block->len > KEPT_BLOCKS - s->blocks_size) {
		s->blocks_lost = true;
		return true;
	}
	k = malloc(sizeof(*k) + block->len);
	if (!k)
		return err_nomem(err, "splitting");
	k->next = NULL;
	k->block = *block;
	if (block->len > 0)
		memcpy(k->body, block->body, block->len);
	k->block.body = k->body;
	s->blocks_size += block->len;
	*s->blocks_end = k;
	s->blocks_end = &k->next;
	return true;
}

static bool split_flush(struct sink *sink, struct err *err)
{
	struct group *g;

	for (g = ((struct split *)sink)->newest; g; g = g->older)
		if (!sink_flush(g->sink, err))
			return false;
	return true;
}

static void split_free(struct split *s)
{
	size_t i;

	for (i = 0; i < s->n_groups; i++) {
		free(s->groups[i]->key);
		free(s->groups[i]);
	}
	for (i = 0; i < s->n_ifaces; i++)
		free(s->ifaces[i]);
	forget_blocks(s);
	free(s->groups);
	free(s->ifaces);
	hashmap_fini(&s->index);
	hashmap_fini(&s->parts);
	free(s);
}

static bool split_close(struct sink *sink, struct err *err)
{
	struct split *s = (struct split *)sink;
	bool good = true;

	while (s->newest)
		good &= part_close(s, s->newest, good ? err : NULL);
	if (s->blocks_lost)
		log_warn("not all names, secrets and other blocks of the input "
			 "are in every part: they are larger than %zu MiB",
			 KEPT_BLOCKS >> 20);
	split_free(s);
	return good;
}

static const struct sink_ops split_ops = {
    .name = "split",
    .iface = split_iface,
    .packets = split_packets,
    .block = split_block,
    .flush = split_flush,
    .close = split_close,
};

struct sink *split_open(const struct split_options *options, struct err *err)
{
	struct split *s = calloc(1, sizeof(*s));

	if (!s) {
		err_nomem(err, "splitting");
		return NULL;
	}
	s->sink.ops = &split_ops;
	s->options = *options;
	s->blocks_end = &s->blocks;
	seed_get(&s->seed);
	return &s->sink;
}
