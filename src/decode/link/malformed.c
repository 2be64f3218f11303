/*
 * What stands after the layers of a packet of which one contradicts itself: a
 * layer without bytes, for expressions (_ws.malformed). Only who asks for it
 * gets it.
 */
#include "decode/proto.h"

static void decode(struct dissect *d, struct cur *c)
{
	(void)d;
	(void)c;
}

const struct proto proto_malformed = {
    "_ws.malformed",
    "Malformed packet",
    .decode = decode,
};
