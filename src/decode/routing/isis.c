/*
 * IS-IS (ISO/IEC 10589, RFC 1195): headers of hellos, link state packets and
 * sequence number packets, and the types of their elements.
 *
 *	discriminator (1) = 0x83, header length (1), version (1), id length
 *	(1), type (1), version (1), reserved (1), areas (1), then what the type
 *	has, and elements of type (1), length (1), value
 */
#include "decode/lib/rows.h"

enum {
	ISIS_IRPD,
	ISIS_LEN,
	ISIS_VERSION,
	ISIS_SYSID_LEN,
	ISIS_TYPE,
	ISIS_VERSION2,
	ISIS_RESERVED,
	ISIS_MAX_AREA_ADR,
	ISIS_HELLO_CIRCUIT_TYPE,
	ISIS_HELLO_SOURCE_ID,
	ISIS_HELLO_HOLDING_TIMER,
	ISIS_HELLO_PDU_LENGTH,
	ISIS_HELLO_PRIORITY,
	ISIS_HELLO_LAN_ID,
	ISIS_HELLO_LOCAL_CIRCUIT_ID,
	ISIS_HELLO_CLV_TYPE,
	ISIS_HELLO_CLV_LENGTH,
	ISIS_HELLO_AREA_ADDRESS,
	ISIS_HELLO_CLV_NLPID_NLPID,
	ISIS_HELLO_CLV_IPV4_INT_ADDR,
	ISIS_LSP_PDU_LENGTH,
	ISIS_LSP_REMAINING_LIFE,
	ISIS_LSP_LSP_ID,
	ISIS_LSP_SEQUENCE_NUMBER,
	ISIS_LSP_CHECKSUM,
	ISIS_LSP_PARTITION_REPAIR,
	ISIS_LSP_ATT,
	ISIS_LSP_OVERLOAD,
	ISIS_LSP_IS_TYPE,
	ISIS_LSP_CLV_TYPE,
	ISIS_LSP_CLV_LENGTH,
	ISIS_LSP_AREA_ADDRESS,
	ISIS_LSP_CLV_NLPID_NLPID,
	ISIS_LSP_CLV_IPV4_INT_ADDR,
	ISIS_LSP_HOSTNAME,
	ISIS_CSNP_PDU_LENGTH,
	ISIS_CSNP_SOURCE_ID,
	ISIS_CSNP_SOURCE_CIRCUIT,
	ISIS_CSNP_START_LSP_ID,
	ISIS_CSNP_END_LSP_ID,
	ISIS_CSNP_CLV_TYPE,
	ISIS_CSNP_CLV_LENGTH,
	ISIS_PSNP_PDU_LENGTH,
	ISIS_PSNP_SOURCE_ID,
	ISIS_PSNP_SOURCE_CIRCUIT,
	ISIS_PSNP_CLV_TYPE,
	ISIS_PSNP_CLV_LENGTH,
};

enum {
	L1_HELLO = 15,
	L2_HELLO = 16,
	P2P_HELLO = 17,
	L1_LSP = 18,
	L2_LSP = 20,
	L1_CSNP = 24,
	L2_CSNP = 25,
	L1_PSNP = 26,
	L2_PSNP = 27
};
enum {
	TLV_AREAS = 1,
	TLV_PROTOCOLS = 129,
	TLV_ADDRESSES = 132,
	TLV_HOSTNAME = 137
};
enum { HEADER_LEN = 8, SYSTEM_ID = 6, NODE_ID = 7, LSP_ID = 8 };

static const struct names type_names[] = {
    {L1_HELLO, "L1 Lan IIH"}, {L2_HELLO, "L2 Lan IIH"},
    {P2P_HELLO, "p2p IIH"},   {L1_LSP, "L1 LSP"},
    {L2_LSP, "L2 LSP"},	      {L1_CSNP, "L1 CSNP"},
    {L2_CSNP, "L2 CSNP"},     {L1_PSNP, "L1 PSNP"},
    {L2_PSNP, "L2 PSNP"},     {0, NULL},
};

static const struct names circuit_names[] = {
    {1, "Level 1"}, {2, "Level 2"}, {3, "Levels 1 and 2"}, {0, NULL}};

static const struct names tlv_names[] = {
    {1, "Area addresses"},
    {2, "IS neighbours"},
    {3, "ES neighbours"},
    {4, "Partition designated level 2 IS"},
    {5, "Prefix neighbours"},
    {6, "IS neighbours"},
    {7, "IS neighbours, variable length"},
    {8, "Padding"},
    {9, "LSP entries"},
    {10, "Authentication"},
    {12, "Checksum"},
    {13, "Purge originator"},
    {14, "LSP buffer size"},
    {15, "Router fingerprint"},
    {22, "Extended IS reachability"},
    {23, "IS neighbour attributes"},
    {128, "IP internal reachability"},
    {129, "Protocols supported"},
    {130, "IP external reachability"},
    {131, "Inter-domain routing information"},
    {132, "IP interface addresses"},
    {134, "Traffic engineering router id"},
    {135, "Extended IP reachability"},
    {137, "Host name"},
    {138, "Shared risk link group"},
    {140, "IPv6 traffic engineering router id"},
    {143, "Multitopology capability"},
    {144, "Multitopology IS neighbours"},
    {211, "Restart signalling"},
    {222, "Multitopology IS reachability"},
    {229, "Multitopology"},
    {232, "IPv6 interface addresses"},
    {233, "IPv6 global interface addresses"},
    {235, "Multitopology IP reachability"},
    {236, "IPv6 reachability"},
    {237, "Multitopology IPv6 reachability"},
    {240, "Point-to-point adjacency state"},
    {242, "Router capability"},
    {0, NULL},
};

/* By kind of packet: its element fields; 0: it has none of these. */
struct kind {
	uint8_t tlv_type, tlv_len, area, nlpid, address, hostname;
};

static const struct kind hello_kind = {
    ISIS_HELLO_CLV_TYPE,	  ISIS_HELLO_CLV_LENGTH,
    ISIS_HELLO_AREA_ADDRESS,	  ISIS_HELLO_CLV_NLPID_NLPID,
    ISIS_HELLO_CLV_IPV4_INT_ADDR, 0};
static const struct kind lsp_kind = {
    ISIS_LSP_CLV_TYPE,	      ISIS_LSP_CLV_LENGTH,	  ISIS_LSP_AREA_ADDRESS,
    ISIS_LSP_CLV_NLPID_NLPID, ISIS_LSP_CLV_IPV4_INT_ADDR, ISIS_LSP_HOSTNAME};
static const struct kind csnp_kind = {
    ISIS_CSNP_CLV_TYPE, ISIS_CSNP_CLV_LENGTH, 0, 0, 0, 0};
static const struct kind psnp_kind = {
    ISIS_PSNP_CLV_TYPE, ISIS_PSNP_CLV_LENGTH, 0, 0, 0, 0};

static const struct field fields[] = {
    [ISIS_IRPD] =
	UINT("isis.irpd", "Intradomain routing protocol discriminator", 1,
	     FIELD_HEX),
    [ISIS_LEN] = UINT("isis.len", "Length indicator", 1, 0),
    [ISIS_VERSION] =
	UINT("isis.version", "Version/Protocol id extension", 1, 0),
    [ISIS_SYSID_LEN] = UINT("isis.sysid_len", "ID length", 1, 0),
    [ISIS_TYPE] = {"isis.type", "PDU type", type_names, .mask = 0x1f,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ISIS_VERSION2] = UINT("isis.version2", "Version", 1, 0),
    [ISIS_RESERVED] = UINT("isis.reserved", "Reserved", 1, 0),
    [ISIS_MAX_AREA_ADR] =
	UINT("isis.max_area_adr", "Maximum area addresses", 1, 0),
    [ISIS_HELLO_CIRCUIT_TYPE] = {"isis.hello.circuit_type", "Circuit type",
				 circuit_names, .mask = 0x3, .type = FIELD_UINT,
				 .width = 1, .flags = FIELD_HEX, .digits = 2},
    [ISIS_HELLO_SOURCE_ID] =
	TEXT("isis.hello.source_id", "SystemID {Sender of PDU}", FIELD_LINE),
    [ISIS_HELLO_HOLDING_TIMER] =
	UINT("isis.hello.holding_timer", "Holding timer", 2, 0),
    [ISIS_HELLO_PDU_LENGTH] = UINT("isis.hello.pdu_length", "PDU length", 2, 0),
    [ISIS_HELLO_PRIORITY] =
	BITS("isis.hello.priority", "Priority", 1, 0x7f, FIELD_LINE),
    [ISIS_HELLO_LAN_ID] =
	TEXT("isis.hello.lan_id", "SystemID {Designated IS}", FIELD_LINE),
    [ISIS_HELLO_LOCAL_CIRCUIT_ID] =
	UINT("isis.hello.local_circuit_id", "Local circuit id", 1, 0),
    [ISIS_HELLO_CLV_TYPE] =
	NAMED("isis.hello.clv.type", "Type", 1, 0, tlv_names),
    [ISIS_HELLO_CLV_LENGTH] = UINT("isis.hello.clv.length", "Length", 1, 0),
    [ISIS_HELLO_AREA_ADDRESS] =
	BYTES("isis.hello.area_address", "Area address", 0, 0),
    [ISIS_HELLO_CLV_NLPID_NLPID] =
	UINT("isis.hello.clv_nlpid.nlpid", "NLPID", 1, FIELD_HEX),
    [ISIS_HELLO_CLV_IPV4_INT_ADDR] =
	IPV4("isis.hello.clv_ipv4_int_addr", "IPv4 interface address", 0),
    [ISIS_LSP_PDU_LENGTH] = UINT("isis.lsp.pdu_length", "PDU length", 2, 0),
    [ISIS_LSP_REMAINING_LIFE] =
	UINT("isis.lsp.remaining_life", "Remaining lifetime", 2, FIELD_LINE),
    [ISIS_LSP_LSP_ID] = TEXT("isis.lsp.lsp_id", "LSP-ID", FIELD_LINE),
    [ISIS_LSP_SEQUENCE_NUMBER] =
	UINT("isis.lsp.sequence_number", "Sequence number", 4,
	     FIELD_HEX | FIELD_LINE),
    [ISIS_LSP_CHECKSUM] = UINT("isis.lsp.checksum", "Checksum", 2, FIELD_HEX),
    [ISIS_LSP_PARTITION_REPAIR] =
	FLAG("isis.lsp.partition_repair", "Partition repair", 1, 0x80),
    [ISIS_LSP_ATT] = BITS("isis.lsp.att", "Attachment", 1, 0x78, 0),
    [ISIS_LSP_OVERLOAD] = FLAG("isis.lsp.overload", "Overload bit", 1, 0x4),
    [ISIS_LSP_IS_TYPE] = {"isis.lsp.is_type", "Type of intermediate system",
			  circuit_names, .mask = 0x3, .type = FIELD_UINT,
			  .width = 1, .flags = 0},
    [ISIS_LSP_CLV_TYPE] = NAMED("isis.lsp.clv.type", "Type", 1, 0, tlv_names),
    [ISIS_LSP_CLV_LENGTH] = UINT("isis.lsp.clv.length", "Length", 1, 0),
    [ISIS_LSP_AREA_ADDRESS] =
	BYTES("isis.lsp.area_address", "Area address", 0, 0),
    [ISIS_LSP_CLV_NLPID_NLPID] =
	UINT("isis.lsp.clv_nlpid.nlpid", "NLPID", 1, FIELD_HEX),
    [ISIS_LSP_CLV_IPV4_INT_ADDR] =
	IPV4("isis.lsp.clv_ipv4_int_addr", "IPv4 interface address", 0),
    [ISIS_LSP_HOSTNAME] = TEXT("isis.lsp.hostname", "Hostname", 0),
    [ISIS_CSNP_PDU_LENGTH] = UINT("isis.csnp.pdu_length", "PDU length", 2, 0),
    [ISIS_CSNP_SOURCE_ID] =
	TEXT("isis.csnp.source_id", "Source-ID", FIELD_LINE),
    [ISIS_CSNP_SOURCE_CIRCUIT] =
	BYTES("isis.csnp.source_circuit", "Source-ID-Circuit", 1, 0),
    [ISIS_CSNP_START_LSP_ID] =
	TEXT("isis.csnp.start_lsp_id", "Start LSP-ID", 0),
    [ISIS_CSNP_END_LSP_ID] = TEXT("isis.csnp.end_lsp_id", "End LSP-ID", 0),
    [ISIS_CSNP_CLV_TYPE] = NAMED("isis.csnp.clv.type", "Type", 1, 0, tlv_names),
    [ISIS_CSNP_CLV_LENGTH] = UINT("isis.csnp.clv.length", "Length", 1, 0),
    [ISIS_PSNP_PDU_LENGTH] = UINT("isis.psnp.pdu_length", "PDU length", 2, 0),
    [ISIS_PSNP_SOURCE_ID] =
	TEXT("isis.psnp.source_id", "Source-ID", FIELD_LINE),
    [ISIS_PSNP_SOURCE_CIRCUIT] =
	BYTES("isis.psnp.source_circuit", "Source-ID-Circuit", 1, 0),
    [ISIS_PSNP_CLV_TYPE] = NAMED("isis.psnp.clv.type", "Type", 1, 0, tlv_names),
    [ISIS_PSNP_CLV_LENGTH] = UINT("isis.psnp.clv.length", "Length", 1, 0),
};

/* "1921.6800.1001.00-00": six bytes, the circuit's, the fragment's. */
static char *put_id(char *at, const uint8_t *id, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		if (i == 2 || i == 4 || i == SYSTEM_ID)
			*at++ = '.';
		else if (i == NODE_ID)
			*at++ = '-';
		at = fmt_hex(at, id[i], 2);
	}
	return at;
}

/* Take an identifier of n bytes; the line shows the first one. */
static void take_id(struct dissect *d, struct cur *c, unsigned field,
		    unsigned n)
{
	const uint8_t *id = cur_bytes(c, n);
	char text[32];

	if (!id)
		return;
	*put_id(text, id, n) = '\0';
	add_text(d, &fields[field], text);
}

static void decode_tlv(struct dissect *d, struct cur *c, unsigned type,
		       const struct kind *kind)
{
	struct cur look;

	if (type == TLV_AREAS && kind->area) {
		while (c->state == CUR_OK && c->claim > 0) {
			look = *c;
			/* the length is a part of the value */
			take_bytes(d, c, &fields[kind->area],
				   1u + cur_u8(&look));
		}
	} else if (type == TLV_PROTOCOLS && kind->nlpid) {
		while (c->state == CUR_OK && c->claim > 0)
			take(d, c, &fields[kind->nlpid]);
	} else if (type == TLV_ADDRESSES && kind->address) {
		while (c->state == CUR_OK && c->claim >= 4)
			take(d, c, &fields[kind->address]);
	} else if (type == TLV_HOSTNAME && kind->hostname) {
		take_bytes(d, c, &fields[kind->hostname], c->claim);
	}
}

static void decode_tlvs(struct dissect *d, struct cur *c,
			const struct kind *kind)
{
	struct cur body;
	unsigned type;

	while (c->state == CUR_OK && c->claim >= 2) {
		type = (unsigned)take(d, c, &fields[kind->tlv_type]);
		body = cur_part(c, (size_t)take(d, c, &fields[kind->tlv_len]));
		decode_tlv(d, &body, type, kind);
	}
}

static void decode_hello(struct dissect *d, struct cur *c, unsigned type)
{
	take(d, c, &fields[ISIS_HELLO_CIRCUIT_TYPE]);
	take_id(d, c, ISIS_HELLO_SOURCE_ID, SYSTEM_ID);
	take_rows(d, c, &fields[ISIS_HELLO_HOLDING_TIMER],
		  &fields[ISIS_HELLO_PDU_LENGTH]);
	if (type == P2P_HELLO) {
		take(d, c, &fields[ISIS_HELLO_LOCAL_CIRCUIT_ID]);
	} else {
		take(d, c, &fields[ISIS_HELLO_PRIORITY]);
		take_id(d, c, ISIS_HELLO_LAN_ID, NODE_ID);
	}
	decode_tlvs(d, c, &hello_kind);
}

static void decode_lsp(struct dissect *d, struct cur *c)
{
	unsigned flags;

	take_rows(d, c, &fields[ISIS_LSP_PDU_LENGTH],
		  &fields[ISIS_LSP_REMAINING_LIFE]);
	take_id(d, c, ISIS_LSP_LSP_ID, LSP_ID);
	take_rows(d, c, &fields[ISIS_LSP_SEQUENCE_NUMBER],
		  &fields[ISIS_LSP_CHECKSUM]);
	if (!cur_has(c, 1))
		return;
	flags = cur_u8(c);
	add_bits_rows(d, &fields[ISIS_LSP_PARTITION_REPAIR],
		      &fields[ISIS_LSP_IS_TYPE], flags);
	decode_tlvs(d, c, &lsp_kind);
}

/* Complete or partial sequence numbers: what this system has. */
static void decode_snp(struct dissect *d, struct cur *c, bool complete)
{
	unsigned first = complete ? ISIS_CSNP_PDU_LENGTH : ISIS_PSNP_PDU_LENGTH;

	take(d, c, &fields[first]);
	take_id(d, c, first + 1, SYSTEM_ID);
	take(d, c, &fields[first + 2]);
	if (complete) {
		take_id(d, c, ISIS_CSNP_START_LSP_ID, LSP_ID);
		take_id(d, c, ISIS_CSNP_END_LSP_ID, LSP_ID);
	}
	decode_tlvs(d, c, complete ? &csnp_kind : &psnp_kind);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type;

	take_rows(d, c, &fields[ISIS_IRPD], &fields[ISIS_SYSID_LEN]);
	if (!cur_has(c, 1))
		return;
	type = cur_u8(c);
	add_bits(d, &fields[ISIS_TYPE], type);
	take_rows(d, c, &fields[ISIS_VERSION2], &fields[ISIS_MAX_AREA_ADR]);
	type &= 0x1f;
	switch (type) {
	case L1_HELLO:
	case L2_HELLO:
	case P2P_HELLO:
		d->layer->name = "isis:isis.hello";
		decode_hello(d, c, type);
		break;
	case L1_LSP:
	case L2_LSP:
		d->layer->name = "isis:isis.lsp";
		decode_lsp(d, c);
		break;
	case L1_CSNP:
	case L2_CSNP:
		d->layer->name = "isis:isis.csnp";
		decode_snp(d, c, true);
		break;
	case L1_PSNP:
	case L2_PSNP:
		d->layer->name = "isis:isis.psnp";
		decode_snp(d, c, false);
		break;
	}
}

static void id_line(struct summary *l, const char *before, unsigned field)
{
	const struct value *v = summary_value(l, field);

	if (!v)
		return;
	summary_puts(l, before);
	summary_foreign(l, v->bytes, v->len);
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, ISIS_TYPE);
	const struct value *v;

	if (!type) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "IS-IS, %s",
		       names_or(type_names, type->num, "unknown type"));
	id_line(l, ", src-id ", ISIS_HELLO_SOURCE_ID);
	id_line(l, ", lan-id ", ISIS_HELLO_LAN_ID);
	v = summary_value(l, ISIS_HELLO_PRIORITY);
	if (v)
		summary_printf(l, ", prio %u", (unsigned)v->num);
	id_line(l, ", lsp-id ", ISIS_LSP_LSP_ID);
	v = summary_value(l, ISIS_LSP_SEQUENCE_NUMBER);
	if (v)
		summary_printf(
		    l, ", seq 0x%08x, lifetime %us", (unsigned)v->num,
		    (unsigned)summary_num(l, ISIS_LSP_REMAINING_LIFE));
	id_line(l, ", src-id ", ISIS_CSNP_SOURCE_ID);
	id_line(l, ", src-id ", ISIS_PSNP_SOURCE_ID);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_NLPID, 0x83}};

const struct proto proto_isis = {
    "isis",	      "ISO 10589 IS-IS",  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
