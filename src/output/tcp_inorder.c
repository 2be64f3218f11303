/* Payload in order: a sorted list of what came early. */
#include "output/tcp_inorder.h"

#include <stdlib.h>
#include <string.h>

struct held {
	struct held *next;
	uint32_t seq, len; /* len: bytes that it stands for */
	size_t n;	   /* bytes of it that are there */
	uint8_t bytes[];
};

static int32_t apart(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* What is due or older: the part that is due goes out. */
static void give(struct tcp_inorder *in, uint32_t seq, const uint8_t *bytes,
		 size_t n, uint32_t len, tcp_inorder_out *out, void *with)
{
	uint32_t old = in->next - seq;

	if (old >= len)
		return;
	if (n > old)
		out(with, bytes + old, n - old, 0);
	if (len > n)
		out(with, NULL, 0, len - (uint32_t)(n > old ? n : old));
	in->next = seq + len;
}

/* What was held may be due now. */
static void catch_up(struct tcp_inorder *in, tcp_inorder_out *out, void *with)
{
	struct held *h;

	while ((h = in->held) && apart(h->seq, in->next) <= 0) {
		in->held = h->next;
		in->bytes -= h->n;
		give(in, h->seq, h->bytes, h->n, h->len, out, with);
		free(h);
	}
}

/* Give the gap before the first held segment up. */
static void skip_gap(struct tcp_inorder *in, tcp_inorder_out *out, void *with)
{
	out(with, NULL, 0, in->held->seq - in->next);
	in->next = in->held->seq;
	catch_up(in, out, with);
}

static bool hold(struct tcp_inorder *in, uint32_t seq, const uint8_t *bytes,
		 size_t n, uint32_t len)
{
	struct held **at = &in->held, *h;

	while (*at && apart((*at)->seq, seq) < 0)
		at = &(*at)->next;
	if (*at && (*at)->seq == seq && (*at)->len >= len)
		return true;
	h = malloc(sizeof(*h) + n);
	if (!h)
		return false;
	*h = (struct held){.next = *at, .seq = seq, .len = len, .n = n};
	memcpy(h->bytes, bytes, n);
	*at = h;
	in->bytes += n;
	return true;
}

bool tcp_inorder_add(struct tcp_inorder *in, uint32_t seq, bool syn,
		     const uint8_t *bytes, size_t n, uint32_t len,
		     tcp_inorder_out *out, void *with)
{
	if (syn)
		seq++;
	if (!in->begun && (syn || len)) {
		in->begun = true;
		in->next = seq;
	}
	if (len == 0)
		return true;
	if (apart(seq, in->next) > 0) {
		if (!hold(in, seq, bytes, n, len))
			return false;
		while (in->bytes > TCP_INORDER_MOST)
			skip_gap(in, out, with);
		return true;
	}
	give(in, seq, bytes, n, len, out, with);
	catch_up(in, out, with);
	return true;
}

void tcp_inorder_acked(struct tcp_inorder *in, uint32_t ack,
		       tcp_inorder_out *out, void *with)
{
	while (in->begun && in->held && apart(ack, in->held->seq) >= 0)
		skip_gap(in, out, with);
}

void tcp_inorder_end(struct tcp_inorder *in, tcp_inorder_out *out, void *with)
{
	while (in->held)
		skip_gap(in, out, with);
	*in = (struct tcp_inorder){0};
}
