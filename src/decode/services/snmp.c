/*
 * SNMP, versions 1 (RFC 1157), 2c (RFC 1901, 3416) and 3 (RFC 3412, 3414).
 *
 *	v1, v2c: SEQUENCE { version, community, PDU }
 *	v3: SEQUENCE { version, SEQUENCE { id, size, flags, model },
 *		OCTET STRING { security parameters }, scoped PDU or BYTES }
 *	PDU: [n] { request id, error status, error index, bindings }
 *	binding: SEQUENCE { name, value }
 */
#include "base/array.h"
#include "decode/lib/ber.h"

enum {
	SNMP_VERSION,
	SNMP_COMMUNITY,
	SNMP_V3_VERSION,
	SNMP_V3_ID,
	SNMP_V3_SIZE,
	SNMP_V3_FLAGS,
	SNMP_V3_REPORT,
	SNMP_V3_CRYPT,
	SNMP_V3_AUTH,
	SNMP_V3_MODEL,
	SNMP_ENGINE_ID,
	SNMP_ENGINE_BOOTS,
	SNMP_ENGINE_TIME,
	SNMP_USER,
	SNMP_AUTH_PARAMETERS,
	SNMP_PRIV_PARAMETERS,
	SNMP_V3_DATA,
	SNMP_ENCRYPTED,
	SNMP_CONTEXT_ENGINE,
	SNMP_CONTEXT_NAME,
	SNMP_DATA,
	SNMP_REQUEST_ID,
	SNMP_ERROR_STATUS,
	SNMP_ERROR_INDEX,
	SNMP_NON_REPEATERS,
	SNMP_MAX_REPETITIONS,
	SNMP_ENTERPRISE,
	SNMP_AGENT,
	SNMP_GENERIC_TRAP,
	SNMP_SPECIFIC_TRAP,
	SNMP_TIME_STAMP,
	SNMP_BINDINGS,
	SNMP_NAME,
	SNMP_VALUE_INT,
	SNMP_VALUE_BYTES,
	SNMP_VALUE_OID,
	SNMP_VALUE_NULL,
	SNMP_VALUE_IPV4,
	SNMP_VALUE_COUNTER,
	SNMP_VALUE_UNSIGNED,
	SNMP_VALUE_TICKS,
	SNMP_VALUE_OPAQUE,
	SNMP_NO_OBJECT,
	SNMP_NO_INSTANCE,
	SNMP_END_OF_VIEW,
};

enum { VERSION_3 = 3, PDU_TRAP = 4, PDU_BULK = 5, PDUS = 9, USM = 3 };

static const struct names version_names[] = {
    {0, "version-1"}, {1, "v2c"}, {2, "v2u"}, {3, "snmpv3"}, {0, NULL}};
static const struct names data_names[] = {
    {0, "get-request"},	  {1, "get-next-request"},
    {2, "get-response"},  {3, "set-request"},
    {4, "trap"},	  {5, "getBulkRequest"},
    {6, "informRequest"}, {7, "snmpV2-trap"},
    {8, "report"},	  {0, NULL}};
static const struct names error_names[] = {{0, "noError"},
					   {1, "tooBig"},
					   {2, "noSuchName"},
					   {3, "badValue"},
					   {4, "readOnly"},
					   {5, "genErr"},
					   {6, "noAccess"},
					   {7, "wrongType"},
					   {8, "wrongLength"},
					   {9, "wrongEncoding"},
					   {10, "wrongValue"},
					   {11, "noCreation"},
					   {12, "inconsistentValue"},
					   {13, "resourceUnavailable"},
					   {14, "commitFailed"},
					   {15, "undoFailed"},
					   {16, "authorizationError"},
					   {17, "notWritable"},
					   {18, "inconsistentName"},
					   {0, NULL}};
static const struct names trap_names[] = {{0, "coldStart"},
					  {1, "warmStart"},
					  {2, "linkDown"},
					  {3, "linkUp"},
					  {4, "authenticationFailure"},
					  {5, "egpNeighborLoss"},
					  {6, "enterpriseSpecific"},
					  {0, NULL}};
static const struct names model_names[] = {
    {0, "Any"}, {1, "V1"}, {2, "V2C"}, {3, "USM"}, {0, NULL}};
static const struct names scope_names[] = {
    {0, "plaintext"}, {1, "encryptedPDU"}, {0, NULL}};

#define NUM(index, nm, tt, named, more)                                        \
	[index] = {"snmp." nm, tt, named, .type = FIELD_INT, .flags = (more)}
#define OF(index, nm, tt, kind, more)                                          \
	[index] = {"snmp." nm, tt, .type = FIELD_##kind, .flags = (more)}
#define FLAG(index, nm, tt, bit)                                               \
	[index] = {"snmp.v3.flags." nm, tt, .mask = (bit), .type = FIELD_BOOL}

static const struct field fields[] = {
    NUM(SNMP_VERSION, "version", "Version", version_names, FIELD_LINE),
    OF(SNMP_COMMUNITY, "community", "Community", TEXT, FIELD_LINE),
    NUM(SNMP_V3_VERSION, "msgVersion", "Version", version_names, FIELD_LINE),
    NUM(SNMP_V3_ID, "msgID", "Message id", NULL, 0),
    NUM(SNMP_V3_SIZE, "msgMaxSize", "Largest message", NULL, 0),
    OF(SNMP_V3_FLAGS, "msgFlags", "Flags", BYTES, 0),
    FLAG(SNMP_V3_REPORT, "report", "Reportable", 4),
    FLAG(SNMP_V3_CRYPT, "crypt", "Encrypted", 2),
    FLAG(SNMP_V3_AUTH, "auth", "Authenticated", 1),
    NUM(SNMP_V3_MODEL, "msgSecurityModel", "Security model", model_names, 0),
    OF(SNMP_ENGINE_ID, "msgAuthoritativeEngineID", "Authoritative engine",
       BYTES, 0),
    NUM(SNMP_ENGINE_BOOTS, "msgAuthoritativeEngineBoots", "Engine boots", NULL,
	0),
    NUM(SNMP_ENGINE_TIME, "msgAuthoritativeEngineTime", "Engine time", NULL, 0),
    OF(SNMP_USER, "msgUserName", "User name", TEXT, FIELD_LINE),
    OF(SNMP_AUTH_PARAMETERS, "msgAuthenticationParameters",
       "Authentication parameters", BYTES, 0),
    OF(SNMP_PRIV_PARAMETERS, "msgPrivacyParameters", "Privacy parameters",
       BYTES, 0),
    NUM(SNMP_V3_DATA, "msgData", "Scoped PDU", scope_names, 0),
    OF(SNMP_ENCRYPTED, "encryptedPDU", "Encrypted PDU", BYTES, FIELD_LINE),
    OF(SNMP_CONTEXT_ENGINE, "contextEngineID", "Context engine", BYTES, 0),
    OF(SNMP_CONTEXT_NAME, "contextName", "Context name", TEXT, 0),
    NUM(SNMP_DATA, "data", "PDU", data_names, FIELD_LINE),
    NUM(SNMP_REQUEST_ID, "request_id", "Request id", NULL, 0),
    NUM(SNMP_ERROR_STATUS, "error_status", "Error", error_names, FIELD_LINE),
    NUM(SNMP_ERROR_INDEX, "error_index", "Error index", NULL, 0),
    NUM(SNMP_NON_REPEATERS, "non_repeaters", "Non-repeaters", NULL, 0),
    NUM(SNMP_MAX_REPETITIONS, "max_repetitions", "Repetitions", NULL, 0),
    OF(SNMP_ENTERPRISE, "enterprise", "Enterprise", TEXT, FIELD_LINE),
    [SNMP_AGENT] = {"snmp.agent_addr", "Agent address", .type = FIELD_IPV4,
		    .width = 4},
    NUM(SNMP_GENERIC_TRAP, "generic_trap", "Generic trap", trap_names,
	FIELD_LINE),
    NUM(SNMP_SPECIFIC_TRAP, "specific_trap", "Specific trap", NULL, 0),
    NUM(SNMP_TIME_STAMP, "time_stamp", "Time stamp, 1/100 s", NULL, 0),
    NUM(SNMP_BINDINGS, "variable_bindings", "Variables", NULL, 0),
    OF(SNMP_NAME, "name", "Object", TEXT, FIELD_LINE),
    NUM(SNMP_VALUE_INT, "value.int", "Integer", NULL, FIELD_LINE),
    OF(SNMP_VALUE_BYTES, "value.bytes", "Bytes", BYTES, FIELD_LINE),
    OF(SNMP_VALUE_OID, "value.oid", "Object identifier", TEXT, FIELD_LINE),
    OF(SNMP_VALUE_NULL, "value.null", "Null", NONE, 0),
    [SNMP_VALUE_IPV4] = {"snmp.value.ipv4", "Address", .type = FIELD_IPV4,
			 .width = 4, .flags = FIELD_LINE},
    OF(SNMP_VALUE_COUNTER, "value.counter", "Counter", UINT, FIELD_LINE),
    NUM(SNMP_VALUE_UNSIGNED, "value.u32", "Unsigned", NULL, FIELD_LINE),
    OF(SNMP_VALUE_TICKS, "value.timeticks", "Time, 1/100 s", UINT, FIELD_LINE),
    OF(SNMP_VALUE_OPAQUE, "value.opaque", "Opaque", BYTES, 0),
    OF(SNMP_NO_OBJECT, "noSuchObject", "No such object", NONE, 0),
    OF(SNMP_NO_INSTANCE, "noSuchInstance", "No such instance", NONE, 0),
    OF(SNMP_END_OF_VIEW, "endOfMibView", "End of view", NONE, 0),
};

/* A binding's value by its identifier. */
static const struct {
	uint8_t id, field;
} values[] = {
    {BER_INTEGER, SNMP_VALUE_INT},	 {BER_BYTES, SNMP_VALUE_BYTES},
    {BER_OID, SNMP_VALUE_OID},		 {BER_NULL, SNMP_VALUE_NULL},
    {BER_APP + 0, SNMP_VALUE_IPV4},	 {BER_APP + 1, SNMP_VALUE_COUNTER},
    {BER_APP + 2, SNMP_VALUE_UNSIGNED},	 {BER_APP + 3, SNMP_VALUE_TICKS},
    {BER_APP + 4, SNMP_VALUE_OPAQUE},	 {BER_APP + 6, SNMP_VALUE_COUNTER},
    {BER_CONTEXT + 0, SNMP_NO_OBJECT},	 {BER_CONTEXT + 1, SNMP_NO_INSTANCE},
    {BER_CONTEXT + 2, SNMP_END_OF_VIEW},
};

static void decode_value(struct dissect *d, const struct ber *value)
{
	struct cur body = value->body;
	const struct field *f;
	unsigned i;

	for (i = 0; i < ARRAY_LEN(values); i++) {
		if (values[i].id != value->id)
			continue;
		f = &fields[values[i].field];
		if (f->type == FIELD_NONE)
			add_uint(d, f, 1);
		else if (value->id == BER_OID)
			ber_note_oid(d, body, f);
		else if (f->type == FIELD_IPV4 && body.claim == 4)
			take(d, &body, f);
		else
			ber_note(d, body, f);
	}
}

static void decode_bindings(struct dissect *d, struct cur *pdu)
{
	struct cur list, look, binding, name;
	struct ber value;
	unsigned n = 0;

	if (!ber_enter(pdu, BER_SEQUENCE, &list))
		return;
	for (look = list; ber_next(&look, &value); n++)
		continue;
	add_uint(d, &fields[SNMP_BINDINGS], n);
	while (ber_enter(&list, BER_SEQUENCE, &binding)) {
		if (ber_enter(&binding, BER_OID, &name))
			ber_note_oid(d, name, &fields[SNMP_NAME]);
		if (ber_next(&binding, &value))
			decode_value(d, &value);
	}
}

static void decode_trap(struct dissect *d, struct cur *pdu)
{
	struct cur body;

	if (ber_enter(pdu, BER_OID, &body))
		ber_note_oid(d, body, &fields[SNMP_ENTERPRISE]);
	if (ber_enter(pdu, BER_APP, &body))
		take(d, &body, &fields[SNMP_AGENT]);
	ber_take(d, pdu, BER_INTEGER, &fields[SNMP_GENERIC_TRAP], NULL);
	ber_take(d, pdu, BER_INTEGER, &fields[SNMP_SPECIFIC_TRAP], NULL);
	ber_take(d, pdu, BER_APP + 3, &fields[SNMP_TIME_STAMP], NULL);
}

static void decode_pdu(struct dissect *d, struct cur *c)
{
	struct ber pdu;
	unsigned first = SNMP_ERROR_STATUS;

	if (!ber_next(c, &pdu) || (pdu.id & 0xe0) != BER_CONTEXT_CONS ||
	    pdu.number >= PDUS)
		return;
	add_uint(d, &fields[SNMP_DATA], pdu.number);
	if (pdu.number == PDU_TRAP) {
		decode_trap(d, &pdu.body);
	} else {
		if (pdu.number == PDU_BULK)
			first = SNMP_NON_REPEATERS;
		ber_take(d, &pdu.body, BER_INTEGER, &fields[SNMP_REQUEST_ID],
			 NULL);
		ber_take(d, &pdu.body, BER_INTEGER, &fields[first], NULL);
		ber_take(d, &pdu.body, BER_INTEGER, &fields[first + 1], NULL);
	}
	decode_bindings(d, &pdu.body);
	if (pdu.body.state == CUR_MALFORMED)
		cur_bad(c);
}

/* The user-based security model's parameters. */
static void decode_security(struct dissect *d, struct cur *bytes)
{
	struct cur c;

	if (!ber_enter(bytes, BER_SEQUENCE, &c))
		return;
	ber_take(d, &c, BER_BYTES, &fields[SNMP_ENGINE_ID], NULL);
	ber_take(d, &c, BER_INTEGER, &fields[SNMP_ENGINE_BOOTS], NULL);
	ber_take(d, &c, BER_INTEGER, &fields[SNMP_ENGINE_TIME], NULL);
	ber_take(d, &c, BER_BYTES, &fields[SNMP_USER], NULL);
	ber_take(d, &c, BER_BYTES, &fields[SNMP_AUTH_PARAMETERS], NULL);
	ber_take(d, &c, BER_BYTES, &fields[SNMP_PRIV_PARAMETERS], NULL);
}

static void decode_v3(struct dissect *d, struct cur *msg)
{
	struct cur header, body, look;
	int64_t model = 0;
	unsigned flags = 0;

	if (!ber_enter(msg, BER_SEQUENCE, &header))
		return;
	ber_take(d, &header, BER_INTEGER, &fields[SNMP_V3_ID], NULL);
	ber_take(d, &header, BER_INTEGER, &fields[SNMP_V3_SIZE], NULL);
	look = header;
	if (ber_take(d, &header, BER_BYTES, &fields[SNMP_V3_FLAGS], NULL) &&
	    ber_enter(&look, BER_BYTES, &body) && cur_left(&body)) {
		flags = cur_u8(&body);
		add_bits(d, &fields[SNMP_V3_REPORT], flags);
		add_bits(d, &fields[SNMP_V3_CRYPT], flags);
		add_bits(d, &fields[SNMP_V3_AUTH], flags);
	}
	ber_take(d, &header, BER_INTEGER, &fields[SNMP_V3_MODEL], &model);
	if (ber_enter(msg, BER_BYTES, &body) && model == USM)
		decode_security(d, &body);
	if (ber_enter(msg, BER_SEQUENCE, &body)) {
		add_uint(d, &fields[SNMP_V3_DATA], 0);
		ber_take(d, &body, BER_BYTES, &fields[SNMP_CONTEXT_ENGINE],
			 NULL);
		ber_take(d, &body, BER_BYTES, &fields[SNMP_CONTEXT_NAME], NULL);
		decode_pdu(d, &body);
	} else if (cur_left(msg)) {
		add_uint(d, &fields[SNMP_V3_DATA], 1);
		ber_take(d, msg, BER_BYTES, &fields[SNMP_ENCRYPTED], NULL);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur msg, look;
	int64_t version = 0;

	if (!ber_enter(c, BER_SEQUENCE, &msg))
		return;
	look = msg;
	if (ber_enter(&msg, BER_INTEGER, &look))
		version = ber_number(look);
	if (version == VERSION_3) {
		ber_note(d, look, &fields[SNMP_V3_VERSION]);
		decode_v3(d, &msg);
	} else {
		ber_note(d, look, &fields[SNMP_VERSION]);
		ber_take(d, &msg, BER_BYTES, &fields[SNMP_COMMUNITY], NULL);
		decode_pdu(d, &msg);
	}
	if (msg.state != CUR_OK)
		c->state = msg.state;
}

/* ---- the line ----------------------------------------------------------- */

static void value_line(struct summary *l, const struct value *v)
{
	unsigned index = summary_index(l, v);

	switch (index) {
	case SNMP_NAME:
		summary_puts(l, " ");
		summary_text(l, v);
		break;
	case SNMP_VALUE_OID:
		summary_puts(l, "=");
		summary_text(l, v);
		break;
	case SNMP_VALUE_BYTES:
		summary_puts(l, "=\"");
		summary_text(l, v);
		summary_puts(l, "\"");
		break;
	case SNMP_VALUE_IPV4:
		summary_puts(l, "=");
		summary_ip4(l, (uint32_t)v->num);
		break;
	case SNMP_VALUE_INT:
	case SNMP_VALUE_COUNTER:
	case SNMP_VALUE_UNSIGNED:
	case SNMP_VALUE_TICKS:
		summary_printf(l, "=%lld", (long long)v->num);
		break;
	}
}

static void summary(struct summary *l)
{
	const struct value *version = summary_value(l, SNMP_VERSION);
	const struct value *pdu = summary_value(l, SNMP_DATA), *v, *end;
	const struct value *error = summary_value(l, SNMP_ERROR_STATUS);
	const struct value *trap = summary_value(l, SNMP_GENERIC_TRAP);

	if (summary_value(l, SNMP_V3_VERSION)) {
		summary_puts(l, "SNMPv3 U=\"");
		summary_text(l, summary_value(l, SNMP_USER));
		summary_puts(l, "\"");
	} else if (version) {
		summary_printf(l, "SNMP%s C=\"",
			       version->num == 0   ? "v1"
			       : version->num == 1 ? "v2c"
						   : "");
		summary_text(l, summary_value(l, SNMP_COMMUNITY));
		summary_puts(l, "\"");
	} else {
		summary_puts(l, "SNMP");
	}
	if (pdu)
		summary_printf(l, " %s", names_or(data_names, pdu->num, "PDU"));
	else if (summary_value(l, SNMP_ENCRYPTED))
		summary_puts(l, " encrypted");
	if (error && error->num)
		summary_printf(l, " %s",
			       names_or(error_names, error->num, "error"));
	if (trap)
		summary_printf(l, " %s",
			       names_or(trap_names, trap->num, "unknown"));
	v = l->d->values + l->layer->first;
	end = l->d->values + l->layer->end;
	for (; v < end; v++)
		value_line(l, v);
	summary_mark(l);
}

static const struct key keys[] = {
    {KEY_UDP_PORT, 161}, {KEY_UDP_PORT, 162},  {KEY_TCP_PORT, 161},
    {KEY_TCP_PORT, 162}, {KEY_UDP_PORT, 8161}, {KEY_ETHERTYPE, 0x814c}};

const struct proto proto_snmp = {
    "snmp",
    "Simple Network Management Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
