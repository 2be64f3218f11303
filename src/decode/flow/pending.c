/*
 * Messages that have not ended: a list in the order of last use, each with the
 * octets that its decoder will need.
 *
 *	start          at         have                     size
 *	|--- keep ---|            |                        |
 *	[   head     ]     [ tail ]   (ahead)   (ahead)
 *
 * head: octets from the start that decode() will see. tail: octets from where
 * message() looks on, if that is behind the head. ahead: what came early.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tracks.h"

enum {
	FRAMES = 2048, /* packets of one message that are remembered */
	TAIL = 16384,  /* octets of a line that does not end */
};

static void pending_unlink(struct streams *s, struct pending *p)
{
	*(p->older ? &p->older->newer : &s->first) = p->newer;
	*(p->newer ? &p->newer->older : &s->last) = p->older;
}

static void pending_link(struct streams *s, struct pending *p)
{
	p->older = s->last;
	p->newer = NULL;
	*(s->last ? &s->last->newer : &s->first) = p;
	s->last = p;
}

void pending_touch(struct streams *s, struct pending *p)
{
	pending_unlink(s, p);
	pending_link(s, p);
}

void pending_drop(struct streams *s, struct pending *p)
{
	pending_unlink(s, p);
	s->tracks[p->track].side[p->from].pending = NULL;
	s->octets -= p->head.room + p->tail.room + sizeof(*p) +
		     p->frames_room * sizeof(*p->frames);
	free(p->head.octets);
	free(p->tail.octets);
	free(p->frames);
	free(p);
}

/* Account for n octets more; others than p make way. */
static bool pending_afford(struct streams *s, const struct pending *p, size_t n)
{
	while (s->octets + n > STREAMS_TOTAL && s->first && s->first != p) {
		pending_drop(s, s->first);
		s->losses.messages++;
	}
	if (s->octets + n > STREAMS_TOTAL)
		return false;
	s->octets += n;
	return true;
}

static bool buffer_room(struct streams *s, struct pending *p, struct buffer *b,
			size_t n)
{
	size_t room = b->room ? b->room : 512;
	uint8_t *octets;

	if (n <= b->room)
		return true;
	while (room < n)
		room *= 2;
	if (!pending_afford(s, p, room - b->room))
		return false;
	octets = realloc(b->octets, room);
	if (!octets) {
		s->octets -= room - b->room;
		return false;
	}
	b->octets = octets;
	b->room = room;
	return true;
}

struct pending *pending_new(struct streams *s, uint32_t track, unsigned from,
			    unsigned upper, uint32_t start)
{
	struct side *side = &s->tracks[track].side[from];
	struct pending *p;

	if (side->pending)
		pending_drop(s, side->pending);
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->track = track;
	p->from = (uint8_t)from;
	p->upper = (uint8_t)upper;
	p->start = start;
	side->pending = p;
	pending_link(s, p);
	s->octets += sizeof(*p);
	return p;
}

void pending_frame(struct streams *s, struct pending *p, uint64_t number)
{
	uint32_t room = p->frames_room ? p->frames_room * 2 : 8;
	uint64_t *frames;

	if (!s->wish.facts || p->n_frames == FRAMES)
		return;
	if (p->n_frames == p->frames_room) {
		if (!pending_afford(s, p,
				    (room - p->frames_room) * sizeof(*frames)))
			return;
		frames = realloc(p->frames, room * sizeof(*frames));
		if (!frames)
			return;
		p->frames = frames;
		p->frames_room = room;
	}
	p->frames[p->n_frames++] = number;
}

void pending_size(struct pending *p)
{
	p->sized = true;
	if (p->f.keep > p->f.size)
		p->f.keep = p->f.size;
	if (p->f.keep > STREAMS_PENDING)
		p->f.keep = STREAMS_PENDING;
}

/* Put octets of the message at `at` where they are kept. */
static bool pending_store(struct streams *s, struct pending *p, size_t at,
			  const uint8_t *octets, size_t n)
{
	size_t keep = p->f.keep;

	if (at >= keep)
		return true;
	if (n > keep - at)
		n = keep - at;
	if (at + n > STREAMS_PENDING || !buffer_room(s, p, &p->head, at + n))
		return false;
	memcpy(p->head.octets + at, octets, n);
	return true;
}

bool pending_begin(struct streams *s, struct pending *p, const uint8_t *octets,
		   size_t n)
{
	p->have = n;
	if (!pending_store(s, p, 0, octets, n))
		return false;
	if (p->sized || p->f.to_end || p->f.at >= n || p->f.keep >= n)
		return true;
	n -= p->f.at;
	if (n > TAIL || !buffer_room(s, p, &p->tail, n))
		return false;
	memcpy(p->tail.octets, octets + p->f.at, n);
	p->tail_at = p->f.at;
	p->tail_n = n;
	return true;
}

/* Ask where the message ends, now that `n` octets at `octets` follow what
   there was. false: it cannot be followed. */
static bool pending_ask(struct streams *s, struct pending *p,
			const uint8_t *octets, size_t n)
{
	size_t before = p->have - n;
	const uint8_t *from;
	struct cur c;

	if (p->f.at >= p->have)
		return true;
	if (p->f.keep >= p->have) {
		from = p->head.octets + p->f.at;
	} else if (p->tail_n == 0 && p->f.at >= before) {
		from = octets + (p->f.at - before);
	} else {
		if (p->tail_n + n > TAIL ||
		    !buffer_room(s, p, &p->tail, p->tail_n + n))
			return false;
		memcpy(p->tail.octets + p->tail_n, octets, n);
		p->tail_n += n;
		from = p->tail.octets + (p->f.at - p->tail_at);
	}
	n = p->have - p->f.at;
	c = cur_over(from, n, n);
	before = p->f.at;
	if (protos[p->upper]->message(c, &p->f)) {
		pending_size(p);
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
	memmove(p->tail.octets, from, n);
	p->tail_at = p->f.at;
	p->tail_n = n;
	return true;
}

/* Remember a range that came early; ranges are joined where they meet. */
static void pending_ahead(struct pending *p, size_t from, size_t to)
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
	if (p->n_ahead < STREAMS_AHEAD)
		p->ahead[p->n_ahead++] = (struct range){from, to};
}

/* What came early may follow now. */
static void pending_close_gap(struct pending *p)
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

bool pending_add(struct streams *s, struct pending *p, size_t at,
		 const uint8_t *octets, size_t n)
{
	size_t old;

	if (at > p->have) {
		if (!pending_store(s, p, at, octets, n))
			return false;
		pending_ahead(p, at, at + n);
		return true;
	}
	old = p->have - at;
	if (n <= old)
		return true;
	octets += old;
	n -= old;
	if (!pending_store(s, p, p->have, octets, n))
		return false;
	p->have += n;
	if (!p->sized && !p->f.to_end)
		return pending_ask(s, p, octets, n);
	pending_close_gap(p);
	return true;
}
