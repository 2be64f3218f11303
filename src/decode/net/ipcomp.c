/*
 * IP payload compression (RFC 3173): next header (1), flags (1), parameter
 * index (2), what is compressed.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum { IPCOMP_NEXT, IPCOMP_FLAGS, IPCOMP_CPI };

static const struct field fields[] = {
    [IPCOMP_NEXT] = UINT("ipcomp.next_header", "Next header", 1, FIELD_HEX),
    [IPCOMP_FLAGS] = UINT("ipcomp.flags", "Flags", 1, FIELD_HEX),
    [IPCOMP_CPI] =
	UINT("ipcomp.cpi", "Parameter index", 2, FIELD_HEX | FIELD_LINE),
};

static void decode(struct dissect *d, struct cur *c)
{
	take_rows(d, c, &fields[IPCOMP_NEXT], &fields[IPCOMP_CPI]);
	next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK)
		summary_mark(l);
	else
		summary_printf(l, "IPComp(cpi=0x%04x)",
			       (unsigned)summary_num(l, IPCOMP_CPI));
}

static const struct key keys[] = {{KEY_IPPROTO, 108}};
static const uint8_t leads_proto[] = {PROTO_data, PROTO_NONE};

const struct proto proto_ipcomp = {
    "ipcomp",
    "IP Payload Compression",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
