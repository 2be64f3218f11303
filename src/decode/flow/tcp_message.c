/*
 * Messages that have not ended: a list in the order of last use, each with the
 * bytes that its decoder will need.
 *
 *	start          at         have                     size
 *	|--- keep ---|            |                        |
 *	[   head     ]     [ tail ]   (ahead)   (ahead)
 *
 * head: bytes from the start that decode() will see. tail: bytes from where
 * message() looks on, if that is behind the head. ahead: what came early.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_session.h"

enum {
	FRAMES = 2048, /* packets of one message that are remembered */
	TAIL = 16384,  /* bytes of a line that does not end */
};

static void partial_message_unlink(struct tcp_reassembly *s,
				   struct partial_message *p)
{
	*(p->older ? &p->older->newer : &s->first) = p->newer;
	*(p->newer ? &p->newer->older : &s->last) = p->older;
}

static void partial_message_link(struct tcp_reassembly *s,
				 struct partial_message *p)
{
	p->older = s->last;
	p->newer = NULL;
	*(s->last ? &s->last->newer : &s->first) = p;
	s->last = p;
}

void partial_message_touch(struct tcp_reassembly *s, struct partial_message *p)
{
	partial_message_unlink(s, p);
	partial_message_link(s, p);
}

void partial_message_drop(struct tcp_reassembly *s, struct partial_message *p)
{
	partial_message_unlink(s, p);
	s->sessions[p->session].side[p->from].pending = NULL;
	s->bytes -= p->head.room + p->tail.room + sizeof(*p) +
		    p->frames_room * sizeof(*p->frames);
	free(p->head.bytes);
	free(p->tail.bytes);
	free(p->frames);
	free(p);
}

/* Account for n bytes more; others than p make way. */
static bool partial_message_afford(struct tcp_reassembly *s,
				   const struct partial_message *p, size_t n)
{
	while (s->bytes + n > REASSEMBLY_TOTAL && s->first && s->first != p) {
		partial_message_drop(s, s->first);
		s->losses.messages++;
	}
	if (s->bytes + n > REASSEMBLY_TOTAL)
		return false;
	s->bytes += n;
	return true;
}

static bool buffer_room(struct tcp_reassembly *s, struct partial_message *p,
			struct buffer *b, size_t n)
{
	size_t room = b->room ? b->room : 512;
	uint8_t *bytes;

	if (n <= b->room)
		return true;
	while (room < n)
		room *= 2;
	if (!partial_message_afford(s, p, room - b->room))
		return false;
	bytes = realloc(b->bytes, room);
	if (!bytes) {
		s->bytes -= room - b->room;
		return false;
	}
	b->bytes = bytes;
	b->room = room;
	return true;
}

struct partial_message *partial_message_new(struct tcp_reassembly *s,
					    uint32_t session, unsigned from,
					    unsigned upper, uint32_t start)
{
	struct side *side = &s->sessions[session].side[from];
	struct partial_message *p;

	if (side->pending)
		partial_message_drop(s, side->pending);
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->session = session;
	p->from = (uint8_t)from;
	p->upper = (uint8_t)upper;
	p->start = start;
	side->pending = p;
	partial_message_link(s, p);
	s->bytes += sizeof(*p);
	return p;
}

void partial_message_frame(struct tcp_reassembly *s, struct partial_message *p,
			   uint64_t number)
{
	uint32_t room = p->frames_room ? p->frames_room * 2 : 8;
	uint64_t *frames;

	if (!s->wish.facts || p->n_frames == FRAMES)
		return;
	if (p->n_frames == p->frames_room) {
		if (!partial_message_afford(
			s, p, (room - p->frames_room) * sizeof(*frames)))
			return;
		frames = realloc(p->frames, room * sizeof(*frames));
		if (!frames)
			return;
		p->frames = frames;
		p->frames_room = room;
	}
	p->frames[p->n_frames++] = number;
}

void partial_message_size(struct partial_message *p)
{
	p->sized = true;
	if (p->f.keep > p->f.size)
		p->f.keep = p->f.size;
	if (p->f.keep > REASSEMBLY_PENDING)
		p->f.keep = REASSEMBLY_PENDING;
}

/* Put bytes of the message at `at` where they are kept. */
static bool partial_message_store(struct tcp_reassembly *s,
				  struct partial_message *p, size_t at,
				  const uint8_t *bytes, size_t n)
{
	size_t keep = p->f.keep;

	if (at >= keep)
		return true;
	if (n > keep - at)
		n = keep - at;
	if (at + n > REASSEMBLY_PENDING || !buffer_room(s, p, &p->head, at + n))
		return false;
	memcpy(p->head.bytes + at, bytes, n);
	return true;
}

bool partial_message_begin(struct tcp_reassembly *s, struct partial_message *p,
			   const uint8_t *bytes, size_t n)
{
	p->have = n;
	if (!partial_message_store(s, p, 0, bytes, n))
		return false;
	if (p->sized || p->f.to_end || p->f.at >= n || p->f.keep >= n)
		return true;
	n -= p->f.at;
	if (n > TAIL || !buffer_room(s, p, &p->tail, n))
		return false;
	memcpy(p->tail.bytes, bytes + p->f.at, n);
	p->tail_at = p->f.at;
	p->tail_n = n;
	return true;
}

/* Ask where the message ends, now that `n` bytes at `bytes` follow what
   there was. false: it cannot be followed. */
static bool partial_message_ask(struct tcp_reassembly *s,
				struct partial_message *p, const uint8_t *bytes,
				size_t n)
{
	size_t before = p->have - n;
	const uint8_t *from;
	struct cur c;

	if (p->f.at >= p->have)
		return true;
	if (p->f.keep >= p->have) {
		from = p->head.bytes + p->f.at;
	} else if (p->tail_n == 0 && p->f.at >= before) {
		from = bytes + (p->f.at - before);
	} else {
		if (p->tail_n + n > TAIL ||
		    !buffer_room(s, p, &p->tail, p->tail_n + n))
			return false;
		memcpy(p->tail.bytes + p->tail_n, bytes, n);
		p->tail_n += n;
		from = p->tail.bytes + (p->f.at - p->tail_at);
	}
	n = p->have - p->f.at;
	c = cur_over(from, n, n);
	before = p->f.at;
	if (protos[p->upper]->pdu_length(c, &p->f)) {
		partial_message_size(p);
		return p->f.size > 0;
	}
	from += p->f.at - before;
	if (p->f.to_end || p->f.at >= p->have || p->f.keep >= p->have) {
		p->tail_n = 0;
		return true;
	}
	n = p->have - p->f.at;
	if (n > TAIL || !buffer_room(s, p, &p->tail, n))
		return false;
	memmove(p->tail.bytes, from, n);
	p->tail_at = p->f.at;
	p->tail_n = n;
	return true;
}

/* Remember a range that came early; ranges are joined where they meet. */
static void partial_message_ahead(struct partial_message *p, size_t from,
				  size_t to)
{
	unsigned i;

	for (i = 0; i < p->n_ahead; i++) {
		if (from > p->ahead[i].to || to < p->ahead[i].from)
			continue;
		if (from > p->ahead[i].from)
			from = p->ahead[i].from;
		if (to < p->ahead[i].to)
			to = p->ahead[i].to;
		p->ahead[i] = p->ahead[--p->n_ahead];
		i = (unsigned)-1;
	}
	if (p->n_ahead < REASSEMBLY_AHEAD)
		p->ahead[p->n_ahead++] = (struct range){from, to};
}

/* What came early may follow now. */
static void pending_close_gap(struct partial_message *p)
{
	unsigned i;

	for (i = 0; i < p->n_ahead; i++) {
		if (p->ahead[i].from > p->have)
			continue;
		if (p->ahead[i].to > p->have)
			p->have = p->ahead[i].to;
		p->ahead[i] = p->ahead[--p->n_ahead];
		i = (unsigned)-1;
	}
}

bool partial_message_add(struct tcp_reassembly *s, struct partial_message *p,
			 size_t at, const uint8_t *bytes, size_t n)
{
	size_t old;

	if (at > p->have) {
		if (!partial_message_store(s, p, at, bytes, n))
			return false;
		partial_message_ahead(p, at, at + n);
		return true;
	}
	old = p->have - at;
	if (n <= old)
		return true;
	bytes += old;
	n -= old;
	if (!partial_message_store(s, p, p->have, bytes, n))
		return false;
	p->have += n;
	if (!p->sized && !p->f.to_end)
		return partial_message_ask(s, p, bytes, n);
	pending_close_gap(p);
	return true;
}
