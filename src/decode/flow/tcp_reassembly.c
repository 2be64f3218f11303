/*
 * Segments in the light of their conversations (tcp_session.h): the analysis of
 * TCP, and messages that are reassembled.
 *
 * A segment's payload is put in order first (tcp_order.h). Of what is due then,
 * a message that has not ended gets the bytes that it lacks; the rest, which
 * may be of several segments, is the run (tcp_run.h): whole messages, and the
 * beginning of another.
 */
#include "decode/flow/tcp_reassembly.h"

#include <stdlib.h>
#include <string.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_run.h"
#include "decode/proto_ids.h"

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

/* ---- segments ----------------------------------------------------------- */

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
		tcp_order_add(&side->order, &probe, run_take_piece, pass);
	}
}

/* Of a message's bytes that are not needed, only the number is held. */
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

	/* where the other side is not seen, losses are unknown */
	if (!peer->has_ack)
		while (side->order.n > (ends ? 0 : UNSEEN_MOST))
			tcp_order_skip_gap(&side->order, run_take_piece, pass);
	if (!p && side->order.held)
		p = partial_message_get(
		    pass->s, (uint32_t)(pass->session - pass->s->sessions),
		    pass->from);
	while (side->order.held && !(p && partial_message_hold(pass->s, p)))
		tcp_order_skip_gap(&side->order, run_take_piece, pass);
	if (p)
		partial_message_hold(pass->s, p);
}

/* Does the segment acknowledge what was not seen of the other side? Then the
   capture has lost packets, and the gap before an early one is a part of
   them. */
static bool saw_less(const struct pass *pass)
{
	const struct side *peer = &pass->session->side[!pass->from];
	const struct tcp_order *seen = &peer->order;
	uint32_t end = seen->held ? tcp_order_held_end(seen) : seen->next;

	/* a FIN takes a number too */
	return seen->begun && !peer->lost && pass->seg->flags & FLAG_ACK &&
	       tcp_later(pass->seg->ack, end + 1);
}

static void put_in_order(struct pass *pass, uint32_t seq)
{
	const struct segment *seg = pass->seg;
	struct side *side = side_of(pass);
	const struct side *peer = &pass->session->side[!pass->from];
	struct tcp_payload payload = {seq, seg->len, cur_here(&seg->payload),
				      seg->len, seg->number};

	settle_probe(pass, seq);
	if (tcp_later(seq, side->order.next))
		drop_needless(side, &payload);
	if (peer->has_ack)
		tcp_order_acked(&side->order, peer->ack, run_take_piece, pass);
	if (!tcp_order_add(&side->order, &payload, run_take_piece, pass))
		pass->s->losses.messages++;
	if (peer->has_ack)
		tcp_order_acked(&side->order, peer->ack, run_take_piece, pass);
	if (side->order.held && saw_less(pass))
		tcp_order_acked(&side->order, seq, run_take_piece, pass);
	hold_early(pass);
	pass->parts->pending = tcp_later(seq + seg->len, side->order.next);
	run_finish(pass);
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
	run_loss(pass);
	pass->parts->take = pass->seg->len;
	if (has_messages(pass->s->wish.plan, pass->upper))
		pass->session->upper = (uint8_t)pass->upper;
}

/* What is due in a direction without payload so far. */
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
		side->probe = cur_peek8(&seg->payload, 0);
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
	t->upper = t->tunnel = PROTO_NONE;
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
	run_deliver(pass, side->pending);
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
			tcp_order_acked(&side->order, peer->ack, run_take_piece,
					pass);
		hold_early(pass);
		run_finish(pass);
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
static unsigned find_upper(const struct pass *pass, bool *join)
{
	const struct tcp_reassembly *s = pass->s;
	const struct tcp_session *t = pass->session;
	const struct segment *seg = pass->seg;
	const struct partial_message *p = t ? side_of(pass)->pending : NULL;
	unsigned id;

	if (p && p->message)
		id = p->upper;
	else if (t && t->upper)
		id = t->upper;
	else if (is_early(t, pass->from, seg))
		id = segment_by_ports(pass);
	else
		id = segment_recognise(pass, &seg->payload);
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
	parts->upper = (uint8_t)find_upper(&pass, &join);
	parts->tunnel = t ? t->tunnel : PROTO_NONE;
	parts->take = seg->len;
	join = join && may_matter(seg);
	if (!t && !join && !s->wish.facts && seg->len &&
	    parts->upper == segment_by_ports(&pass) &&
	    !protos[parts->upper]->fits)
		*slot = STREAM_PLAIN | parts->upper;
	if (s->wish.facts)
		*facts = found =
		    replay_log_put(log, REPLAY_TCP_FACTS, sizeof(*found));
	if (record && s->wish.messages && may_matter(seg))
		kept = replay_log_put(log, REPLAY_SEGMENT, sizeof(*kept));
	if (!t && (found || (join && seg->len)))
		pass.session = t = meet(s, stream, slot, lost);
	if (t && found)
		tcp_analyze(&s->talks[t - s->sessions], from, seg, &s->budget,
			    found);
	if (join)
		join_segment(&pass, parts, lost);
	parts->port = segment_port(&pass);
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

	*facts = wish->facts
		     ? replay_log_get(log, REPLAY_TCP_FACTS, sizeof(**facts))
		     : NULL;
	if (!wish->messages || !may_matter(seg))
		return;
	kept = replay_log_get(log, REPLAY_SEGMENT, sizeof(*kept));
	if (!kept)
		return;
	*parts = *kept;
	for (i = 0; i < parts->n_records + parts->n_notes; i++)
		replay_log_skip_part(log);
}
