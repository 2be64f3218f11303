/* From the dissect's layers and values to registers. */
#include "where/load.h"
#include "decode/proto_ids.h"

#include <string.h>

/* Which layer of its protocol is this, from 1, and how many are there? */
static void layer_place(const struct dissect *d, unsigned layer, int *place,
			int *count)
{
	unsigned i;

	*place = *count = 0;
	for (i = 0; i < d->n_layers; i++) {
		*count += d->layers[i].id == d->layers[layer].id;
		if (i == layer)
			*place = *count;
	}
}

/* A layer that # asks for? Layers are counted from 1. */
static bool layer_wanted(const struct where_ranges *ranges,
			 const struct dissect *d, unsigned layer)
{
	int place, count, from, to;
	unsigned i;

	if (!ranges)
		return true;
	layer_place(d, layer, &place, &count);
	for (i = 0; i < ranges->n; i++) {
		const struct where_range *r = &ranges->item[i];

		from = r->from < 0 ? count + 1 + r->from : r->from;
		to = r->kind == RANGE_TO_END   ? count
		     : r->kind == RANGE_LENGTH ? from + r->to - 1
		     : r->to < 0	       ? count + 1 + r->to
					       : r->to;
		if (place >= from && place <= to)
			return true;
	}
	return false;
}

void load_fields(struct where_run *run, const struct where_insn *in)
{
	const struct dissect *d = run->dissect;
	const struct where_name *name = in->node->field.name;
	struct where_list *out = &run->regs[in->dst];
	unsigned i;

	out->n = 0;
	for (i = 0; i < d->n_values; i++) {
		const struct value *v = &d->values[i];
		struct where_value *to;

		if (!is_number_of(name, v->field) ||
		    !layer_wanted(in->node->field.layers, d, v->layer))
			continue;
		to = list_more(run, out);
		if (!to)
			return;
		to->len = v->len;
		to->num = v->num;
		if (d->rows[v->field]->type == FIELD_IPV6)
			to->len = 16;
		else if (d->rows[v->field]->type == FIELD_ETHER)
			to->len = 6;
		if (to->len)
			to->bytes = v->bytes;
	}
}

/* Bytes of what is the layer's own in what begins with it; as in Wireshark, all
   where nothing says how long the header is. */
static uint32_t header_length(const struct layer *l)
{
	const uint8_t *p = l->data;
	uint32_t n = l->caplen;

	switch (l->id) {
	case PROTO_eth:
		n = 14;
		break;
	case PROTO_vlan:
		n = 4;
		break;
	case PROTO_ip:
		n = l->caplen ? 4u * (p[0] & 15) : 0;
		break;
	case PROTO_ipv6:
		n = 40;
		break;
	case PROTO_udp:
		n = 8;
		break;
	case PROTO_tcp:
		n = l->caplen > 12 ? 4u * (p[12] >> 4) : l->caplen;
		break;
	}
	return n < l->caplen ? n : l->caplen;
}

bool is_layer_of(const struct layer *l, const struct where_name *name)
{
	const char *want = name->layer, *at = l->name;
	size_t n;

	if (l->id != name->proto)
		return false;
	if (!want || at == want)
		return true;
	for (n = strlen(want); at; at = strchr(at, ':')) {
		at += *at == ':';
		if (!strncmp(at, want, n) && (!at[n] || at[n] == ':'))
			return true;
	}
	return false;
}

void load_protocol(struct where_run *run, const struct where_insn *in)
{
	const struct dissect *d = run->dissect;
	const struct where_name *name = in->node->field.name;
	unsigned i;
	struct where_list *out = &run->regs[in->dst];
	struct where_value *to;

	out->n = 0;
	for (i = 0; i < d->n_layers; i++) {
		const struct layer *l = &d->layers[i];

		if (!is_layer_of(l, name) ||
		    !layer_wanted(in->node->field.layers, d, i))
			continue;
		to = list_more(run, out);
		if (!to)
			return;
		to->bytes = l->data;
		to->len = header_length(l);
		to->whole = l->caplen;
	}
}
