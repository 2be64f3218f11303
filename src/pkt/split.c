/*
 * The stage that deals packets out to many sinks.
 *
 * Packets belong to groups: one for each key and period. A group has one part
 * at a time, which is followed by another when it is full. The parts used
 * last are open, in a list with the latest first; the others are closed and
 * opened again when something comes for them. A part gets interfaces
 * when it gets the first packet of one, and of all blocks of the section (its
 * start, names, secrets) that have come by when it gets its first packet.
 */
#include "pkt/split.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "os/seed.h"
#include "pkt/hashmap.h"
#include "pkt/splitkey.h"
#include "pkt/tail.h"

#define BLOCK_SECTION 0x0a0d0d0a

/* So many parts are worth a warning. */
#define MANY_PARTS 1000

/* Blocks that later parts get too; what is beyond is not kept. */
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
	size_t n_told;	  /* bytes */
	bool full;	  /* its next packet starts a new part */
};

/* A block with its bytes after it. */
struct kept {
	struct kept *next;
	struct block block;
	uint8_t body[];
};

struct split {
	struct sink sink;
	struct split_options options;
	struct splitkeys keys;
	struct group **groups;
	size_t n_groups;
	struct hashmap index; /* id to place in groups, in value.a */
	struct group *newest, *oldest;
	size_t n_open;
	uint64_t numbers; /* of parts so far */
	uint64_t section; /* of the input */
	struct kept *blocks, **blocks_end;
	size_t blocks_size;
	bool blocks_lost;
	bool too_many; /* parts: stopped before the one too many */

	/* Packets of a batch, one after the other, that are for one group and
	   were not handed to it yet. */
	struct group *run_group;
	const struct pkt *run;
	size_t run_n;
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
	return sink_close_next(&s->sink, sink, err);
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

static bool knows(const struct group *g, uint32_t iface)
{
	return iface / 8 < g->n_told && (g->told[iface / 8] >> iface % 8 & 1);
}

/* Tell the part of an interface before its first packet. */
static bool part_tell(struct split *s, struct group *g, uint32_t iface,
		      struct err *err)
{
	size_t at = iface / 8;

	if (knows(g, iface))
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
	if (iface >= s->keys.n_ifaces || !s->keys.ifaces[iface])
		return err_set(err, ERR_FAULT,
			       "a packet of an unknown interface");
	return sink_iface(g->sink, s->keys.ifaces[iface], err);
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

static size_t text_size(const char *text)
{
	return text ? strlen(text) + 8 : 0; /* option's header, padding */
}

/* At most so many bytes does a format take to describe an interface. */
static uint64_t iface_size(const struct iface *i)
{
	return 100 + text_size(i->name) + text_size(i->description) +
	       text_size(i->hardware) + text_size(i->os) +
	       text_size(i->filter) + (i->meta ? i->meta->options_len : 0);
}

/* And for a packet: around it, and its options with those that say what only
   struct pkt does. */
static uint64_t packet_size(const struct pkt *p)
{
	const uint64_t frame = 32 + 3, direction = 8, odd_time = 12, end = 4;
	uint64_t n = frame + pkt_captured(p) + pkt_options_more(p);

	if (!p->meta && !(p->flags & (PKT_DIRECTION | PKT_BAD_TIME)))
		return n;
	return n + (p->meta ? p->meta->options_len : 0) + direction + odd_time +
	       end;
}

/* Would this packet make the part, which is open, too large? */
static bool too_large(const struct split *s, const struct group *g,
		      const struct pkt *p)
{
	uint64_t n = s->options.size_of(g->sink) + packet_size(p);

	if (!knows(g, p->iface) && p->iface < s->keys.n_ifaces &&
	    s->keys.ifaces[p->iface])
		n += iface_size(s->keys.ifaces[p->iface]);
	return n > s->options.size;
}

/* Hand the packets that wait to their group. */
static enum verdict run_end(struct split *s)
{
	struct group *g = s->run_group;
	enum verdict v = GO_ON;

	if (s->run_n > 0)
		v = sink_packets(g->sink, s->run, s->run_n);
	if (v == FAILED)
		s->sink.err = g->sink->err;
	s->run_n = 0;
	return v;
}

/* Is p one more of the packets that wait, with nothing to do before it? */
static bool run_goes_on(const struct split *s, const struct group *g,
			const struct pkt *p)
{
	return s->run_n > 0 && s->run_group == g && p == s->run + s->run_n &&
	       p->iface == p[-1].iface && !g->full && !s->options.size;
}

/* Number one more part. false: that is one too many. */
static bool number_part(struct split *s, struct split_part *part)
{
	const uint64_t max = s->options.max_parts;

	s->too_many = max && s->numbers == max;
	if (s->too_many)
		return false;
	part->number = ++s->numbers;
	if (s->numbers == MANY_PARTS && max > MANY_PARTS)
		log_warn("%d files so far: --max-files stops at %" PRIu64,
			 MANY_PARTS, max);
	return true;
}

/* Have the right part of a group open, in the right section. */
static bool group_ready(struct split *s, struct group *g, const struct pkt *p,
			struct err *err)
{
	if (!g->full && !g->sink && !part_open(s, g, true, err))
		return false;
	if (!g->full && s->options.size && g->packets > 0)
		g->full = too_large(s, g, p);
	if (g->full) {
		if (!number_part(s, &g->part) || !part_close(s, g, err))
			return false;
		if (!s->options.period_ns)
			g->part.time_ns = p->time_ns;
		g->packets = 0;
		g->full = false;
		if (!part_open(s, g, false, err))
			return false;
	} else if (s->newest != g) {
		list_remove(s, g);
		list_add(s, g);
	}
	if (g->section != s->section && !part_section(s, g, err))
		return false;
	return part_tell(s, g, p->iface, err);
}

/* A packet for a group. */
static enum verdict group_put(struct split *s, struct group *g,
			      const struct pkt *p)
{
	if (!run_goes_on(s, g, p)) {
		enum verdict v = run_end(s);

		if (v != GO_ON)
			return v;
		if (!group_ready(s, g, p, &s->sink.err))
			return s->too_many ? STOP : FAILED;
		s->run_group = g;
		s->run = p;
	}
	s->run_n++;
	g->packets++;
	g->full = s->options.packets && g->packets >= s->options.packets;
	return GO_ON;
}

/* ---- keys ---- */

/* Start of the period that t is in. */
static int64_t period_start(const struct split *s, int64_t t)
{
	int64_t length = s->options.period_ns, rest = t % length;

	if (rest < 0)
		rest += length;
	return t < INT64_MIN + rest ? INT64_MIN : t - rest;
}

/* Put a packet into the group of a key. */
static enum verdict put(struct split *s, const struct splitkey *key,
			const struct pkt *p)
{
	int64_t start = s->options.period_ns ? period_start(s, p->time_ns) : 0;
	struct hash id = key->id;
	const struct hash *place;
	struct group *g;

	if (s->options.period_ns)
		hash_add(&id, (const uint8_t *)&start, sizeof(start),
			 &s->keys.seed);
	place = hashmap_get(&s->index, id);
	if (place) {
		g = s->groups[place->a];
	} else {
		struct str text = STR_INIT;
		bool named = key->kind != SPLITKEY_ALL;

		if (named)
			splitkey_text(&s->keys, key, &text);
		g = group_add(s, id, named ? str_text(&text) : NULL,
			      &s->sink.err);
		str_fini(&text);
		if (!g)
			return FAILED;
		g->part.time_ns = start;
	}
	return group_put(s, g, p);
}

/* ---- the stage ---- */

static bool split_iface(struct sink *sink, const struct iface *iface,
			struct err *err)
{
	return splitkeys_iface(&((struct split *)sink)->keys, iface, err);
}

static enum verdict split_packets(struct sink *sink, const struct pkt *p,
				  size_t n)
{
	struct split *s = (struct split *)sink;
	enum verdict v = GO_ON, last;
	size_t i;

	for (; n > 0 && v == GO_ON; n--, p++) {
		struct splitkey key[2];
		size_t keys = splitkeys_of(&s->keys, p, key);

		for (i = 0; i < keys && v == GO_ON; i++)
			v = put(s, &key[i], p);
	}
	last = run_end(s); /* the batch dies */
	return v == GO_ON ? last : v;
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
	splitkeys_fini(&s->keys);
	forget_blocks(s);
	free(s->groups);
	hashmap_fini(&s->index);
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
	if (good && s->too_many)
		good = err_set(err, ERR_OUTPUT,
			       "stopped: more than %" PRIu64
			       " files would be made (--max-files)",
			       s->options.max_parts);
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
	s->keys.by = options->by;
	s->keys.linktype_name = options->linktype_name;
	seed_get(&s->keys.seed);
	return &s->sink;
}
