/*
 * DNP3 (IEEE 1815): the link and transport layers, and the header of the
 * application layer; dnp3_objects.c has what follows that.
 *
 *	link: 05 64, length (1), control (1), to (2), from (2), sum (2), then
 *		up to 16 bytes and a sum (2) of them, again and again
 *	transport: last, first, sequence (1)
 *	application: control (1), function (1), [indications (2)], objects
 *
 * The length counts from control on, without sums. Numbers have their least
 * byte first.
 */
#include "decode/industry/dnp3.h"
#include "decode/lib/join.h"
#include "decode/proto_ids.h"

static const struct names function_names[] = {
    {0, "Confirm"},
    {1, "Read"},
    {2, "Write"},
    {3, "Select"},
    {4, "Operate"},
    {5, "Direct Operate"},
    {6, "Direct Operate No Ack"},
    {7, "Immediate Freeze"},
    {8, "Immediate Freeze No Ack"},
    {9, "Freeze and Clear"},
    {10, "Freeze and Clear No ACK"},
    {11, "Freeze With Time"},
    {12, "Freeze With Time No ACK"},
    {13, "Cold Restart"},
    {14, "Warm Restart"},
    {15, "Initialize Data"},
    {16, "Initialize Application"},
    {17, "Start Application"},
    {18, "Stop Application"},
    {19, "Save Configuration"},
    {20, "Enable Spontaneous Messages"},
    {21, "Disable Spontaneous Messages"},
    {22, "Assign Classes"},
    {23, "Delay Measurement"},
    {24, "Record Current Time"},
    {25, "Open File"},
    {26, "Close File"},
    {27, "Delete File"},
    {28, "Get File Info"},
    {29, "Authenticate File"},
    {30, "Abort File"},
    {31, "Activate Config"},
    {32, "Authentication Request"},
    {33, "Authentication Error"},
    {129, "Response"},
    {130, "Unsolicited Response"},
    {131, "Authentication Response"},
    {0, NULL},
};

static const struct names primary_names[] = {
    {0, "Reset of Remote Link"},
    {1, "Reset of User Process"},
    {2, "Test Function For Link"},
    {3, "User Data"},
    {4, "Unconfirmed User Data"},
    {9, "Request Link Status"},
    {0, NULL},
};

static const struct names secondary_names[] = {
    {0, "ACK"},
    {1, "NACK"},
    {11, "Status of Link"},
    {14, "Link Service Not Functioning"},
    {15, "Link Service Not Used or Implemented"},
    {0, NULL},
};

#define LITTLE(nm, tt, fl) UINT(nm, tt, 2, FIELD_LITTLE | (fl))
#define OF_CONTROL(nm, tt, m) FLAG("dnp3.ctl." nm, tt, 1, m)
#define OF_INDICATIONS(nm, tt, m) FLAG("dnp3.al.iin." nm, tt, 2, m)
#define QUALITY(of, b)                                                         \
	FLAG("dnp3.al." of ".b" #b, "Quality, bit " #b, 1, 1 << (b))
#define QUALITIES(of)                                                          \
	QUALITY(of, 0), QUALITY(of, 1), QUALITY(of, 2), QUALITY(of, 3),        \
	    QUALITY(of, 4), QUALITY(of, 5), QUALITY(of, 6), QUALITY(of, 7)

const struct field dnp3_fields[] = {
    [DNP3_START] = UINT("dnp3.start", "Start", 2, FIELD_HEX),
    [DNP3_LEN] = UINT("dnp3.len", "Length", 1, FIELD_LINE),
    [DNP3_CTL] = UINT("dnp3.ctl", "Control", 1, FIELD_HEX | FIELD_LINE),
    [DNP3_DIR] = OF_CONTROL("dir", "From the master", 0x80),
    [DNP3_PRM] = OF_CONTROL("prm", "From the initiator", 0x40),
    [DNP3_FCB] = OF_CONTROL("fcb", "Frame count bit", 0x20),
    [DNP3_FCV] = OF_CONTROL("fcv", "Frame count valid", 0x10),
    [DNP3_DFC] = OF_CONTROL("dfc", "Data flow control", 0x10),
    [DNP3_PRIFUNC] = {"dnp3.ctl.prifunc", "Function", primary_names,
		      .mask = 0x0f, .type = FIELD_UINT, .width = 1},
    [DNP3_SECFUNC] = {"dnp3.ctl.secfunc", "Function", secondary_names,
		      .mask = 0x0f, .type = FIELD_UINT, .width = 1},
    [DNP3_DST] = LITTLE("dnp3.dst", "To", FIELD_LINE),
    [DNP3_SRC] = LITTLE("dnp3.src", "From", FIELD_LINE),
    [DNP3_ADDR] = NUMBER("dnp3.addr", "To or from", FIELD_ASKED, 0),
    [DNP3_HDR_CRC] = LITTLE("dnp3.hdr.CRC", "Sum of the header", FIELD_HEX),
    [DNP3_HDR_CRC_STATUS] =
	NUMBER("dnp.hdr.CRC.status", "Sum is right", FIELD_LINE, 0),
    [DNP3_TR_CTL] = UINT("dnp3.tr.ctl", "Transport", 1, FIELD_HEX),
    [DNP3_TR_FIN] = FLAG("dnp3.tr.fin", "Last", 1, 0x80),
    [DNP3_TR_FIR] = FLAG("dnp3.tr.fir", "First", 1, 0x40),
    [DNP3_TR_SEQ] = BITS("dnp3.tr.seq", "Sequence", 1, 0x3f, 0),
    [DNP3_CHUNK] = BYTES("dnp.data_chunk", "Data", 0, 0),
    [DNP3_CHUNK_LEN] = NUMBER("dnp.data_chunk_len", "Length", 0, 0),
    [DNP3_CHUNK_CRC] = LITTLE("dnp.data_chunk.CRC", "Sum", FIELD_HEX),
    [DNP3_CHUNK_CRC_STATUS] =
	NUMBER("dnp.data_chunk.CRC.status", "Sum is right", FIELD_LINE, 0),
    [DNP3_AL_CTL] = UINT("dnp3.al.ctl", "Application control", 1, FIELD_HEX),
    [DNP3_AL_FIR] = FLAG("dnp3.al.fir", "First", 1, 0x80),
    [DNP3_AL_FIN] = FLAG("dnp3.al.fin", "Last", 1, 0x40),
    [DNP3_AL_CON] = FLAG("dnp3.al.con", "Confirm", 1, 0x20),
    [DNP3_AL_UNS] = FLAG("dnp3.al.uns", "Unsolicited", 1, 0x10),
    [DNP3_AL_SEQ] = BITS("dnp3.al.seq", "Sequence", 1, 0x0f, FIELD_LINE),
    [DNP3_AL_FUNC] =
	NAMED("dnp3.al.func", "Function", 1, FIELD_LINE, function_names),
    [DNP3_IIN] = UINT("dnp3.al.iin", "Indications", 2, FIELD_HEX | FIELD_LINE),
    [DNP3_IIN_RST] = OF_INDICATIONS("rst", "Device restart", 0x8000),
    [DNP3_IIN_DT] = OF_INDICATIONS("dt", "Device trouble", 0x4000),
    [DNP3_IIN_DOL] = OF_INDICATIONS("dol", "Outputs in local", 0x2000),
    [DNP3_IIN_TSR] = OF_INDICATIONS("tsr", "Time required", 0x1000),
    [DNP3_IIN_CLS3D] = OF_INDICATIONS("cls3d", "Class 3 data", 0x800),
    [DNP3_IIN_CLS2D] = OF_INDICATIONS("cls2d", "Class 2 data", 0x400),
    [DNP3_IIN_CLS1D] = OF_INDICATIONS("cls1d", "Class 1 data", 0x200),
    [DNP3_IIN_BMSG] = OF_INDICATIONS("bmsg", "Broadcast received", 0x100),
    [DNP3_IIN_CC] = OF_INDICATIONS("cc", "Configuration corrupt", 0x20),
    [DNP3_IIN_OAE] = OF_INDICATIONS("oae", "Already executing", 0x10),
    [DNP3_IIN_EBO] = OF_INDICATIONS("ebo", "Buffer overflow", 8),
    [DNP3_IIN_PIOOR] = OF_INDICATIONS("pioor", "Out of range", 4),
    [DNP3_IIN_OBJU] = OF_INDICATIONS("obju", "Objects unknown", 2),
    [DNP3_IIN_FCNI] = OF_INDICATIONS("fcni", "Function unknown", 1),
    [DNP3_OBJ] = UINT("dnp3.al.obj", "Object", 2, FIELD_HEX | FIELD_LINE),
    [DNP3_PREFIX] = BITS("dnp3.al.objq.prefix", "Prefix", 1, 0x70, 0),
    [DNP3_RANGE] = BITS("dnp3.al.objq.range", "Range", 1, 0x0f, 0),
    [DNP3_RANGE_START] = NUMBER("dnp3.al.range.start", "Start", 0, 0),
    [DNP3_RANGE_STOP] = NUMBER("dnp3.al.range.stop", "Stop", 0, 0),
    [DNP3_QUANTITY] = NUMBER("dnp3.al.range.quantity", "Quantity", 0, 0),
    [DNP3_INDEX] = NUMBER("dnp3.al.index", "Index", 0, 0),
    [DNP3_POINT] = NUMBER("dnp3.al.point_index", "Point", 0, 0),
    [DNP3_BIT] = NUMBER("dnp3.al.bit", "Bit", 0, 0),
    [DNP3_2BIT] = NUMBER("dnp3.al.2bit", "Two bits", 0, 0),
    [DNP3_BIQ] = QUALITIES("biq"),
    [DNP3_BOQ] = QUALITIES("boq"),
    [DNP3_CTRQ] = QUALITIES("ctrq"),
    [DNP3_AIQ] = QUALITIES("aiq"),
    [DNP3_AOQ] = QUALITIES("aoq"),
    [DNP3_CNT] = NUMBER("dnp3.al.cnt", "Counter", 0, 0),
    [DNP3_ANA] = {"dnp3.al.ana.int", "Analog value", .type = FIELD_INT},
    [DNP3_ANAOUT] = {"dnp3.al.anaout.int", "Analog output", .type = FIELD_INT},
    [DNP3_CTL_OP] = BITS("dnp3.ctl.op", "Operation", 1, 0x0f, 0),
    [DNP3_CTL_CLR] = BITS("dnp3.ctl.clr", "Queue, clear", 1, 0x30, 0),
    [DNP3_CTL_TRIP] = BITS("dnp3.ctl.trip", "Trip, close", 1, 0xc0, 0),
    [DNP3_COUNT] = UINT("dnp3.al.count", "Count", 1, 0),
    [DNP3_ON] = UINT("dnp3.al.on_time", "Time on, ms", 4, FIELD_LITTLE),
    [DNP3_OFF] = UINT("dnp3.al.off_time", "Time off, ms", 4, FIELD_LITTLE),
    [DNP3_STATUS] = BITS("dnp3.al.ctrlstatus", "Status", 1, 0x7f, 0),
    [DNP3_TIME] = {"dnp3.al.timestamp", "Time", .type = FIELD_TIME},
    [DNP3_DELAY] = UINT("dnp3.al.time_delay", "Delay", 2, FIELD_LITTLE),
    [DNP3_SPAN] = {"dnp3.al.reltimestamp", "Relative time", .type = FIELD_SPAN},
};

enum {
	START = 0x0564,
	HEADER_LEN = 10,
	LEN_LEAST = 5,
	CHUNK = 16,
	SUM_LEN = 2,
	PRIMARY = 0x40,
	LAST = 0x80,
	FIRST = 0x40,
	RESPONSE = 129,
};

static unsigned sum_of(const uint8_t *bytes, size_t n)
{
	unsigned sum = 0, i;

	for (; n > 0; n--) {
		sum ^= *bytes++;
		for (i = 0; i < 8; i++)
			sum = sum & 1 ? sum >> 1 ^ 0xa6bc : sum >> 1;
	}
	return ~sum & 0xffff;
}

/* A sum, of the n bytes before it; status: whether it is right. */
static void take_sum(struct dissect *d, struct cur *c, const struct field *sum,
		     const struct field *status, size_t n)
{
	const uint8_t *bytes = cur_here(c) - n;
	uint64_t found = take(d, c, sum);

	if (c->state == CUR_OK && wants(d, status))
		add_uint(d, status, sum_of(bytes, n) == found);
}

static void decode_link(struct dissect *d, struct cur *c)
{
	unsigned control;

	take_rows(d, c, &dnp3_fields[DNP3_START], &dnp3_fields[DNP3_LEN]);
	control = (unsigned)take(d, c, &dnp3_fields[DNP3_CTL]);
	add_bits_rows(d, &dnp3_fields[DNP3_DIR], &dnp3_fields[DNP3_PRM],
		      control);
	if (control & PRIMARY) {
		add_bits_rows(d, &dnp3_fields[DNP3_FCB], &dnp3_fields[DNP3_FCV],
			      control);
		add_bits(d, &dnp3_fields[DNP3_PRIFUNC], control);
	} else {
		add_bits(d, &dnp3_fields[DNP3_DFC], control);
		add_bits(d, &dnp3_fields[DNP3_SECFUNC], control);
	}
	add_uint(d, &dnp3_fields[DNP3_ADDR],
		 take(d, c, &dnp3_fields[DNP3_DST]));
	add_uint(d, &dnp3_fields[DNP3_ADDR],
		 take(d, c, &dnp3_fields[DNP3_SRC]));
	take_sum(d, c, &dnp3_fields[DNP3_HDR_CRC],
		 &dnp3_fields[DNP3_HDR_CRC_STATUS], HEADER_LEN - SUM_LEN);
}

/* Put what the chunks hold together; returns how much that is. */
static size_t take_chunks(struct dissect *d, struct cur *c, size_t n,
			  uint8_t *to)
{
	const uint8_t *p;
	size_t have = 0, part;

	while (have < n) {
		part = n - have < CHUNK ? n - have : CHUNK;
		p = cur_bytes(c, part);
		if (!p)
			break;
		memcpy(to + have, p, part);
		have += part;
		add_bytes(d, &dnp3_fields[DNP3_CHUNK], p, part);
		add_uint(d, &dnp3_fields[DNP3_CHUNK_LEN], part);
		take_sum(d, c, &dnp3_fields[DNP3_CHUNK_CRC],
			 &dnp3_fields[DNP3_CHUNK_CRC_STATUS], part);
	}
	return have;
}

static void decode_application(struct dissect *d, struct cur *c)
{
	unsigned function;

	take_bits(d, c, &dnp3_fields[DNP3_AL_CTL], &dnp3_fields[DNP3_AL_SEQ]);
	function = (unsigned)take(d, c, &dnp3_fields[DNP3_AL_FUNC]);
	if (function >= RESPONSE)
		take_bits(d, c, &dnp3_fields[DNP3_IIN],
			  &dnp3_fields[DNP3_IIN_FCNI]);
	if (c->state == CUR_OK)
		dnp3_objects(d, c, function);
}

static bool guess(struct cur c)
{
	const uint8_t *p = cur_here(&c);

	return cur_left(&c) >= HEADER_LEN && p[0] == START >> 8 &&
	       p[1] == (START & 0xff) && p[2] >= LEN_LEAST;
}

/* What was sent in one frame is decoded; longer fragments are not put
   together. */
static void decode(struct dissect *d, struct cur *c)
{
	uint8_t *data;
	unsigned transport;
	struct cur al;
	size_t n;

	join_layer(d);
	if (!cur_has(c, HEADER_LEN))
		return;
	if (!guess(*c)) {
		next_proto(d, c, PROTO_data);
		return;
	}
	n = cur_peek8(c, 2) - LEN_LEAST;
	decode_link(d, c);
	data = n ? (uint8_t *)scratch_room(d, n) : NULL;
	if (data) {
		transport = (unsigned)take(d, c, &dnp3_fields[DNP3_TR_CTL]);
		add_bits_rows(d, &dnp3_fields[DNP3_TR_FIN],
			      &dnp3_fields[DNP3_TR_SEQ], transport);
		if (c->state != CUR_OK)
			return;
		cur_back(c, 1); /* the chunks hold it too */
		al = cur_over(data, take_chunks(d, c, n, data), n);
		cur_skip(&al, 1);
		if (transport & FIRST && transport & LAST)
			decode_application(d, &al);
	}
	next_again(d, c);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned start = cur_be16(&c), len = cur_u8(&c);

	f->size = cur_left(&c) + 3;
	if (start == START && len >= LEN_LEAST) {
		len -= LEN_LEAST;
		f->size = HEADER_LEN + len +
			  (len + CHUNK - 1) / CHUNK * (size_t)SUM_LEN;
	}
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned control = 0, to = 0;
	bool wrong = false;

	summary_puts(l, "DNP3");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case DNP3_CTL:
			control = (unsigned)v->num;
			break;
		case DNP3_DST:
			to = (unsigned)v->num;
			break;
		case DNP3_SRC:
			summary_printf(l, " %u > %u, ", (unsigned)v->num, to);
			summary_puts(l, names_or(control & PRIMARY
						     ? primary_names
						     : secondary_names,
						 control & 15, "other"));
			break;
		case DNP3_AL_SEQ:
			summary_printf(l, ", seq %u", (unsigned)v->num);
			break;
		case DNP3_AL_FUNC:
			summary_puts(l, ", ");
			summary_puts(l,
				     names_or(function_names, v->num, "other"));
			break;
		case DNP3_IIN:
			if (v->num)
				summary_printf(l, ", indications 0x%04x",
					       (unsigned)v->num);
			break;
		case DNP3_OBJ:
			summary_printf(l, ", %u/%u", (unsigned)v->num >> 8,
				       (unsigned)v->num & 255);
			break;
		case DNP3_HDR_CRC_STATUS:
		case DNP3_CHUNK_CRC_STATUS:
			wrong |= v->num == 0;
			break;
		}
	}
	if (wrong)
		summary_puts(l, " (bad sum)");
	summary_mark(l);
}

static const struct key keys[] = {{KEY_TCP_GUESS, 10}, {KEY_UDP_GUESS, 10}};
static const uint8_t leads_proto[] = {PROTO_dnp3, PROTO_data, PROTO_NONE};

const struct proto proto_dnp3 = {
    .name = "dnp3",
    .title = "Distributed Network Protocol 3.0",
    .fields = dnp3_fields,
    .n_fields = DNP3_FIELDS,
    PROTO_KEYS(keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
};
