/*
 * The table of conversations: entries in one array, found through an index of
 * hashes, kept in the order of their last packet by links between entries.
 */
#include "decode/flow/flow_table.h"

#include <stdlib.h>
#include <string.h>

#include "decode/dissect.h"
#include "decode/flow/expected.h"

enum {
	SYN = 2,
	ACK = 16,
	NOBODY = -1,
};

/* Both ends, the lower port (then the lower address) first; proto and the
   address length are part of it. */
struct flow_key {
	uint64_t word[5];
};

struct flow {
	struct flow_key key;
	uint64_t used;	      /* when, in look-ups */
	int32_t older, newer; /* by last packet, once the table is full */
	uint32_t stream;
	uint32_t slot; /* of struct tcp_reassembly, or struct quic_talks */
	union {
		struct {
			uint32_t base[2]; /* by direction; see flow_tcp */
			uint32_t line[2];
		};
		struct {
			int64_t first_ns, last_ns; /* UDP, with has_base[0] */
		};
	};
	bool has_base[2], has_line;
	bool has_syn[2];  /* TCP, by direction: its start was seen, */
	bool has_data[2]; /* some payload was */
	bool lost;	  /* what was known of it may have been forgotten */
	bool met;	  /* there was more than one packet, or SYN */
	uint8_t hints[2]; /* TCP: the first; UDP: by direction; see hints.h */
	bool stun;	  /* UDP: it has been used for STUN */
	uint16_t media;	  /* UDP: what expected_at() says, */
	uint32_t heard;	  /* after so many announcements */
};

/*
 * An index slot: in the lowest bits entry + 1, above the highest bits of its
 * hash; 0 is a free slot. They are small so that many of them are in the
 * processor's cache: nearly every packet looks for one.
 */
enum { SLOT_ENTRY = 2 * FLOW_TABLE_MOST - 1 };

struct flow_table {
	struct expected expected;
	struct flow *entries;
	uint32_t *hashes; /* of their keys, close together for grow() */
	uint32_t *index;
	uint32_t n, room;    /* entries used and allocated */
	uint32_t index_mask; /* the index has a power of two slots */
	uint64_t clock;	     /* look-ups so far */
	bool linked;	     /* entries are linked by last packet, */
	struct by_use {	     /* those of a single packet or SYN, and others */
		int32_t oldest, newest;
	} lists[2];
	uint32_t streams[2]; /* TCP, UDP: the next number */
	uint64_t forgotten;
	/* of the packet that was looked up last: */
	struct flow *last;
	unsigned last_from;
	bool last_reused, last_fresh;
	struct hash_seed seed;
};

struct flow_table *flow_table_open(const struct hash_seed *seed,
				   struct err *err)
{
	struct flow_table *f = calloc(1, sizeof(*f));

	if (f) {
		f->seed = *seed;
		f->room = 1024;
		f->index_mask = 2 * f->room - 1;
		f->lists[0] = f->lists[1] = (struct by_use){NOBODY, NOBODY};
		f->entries = malloc(f->room * sizeof(*f->entries));
		f->hashes = malloc(f->room * sizeof(*f->hashes));
		f->index = calloc(f->index_mask + 1, sizeof(*f->index));
	}
	if (!f || !f->entries || !f->hashes || !f->index) {
		flow_table_close(f);
		err_nomem(err, "conversations");
		return NULL;
	}
	return f;
}

void flow_table_close(struct flow_table *f)
{
	if (!f)
		return;
	free(f->entries);
	free(f->hashes);
	free(f->index);
	free(f);
}

uint64_t flow_table_forgotten(const struct flow_table *f)
{
	return f->forgotten;
}

static uint32_t key_hash(const struct flow_table *f, const struct flow_key *key)
{
	uint64_t h = hash_u128(key->word[0], key->word[4], &f->seed);

	if (key->word[1] | key->word[2] | key->word[3])
		h = hash_u128(hash_u128(key->word[1], h, &f->seed),
			      hash_u128(key->word[2], key->word[3], &f->seed),
			      &f->seed);
	return (uint32_t)h;
}

/* Returns the direction: 1 if the packet goes from the key's second end. */
static unsigned key_make(struct flow_key *key, const struct flow_ends *ends,
			 unsigned udp)
{
	unsigned turn = ends->sport > ends->dport ||
			(ends->sport == ends->dport &&
			 memcmp(ends->src, ends->dst, ends->n) > 0);
	const uint8_t *a = turn ? ends->dst : ends->src;
	const uint8_t *b = turn ? ends->src : ends->dst;
	uint32_t a4, b4;

	if (ends->n == 4) {
		memcpy(&a4, a, 4);
		memcpy(&b4, b, 4);
		key->word[0] = (uint64_t)a4 << 32 | b4;
		key->word[1] = key->word[2] = key->word[3] = 0;
	} else {
		memcpy(key->word, a, 16);
		memcpy(key->word + 2, b, 16);
	}
	key->word[4] = (uint64_t)(turn ? ends->dport : ends->sport) << 16 |
		       (turn ? ends->sport : ends->dport) |
		       (uint64_t)ends->n << 40 | (uint64_t)udp << 32;
	return turn;
}

static inline bool key_equal(const struct flow_key *a, const struct flow_key *b)
{
	return ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) |
		(a->word[2] ^ b->word[2]) | (a->word[3] ^ b->word[3]) |
		(a->word[4] ^ b->word[4])) == 0;
}

/* ---- order of last use -------------------------------------------------- */

static void unlink_entry(struct flow_table *f, int32_t i)
{
	struct flow *e = &f->entries[i];
	struct by_use *list = &f->lists[e->met];

	if (e->older != NOBODY)
		f->entries[e->older].newer = e->newer;
	else
		list->oldest = e->newer;
	if (e->newer != NOBODY)
		f->entries[e->newer].older = e->older;
	else
		list->newest = e->older;
}

static void link_newest(struct flow_table *f, int32_t i)
{
	struct flow *e = &f->entries[i];
	struct by_use *list = &f->lists[e->met];

	e->older = list->newest;
	e->newer = NOBODY;
	if (list->newest != NOBODY)
		f->entries[list->newest].newer = i;
	else
		list->oldest = i;
	list->newest = i;
}

/* One more packet of it: conversations with a single packet are
   evicted before the others. */
static void meet(struct flow_table *f, struct flow *e)
{
	int32_t i = (int32_t)(e - f->entries);

	if (e->met)
		return;
	if (f->linked)
		unlink_entry(f, i);
	e->met = true;
	if (f->linked)
		link_newest(f, i);
}

static int compare_use(const void *a, const void *b)
{
	uint64_t x, y;

	/* struct use starts with it */
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* ---- the index ---------------------------------------------------------- */

static void index_enter(struct flow_table *f, uint32_t hash, uint32_t entry)
{
	uint32_t at = hash & f->index_mask;

	while (f->index[at])
		at = (at + 1) & f->index_mask;
	f->index[at] = (hash & ~(uint32_t)SLOT_ENTRY) | (entry + 1);
}

/* Take an entry out and close the gap that it leaves. */
static void index_remove(struct flow_table *f, uint32_t entry)
{
	uint32_t mask = f->index_mask;
	uint32_t at = f->hashes[entry] & mask, gap, home;

	while ((f->index[at] & SLOT_ENTRY) != entry + 1)
		at = (at + 1) & mask;
	for (gap = at;;) {
		at = (at + 1) & mask;
		if (!f->index[at])
			break;
		home = f->hashes[(f->index[at] & SLOT_ENTRY) - 1] & mask;
		/* may it move back to the gap without passing its home? */
		if (((at - home) & mask) >= ((at - gap) & mask)) {
			f->index[gap] = f->index[at];
			gap = at;
		}
	}
	f->index[gap] = 0;
}

/* Four times the room, up to all. Without memory the table stays as it is. */
static void grow(struct flow_table *f)
{
	struct flow *entries;
	uint32_t *hashes, *slots, *old = f->index;
	uint32_t room, i;

	room = f->room < FLOW_TABLE_MOST / 4 ? f->room * 4 : FLOW_TABLE_MOST;
	entries = realloc(f->entries, room * sizeof(*entries));
	if (!entries)
		return;
	f->entries = entries;
	hashes = realloc(f->hashes, room * sizeof(*hashes));
	if (!hashes)
		return;
	f->hashes = hashes;
	slots = calloc(2 * (size_t)room, sizeof(*slots));
	if (!slots)
		return;
	f->index = slots;
	f->index_mask = 2 * room - 1;
	f->room = room;
	for (i = 0; i < f->n; i++)
		index_enter(f, hashes[i], i);
	free(old);
}

/* From now on entries are kept in the order of their last use: they are few
   enough to be remembered all until the table is full for the first time. */
static bool link_all(struct flow_table *f)
{
	struct use {
		uint64_t used;
		int32_t entry;
	} *uses = malloc(f->n * sizeof(*uses));
	uint32_t i;

	if (!uses)
		return false;
	for (i = 0; i < f->n; i++)
		uses[i] = (struct use){f->entries[i].used, (int32_t)i};
	qsort(uses, f->n, sizeof(*uses), compare_use);
	for (i = 0; i < f->n; i++)
		link_newest(f, uses[i].entry);
	free(uses);
	f->linked = true;
	return true;
}

/* The one that is evicted next. */
static int32_t victim(struct flow_table *f)
{
	/* without memory for the order, any one is */
	if (!f->linked && !link_all(f))
		return 0;
	return f->lists[0].oldest != NOBODY ? f->lists[0].oldest
					    : f->lists[1].oldest;
}

/* A fresh entry, the newest; another is evicted when the table is full. */
static struct flow *entry_new(struct flow_table *f, const struct flow_key *key,
			      uint32_t hash)
{
	int32_t i;

	if (f->n == f->room && f->room < FLOW_TABLE_MOST)
		grow(f);
	if (f->n < f->room) {
		i = (int32_t)f->n++;
	} else {
		i = victim(f);
		index_remove(f, (uint32_t)i);
		if (f->linked)
			unlink_entry(f, i);
		f->forgotten++;
	}
	f->entries[i] = (struct flow){.key = *key, .lost = f->forgotten > 0};
	f->hashes[i] = hash;
	index_enter(f, hash, (uint32_t)i);
	if (f->linked)
		link_newest(f, i);
	return &f->entries[i];
}

/* The conversation of this key. */
static struct flow *entry_get(struct flow_table *f, const struct flow_key *key,
			      unsigned udp)
{
	uint32_t hash = key_hash(f, key), at = hash & f->index_mask;
	struct flow *e;
	uint32_t slot;
	int32_t i;

	f->clock++;
	for (; (slot = f->index[at]) != 0; at = (at + 1) & f->index_mask) {
		if ((slot ^ hash) & ~(uint32_t)SLOT_ENTRY)
			continue;
		i = (int32_t)(slot & SLOT_ENTRY) - 1;
		e = &f->entries[i];
		if (!key_equal(&e->key, key))
			continue;
		e->used = f->clock;
		if (f->linked && f->lists[e->met].newest != i) {
			unlink_entry(f, i);
			link_newest(f, i);
		}
		return e;
	}
	e = entry_new(f, key, hash);
	e->used = f->clock;
	e->stream = f->streams[udp]++;
	return e;
}

/* Remember where this message wants media. */
static void media_learn(struct flow_table *f, const struct cur *payload)
{
	struct expectation found[EXPECT_MOST];
	unsigned i, n = expect_read(*payload, found);

	for (i = 0; i < n; i++)
		if (found[i].port && found[i].addr.version)
			expected_add(&f->expected, &found[i]);
}

void flow_table_announced(void *flows, const struct cur *message)
{
	media_learn(flows, message);
}

/* The same with an address of this packet. */
static void media_expect(struct flow_table *f, struct expectation what,
			 const uint8_t *addr, uint8_t n)
{
	what.addr.version = n == 4 ? 4 : 6;
	memcpy(what.addr.bytes, addr, n);
	if (what.port)
		expected_add(&f->expected, &what);
}

/* An answer of RTSP says where its receiver wants media. */
static void media_of_rtsp(struct flow_table *f, const struct flow_ends *ends,
			  const struct cur *payload)
{
	struct expectation found[EXPECT_MOST];
	unsigned i, n = expect_rtsp(*payload, found);

	for (i = 0; i < n; i++)
		media_expect(f, found[i], ends->dst, ends->n);
}

/* What is known of a conversation's media; asked again after announcements. */
static uint16_t media_of(const struct flow_table *f, struct flow *e,
			 const struct flow_ends *ends)
{
	const struct expected *all = &f->expected;

	if (e->heard == all->n)
		return e->media;
	e->heard = all->n;
	e->media = expected_at(all, ends->dst, ends->n, ends->dport);
	if (!e->media)
		e->media = expected_at(all, ends->src, ends->n, ends->sport);
	return e->media;
}

void flow_table_udp(struct flow_table *f, const struct flow_ends *ends,
		    int64_t time_ns, const struct cur *payload,
		    struct flow_udp *out)
{
	struct flow_key key;
	unsigned from = key_make(&key, ends, 1);
	struct flow *e = entry_get(f, &key, 1);
	unsigned learnt = hints_of_datagram(*payload);

	f->last = e;
	f->last_from = from;
	f->last_reused = false;
	if (learnt)
		e->hints[from] = (uint8_t)learnt;
	out->stream = e->stream;
	if (!ends->quoted) {
		if (!e->has_base[0])
			e->first_ns = e->last_ns = time_ns;
		else
			meet(f, e);
		e->has_base[0] = true;
		out->since_first = (uint64_t)time_ns - (uint64_t)e->first_ns;
		out->since_last = (uint64_t)time_ns - (uint64_t)e->last_ns;
		e->last_ns = time_ns;
	}
	out->hints = e->hints[!from];
	if (e->hints[0] | e->hints[1])
		out->hints |= HINT_QUIC;
	e->stun |= is_stun(payload);
	if (e->stun)
		out->hints |= HINT_STUN;
	if (may_expect(ends->sport, ends->dport, payload))
		media_learn(f, payload);
	else if (ends->dport == EXPECT_TFTP && expect_tftp(*payload))
		media_expect(f,
			     (struct expectation){.port = ends->sport,
						  .kind = EXPECTED_TFTP},
			     ends->src, ends->n);
	else
		out->hints |= media_of(f, e, ends);
}

uint32_t flow_table_tcp_stream(struct flow_table *f,
			       const struct flow_ends *ends)
{
	struct flow_key key;

	key_make(&key, ends, 0);
	return entry_get(f, &key, 0)->stream;
}

/* The numbers that the one-line text counts from. */
static void line_bases(struct flow *e, unsigned from, uint32_t seq,
		       uint32_t ack, unsigned flags, struct flow_tcp *out)
{
	out->line_seq = out->line_ack = out->line_sack = 0;
	if (!(flags & ACK))
		return;
	if (!e->has_line || flags & SYN) {
		e->has_line = true;
		e->line[from] = seq;
		e->line[!from] = ack - 1;
	} else {
		out->line_seq = e->line[from];
		out->line_ack = e->line[!from];
	}
	out->line_sack = e->line[!from];
}

/* A direction begins, or both do. */
static void meet_syn(struct flow *e, unsigned from, unsigned flags)
{
	e->lost = false;
	e->has_syn[from] = true;
	e->has_data[from] = false;
	if (flags & ACK)
		e->has_syn[!from] = true;
}

void flow_table_tcp(struct flow_table *f, const struct flow_ends *ends,
		    uint32_t seq, uint32_t ack, unsigned flags,
		    const struct cur *payload, struct flow_tcp *out)
{
	struct flow_key key;
	unsigned from = key_make(&key, ends, 0);
	struct flow *e = entry_get(f, &key, 0);

	f->last = e;
	f->last_from = from;
	f->last_reused = false;
	/* A new connection between the same ends. */
	if ((flags & (SYN | ACK)) == SYN && e->has_base[from] &&
	    seq != e->base[from]) {
		f->last_reused = true;
		e->stream = f->streams[0]++;
		e->slot = 0;
		e->lost = false;
		e->has_base[0] = e->has_base[1] = false;
		e->hints[0] = 0;
	}
	if ((flags & (SYN | ACK)) == (SYN | ACK) && e->has_base[from] &&
	    seq != e->base[from]) {
		f->last_reused = true;
		e->has_base[from] = false;
	}
	if (flags & SYN)
		meet_syn(e, from, flags);
	else
		meet(f, e);
	if (!e->has_base[from]) {
		e->has_base[from] = true;
		e->base[from] = flags & SYN ? seq : seq - 1;
	}
	if (!e->has_base[!from] && flags & ACK) {
		e->has_base[!from] = true;
		e->base[!from] = ack - 1;
	}
	out->stream = e->stream;
	out->base_seq = e->base[from];
	out->base_ack = e->has_base[!from] ? e->base[!from] : 0;
	e->hints[0] |= (uint8_t)hints_of_segment(*payload);
	out->hints = e->hints[0];
	if (ends->sport == EXPECT_SIP || ends->dport == EXPECT_SIP)
		media_learn(f, payload);
	if (ends->sport == EXPECT_RTSP)
		media_of_rtsp(f, ends, payload);
	out->tracked = e->slot != 0;
	f->last_fresh = !e->has_data[from];
	e->has_data[from] |= payload->claim > 0;
	out->plain = stream_is_plain(e->slot) ? (uint8_t)e->slot : PROTO_NONE;
	line_bases(e, from, seq, ack, flags, out);
}

struct flow_last flow_table_last(struct flow_table *f)
{
	struct flow *e = f->last;
	unsigned from = f->last_from;

	return (struct flow_last){
	    .stream = e->stream,
	    .from = from,
	    .reused = f->last_reused,
	    .lost = e->lost,
	    .fresh = f->last_fresh,
	    .has_due = f->last_fresh && e->has_syn[from],
	    .due = e->base[from] + 1,
	    .slot = &e->slot,
	};
}
