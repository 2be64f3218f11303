/*
 * MPLS label distribution (RFC 5036).
 *
 *	unit: version (2), length (2), router (4), label space (2), messages
 *	message: type (2), length (2), id (4), elements
 *	element: flags and type (2), length (2), value
 */
#include "decode/lib/rows.h"

enum {
	LDP_HDR_VERSION,
	LDP_HDR_PDU_LEN,
	LDP_HDR_LDPID_LSR,
	LDP_HDR_LDPID_LSID,
	LDP_MSG_UBIT,
	LDP_MSG_TYPE,
	LDP_MSG_LEN,
	LDP_MSG_ID,
	LDP_MSG_TLV_UNKNOWN,
	LDP_MSG_TLV_TYPE,
	LDP_MSG_TLV_LEN,
	LDP_MSG_TLV_HELLO_HOLD,
	LDP_MSG_TLV_HELLO_TARGETED,
	LDP_MSG_TLV_HELLO_REQUESTED,
	LDP_MSG_TLV_HELLO_GTSM,
	LDP_MSG_TLV_HELLO_RES,
	LDP_MSG_TLV_IPV4_TADDR,
	LDP_MSG_TLV_HELLO_CNF_SEQNO,
	LDP_MSG_TLV_SESS_VER,
	LDP_MSG_TLV_SESS_KA,
	LDP_MSG_TLV_SESS_ADVBIT,
	LDP_MSG_TLV_SESS_LDETBIT,
	LDP_MSG_TLV_SESS_PVLIM,
	LDP_MSG_TLV_SESS_MXPDU,
	LDP_MSG_TLV_SESS_RXLSR,
	LDP_MSG_TLV_SESS_RXLS,
	LDP_MSG_TLV_GENERIC_LABEL,
	LDP_MSG_TLV_STATUS_EBIT,
	LDP_MSG_TLV_STATUS_FBIT,
	LDP_MSG_TLV_STATUS_DATA,
	LDP_MSG_TLV_STATUS_MSG_ID,
	LDP_MSG_TLV_STATUS_MSG_TYPE,
};

enum { ID_LEN = 6, MESSAGE_ID_LEN = 4, PORT = 646 };

static const struct names message_names[] = {
    {0x0001, "Notification"},
    {0x0100, "Hello"},
    {0x0200, "Initialization"},
    {0x0201, "Keep Alive"},
    {0x0300, "Address"},
    {0x0301, "Address Withdraw"},
    {0x0400, "Label Mapping"},
    {0x0401, "Label Request"},
    {0x0402, "Label Withdrawal"},
    {0x0403, "Label Release"},
    {0x0404, "Label Abort Request"},
    {0, NULL},
};

static const struct names tlv_names[] = {
    {0x0100, "FEC"},
    {0x0101, "Address list"},
    {0x0103, "Hop count"},
    {0x0104, "Path vector"},
    {0x0200, "Generic label"},
    {0x0201, "ATM label"},
    {0x0202, "Frame Relay label"},
    {0x0300, "Status"},
    {0x0301, "Extended status"},
    {0x0302, "Returned unit"},
    {0x0303, "Returned message"},
    {0x0400, "Common hello parameters"},
    {0x0401, "IPv4 transport address"},
    {0x0402, "Configuration sequence number"},
    {0x0403, "IPv6 transport address"},
    {0x0500, "Common session parameters"},
    {0x0503, "Fault tolerant session"},
    {0, NULL},
};

static const struct field fields[] = {
    [LDP_HDR_VERSION] = UINT("ldp.hdr.version", "Version", 2, 0),
    [LDP_HDR_PDU_LEN] = UINT("ldp.hdr.pdu_len", "PDU length", 2, FIELD_LINE),
    [LDP_HDR_LDPID_LSR] = IPV4("ldp.hdr.ldpid.lsr", "LSR id", FIELD_LINE),
    [LDP_HDR_LDPID_LSID] =
	UINT("ldp.hdr.ldpid.lsid", "Label space id", 2, FIELD_LINE),
    [LDP_MSG_UBIT] = FLAG("ldp.msg.ubit", "U bit", 2, 0x8000),
    [LDP_MSG_TYPE] = {"ldp.msg.type", "Message type", message_names,
		      .mask = 0x7fff, .type = FIELD_UINT, .width = 2,
		      .flags = FIELD_HEX | FIELD_LINE_V, .digits = 4},
    [LDP_MSG_LEN] = UINT("ldp.msg.len", "Message length", 2, 0),
    [LDP_MSG_ID] = UINT("ldp.msg.id", "Message id", 4, FIELD_HEX),
    [LDP_MSG_TLV_UNKNOWN] = {"ldp.msg.tlv.unknown", "TLV unknown bits",
			     .mask = 0xc0, .type = FIELD_UINT, .width = 1,
			     .flags = FIELD_HEX, .digits = 2},
    [LDP_MSG_TLV_TYPE] = {"ldp.msg.tlv.type", "TLV type", tlv_names,
			  .mask = 0x3fff, .type = FIELD_UINT, .width = 2,
			  .flags = FIELD_HEX, .digits = 4},
    [LDP_MSG_TLV_LEN] = UINT("ldp.msg.tlv.len", "TLV length", 2, 0),
    [LDP_MSG_TLV_HELLO_HOLD] =
	UINT("ldp.msg.tlv.hello.hold", "Hold time", 2, 0),
    [LDP_MSG_TLV_HELLO_TARGETED] =
	FLAG("ldp.msg.tlv.hello.targeted", "Targeted hello", 2, 0x8000),
    [LDP_MSG_TLV_HELLO_REQUESTED] =
	FLAG("ldp.msg.tlv.hello.requested", "Hello requested", 2, 0x4000),
    [LDP_MSG_TLV_HELLO_GTSM] =
	FLAG("ldp.msg.tlv.hello.gtsm", "GTSM flag", 2, 0x2000),
    [LDP_MSG_TLV_HELLO_RES] = {"ldp.msg.tlv.hello.res", "Reserved",
			       .mask = 0x1fff, .type = FIELD_UINT, .width = 2,
			       .flags = FIELD_HEX, .digits = 4},
    [LDP_MSG_TLV_IPV4_TADDR] =
	IPV4("ldp.msg.tlv.ipv4.taddr", "IPv4 transport address", 0),
    [LDP_MSG_TLV_HELLO_CNF_SEQNO] = UINT("ldp.msg.tlv.hello.cnf_seqno",
					 "Configuration sequence number", 4, 0),
    [LDP_MSG_TLV_SESS_VER] =
	UINT("ldp.msg.tlv.sess.ver", "Session protocol version", 2, 0),
    [LDP_MSG_TLV_SESS_KA] =
	UINT("ldp.msg.tlv.sess.ka", "Session KeepAlive time", 2, 0),
    [LDP_MSG_TLV_SESS_ADVBIT] =
	FLAG("ldp.msg.tlv.sess.advbit",
	     "Session label advertisement discipline", 1, 0x80),
    [LDP_MSG_TLV_SESS_LDETBIT] =
	FLAG("ldp.msg.tlv.sess.ldetbit", "Session loop detection", 1, 0x40),
    [LDP_MSG_TLV_SESS_PVLIM] =
	UINT("ldp.msg.tlv.sess.pvlim", "Session path vector limit", 1, 0),
    [LDP_MSG_TLV_SESS_MXPDU] =
	UINT("ldp.msg.tlv.sess.mxpdu", "Session max PDU length", 2, 0),
    [LDP_MSG_TLV_SESS_RXLSR] =
	IPV4("ldp.msg.tlv.sess.rxlsr", "Session receiver LSR identifier", 0),
    [LDP_MSG_TLV_SESS_RXLS] =
	UINT("ldp.msg.tlv.sess.rxls", "Session receiver label space identifier",
	     2, 0),
    [LDP_MSG_TLV_GENERIC_LABEL] =
	BITS("ldp.msg.tlv.generic.label", "Generic label", 4, 0xfffff, 0),
    [LDP_MSG_TLV_STATUS_EBIT] =
	FLAG("ldp.msg.tlv.status.ebit", "E bit", 4, 0x80000000),
    [LDP_MSG_TLV_STATUS_FBIT] =
	FLAG("ldp.msg.tlv.status.fbit", "F bit", 4, 0x40000000),
    [LDP_MSG_TLV_STATUS_DATA] = {"ldp.msg.tlv.status.data", "Status data",
				 .mask = 0x3fffffff, .type = FIELD_UINT,
				 .width = 4, .flags = FIELD_HEX, .digits = 8},
    [LDP_MSG_TLV_STATUS_MSG_ID] =
	UINT("ldp.msg.tlv.status.msg.id", "Message id", 4, FIELD_HEX),
    [LDP_MSG_TLV_STATUS_MSG_TYPE] =
	UINT("ldp.msg.tlv.status.msg.type", "Message type", 2, FIELD_HEX),
};

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned word;

	switch (type) {
	case 0x0400:
		take(d, c, &fields[LDP_MSG_TLV_HELLO_HOLD]);
		if (!cur_has(c, 2))
			return;
		word = cur_be16(c);
		add_bits_rows(d, &fields[LDP_MSG_TLV_HELLO_TARGETED],
			      &fields[LDP_MSG_TLV_HELLO_RES], word);
		break;
	case 0x0401:
		take(d, c, &fields[LDP_MSG_TLV_IPV4_TADDR]);
		break;
	case 0x0402:
		take(d, c, &fields[LDP_MSG_TLV_HELLO_CNF_SEQNO]);
		break;
	case 0x0500:
		take_rows(d, c, &fields[LDP_MSG_TLV_SESS_VER],
			  &fields[LDP_MSG_TLV_SESS_KA]);
		if (!cur_has(c, 1))
			return;
		word = cur_u8(c);
		add_bits_rows(d, &fields[LDP_MSG_TLV_SESS_ADVBIT],
			      &fields[LDP_MSG_TLV_SESS_LDETBIT], word);
		take_rows(d, c, &fields[LDP_MSG_TLV_SESS_PVLIM],
			  &fields[LDP_MSG_TLV_SESS_RXLS]);
		break;
	case 0x0200:
		take(d, c, &fields[LDP_MSG_TLV_GENERIC_LABEL]);
		break;
	case 0x0300:
		if (!cur_has(c, 4))
			return;
		word = cur_be32(c);
		add_bits_rows(d, &fields[LDP_MSG_TLV_STATUS_EBIT],
			      &fields[LDP_MSG_TLV_STATUS_DATA], word);
		take_rows(d, c, &fields[LDP_MSG_TLV_STATUS_MSG_ID],
			  &fields[LDP_MSG_TLV_STATUS_MSG_TYPE]);
		break;
	}
}

static void decode_tlvs(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned word;

	while (c->state == CUR_OK && c->claim >= 4) {
		word = cur_be16(c);
		add_bits(d, &fields[LDP_MSG_TLV_UNKNOWN], word >> 8);
		add_bits(d, &fields[LDP_MSG_TLV_TYPE], word);
		body =
		    cur_part(c, (size_t)take(d, c, &fields[LDP_MSG_TLV_LEN]));
		decode_tlv(d, &body, word & 0x3fff);
	}
}

static void decode_messages(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned word, len;

	while (c->state == CUR_OK && c->claim >= 8) {
		if (!cur_has(c, 4))
			return;
		len = cur_peek16(c, 2);
		if (len < MESSAGE_ID_LEN)
			cur_bad(c);
		if (!cur_has(c, 4 + (size_t)len)) /* as a whole or not at all */
			return;
		word = cur_be16(c);
		add_bits_rows(d, &fields[LDP_MSG_UBIT], &fields[LDP_MSG_TYPE],
			      word);
		take_rows(d, c, &fields[LDP_MSG_LEN], &fields[LDP_MSG_ID]);
		body = cur_part(c, len - MESSAGE_ID_LEN);
		decode_tlvs(d, &body);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur unit, look;
	unsigned len;

	while (c->state == CUR_OK && c->claim >= 10) {
		look = *c;
		/* in TCP, the middle of a unit looks like anything */
		if (cur_be16(&look) != 1 || (len = cur_be16(&look)) < ID_LEN)
			return;
		take(d, c, &fields[LDP_HDR_VERSION]);
		take(d, c, &fields[LDP_HDR_PDU_LEN]);
		take_rows(d, c, &fields[LDP_HDR_LDPID_LSR],
			  &fields[LDP_HDR_LDPID_LSID]);
		unit = cur_part(c, len - ID_LEN < c->claim ? len - ID_LEN
							   : c->claim);
		decode_messages(d, &unit);
	}
}

static bool message(struct cur c, struct framing *f)
{
	size_t left = cur_left(&c);
	unsigned version, len;

	if (left < 4)
		return false;
	version = cur_be16(&c);
	len = cur_be16(&c);
	f->size = version == 1 && len >= ID_LEN ? 4u + len : left;
	return true;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *before = "";
	unsigned len = 0;

	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case LDP_HDR_PDU_LEN:
			len = (unsigned)v->num;
			break;
		case LDP_HDR_LDPID_LSR:
			summary_printf(l, "%sLDP, Label-Space-ID: ", before);
			summary_ip4(l, (uint32_t)v->num);
			before = "; ";
			break;
		case LDP_HDR_LDPID_LSID:
			summary_printf(l, ":%u, pdu-length: %u",
				       (unsigned)v->num, len);
			break;
		case LDP_MSG_TYPE:
			summary_printf(
			    l, ", %s",
			    names_or(message_names, v->num, "unknown"));
			break;
		}
	}
	if (!*before)
		summary_printf(l, "LDP, length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, PORT}, {KEY_TCP_PORT, PORT}};

const struct proto proto_ldp = {
    "ldp",
    "Label Distribution Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
