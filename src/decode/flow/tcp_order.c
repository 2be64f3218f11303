/* Payload in order: a sorted list of what came early. */
#include "decode/flow/tcp_order.h"

#include <stdlib.h>
#include <string.h>

struct tcp_held {
	struct tcp_held *next;
	uint32_t seq, len; /* len: bytes that it represents */
	size_t n;	   /* bytes of it that are there */
	uint64_t number;
	uint8_t bytes[];
};

void tcp_order_begin(struct tcp_order *o, uint32_t seq)
{
	if (o->begun)
		return;
	o->begun = true;
	o->next = seq;
}

/* A segment that is due: what overlaps earlier bytes is trimmed, the rest goes
   out. */
static void give(struct tcp_order *o, const struct tcp_payload *p, bool held,
		 tcp_order_out *out, void *with)
{
	uint32_t old = o->next - p->seq, missing;
	size_t n = p->n > old ? p->n - old : 0;

	if (old >= p->len)
		return;
	missing = p->len - old - (uint32_t)n;
	o->next = p->seq + p->len;
	if (n)
		out(with, &(struct tcp_piece){.bytes = p->bytes + old,
					      .n = n,
					      .number = p->number,
					      .held = held});
	if (missing)
		out(with, &(struct tcp_piece){.missing = missing,
					      .number = p->number});
}

static size_t cost(const struct tcp_held *h)
{
	return sizeof(*h) + h->n;
}

/* The first of what is held, taken out. */
static struct tcp_held *take_first(struct tcp_order *o)
{
	struct tcp_held *h = o->held;

	o->held = h->next;
	if (!o->held)
		o->last = NULL;
	o->bytes -= cost(h);
	o->n--;
	return h;
}

/* What was held may be due now. */
static void catch_up(struct tcp_order *o, tcp_order_out *out, void *with)
{
	struct tcp_held *h;

	while (o->held && !tcp_later(o->held->seq, o->next)) {
		h = take_first(o);
		give(o,
		     &(struct tcp_payload){h->seq, h->len, h->bytes, h->n,
					   h->number},
		     true, out, with);
		free(h);
	}
}

uint32_t tcp_order_held_end(const struct tcp_order *o)
{
	return o->last->seq + o->last->len;
}

void tcp_order_skip_gap(struct tcp_order *o, tcp_order_out *out, void *with)
{
	uint32_t missing;

	if (!o->held)
		return;
	missing = o->held->seq - o->next;
	o->next = o->held->seq;
	out(with, &(struct tcp_piece){.missing = missing});
	catch_up(o, out, with);
}

/* Is the segment adjacent to others whose bytes are not needed either? */
static bool extends(const struct tcp_order *o, const struct tcp_payload *p)
{
	return o->last && p->n == 0 && o->last->n == 0 &&
	       o->last->seq + o->last->len == p->seq;
}

static bool hold(struct tcp_order *o, const struct tcp_payload *p)
{
	struct tcp_held **at = &o->held, *h;

	if (extends(o, p)) {
		o->last->len += p->len;
		return true;
	}
	if (o->last && tcp_later(p->seq, o->last->seq))
		at = &o->last->next;
	while (*at && tcp_later(p->seq, (*at)->seq))
		at = &(*at)->next;
	if (*at && (*at)->seq == p->seq && (*at)->len >= p->len)
		return true;
	h = malloc(sizeof(*h) + p->n);
	if (!h)
		return false;
	*h = (struct tcp_held){*at, p->seq, p->len, p->n, p->number};
	if (p->n)
		memcpy(h->bytes, p->bytes, p->n);
	if (!*at)
		o->last = h;
	*at = h;
	o->bytes += cost(h);
	o->n++;
	return true;
}

bool tcp_order_add(struct tcp_order *o, const struct tcp_payload *p,
		   tcp_order_out *out, void *with)
{
	if (p->len == 0)
		return true;
	tcp_order_begin(o, p->seq);
	if (tcp_later(p->seq, o->next)) {
		if (!hold(o, p))
			return false;
		while (o->bytes > TCP_ORDER_MOST)
			tcp_order_skip_gap(o, out, with);
		return true;
	}
	give(o, p, false, out, with);
	catch_up(o, out, with);
	return true;
}

void tcp_order_acked(struct tcp_order *o, uint32_t ack, tcp_order_out *out,
		     void *with)
{
	while (o->begun && o->held && !tcp_later(o->held->seq, ack))
		tcp_order_skip_gap(o, out, with);
}

void tcp_order_end(struct tcp_order *o, tcp_order_out *out, void *with)
{
	while (o->held)
		tcp_order_skip_gap(o, out, with);
	*o = (struct tcp_order){0};
}

void tcp_order_clear(struct tcp_order *o)
{
	while (o->held)
		free(take_first(o));
	*o = (struct tcp_order){0};
}
