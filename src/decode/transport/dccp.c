/*
 * Datagram congestion control (RFC 4340).
 *
 *	ports (2 each), data offset in words (1), CCVal and coverage (1),
 *	checksum (2), reserved, type, X (1); with X: reserved (1), sequence (6),
 *	else sequence (3); acknowledged, as long, of most types; what the type
 *	has; options
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	DCCP_SRCPORT,
	DCCP_DSTPORT,
	DCCP_DATA_OFFSET,
	DCCP_CCVAL,
	DCCP_CSCOV,
	DCCP_CHECKSUM,
	DCCP_RES1,
	DCCP_TYPE,
	DCCP_X,
	DCCP_SEQ_RAW,
	DCCP_ACK_RAW,
	DCCP_SERVICE_CODE,
	DCCP_RESET_CODE,
	DCCP_DATA1,
	DCCP_DATA2,
	DCCP_DATA3,
	DCCP_OPTION_TYPE,
};

enum { REQUEST, RESPONSE, DATA, ACK, DATA_ACK, CLOSE_REQUEST, CLOSE, RESET };

static const struct names type_names[] = {
    {REQUEST, "DCCP-Request"},
    {RESPONSE, "DCCP-Response"},
    {DATA, "DCCP-Data"},
    {ACK, "DCCP-Ack"},
    {DATA_ACK, "DCCP-DataAck"},
    {CLOSE_REQUEST, "DCCP-CloseReq"},
    {CLOSE, "DCCP-Close"},
    {RESET, "DCCP-Reset"},
    {8, "DCCP-Sync"},
    {9, "DCCP-SyncAck"},
    {0, NULL},
};

static const struct names reset_names[] = {
    {0, "unspecified"},
    {1, "closed"},
    {2, "aborted"},
    {3, "no_connection"},
    {4, "packet_error"},
    {5, "option_error"},
    {6, "mandatory_error"},
    {7, "connection_refused"},
    {8, "bad_service_code"},
    {9, "too_busy"},
    {10, "bad_init_cookie"},
    {11, "aggression_penalty"},
    {0, NULL},
};

static const struct field fields[] = {
    [DCCP_SRCPORT] = UINT("dccp.srcport", "Source port", 2, FIELD_LINE),
    [DCCP_DSTPORT] = UINT("dccp.dstport", "Destination port", 2, FIELD_LINE),
    [DCCP_DATA_OFFSET] = UINT("dccp.data_offset", "Data offset", 1, 0),
    [DCCP_CCVAL] = BITS("dccp.ccval", "CCVal", 1, 0xf0, 0),
    [DCCP_CSCOV] = BITS("dccp.cscov", "Checksum coverage", 1, 0xf, 0),
    [DCCP_CHECKSUM] = UINT("dccp.checksum", "Checksum", 2, FIELD_HEX),
    [DCCP_RES1] = {"dccp.res1", "Reserved", .mask = 0xe0, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_HEX, .digits = 2},
    [DCCP_TYPE] = {"dccp.type", "Type", type_names, .mask = 0x1e,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [DCCP_X] = FLAG("dccp.x", "Extended sequence numbers", 1, 0x1),
    [DCCP_SEQ_RAW] =
	UINT("dccp.seq_raw", "Sequence number (raw)", 8, FIELD_LINE),
    [DCCP_ACK_RAW] =
	UINT("dccp.ack_raw", "Acknowledgement number (raw)", 8, FIELD_LINE),
    [DCCP_SERVICE_CODE] =
	UINT("dccp.service_code", "Service code", 4, FIELD_LINE),
    [DCCP_RESET_CODE] =
	NAMED("dccp.reset_code", "Reset code", 1, FIELD_LINE, reset_names),
    [DCCP_DATA1] = UINT("dccp.data1", "Data 1", 1, 0),
    [DCCP_DATA2] = UINT("dccp.data2", "Data 2", 1, 0),
    [DCCP_DATA3] = UINT("dccp.data3", "Data 3", 1, 0),
    [DCCP_OPTION_TYPE] = UINT("dccp.option_type", "Option type", 1, 0),
};

/* A sequence number of 24 bits, or 48. */
static void take_number(struct dissect *d, struct cur *c, unsigned field,
			bool wide)
{
	uint64_t num;

	if (!cur_has(c, wide ? 6 : 3))
		return;
	num = cur_be16(c);
	if (wide)
		num = num << 32 | cur_be32(c);
	else
		num = num << 8 | cur_u8(c);
	add_uint(d, &fields[field], num);
}

static void decode_options(struct dissect *d, struct cur *c)
{
	unsigned type, len;

	while (c->state == CUR_OK && c->claim > 0) {
		type = (unsigned)take(d, c, &fields[DCCP_OPTION_TYPE]);
		/* the first 32 are one byte long */
		if (type < 32)
			continue;
		len = cur_u8(c);
		if (len < 2) {
			cur_bad(c);
			return;
		}
		cur_skip(c, len - 2);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur start = *c, header;
	unsigned len, word, type;
	uint16_t dst;
	bool wide;

	take(d, c, &fields[DCCP_SRCPORT]);
	dst = (uint16_t)take(d, c, &fields[DCCP_DSTPORT]);
	d->layer->port = dst;
	len = (unsigned)take(d, c, &fields[DCCP_DATA_OFFSET]) * 4;
	if (!cur_has(c, 1))
		return;
	word = cur_u8(c);
	add_bits_rows(d, &fields[DCCP_CCVAL], &fields[DCCP_CSCOV], word);
	take(d, c, &fields[DCCP_CHECKSUM]);
	if (!cur_has(c, 1))
		return;
	word = cur_u8(c);
	add_bits_rows(d, &fields[DCCP_RES1], &fields[DCCP_X], word);
	type = word >> 1 & 15;
	wide = word & 1;
	if (len < 12) {
		cur_bad(c);
		return;
	}
	header = cur_part(&start, len);
	cur_skip(&header, wide ? 10 : 9);
	take_number(d, &header, DCCP_SEQ_RAW, wide);
	if (type != REQUEST && type != DATA) {
		cur_skip(&header, wide ? 2 : 1);
		take_number(d, &header, DCCP_ACK_RAW, wide);
	}
	if (type == REQUEST || type == RESPONSE)
		take(d, &header, &fields[DCCP_SERVICE_CODE]);
	else if (type == RESET)
		take_rows(d, &header, &fields[DCCP_RESET_CODE],
			  &fields[DCCP_DATA3]);
	decode_options(d, &header);
	*c = start;
	if (header.state != CUR_OK)
		c->state = header.state;
	else if (c->claim > 0)
		next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	if (!summary_has(&got, DCCP_DSTPORT)) {
		summary_hosts(l);
		summary_mark(l);
		return;
	}
	summary_ports(l, false, (uint16_t)got.v[DCCP_SRCPORT].num,
		      (uint16_t)got.v[DCCP_DSTPORT].num);
	summary_printf(l, "DCCP %s",
		       names_or(type_names, got.v[DCCP_TYPE].num, "unknown"));
	if (summary_has(&got, DCCP_SERVICE_CODE))
		summary_printf(l, " (service=%u)",
			       (unsigned)got.v[DCCP_SERVICE_CODE].num);
	if (summary_has(&got, DCCP_RESET_CODE))
		summary_printf(l, " (code=%s)",
			       names_or(reset_names, got.v[DCCP_RESET_CODE].num,
					"unknown"));
	if (summary_has(&got, DCCP_ACK_RAW))
		summary_printf(l, " (ack=%llu)",
			       (unsigned long long)got.v[DCCP_ACK_RAW].num);
	if (summary_has(&got, DCCP_SEQ_RAW))
		summary_printf(l, " seq %llu",
			       (unsigned long long)got.v[DCCP_SEQ_RAW].num);
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_IPPROTO, 33}};

const struct proto proto_dccp = {
    "dccp",
    "Datagram Congestion Control Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
