/*
 * Segments in the light of their conversations (tcp_session.h): the analysis of
 * TCP, and messages that are reassembled.
 *
 * A segment's payload is put in order first (tcp_order.h). Of what is due then,
 * a message that has not ended gets the bytes that it lacks; the rest, which
 * may be of several segments, is the run: whole messages, and the beginning of
 * another.
 */
#include "decode/flow/tcp_reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_session.h"

enum {
	UNACKED_TOTAL = 8 * 1024 * 1024,
	UNSEEN_MOST = 64, /* segments held of one whose peer is not seen */
	FLAG_FIN = 1,
	FLAG_SYN = 2,
	FLAG_RST = 4,
	FLAG_PSH = 8,
	FLAG_ACK = 16,
};

/* Does a protocol with messages recognise its own, whatever the port? */
static bool has_guesses(const struct plan *plan)
{
	const uint8_t *guess = plan->guesses[0];

	for (; *guess; guess++)
		if (plan->of[*guess].useful && protos[*guess]->pdu_length)
			return true;
	return false;
}

struct tcp_reassembly *tcp_reassembly_open(const struct reassembly_wish *wish,
					   struct err *err)
{
	struct tcp_reassembly *s = calloc(1, sizeof(*s));

	if (s) {
		s->wish = *wish;
		s->budget.most = UNACKED_TOTAL;
		s->room = 256;
		s->first_weak = s->last_weak = TRACK_NONE;
		s->guesses = has_guesses(wish->plan);
		s->sessions = malloc(s->room * sizeof(*s->sessions));
		if (wish->facts)
			s->talks = malloc(s->room * sizeof(*s->talks));
	}
	if (!s || !s->sessions || (wish->facts && !s->talks)) {
		if (s)
			free(s->sessions);
		free(s);
		err_nomem(err, "conversations");
		return NULL;
	}
	return s;
}

struct reassembly_losses reassembly_losses(const struct tcp_reassembly *s)
{
	return s->losses;
}

void tcp_reassembly_close(struct tcp_reassembly *s)
{
	uint32_t i;

	if (!s)
		return;
	for (i = 0; i < s->n; i++)
		tcp_session_clear(s, &s->sessions[i]);
	free(s->run.bytes);
	free(s->talks);
	free(s->sessions);
	free(s);
}

/* ---- messages ----------------------------------------------------------- */

/* One segment on its way through. */
struct pass {
	struct tcp_reassembly *s;
	struct tcp_session *session;
	unsigned from, upper;
	const struct segment *seg;
	struct reassembled *parts;
	struct replay_log *log;
	/* the run: bytes that are due and of no earlier message, dealt with
	   up to off; in the segment, or once there are more, in s->run */
	const uint8_t *run;
	size_t n, off;
	bool own;	/* it is in s->run */
	bool framed;	/* its first message has been looked at */
	bool followed;	/* a message was */
	uint64_t first; /* the packet with the start of the run, */
	size_t first_n; /* and as much of it as that has */
	size_t noted;	/* bytes of notes so far */
	const struct stream_note **last_note;
};

/* Room for a record that belongs to the segment's parts. */
static void *put(struct pass *pass, size_t n)
{
	void *record = replay_log_put(pass->log, n);

	if (record)
		pass->parts->n_records++;
	return record;
}

static struct side *side_of(const struct pass *pass)
{
	return &pass->session->side[pass->from];
}

static void frame_message(struct pass *pass, struct framing *f)
{
	f->keep = SIZE_MAX;
	f->hints = pass->session->side[pass->from].hints;
	f->peer = pass->session->side[!pass->from].hints;
}

/* Is it a protocol whose messages are put together? */
static bool has_messages(const struct plan *plan, unsigned id)
{
	return plan->of[id].useful && protos[id]->pdu_length;
}

/* From now on messages are this protocol's. */
static void change_upper(struct pass *pass, unsigned upper)
{
	pass->upper = upper;
	pass->session->upper = (uint8_t)upper;
}

/* The protocol sees a whole message, of which there are n bytes here. */
static void follow_message(struct pass *pass, const uint8_t *bytes, size_t n,
			   size_t size)
{
	const struct proto *proto = protos[pass->upper];
	struct tcp_reassembly *s = pass->s;
	struct app_state *app = &pass->session->app;
	uint32_t session = (uint32_t)(pass->session - s->sessions);
	struct app_message follow = {
	    .app = app,
	    .message = cur_over(bytes, n, size),
	    .from = pass->from,
	    .bytes = &s->kept,
	    .log = pass->log,
	    .wish = &s->wish,
	    .room = REASSEMBLY_NOTES - pass->noted,
	    .last = pass->last_note,
	    .n_notes = &pass->parts->n_notes,
	};
	bool kept = app->data != NULL;

	if (!pass->last_note)
		pass->last_note = follow.last = &pass->parts->notes;
	if (app->owner != pass->upper) {
		app_data_forget(s, session);
		*app = (struct app_state){.owner = (uint8_t)pass->upper};
		kept = false;
	}
	follow.to_server =
	    s->wish.plan->table[KEY_TCP_PORT][pass->seg->dport] == pass->upper;
	if (!pass->followed)
		pass->parts->state = app->state;
	pass->followed = true;
	proto->on_message(&follow);
	pass->noted = REASSEMBLY_NOTES - follow.room;
	pass->last_note = follow.last;
	if (app->data)
		app_data_account(s, session, !kept);
	if (!follow.then || !has_messages(s->wish.plan, follow.then))
		return;
	change_upper(pass, follow.then);
	app_data_forget(s, session);
	*app =
	    (struct app_state){.owner = follow.then, .state = follow.then_word};
}

/* The message is whole: onto the log with it. */
static void deliver(struct pass *pass, struct partial_message *p)
{
	struct side *side = side_of(pass);
	size_t n = p->have < p->f.keep ? p->have : p->f.keep;
	size_t size = p->sized ? p->f.size : p->have;
	uint8_t *bytes = put(pass, n);
	uint64_t *frames = NULL;

	if (bytes && n)
		memcpy(bytes, p->head.bytes, n);
	if (p->n_frames)
		frames = put(pass, p->n_frames * sizeof(*frames));
	if (frames)
		memcpy(frames, p->frames, p->n_frames * sizeof(*frames));
	pass->parts->has_joined = bytes != NULL;
	pass->parts->joined = (uint32_t)n;
	pass->parts->claim = (uint32_t)(size > UINT32_MAX ? UINT32_MAX : size);
	pass->parts->length = pass->parts->claim;
	pass->parts->n_frames = frames ? p->n_frames : 0;
	pass->parts->hints = side->hints;
	pass->parts->bytes = bytes;
	pass->parts->frames = frames;
	pass->framed = true;
	side->hints = p->f.hints;
	if (protos[pass->upper]->on_message)
		follow_message(pass, p->head.bytes, n, size);
	partial_message_end(pass->s, p);
}

/* The message is of another protocol than was thought: start over. */
static bool restart_message(struct pass *pass, struct partial_message *p)
{
	unsigned other = p->f.other;
	size_t have = p->have;
	struct cur c = cur_over(p->head.bytes, have, have);

	p->f = (struct framing){0};
	p->sized = false;
	if (!has_messages(pass->s->wish.plan, other)) {
		p->f.size = p->f.keep = have;
		p->sized = true;
		return true;
	}
	change_upper(pass, other);
	pass->parts->upper = (uint8_t)other;
	p->upper = (uint8_t)other;
	frame_message(pass, &p->f);
	if (!protos[other]->pdu_length(c, &p->f))
		return true;
	if (!p->f.size)
		p->f.size = have;
	partial_message_size(p);
	return true;
}

/* The next n bytes for an unfinished message. Returns how many of them it
   took. */
static size_t go_on(struct pass *pass, struct partial_message *p,
		    const struct tcp_piece *piece)
{
	size_t before = p->have, n = piece->n;
	bool blind = !p->sized;

	if (p->sized && n > p->f.size - before)
		n = p->f.size - before;
	partial_message_touch(pass->s, p);
	partial_message_frame(pass->s, p, piece->number);
	if (!partial_message_add(pass->s, p, piece->bytes, n)) {
		pending_give_up(pass->s, p);
		return n;
	}
	if (p->f.other)
		restart_message(pass, p);
	if (!p->sized || p->have < p->f.size)
		return n;
	/* it may have turned out to end within this piece */
	if (before + n > p->f.size)
		n = p->f.size > before ? p->f.size - before : 0;
	deliver(pass, p);
	/* until now every next segment belonged to it as a whole */
	if (blind)
		pass->parts->length = (uint32_t)(before + piece->n);
	return n;
}

/* The message at pass->off does not end here. */
static void begin(struct pass *pass, const struct framing *f, bool sized)
{
	const struct side *side = side_of(pass);
	size_t n = pass->n - pass->off;
	struct partial_message *p = partial_message_get(
	    pass->s, (uint32_t)(pass->session - pass->s->sessions), pass->from);

	pass->parts->pending = true;
	if (!p)
		return;
	p->upper = (uint8_t)pass->upper;
	p->start = side->order.next - (uint32_t)n;
	p->f = *f;
	p->have = n;
	p->sized = false;
	if (sized)
		partial_message_size(p);
	if (pass->first_n > pass->off)
		partial_message_frame(pass->s, p, pass->first);
	if (pass->first != pass->seg->number || pass->first_n <= pass->off)
		partial_message_frame(pass->s, p, pass->seg->number);
	if (!partial_message_begin(pass->s, p, pass->run + pass->off, n))
		pending_give_up(pass->s, p);
}

/* The next whole message of the run. false: it ends later. */
static bool take_message(struct pass *pass, struct framing *f, bool *sized)
{
	size_t left = pass->n - pass->off;
	struct cur c = cur_over(pass->run + pass->off, left, left);
	unsigned other;

	*f = (struct framing){0};
	frame_message(pass, f);
	*sized = protos[pass->upper]->pdu_length(c, f);
	other = f->other;
	if (*sized && other) {
		if (!has_messages(pass->s->wish.plan, other)) {
			f->size = left;
			return true;
		}
		change_upper(pass, other);
		*f = (struct framing){0};
		frame_message(pass, f);
		*sized = protos[other]->pdu_length(c, f);
	}
	return *sized && f->size <= left;
}

/* The message at pass->off is of pass->upper: does it go where the ones before
   it went? Only one change of protocols is told per segment. */
static bool part_for(struct pass *pass)
{
	struct reassembled *parts = pass->parts;
	uint32_t taken = (uint32_t)pass->off;

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

static unsigned by_ports(const struct tcp_reassembly *s,
			 const struct segment *seg)
{
	return plan_by_ports(s->wish.plan, KEY_TCP_PORT, seg->sport,
			     seg->dport);
}

/* Who decodes what a conversation begins with? A port is a hint: what cannot be
   its protocol's is given to who recognises it. What nobody knows is data. */
static unsigned recognise(const struct tcp_reassembly *s,
			  const struct segment *seg, const struct cur *c)
{
	const struct plan *plan = s->wish.plan;
	unsigned id = by_ports(s, seg), guess;

	if (!cur_left(c))
		return id ? id : PROTO_data;
	if (id && !plan_fits(plan, id, c))
		id = PROTO_NONE;
	/* one that knows its own does not mind being asked */
	if (id && !(plan->of[id].spaces & LEADS_TO(KEY_TCP_GUESS) &&
		    !plan->forced[KEY_TCP_PORT][id] && !protos[id]->guess(*c)))
		return id;
	guess = plan_by_guess(plan, KEY_TCP_PORT, c);
	if (guess)
		return guess;
	return id ? id : PROTO_data;
}

/* Who decodes the run? false: no messages are to be looked for in it. */
static bool settle(struct pass *pass)
{
	struct tcp_reassembly *s = pass->s;
	struct side *side = side_of(pass);
	struct cur c = cur_over(pass->run, pass->n, pass->n);
	const struct proto *proto;

	if (pass->session->upper) {
		proto = protos[pass->upper];
		/* what does not know its own makes something of anything */
		if (!side->unsure || !proto->fits || proto->fits(c) ||
		    s->wish.plan->of[pass->upper].spaces &
			LEADS_TO(KEY_TCP_GUESS)) {
			side->unsure = false;
			return true;
		}
		pass->parts->pending = true;
		return false;
	}
	pass->upper = recognise(s, pass->seg, &c);
	pass->parts->upper = (uint8_t)pass->upper;
	if (has_messages(s->wish.plan, pass->upper)) {
		change_upper(pass, pass->upper);
		side->unsure = false;
		return true;
	}
	pass->parts->take = (uint32_t)pass->n;
	side->adrift = true;
	return false;
}

/* Whole messages of the run, and if nothing is known to be missing behind it,
   the beginning of another. */
static void split(struct pass *pass, bool gap)
{
	struct reassembled *parts = pass->parts;
	const uint8_t *bytes;
	struct framing f = {0};
	bool sized = true, known = true;

	if (pass->off == pass->n)
		return;
	if (!settle(pass)) {
		pass->off = pass->n;
		return;
	}
	if (!pass->framed)
		parts->hints = side_of(pass)->hints;
	pass->framed = true;
	while (pass->off < pass->n) {
		if (!take_message(pass, &f, &sized))
			break;
		known = part_for(pass);
		if (!known)
			break;
		side_of(pass)->hints = f.hints;
		if (!f.size)
			f.size = pass->n - pass->off;
		bytes = pass->run + pass->off;
		pass->off += f.size;
		if (protos[pass->upper]->on_message)
			follow_message(pass, bytes,
				       f.size < f.keep ? f.size : f.keep,
				       f.size);
	}
	if (parts->second)
		parts->second_take = (uint32_t)pass->off - parts->take;
	else
		parts->take = (uint32_t)pass->off;
	if (pass->off == pass->n)
		return;
	if (!gap) {
		if (known)
			begin(pass, &f, sized);
		return;
	}
	if (sized && known)
		side_of(pass)->skip = f.size - (pass->n - pass->off);
	pass->n = pass->off;
}

/* More bytes for the run. */
static void extend(struct pass *pass, const struct tcp_piece *piece,
		   const uint8_t *bytes, size_t n)
{
	struct buffer *b = &pass->s->run;

	if (n == 0)
		return;
	if (pass->n == 0 && piece->number == pass->seg->number &&
	    !piece->held && !pass->own) {
		pass->run = bytes;
		pass->n = pass->first_n = n;
		pass->first = piece->number;
		return;
	}
	if (!buffer_grow(b, pass->n + n)) {
		side_of(pass)->lost = true;
		return;
	}
	if (!pass->own && pass->n)
		memcpy(b->bytes, pass->run, pass->n);
	if (pass->n == 0) {
		pass->first = piece->number;
		pass->first_n = n;
	}
	memcpy(b->bytes + pass->n, bytes, n);
	pass->run = b->bytes;
	pass->own = true;
	pass->n += n;
}

/* Bytes are missing, for good. */
static void pass_gap(struct pass *pass, size_t missing)
{
	struct side *side = side_of(pass);
	struct partial_message *p = side->pending;
	size_t skip;

	if (p && p->message) {
		if (pending_can_skip(p) && missing <= p->f.size - p->have) {
			partial_message_add(pass->s, p, NULL, missing);
			if (p->have == p->f.size)
				deliver(pass, p);
			return;
		}
		if (p->sized)
			side->skip = p->f.size - p->have;
		partial_message_end(pass->s, p);
	} else {
		split(pass, true);
	}
	skip = side->skip < missing ? side->skip : missing;
	side->skip -= skip;
	if (skip < missing)
		side->unsure = true;
}

/* What is due next. */
static void take_piece(void *with, const struct tcp_piece *piece)
{
	struct pass *pass = with;
	struct side *side = side_of(pass);
	struct tcp_piece rest = *piece;
	size_t n;

	if (piece->missing) {
		pass_gap(pass, piece->missing);
		return;
	}
	if (side->pending && side->pending->message) {
		n = go_on(pass, side->pending, &rest);
		rest.bytes += n;
		rest.n -= n;
	}
	n = rest.n < side->skip ? rest.n : side->skip;
	side->skip -= n;
	if (side->lost)
		n = rest.n;
	extend(pass, piece, rest.bytes + n, rest.n - n);
}

/* What was taken of the run goes to where decoders find it. */
static void finish_run(struct pass *pass)
{
	struct reassembled *parts = pass->parts;
	const struct side *side = side_of(pass);
	uint64_t *frames;
	uint8_t *bytes;

	split(pass, false);
	if (side->pending && side->pending->message)
		parts->pending = true;
	if (!pass->own) {
		parts->skip = pass->seg->len - (uint32_t)pass->n;
		return;
	}
	bytes = pass->n ? put(pass, pass->n) : NULL;
	if (!bytes) {
		parts->take = parts->second_take = 0;
		return;
	}
	memcpy(bytes, pass->run, pass->n);
	parts->own = bytes;
	parts->n_own = (uint32_t)pass->n;
	if (parts->has_joined || !pass->s->wish.facts)
		return;
	frames = put(pass, 2 * sizeof(*frames));
	if (!frames)
		return;
	frames[0] = pass->first;
	frames[1] = pass->seg->number;
	parts->frames = frames;
	parts->n_frames = 2;
	parts->length = parts->claim = parts->take;
}

/* May this byte be refused by a side that has no room for it? */
static bool is_probe(const struct pass *pass)
{
	const struct side *peer = &pass->session->side[!pass->from];

	return pass->seg->len == 1 && peer->has_ack && peer->window == 0 &&
	       pass->seg->seq == side_of(pass)->order.next;
}

/* A byte that a probe brought was taken, if what follows comes after it. */
static void settle_probe(struct pass *pass, uint32_t seq)
{
	struct side *side = side_of(pass);
	struct tcp_payload probe = {side->order.next, 1, &side->probe, 1,
				    pass->seg->number};

	if (!side->has_probe || seq - side->order.next > 1)
		return;
	side->has_probe = false;
	if (seq == side->order.next + 1) {
		/* its packet is gone: from now on it is in s->run */
		pass->own = true;
		tcp_order_add(&side->order, &probe, take_piece, pass);
	}
}

/* Of a message's bytes that nobody needs, only the number is held. */
static void drop_needless(const struct side *side, struct tcp_payload *payload)
{
	const struct partial_message *p = side->pending;
	uint32_t at;

	if (!p || !pending_can_skip(p))
		return;
	at = payload->seq - p->start;
	if (at >= p->have && at + (uint64_t)payload->len <= p->f.size)
		payload->n = 0;
}

/* What came early is accounted for; if there is too much of it, gaps are given
   up. */
static void hold_early(struct pass *pass)
{
	const struct side *peer = &pass->session->side[!pass->from];
	bool ends = pass->seg->flags & FLAG_FIN;
	struct side *side = side_of(pass);
	struct partial_message *p = side->pending;

	/* where the other side is not seen, nobody says what is lost */
	if (!peer->has_ack)
		while (side->order.n > (ends ? 0 : UNSEEN_MOST))
			tcp_order_skip_gap(&side->order, take_piece, pass);
	if (!p && side->order.held)
		p = partial_message_get(
		    pass->s, (uint32_t)(pass->session - pass->s->sessions),
		    pass->from);
	while (side->order.held && !(p && partial_message_hold(pass->s, p)))
		tcp_order_skip_gap(&side->order, take_piece, pass);
	if (p)
		partial_message_hold(pass->s, p);
}

static void put_in_order(struct pass *pass, uint32_t seq)
{
	const struct segment *seg = pass->seg;
	struct side *side = side_of(pass);
	const struct side *peer = &pass->session->side[!pass->from];
	struct tcp_payload payload = {seq, seg->len, seg->payload.pos, seg->len,
				      seg->number};

	settle_probe(pass, seq);
	if (tcp_later(seq, side->order.next)) {
		drop_needless(side, &payload);
		pass->parts->pending = true;
	}
	if (peer->has_ack)
		tcp_order_acked(&side->order, peer->ack, take_piece, pass);
	if (!tcp_order_add(&side->order, &payload, take_piece, pass))
		pass->s->losses.messages++;
	if (peer->has_ack)
		tcp_order_acked(&side->order, peer->ack, take_piece, pass);
	hold_early(pass);
	finish_run(pass);
}

/* The start of what comes was lost. Does one of them look like a new start: the
   other side answered what was pushed? */
static bool found_again(struct pass *pass, uint32_t seq)
{
	struct side *side = side_of(pass);
	const struct proto *proto = protos[pass->upper];
	struct partial_message *p = side->pending;

	if (!side->turned || !side->pushed ||
	    (proto->fits && !proto->fits(pass->seg->payload)))
		return false;
	if (p)
		partial_message_drop(pass->s, p);
	tcp_order_clear(&side->order);
	tcp_order_begin(&side->order, seq);
	side->lost = false;
	side->skip = 0;
	return true;
}

/* Not all of the payload was captured: what there is of it is decoded by
   itself. */
static void take_cut(struct pass *pass, uint32_t seq)
{
	struct side *side = side_of(pass);
	uint32_t end = seq + pass->seg->len;

	if (!tcp_later(end, side->order.next))
		return;
	if (side->pending)
		partial_message_drop(pass->s, side->pending);
	side->order.next = end;
	side->skip = 0;
	pass->parts->take = pass->seg->len;
	if (has_messages(pass->s->wish.plan, pass->upper))
		pass->session->upper = (uint8_t)pass->upper;
}

/* What is due of a direction of which no payload was seen. */
static void start_order(struct side *side, const struct segment *seg,
			uint32_t seq)
{
	uint32_t next = seq;

	/* after its start, only what was acknowledged is known to be old; and
	   a byte that nothing pushes is a keep-alive's (RFC 1122, section
	   4.2.3.6) */
	if (seg->has_due || (seg->fresh && tcp_later(seg->due, seq)))
		next = seg->due;
	else if (seg->fresh && seg->len == 1 && !(seg->flags & FLAG_PSH))
		next = seq + 1;
	tcp_order_begin(&side->order, next);
}

static void take_payload(struct pass *pass)
{
	const struct segment *seg = pass->seg;
	struct side *side = side_of(pass);
	uint32_t seq = seg->seq + !!(seg->flags & FLAG_SYN);

	pass->parts->take = 0;
	if (side->lost && !found_again(pass, seq)) {
		pass->parts->pending = true;
		return;
	}
	if (!side->order.begun)
		start_order(side, seg, seq);
	if (!seg->whole) {
		take_cut(pass, seq);
	} else if (is_probe(pass)) {
		side->has_probe = true;
		side->probe = *seg->payload.pos;
	} else {
		put_in_order(pass, seq);
	}
}

/* Both directions begin again. */
static void begin_again(struct pass *pass, uint32_t next, uint32_t other)
{
	struct tcp_session *t = pass->session;
	unsigned i;

	for (i = 0; i < 2; i++) {
		if (t->side[i].pending)
			partial_message_drop(pass->s, t->side[i].pending);
		tcp_order_clear(&t->side[i].order);
		t->side[i] = (struct side){0};
	}
	app_data_forget(pass->s, (uint32_t)(t - pass->s->sessions));
	t->app = (struct app_state){0};
	t->upper = PROTO_NONE;
	t->reset = false;
	tcp_order_begin(&t->side[pass->from].order, next);
	if (pass->seg->flags & FLAG_ACK)
		tcp_order_begin(&t->side[!pass->from].order, other);
}

/* Is it the start of a connection that is not the one before, although it has
   its numbers? */
static void meet_syn(struct pass *pass)
{
	const struct segment *seg = pass->seg;
	const struct side *side = side_of(pass);
	uint32_t next = seg->seq + 1;

	if (!(seg->flags & FLAG_SYN))
		return;
	if (pass->session->reset || (side->has_fin && side->order.begun) ||
	    (seg->flags & FLAG_ACK && side->order.begun &&
	     side->order.next != next && seg->reused))
		begin_again(pass, next, seg->ack);
}

/* The end of the stream, once everything before it is there. */
static void meet_fin(struct pass *pass)
{
	const struct segment *seg = pass->seg;
	struct side *side = side_of(pass);

	if (seg->flags & FLAG_FIN) {
		side->has_fin = true;
		side->fin = seg->seq + seg->len;
		if (!side->order.begun)
			tcp_order_begin(&side->order, side->fin);
	}
	if (!side->has_fin || tcp_later(side->fin, side->order.next) ||
	    !side->pending || !side->pending->message ||
	    !side->pending->f.to_end)
		return;
	deliver(pass, side->pending);
}

static void follow(struct pass *pass)
{
	const struct segment *seg = pass->seg;
	struct side *side = side_of(pass);
	struct side *peer = &pass->session->side[!pass->from];

	pass->upper = pass->parts->upper;
	if (seg->len) {
		take_payload(pass);
		side->pushed = seg->flags & FLAG_PSH;
		side->turned = false;
		peer->turned = true;
	} else if (side->order.held) {
		if (peer->has_ack)
			tcp_order_acked(&side->order, peer->ack, take_piece,
					pass);
		hold_early(pass);
		finish_run(pass);
	}
	meet_fin(pass);
	if (side->pending && !side->pending->message && !side->order.held)
		partial_message_drop(pass->s, side->pending);
	if (side->adrift && !side->pending)
		*side = (struct side){.ack = side->ack,
				      .window = side->window,
				      .has_ack = side->has_ack};
}

/* What segments tell the other direction. */
static void see(struct tcp_reassembly *s, struct tcp_session *t, unsigned from,
		const struct segment *seg)
{
	struct side *side = &t->side[from];

	if (seg->flags & FLAG_RST) {
		t->reset = true;
		track_weaken(s, t);
		return;
	}
	side->window = seg->window;
	if (!(seg->flags & FLAG_ACK))
		return;
	if (!side->has_ack || tcp_later(seg->ack, side->ack))
		side->ack = seg->ack;
	side->has_ack = true;
	if (t->weak && t->side[!from].has_ack && !t->reset)
		track_strengthen(s, t);
}

/* May the segment's end be of use to a message? */
static bool may_matter(const struct segment *seg)
{
	return seg->len || seg->flags & FLAG_FIN;
}

/* Is the payload not the first that a direction has, although it comes
   first? */
static bool is_early(const struct tcp_session *t, unsigned from,
		     const struct segment *seg)
{
	uint32_t seq = seg->seq + !!(seg->flags & FLAG_SYN);

	if (t && t->side[from].order.begun)
		return tcp_later(seq, t->side[from].order.next);
	return seg->has_due && tcp_later(seq, seg->due);
}

/* Who decodes the payload? *join: its messages are reassembled. */
static unsigned find_upper(const struct tcp_reassembly *s,
			   const struct tcp_session *t, unsigned from,
			   const struct segment *seg, bool *join)
{
	const struct partial_message *p = t ? t->side[from].pending : NULL;
	unsigned id;

	if (p && p->message)
		id = p->upper;
	else if (t && t->upper)
		id = t->upper;
	else if (is_early(t, from, seg))
		id = by_ports(s, seg);
	else
		id = recognise(s, seg, &seg->payload);
	*join = s->wish.messages && has_messages(s->wish.plan, id);
	/* its start may tell */
	if (!id && seg->len && seg->whole && s->wish.messages && s->guesses)
		*join = true;
	/* it has, perhaps */
	*join |= p != NULL;
	return id ? id : PROTO_data;
}

/* A session for a conversation that has none. lost: it had one, and does not
   get another at the expense of those that did not lose theirs. */
static struct tcp_session *meet(struct tcp_reassembly *s, uint32_t stream,
				uint32_t *slot, bool lost)
{
	struct tcp_session *t;

	if (lost && !track_room_left(s))
		return NULL;
	t = tcp_session_new(s, stream, slot);
	t->side[0].lost = t->side[1].lost = lost;
	return t;
}

/* The segment's messages. */
static void join_segment(struct pass *pass, struct reassembled *parts,
			 bool lost)
{
	if (pass->session) {
		follow(pass);
	} else if (lost) {
		parts->take = 0;
		parts->pending = true;
	}
}

void tcp_reassembly_segment(struct tcp_reassembly *s, uint32_t stream,
			    uint32_t *slot, unsigned from,
			    const struct segment *seg, struct replay_log *log,
			    bool record, const struct tcp_facts **facts,
			    struct reassembled *parts)
{
	struct tcp_session *t = tcp_session_find(s, stream, *slot);
	struct pass pass = {.s = s,
			    .session = t,
			    .from = from,
			    .seg = seg,
			    .parts = parts,
			    .log = log};
	bool lost = !t && (seg->lost || (*slot && !stream_is_plain(*slot)));
	struct tcp_facts *found = NULL;
	struct reassembled *kept = NULL;
	bool join;

	*facts = NULL;
	if (t)
		meet_syn(&pass);
	if (!s->wish.facts && !may_matter(seg)) {
		if (t)
			see(s, t, from, seg);
		return;
	}
	parts->upper = (uint8_t)find_upper(s, t, from, seg, &join);
	parts->take = seg->len;
	join = join && may_matter(seg);
	if (!t && !join && !s->wish.facts && seg->len &&
	    parts->upper == by_ports(s, seg) && !protos[parts->upper]->fits)
		*slot = STREAM_PLAIN | parts->upper;
	if (s->wish.facts)
		*facts = found = replay_log_put(log, sizeof(*found));
	if (record && s->wish.messages && may_matter(seg))
		kept = replay_log_put(log, sizeof(*kept));
	if (!t && (found || (join && seg->len)))
		pass.session = t = meet(s, stream, slot, lost);
	if (t && found)
		tcp_analyze(&s->talks[t - s->sessions], from, seg, &s->budget,
			    found);
	if (join)
		join_segment(&pass, parts, lost);
	if (t)
		see(s, t, from, seg);
	if (kept)
		*kept = *parts;
}

void tcp_reassembly_replay(const struct reassembly_wish *wish,
			   struct replay_log *log, const struct segment *seg,
			   const struct tcp_facts **facts,
			   struct reassembled *parts)
{
	const struct reassembled *kept;
	uint32_t i;

	*facts = wish->facts ? replay_log_get(log, sizeof(**facts)) : NULL;
	if (!wish->messages || !may_matter(seg))
		return;
	kept = replay_log_get(log, sizeof(*kept));
	if (!kept)
		return;
	*parts = *kept;
	for (i = 0; i < parts->n_records + parts->n_notes; i++)
		replay_log_skip(log);
}
