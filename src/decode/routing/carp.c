/*
 * Common address redundancy protocol, as OpenBSD's carp(4) speaks it. It uses
 * VRRP's IP protocol number: vrrp.c tells them apart.
 *
 *	version and type (1), host id (1), skew (1), length of authentication
 *	(1), demotion (1), interval (1), checksum (2), counter (8), HMAC (20)
 */
#include "decode/lib/rows.h"

enum {
	CARP_TYPEVER,
	CARP_VERSION,
	CARP_TYPE,
	CARP_VHID,
	CARP_ADVSKEW,
	CARP_AUTHLEN,
	CARP_DEMOTION,
	CARP_ADVER_INT,
	CARP_CHECKSUM,
	CARP_COUNTER,
	CARP_HMAC,
};

static const struct names type_names[] = {{1, "Advertisement"}, {0, NULL}};

static const struct field fields[] = {
    [CARP_TYPEVER] =
	UINT("carp.typever", "CARP message version and type", 1, 0),
    [CARP_VERSION] =
	BITS("carp.version", "CARP protocol version", 1, 0xf0, FIELD_LINE),
    [CARP_TYPE] = {"carp.type", "CARP packet type", type_names, .mask = 0xf,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [CARP_VHID] = UINT("carp.vhid", "Virtual host id", 1, FIELD_LINE),
    [CARP_ADVSKEW] = UINT("carp.advskew", "Advertisement skew", 1, FIELD_LINE),
    [CARP_AUTHLEN] = UINT("carp.authlen", "Auth len", 1, FIELD_LINE),
    [CARP_DEMOTION] =
	UINT("carp.demotion", "Demotion indicator", 1, FIELD_LINE),
    [CARP_ADVER_INT] = UINT("carp.adver_int", "Adver int", 1, FIELD_LINE),
    [CARP_CHECKSUM] = UINT("carp.checksum", "Checksum", 2, FIELD_HEX),
    [CARP_COUNTER] = UINT("carp.counter", "Counter", 8, FIELD_LINE),
    [CARP_HMAC] = BYTES("carp.hmac", "HMAC", 20, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[CARP_TYPEVER], &fields[CARP_TYPE]);
	take_rows(d, c, &fields[CARP_VHID], &fields[CARP_HMAC]);
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	if (!summary_has(&got, CARP_COUNTER)) {
		summary_mark(l);
		return;
	}
	summary_printf(l,
		       "CARPv%u-%s %u: vhid=%u advbase=%u advskew=%u authlen=%u"
		       " counter=%llu",
		       (unsigned)got.v[CARP_VERSION].num,
		       got.v[CARP_TYPE].num == 1 ? "advertise" : "unknown",
		       l->layer->len, (unsigned)got.v[CARP_VHID].num,
		       (unsigned)got.v[CARP_ADVER_INT].num,
		       (unsigned)got.v[CARP_ADVSKEW].num,
		       (unsigned)got.v[CARP_AUTHLEN].num,
		       (unsigned long long)got.v[CARP_COUNTER].num);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_carp = {
    "carp",
    "Common Address Redundancy Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
