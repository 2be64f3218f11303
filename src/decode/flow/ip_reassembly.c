/*
 * Unfinished datagrams, found through chains of hashes, kept in the order of
 * their first fragment, in which they are forgotten too. Their bytes are in
 * blocks, only where fragments are.
 */
#include "decode/flow/ip_reassembly.h"

#include <stdlib.h>
#include <string.h>

enum {
	CHAINS = 1024, /* a power of two */
	UNIT = 8,      /* bytes that offsets count in */
	PARTS = 8192,
	PARTS_FIRST = 8,
	BLOCK = 2048, /* bytes; a multiple of UNIT */
	BLOCKS = IP_REASSEMBLY_DATAGRAM / BLOCK,
	KEY = 46, /* addresses, id, their bytes, protocol, network */
};

/* A piece of a datagram that has bytes of some fragment. */
struct block {
	struct block *next; /* of the spare ones */
	uint8_t bytes[BLOCK];
	/* Which of them are there: a bit for each, a byte for as many as
	   offsets count in. */
	uint8_t have[BLOCK / UNIT];
};

struct part {
	uint64_t number; /* of the packet */
	uint32_t offset, len;
	bool odd; /* a last one that ends elsewhere than the first of these */
};

struct datagram {
	struct datagram *next;		/* of the chain */
	struct datagram *older, *newer; /* by first fragment */
	uint8_t key[KEY];
	uint8_t proto;
	bool has_end;
	uint32_t chain, end; /* end: bytes in all, once known */
	uint32_t filled;     /* bytes that are there, beyond the end too */
	int64_t first_ns;
	uint32_t top; /* where fragments end at most */
	struct block *blocks[BLOCKS];
	uint32_t n_parts, parts_room;
	struct part *parts; /* by offset */
};

struct ip_reassembly {
	struct datagram *chains[CHAINS];
	struct datagram *oldest, *newest;
	/* What dropped datagrams had, for others: time jumps where captures
	   were joined, and all are dropped at once. */
	struct datagram *spare; /* with their parts */
	struct block *spare_blocks;
	size_t n, bytes; /* bytes: of blocks and parts, spare ones too */
	uint64_t forgotten;
	struct hash_seed seed;
};

struct ip_reassembly *ip_reassembly_open(const struct hash_seed *seed,
					 struct err *err)
{
	struct ip_reassembly *f = calloc(1, sizeof(*f));

	if (f)
		f->seed = *seed;
	else
		err_nomem(err, "fragments");
	return f;
}

/* How many blocks n bytes need. */
static size_t blocks_of(size_t n)
{
	return (n + BLOCK - 1) / BLOCK;
}

static void drop_blocks(struct ip_reassembly *f, struct datagram *g)
{
	size_t i;

	for (i = 0; i < blocks_of(g->top); i++) {
		if (!g->blocks[i])
			continue;
		g->blocks[i]->next = f->spare_blocks;
		f->spare_blocks = g->blocks[i];
	}
}

static void datagram_drop(struct ip_reassembly *f, struct datagram *g)
{
	struct datagram **at = &f->chains[g->chain];

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	*(g->older ? &g->older->newer : &f->oldest) = g->newer;
	*(g->newer ? &g->newer->older : &f->newest) = g->older;
	f->n--;
	drop_blocks(f, g);
	g->next = f->spare;
	f->spare = g;
}

/* Free one spare thing. false: there is none. */
static bool free_spare(struct ip_reassembly *f)
{
	struct block *b = f->spare_blocks;
	struct datagram *g = f->spare;

	if (b) {
		f->spare_blocks = b->next;
		f->bytes -= sizeof(*b);
		free(b);
	} else if (g) {
		f->spare = g->next;
		f->bytes -= g->parts_room * sizeof(*g->parts);
		free(g->parts);
		free(g);
	}
	return b || g;
}

/* A spare one, as if it were new but for its parts, or a new one. */
static struct datagram *datagram_new(struct ip_reassembly *f)
{
	struct datagram *g = f->spare;

	if (!g)
		return calloc(1, sizeof(*g));
	f->spare = g->next;
	*g = (struct datagram){.parts = g->parts, .parts_room = g->parts_room};
	return g;
}

void ip_reassembly_close(struct ip_reassembly *f)
{
	if (!f)
		return;
	while (f->oldest)
		datagram_drop(f, f->oldest);
	while (free_spare(f))
		continue;
	free(f);
}

uint64_t ip_reassembly_forgotten(const struct ip_reassembly *f)
{
	return f->forgotten;
}

static void key_make(uint8_t key[KEY], const struct fragment *in)
{
	memset(key, 0, KEY);
	memcpy(key, in->src, in->n);
	memcpy(key + 16, in->dst, in->n);
	memcpy(key + 32, &in->id, 4);
	key[36] = in->n;
	/* with IPv6 only the first one's protocol counts */
	key[37] = in->n == 4 ? in->proto : 0;
	memcpy(key + 38, &in->network, 8);
}

/* The datagram of the fragment, new if there is none. NULL: no memory. */
static struct datagram *datagram_get(struct ip_reassembly *f,
				     const struct fragment *in)
{
	struct datagram *g;
	uint8_t key[KEY];
	uint64_t word[6] = {0};
	uint32_t chain;

	key_make(key, in);
	memcpy(word, key, sizeof(key));
	chain = (uint32_t)hash_u128(
		    word[4] ^ word[5],
		    hash_u128(hash_u128(word[0], word[1], &f->seed),
			      hash_u128(word[2], word[3], &f->seed), &f->seed),
		    &f->seed) &
		(CHAINS - 1);
	for (g = f->chains[chain]; g; g = g->next)
		if (!memcmp(g->key, key, sizeof(key)))
			return g;
	if (f->n == IP_REASSEMBLY_MOST) {
		datagram_drop(f, f->oldest);
		f->forgotten++;
	}
	g = datagram_new(f);
	if (!g)
		return NULL;
	memcpy(g->key, key, sizeof(key));
	g->chain = chain;
	g->first_ns = in->time_ns;
	g->next = f->chains[chain];
	f->chains[chain] = g;
	g->older = f->newest;
	*(f->newest ? &f->newest->newer : &f->oldest) = g;
	f->newest = g;
	f->n++;
	return g;
}

/* Account for more bytes; what is spare is freed for them, and datagrams older
   than g are evicted. */
static bool afford(struct ip_reassembly *f, const struct datagram *g,
		   size_t more)
{
	while (f->bytes + more > IP_REASSEMBLY_TOTAL) {
		if (free_spare(f))
			continue;
		if (f->oldest == g)
			return false;
		datagram_drop(f, f->oldest);
		f->forgotten++;
	}
	f->bytes += more;
	return true;
}

/* An empty block for g. NULL: out of memory, or of the limit for all. */
static struct block *block_new(struct ip_reassembly *f,
			       const struct datagram *g)
{
	struct block *b = f->spare_blocks;

	if (b) {
		f->spare_blocks = b->next;
	} else {
		if (!afford(f, g, sizeof(*b)))
			return NULL;
		b = malloc(sizeof(*b));
		if (!b) {
			f->bytes -= sizeof(*b);
			return NULL;
		}
	}
	memset(b->have, 0, sizeof(b->have));
	return b;
}

/* Room for n bytes, not none, at the offset. */
static bool bytes_room(struct ip_reassembly *f, struct datagram *g,
		       size_t offset, size_t n)
{
	size_t i;

	if (offset + n > g->top)
		g->top = (uint32_t)(offset + n);
	for (i = offset / BLOCK; i < blocks_of(offset + n); i++) {
		if (!g->blocks[i])
			g->blocks[i] = block_new(f, g);
		if (!g->blocks[i])
			return false;
	}
	return true;
}

static void note_part(struct ip_reassembly *f, struct datagram *g,
		      const struct fragment *in, uint32_t n)
{
	bool odd = !in->more && in->offset + n != g->end;
	uint32_t room = g->parts_room ? g->parts_room * 2 : PARTS_FIRST, i;
	size_t more = (room - g->parts_room) * sizeof(struct part);
	struct part *parts;

	if (g->n_parts == g->parts_room) {
		if (room > PARTS || !afford(f, g, more))
			return;
		parts = realloc(g->parts, room * sizeof(*parts));
		if (!parts) {
			f->bytes -= more;
			return;
		}
		g->parts = parts;
		g->parts_room = room;
	}
	for (i = g->n_parts; i > 0 && g->parts[i - 1].offset > in->offset; i--)
		g->parts[i] = g->parts[i - 1];
	g->parts[i] = (struct part){in->number, in->offset, n, odd};
	g->n_parts++;
}

/* Are all n bytes like this one? */
static bool are_all(const uint8_t *p, size_t n, uint8_t byte)
{
	return n == 0 || (*p == byte && !memcmp(p, p + 1, n - 1));
}

/* Take of n bytes, which begin with a whole unit of the block, what is new
   there. Returns how many were. */
static size_t fill_block(struct block *b, size_t at, const uint8_t *from,
			 size_t n)
{
	uint8_t *have = b->have + at / UNIT, bit;
	size_t units = n / UNIT, i = 0, filled;

	if (are_all(have, units, 0)) {
		i = units * UNIT;
		memcpy(b->bytes + at, from, i);
		memset(have, UINT8_MAX, units);
	}
	for (filled = i; i < n; i++) {
		bit = (uint8_t)(1u << i % UNIT);
		if (have[i / UNIT] & bit)
			continue;
		b->bytes[at + i] = from[i];
		have[i / UNIT] |= bit;
		filled++;
	}
	return filled;
}

/* Take what is new of the fragment. */
static void fill(struct datagram *g, const struct fragment *in, size_t n)
{
	const uint8_t *from = cur_here(&in->payload);
	size_t at = in->offset, end = at + n, piece;

	for (; at < end; at += piece, from += piece) {
		piece = BLOCK - at % BLOCK;
		if (piece > end - at)
			piece = end - at;
		g->filled += (uint32_t)fill_block(g->blocks[at / BLOCK],
						  at % BLOCK, from, piece);
	}
}

/* Are the first n bytes of the block there? */
static bool has_first(const struct block *b, size_t n)
{
	size_t units = n / UNIT;
	unsigned left = (1u << n % UNIT) - 1;

	return b && are_all(b->have, units, UINT8_MAX) &&
	       (!left || (b->have[units] & left) == left);
}

/* How many bytes of the datagram are before its end in block i. */
static size_t size_in(const struct datagram *g, size_t i)
{
	size_t left = g->end - i * BLOCK;

	return left < BLOCK ? left : BLOCK;
}

/* Is every byte before the end there? */
static bool is_whole(const struct datagram *g)
{
	size_t i;

	if (!g->has_end || g->filled < g->end)
		return false;
	for (i = 0; i < blocks_of(g->end); i++)
		if (!has_first(g->blocks[i], size_in(g, i)))
			return false;
	return true;
}

/* The numbers of the packets whose fragments contradict no other. */
static uint32_t list_frames(const struct datagram *g, uint64_t *frames)
{
	const struct part *p = g->parts;
	uint32_t end, pos = 0, n = 0;

	for (; p < g->parts + g->n_parts; p++) {
		end = p->offset + p->len;
		if (!p->odd && p->offset >= pos && end <= g->end)
			frames[n++] = p->number;
		if (end > pos)
			pos = end;
	}
	return n;
}

static void deliver(struct ip_reassembly *f, struct datagram *g,
		    struct replay_log *log, struct joined *out)
{
	uint8_t *bytes = replay_log_put(log, REPLAY_PART, g->end);
	uint64_t *frames =
	    replay_log_put(log, REPLAY_PART, g->n_parts * sizeof(*frames));
	size_t i;

	if (bytes && frames) {
		for (i = 0; i < blocks_of(g->end); i++)
			memcpy(bytes + i * BLOCK, g->blocks[i]->bytes,
			       size_in(g, i));
		*out = (struct joined){.whole = true,
				       .proto = g->proto,
				       .len = g->end,
				       .n_parts = g->n_parts,
				       .n_frames = list_frames(g, frames),
				       .bytes = bytes,
				       .frames = frames};
	}
	datagram_drop(f, g);
}

/* Those that are no longer waited for. */
static void forget_old(struct ip_reassembly *f, int64_t now_ns)
{
	const int64_t most = (int64_t)IP_REASSEMBLY_SECONDS * 1000000000;

	while (f->oldest && now_ns - f->oldest->first_ns > most)
		datagram_drop(f, f->oldest);
}

static void add(struct ip_reassembly *f, const struct fragment *in,
		struct replay_log *log, struct joined *out)
{
	size_t n = cur_left(&in->payload);
	struct datagram *g;

	if (n == 0 || in->offset + n > IP_REASSEMBLY_DATAGRAM)
		return;
	forget_old(f, in->time_ns);
	g = datagram_get(f, in);
	if (!g)
		return;
	/* of several ends the first one counts */
	if (!in->more && !g->has_end) {
		g->has_end = true;
		g->end = (uint32_t)(in->offset + n);
	}
	if (!bytes_room(f, g, in->offset, n)) {
		datagram_drop(f, g);
		f->forgotten++;
		return;
	}
	if (in->offset == 0 && !(g->blocks[0]->have[0] & 1))
		g->proto = in->proto;
	note_part(f, g, in, (uint32_t)n);
	fill(g, in, n);
	if (is_whole(g))
		deliver(f, g, log, out);
}

void ip_reassembly_add(struct ip_reassembly *f, const struct fragment *in,
		       struct replay_log *log, struct joined *out)
{
	struct joined *kept =
	    replay_log_put(log, REPLAY_DATAGRAM, sizeof(*kept));

	*out = (struct joined){0};
	add(f, in, log, out);
	if (kept)
		*kept = *out;
}

void ip_reassembly_replay(struct replay_log *log, struct joined *out)
{
	const struct joined *kept =
	    replay_log_get(log, REPLAY_DATAGRAM, sizeof(*kept));

	*out = kept ? *kept : (struct joined){0};
	if (!out->whole)
		return;
	replay_log_skip_part(log);
	replay_log_skip_part(log);
}

/* ---- in packets --------------------------------------------------------- */

const struct hash_seed *ip_reassembly_seed(const struct ip_reassembly *f)
{
	return &f->seed;
}
