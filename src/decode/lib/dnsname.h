/* Domain names in messages (RFC 1035, section 4.1.4), and of those like it. */
#ifndef DECODE_LIB_DNSNAME_H
#define DECODE_LIB_DNSNAME_H

#include "decode/proto.h"

enum { DNSNAME_MOST = 255 };

enum {
	DNSNAME_CUT = -1,     /* *c says why */
	DNSNAME_UNKNOWN = -2, /* a label of a kind that is not known */
	DNSNAME_LOOP = -3,    /* pointers that lead in a circle */
};

/*
 * Step over a name and copy it, labels with dots between and no dot after,
 * at most DNSNAME_MOST bytes. Returns its length, 0 for the root, or one of
 * the others. msg is the whole message; c is a part of it.
 */
int dnsname_read(const struct cur *msg, struct cur *c, char *name);

#endif
