/*
 * GPRS tunnelling, control messages of version 2 (3GPP TS 29.274): the header;
 * gtp.c hands on by the version.
 *
 *	flags (1), message (1), length (2), with flag T the tunnel endpoint (4),
 *	sequence number (3), priority (1)
 */
#include "decode/lib/rows.h"

enum {
	GTPV2_FLAGS,
	GTPV2_VERSION,
	GTPV2_P,
	GTPV2_T,
	GTPV2_MESSAGE_TYPE,
	GTPV2_MSG_LENGTH,
	GTPV2_TEID,
	GTPV2_SEQ,
};

enum { FLAG_T = 0x08 };

static const struct field fields[] = {
    [GTPV2_FLAGS] = UINT("gtpv2.flags", "Flags", 1, FIELD_HEX),
    [GTPV2_VERSION] = BITS("gtpv2.version", "Version", 1, 0xe0, 0),
    [GTPV2_P] = BITS("gtpv2.p", "Piggybacking flag", 1, 0x10, 0),
    [GTPV2_T] = BITS("gtpv2.t", "TEID flag", 1, 0x8, 0),
    [GTPV2_MESSAGE_TYPE] =
	UINT("gtpv2.message_type", "Message type", 1, FIELD_LINE),
    [GTPV2_MSG_LENGTH] = UINT("gtpv2.msg_length", "Message length", 2, 0),
    [GTPV2_TEID] = UINT("gtpv2.teid", "Tunnel endpoint identifier", 4,
			FIELD_HEX | FIELD_LINE),
    [GTPV2_SEQ] =
	UINT("gtpv2.seq", "Sequence number", 3, FIELD_HEX | FIELD_LINE),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned flags =
	    (unsigned)take_bits(d, c, &fields[GTPV2_FLAGS], &fields[GTPV2_T]);

	take_rows(d, c, &fields[GTPV2_MESSAGE_TYPE], &fields[GTPV2_MSG_LENGTH]);
	if (flags & FLAG_T)
		take(d, c, &fields[GTPV2_TEID]);
	take(d, c, &fields[GTPV2_SEQ]);
	cur_skip(c, 1);
}

static void summary(struct summary *l)
{
	const struct value *teid = summary_value(l, GTPV2_TEID);

	summary_printf(l, "GTPv2 message %u",
		       (unsigned)summary_num(l, GTPV2_MESSAGE_TYPE));
	if (teid)
		summary_printf(l, ", teid 0x%08x", (unsigned)teid->num);
	summary_printf(l, ", seq %u, length %u",
		       (unsigned)summary_num(l, GTPV2_SEQ), l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_gtpv2 = {
    "gtpv2",	      "GPRS Tunneling Protocol V2", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
