/* What decoders of IP do with a fragment. */
#ifndef DECODE_FLOW_IP_FRAGMENT_H
#define DECODE_FLOW_IP_FRAGMENT_H

#include "decode/flow/ip_reassembly.h"
#include "decode/proto.h"

/*
 * For decoders, where the context joins fragments: c is what a fragment has of
 * its datagram; in has its protocol, id, offset and more, and gets the rest
 * here. If it completes the datagram, that is handed on by KEY_IPPROTO, and
 * recorded in three neighbouring fields: a packet with a fragment, their count,
 * and the bytes together. Otherwise it is handed on as data.
 */
void fragment_decode(struct dissect *d, const struct cur *c,
		     struct fragment *in, const struct field *fields);

#endif
