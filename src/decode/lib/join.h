/* Layers that are several messages of one protocol. */
#ifndef DECODE_LIB_JOIN_H
#define DECODE_LIB_JOIN_H

#include "decode/proto.h"
#include "decode/proto_ids.h"

/* For the start of decode(): a layer that next_again() led to has no name of
   its own, as in Wireshark. */
static inline void join_layer(struct dissect *d)
{
	const struct layer *l = d->layer;

	while (l > d->layers && (--l)->id != PROTO_tcp && l->id != PROTO_udp)
		if (l->id == d->layer->id)
			d->layer->name = "";
}

#endif
