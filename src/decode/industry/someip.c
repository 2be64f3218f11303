/*
 * SOME/IP (AUTOSAR PRS_SOMEIPProtocol), over UDP and TCP.
 *
 *	service (2), method (2), length (4), client (2), session (2), versions
 *	of the protocol: 1, and of the interface (1 each), type (1), return code
 *	(1), [offset and flags of a segment (4)], payload
 *
 * The length counts from the client on. A datagram may hold several messages.
 */
#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	SOMEIP_SERVICE,
	SOMEIP_METHOD,
	SOMEIP_MESSAGE,
	SOMEIP_LENGTH,
	SOMEIP_CLIENT,
	SOMEIP_SESSION,
	SOMEIP_PROTOCOL,
	SOMEIP_INTERFACE,
	SOMEIP_TYPE,
	SOMEIP_TYPE_ACK,
	SOMEIP_TYPE_TP,
	SOMEIP_RETURN,
	SOMEIP_TP_OFFSET,
	SOMEIP_TP_FLAGS,
	SOMEIP_TP_RESERVED,
	SOMEIP_TP_MORE,
	SOMEIP_PAYLOAD,
};

enum {
	HEADER_LEN = 16,
	LENGTH_AT = 8, /* what the length does not count */
	VERSION = 1,
	FLAG_ACK = 0x40,
	FLAG_TP = 0x20,
};

static const uint32_t DISCOVERY = 0xffff8100;

static const struct names type_names[] = {
    {0x00, "Request"},	    {0x01, "Request no response"},
    {0x02, "Notification"}, {0x80, "Response"},
    {0x81, "Error"},	    {0, NULL},
};

static const struct names return_names[] = {
    {0, "Ok"},
    {1, "Not Ok"},
    {2, "Unknown Service"},
    {3, "Unknown Method"},
    {4, "Not Ready"},
    {5, "Not Reachable"},
    {6, "Timeout"},
    {7, "Wrong Protocol Version"},
    {8, "Wrong Interface Version"},
    {9, "Malformed Message"},
    {10, "Wrong Message Type"},
    {0, NULL},
};

static const struct field fields[] = {
    [SOMEIP_SERVICE] =
	UINT("someip.serviceid", "Service", 2, FIELD_HEX | FIELD_LINE),
    [SOMEIP_METHOD] =
	UINT("someip.methodid", "Method", 2, FIELD_HEX | FIELD_LINE),
    [SOMEIP_MESSAGE] =
	NUMBER("someip.messageid", "Message", FIELD_HEX | FIELD_ASKED, 8),
    [SOMEIP_LENGTH] = UINT("someip.length", "Length", 4, 0),
    [SOMEIP_CLIENT] = UINT("someip.clientid", "Client", 2, FIELD_HEX),
    [SOMEIP_SESSION] =
	UINT("someip.sessionid", "Session", 2, FIELD_HEX | FIELD_LINE),
    [SOMEIP_PROTOCOL] =
	UINT("someip.protoversion", "Protocol version", 1, FIELD_HEX),
    [SOMEIP_INTERFACE] =
	UINT("someip.interfaceversion", "Interface version", 1, FIELD_HEX),
    [SOMEIP_TYPE] = NAMED("someip.messagetype", "Type", 1,
			  FIELD_HEX | FIELD_LINE, type_names),
    [SOMEIP_TYPE_ACK] =
	FLAG("someip.messagetype.ack", "Acknowledgement", 1, FLAG_ACK),
    [SOMEIP_TYPE_TP] = FLAG("someip.messagetype.tp", "Segment", 1, FLAG_TP),
    [SOMEIP_RETURN] = NAMED("someip.returncode", "Return code", 1,
			    FIELD_HEX | FIELD_LINE, return_names),
    [SOMEIP_TP_OFFSET] =
	NUMBER("someip.tp.offset", "Segment's offset", FIELD_LINE, 0),
    [SOMEIP_TP_FLAGS] =
	BITS("someip.tp.flags", "Segment's flags", 1, 0x0f, FIELD_HEX),
    [SOMEIP_TP_RESERVED] =
	BITS("someip.tp.flags.reserved", "Reserved", 1, 0x0e, FIELD_HEX),
    [SOMEIP_TP_MORE] =
	FLAG("someip.tp.flags.more_segments", "More segments", 1, 1),
    [SOMEIP_PAYLOAD] = BYTES("someip.payload", "Payload", 0, 0),
};

static void decode_segment(struct dissect *d, struct cur *c)
{
	uint32_t word = cur_be32(c);

	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[SOMEIP_TP_OFFSET], word & ~(uint32_t)15);
	add_bits_rows(d, &fields[SOMEIP_TP_FLAGS], &fields[SOMEIP_TP_MORE],
		      word & 15);
}

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t message, len;
	unsigned type;
	struct cur body;

	join_layer(d);
	if (!cur_has(c, HEADER_LEN))
		return;
	message = (uint32_t)take(d, c, &fields[SOMEIP_SERVICE]) << 16;
	message |= (uint32_t)take(d, c, &fields[SOMEIP_METHOD]);
	add_uint(d, &fields[SOMEIP_MESSAGE], message);
	len = (uint32_t)take(d, c, &fields[SOMEIP_LENGTH]);
	take_rows(d, c, &fields[SOMEIP_CLIENT], &fields[SOMEIP_INTERFACE]);
	type = (unsigned)take_bits(d, c, &fields[SOMEIP_TYPE],
				   &fields[SOMEIP_TYPE_TP]);
	take(d, c, &fields[SOMEIP_RETURN]);
	if (len < HEADER_LEN - LENGTH_AT) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, len - (HEADER_LEN - LENGTH_AT));
	if (message == DISCOVERY) {
		next_proto(d, &body, PROTO_someipsd);
	} else {
		if (type & FLAG_TP)
			decode_segment(d, &body);
		if (cur_left(&body))
			take_bytes(d, &body, &fields[SOMEIP_PAYLOAD],
				   cur_left(&body));
	}
	next_again(d, c);
}

static bool message(struct cur c, struct framing *f)
{
	size_t len;

	cur_skip(&c, 4);
	len = cur_be32(&c);
	f->size = LENGTH_AT + len;
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned type;

	summary_get(l, &got);
	summary_puts(l, "SOME/IP");
	if (summary_has(&got, SOMEIP_RETURN)) {
		type = (unsigned)got.v[SOMEIP_TYPE].num;
		summary_printf(l, " 0x%04x.0x%04x session %u, %s",
			       (unsigned)got.v[SOMEIP_SERVICE].num,
			       (unsigned)got.v[SOMEIP_METHOD].num,
			       (unsigned)got.v[SOMEIP_SESSION].num,
			       names_or(type_names,
					type & ~(unsigned)(FLAG_TP | FLAG_ACK),
					"other"));
		if (type & FLAG_ACK)
			summary_puts(l, " acknowledgement");
		if (summary_has(&got, SOMEIP_TP_OFFSET))
			summary_printf(l, ", segment at %u",
				       (unsigned)got.v[SOMEIP_TP_OFFSET].num);
		if (got.v[SOMEIP_RETURN].num)
			summary_printf(l, ", %s",
				       names_or(return_names,
						got.v[SOMEIP_RETURN].num,
						"failed"));
	}
	summary_mark(l);
	if (l->next && l->next->id == PROTO_someipsd)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 30490}, {KEY_TCP_PORT, 30490}};
static const uint8_t leads_proto[] = {PROTO_someipsd, PROTO_someip, PROTO_NONE};

const struct proto proto_someip = {
    "someip",
    "SOME/IP Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
