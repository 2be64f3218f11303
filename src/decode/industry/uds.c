/*
 * Unified diagnostic services (ISO 14229-1): service (1), with 0x40 set in
 * answers, then what a table says of each service. 0x7f is a refusal: service
 * and code (1 each).
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	UDS_SID, /* as a step: there are no more */
	UDS_REPLY,
	UDS_ADDR,
	UDS_SOURCE,
	UDS_TARGET,
	UDS_SESSION,
	UDS_SESSION_RECORD,
	UDS_RESET,
	UDS_DTC_TYPE,
	UDS_DTC_RECORD,
	UDS_READ_ID,
	UDS_READ_RECORD,
	UDS_SECURITY,
	UDS_SEED,
	UDS_KEY,
	UDS_WRITE_ID,
	UDS_WRITE_RECORD,
	UDS_IO_ID,
	UDS_IO_PARAMETER,
	UDS_IO_STATE,
	UDS_ROUTINE,
	UDS_ROUTINE_ID,
	UDS_ROUTINE_OPTION,
	UDS_ROUTINE_INFO,
	UDS_ROUTINE_STATUS,
	UDS_COMPRESSION,
	UDS_ENCRYPTION,
	UDS_SIZE_LENGTH,
	UDS_ADDRESS_LENGTH,
	UDS_ADDRESS,
	UDS_SIZE,
	UDS_BLOCK_LENGTH,
	UDS_BLOCK_SIZE,
	UDS_BLOCK,
	UDS_SUPPRESS,
	UDS_SUPPRESS_INDICATION,
	UDS_ERROR_SID,
	UDS_ERROR_CODE,
	UDS_DTC_SETTING,
	/* steps that are more than a field: */
	STEP_IDS,      /* to the end */
	STEP_DOWNLOAD, /* where to */
	STEP_BLOCKS,   /* how long at most */
	STEP_PRESENT,
};

enum { REPLY = 0x40, REFUSAL = 0x3f };

static const struct names service_names[] = {
    {0x10, "Diagnostic Session Control"},
    {0x11, "ECU Reset"},
    {0x14, "Clear Diagnostic Information"},
    {0x19, "Read DTC Information"},
    {0x22, "Read Data By Identifier"},
    {0x23, "Read Memory By Address"},
    {0x24, "Read Scaling Data By Identifier"},
    {0x27, "Security Access"},
    {0x28, "Communication Control"},
    {0x29, "Authentication"},
    {0x2a, "Read Data By Periodic Identifier"},
    {0x2c, "Dynamically Define Data Identifier"},
    {0x2e, "Write Data By Identifier"},
    {0x2f, "Input Output Control By Identifier"},
    {0x31, "Routine Control"},
    {0x34, "Request Download"},
    {0x35, "Request Upload"},
    {0x36, "Transfer Data"},
    {0x37, "Request Transfer Exit"},
    {0x38, "Request File Transfer"},
    {0x3d, "Write Memory By Address"},
    {0x3e, "Tester Present"},
    {0x3f, "Error"},
    {0x84, "Secure Data Transmission"},
    {0x85, "Control DTC Setting"},
    {0x86, "Response On Event"},
    {0x87, "Link Control"},
    {0, NULL},
};

static const struct names code_names[] = {
    {0x10, "General reject"},
    {0x11, "Service not supported"},
    {0x12, "Sub-Function Not Supported"},
    {0x13, "Incorrect Message Length or Invalid Format"},
    {0x14, "Response too long"},
    {0x21, "Busy repeat request"},
    {0x22, "Conditions Not Correct"},
    {0x24, "Request Sequence Error"},
    {0x25, "No response from sub-net component"},
    {0x26, "Failure prevents execution of requested action"},
    {0x31, "Request Out of Range"},
    {0x33, "Security Access Denied"},
    {0x34, "Authentication Required"},
    {0x35, "Invalid Key"},
    {0x36, "Exceeded Number Of Attempts"},
    {0x37, "Required Time Delay Not Expired"},
    {0x38, "Secure Data Transmission Required"},
    {0x39, "Secure Data Transmission Not Allowed"},
    {0x3a, "Secure Data Verification Failed"},
    {0x50, "Certificate Verification Failed: Invalid Time Period"},
    {0x51, "Certificate Verification Failed: Invalid Signature"},
    {0x52, "Certificate Verification Failed: Invalid Chain of Trust"},
    {0x53, "Certificate Verification Failed: Invalid Type"},
    {0x54, "Certificate Verification Failed: Invalid Format"},
    {0x55, "Certificate Verification Failed: Invalid Content"},
    {0x56, "Certificate Verification Failed: Invalid Scope"},
    {0x57, "Certificate Verification Failed: Invalid Certificate (revoked)"},
    {0x58, "Ownership Verification Failed"},
    {0x59, "Challenge Calculation Failed"},
    {0x5a, "Setting Access Rights Failed"},
    {0x5b, "Session Key Creation/Derivation Failed"},
    {0x5c, "Configuration Data Usage Failed"},
    {0x5d, "DeAuthentication Failed"},
    {0x70, "Upload/Download not accepted"},
    {0x71, "Transfer data suspended"},
    {0x72, "General Programming Failure"},
    {0x73, "Wrong Block Sequence Counter"},
    {0x78, "Request correctly received, but response is pending"},
    {0x7e, "Sub-Function not supported in active session"},
    {0x7f, "Service not supported in active session"},
    {0, NULL},
};

static const struct field fields[] = {
    [UDS_SID] = {"uds.sid", "Service", service_names, .mask = 0xbf,
		 .type = FIELD_UINT, .width = 1,
		 .flags = FIELD_HEX | FIELD_LINE},
    [UDS_REPLY] = BITS("uds.reply", "Answer", 1, REPLY, FIELD_HEX | FIELD_LINE),
    [UDS_ADDR] =
	NUMBER("uds.diag_addr", "From or to", FIELD_HEX | FIELD_ASKED, 4),
    [UDS_SOURCE] = NUMBER("uds.diag_addr_source", "From", FIELD_HEX, 4),
    [UDS_TARGET] = NUMBER("uds.diag_addr_target", "To", FIELD_HEX, 4),
    [UDS_SESSION] = UINT("uds.dsc.type", "Session", 1, FIELD_HEX | FIELD_LINE),
    [UDS_SESSION_RECORD] =
	BYTES("uds.dsc.parameter_record", "Parameters", 0, 0),
    [UDS_RESET] = UINT("uds.er.type", "Reset", 1, FIELD_HEX | FIELD_LINE),
    [UDS_DTC_TYPE] = UINT("uds.rdtci.type", "Kind", 1, FIELD_HEX | FIELD_LINE),
    [UDS_DTC_RECORD] = BYTES("uds.rdtci.record", "Record", 0, 0),
    [UDS_READ_ID] = UINT("uds.rdbi.data_identifier", "Data identifier", 2,
			 FIELD_HEX | FIELD_LINE),
    [UDS_READ_RECORD] = BYTES("uds.rdbi.data_record", "Data", 0, 0),
    [UDS_SECURITY] = UINT("uds.sa.type", "Kind", 1, FIELD_HEX | FIELD_LINE),
    [UDS_SEED] = BYTES("uds.sa.seed", "Seed", 0, 0),
    [UDS_KEY] = BYTES("uds.sa.key", "Key", 0, 0),
    [UDS_WRITE_ID] = UINT("uds.wdbi.data_identifier", "Data identifier", 2,
			  FIELD_HEX | FIELD_LINE),
    [UDS_WRITE_RECORD] = BYTES("uds.wdbi.data_record", "Data", 0, 0),
    [UDS_IO_ID] = UINT("uds.iocbi.data_identifier", "Data identifier", 2,
		       FIELD_HEX | FIELD_LINE),
    [UDS_IO_PARAMETER] = UINT("uds.iocbi.parameter", "Parameter", 1, FIELD_HEX),
    [UDS_IO_STATE] = BYTES("uds.iocbi.state", "State", 0, 0),
    [UDS_ROUTINE] = UINT("uds.rc.type", "Kind", 1, FIELD_HEX | FIELD_LINE),
    [UDS_ROUTINE_ID] =
	UINT("uds.rc.identifier", "Routine", 2, FIELD_HEX | FIELD_LINE),
    [UDS_ROUTINE_OPTION] = BYTES("uds.rc.option_record", "Options", 0, 0),
    [UDS_ROUTINE_INFO] = UINT("uds.rc.info", "Info", 1, FIELD_HEX),
    [UDS_ROUTINE_STATUS] = BYTES("uds.rc.status_record", "Status", 0, 0),
    [UDS_COMPRESSION] =
	BITS("uds.rd.compression_method", "Compression", 1, 0xf0, FIELD_HEX),
    [UDS_ENCRYPTION] =
	BITS("uds.rd.encrypting_method", "Encryption", 1, 0x0f, FIELD_HEX),
    [UDS_SIZE_LENGTH] = BITS("uds.rd.memory_size_length", "Length of the size",
			     1, 0xf0, FIELD_HEX),
    [UDS_ADDRESS_LENGTH] = BITS("uds.rd.memory_address_length",
				"Length of the address", 1, 0x0f, FIELD_HEX),
    [UDS_ADDRESS] = NUMBER("uds.rd.memory_address", "Address", FIELD_HEX, 16),
    [UDS_SIZE] = NUMBER("uds.rd.memory_size", "Size", FIELD_HEX, 16),
    [UDS_BLOCK_LENGTH] = BITS("uds.rd.max_number_of_block_length_length",
			      "Length of the length", 1, 0xf0, FIELD_HEX),
    [UDS_BLOCK_SIZE] = NUMBER("uds.rd.max_number_of_block_length",
			      "Length of blocks, most", FIELD_HEX, 16),
    [UDS_BLOCK] = UINT("uds.td.block_sequence_counter", "Block", 1, FIELD_LINE),
    [UDS_SUPPRESS] =
	BITS("uds.tp.suppress_reply", "Suppress", 1, 0x7f, FIELD_HEX),
    [UDS_SUPPRESS_INDICATION] =
	FLAG("uds.tp.suppress_reply.indication", "Without answer", 1, 0x80),
    [UDS_ERROR_SID] = NAMED("uds.err.sid", "Refused", 1, FIELD_HEX | FIELD_LINE,
			    service_names),
    [UDS_ERROR_CODE] =
	NAMED("uds.err.code", "Code", 1, FIELD_HEX | FIELD_LINE, code_names),
    [UDS_DTC_SETTING] =
	UINT("uds.cdtcs.type", "Setting", 1, FIELD_HEX | FIELD_LINE),
};

enum { STEPS = 4 };

/* What requests and answers are made of. */
static const struct {
	uint8_t service;
	uint8_t request[STEPS], answer[STEPS];
} services[] = {
    {0x10, {UDS_SESSION}, {UDS_SESSION, UDS_SESSION_RECORD}},
    {0x11, {UDS_RESET}, {UDS_RESET}},
    {0x19, {UDS_DTC_TYPE, UDS_DTC_RECORD}, {UDS_DTC_TYPE, UDS_DTC_RECORD}},
    {0x22, {STEP_IDS}, {UDS_READ_ID, UDS_READ_RECORD}},
    {0x27, {UDS_SECURITY, UDS_KEY}, {UDS_SECURITY, UDS_SEED}},
    {0x2e, {UDS_WRITE_ID, UDS_WRITE_RECORD}, {UDS_WRITE_ID}},
    {0x2f,
     {UDS_IO_ID, UDS_IO_PARAMETER, UDS_IO_STATE},
     {UDS_IO_ID, UDS_IO_PARAMETER, UDS_IO_STATE}},
    {0x31,
     {UDS_ROUTINE, UDS_ROUTINE_ID, UDS_ROUTINE_OPTION},
     {UDS_ROUTINE, UDS_ROUTINE_ID, UDS_ROUTINE_INFO, UDS_ROUTINE_STATUS}},
    {0x34, {STEP_DOWNLOAD}, {STEP_BLOCKS}},
    {0x36, {UDS_BLOCK}, {UDS_BLOCK}},
    {0x3e, {STEP_PRESENT}, {STEP_PRESENT}},
    {REFUSAL, {0}, {UDS_ERROR_SID, UDS_ERROR_CODE}},
    {0x85, {UDS_DTC_SETTING}, {UDS_DTC_SETTING}},
};

static void take_number(struct dissect *d, struct cur *c, const struct field *f,
			unsigned width)
{
	uint64_t num = 0;

	for (; width > 0; width--)
		num = num << 8 | cur_u8(c);
	if (c->state == CUR_OK)
		add_uint(d, f, num);
}

static void decode_step(struct dissect *d, struct cur *c, unsigned step)
{
	unsigned lengths;

	switch (step) {
	case STEP_IDS:
		while (c->state == CUR_OK && c->claim)
			take(d, c, &fields[UDS_READ_ID]);
		break;
	case STEP_DOWNLOAD:
		lengths = cur_u8(c);
		add_bits_rows(d, &fields[UDS_COMPRESSION],
			      &fields[UDS_ENCRYPTION], lengths);
		lengths = cur_u8(c);
		add_bits_rows(d, &fields[UDS_SIZE_LENGTH],
			      &fields[UDS_ADDRESS_LENGTH], lengths);
		take_number(d, c, &fields[UDS_ADDRESS], lengths & 15);
		take_number(d, c, &fields[UDS_SIZE], lengths >> 4);
		break;
	case STEP_BLOCKS:
		lengths = cur_u8(c);
		if (c->state == CUR_OK)
			add_bits(d, &fields[UDS_BLOCK_LENGTH], lengths);
		take_number(d, c, &fields[UDS_BLOCK_SIZE], lengths >> 4);
		break;
	case STEP_PRESENT:
		lengths = cur_u8(c);
		if (c->state == CUR_OK)
			add_bits_rows(d, &fields[UDS_SUPPRESS],
				      &fields[UDS_SUPPRESS_INDICATION],
				      lengths);
		break;
	default:
		if (fields[step].width)
			take(d, c, &fields[step]);
		else
			take_bytes(d, c, &fields[step], c->claim);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *below = d->layer - 1;
	unsigned first, i, k;
	const uint8_t *steps;

	if (!cur_has(c, 1))
		return;
	if (d->layer > d->layers && below->id == PROTO_doip) {
		add_uint(d, &fields[UDS_SOURCE], below->fact[0]);
		add_uint(d, &fields[UDS_ADDR], below->fact[0]);
		add_uint(d, &fields[UDS_TARGET], below->fact[1]);
		add_uint(d, &fields[UDS_ADDR], below->fact[1]);
	}
	first = cur_u8(c);
	add_bits_rows(d, &fields[UDS_SID], &fields[UDS_REPLY], first);
	for (i = 0; i < ARRAY_LEN(services); i++) {
		if (services[i].service != (first & ~(unsigned)REPLY))
			continue;
		steps =
		    first & REPLY ? services[i].answer : services[i].request;
		for (k = 0; k < STEPS && steps[k] && c->claim; k++)
			decode_step(d, c, steps[k]);
		return;
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned index;

	for (; v < end; v++) {
		index = summary_index(l, v);
		switch (index) {
		case UDS_SID:
			summary_puts(
			    l, names_or(service_names, v->num, "Service"));
			break;
		case UDS_REPLY:
			summary_puts(l, v->num ? ", answer" : "");
			break;
		case UDS_ERROR_SID:
			summary_printf(l, ", %s",
				       names_or(service_names, v->num, "?"));
			break;
		case UDS_ERROR_CODE:
			summary_printf(l, ", %s",
				       names_or(code_names, v->num, "refused"));
			break;
		default:
			if (fields[index].flags & FIELD_LINE)
				summary_printf(l, ", 0x%02x", (unsigned)v->num);
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_uds = {
    "uds",
    "Unified Diagnostic Services",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
