/* Handing on a fragment, or the datagram that it completes. */
#include "decode/flow/ip_fragment.h"

#include "decode/flow/flow_table.h"
#include "decode/proto_ids.h"

/* What tells the network that the fragment is in from others: the interface,
   and of each layer below an id, and the addresses of tunnels. */
static uint64_t network_of(const struct dissect *d,
			   const struct hash_seed *seed)
{
	const struct layer *l = d->layers;
	struct hash h = hash_start(seed);
	uint32_t id = d->pkt->iface;

	hash_add(&h, (const uint8_t *)&id, sizeof(id), seed);
	for (; l < d->net; l++) {
		if (l->n_addr == 4 || l->n_addr == 16) {
			hash_add(&h, l->src, l->n_addr, seed);
			hash_add(&h, l->dst, l->n_addr, seed);
		}
		id = l->proto->network ? l->proto->network(l) : 0;
		if (id)
			hash_add(&h, (const uint8_t *)&id, sizeof(id), seed);
	}
	return h.a ^ h.b;
}

void fragment_decode(struct dissect *d, const struct cur *c,
		     struct fragment *in, const struct field *fields)
{
	struct joined whole;
	struct cur joined;
	uint32_t i;

	in->src = d->net->src;
	in->dst = d->net->dst;
	in->n = d->net->n_addr;
	if (d->context->mode != FLOW_REPLAY)
		in->network =
		    network_of(d, ip_reassembly_seed(d->context->fragments));
	in->payload = *c;
	in->time_ns = d->pkt->time_ns;
	in->number = d->pkt->number;
	flow_context_fragment(d->context, in, &whole);
	if (!whole.whole) {
		next_proto(d, c, PROTO_data);
		return;
	}
	if (wants(d, &fields[0]))
		for (i = 0; i < whole.n_frames; i++)
			add_uint(d, &fields[0], whole.frames[i]);
	add_uint(d, &fields[1], whole.n_parts);
	add_uint(d, &fields[2], whole.len);
	joined = cur_over(whole.bytes, whole.len, whole.len);
	next_by(d, &joined, KEY_IPPROTO, whole.proto);
}
