/*
 * BACnet's application layer (ANSI/ASHRAE 135, clause 20).
 *
 *	type (4 bits), flags (4 bits), then as the type says: [sizes (1)], id
 *	(1), [sequence, window (1 each)], service (1), parameters
 *
 * Parameters are tagged values: number, class and length in one byte or more,
 * then the value. Which number means what is said by a table, for the services
 * that there are most of.
 */
#include "base/array.h"
#include "decode/lib/rows.h"

enum {
	APP_TYPE,
	APP_FLAGS,
	APP_SEGMENTED,
	APP_MORE,
	APP_SA,
	APP_NAK,
	APP_SRV,
	APP_SEGMENTS,
	APP_SIZE,
	APP_ID,
	APP_SEQUENCE,
	APP_WINDOW,
	APP_CONFIRMED,
	APP_UNCONFIRMED,
	APP_REJECT,
	APP_ABORT,
	APP_TAG,
	APP_CONTEXT,
	APP_EXTENDED,
	APP_CLASS,
	APP_LENGTH,
	APP_NAMED,
	APP_OBJECT,
	APP_INSTANCE,
	APP_PROPERTY,
	APP_ERROR_CLASS,
	APP_ERROR_CODE,
	APP_LOW,
	APP_HIGH,
	APP_VENDOR,
	APP_CHARSET,
	APP_NAME,
};

enum {
	CONFIRMED_REQ,
	UNCONFIRMED_REQ,
	SIMPLE_ACK,
	COMPLEX_ACK,
	SEGMENT_ACK,
	FAILED,
	REJECTED,
	ABORTED,
	SEGMENTED = 8,
};

/* Services */
enum {
	COV_NOTIFICATION = 1,
	SUBSCRIBE_COV = 5,
	READ_PROPERTY = 12,
	READ_MULTIPLE = 14,
	WRITE_PROPERTY = 15,
	WRITE_MULTIPLE = 16,
	READ_RANGE = 26,
	UNCONFIRMED = 0x100, /* and those without confirmation: */
	I_AM = 0x100,
	I_HAVE,
	UNCONFIRMED_COV,
	WHO_HAS = 0x107,
	WHO_IS,
};

/* Tags of applications */
enum { BOOLEAN = 1, UNSIGNED, STRING = 7, ENUMERATED = 9, OBJECT = 12 };

/* Lengths that say something else */
enum { LENGTH_FOLLOWS = 5, OPENING, CLOSING };

static const struct names type_names[] = {
    {CONFIRMED_REQ, "Confirmed-REQ"},
    {UNCONFIRMED_REQ, "Unconfirmed-REQ"},
    {SIMPLE_ACK, "Simple-ACK"},
    {COMPLEX_ACK, "Complex-ACK"},
    {SEGMENT_ACK, "Segment-ACK"},
    {FAILED, "Error"},
    {REJECTED, "Reject"},
    {ABORTED, "Abort"},
    {0, NULL},
};

static const struct names confirmed_names[] = {
    {0, "acknowledgeAlarm"},
    {1, "confirmedCOVNotification"},
    {2, "confirmedEventNotification"},
    {3, "getAlarmSummary"},
    {4, "getEnrollmentSummary"},
    {5, "subscribeCOV"},
    {6, "atomicReadFile"},
    {7, "atomicWriteFile"},
    {8, "addListElement"},
    {9, "removeListElement"},
    {10, "createObject"},
    {11, "deleteObject"},
    {12, "readProperty"},
    {13, "readPropertyConditional"},
    {14, "readPropertyMultiple"},
    {15, "writeProperty"},
    {16, "writePropertyMultiple"},
    {17, "deviceCommunicationControl"},
    {18, "confirmedPrivateTransfer"},
    {19, "confirmedTextMessage"},
    {20, "reinitializeDevice"},
    {21, "vtOpen"},
    {22, "vtClose"},
    {23, "vtData"},
    {24, "authenticate"},
    {25, "requestKey"},
    {26, "readRange"},
    {27, "lifeSafetyOperation"},
    {28, "subscribeCOVProperty"},
    {29, "getEventInformation"},
    {30, "subscribeCovPropertyMultiple"},
    {31, "confirmedCovNotificationMultiple"},
    {32, "confirmedAuditNotification"},
    {33, "auditLogQuery"},
    {0, NULL},
};

static const struct names unconfirmed_names[] = {
    {0, "i-Am"},
    {1, "i-Have"},
    {2, "unconfirmedCOVNotification"},
    {3, "unconfirmedEventNotification"},
    {4, "unconfirmedPrivateTransfer"},
    {5, "unconfirmedTextMessage"},
    {6, "timeSynchronization"},
    {7, "who-Has"},
    {8, "who-Is"},
    {9, "utcTimeSynchronization"},
    {10, "writeGroup"},
    {11, "unconfirmedCovNotificationMultiple"},
    {12, "unconfirmedAuditNotification"},
    {13, "who-am-I"},
    {14, "you-are"},
    {0, NULL},
};

static const struct names object_names[] = {
    {0, "analog-input"},
    {1, "analog-output"},
    {2, "analog-value"},
    {3, "binary-input"},
    {4, "binary-output"},
    {5, "binary-value"},
    {6, "calendar"},
    {7, "command"},
    {8, "device"},
    {9, "event-enrollment"},
    {10, "file"},
    {11, "group"},
    {12, "loop"},
    {13, "multi-state-input"},
    {14, "multi-state-output"},
    {15, "notification-class"},
    {16, "program"},
    {17, "schedule"},
    {18, "averaging"},
    {19, "multi-state-value"},
    {20, "trend-log"},
    {21, "life-safety-point"},
    {22, "life-safety-zone"},
    {23, "accumulator"},
    {24, "pulse-converter"},
    {25, "event-log"},
    {26, "global-group"},
    {27, "trend-log-multiple"},
    {28, "load-control"},
    {29, "structured-view"},
    {30, "access-door"},
    {31, "timer"},
    {32, "access-credential"},
    {33, "access-point"},
    {34, "access-rights"},
    {35, "access-user"},
    {36, "access-zone"},
    {37, "credential-data-input"},
    {38, "network-security"},
    {39, "bitstring-value"},
    {40, "characterstring-value"},
    {41, "date-pattern-value"},
    {42, "date-value"},
    {43, "datetime-pattern-value"},
    {44, "datetime-value"},
    {45, "integer-value"},
    {46, "large-analog-value"},
    {47, "octetstring-value"},
    {48, "positive-integer-value"},
    {49, "time-pattern-value"},
    {50, "time-value"},
    {51, "notification-forwarder"},
    {52, "alert-enrollment"},
    {53, "channel"},
    {54, "lighting-output"},
    {55, "binary-lighting-output"},
    {56, "network-port"},
    {57, "elevator-group"},
    {58, "escalator"},
    {59, "lift"},
    {60, "staging"},
    {61, "audit-log"},
    {62, "audit-reporter"},
    {63, "color"},
    {64, "color-temperature"},
    {0, NULL},
};

static const struct field fields[] = {
    [APP_TYPE] = {"bacapp.type", "Type", type_names, .mask = 0xf0,
		  .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [APP_FLAGS] = BITS("bacapp.pduflags", "Flags", 1, 0x0f, FIELD_HEX),
    [APP_SEGMENTED] = FLAG("bacapp.segmented_request", "Segmented", 1, 0x08),
    [APP_MORE] = FLAG("bacapp.more_segments", "More segments", 1, 0x04),
    [APP_SA] = FLAG("bacapp.SA", "Segmented answer accepted", 1, 0x02),
    [APP_NAK] = FLAG("bacapp.NAK", "Out of order", 1, 0x02),
    [APP_SRV] = FLAG("bacapp.SRV", "From the server", 1, 0x01),
    [APP_SEGMENTS] =
	BITS("bacapp.response_segments", "Segments accepted", 1, 0x70, 0),
    [APP_SIZE] = BITS("bacapp.max_adpu_size", "Size accepted", 1, 0x0f, 0),
    [APP_ID] = UINT("bacapp.invoke_id", "Id", 1, FIELD_LINE),
    [APP_SEQUENCE] = UINT("bacapp.sequence_number", "Sequence", 1, 0),
    [APP_WINDOW] = UINT("bacapp.window_size", "Window", 1, 0),
    [APP_CONFIRMED] = NAMED("bacapp.confirmed_service", "Service", 1,
			    FIELD_LINE, confirmed_names),
    [APP_UNCONFIRMED] = NAMED("bacapp.unconfirmed_service", "Service", 1,
			      FIELD_LINE, unconfirmed_names),
    [APP_REJECT] = UINT("bacapp.reject_reason", "Reject reason", 1, FIELD_LINE),
    [APP_ABORT] = UINT("bacapp.abort_reason", "Abort reason", 1, FIELD_LINE),
    [APP_TAG] =
	BITS("bacapp.application_tag_number", "Application tag", 1, 0xf0, 0),
    [APP_CONTEXT] =
	BITS("bacapp.context_tag_number", "Context tag", 1, 0xf0, 0),
    [APP_EXTENDED] = UINT("bacapp.extended_tag_number", "Extended tag", 1, 0),
    [APP_CLASS] = FLAG("bacapp.tag_class", "Context specific", 1, 0x08),
    [APP_LENGTH] = NUMBER("bacapp.LVT", "Length, value or type", 0, 0),
    [APP_NAMED] = BITS("bacapp.named_tag", "Named tag", 1, 0x07, 0),
    [APP_OBJECT] = {"bacapp.objectType", "Object type", object_names,
		    .mask = 0xffc00000, .type = FIELD_UINT, .width = 4,
		    .flags = FIELD_LINE},
    [APP_INSTANCE] =
	BITS("bacapp.instance_number", "Instance", 4, 0x3fffff, FIELD_LINE),
    [APP_PROPERTY] =
	NUMBER("bacapp.property_identifier", "Property", FIELD_LINE, 0),
    [APP_ERROR_CLASS] =
	NUMBER("bacapp.error_class", "Error class", FIELD_LINE, 0),
    [APP_ERROR_CODE] = NUMBER("bacapp.error_code", "Error code", FIELD_LINE, 0),
    [APP_LOW] = NUMBER("bacapp.who_is.low_limit", "From", FIELD_LINE, 0),
    [APP_HIGH] = NUMBER("bacapp.who_is.high_limit", "To", FIELD_LINE, 0),
    [APP_VENDOR] = NUMBER("bacapp.vendor_identifier", "Vendor", FIELD_LINE, 0),
    [APP_CHARSET] = UINT("bacapp.string_character_set", "Characters", 1, 0),
    [APP_NAME] = TEXT("bacapp.object_name", "Object name", FIELD_LINE),
};

/* What the context tags of services mean, by how many tags are open. */
static const struct meaning {
	uint16_t service;
	uint8_t depth, tag, field;
} meanings[] = {
    {COV_NOTIFICATION, 0, 1, APP_OBJECT},
    {COV_NOTIFICATION, 0, 2, APP_OBJECT},
    {COV_NOTIFICATION, 1, 0, APP_PROPERTY},
    {UNCONFIRMED_COV, 0, 1, APP_OBJECT},
    {UNCONFIRMED_COV, 0, 2, APP_OBJECT},
    {UNCONFIRMED_COV, 1, 0, APP_PROPERTY},
    {SUBSCRIBE_COV, 0, 1, APP_OBJECT},
    {READ_PROPERTY, 0, 0, APP_OBJECT},
    {READ_PROPERTY, 0, 1, APP_PROPERTY},
    {WRITE_PROPERTY, 0, 0, APP_OBJECT},
    {WRITE_PROPERTY, 0, 1, APP_PROPERTY},
    {READ_RANGE, 0, 0, APP_OBJECT},
    {READ_RANGE, 0, 1, APP_PROPERTY},
    {READ_MULTIPLE, 0, 0, APP_OBJECT},
    {READ_MULTIPLE, 1, 0, APP_PROPERTY},
    {READ_MULTIPLE, 1, 2, APP_PROPERTY},
    {WRITE_MULTIPLE, 0, 0, APP_OBJECT},
    {WRITE_MULTIPLE, 1, 0, APP_PROPERTY},
    {WHO_HAS, 0, 0, APP_LOW},
    {WHO_HAS, 0, 1, APP_HIGH},
    {WHO_HAS, 0, 2, APP_OBJECT},
    {WHO_HAS, 0, 3, APP_NAME},
    {WHO_IS, 0, 0, APP_LOW},
    {WHO_IS, 0, 1, APP_HIGH},
};

/* One tag. */
struct tag {
	unsigned number, named;
	bool context;
	uint32_t len;
};

/* Where in the parameters we are. */
struct walk {
	unsigned service, depth;
	unsigned numbers, enums; /* of these tags so far */
	bool failed;		 /* an error is described */
};

static void take_tag(struct dissect *d, struct cur *c, struct tag *tag)
{
	unsigned first = cur_u8(c);

	if (c->state != CUR_OK)
		return;
	*tag = (struct tag){.number = first >> 4, .context = first & 8};
	add_bits(d, &fields[APP_CLASS], first);
	add_bits(d, &fields[tag->context ? APP_CONTEXT : APP_TAG], first);
	if (tag->number == 15)
		tag->number = (unsigned)take(d, c, &fields[APP_EXTENDED]);
	tag->len = first & 7;
	if (tag->len < LENGTH_FOLLOWS) {
		add_uint(d, &fields[APP_LENGTH], tag->len);
		return;
	}
	add_bits(d, &fields[APP_NAMED], first);
	if (tag->len > LENGTH_FOLLOWS) {
		tag->named = tag->len;
		tag->len = 0;
		return;
	}
	tag->len = cur_u8(c);
	if (tag->len == 254)
		tag->len = cur_be16(c);
	else if (tag->len == 255)
		tag->len = cur_be32(c);
	if (c->state == CUR_OK)
		add_uint(d, &fields[APP_LENGTH], tag->len);
}

static uint32_t get_number(struct cur *c)
{
	uint32_t num = 0;

	while (c->state == CUR_OK && c->claim)
		num = num << 8 | cur_u8(c);
	return num;
}

/* Which field is this value, or 0? */
static unsigned field_of(struct walk *walk, const struct tag *tag)
{
	unsigned i;

	if (!tag->context) {
		if (tag->number == OBJECT)
			return APP_OBJECT;
		if (tag->number == UNSIGNED && walk->service == I_AM &&
		    ++walk->numbers == 2)
			return APP_VENDOR;
		if (tag->number == STRING && walk->service == I_HAVE)
			return APP_NAME;
		if (tag->number == ENUMERATED && walk->failed)
			return ++walk->enums == 1 ? APP_ERROR_CLASS
			       : walk->enums == 2 ? APP_ERROR_CODE
						  : 0;
		return 0;
	}
	for (i = 0; i < ARRAY_LEN(meanings); i++)
		if (meanings[i].service == walk->service &&
		    meanings[i].depth == walk->depth &&
		    meanings[i].tag == tag->number)
			return meanings[i].field;
	return 0;
}

static void take_value(struct dissect *d, struct cur *c, unsigned field)
{
	uint32_t num;

	switch (field) {
	case 0:
		break;
	case APP_OBJECT:
		num = cur_be32(c);
		if (c->state == CUR_OK)
			add_bits_rows(d, &fields[APP_OBJECT],
				      &fields[APP_INSTANCE], num);
		break;
	case APP_NAME:
		take(d, c, &fields[APP_CHARSET]);
		take_bytes(d, c, &fields[APP_NAME], c->claim);
		break;
	default:
		num = get_number(c);
		if (c->state == CUR_OK)
			add_uint(d, &fields[field], num);
	}
}

static void decode_parameters(struct dissect *d, struct cur *c,
			      struct walk *walk)
{
	struct tag tag = {0};
	struct cur value;

	while (c->state == CUR_OK && cur_left(c)) {
		take_tag(d, c, &tag);
		if (c->state != CUR_OK)
			return;
		if (tag.named == OPENING) {
			walk->depth++;
			continue;
		}
		if (tag.named == CLOSING) {
			walk->depth -= walk->depth > 0;
			continue;
		}
		if (!tag.context && tag.number == BOOLEAN)
			continue; /* the length is the value */
		value = cur_part(c, tag.len);
		take_value(d, &value, field_of(walk, &tag));
	}
}

/* The header of those that may be parts of something longer; returns whether
   this is one. */
static bool decode_segments(struct dissect *d, struct cur *c, unsigned first)
{
	take(d, c, &fields[APP_ID]);
	if (first & SEGMENTED)
		take_rows(d, c, &fields[APP_SEQUENCE], &fields[APP_WINDOW]);
	return first & SEGMENTED;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, sizes, type;
	struct walk walk = {0};
	bool part = false;

	if (!cur_has(c, 1))
		return;
	first = cur_u8(c);
	type = first >> 4;
	add_bits(d, &fields[APP_TYPE], first);
	switch (type) {
	case CONFIRMED_REQ:
		add_bits_rows(d, &fields[APP_FLAGS], &fields[APP_SA], first);
		sizes = cur_u8(c);
		if (c->state != CUR_OK)
			return;
		add_bits_rows(d, &fields[APP_SEGMENTS], &fields[APP_SIZE],
			      sizes);
		part = decode_segments(d, c, first);
		walk.service = (unsigned)take(d, c, &fields[APP_CONFIRMED]);
		break;
	case UNCONFIRMED_REQ:
		walk.service = (unsigned)take(d, c, &fields[APP_UNCONFIRMED]);
		walk.service += UNCONFIRMED;
		break;
	case COMPLEX_ACK:
		add_bits_rows(d, &fields[APP_FLAGS], &fields[APP_MORE], first);
		part = decode_segments(d, c, first);
		walk.service = (unsigned)take(d, c, &fields[APP_CONFIRMED]);
		break;
	case SIMPLE_ACK:
	case FAILED:
		take(d, c, &fields[APP_ID]);
		walk.service = (unsigned)take(d, c, &fields[APP_CONFIRMED]);
		walk.failed = type == FAILED;
		break;
	case SEGMENT_ACK:
		add_bits_rows(d, &fields[APP_NAK], &fields[APP_SRV], first);
		take_rows(d, c, &fields[APP_ID], &fields[APP_WINDOW]);
		return;
	case REJECTED:
		take(d, c, &fields[APP_ID]);
		take(d, c, &fields[APP_REJECT]);
		return;
	case ABORTED:
		add_bits(d, &fields[APP_SRV], first);
		take(d, c, &fields[APP_ID]);
		take(d, c, &fields[APP_ABORT]);
		return;
	default:
		return;
	}
	if (!part)
		decode_parameters(d, c, &walk);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case APP_TYPE:
			summary_puts(l, names_or(type_names, v->num, "APDU"));
			break;
		case APP_ID:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case APP_CONFIRMED:
			summary_printf(l, " %s",
				       names_or(confirmed_names, v->num, "?"));
			break;
		case APP_UNCONFIRMED:
			summary_printf(
			    l, " %s", names_or(unconfirmed_names, v->num, "?"));
			break;
		case APP_OBJECT:
			summary_printf(
			    l, ", %s",
			    names_or(object_names, v->num, "object"));
			break;
		case APP_INSTANCE:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case APP_PROPERTY:
			summary_printf(l, ", property %u", (unsigned)v->num);
			break;
		case APP_LOW:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case APP_HIGH:
			summary_printf(l, "-%u", (unsigned)v->num);
			break;
		case APP_NAME:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		case APP_ERROR_CLASS:
		case APP_ERROR_CODE:
		case APP_REJECT:
		case APP_ABORT:
			summary_printf(l, ", %s %u",
				       fields[summary_index(l, v)].title,
				       (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_bacapp = {
    "bacapp",
    "Building Automation and Control Network APDU",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
