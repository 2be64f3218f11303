/*
 * The analysis of TCP conversations: the rules that Wireshark's users know,
 * as its guide describes them. Sequence numbers wrap, so they are compared by
 * the sign of their difference.
 */
#include "decode/flow/tcp_analysis.h"

#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

enum {
	UNACKED_MOST = 4096, /* segments of one direction */
	KIND_NOP = 1,
	KIND_WSCALE = 3,
	KIND_SACK = 5,
	SHIFT_MOST = 14,
	FAST_NS = 20000000, /* a fast retransmission follows so soon */
	ORDER_NS = 3000000, /* without a known round trip time */
};

enum {
	SEEN_SYN = 1,
	SEEN_SYNACK = 2,
	SEEN_ACK = 4,
	SEEN_DATA = 8,
	SEEN_FIN = 16,
	SEEN_RST = 32
};

static bool later(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

void tcp_pair_init(struct tcp_pair *talk)
{
	*talk = (struct tcp_pair){0};
	talk->half[0].scale = talk->half[1].scale = SCALE_UNKNOWN;
	talk->half[0].flight = talk->half[1].flight = true;
}

void tcp_pair_fini(struct tcp_pair *talk, struct tcp_budget *budget)
{
	unsigned i;

	for (i = 0; i < 2; i++) {
		budget->used -=
		    talk->half[i].room * sizeof(*talk->half[i].unacked);
		free(talk->half[i].unacked);
		talk->half[i].unacked = NULL;
		talk->half[i].room = talk->half[i].n_unacked = 0;
	}
}

/* ---- segments that wait for an acknowledgement -------------------------- */

static struct tcp_unacked *unacked_at(const struct tcp_half *h, uint32_t i)
{
	return &h->unacked[(h->oldest + i) & (h->room - 1)];
}

static bool unacked_grow(struct tcp_half *h, struct tcp_budget *budget)
{
	uint32_t room = h->room ? h->room * 2 : 8, i;
	size_t more = (room - h->room) * sizeof(*h->unacked);
	struct tcp_unacked *list;

	if (room > UNACKED_MOST || more > budget->most - budget->used)
		return false;
	list = malloc(room * sizeof(*list));
	if (!list)
		return false;
	for (i = 0; i < h->n_unacked; i++)
		list[i] = *unacked_at(h, i);
	free(h->unacked);
	h->unacked = list;
	h->oldest = 0;
	h->room = room;
	budget->used += more;
	return true;
}

static void unacked_add(struct tcp_half *h, const struct segment *seg,
			uint32_t next, struct tcp_budget *budget)
{
	if (h->n_unacked == h->room && !unacked_grow(h, budget))
		return;
	if (h->n_unacked == 0)
		h->disorder = false;
	else if (later(unacked_at(h, h->n_unacked - 1)->next, seg->seq))
		h->disorder = true;
	*unacked_at(h, h->n_unacked++) = (struct tcp_unacked){
	    .seq = seg->seq,
	    .next = next,
	    .number = seg->number,
	    .time_ns = seg->time_ns,
	};
}

/* Forget what the acknowledgement covers. */
static void unacked_remove(struct tcp_half *h, const struct segment *seg,
			   struct tcp_facts *out)
{
	uint32_t i, kept = 0, n = h->n_unacked;
	struct tcp_unacked *u;

	for (i = 0; i < n; i++) {
		u = unacked_at(h, i);
		if (later(u->next, seg->ack)) {
			/* covered in part */
			if (later(seg->ack, u->seq))
				u->seq = seg->ack;
			if (!h->disorder && !kept) {
				h->oldest = (h->oldest + i) & (h->room - 1);
				h->n_unacked = n - i;
				return;
			}
			*unacked_at(h, kept++) = *u;
			continue;
		}
		/* of several the oldest counts */
		if (u->next == seg->ack && !out->acks_frame) {
			out->acks_frame = u->number;
			out->ack_rtt = seg->time_ns - u->time_ns;
			out->has_any = true;
		}
	}
	h->n_unacked = kept;
}

/* Bytes from the first to the last that wait. */
static uint32_t unacked_span(const struct tcp_half *h)
{
	uint32_t first = unacked_at(h, 0)->seq - h->base, i;
	uint32_t last = unacked_at(h, h->n_unacked - 1)->next - h->base;
	const struct tcp_unacked *u;

	if (!h->disorder)
		return last - first;
	for (i = 0; i < h->n_unacked; i++) {
		u = unacked_at(h, i);
		if (u->seq - h->base < first)
			first = u->seq - h->base;
		if (u->next - h->base > last)
			last = u->next - h->base;
	}
	return last - first;
}

/* ---- rules -------------------------------------------------------------- */

/* A segment without data that repeats the numbers of the one before. */
static bool repeats(const struct tcp_half *me, const struct segment *seg)
{
	return seg->len == 0 && me->has_next && seg->seq == me->next &&
	       me->has_ack && seg->ack == me->ack &&
	       !(seg->flags & (SYN | FIN | RST));
}

static uint32_t scaled(const struct tcp_half *h, uint16_t window)
{
	return h->scale > 0 && !h->first_ack ? (uint32_t)window << h->scale
					     : window;
}

/* Rules about windows, gaps and acknowledgements that repeat each other. */
static unsigned judge_window(struct tcp_half *me, struct tcp_half *peer,
			     const struct segment *seg, struct tcp_facts *out)
{
	bool plain = !(seg->flags & (SYN | FIN | RST));
	bool repeated = repeats(me, seg);
	unsigned marks = 0;

	if (seg->len == 1 && me->has_next && seg->seq == me->next &&
	    peer->has_ack && peer->window == 0)
		return MARK_ZERO_WINDOW_PROBE;
	if (seg->window == 0 && plain)
		marks |= MARK_ZERO_WINDOW;
	if (me->has_next && later(seg->seq, me->next) && !(seg->flags & RST)) {
		marks |= MARK_LOST_SEGMENT;
		/* not known until the other side speaks */
		me->flight = false;
	}
	if (seg->len <= 1 && me->has_next && seg->seq == me->next - 1 && plain)
		marks |= MARK_KEEP_ALIVE;
	if (repeated && seg->window && seg->window != me->window)
		marks |= MARK_WINDOW_UPDATE;
	if (seg->len > 0 && plain && peer->scale != SCALE_UNKNOWN &&
	    seg->seq + seg->len == peer->ack + scaled(peer, peer->window))
		marks |= MARK_WINDOW_FULL;
	if (!repeated || seg->window != me->window)
		return marks;
	if (seg->window && peer->marks & MARK_KEEP_ALIVE)
		return marks | MARK_KEEP_ALIVE_ACK;
	if (!seg->window && peer->marks & MARK_ZERO_WINDOW_PROBE)
		return marks | MARK_ZERO_WINDOW_PROBE_ACK;
	if (seg->window) {
		me->dups = me->dups < 0 ? 1 : me->dups + 1;
		out->dup_num = (uint32_t)me->dups;
		out->dup_frame = me->nondup_number;
		marks |= MARK_DUPLICATE_ACK;
	}
	return marks;
}

/* Does it acknowledge what was never seen? */
static unsigned judge_ack(struct tcp_half *peer, const struct segment *seg)
{
	bool said;

	if (!peer->has_most || !later(seg->ack, peer->most) ||
	    !(seg->flags & ACK))
		return 0;
	if (later(peer->next, peer->most)) {
		peer->most = peer->next;
		return MARK_ACK_LOST_SEGMENT;
	}
	/* said once for each gap */
	said = peer->dups != 0;
	peer->dups = -1;
	return said ? 0 : MARK_ACK_LOST_SEGMENT;
}

/* Data that was there before, or comes late. */
static unsigned judge_repeat(const struct tcp_pair *talk,
			     const struct tcp_half *me,
			     const struct tcp_half *peer,
			     const struct segment *seg, struct tcp_facts *out)
{
	bool back = me->has_next && later(me->next, seg->seq);
	uint32_t end = seg->seq + seg->len + !!(seg->flags & (SYN | FIN));
	int64_t soon = talk->rtt_ns ? talk->rtt_ns : ORDER_NS;

	/* after a probe of one byte */
	if (seg->len > 1 && me->next - 1 == seg->seq)
		back = false;
	if (seg->len > 0 && peer->has_ack && peer->ack &&
	    !later(seg->seq + seg->len, peer->ack))
		return MARK_SPURIOUS_RETRANSMISSION;
	if (!back)
		return 0;
	if (peer->dups >= 2 && peer->ack == seg->seq &&
	    (uint64_t)(seg->time_ns - peer->ack_ns) < FAST_NS)
		return MARK_FAST_RETRANSMISSION;
	if ((uint64_t)(seg->time_ns - me->next_ns) < (uint64_t)soon &&
	    me->next != end)
		return MARK_OUT_OF_ORDER;
	out->rto = seg->time_ns - me->next_ns;
	out->rto_frame = me->next_number;
	if (me->n_unacked) {
		out->rto = seg->time_ns - unacked_at(me, 0)->time_ns;
		out->rto_frame = unacked_at(me, 0)->number;
	}
	return MARK_RETRANSMISSION;
}

/* Bytes in flight and since the last push. */
static void judge_flight(struct tcp_half *me, const struct tcp_half *peer,
			 const struct segment *seg, struct tcp_facts *out)
{
	uint32_t flight;

	if (seg->len == 0 || me->n_unacked == 0 || !me->flight)
		return;
	flight = unacked_span(me) - peer->sacked;
	if (flight > 0 && flight < 2000000000)
		out->in_flight = flight - !!(seg->flags & (SYN | FIN));
	if (me->push_last)
		me->push_bytes = 0;
	me->push_bytes += seg->len;
	me->push_last = (seg->flags & PSH) != 0;
	out->push_bytes = me->push_bytes;
	out->has_flight = out->in_flight > 0;
	out->has_any = true;
}

/* ---- what is remembered ------------------------------------------------- */

static uint32_t end_of(const struct segment *seg)
{
	return seg->seq + seg->len + !!(seg->flags & (SYN | FIN));
}

static void remember(struct tcp_half *me, const struct segment *seg,
		     unsigned marks)
{
	uint32_t next = end_of(seg);

	if (!(marks & MARK_ZERO_WINDOW_PROBE)) {
		if (!me->has_next || later(next, me->next)) {
			me->has_next = true;
			me->next = next;
			me->next_number = seg->number;
			me->next_ns = seg->time_ns;
		}
		if (!me->has_most || seg->seq == me->most) {
			me->has_most = true;
			me->most = me->next;
		}
	}
	me->window = seg->window;
	me->ack = seg->ack;
	me->ack_ns = seg->time_ns;
	me->has_ack = true;
	me->marks = marks;
	me->first_ack = (seg->flags & SYN) != 0;
}

/* The options that matter to later segments. */
static void learn_options(struct tcp_half *me, const struct segment *seg)
{
	struct cur c = seg->options, body;
	unsigned kind, len, shift;
	uint32_t left;

	me->sacked = 0;
	while (c.state == CUR_OK && c.claim > 0) {
		kind = cur_u8(&c);
		if (kind == 0)
			break;
		if (kind == KIND_NOP)
			continue;
		len = cur_u8(&c);
		if (len < 2)
			break;
		body = cur_part(&c, len - 2);
		if (kind == KIND_WSCALE && seg->flags & SYN) {
			shift = cur_u8(&body);
			me->scale =
			    (int8_t)(shift > SHIFT_MOST ? SHIFT_MOST : shift);
		} else if (kind == KIND_SACK) {
			while (body.state == CUR_OK && cur_left(&body) >= 8) {
				left = cur_be32(&body);
				me->sacked += cur_be32(&body) - left;
			}
		}
	}
}

/* Windows are scaled when both sides say so in the handshake. */
static void learn_scale(struct tcp_half *me, struct tcp_half *peer,
			const struct segment *seg)
{
	bool answer = (seg->flags & ACK) != 0;

	if (!(seg->flags & SYN))
		return;
	if (answer && me->scale == SCALE_UNKNOWN)
		peer->scale = SCALE_UNUSED;
	if (me->scale == SCALE_UNKNOWN ||
	    (answer && peer->scale == SCALE_UNUSED))
		me->scale = SCALE_UNUSED;
}

static void learn_handshake(struct tcp_pair *talk, const struct segment *seg)
{
	unsigned flags = seg->flags & (SYN | ACK);

	if (flags == SYN) {
		talk->syn_ns = seg->time_ns;
		talk->has_syn = true;
	} else if (flags == ACK) {
		if (talk->has_syn && !talk->rtt_ns)
			talk->rtt_ns = seg->time_ns - talk->syn_ns;
	}
}

/* Conversation completeness. */
static unsigned seen(const struct segment *seg)
{
	unsigned flags = seg->flags & (SYN | ACK), bits = 0;

	if (flags == SYN)
		bits |= SEEN_SYN;
	else if (flags == (SYN | ACK))
		bits |= SEEN_SYNACK;
	if (seg->len)
		bits |= SEEN_DATA;
	else if (flags == ACK)
		bits |= SEEN_ACK;
	if (seg->flags & FIN)
		bits |= SEEN_FIN;
	if (seg->flags & RST)
		bits |= SEEN_RST;
	return bits;
}

/* A direction's first segment, or the first after it restarts. */
static void learn_base(struct tcp_half *me, struct tcp_half *peer,
		       const struct segment *seg)
{
	if (!me->has_base) {
		me->base = seg->flags & SYN ? seg->seq : seg->seq - 1;
		me->has_base = true;
	}
	if (seg->flags & ACK) {
		peer->flight = true;
		if (!peer->has_base)
			peer->base = seg->ack - 1;
		peer->has_base = true;
		if (seg->reused)
			me->has_next = me->has_most = false;
	}
}

static void learn_times(struct tcp_pair *talk, const struct segment *seg,
			struct tcp_facts *out)
{
	if (!talk->begun)
		talk->first_ns = talk->last_ns = seg->time_ns;
	out->time_relative = seg->time_ns - talk->first_ns;
	out->time_delta = seg->time_ns - talk->last_ns;
	talk->last_ns = seg->time_ns;
	/* up to the segment before; not counting a first one in the middle */
	out->completeness = talk->completeness;
	if (talk->begun || (seg->flags & (SYN | ACK)) == SYN)
		talk->completeness |= (uint8_t)seen(seg);
	talk->begun = true;
}

/* What acknowledgements of the same byte count from. */
static void learn_ack(struct tcp_half *me, const struct segment *seg)
{
	if (me->has_ack && seg->ack == me->ack)
		return;
	me->nondup_number = seg->number;
	me->dups = 0;
}

/* May it be data that was there before? */
static bool may_repeat(const struct segment *seg, unsigned marks)
{
	return (seg->len || seg->flags & (SYN | FIN)) &&
	       !(marks & MARK_KEEP_ALIVE);
}

unsigned tcp_analyze(struct tcp_pair *talk, unsigned from,
		     const struct segment *seg, struct tcp_budget *budget,
		     struct tcp_facts *out)
{
	struct tcp_half *me = &talk->half[from], *peer = &talk->half[!from];
	unsigned marks;

	*out = (struct tcp_facts){0};
	learn_times(talk, seg, out);
	learn_handshake(talk, seg);
	learn_base(me, peer, seg);
	marks = judge_window(me, peer, seg, out);
	learn_ack(me, seg);
	marks |= judge_ack(peer, seg);
	if (may_repeat(seg, marks))
		marks |= judge_repeat(talk, me, peer, seg, out);
	if (seg->reused)
		marks |= MARK_REUSED_PORTS;
	out->window = me->scale > 0 && !(seg->flags & SYN)
			  ? (uint32_t)seg->window << me->scale
			  : seg->window;
	out->scale = me->scale;
	if (end_of(seg) != seg->seq)
		unacked_add(me, seg, end_of(seg), budget);
	remember(me, seg, marks);
	if (peer->n_unacked)
		unacked_remove(peer, seg, out);
	judge_flight(me, peer, seg, out);
	learn_options(me, seg);
	learn_scale(me, peer, seg);
	out->marks = marks;
	out->has_any |= marks != 0;
	out->initial_rtt = talk->rtt_ns;
	return marks;
}
