/*
 * A layer without bytes that ends a packet if one of its layers contradicts
 * itself (_ws.malformed). It is there only for a plan that asks for it.
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
