/*
 * Messages that have not ended, and bytes that came early: a list in the order
 * of last use, each with the bytes that its decoder will need.
 *
 *	start          at         have          size
 *	|--- keep ---|            |             |
 *	[   head     ]     [ tail ]
 *
 * head: bytes from the start that decode() will see. tail: bytes from where
 * message() looks on, if that is after the head. Bytes are added in order
 * (tcp_order.h).
 */
#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_session.h"

enum {
	FRAMES = 2048, /* packets of one message that are remembered */
	TAIL = 16384,  /* bytes of a line that does not end */
	ROOM = 64,     /* of a buffer, at first */
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

/* Free what a message has. */
static void clear_message(struct tcp_reassembly *s, struct partial_message *p)
{
	s->bytes -=
	    p->head.room + p->tail.room + p->frames_room * sizeof(*p->frames);
	free(p->head.bytes);
	free(p->tail.bytes);
	free(p->frames);
	p->head = p->tail = (struct buffer){0};
	p->frames = NULL;
	p->frames_room = p->n_frames = 0;
	p->tail_n = 0;
}

void partial_message_drop(struct tcp_reassembly *s, struct partial_message *p)
{
	struct side *side = &s->sessions[p->session].side[p->from];

	partial_message_unlink(s, p);
	side->pending = NULL;
	if (p->held) {
		bool begun = side->order.begun;
		uint32_t next = side->order.next;

		tcp_order_clear(&side->order);
		side->order.begun = begun;
		side->order.next = next;
	}
	clear_message(s, p);
	s->bytes -= sizeof(*p) + p->held;
	free(p);
}

void partial_message_end(struct tcp_reassembly *s, struct partial_message *p)
{
	clear_message(s, p);
	p->message = false;
	p->sized = false;
}

void pending_give_up(struct tcp_reassembly *s, struct partial_message *p)
{
	struct side *side = &s->sessions[p->session].side[p->from];

	if (p->sized)
		side->skip = p->f.size - p->have;
	else
		side->lost = true;
	partial_message_end(s, p);
	s->losses.messages++;
}

/* Others that are older go, and what is to come of their messages. */
static void evict(struct tcp_reassembly *s, struct partial_message *p)
{
	if (p->message)
		pending_give_up(s, p);
	else
		s->losses.messages++;
	partial_message_drop(s, p);
}

/* Account for n bytes more; messages other than p may be evicted. */
static bool partial_message_afford(struct tcp_reassembly *s,
				   const struct partial_message *p, size_t n)
{
	while (s->bytes + n > REASSEMBLY_TOTAL && s->first && s->first != p)
		evict(s, s->first);
	if (s->bytes + n > REASSEMBLY_TOTAL)
		return false;
	s->bytes += n;
	return true;
}

bool partial_message_hold(struct tcp_reassembly *s, struct partial_message *p)
{
	size_t held = s->sessions[p->session].side[p->from].order.bytes;

	if (held > p->held && !partial_message_afford(s, p, held - p->held))
		return false;
	if (held < p->held)
		s->bytes -= p->held - held;
	p->held = held;
	return true;
}

bool buffer_grow(struct buffer *b, size_t n)
{
	size_t room = b->room ? b->room : ROOM;
	uint8_t *bytes;

	if (n <= b->room)
		return true;
	while (room < n)
		room *= 2;
	bytes = realloc(b->bytes, room);
	if (!bytes)
		return false;
	b->bytes = bytes;
	b->room = room;
	return true;
}

static bool buffer_room(struct tcp_reassembly *s, struct partial_message *p,
			struct buffer *b, size_t n)
{
	size_t before = b->room, room = before ? before : ROOM;

	if (n <= before)
		return true;
	while (room < n)
		room *= 2;
	if (!partial_message_afford(s, p, room - before))
		return false;
	if (buffer_grow(b, n))
		return true;
	s->bytes -= room - before;
	return false;
}

struct partial_message *partial_message_get(struct tcp_reassembly *s,
					    uint32_t session, unsigned from)
{
	struct side *side = &s->sessions[session].side[from];
	struct partial_message *p = side->pending;

	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->session = session;
	p->from = (uint8_t)from;
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
	p->message = true;
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
		/* not one of its own: as many as there are */
		if (!p->f.size)
			p->f.size = p->have;
		partial_message_size(p);
		return true;
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

bool pending_can_skip(const struct partial_message *p)
{
	return p->message && p->sized && p->have >= p->f.keep;
}

bool partial_message_add(struct tcp_reassembly *s, struct partial_message *p,
			 const struct app_state *app, const uint8_t *bytes,
			 size_t n)
{
	p->f.app = app;
	if (!partial_message_store(s, p, p->have, bytes, n))
		return false;
	p->have += n;
	return p->sized || p->f.to_end || partial_message_ask(s, p, bytes, n);
}
