/*
 * Cisco's enhanced interior gateway routing protocol (RFC 7868): header and
 * the types of its elements, with parameters and software versions.
 *
 *	version (1), operation (1), checksum (2), flags (4), sequence number
 *	(4), acknowledged (4), virtual router (2), autonomous system (2), then
 *	elements of type (2), length (2), value
 */
#include "decode/lib/rows.h"

enum {
	EIGRP_VERSION,
	EIGRP_OPCODE,
	EIGRP_CHECKSUM,
	EIGRP_FLAGS,
	EIGRP_FLAGS_INIT,
	EIGRP_FLAGS_CONDRECV,
	EIGRP_FLAGS_RESTART,
	EIGRP_FLAGS_EOT,
	EIGRP_SEQ,
	EIGRP_ACK,
	EIGRP_VRID,
	EIGRP_AS,
	EIGRP_TLV_TYPE,
	EIGRP_TLV_LEN,
	EIGRP_PAR_K1,
	EIGRP_PAR_K2,
	EIGRP_PAR_K3,
	EIGRP_PAR_K4,
	EIGRP_PAR_K5,
	EIGRP_PAR_K6,
	EIGRP_PAR_HOLDTIME,
	EIGRP_IPV4_NEXTHOP,
	EIGRP_OLD_METRIC_DELAY,
	EIGRP_OLD_METRIC_BW,
	EIGRP_OLD_METRIC_MTU,
	EIGRP_OLD_METRIC_HOPCOUNT,
	EIGRP_OLD_METRIC_REL,
	EIGRP_OLD_METRIC_LOAD,
	EIGRP_OLD_METRIC_INTAG,
};

enum {
	HEADER_LEN = 20,
	TLV_HEADER = 4,
	TLV_PARAMETERS = 1,
	TLV_INTERNAL = 0x102
};

static const struct names opcode_names[] = {
    {1, "Update"},     {2, "Request"},	  {3, "Query"}, {4, "Reply"},
    {5, "Hello"},      {6, "IPX SAP"},	  {7, "Probe"}, {8, "Ack"},
    {10, "SIA Query"}, {11, "SIA Reply"}, {0, NULL},
};

static const struct names tlv_names[] = {
    {0x0001, "Parameters"},
    {0x0002, "Authentication"},
    {0x0003, "Sequence"},
    {0x0004, "Software version"},
    {0x0005, "Next multicast sequence"},
    {0x0006, "Peer stub information"},
    {0x0007, "Peer termination"},
    {0x0008, "Peer topology identifiers"},
    {0x0102, "IPv4 internal route"},
    {0x0103, "IPv4 external route"},
    {0x0104, "IPv4 community"},
    {0x0402, "IPv6 internal route"},
    {0x0403, "IPv6 external route"},
    {0x0404, "IPv6 community"},
    {0x0602, "Multiprotocol internal route"},
    {0x0603, "Multiprotocol external route"},
    {0, NULL},
};

static const struct field fields[] = {
    [EIGRP_VERSION] = UINT("eigrp.version", "Version", 1, 0),
    [EIGRP_OPCODE] =
	NAMED("eigrp.opcode", "Opcode", 1, FIELD_LINE, opcode_names),
    [EIGRP_CHECKSUM] = UINT("eigrp.checksum", "Checksum", 2, FIELD_HEX),
    [EIGRP_FLAGS] = UINT("eigrp.flags", "Flags", 4, FIELD_HEX),
    [EIGRP_FLAGS_INIT] = FLAG("eigrp.flags.init", "Init", 4, 0x1),
    [EIGRP_FLAGS_CONDRECV] =
	FLAG("eigrp.flags.condrecv", "Conditional receive", 4, 0x2),
    [EIGRP_FLAGS_RESTART] = FLAG("eigrp.flags.restart", "Restart", 4, 0x4),
    [EIGRP_FLAGS_EOT] = FLAG("eigrp.flags.eot", "End of table", 4, 0x8),
    [EIGRP_SEQ] = UINT("eigrp.seq", "Sequence", 4, 0),
    [EIGRP_ACK] = UINT("eigrp.ack", "Acknowledge", 4, 0),
    [EIGRP_VRID] = UINT("eigrp.vrid", "Virtual router id", 2, 0),
    [EIGRP_AS] = UINT("eigrp.as", "Autonomous system", 2, 0),
    [EIGRP_TLV_TYPE] = NAMED("eigrp.tlv_type", "Type", 2, FIELD_HEX, tlv_names),
    [EIGRP_TLV_LEN] = UINT("eigrp.tlv.len", "Length", 2, 0),
    [EIGRP_PAR_K1] = UINT("eigrp.par.k1", "K1", 1, 0),
    [EIGRP_PAR_K2] = UINT("eigrp.par.k2", "K2", 1, 0),
    [EIGRP_PAR_K3] = UINT("eigrp.par.k3", "K3", 1, 0),
    [EIGRP_PAR_K4] = UINT("eigrp.par.k4", "K4", 1, 0),
    [EIGRP_PAR_K5] = UINT("eigrp.par.k5", "K5", 1, 0),
    [EIGRP_PAR_K6] = UINT("eigrp.par.k6", "K6", 1, 0),
    [EIGRP_PAR_HOLDTIME] = UINT("eigrp.par.holdtime", "Hold time", 2, 0),
    [EIGRP_IPV4_NEXTHOP] = IPV4("eigrp.ipv4.nexthop", "NextHop", 0),
    [EIGRP_OLD_METRIC_DELAY] =
	UINT("eigrp.old_metric.delay", "Scaled delay", 4, 0),
    [EIGRP_OLD_METRIC_BW] = UINT("eigrp.old_metric.bw", "Scaled BW", 4, 0),
    [EIGRP_OLD_METRIC_MTU] = UINT("eigrp.old_metric.mtu", "MTU", 3, 0),
    [EIGRP_OLD_METRIC_HOPCOUNT] =
	UINT("eigrp.old_metric.hopcount", "Hop count", 1, 0),
    [EIGRP_OLD_METRIC_REL] = UINT("eigrp.old_metric.rel", "Reliability", 1, 0),
    [EIGRP_OLD_METRIC_LOAD] = UINT("eigrp.old_metric.load", "Load", 1, 0),
    [EIGRP_OLD_METRIC_INTAG] =
	UINT("eigrp.old_metric.intag", "Route tag", 1, 0),
};

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case TLV_PARAMETERS:
		take_rows(d, c, &fields[EIGRP_PAR_K1],
			  &fields[EIGRP_PAR_HOLDTIME]);
		break;
	case TLV_INTERNAL:
		take_rows(d, c, &fields[EIGRP_IPV4_NEXTHOP],
			  &fields[EIGRP_OLD_METRIC_INTAG]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	take_rows(d, c, &fields[EIGRP_VERSION], &fields[EIGRP_CHECKSUM]);
	take_bits(d, c, &fields[EIGRP_FLAGS], &fields[EIGRP_FLAGS_EOT]);
	take_rows(d, c, &fields[EIGRP_SEQ], &fields[EIGRP_AS]);
	while (c->state == CUR_OK && c->claim >= TLV_HEADER) {
		type = (unsigned)take(d, c, &fields[EIGRP_TLV_TYPE]);
		len = (unsigned)take(d, c, &fields[EIGRP_TLV_LEN]);
		if (len < TLV_HEADER) {
			cur_bad(c);
			return;
		}
		body = cur_part(c, len - TLV_HEADER);
		decode_tlv(d, &body, type);
	}
}

static void summary(struct summary *l)
{
	const struct value *opcode = summary_value(l, EIGRP_OPCODE);

	if (!opcode) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "EIGRP %s, length: %u",
		       names_or(opcode_names, opcode->num, "unknown"),
		       l->layer->len > HEADER_LEN ? l->layer->len - HEADER_LEN
						  : 0);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_IPPROTO, 88}};

const struct proto proto_eigrp = {
    "eigrp",
    "Enhanced Interior Gateway Routing Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
