/*
 * The selector that leaves out packets seen before. The hashes of the packets
 * in the window stand in a ring, in the order of their coming; a hash table
 * finds the latest place of each, so that the cost does not depend on the
 * window.
 */
#include "pkt/dedup.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/num.h"
#include "os/seed.h"
#include "pkt/headers.h"
#include "pkt/ifmap.h"
#include "pkt/tail.h"

/* Packets that are so late still find those they are to be compared with. */
#define LATE NS_PER_S

/* Equal packets that one is compared with, the last ones. */
#define EQUALS 1000

struct seen {
	struct hash hash;
	int64_t time_ns;
	uint64_t before; /* the count of the last equal one, + 1; 0: none */
};

struct dedup {
	struct selector selector;
	struct dedup_options options;
	struct hash_seed seed;
	struct ifmap links;
	struct seen *ring;   /* size of them */
	uint32_t *table;     /* 2 * size: place in the ring + 1; 0: free */
	uint32_t size;	     /* a power of 2 */
	int64_t highest;     /* time so far */
	uint64_t head, tail; /* counts; ring[tail % size] is the oldest */
	bool overflow;
};

/* ---- the table ---- */

static uint32_t mask_of(const struct dedup *d)
{
	return d->size * 2 - 1;
}

/* The slot that has this hash, or the free one where it would be. */
static uint32_t slot_of(const struct dedup *d, struct hash h)
{
	uint32_t i = (uint32_t)h.a & mask_of(d);

	for (; d->table[i]; i = (i + 1) & mask_of(d)) {
		const struct hash *other = &d->ring[d->table[i] - 1].hash;

		if (other->a == h.a && other->b == h.b)
			break;
	}
	return i;
}

/* Free a slot, and move up those after it that would not be found else. */
static void slot_clear(struct dedup *d, uint32_t hole)
{
	uint32_t i, mask = mask_of(d);

	for (i = (hole + 1) & mask; d->table[i]; i = (i + 1) & mask) {
		uint32_t home =
		    (uint32_t)d->ring[d->table[i] - 1].hash.a & mask;

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			d->table[hole] = d->table[i];
			hole = i;
		}
	}
	d->table[hole] = 0;
}

static void forget_oldest(struct dedup *d)
{
	uint32_t place = (uint32_t)(d->tail++ & (d->size - 1));
	uint32_t slot = slot_of(d, d->ring[place].hash);

	if (d->table[slot] == place + 1) /* else it was seen again since */
		slot_clear(d, slot);
}

static bool grow(struct dedup *d)
{
	struct dedup to = *d;
	uint64_t n;

	to.size = d->size ? d->size * 2 : 64;
	to.ring = malloc(to.size * sizeof(*to.ring));
	to.table = calloc(to.size * 2, sizeof(*to.table));
	if (!to.ring || !to.table) {
		free(to.ring);
		free(to.table);
		return false;
	}
	for (n = d->tail; n != d->head; n++) {
		uint32_t place = (uint32_t)(n & (to.size - 1));

		to.ring[place] = d->ring[n & (d->size - 1)];
		to.table[slot_of(&to, to.ring[place].hash)] = place + 1;
	}
	free(d->ring);
	free(d->table);
	*d = to;
	return true;
}

/* ---- what is compared ---- */

/* Bytes [from, to) but those at the given offsets, which rise. */
static void hash_but(struct hash *h, const struct dedup *d, const uint8_t *data,
		     uint32_t from, uint32_t to, const uint32_t (*gaps)[2],
		     size_t n)
{
	size_t i;

	for (i = 0; i < n && gaps[i][0] < to; i++) {
		if (gaps[i][0] < from)
			continue;
		hash_add(h, data + from, gaps[i][0] - from, &d->seed);
		from = gaps[i][0] + gaps[i][1];
		if (from > to)
			from = to;
	}
	hash_add(h, data + from, to - from, &d->seed);
}

/* What a long packet has beside its data. false: *err. */
static bool hash_tail(struct hash *h, const struct dedup *d,
		      const struct pkt *p, struct err *err)
{
	uint8_t buf[PKT_PIECE];
	uint32_t left = p->more, at = p->caplen, some;
	const uint8_t *piece;

	for (; left > 0; left -= some, at += some) {
		some = left < PKT_PIECE ? left : (uint32_t)PKT_PIECE;
		piece = pkt_piece(p, at, some, buf, err);
		if (!piece)
			return false;
		hash_add(h, piece, some, &d->seed);
	}
	return true;
}

static bool hash_of(const struct dedup *d, const struct pkt *p, struct hash *h,
		    struct err *err)
{
	const struct dedup_options *o = &d->options;
	uint32_t from = 0, to = p->caplen, gaps[3][2];
	size_t n = 0;
	struct header_offsets l = {0};

	if (o->ignore_ttl || o->ignore_sums || o->ignore_link)
		headers_find(ifmap_get(&d->links, p->iface), p->data, p->caplen,
			     p->wirelen, &l);
	if (l.ip && o->ignore_link) {
		from = l.net;
		to = l.tail;
	}
	if (l.ip && o->ignore_ttl) {
		gaps[n][0] = l.net + l.ttl_at;
		gaps[n++][1] = 1;
	}
	if (l.ip == 4 && (o->ignore_ttl || o->ignore_sums)) {
		gaps[n][0] = l.net + 10;
		gaps[n++][1] = 2;
	}
	if (l.sum_at && o->ignore_sums) {
		gaps[n][0] = l.sum_at;
		gaps[n++][1] = l.proto == 132 ? 4 : 2; /* SCTP's is longer */
	}
	*h = hash_start(&d->seed);
	hash_but(h, d, p->data, from, to, (const uint32_t(*)[2])gaps, n);
	return !(p->flags & PKT_LONG) || to < p->caplen ||
	       hash_tail(h, d, p, err);
}

/* ---- the selector ---- */

static bool in_window(const struct dedup *d, const struct seen *s, int64_t now)
{
	uint64_t apart = s->time_ns < now
			     ? (uint64_t)now - (uint64_t)s->time_ns
			     : (uint64_t)s->time_ns - (uint64_t)now;

	return d->options.packets || apart <= (uint64_t)d->options.window_ns;
}

/* The count of the packet that is at a place of the ring. */
static uint64_t count_of(const struct dedup *d, uint32_t place)
{
	return d->tail + ((place - d->tail) & (d->size - 1));
}

/* Is a packet too old to be compared with one that is not very late? */
static bool is_old(const struct dedup *d, const struct seen *s)
{
	return !d->options.packets && s->time_ns < d->highest &&
	       (uint64_t)d->highest - (uint64_t)s->time_ns >
		   (uint64_t)d->options.window_ns + LATE;
}

/* Is one of the equal packets, the last with that count + 1, in the
   window? In unordered captures that need not be the last one. */
static bool any_in_window(const struct dedup *d, uint64_t count, int64_t now)
{
	unsigned n;

	for (n = 0; n < EQUALS && count > d->tail; n++) {
		const struct seen *s = &d->ring[(count - 1) & (d->size - 1)];

		if (in_window(d, s, now))
			return true;
		count = s->before;
	}
	return false;
}

/* Has it been seen? Either way it is remembered. */
static bool seen_before(struct dedup *d, const struct pkt *p, struct hash hash)
{
	struct seen now = {.hash = hash, .time_ns = p->time_ns};
	uint32_t most = d->options.packets ? d->options.packets - 1 : DEDUP_MAX;
	uint32_t slot, place;
	bool known;

	if (d->head == 0 || p->time_ns > d->highest)
		d->highest = p->time_ns;
	while (d->head != d->tail) {
		const struct seen *oldest = &d->ring[d->tail & (d->size - 1)];
		bool full = d->head - d->tail > most;

		if (!full && !is_old(d, oldest))
			break;
		d->overflow |= full && !d->options.packets &&
			       in_window(d, oldest, p->time_ns);
		forget_oldest(d);
	}
	if (d->head - d->tail == d->size && !grow(d)) {
		d->overflow = true;
		forget_oldest(d);
	}
	slot = slot_of(d, now.hash);
	if (d->table[slot])
		now.before = count_of(d, d->table[slot] - 1) + 1;
	known = any_in_window(d, now.before, p->time_ns);
	place = (uint32_t)(d->head++ & (d->size - 1));
	d->ring[place] = now;
	d->table[slot] = place + 1;
	return known;
}

static bool dedup_iface(struct selector *k, const struct iface *iface,
			struct err *err)
{
	struct dedup *d = (struct dedup *)k;

	return ifmap_set(&d->links, iface->id, iface->linktype, err);
}

static enum verdict dedup_matches(struct selector *k, const struct pkt *p,
				  size_t n, uint8_t *keep)
{
	struct dedup *d = (struct dedup *)k;
	struct hash hash;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!keep[i])
			continue;
		if (!hash_of(d, &p[i], &hash, &k->err))
			return FAILED;
		keep[i] = !seen_before(d, &p[i], hash);
	}
	return GO_ON;
}

static void dedup_close(struct selector *k)
{
	struct dedup *d = (struct dedup *)k;

	if (d->overflow)
		log_warn("more than %u packets were in the window for "
			 "duplicates: some may be left",
			 DEDUP_MAX);
	ifmap_fini(&d->links);
	free(d->ring);
	free(d->table);
	free(d);
}

static const struct selector_ops dedup_ops = {
    .name = "duplicates",
    .iface = dedup_iface,
    .match = dedup_matches,
    .close = dedup_close,
};

struct selector *dedup_open(const struct dedup_options *options,
			    struct err *err)
{
	struct dedup *d = calloc(1, sizeof(*d));

	if (d) {
		d->options = *options;
		seed_get(&d->seed);
	}
	if (!d || !grow(d)) {
		free(d);
		err_nomem(err, "duplicates");
		return NULL;
	}
	d->selector.ops = &dedup_ops;
	return &d->selector;
}
