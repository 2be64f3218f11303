/*
 * Conversations with state: an array of tracks, of which one that was silent
 *for long makes way. Messages that have not ended: a list in the order of last
 * use, each with the octets that its decoder will need.
 *
 *	start          at         have                     size
 *	|--- keep ---|            |                        |
 *	[   head     ]     [ tail ]   (ahead)   (ahead)
 *
 * head: octets from the start that decode() will see. tail: octets from where
 * message() looks on, if that is behind the head. ahead: what came early.
 */
#include "decode/streams.h"

#include <stdlib.h>
#include <string.h>

#include "decode/plan.h"

enum {
	AHEAD = 16,    /* ranges that came early, of one message */
	DONE = 4,      /* messages that are remembered when they ended */
	FRAMES = 2048, /* packets of one message that are remembered */
	TAIL = 16384,  /* octets of a line that does not end */
	UNACKED_TOTAL = 8 * 1024 * 1024,
	FLAG_FIN = 1,
	FLAG_SYN = 2,
};

struct range {
	size_t from, to;
};

struct buffer {
	uint8_t *octets;
	size_t room;
};

struct pending {
	struct pending *older, *newer;
	uint32_t track;
	uint8_t from, upper;
	bool sized;
	uint32_t start; /* sequence number of the first octet */
	size_t have;	/* octets in a row */
	struct framing f;
	struct buffer head, tail;
	size_t tail_at, tail_n;
	struct range ahead[AHEAD];
	unsigned n_ahead;
	uint64_t *frames;
	uint32_t n_frames, frames_room;
};

/* One direction's messages. */
struct side {
	struct pending *pending;
	struct {
		uint32_t from, to;
	} done[DONE];
	uint8_t n_done, next_done;
	uint8_t memo; /* of the last framing */
};

struct track {
	uint32_t stream;
	bool recent;   /* used since the hand went by */
	uint8_t upper; /* found by looking at it; PROTO_NONE: not yet */
	struct tcp_talk tcp;
	struct talk talk;
	struct side side[2];
};

struct streams {
	struct streams_wish wish;
	struct track *tracks;
	uint32_t n, room;
	uint32_t hand; /* looks for one that was not used of late */
	struct pending *first, *last;	/* the first is the oldest */
	size_t octets;			/* of all that are pending */
	uint32_t keepers[STREAMS_KEPT]; /* tracks whose protocol keeps much */
	uint32_t n_keepers, keeper_hand;
	size_t kept; /* octets of them */
	struct tcp_budget budget;
	struct streams_losses losses;
};

struct streams *streams_open(const struct streams_wish *wish, struct err *err)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (s) {
		s->wish = *wish;
		s->budget.most = UNACKED_TOTAL;
		s->room = 256;
		s->tracks = malloc(s->room * sizeof(*s->tracks));
	}
	if (!s || !s->tracks) {
		free(s);
		err_nomem(err, "conversations");
		return NULL;
	}
	return s;
}

struct streams_losses streams_losses(const struct streams *s)
{
	return s->losses;
}

/* ---- unfinished messages ------------------------------------------------ */

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

static void pending_drop(struct streams *s, struct pending *p)
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

static struct pending *pending_new(struct streams *s, uint32_t track,
				   unsigned from, unsigned upper,
				   uint32_t start)
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

static void pending_frame(struct streams *s, struct pending *p, uint64_t number)
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

/* The size is known: no more is kept than that, and than the limit. */
static void pending_size(struct pending *p)
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
	if (p->n_ahead < AHEAD)
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

/* Add n octets that belong at `at`. false: the message is given up. */
static bool pending_add(struct streams *s, struct pending *p, size_t at,
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

/* ---- what protocols keep ------------------------------------------------ */

static void keeper_drop(struct streams *s, uint32_t i)
{
	struct talk *talk = &s->tracks[s->keepers[i]].talk;

	protos[talk->keeper]->forget(talk, &s->kept);
	talk->kept = NULL;
	s->keepers[i] = s->keepers[--s->n_keepers];
}

static void keeper_forget(struct streams *s, uint32_t track)
{
	uint32_t i;

	if (!s->tracks[track].talk.kept)
		return;
	for (i = 0; s->keepers[i] != track; i++)
		continue;
	keeper_drop(s, i);
}

/* One other than this, which was not used of late, makes way. */
static void keeper_evict(struct streams *s, uint32_t spare)
{
	struct track *t;

	for (;; s->keeper_hand++) {
		s->keeper_hand %= s->n_keepers;
		t = &s->tracks[s->keepers[s->keeper_hand]];
		if (s->keepers[s->keeper_hand] == spare)
			continue;
		if (!t->recent)
			break;
		t->recent = false;
	}
	keeper_drop(s, s->keeper_hand);
	s->losses.tracks++;
}

/* The track's protocol keeps something since just now, or more than before. */
static void keeper_account(struct streams *s, uint32_t track, bool fresh)
{
	if (fresh) {
		if (s->n_keepers == STREAMS_KEPT)
			keeper_evict(s, track);
		s->keepers[s->n_keepers++] = track;
	}
	while (s->kept > STREAMS_KEPT_TOTAL && s->n_keepers > 1)
		keeper_evict(s, track);
}

uint8_t *follow_note(struct follower *follow, size_t n)
{
	struct stream_note *note;

	if (n > follow->room)
		return NULL;
	note = tape_put(follow->tape, sizeof(*note) + n);
	if (!note)
		return NULL;
	follow->room -= n;
	note->next = NULL;
	note->n = n;
	*follow->last = note;
	follow->last = &note->next;
	++*follow->n_notes;
	return note->octets;
}

/* ---- tracks ------------------------------------------------------------- */

static void track_clear(struct streams *s, struct track *t)
{
	unsigned i;

	for (i = 0; i < 2; i++)
		if (t->side[i].pending)
			pending_drop(s, t->side[i].pending);
	keeper_forget(s, (uint32_t)(t - s->tracks));
	tcp_talk_fini(&t->tcp, &s->budget);
}

void streams_close(struct streams *s)
{
	uint32_t i;

	if (!s)
		return;
	for (i = 0; i < s->n; i++)
		track_clear(s, &s->tracks[i]);
	free(s->tracks);
	free(s);
}

/* A track that nobody uses; when all are in use, one that was not used since
   the hand went by makes way. */
static uint32_t track_room(struct streams *s)
{
	struct track *tracks;
	uint32_t i;

	if (s->n == s->room && s->room < STREAMS_TRACKS) {
		tracks = realloc(s->tracks, 2 * s->room * sizeof(*tracks));
		if (tracks) {
			s->tracks = tracks;
			s->room *= 2;
		}
	}
	if (s->n < s->room)
		return s->n++;
	while (s->tracks[s->hand].recent) {
		s->tracks[s->hand].recent = false;
		s->hand = (s->hand + 1) % s->n;
	}
	i = s->hand;
	s->hand = (s->hand + 1) % s->n;
	track_clear(s, &s->tracks[i]);
	s->losses.tracks++;
	return i;
}

/* The conversation's track, or NULL. */
static struct track *track_find(struct streams *s, uint32_t stream,
				uint32_t slot)
{
	struct track *t;

	if (slot == 0 || slot > s->n)
		return NULL;
	t = &s->tracks[slot - 1];
	if (t->stream != stream)
		return NULL;
	t->recent = true;
	return t;
}

static struct track *track_new(struct streams *s, uint32_t stream,
			       uint32_t *slot)
{
	uint32_t i = track_room(s);

	s->tracks[i] = (struct track){.stream = stream, .recent = true};
	tcp_talk_init(&s->tracks[i].tcp);
	*slot = i + 1;
	return &s->tracks[i];
}

/* ---- messages ----------------------------------------------------------- */

/* One segment on its way through. */
struct pass {
	struct streams *s;
	struct track *track;
	unsigned from, upper;
	const struct segment *seg;
	size_t off; /* octets of the payload that are dealt with */
	struct stream_parts *parts;
	struct tape *tape;
	bool followed; /* a message was */
	size_t noted;  /* octets of notes so far */
	const struct stream_note **last_note;
};

static void frame_message(struct pass *pass, struct framing *f)
{
	f->keep = SIZE_MAX;
	f->memo = pass->track->side[pass->from].memo;
	f->peer = pass->track->side[!pass->from].memo;
}

/* Is it a protocol whose messages are put together? */
static bool has_messages(const struct plan *plan, unsigned id)
{
	return plan->of[id].useful && protos[id]->message;
}

/* From now on messages are this protocol's. */
static void change_upper(struct pass *pass, unsigned upper)
{
	pass->upper = upper;
	pass->track->upper = (uint8_t)upper;
}

/* The protocol sees a whole message, of which there are n octets here. */
static void follow_message(struct pass *pass, const uint8_t *octets, size_t n,
			   size_t size)
{
	const struct proto *proto = protos[pass->upper];
	struct streams *s = pass->s;
	struct talk *talk = &pass->track->talk;
	uint32_t track = (uint32_t)(pass->track - s->tracks);
	struct follower follow = {
	    .talk = talk,
	    .message = cur_over(octets, n, size),
	    .from = pass->from,
	    .octets = &s->kept,
	    .tape = pass->tape,
	    .room = STREAMS_NOTES - pass->noted,
	    .last = pass->last_note,
	    .n_notes = &pass->parts->n_notes,
	};
	bool kept = talk->kept != NULL;

	if (!pass->last_note)
		pass->last_note = follow.last = &pass->parts->notes;
	if (talk->keeper != pass->upper) {
		keeper_forget(s, track);
		*talk = (struct talk){.keeper = (uint8_t)pass->upper};
		kept = false;
	}
	follow.to_server =
	    s->wish.plan->table[KEY_TCP_PORT][pass->seg->dport] == pass->upper;
	if (!pass->followed)
		pass->parts->word = talk->word;
	pass->followed = true;
	proto->follow(&follow);
	pass->noted = STREAMS_NOTES - follow.room;
	pass->last_note = follow.last;
	if (talk->kept)
		keeper_account(s, track, !kept);
	if (follow.then && has_messages(s->wish.plan, follow.then))
		change_upper(pass, follow.then);
}

/* The message is whole: onto the tape with it. */
static void deliver(struct pass *pass, struct pending *p)
{
	struct side *side = &pass->track->side[pass->from];
	size_t n = p->have < p->f.keep ? p->have : p->f.keep;
	size_t size = p->sized ? p->f.size : p->have;
	uint8_t *octets = tape_put(pass->tape, n);
	uint64_t *frames = NULL;

	if (octets && n)
		memcpy(octets, p->head.octets, n);
	if (p->n_frames)
		frames = tape_put(pass->tape, p->n_frames * sizeof(*frames));
	if (frames)
		memcpy(frames, p->frames, p->n_frames * sizeof(*frames));
	pass->parts->has_joined = octets != NULL;
	pass->parts->joined = (uint32_t)n;
	pass->parts->claim = (uint32_t)(size > UINT32_MAX ? UINT32_MAX : size);
	pass->parts->length = pass->parts->claim;
	pass->parts->n_frames = frames ? p->n_frames : 0;
	pass->parts->memo = side->memo;
	pass->parts->octets = octets;
	pass->parts->frames = frames;
	side->memo = p->f.memo;
	side->done[side->next_done].from = p->start;
	side->done[side->next_done].to = p->start + (uint32_t)size;
	side->next_done = (side->next_done + 1) % DONE;
	if (side->n_done < DONE)
		side->n_done++;
	if (protos[pass->upper]->follow)
		follow_message(pass, p->head.octets, n, size);
	pending_drop(pass->s, p);
}

/* Does the segment go on with an unfinished message? Then it is added, and
   whatever is behind the message's end remains. */
static bool go_on(struct pass *pass, struct pending *p)
{
	const struct segment *seg = pass->seg;
	int64_t at = (int64_t)p->have +
		     (int32_t)(seg->seq - p->start - (uint32_t)p->have);
	bool blind = !p->sized;
	size_t n = seg->len;

	if (at < 0 ||
	    (p->sized ? (size_t)at >= p->f.size : (size_t)at > p->have))
		return false;
	if (p->sized && n > p->f.size - (size_t)at)
		n = p->f.size - (size_t)at;
	pass->off = n;
	/* it is there once more */
	if (at == 0 && n == seg->len) {
		pass->parts->pending = true;
		return true;
	}
	pending_unlink(pass->s, p);
	pending_link(pass->s, p);
	if ((size_t)at + n > p->have)
		pending_frame(pass->s, p, seg->number);
	if (!pending_add(pass->s, p, (size_t)at, seg->payload.pos, n)) {
		pending_drop(pass->s, p);
		pass->s->losses.messages++;
		return true;
	}
	if (!p->sized || p->have < p->f.size) {
		pass->parts->pending = true;
		return true;
	}
	/* it may have turned out to end within this segment */
	if ((size_t)at + n > p->f.size)
		pass->off = p->f.size > (size_t)at ? p->f.size - (size_t)at : 0;
	deliver(pass, p);
	/* until now every next segment belonged to it as a whole */
	if (blind)
		pass->parts->length = (uint32_t)((size_t)at + seg->len);
	return true;
}

/* Is the segment part of a message that was whole before? */
static bool was_done(struct pass *pass)
{
	const struct side *side = &pass->track->side[pass->from];
	const struct segment *seg = pass->seg;
	uint32_t at, size;
	unsigned i;

	for (i = 0; i < side->n_done; i++) {
		at = seg->seq - side->done[i].from;
		size = side->done[i].to - side->done[i].from;
		if (at >= size || (at == 0 && seg->len > size))
			continue;
		pass->off = seg->len < size - at ? seg->len : size - at;
		return true;
	}
	return false;
}

/* The message at pass->off does not end here. */
static void begin(struct pass *pass, const struct framing *f, bool sized)
{
	const struct segment *seg = pass->seg;
	const uint8_t *octets = seg->payload.pos + pass->off;
	size_t n = seg->len - pass->off;
	struct pending *p = pending_new(
	    pass->s, (uint32_t)(pass->track - pass->s->tracks), pass->from,
	    pass->upper, seg->seq + (uint32_t)pass->off);

	if (!p)
		return;
	p->f = *f;
	if (sized)
		pending_size(p);
	pending_frame(pass->s, p, seg->number);
	pass->parts->pending = true;
	p->have = n;
	if (pending_store(pass->s, p, 0, octets, n)) {
		if (sized || f->to_end || f->at >= n || f->keep >= n)
			return;
		n -= f->at;
		if (n <= TAIL && buffer_room(pass->s, p, &p->tail, n)) {
			memcpy(p->tail.octets, octets + f->at, n);
			p->tail_at = f->at;
			p->tail_n = n;
			return;
		}
	}
	pending_drop(pass->s, p);
	pass->s->losses.messages++;
}

/* The next whole message, of the segment's own octets. false: it ends later. */
static bool take_message(struct pass *pass, struct framing *f, bool *sized)
{
	const struct segment *seg = pass->seg;
	struct cur c = seg->payload;
	unsigned other;

	*f = (struct framing){0};
	frame_message(pass, f);
	cur_skip(&c, pass->off);
	*sized = protos[pass->upper]->message(c, f);
	other = f->other;
	if (*sized && other) {
		if (!has_messages(pass->s->wish.plan, other)) {
			f->size = seg->len - pass->off;
			return true;
		}
		change_upper(pass, other);
		*f = (struct framing){0};
		frame_message(pass, f);
		*sized = protos[other]->message(c, f);
	}
	return *sized && f->size <= seg->len - pass->off;
}

/* The message at pass->off is of pass->upper: does it go where the ones before
   it went? Only one change of protocols is told per segment. */
static bool part_for(struct pass *pass)
{
	struct stream_parts *parts = pass->parts;
	uint32_t taken = (uint32_t)pass->off - parts->skip;

	if (parts->second)
		return parts->second == pass->upper;
	if (parts->upper == pass->upper)
		return true;
	if (taken || parts->has_joined) {
		parts->take = taken;
		parts->second = (uint8_t)pass->upper;
	} else {
		parts->upper = (uint8_t)pass->upper;
	}
	return true;
}

/* Whole messages from pass->off on, and the beginning of another. */
static void split(struct pass *pass)
{
	const struct segment *seg = pass->seg;
	struct stream_parts *parts = pass->parts;
	const uint8_t *octets;
	struct framing f;
	bool sized = true, known = true;

	if (!pass->parts->has_joined)
		pass->parts->memo = pass->track->side[pass->from].memo;
	while (pass->off < seg->len) {
		if (!take_message(pass, &f, &sized))
			break;
		known = part_for(pass);
		if (!known)
			break;
		pass->track->side[pass->from].memo = f.memo;
		if (!f.size)
			f.size = seg->len - pass->off;
		octets = seg->payload.pos + pass->off;
		pass->off += f.size;
		if (protos[pass->upper]->follow)
			follow_message(pass, octets,
				       f.size < f.keep ? f.size : f.keep,
				       f.size);
	}
	if (parts->second)
		parts->second_take =
		    (uint32_t)pass->off - parts->skip - parts->take;
	else
		parts->take = (uint32_t)pass->off - parts->skip;
	if (pass->off < seg->len && known)
		begin(pass, &f, sized);
}

/* Who decodes the payload? What nobody knows is data. */
static unsigned find_upper(const struct streams *s, const struct track *t,
			   unsigned from, const struct segment *seg)
{
	unsigned id;

	if (t && t->side[from].pending)
		return t->side[from].pending->upper;
	if (t && t->upper)
		return t->upper;
	id = plan_by_ports(s->wish.plan, KEY_TCP_PORT, seg->sport, seg->dport);
	if (id == PROTO_NONE && seg->len)
		id = plan_by_guess(s->wish.plan, KEY_TCP_PORT, &seg->payload);
	return id ? id : PROTO_data;
}

static void follow(struct pass *pass, unsigned marks)
{
	const struct segment *seg = pass->seg;
	struct stream_parts *parts = pass->parts;
	struct side *side = &pass->track->side[pass->from];

	/* what came twice is decoded once */
	if (marks & MARK_RETRANSMISSION) {
		parts->take = 0;
		return;
	}
	if (!seg->whole)
		return;
	if (seg->len) {
		parts->take = 0;
		if (!(side->pending && go_on(pass, side->pending)) &&
		    was_done(pass))
			parts->pending = true;
		parts->skip = (uint32_t)pass->off;
		if (pass->off < seg->len)
			split(pass);
	}
	if (seg->flags & FLAG_FIN && side->pending && side->pending->f.to_end)
		deliver(pass, side->pending);
}

/* May the segment's end be of use to a message? */
static bool may_matter(const struct segment *seg)
{
	return seg->len || seg->flags & FLAG_FIN;
}

void streams_segment(struct streams *s, uint32_t stream, uint32_t *slot,
		     unsigned from, const struct segment *seg,
		     struct tape *tape, bool record,
		     const struct tcp_facts **facts, struct stream_parts *parts)
{
	struct track *t = track_find(s, stream, *slot);
	struct tcp_facts *found = NULL;
	struct stream_parts *kept = NULL;
	unsigned upper, marks;
	bool join;

	*facts = NULL;
	/* nothing is known of it, and it tells nothing */
	if (!t && !s->wish.facts && !may_matter(seg) &&
	    !(seg->flags & FLAG_SYN))
		return;
	upper = find_upper(s, t, from, seg);
	join = s->wish.messages && has_messages(s->wish.plan, upper);
	parts->upper = (uint8_t)upper;
	parts->take = seg->len;
	if (s->wish.facts)
		*facts = found = tape_put(tape, sizeof(*found));
	if (record && s->wish.messages && may_matter(seg))
		kept = tape_put(tape, sizeof(*kept));
	if (!t && (found || join))
		t = track_new(s, stream, slot);
	if (t) {
		marks = found
			    ? tcp_analyze(&t->tcp, from, seg, &s->budget, found)
			    : tcp_follow(&t->tcp, from, seg);
		if (join && may_matter(seg)) {
			struct pass pass = {.s = s,
					    .track = t,
					    .from = from,
					    .upper = upper,
					    .seg = seg,
					    .parts = parts,
					    .tape = tape};

			t->upper = (uint8_t)upper;
			follow(&pass, marks);
		}
	}
	if (kept)
		*kept = *parts;
}

void streams_replay(const struct streams_wish *wish, struct tape *tape,
		    const struct segment *seg, const struct tcp_facts **facts,
		    struct stream_parts *parts)
{
	const struct stream_parts *kept;
	uint32_t i;

	*facts = wish->facts ? tape_get(tape, sizeof(**facts)) : NULL;
	if (!wish->messages || !may_matter(seg))
		return;
	kept = tape_get(tape, sizeof(*kept));
	if (!kept)
		return;
	*parts = *kept;
	if (parts->has_joined)
		tape_get(tape, parts->joined);
	if (parts->n_frames)
		tape_get(tape, parts->n_frames * sizeof(*parts->frames));
	for (i = 0; i < parts->n_notes; i++)
		tape_skip(tape);
}
