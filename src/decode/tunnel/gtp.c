/*
 * GPRS tunnelling of user packets (3GPP TS 29.281) and control messages of
 * version 1 (TS 29.060); version 2 is gtpv2.c.
 *
 *	flags (1), message (1), length (2), tunnel endpoint (4); sequence number
 *	(2), N-PDU number (1) and next extension (1) if one of the flags S, PN,
 *E is set; then a packet if the message is 255
 */
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	GTP_FLAGS,
	GTP_VERSION,
	GTP_PAYLOAD,
	GTP_FLAG_E,
	GTP_FLAG_S,
	GTP_FLAG_PN,
	GTP_MESSAGE,
	GTP_LENGTH,
	GTP_TEID,
	GTP_SEQ,
};

enum { MESSAGE_PACKET = 255, FLAG_E = 4, FLAG_ANY = 7 };

static const struct field fields[] = {
    [GTP_FLAGS] = {"gtp.flags", "Flags", .type = FIELD_UINT, .width = 1,
		   .flags = FIELD_HEX},
    [GTP_VERSION] = {"gtp.flags.version", "Version", .mask = 0xe0,
		     .type = FIELD_UINT},
    [GTP_PAYLOAD] = {"gtp.flags.payload", "Protocol type", .mask = 0x10,
		     .type = FIELD_UINT},
    [GTP_FLAG_E] = {"gtp.flags.e", "Extension header", .mask = 0x04,
		    .type = FIELD_BOOL},
    [GTP_FLAG_S] = {"gtp.flags.s", "Sequence number present", .mask = 0x02,
		    .type = FIELD_BOOL},
    [GTP_FLAG_PN] = {"gtp.flags.pn", "N-PDU number present", .mask = 0x01,
		     .type = FIELD_BOOL},
    [GTP_MESSAGE] = {"gtp.message", "Message", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_HEX | FIELD_LINE},
    [GTP_LENGTH] = {"gtp.length", "Length", .type = FIELD_UINT, .width = 2},
    [GTP_TEID] = {"gtp.teid", "Tunnel endpoint", .type = FIELD_UINT, .width = 4,
		  .flags = FIELD_HEX | FIELD_LINE},
    [GTP_SEQ] = {"gtp.seq_number", "Sequence number", .type = FIELD_UINT,
		 .width = 2, .flags = FIELD_HEX},
};

/* Extension headers: length in units of 4, contents, next type. */
static void skip_extensions(struct cur *c, unsigned next)
{
	unsigned len;

	while (next && c->state == CUR_OK) {
		len = cur_u8(c) * 4u;
		if (len == 0) {
			cur_bad(c);
			return;
		}
		cur_skip(c, len - 2);
		next = cur_u8(c);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned flags, message, next, i;
	struct cur look = *c;

	if (cur_u8(&look) >> 5 == 2) {
		next_proto(d, c, PROTO_gtpv2);
		return;
	}
	flags = (unsigned)take(d, c, &fields[GTP_FLAGS]);
	for (i = GTP_VERSION; i <= GTP_FLAG_PN && c->state == CUR_OK; i++)
		add_bits(d, &fields[i], flags);

	message = (unsigned)take(d, c, &fields[GTP_MESSAGE]);
	take(d, c, &fields[GTP_LENGTH]);
	take(d, c, &fields[GTP_TEID]);
	if (flags >> 5 != 1)
		return;
	if (flags & FLAG_ANY) {
		take(d, c, &fields[GTP_SEQ]);
		cur_skip(c, 1);
		next = cur_u8(c);
		if (flags & FLAG_E)
			skip_extensions(c, next);
	}
	look = *c;
	if (message != MESSAGE_PACKET || cur_left(c) == 0)
		return;
	switch (cur_u8(&look) >> 4) {
	case 4:
		next_proto(d, c, PROTO_ip);
		break;
	case 6:
		next_proto(d, c, PROTO_ipv6);
		break;
	}
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->next && l->next->id == PROTO_gtpv2)
		return;
	summary_printf(l, "GTP message %u, teid 0x%08x, length %u%s",
		       (unsigned)summary_num(l, GTP_MESSAGE),
		       (unsigned)summary_num(l, GTP_TEID), l->layer->len,
		       l->next ? ": " : "");
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_gtpv2, PROTO_NONE};
static const struct key keys[] = {{KEY_UDP_PORT, 2152}, {KEY_UDP_PORT, 2123}};

static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 4);
	return cur_be32(&c);
}

const struct proto proto_gtp = {
    "gtp",
    "GPRS Tunnelling Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
