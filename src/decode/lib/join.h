/* Layers that are several messages of one protocol. */
#ifndef DECODE_LIB_JOIN_H
#define DECODE_LIB_JOIN_H

#include "decode/proto.h"
#include "decode/proto_ids.h"

/* A layer that next_again() led to is no new one by name, as in Wireshark:
   for the start of decode(). */
static inline void join_layer(struct dissect *d)
{
	const struct layer *l = d->layer;

	while (l > d->layers && (--l)->id != PROTO_tcp && l->id != PROTO_udp)
		if (l->id == d->layer->id)
			d->layer->name = "";
}

#endif
