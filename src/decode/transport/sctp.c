/*
 * SCTP (RFC 9260): a header, then chunks.
 *
 *	+----------------+----------------+
 *	| source port    | destination    |
 *	+----------------+----------------+
 *	| verification tag                |
 *	+---------------------------------+
 *	| checksum                        |
 *	+--------+-------+----------------+
 *	| type   | flags | length         |	of each chunk, padded to 4
 */
#include "decode/proto.h"

enum {
	SCTP_SRCPORT,
	SCTP_DSTPORT,
	SCTP_TAG,
	SCTP_CHECKSUM,
	SCTP_CHUNK_TYPE,
	SCTP_CHUNK_FLAGS,
	SCTP_CHUNK_LENGTH,
	SCTP_DATA_TSN,
	SCTP_DATA_SID,
	SCTP_DATA_SSN,
	SCTP_DATA_PPID,
	SCTP_INIT_TAG,
	SCTP_INIT_CREDIT,
	SCTP_INIT_OUT,
	SCTP_INIT_IN,
	SCTP_INIT_TSN,
	SCTP_INITACK_TAG, /* these in the same order */
	SCTP_INITACK_CREDIT,
	SCTP_INITACK_OUT,
	SCTP_INITACK_IN,
	SCTP_INITACK_TSN,
	SCTP_SACK_TSN,
	SCTP_SACK_RWND,
};

enum { DATA, INIT, INIT_ACK, SACK };

static const struct names chunk_names[] = {
    {0, "DATA"},   {1, "INIT"},		  {2, "INIT ACK"},
    {3, "SACK"},   {4, "HB REQ"},	  {5, "HB ACK"},
    {6, "ABORT"},  {7, "SHUTDOWN"},	  {8, "SHUTDOWN ACK"},
    {9, "OP ERR"}, {10, "COOKIE ECHO"},	  {11, "COOKIE ACK"},
    {12, "ECNE"},  {13, "CWR"},		  {14, "SHUTDOWN COMPLETE"},
    {15, "AUTH"},  {64, "I-DATA"},	  {0x80, "ASCONF-ACK"},
    {0x84, "PAD"}, {0xc0, "FORWARD TSN"}, {0xc1, "ASCONF"},
    {0, NULL},
};

#define UINT(index, nm, tt, bytes, more)                                       \
	[index] = {"sctp." nm, tt, .type = FIELD_UINT, .width = (bytes),       \
		   .flags = (more)}

static const struct field fields[] = {
    UINT(SCTP_SRCPORT, "srcport", "Source port", 2, FIELD_LINE),
    UINT(SCTP_DSTPORT, "dstport", "Destination port", 2, FIELD_LINE),
    UINT(SCTP_TAG, "verification_tag", "Verification tag", 4, FIELD_HEX),
    UINT(SCTP_CHECKSUM, "checksum", "Checksum", 4, FIELD_HEX),
    [SCTP_CHUNK_TYPE] = {"sctp.chunk_type", "Chunk type", chunk_names,
			 .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    UINT(SCTP_CHUNK_FLAGS, "chunk_flags", "Chunk flags", 1,
	 FIELD_HEX | FIELD_LINE),
    UINT(SCTP_CHUNK_LENGTH, "chunk_length", "Chunk length", 2, FIELD_LINE),
    UINT(SCTP_DATA_TSN, "data_tsn_raw", "Transmission sequence number", 4,
	 FIELD_LINE),
    UINT(SCTP_DATA_SID, "data_sid", "Stream id", 2, FIELD_HEX | FIELD_LINE),
    UINT(SCTP_DATA_SSN, "data_ssn", "Stream sequence number", 2, FIELD_LINE),
    UINT(SCTP_DATA_PPID, "data_payload_proto_id", "Payload protocol", 4,
	 FIELD_LINE),
    UINT(SCTP_INIT_TAG, "init_initiate_tag", "Initiate tag", 4,
	 FIELD_HEX | FIELD_LINE),
    UINT(SCTP_INIT_CREDIT, "init_credit", "Advertised window", 4, FIELD_LINE),
    UINT(SCTP_INIT_OUT, "init_nr_out_streams", "Outbound streams", 2,
	 FIELD_LINE),
    UINT(SCTP_INIT_IN, "init_nr_in_streams", "Inbound streams", 2, FIELD_LINE),
    UINT(SCTP_INIT_TSN, "init_initial_tsn", "Initial TSN", 4, FIELD_LINE),
    UINT(SCTP_INITACK_TAG, "initack_initiate_tag", "Initiate tag", 4,
	 FIELD_HEX | FIELD_LINE),
    UINT(SCTP_INITACK_CREDIT, "initack_credit", "Advertised window", 4,
	 FIELD_LINE),
    UINT(SCTP_INITACK_OUT, "initack_nr_out_streams", "Outbound streams", 2,
	 FIELD_LINE),
    UINT(SCTP_INITACK_IN, "initack_nr_in_streams", "Inbound streams", 2,
	 FIELD_LINE),
    UINT(SCTP_INITACK_TSN, "initack_initial_tsn", "Initial TSN", 4, FIELD_LINE),
    UINT(SCTP_SACK_TSN, "sack_cumulative_tsn_ack_raw", "Cumulative TSN", 4,
	 FIELD_LINE),
    UINT(SCTP_SACK_RWND, "sack_a_rwnd", "Advertised window", 4, FIELD_LINE),
};

static void decode_chunk(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[SCTP_CHUNK_TYPE]), len, i;
	struct cur body;

	take(d, c, &fields[SCTP_CHUNK_FLAGS]);
	len = (unsigned)take(d, c, &fields[SCTP_CHUNK_LENGTH]);
	if (len < 4) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, len - 4);
	/* the last chunk's padding may be missing */
	cur_skip(c, (-len & 3) < c->claim ? -len & 3 : c->claim);
	switch (type) {
	case DATA:
		for (i = SCTP_DATA_TSN; i <= SCTP_DATA_PPID; i++)
			take(d, &body, &fields[i]);
		break;
	case INIT:
	case INIT_ACK:
		for (i = SCTP_INIT_TAG; i <= SCTP_INIT_TSN; i++)
			take(d, &body,
			     &fields[type == INIT ? i
						  : i + SCTP_INITACK_TAG -
							SCTP_INIT_TAG]);
		break;
	case SACK:
		take(d, &body, &fields[SCTP_SACK_TSN]);
		take(d, &body, &fields[SCTP_SACK_RWND]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[SCTP_SRCPORT]);
	d->layer->port = (uint16_t)take(d, c, &fields[SCTP_DSTPORT]);
	take(d, c, &fields[SCTP_TAG]);
	take(d, c, &fields[SCTP_CHECKSUM]);
	while (c->state == CUR_OK && c->claim >= 4)
		decode_chunk(d, c);
}

static void chunk_line(struct summary *l, const struct value *v,
		       const struct value *end, unsigned count)
{
	const char *name = names_get(chunk_names, v->num);

	summary_printf(l, l->o->verbose ? "\n\t(%u) " : " (%u) ", count);
	if (name)
		summary_printf(l, "[%s]", name);
	else
		summary_printf(l, "[Unknown chunk type: 0x%x]",
			       (unsigned)v->num);
	for (v++; v < end && summary_index(l, v) != SCTP_CHUNK_TYPE; v++) {
		unsigned num = (unsigned)v->num;

		switch (summary_index(l, v)) {
		case SCTP_DATA_TSN:
			summary_printf(l, " [TSN: %u]", num);
			break;
		case SCTP_DATA_SID:
			summary_printf(l, " [SID: %u]", num);
			break;
		case SCTP_DATA_SSN:
			summary_printf(l, " [SSEQ %u]", num);
			break;
		case SCTP_DATA_PPID:
			summary_printf(l, " [PPID 0x%x]", num);
			break;
		case SCTP_INIT_TAG:
		case SCTP_INITACK_TAG:
			summary_printf(l, " [init tag: %u]", num);
			break;
		case SCTP_INIT_CREDIT:
		case SCTP_INITACK_CREDIT:
		case SCTP_SACK_RWND:
			summary_printf(l, " [rwnd: %u]", num);
			break;
		case SCTP_INIT_OUT:
		case SCTP_INITACK_OUT:
			summary_printf(l, " [OS: %u]", num);
			break;
		case SCTP_INIT_IN:
		case SCTP_INITACK_IN:
			summary_printf(l, " [MIS: %u]", num);
			break;
		case SCTP_INIT_TSN:
		case SCTP_INITACK_TSN:
			summary_printf(l, " [init TSN: %u]", num);
			break;
		case SCTP_SACK_TSN:
			summary_printf(l, " [cum ack %u]", num);
			break;
		}
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned count = 0;

	if (!summary_value(l, SCTP_DSTPORT)) {
		summary_hosts(l);
		summary_mark(l);
		return;
	}
	summary_ports(l, false, (uint16_t)summary_num(l, SCTP_SRCPORT),
		      (uint16_t)summary_num(l, SCTP_DSTPORT));
	summary_puts(l, "sctp");
	for (; v < end; v++)
		if (summary_index(l, v) == SCTP_CHUNK_TYPE)
			chunk_line(l, v, end, ++count);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_IPPROTO, 132}};

const struct proto proto_sctp = {
    "sctp",
    "Stream Control Transmission Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
