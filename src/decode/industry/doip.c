/*
 * Diagnostics over IP (ISO 13400-2), over UDP and TCP.
 *
 *	version, its inverse (1 each), type (2), length (4), what a table says
 *	of each type
 */
#include "base/array.h"
#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	DOIP_VERSION, /* as a step: there are no more */
	DOIP_INVERSE,
	DOIP_TYPE,
	DOIP_LENGTH,
	DOIP_NACK,
	DOIP_VIN,
	DOIP_ADDRESS,
	DOIP_EID,
	DOIP_GID,
	DOIP_FURTHER,
	DOIP_SYNC,
	DOIP_POWER,
	DOIP_NODE,
	DOIP_SOCKETS_MOST,
	DOIP_SOCKETS,
	DOIP_SIZE_MOST,
	DOIP_SOURCE,
	DOIP_TARGET,
	DOIP_ACTIVATION_V1,
	DOIP_ACTIVATION,
	DOIP_TESTER,
	DOIP_RESPONSE,
	DOIP_RESERVED_ISO,
	DOIP_RESERVED_OEM,
	DOIP_ACK,
	DOIP_DIAG_NACK,
	DOIP_PREVIOUS,
	DOIP_DATA,
};

enum { HEADER_LEN = 8, DIAGNOSTIC = 0x8001 };

/* What decode() leaves for the layer above: layer.fact[] */
enum { FACT_SOURCE, FACT_TARGET };

static const struct names type_names[] = {
    {0x0000, "Generic DoIP header NACK"},
    {0x0001, "Vehicle identification request"},
    {0x0002, "Vehicle identification request with EID"},
    {0x0003, "Vehicle identification request with VIN"},
    {0x0004, "Vehicle announcement message/vehicle identification response "
	     "message"},
    {0x0005, "Routing activation request"},
    {0x0006, "Routing activation response"},
    {0x0007, "Alive check request"},
    {0x0008, "Alive check response"},
    {0x4001, "DoIP entity status request"},
    {0x4002, "DoIP entity status response"},
    {0x4003, "Diagnostic power mode information request"},
    {0x4004, "Diagnostic power mode information response"},
    {DIAGNOSTIC, "Diagnostic message"},
    {0x8002, "Diagnostic message ACK"},
    {0x8003, "Diagnostic message NACK"},
    {0, NULL},
};

static const struct names nack_names[] = {
    {0, "Incorrect pattern format"}, {1, "Unknown payload type"},
    {2, "Message too large"},	     {3, "Out of memory"},
    {4, "Invalid payload length"},   {0, NULL},
};

static const struct field fields[] = {
    [DOIP_VERSION] = UINT("doip.version", "Version", 1, FIELD_HEX),
    [DOIP_INVERSE] = UINT("doip.inverse", "Its inverse", 1, FIELD_HEX),
    [DOIP_TYPE] =
	NAMED("doip.type", "Type", 2, FIELD_HEX | FIELD_LINE, type_names),
    [DOIP_LENGTH] = UINT("doip.length", "Length", 4, 0),
    [DOIP_NACK] = NAMED("doip.nack_code", "Refused", 1, FIELD_HEX | FIELD_LINE,
			nack_names),
    [DOIP_VIN] = {"doip.vin", "Vehicle", .type = FIELD_TEXT, .width = 17,
		  .flags = FIELD_LINE},
    [DOIP_ADDRESS] =
	UINT("doip.logical_address", "Address", 2, FIELD_HEX | FIELD_LINE),
    [DOIP_EID] = BYTES("doip.eid", "Entity", 6, 0),
    [DOIP_GID] = BYTES("doip.gid", "Group", 6, 0),
    [DOIP_FURTHER] = UINT("doip.futher_action", "Further action", 1, FIELD_HEX),
    [DOIP_SYNC] = UINT("doip.sync_status", "Synchronization", 1, FIELD_HEX),
    [DOIP_POWER] = UINT("doip.power_mode", "Power mode", 1, FIELD_HEX),
    [DOIP_NODE] = UINT("doip.node_type", "Node type", 1, FIELD_HEX),
    [DOIP_SOCKETS_MOST] = UINT("doip.max_sockets", "Sockets, most", 1, 0),
    [DOIP_SOCKETS] = UINT("doip.sockets", "Sockets", 1, 0),
    [DOIP_SIZE_MOST] = UINT("doip.max_data_size", "Size, most", 4, 0),
    [DOIP_SOURCE] =
	UINT("doip.source_address", "From", 2, FIELD_HEX | FIELD_LINE),
    [DOIP_TARGET] =
	UINT("doip.target_address", "To", 2, FIELD_HEX | FIELD_LINE),
    [DOIP_ACTIVATION_V1] =
	UINT("doip.activation_type_v1", "Activation", 2, FIELD_HEX),
    [DOIP_ACTIVATION] =
	UINT("doip.activation_type", "Activation", 1, FIELD_HEX),
    [DOIP_TESTER] = UINT("doip.tester_logical_address", "Tester", 2,
			 FIELD_HEX | FIELD_LINE),
    [DOIP_RESPONSE] =
	UINT("doip.response_code", "Response", 1, FIELD_HEX | FIELD_LINE),
    [DOIP_RESERVED_ISO] = UINT("doip.reserved_iso", "Reserved", 4, FIELD_HEX),
    [DOIP_RESERVED_OEM] = UINT("doip.reserved_oem", "Maker's", 4, FIELD_HEX),
    [DOIP_ACK] = UINT("doip.diag_ack_code", "Acknowledged", 1, FIELD_HEX),
    [DOIP_DIAG_NACK] =
	UINT("doip.diag_nack_code", "Refused", 1, FIELD_HEX | FIELD_LINE),
    [DOIP_PREVIOUS] = BYTES("doip.previous", "What it was", 0, 0),
    [DOIP_DATA] = BYTES("doip.data", "Data", 0, 0),
};

enum { STEPS = 6 };

/* What messages are made of; the last ones may be missing. */
static const struct {
	uint16_t type;
	uint8_t steps[STEPS];
} messages[] = {
    {0x0000, {DOIP_NACK}},
    {0x0001, {0}},
    {0x0002, {DOIP_EID}},
    {0x0003, {DOIP_VIN}},
    {0x0004,
     {DOIP_VIN, DOIP_ADDRESS, DOIP_EID, DOIP_GID, DOIP_FURTHER, DOIP_SYNC}},
    {0x0005,
     {DOIP_SOURCE, DOIP_ACTIVATION, DOIP_RESERVED_ISO, DOIP_RESERVED_OEM}},
    {0x0006,
     {DOIP_TESTER, DOIP_SOURCE, DOIP_RESPONSE, DOIP_RESERVED_ISO,
      DOIP_RESERVED_OEM}},
    {0x0007, {0}},
    {0x0008, {DOIP_SOURCE}},
    {0x4001, {0}},
    {0x4002, {DOIP_NODE, DOIP_SOCKETS_MOST, DOIP_SOCKETS, DOIP_SIZE_MOST}},
    {0x4003, {0}},
    {0x4004, {DOIP_POWER}},
    {0x8002, {DOIP_SOURCE, DOIP_TARGET, DOIP_ACK, DOIP_PREVIOUS}},
    {0x8003, {DOIP_SOURCE, DOIP_TARGET, DOIP_DIAG_NACK, DOIP_PREVIOUS}},
};

static void decode_steps(struct dissect *d, struct cur *c, const uint8_t *steps,
			 unsigned version)
{
	unsigned i, step;

	for (i = 0; i < STEPS && steps[i] && c->claim; i++) {
		step = steps[i];
		if (step == DOIP_ACTIVATION && version == 1)
			step = DOIP_ACTIVATION_V1;
		if (step == DOIP_PREVIOUS)
			take_bytes(d, c, &fields[step], c->claim);
		else
			take(d, c, &fields[step]);
	}
}

static void decode_message(struct dissect *d, struct cur *c, unsigned type,
			   unsigned version)
{
	unsigned i;

	if (type == DIAGNOSTIC) {
		d->layer->fact[FACT_SOURCE] =
		    (uint32_t)take(d, c, &fields[DOIP_SOURCE]);
		d->layer->fact[FACT_TARGET] =
		    (uint32_t)take(d, c, &fields[DOIP_TARGET]);
		next_proto(d, c, PROTO_uds);
		return;
	}
	for (i = 0; i < ARRAY_LEN(messages); i++) {
		if (messages[i].type == type) {
			decode_steps(d, c, messages[i].steps, version);
			return;
		}
	}
	if (c->claim)
		take_bytes(d, c, &fields[DOIP_DATA], c->claim);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned version, type;
	struct cur body;

	join_layer(d);
	if (cur_has(c, 2) && (cur_peek8(c, 0) ^ cur_peek8(c, 1)) != 0xff) {
		next_proto(d, c, PROTO_data);
		return;
	}
	version = (unsigned)take(d, c, &fields[DOIP_VERSION]);
	take(d, c, &fields[DOIP_INVERSE]);
	type = (unsigned)take(d, c, &fields[DOIP_TYPE]);
	body = cur_part(c, (size_t)take(d, c, &fields[DOIP_LENGTH]));
	if (body.state == CUR_OK)
		decode_message(d, &body, type, version);
	if (body.state == CUR_MALFORMED)
		cur_bad(c);
	next_again(d, c);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned version = cur_u8(&c), inverse = cur_u8(&c);
	size_t len;

	cur_skip(&c, 2);
	len = cur_be32(&c);
	f->size = HEADER_LEN + len;
	if ((version ^ inverse) != 0xff)
		f->size = cur_left(&c) + HEADER_LEN;
	return c.state == CUR_OK;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, "DoIP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case DOIP_TYPE:
			summary_printf(l, " %s",
				       names_or(type_names, v->num, "message"));
			break;
		case DOIP_NACK:
			summary_printf(l, ", %s",
				       names_or(nack_names, v->num, "refused"));
			break;
		case DOIP_VIN:
			summary_puts(l, ", ");
			summary_text(l, v);
			break;
		case DOIP_ADDRESS:
		case DOIP_TESTER:
		case DOIP_SOURCE:
			summary_printf(l, ", 0x%04x", (unsigned)v->num);
			break;
		case DOIP_TARGET:
			summary_printf(l, " > 0x%04x", (unsigned)v->num);
			break;
		case DOIP_RESPONSE:
		case DOIP_DIAG_NACK:
			summary_printf(l, ", code 0x%02x", (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
	if (l->next && l->next->id == PROTO_uds)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 13400}, {KEY_TCP_PORT, 13400}};
static const uint8_t leads_proto[] = {PROTO_uds, PROTO_doip, PROTO_data,
				      PROTO_NONE};

const struct proto proto_doip = {
    "doip",
    "DoIP (ISO13400) Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
