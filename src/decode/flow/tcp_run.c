/*
 * The run: whole messages of the bytes that are due, the message that has not
 * ended, and who decodes them.
 */
#include "decode/flow/tcp_run.h"

#include <string.h>

#include "decode/engine/plan.h"
#include "decode/proto_ids.h"

/* Room for a record that belongs to the segment's parts. */
static void *put(struct pass *pass, size_t n)
{
	void *record = replay_log_put(pass->log, REPLAY_PART, n);

	if (record)
		pass->parts->n_records++;
	return record;
}

static void frame_message(struct pass *pass, struct framing *f)
{
	f->keep = SIZE_MAX;
	f->phase = pass->session->side[pass->from].phase;
	f->peer_phase = pass->session->side[!pass->from].phase;
	f->app = &pass->session->app;
}

bool has_messages(const struct plan *plan, unsigned id)
{
	return plan->of[id].useful && protos[id]->pdu_length;
}

/* From now on messages are this protocol's. */
static void change_upper(struct pass *pass, unsigned upper)
{
	pass->upper = upper;
	pass->session->upper = (uint8_t)upper;
}

/* From now on there is another connection inside. */
static void enter_tunnel(struct pass *pass, uint16_t port)
{
	struct tcp_session *t = pass->session;

	t->tunnel = (uint8_t)pass->upper;
	t->client = !pass->from;
	t->port = port;
	change_upper(pass, PROTO_NONE);
	app_data_forget(pass->s, (uint32_t)(t - pass->s->sessions));
	t->app = (struct app_state){0};
}

void run_loss(struct pass *pass)
{
	struct app_state *app = &pass->session->app;
	const struct proto *proto = protos[app->owner];

	if (proto && proto->on_loss)
		proto->on_loss(app);
}

uint16_t segment_port(const struct pass *pass)
{
	const struct tcp_session *t = pass->session;

	if (!t || !t->tunnel)
		return pass->seg->dport;
	return t->client == pass->from ? t->port : 0;
}

static uint16_t port_from(const struct pass *pass)
{
	const struct tcp_session *t = pass->session;

	if (!t || !t->tunnel)
		return pass->seg->sport;
	return t->client == pass->from ? 0 : t->port;
}

/* The protocol sees a whole message; n bytes of it are here. */
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
	    s->wish.plan->table[KEY_TCP_PORT][segment_port(pass)] ==
	    pass->upper;
	if (!pass->followed)
		pass->parts->state = app->state;
	pass->followed = true;
	proto->on_message(&follow);
	pass->noted = REASSEMBLY_NOTES - follow.room;
	pass->last_note = follow.last;
	if (app->data)
		app_data_account(s, session, !kept);
	if (follow.tunnel)
		enter_tunnel(pass, follow.tunnel_port);
	if (!follow.then || !has_messages(s->wish.plan, follow.then))
		return;
	change_upper(pass, follow.then);
	app_data_forget(s, session);
	*app =
	    (struct app_state){.owner = follow.then, .state = follow.then_word};
}

/* The message goes onto the log. */
void run_deliver(struct pass *pass, struct partial_message *p)
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
	pass->parts->phase = side->phase;
	pass->parts->bytes = bytes;
	pass->parts->frames = frames;
	pass->framed = true;
	side->phase = p->f.phase;
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
	if (!partial_message_add(pass->s, p, &pass->session->app, piece->bytes,
				 n)) {
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
	run_deliver(pass, p);
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
   it went? Only one change of protocols is reported per segment. */
static bool part_for(struct pass *pass)
{
	struct reassembled *parts = pass->parts;
	uint32_t taken = (uint32_t)pass->off;
	uint8_t tunnel = pass->session->tunnel;

	if (parts->second)
		return parts->second == pass->upper &&
		       parts->second_tunnel == tunnel;
	if (parts->upper == pass->upper && parts->tunnel == tunnel)
		return true;
	if (taken || parts->has_joined) {
		parts->take = taken;
		parts->second = (uint8_t)pass->upper;
		parts->second_tunnel = tunnel;
	} else {
		parts->upper = (uint8_t)pass->upper;
		parts->tunnel = tunnel;
	}
	return true;
}

unsigned segment_by_ports(const struct pass *pass)
{
	return plan_by_ports(pass->s->wish.plan, KEY_TCP_PORT, port_from(pass),
			     segment_port(pass));
}

/* A port is a hint: what cannot be its protocol's is given to who recognises
   it. Unknown protocols are data. */
unsigned segment_recognise(const struct pass *pass, const struct cur *c)
{
	const struct plan *plan = pass->s->wish.plan;
	unsigned id = segment_by_ports(pass), guess;

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

/* The run is dealt with up to pass->off: by the last part. */
static void tell_taken(struct pass *pass)
{
	struct reassembled *parts = pass->parts;

	if (parts->second)
		parts->second_take = (uint32_t)pass->off - parts->take;
	else
		parts->take = (uint32_t)pass->off;
}

/* Who decodes the rest of the run? false: no messages are to be looked for in
   it. */
static bool settle(struct pass *pass)
{
	struct tcp_reassembly *s = pass->s;
	struct side *side = side_of(pass);
	size_t left = pass->n - pass->off;
	struct cur c = cur_over(pass->run + pass->off, left, left);
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
	pass->upper = segment_recognise(pass, &c);
	if (has_messages(s->wish.plan, pass->upper)) {
		change_upper(pass, pass->upper);
		side->unsure = false;
		return true;
	}
	if (part_for(pass)) {
		pass->off = pass->n;
		tell_taken(pass);
	}
	side->adrift = true;
	return false;
}

/* Whole messages of the run, and if nothing is known to be missing after it,
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
		parts->phase = side_of(pass)->phase;
	pass->framed = true;
	while (pass->off < pass->n) {
		if (pass->upper == PROTO_NONE && !settle(pass)) {
			pass->off = pass->n;
			return;
		}
		if (!take_message(pass, &f, &sized))
			break;
		known = part_for(pass);
		if (!known)
			break;
		side_of(pass)->phase = f.phase;
		if (!f.size)
			f.size = pass->n - pass->off;
		bytes = pass->run + pass->off;
		pass->off += f.size;
		tell_taken(pass);
		if (protos[pass->upper]->on_message)
			follow_message(pass, bytes,
				       f.size < f.keep ? f.size : f.keep,
				       f.size);
	}
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
			partial_message_add(pass->s, p, &pass->session->app,
					    NULL, missing);
			if (p->have == p->f.size)
				run_deliver(pass, p);
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
	if (skip < missing) {
		side->unsure = true;
		run_loss(pass);
	}
}

void run_take_piece(void *with, const struct tcp_piece *piece)
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

void run_finish(struct pass *pass)
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
	if (parts->has_joined || !pass->s->wish.facts ||
	    pass->first == pass->seg->number)
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
