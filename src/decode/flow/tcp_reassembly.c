/*
 * Segments in the light of their conversations (tcp_session.h): the analysis of
 * TCP, and messages that are put together.
 */
#include "decode/flow/tcp_reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_session.h"

enum {
	UNACKED_TOTAL = 8 * 1024 * 1024,
	FLAG_FIN = 1,
	FLAG_SYN = 2,
};

struct tcp_reassembly *tcp_reassembly_open(const struct reassembly_wish *wish,
					   struct err *err)
{
	struct tcp_reassembly *s = calloc(1, sizeof(*s));

	if (s) {
		s->wish = *wish;
		s->budget.most = UNACKED_TOTAL;
		s->room = 256;
		s->sessions = malloc(s->room * sizeof(*s->sessions));
	}
	if (!s || !s->sessions) {
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
	size_t off; /* bytes of the payload that are dealt with */
	struct reassembled *parts;
	struct replay_log *log;
	bool followed; /* a message was */
	size_t noted;  /* bytes of notes so far */
	const struct stream_note **last_note;
};

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
	struct side *side = &pass->session->side[pass->from];
	size_t n = p->have < p->f.keep ? p->have : p->f.keep;
	size_t size = p->sized ? p->f.size : p->have;
	uint8_t *bytes = replay_log_put(pass->log, n);
	uint64_t *frames = NULL;

	if (bytes && n)
		memcpy(bytes, p->head.bytes, n);
	if (p->n_frames)
		frames =
		    replay_log_put(pass->log, p->n_frames * sizeof(*frames));
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
	side->hints = p->f.hints;
	side->done[side->next_done].from = p->start;
	side->done[side->next_done].to = p->start + (uint32_t)size;
	side->next_done = (side->next_done + 1) % REASSEMBLY_DONE;
	if (side->n_done < REASSEMBLY_DONE)
		side->n_done++;
	if (protos[pass->upper]->on_message)
		follow_message(pass, p->head.bytes, n, size);
	partial_message_drop(pass->s, p);
}

/* Does the segment go on with an unfinished message? Then it is added, and
   whatever is behind the message's end remains. */
static bool go_on(struct pass *pass, struct partial_message *p)
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
	partial_message_touch(pass->s, p);
	if ((size_t)at + n > p->have)
		partial_message_frame(pass->s, p, seg->number);
	if (!partial_message_add(pass->s, p, (size_t)at, seg->payload.pos, n)) {
		partial_message_drop(pass->s, p);
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
	const struct side *side = &pass->session->side[pass->from];
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
	const uint8_t *bytes = seg->payload.pos + pass->off;
	size_t n = seg->len - pass->off;
	struct partial_message *p = partial_message_new(
	    pass->s, (uint32_t)(pass->session - pass->s->sessions), pass->from,
	    pass->upper, seg->seq + (uint32_t)pass->off);

	if (!p)
		return;
	p->f = *f;
	if (sized)
		partial_message_size(p);
	partial_message_frame(pass->s, p, seg->number);
	pass->parts->pending = true;
	if (partial_message_begin(pass->s, p, bytes, n))
		return;
	partial_message_drop(pass->s, p);
	pass->s->losses.messages++;
}

/* The next whole message, of the segment's own bytes. false: it ends later. */
static bool take_message(struct pass *pass, struct framing *f, bool *sized)
{
	const struct segment *seg = pass->seg;
	struct cur c = seg->payload;
	unsigned other;

	*f = (struct framing){0};
	frame_message(pass, f);
	cur_skip(&c, pass->off);
	*sized = protos[pass->upper]->pdu_length(c, f);
	other = f->other;
	if (*sized && other) {
		if (!has_messages(pass->s->wish.plan, other)) {
			f->size = seg->len - pass->off;
			return true;
		}
		change_upper(pass, other);
		*f = (struct framing){0};
		frame_message(pass, f);
		*sized = protos[other]->pdu_length(c, f);
	}
	return *sized && f->size <= seg->len - pass->off;
}

/* The message at pass->off is of pass->upper: does it go where the ones before
   it went? Only one change of protocols is told per segment. */
static bool part_for(struct pass *pass)
{
	struct reassembled *parts = pass->parts;
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
	struct reassembled *parts = pass->parts;
	const uint8_t *bytes;
	struct framing f;
	bool sized = true, known = true;

	if (!pass->parts->has_joined)
		pass->parts->hints = pass->session->side[pass->from].hints;
	while (pass->off < seg->len) {
		if (!take_message(pass, &f, &sized))
			break;
		known = part_for(pass);
		if (!known)
			break;
		pass->session->side[pass->from].hints = f.hints;
		if (!f.size)
			f.size = seg->len - pass->off;
		bytes = seg->payload.pos + pass->off;
		pass->off += f.size;
		if (protos[pass->upper]->on_message)
			follow_message(pass, bytes,
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

static unsigned by_ports(const struct tcp_reassembly *s,
			 const struct segment *seg)
{
	return plan_by_ports(s->wish.plan, KEY_TCP_PORT, seg->sport,
			     seg->dport);
}

/* Who decodes the payload? What nobody knows is data. */
static unsigned find_upper(const struct tcp_reassembly *s,
			   const struct tcp_session *t, unsigned from,
			   const struct segment *seg)
{
	unsigned id;

	if (t && t->side[from].pending)
		return t->side[from].pending->upper;
	if (t && t->upper)
		return t->upper;
	id = by_ports(s, seg);
	if (id == PROTO_NONE && seg->len)
		id = plan_by_guess(s->wish.plan, KEY_TCP_PORT, &seg->payload);
	return id ? id : PROTO_data;
}

static void follow(struct pass *pass, unsigned marks)
{
	const struct segment *seg = pass->seg;
	struct reassembled *parts = pass->parts;
	struct side *side = &pass->session->side[pass->from];

	/* what came twice is decoded once */
	if (marks & (MARK_RETRANSMISSION | MARK_SPURIOUS_RETRANSMISSION)) {
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

void tcp_reassembly_segment(struct tcp_reassembly *s, uint32_t stream,
			    uint32_t *slot, unsigned from,
			    const struct segment *seg, struct replay_log *log,
			    bool record, const struct tcp_facts **facts,
			    struct reassembled *parts)
{
	struct tcp_session *t = tcp_session_find(s, stream, *slot);
	struct tcp_facts *found = NULL;
	struct reassembled *kept = NULL;
	unsigned upper, marks;
	bool join;

	*facts = NULL;
	if (!s->wish.facts && !may_matter(seg)) {
		if (t)
			tcp_follow(&t->tcp, from, seg);
		/* nothing is known of it, and it tells nothing */
		if (t || !(seg->flags & FLAG_SYN))
			return;
	}
	upper = find_upper(s, t, from, seg);
	join = s->wish.messages && has_messages(s->wish.plan, upper);
	parts->upper = (uint8_t)upper;
	parts->take = seg->len;
	if (!t && !join && !s->wish.facts && upper == by_ports(s, seg))
		*slot = STREAM_PLAIN | upper;
	if (s->wish.facts)
		*facts = found = replay_log_put(log, sizeof(*found));
	if (record && s->wish.messages && may_matter(seg))
		kept = replay_log_put(log, sizeof(*kept));
	if (!t && (found || join))
		t = tcp_session_new(s, stream, slot);
	if (t) {
		marks = found
			    ? tcp_analyze(&t->tcp, from, seg, &s->budget, found)
			    : tcp_follow(&t->tcp, from, seg);
		if (join && may_matter(seg)) {
			struct pass pass = {.s = s,
					    .session = t,
					    .from = from,
					    .upper = upper,
					    .seg = seg,
					    .parts = parts,
					    .log = log};

			t->upper = (uint8_t)upper;
			follow(&pass, marks);
		}
	}
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
	if (parts->has_joined)
		replay_log_get(log, parts->joined);
	if (parts->n_frames)
		replay_log_get(log, parts->n_frames * sizeof(*parts->frames));
	for (i = 0; i < parts->n_notes; i++)
		replay_log_skip(log);
}
