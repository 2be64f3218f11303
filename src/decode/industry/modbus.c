/*
 * Modbus messages (Modbus Application Protocol 1.1b3), after the header of
 * Modbus/TCP: function (1), then what a table says of each function. With the
 * highest bit of the function set it is an exception: its code (1). Answers do
 * not repeat what was asked for; where messages are reassembled, a note says
 * it.
 */
#include "decode/industry/modbus.h"
#include "base/array.h"
#include "base/be.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	MODBUS_FUNCTION, /* as a step: there are no more */
	MODBUS_EXCEPTION,
	MODBUS_REFERENCE,
	MODBUS_WORDS,
	MODBUS_BITS,
	MODBUS_BYTES,
	MODBUS_BYTES_16,
	MODBUS_READ_REFERENCE,
	MODBUS_READ_WORDS,
	MODBUS_WRITE_REFERENCE,
	MODBUS_WRITE_WORDS,
	MODBUS_AND,
	MODBUS_OR,
	MODBUS_STATUS,
	MODBUS_EVENTS,
	MODBUS_MESSAGES,
	MODBUS_EVENT,
	MODBUS_DIAGNOSTIC,
	MODBUS_QUERY_DATA,
	MODBUS_ECHO_DATA,
	MODBUS_RESTART,
	MODBUS_REGISTER,
	MODBUS_DELIMITER,
	MODBUS_COUNT_MESSAGES,
	MODBUS_COUNT_ERRORS,
	MODBUS_COUNT_EXCEPTIONS,
	MODBUS_COUNT_SLAVE,
	MODBUS_COUNT_SILENT,
	MODBUS_COUNT_NAK,
	MODBUS_COUNT_BUSY,
	MODBUS_COUNT_OVERRUN,
	MODBUS_MEI,
	MODBUS_DEVICE,
	MODBUS_LEVEL,
	MODBUS_MORE,
	MODBUS_NEXT,
	MODBUS_OBJECTS,
	MODBUS_OBJECT,
	MODBUS_OBJECT_LEN,
	MODBUS_OBJECT_TEXT,
	MODBUS_REFERENCE_TYPE,
	MODBUS_REFERENCE_32,
	MODBUS_BIT,
	MODBUS_BIT_VALUE,
	MODBUS_REGISTER_NUMBER,
	MODBUS_REGISTER_VALUE,
	MODBUS_DATA,
	MODBUS_PADDING,
	/* steps that are more than a field: */
	STEP_COIL,	     /* a value of two bytes */
	STEP_BITS,	     /* one a bit */
	STEP_REGISTERS,	     /* of two bytes */
	STEP_READ_GROUPS,    /* of file records: requests, */
	STEP_ANSWER_GROUPS,  /* what was read, */
	STEP_WRITE_GROUPS,   /* what is to be written */
	STEP_DIAGNOSTIC,     /* depends on the code and the direction */
	STEP_IDENTIFY,	     /* of a device: request, */
	STEP_IDENTIFICATION, /* answer */
};

enum {
	PORT = 502,
	FAILED = 0x80,
	MEI_IDENTIFY = 14,
};

static const struct names function_names[] = {
    {1, "Read Coils"},
    {2, "Read Discrete Inputs"},
    {3, "Read Holding Registers"},
    {4, "Read Input Registers"},
    {5, "Write Single Coil"},
    {6, "Write Single Register"},
    {7, "Read Exception Status"},
    {8, "Diagnostics"},
    {11, "Get Comm. Event Counters"},
    {12, "Get Comm. Event Log"},
    {15, "Write Multiple Coils"},
    {16, "Write Multiple Registers"},
    {17, "Report Slave ID"},
    {20, "Read File Record"},
    {21, "Write File Record"},
    {22, "Mask Write Register"},
    {23, "Read Write Register"},
    {24, "Read FIFO Queue"},
    {43, "Encapsulated Interface Transport"},
    {90, "Unity (Schneider)"},
    {0, NULL},
};

static const struct names exception_names[] = {
    {1, "Illegal function"},
    {2, "Illegal data address"},
    {3, "Illegal data value"},
    {4, "Slave device failure"},
    {5, "Acknowledge"},
    {6, "Slave device busy"},
    {8, "Memory parity error"},
    {10, "Gateway path unavailable"},
    {11, "Gateway target device failed to respond"},
    {0, NULL},
};

static const struct names diagnostic_names[] = {
    {0, "Return Query Data"},
    {1, "Restart Communications Option"},
    {2, "Return Diagnostic Register"},
    {3, "Change ASCII Input Delimiter"},
    {4, "Force Listen Only Mode"},
    {10, "Clear Counters and Diagnostic Register"},
    {11, "Return Bus Message Count"},
    {12, "Return Bus Communication Error Count"},
    {13, "Return Bus Exception Error Count"},
    {14, "Return Slave Message Count"},
    {15, "Return Slave No Response Count"},
    {16, "Return Slave NAK Count"},
    {17, "Return Slave Busy Count"},
    {18, "Return Bus Character Overrun Count"},
    {20, "Clear Overrun Counter and Flag"},
    {0, NULL},
};

static const struct names object_names[] = {
    {0, "VendorName"},		{1, "ProductCode"}, {2, "MajorMinorRevision"},
    {3, "VendorURL"},		{4, "ProductName"}, {5, "ModelName"},
    {6, "UserApplicationName"}, {0, NULL},
};

static const struct names device_names[] = {
    {1, "Basic Device Identification"},
    {2, "Regular Device Identification"},
    {3, "Extended Device Identification"},
    {4, "Specific Identification Object"},
    {0, NULL},
};

#define COUNTER(nm, tt) UINT("modbus.diagnostic." nm, tt, 2, 0)

static const struct field fields[] = {
    [MODBUS_FUNCTION] = {"modbus.func_code", "Function", function_names,
			 .mask = 0x7f, .type = FIELD_UINT, .width = 1,
			 .flags = FIELD_LINE},
    [MODBUS_EXCEPTION] = NAMED("modbus.exception_code", "Exception", 1,
			       FIELD_LINE, exception_names),
    [MODBUS_REFERENCE] =
	UINT("modbus.reference_num", "Reference", 2, FIELD_LINE),
    [MODBUS_WORDS] = UINT("modbus.word_cnt", "Words", 2, FIELD_LINE),
    [MODBUS_BITS] = UINT("modbus.bit_cnt", "Bits", 2, FIELD_LINE),
    [MODBUS_BYTES] = UINT("modbus.byte_cnt", "Bytes", 1, FIELD_LINE),
    [MODBUS_BYTES_16] = UINT("modbus.byte_cnt_16", "Bytes", 2, 0),
    [MODBUS_READ_REFERENCE] =
	UINT("modbus.read_reference_num", "Reference to read", 2, 0),
    [MODBUS_READ_WORDS] = UINT("modbus.read_word_cnt", "Words to read", 2, 0),
    [MODBUS_WRITE_REFERENCE] =
	UINT("modbus.write_reference_num", "Reference to write", 2, 0),
    [MODBUS_WRITE_WORDS] =
	UINT("modbus.write_word_cnt", "Words to write", 2, 0),
    [MODBUS_AND] = UINT("modbus.and_mask", "AND mask", 2, FIELD_HEX),
    [MODBUS_OR] = UINT("modbus.or_mask", "OR mask", 2, FIELD_HEX),
    [MODBUS_STATUS] = UINT("modbus.ev_status", "Status", 2, FIELD_HEX),
    [MODBUS_EVENTS] = UINT("modbus.ev_count", "Events", 2, 0),
    [MODBUS_MESSAGES] = UINT("modbus.ev_msg_count", "Messages", 2, 0),
    [MODBUS_EVENT] = UINT("modbus.event", "Event", 1, 0),
    [MODBUS_DIAGNOSTIC] = NAMED("modbus.diagnostic_code", "Diagnostic", 2,
				FIELD_LINE, diagnostic_names),
    [MODBUS_QUERY_DATA] =
	BYTES("modbus.diagnostic.return_query_data.request", "Data", 0, 0),
    [MODBUS_ECHO_DATA] =
	BYTES("modbus.diagnostic.return_query_data.echo", "Data", 0, 0),
    [MODBUS_RESTART] = UINT("modbus.diagnostic.restart_communication_option",
			    "Restart", 2, FIELD_HEX),
    [MODBUS_REGISTER] = UINT("modbus.diagnostic.return_diag_register",
			     "Diagnostic register", 2, FIELD_HEX),
    [MODBUS_DELIMITER] = UINT("modbus.diagnostic.ascii_input_delimiter",
			      "Delimiter", 1, FIELD_HEX),
    [MODBUS_COUNT_MESSAGES] = COUNTER("bus_message_count", "Messages"),
    [MODBUS_COUNT_ERRORS] = COUNTER("bus_comm_error_count", "Errors"),
    [MODBUS_COUNT_EXCEPTIONS] =
	COUNTER("bus_exception_error_count", "Exceptions"),
    [MODBUS_COUNT_SLAVE] = COUNTER("slave_message_count", "Messages"),
    [MODBUS_COUNT_SILENT] =
	COUNTER("no_slave_response_count", "Without answer"),
    [MODBUS_COUNT_NAK] = COUNTER("slave_nak_count", "Refused"),
    [MODBUS_COUNT_BUSY] = COUNTER("slave_busy_count", "Busy"),
    [MODBUS_COUNT_OVERRUN] = COUNTER("bus_char_overrun_count", "Overruns"),
    [MODBUS_MEI] = UINT("modbus.mei", "MEI type", 1, 0),
    [MODBUS_DEVICE] = NAMED("modbus.read_device_id", "Identification", 1,
			    FIELD_LINE, device_names),
    [MODBUS_LEVEL] =
	UINT("modbus.conformity_level", "Conformity level", 1, FIELD_HEX),
    [MODBUS_MORE] = UINT("modbus.more_follows", "More follows", 1, FIELD_HEX),
    [MODBUS_NEXT] = UINT("modbus.next_object_id", "Next object", 1, 0),
    [MODBUS_OBJECTS] = UINT("modbus.num_objects", "Objects", 1, 0),
    [MODBUS_OBJECT] = NAMED("modbus.object_id", "Object", 1, 0, object_names),
    [MODBUS_OBJECT_LEN] = UINT("modbus.objects_len", "Length", 1, 0),
    [MODBUS_OBJECT_TEXT] = TEXT("modbus.object_str_value", "Value", FIELD_LINE),
    [MODBUS_REFERENCE_TYPE] =
	UINT("modbus.reference_type", "Reference type", 1, 0),
    [MODBUS_REFERENCE_32] = UINT("modbus.reference_num_32", "Reference", 4, 0),
    [MODBUS_BIT] = NUMBER("modbus.bitnum", "Bit", 0, 0),
    [MODBUS_BIT_VALUE] = FLAG("modbus.bitval", "Value", 1, 1),
    [MODBUS_REGISTER_NUMBER] = NUMBER("modbus.regnum16", "Register", 0, 0),
    [MODBUS_REGISTER_VALUE] = UINT("modbus.regval_uint16", "Value", 2, 0),
    [MODBUS_DATA] = BYTES("modbus.data", "Data", 0, 0),
    [MODBUS_PADDING] = UINT("modbus.padding", "Padding", 1, FIELD_HEX),
};

enum { STEPS = 5 };

/* What follows the function: the steps of a request, and of an answer. */
static const struct function {
	uint8_t number;
	uint8_t request[STEPS], answer[STEPS];
} functions[] = {
    {1, {MODBUS_REFERENCE, MODBUS_BITS}, {MODBUS_BYTES, STEP_BITS}},
    {2, {MODBUS_REFERENCE, MODBUS_BITS}, {MODBUS_BYTES, STEP_BITS}},
    {3, {MODBUS_REFERENCE, MODBUS_WORDS}, {MODBUS_BYTES, STEP_REGISTERS}},
    {4, {MODBUS_REFERENCE, MODBUS_WORDS}, {MODBUS_BYTES, STEP_REGISTERS}},
    {5, {MODBUS_REFERENCE, STEP_COIL}, {MODBUS_REFERENCE, STEP_COIL}},
    {6, {MODBUS_REFERENCE, MODBUS_DATA}, {MODBUS_REFERENCE, MODBUS_DATA}},
    {7, {0}, {MODBUS_DATA}},
    {8,
     {MODBUS_DIAGNOSTIC, STEP_DIAGNOSTIC},
     {MODBUS_DIAGNOSTIC, STEP_DIAGNOSTIC}},
    {11, {0}, {MODBUS_STATUS, MODBUS_EVENTS}},
    {12,
     {0},
     {MODBUS_BYTES, MODBUS_STATUS, MODBUS_EVENTS, MODBUS_MESSAGES,
      MODBUS_EVENT}},
    {15,
     {MODBUS_REFERENCE, MODBUS_BITS, MODBUS_BYTES, MODBUS_DATA},
     {MODBUS_REFERENCE, MODBUS_BITS}},
    {16,
     {MODBUS_REFERENCE, MODBUS_WORDS, MODBUS_BYTES, STEP_REGISTERS},
     {MODBUS_REFERENCE, MODBUS_WORDS}},
    {17, {0}, {MODBUS_DATA}},
    {20, {MODBUS_BYTES, STEP_READ_GROUPS}, {MODBUS_BYTES, STEP_ANSWER_GROUPS}},
    {21, {MODBUS_BYTES, STEP_WRITE_GROUPS}, {MODBUS_BYTES, STEP_WRITE_GROUPS}},
    {22,
     {MODBUS_REFERENCE, MODBUS_AND, MODBUS_OR},
     {MODBUS_REFERENCE, MODBUS_AND, MODBUS_OR}},
    {23,
     {MODBUS_READ_REFERENCE, MODBUS_READ_WORDS, MODBUS_WRITE_REFERENCE,
      MODBUS_WRITE_WORDS, MODBUS_BYTES},
     {MODBUS_BYTES, MODBUS_DATA}},
    {24, {MODBUS_REFERENCE}, {MODBUS_BYTES_16, MODBUS_WORDS, MODBUS_DATA}},
    {43, {MODBUS_MEI, STEP_IDENTIFY}, {MODBUS_MEI, STEP_IDENTIFICATION}},
};

/* What a diagnostic code is followed by: in answers, unless it is said. */
static const struct {
	uint8_t code, field;
	bool always;
} diagnostics[] = {
    {1, MODBUS_RESTART, true},	       {2, MODBUS_REGISTER, false},
    {3, MODBUS_DELIMITER, true},       {11, MODBUS_COUNT_MESSAGES, false},
    {12, MODBUS_COUNT_ERRORS, false},  {13, MODBUS_COUNT_EXCEPTIONS, false},
    {14, MODBUS_COUNT_SLAVE, false},   {15, MODBUS_COUNT_SILENT, false},
    {16, MODBUS_COUNT_NAK, false},     {17, MODBUS_COUNT_BUSY, false},
    {18, MODBUS_COUNT_OVERRUN, false},
};

/* One message. */
struct message {
	bool request, known; /* its reference is, in an answer with a count */
	unsigned count;
	uint64_t reference, diagnostic, mei;
};

static void take_data(struct dissect *d, struct cur *c)
{
	if (c->claim)
		take_bytes(d, c, &fields[MODBUS_DATA], c->claim);
}

/* As many as there were asked for, if that is known. */
static void decode_bits(struct dissect *d, struct cur *c,
			const struct message *m)
{
	unsigned byte, i, n = 0;

	if (!wants_any(d, &fields[MODBUS_BIT], 2))
		return;
	while (c->state == CUR_OK && cur_left(c)) {
		byte = cur_u8(c);
		for (i = 0; i < 8 && (!m->known || n < m->count); i++, n++) {
			if (m->known)
				add_uint(d, &fields[MODBUS_BIT],
					 (m->reference + n) & 0xffff);
			add_uint(d, &fields[MODBUS_BIT_VALUE], byte >> i & 1);
		}
	}
}

static void decode_registers(struct dissect *d, struct cur *c,
			     const struct message *m)
{
	uint64_t number = m->reference;

	while (c->state == CUR_OK && cur_left(c) >= 2) {
		if (m->request || m->known)
			add_uint(d, &fields[MODBUS_REGISTER_NUMBER],
				 number++ & 0xffff);
		take(d, c, &fields[MODBUS_REGISTER_VALUE]);
	}
}

/* Records of files. */
static void decode_groups(struct dissect *d, struct cur *c, unsigned step)
{
	struct cur body;
	unsigned n;

	while (c->state == CUR_OK && c->claim) {
		n = 0;
		if (step == STEP_ANSWER_GROUPS) {
			n = (unsigned)take(d, c, &fields[MODBUS_BYTES]);
			take(d, c, &fields[MODBUS_REFERENCE_TYPE]);
			n -= n > 0;
		} else {
			take(d, c, &fields[MODBUS_REFERENCE_TYPE]);
			take(d, c, &fields[MODBUS_REFERENCE_32]);
			n = 2 * (unsigned)take(d, c, &fields[MODBUS_WORDS]);
		}
		if (step == STEP_READ_GROUPS || c->state != CUR_OK)
			continue;
		body = cur_part(c, n);
		take_data(d, &body);
	}
}

static void decode_diagnostic(struct dissect *d, struct cur *c,
			      const struct message *m)
{
	unsigned i;

	if (m->diagnostic == 0) {
		take_bytes(
		    d, c,
		    &fields[m->request ? MODBUS_QUERY_DATA : MODBUS_ECHO_DATA],
		    c->claim);
		return;
	}
	for (i = 0; i < ARRAY_LEN(diagnostics); i++) {
		if (diagnostics[i].code != m->diagnostic ||
		    (m->request && !diagnostics[i].always))
			continue;
		take(d, c, &fields[diagnostics[i].field]);
		return;
	}
	take_data(d, c);
}

static void decode_identification(struct dissect *d, struct cur *c)
{
	unsigned n, len;

	take_rows(d, c, &fields[MODBUS_DEVICE], &fields[MODBUS_NEXT]);
	n = (unsigned)take(d, c, &fields[MODBUS_OBJECTS]);
	for (; n > 0 && c->state == CUR_OK; n--) {
		take(d, c, &fields[MODBUS_OBJECT]);
		len = (unsigned)take(d, c, &fields[MODBUS_OBJECT_LEN]);
		take_bytes(d, c, &fields[MODBUS_OBJECT_TEXT], len);
	}
}

static void decode_step(struct dissect *d, struct cur *c, unsigned step,
			struct message *m)
{
	switch (step) {
	case MODBUS_DATA:
		take_data(d, c);
		break;
	case MODBUS_REFERENCE:
		m->reference = take(d, c, &fields[step]);
		break;
	case MODBUS_DIAGNOSTIC:
		m->diagnostic = take(d, c, &fields[step]);
		break;
	case MODBUS_MEI:
		m->mei = take(d, c, &fields[step]);
		break;
	case MODBUS_EVENT:
		while (c->state == CUR_OK && cur_left(c))
			take(d, c, &fields[step]);
		break;
	case STEP_COIL:
		if (!cur_has(c, 2))
			break;
		add_bytes(d, &fields[MODBUS_DATA], cur_here(c), 2);
		cur_skip(c, 1);
		take(d, c, &fields[MODBUS_PADDING]);
		break;
	case STEP_BITS:
		decode_bits(d, c, m);
		break;
	case STEP_REGISTERS:
		decode_registers(d, c, m);
		break;
	case STEP_READ_GROUPS:
	case STEP_ANSWER_GROUPS:
	case STEP_WRITE_GROUPS:
		decode_groups(d, c, step);
		break;
	case STEP_DIAGNOSTIC:
		decode_diagnostic(d, c, m);
		break;
	case STEP_IDENTIFY:
	case STEP_IDENTIFICATION:
		if (m->mei != MEI_IDENTIFY) {
			take_data(d, c);
		} else if (step == STEP_IDENTIFICATION) {
			decode_identification(d, c);
		} else {
			take(d, c, &fields[MODBUS_DEVICE]);
			take(d, c, &fields[MODBUS_OBJECT]);
		}
		break;
	default:
		take(d, c, &fields[step]);
	}
}

/* Is it sent to the device? As the ports of the transport layer say. */
static bool is_request(const struct dissect *d)
{
	const struct layer *layer = d->layer;
	unsigned src, dst;

	while (layer > d->layers && layer->id != PROTO_tcp &&
	       layer->id != PROTO_udp)
		layer--;
	if (layer->caplen < 4)
		return false;
	src = be16(layer->data);
	dst = be16(layer->data + 2);
	return dst == PORT || (src != PORT && dst < src);
}

/* What the answer with this function was asked for. */
static void take_request(struct dissect *d, unsigned function,
			 struct message *m)
{
	const struct stream_note *note =
	    note_next(d, PROTO_mbtcp, 0, sizeof(struct modbus_request));
	struct modbus_request request;

	if (!note || d->layer == d->layers || d->layer[-1].id != PROTO_mbtcp)
		return;
	memcpy(&request, note->bytes, sizeof(request));
	if (request.id != d->layer[-1].fact[0] || request.function != function)
		return;
	note_taken(d);
	m->known = true;
	m->reference = request.reference;
	m->count = request.count;
}

static void decode(struct dissect *d, struct cur *c)
{
	struct message m = {.request = is_request(d)};
	const uint8_t *steps;
	unsigned number, i;

	if (!cur_has(c, 1))
		return;
	number = cur_u8(c);
	add_bits(d, &fields[MODBUS_FUNCTION], number);
	if (number & FAILED) {
		take(d, c, &fields[MODBUS_EXCEPTION]);
		return;
	}
	if (!m.request)
		take_request(d, number, &m);
	for (i = 0; i < ARRAY_LEN(functions); i++) {
		if (functions[i].number != number)
			continue;
		steps = m.request ? functions[i].request : functions[i].answer;
		for (i = 0; i < STEPS && steps[i]; i++)
			decode_step(d, c, steps[i], &m);
		break;
	}
	take_data(d, c);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned index;

	for (; v < end; v++) {
		index = summary_index(l, v);
		switch (index) {
		case MODBUS_FUNCTION:
			summary_puts(
			    l, names_or(function_names, v->num, "Function"));
			if (!names_get(function_names, v->num))
				summary_printf(l, " %u", (unsigned)v->num);
			break;
		case MODBUS_EXCEPTION:
			summary_printf(
			    l, ", exception: %s",
			    names_or(exception_names, v->num, "other"));
			break;
		case MODBUS_REFERENCE:
			summary_printf(l, ", at %u", (unsigned)v->num);
			break;
		case MODBUS_WORDS:
		case MODBUS_BITS:
		case MODBUS_BYTES:
			summary_printf(l, ", %u %s", (unsigned)v->num,
				       index == MODBUS_WORDS  ? "words"
				       : index == MODBUS_BITS ? "bits"
							      : "bytes");
			break;
		case MODBUS_DIAGNOSTIC:
			summary_printf(
			    l, ", %s",
			    names_or(diagnostic_names, v->num, "other"));
			break;
		case MODBUS_DEVICE:
			summary_printf(l, ", %s",
				       names_or(device_names, v->num, "other"));
			break;
		case MODBUS_OBJECT_TEXT:
			summary_puts(l, ", ");
			summary_text(l, v);
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_modbus = {
    "modbus",	      "Modbus",		  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
