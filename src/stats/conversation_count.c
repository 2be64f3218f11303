/*
 * Counting packets of conversations. One that belongs to a conversation of TCP,
 * UDP or SCTP is counted there alone, even if those of IP are wanted too: they
 * are summed up when they are shown. That is a look-up per packet saved, and
 * half of the memory.
 */
#include "stats/conversation_count.h"

#include <string.h>

#include "base/be.h"
#include "decode/proto_ids.h"

/* ---- keys: numbers in the host's order, A's address first --------------- */

static inline uint64_t get64(const uint8_t *p)
{
	return key_word(p);
}

static inline uint64_t get48(const uint8_t *p)
{
	return (uint64_t)be32(p) << 16 | (uint64_t)p[4] << 8 | p[5];
}

static inline void count(struct aggregate *g, uint64_t *values,
			 const struct observation *s, unsigned turn)
{
	values[CONVERSATION_PACKETS_AB + turn]++;
	values[CONVERSATION_BYTES_AB + turn] += s->len;
	if (s->timed)
		aggregate_span(&values[CONVERSATION_FIRST],
			       &values[CONVERSATION_LAST], s->time_ns);
	aggregate_mark(g, values, s->marks);
}

static void count_eth(struct aggregate *g, const struct layer *l,
		      const struct observation *s)
{
	uint64_t a = get48(l->src), b = get48(l->dst), key[2];
	unsigned turn = a > b;

	key[0] = turn ? b : a;
	key[1] = turn ? a : b;
	count(g, aggregate_get(g, key, 2), s, turn);
}

static void count_ip(struct aggregate *g, const struct layer *l,
		     const struct observation *s)
{
	uint32_t a = be32(l->src), b = be32(l->dst);
	unsigned turn = a > b;
	uint64_t key = turn ? (uint64_t)b << 32 | a : (uint64_t)a << 32 | b;

	count(g, aggregate_get(g, &key, 1), s, turn);
}

static void count_ip6(struct aggregate *g, const struct layer *l,
		      const struct observation *s)
{
	unsigned turn = memcmp(l->src, l->dst, 16) > 0;
	const uint8_t *a = turn ? l->dst : l->src, *b = turn ? l->src : l->dst;
	uint64_t key[4] = {get64(a), get64(a + 8), get64(b), get64(b + 8)};

	count(g, aggregate_get(g, key, 4), s, turn);
}

/* Groups g[0] for IPv4, g[1] for IPv6. */
static void count_ports(struct aggregate *g, const struct layer *net,
			const struct observation *s, uint64_t src, uint64_t dst)
{
	unsigned turn = src < dst;
	const uint8_t *a, *b;

	if (src == dst)
		turn = memcmp(net->src, net->dst, net->n_addr) > 0;
	a = turn ? net->dst : net->src;
	b = turn ? net->src : net->dst;
	if (net->n_addr == 4) {
		uint64_t key[2] = {
		    (uint64_t)be32(a) << 32 | be32(b),
		    turn ? dst << 16 | src : src << 16 | dst,
		};

		count(&g[0], aggregate_get(&g[0], key, 2), s, turn);
	} else {
		uint64_t key[5] = {
		    get64(a),
		    get64(a + 8),
		    get64(b),
		    get64(b + 8),
		    turn ? dst << 16 | src : src << 16 | dst,
		};

		count(&g[1], aggregate_get(&g[1], key, 5), s, turn);
	}
}

/* ---- packets ------------------------------------------------------------ */

/* Count the transport's conversation; false: its ports are not there. */
static bool count_transport(struct report_state *p, const struct observation *s,
			    const struct layer *net, const struct layer *l,
			    unsigned wish, unsigned group)
{
	const struct dissect *d = s->d;
	const struct value *v = d->values + l->first, *src, *dst;

	if (l->state != CUR_OK)
		return false;
	/* mostly the first two */
	if (l->end - l->first >= 2 && v[0].field == p->ids[wish] &&
	    v[1].field == p->ids[wish + 1]) {
		src = v;
		dst = v + 1;
	} else {
		src = layer_value(d, l, p->ids[wish]);
		dst = layer_value(d, l, p->ids[wish + 1]);
		if (!src || !dst)
			return false;
	}
	count_ports(&p->groups[group], net, s, src->num, dst->num);
	return true;
}

static void count_net(struct report_state *p, const struct observation *s,
		      const struct layer *net)
{
	if (net->n_addr == 4 && p->kinds & KIND(IP))
		count_ip(&p->groups[GROUP_IP], net, s);
	else if (net->n_addr == 16 && p->kinds & KIND(IPV6))
		count_ip6(&p->groups[GROUP_IP6], net, s);
}

void conversation_count(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	const struct layer *net = NULL; /* with ports that may still come */
	unsigned kind, wish, group;

	for (; l < end && !l->quoted; l++) {
		switch (l->id) {
		case PROTO_eth:
			if (l->n_addr == 6 && p->kinds & KIND(ETH))
				count_eth(&p->groups[GROUP_ETH], l, s);
			continue;
		case PROTO_ip:
		case PROTO_ipv6:
			if (net)
				count_net(p, s, net);
			net = l->n_addr && l->state != CUR_MALFORMED ? l : NULL;
			continue;
		case PROTO_tcp:
			kind = CONVERSATION_TCP;
			wish = WISH_TCP_SRC;
			group = GROUP_TCP4;
			break;
		case PROTO_udp:
			kind = CONVERSATION_UDP;
			wish = WISH_UDP_SRC;
			group = GROUP_UDP4;
			break;
		case PROTO_sctp:
			kind = CONVERSATION_SCTP;
			wish = WISH_SCTP_SRC;
			group = GROUP_SCTP4;
			break;
		default:
			continue;
		}
		if (net && p->kinds >> kind & 1 &&
		    count_transport(p, s, net, l, wish, group))
			net = NULL;
	}
	if (net)
		count_net(p, s, net);
}
