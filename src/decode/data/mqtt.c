/*
 * MQTT 3.1, 3.1.1 and 5.
 *
 *	type and flags (1), length (1 to 4, 7 bits each), then by type; texts
 *	have their length (2) before them
 *
 * Only CONNECT says the version, which is remembered of the conversation:
 * version 5 has reasons, and properties in nearly every packet.
 */
#include "decode/lib/rows.h"

enum {
	MQTT_FLAGS,
	MQTT_TYPE,
	MQTT_DUP,
	MQTT_QOS,
	MQTT_RETAIN,
	MQTT_LENGTH,
	MQTT_PROTO_LENGTH,
	MQTT_PROTO,
	MQTT_VERSION,
	MQTT_CON_FLAGS,
	MQTT_CON_USER,
	MQTT_CON_PASSWORD,
	MQTT_CON_RETAIN,
	MQTT_CON_QOS,
	MQTT_CON_WILL,
	MQTT_CON_CLEAN,
	MQTT_CON_RESERVED,
	MQTT_KEEP_ALIVE,
	MQTT_CLIENT_LENGTH,
	MQTT_CLIENT,
	MQTT_WILL_TOPIC_LENGTH,
	MQTT_WILL_TOPIC,
	MQTT_WILL_LENGTH,
	MQTT_WILL,
	MQTT_USER_LENGTH,
	MQTT_USER,
	MQTT_PASSWORD_LENGTH,
	MQTT_PASSWORD,
	MQTT_ACK_FLAGS,
	MQTT_ACK_SESSION,
	MQTT_ACK_CODE,
	MQTT_ID,
	MQTT_TOPIC_LENGTH,
	MQTT_TOPIC,
	MQTT_MSG,
	MQTT_SUB_QOS,
	MQTT_SUBACK_QOS,
	MQTT_SUB_OPTIONS,
	MQTT_SUB_OPTIONS_QOS,
	MQTT_SUB_OPTIONS_NO_LOCAL,
	MQTT_SUB_OPTIONS_AS_PUBLISHED,
	MQTT_SUB_OPTIONS_RETAIN,
	MQTT_SUB_OPTIONS_RESERVED,
	MQTT_CONNACK_REASON,
	MQTT_PUBACK_REASON,
	MQTT_PUBREC_REASON,
	MQTT_PUBREL_REASON,
	MQTT_PUBCOMP_REASON,
	MQTT_SUBACK_REASON,
	MQTT_UNSUBACK_REASON,
	MQTT_DISCONNECT_REASON,
	MQTT_AUTH_REASON,
	MQTT_PROPERTIES_LENGTH,
	MQTT_PROPERTY,
	MQTT_NUMBER,
	MQTT_CONTENT_TYPE,
	MQTT_QOS_MOST,
	MQTT_ALIAS,
	MQTT_STRING_LENGTH,
	MQTT_STRING,
	MQTT_KEY_LENGTH,
	MQTT_KEY,
	MQTT_VALUE_LENGTH,
	MQTT_VALUE,
};

enum {
	CONNECT = 1,
	CONNACK,
	PUBLISH,
	PUBACK,
	PUBREC,
	PUBREL,
	PUBCOMP,
	SUBSCRIBE,
	SUBACK,
	UNSUBSCRIBE,
	UNSUBACK,
	DISCONNECT = 14,
	AUTH,
	VERSION_5 = 5,
};

static const struct names type_names[] = {
    {CONNECT, "Connect Command"},    {CONNACK, "Connect Ack"},
    {PUBLISH, "Publish Message"},    {PUBACK, "Publish Ack"},
    {PUBREC, "Publish Received"},    {PUBREL, "Publish Release"},
    {PUBCOMP, "Publish Complete"},   {SUBSCRIBE, "Subscribe Request"},
    {SUBACK, "Subscribe Ack"},	     {UNSUBSCRIBE, "Unsubscribe Request"},
    {UNSUBACK, "Unsubscribe Ack"},   {12, "Ping Request"},
    {13, "Ping Response"},	     {14, "Disconnect Req"},
    {15, "Authentication Exchange"}, {0, NULL},
};

static const struct names ack_names[] = {
    {0, "Connection Accepted"},
    {1, "unacceptable protocol version"},
    {2, "identifier rejected"},
    {3, "server unavailable"},
    {4, "bad user name or password"},
    {5, "not authorized"},
    {0, NULL},
};

#define OF_OPTIONS(nm, tt, m) BITS("mqtt.subscription_options_" nm, tt, 1, m, 0)
#define REASON(of) UINT("mqtt." of ".reason_code", "Reason", 1, FIELD_LINE)

static const struct field fields[] = {
    [MQTT_FLAGS] = UINT("mqtt.hdrflags", "Header", 1, FIELD_HEX),
    [MQTT_TYPE] = {"mqtt.msgtype", "Message", type_names, .mask = 0xf0,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [MQTT_DUP] = FLAG("mqtt.dupflag", "Again", 1, 0x08),
    [MQTT_QOS] = BITS("mqtt.qos", "QoS", 1, 0x06, 0),
    [MQTT_RETAIN] = FLAG("mqtt.retain", "Retain", 1, 0x01),
    [MQTT_LENGTH] = NUMBER("mqtt.len", "Length", 0, 0),
    [MQTT_PROTO_LENGTH] = UINT("mqtt.proto_len", "Length", 2, 0),
    [MQTT_PROTO] = TEXT("mqtt.protoname", "Protocol", 0),
    [MQTT_VERSION] = UINT("mqtt.ver", "Version", 1, 0),
    [MQTT_CON_FLAGS] = UINT("mqtt.conflags", "Flags", 1, FIELD_HEX),
    [MQTT_CON_USER] = FLAG("mqtt.conflag.uname", "User name", 1, 0x80),
    [MQTT_CON_PASSWORD] = FLAG("mqtt.conflag.passwd", "Password", 1, 0x40),
    [MQTT_CON_RETAIN] =
	FLAG("mqtt.conflag.retain", "Will is retained", 1, 0x20),
    [MQTT_CON_QOS] = BITS("mqtt.conflag.qos", "QoS of will", 1, 0x18, 0),
    [MQTT_CON_WILL] = FLAG("mqtt.conflag.willflag", "Will", 1, 0x04),
    [MQTT_CON_CLEAN] = FLAG("mqtt.conflag.cleansess", "Clean session", 1, 0x02),
    [MQTT_CON_RESERVED] = FLAG("mqtt.conflag.reserved", "Reserved", 1, 0x01),
    [MQTT_KEEP_ALIVE] = UINT("mqtt.kalive", "Keep alive, s", 2, 0),
    [MQTT_CLIENT_LENGTH] = UINT("mqtt.clientid_len", "Length", 2, 0),
    [MQTT_CLIENT] = TEXT("mqtt.clientid", "Client", FIELD_LINE),
    [MQTT_WILL_TOPIC_LENGTH] = UINT("mqtt.willtopic_len", "Length", 2, 0),
    [MQTT_WILL_TOPIC] = TEXT("mqtt.willtopic", "Topic of will", 0),
    [MQTT_WILL_LENGTH] = UINT("mqtt.willmsg_len", "Length", 2, 0),
    [MQTT_WILL] = BYTES("mqtt.willmsg", "Will", 0, 0),
    [MQTT_USER_LENGTH] = UINT("mqtt.username_len", "Length", 2, 0),
    [MQTT_USER] = TEXT("mqtt.username", "User name", FIELD_LINE),
    [MQTT_PASSWORD_LENGTH] = UINT("mqtt.passwd_len", "Length", 2, 0),
    [MQTT_PASSWORD] = TEXT("mqtt.passwd", "Password", 0),
    [MQTT_ACK_FLAGS] = UINT("mqtt.conack.flags", "Flags", 1, FIELD_HEX),
    [MQTT_ACK_SESSION] =
	FLAG("mqtt.conack.flags.sp", "Session present", 1, 0x01),
    [MQTT_ACK_CODE] =
	NAMED("mqtt.conack.val", "Code", 1, FIELD_LINE, ack_names),
    [MQTT_ID] = UINT("mqtt.msgid", "Message id", 2, FIELD_LINE),
    [MQTT_TOPIC_LENGTH] = UINT("mqtt.topic_len", "Length", 2, 0),
    [MQTT_TOPIC] = TEXT("mqtt.topic", "Topic", FIELD_LINE),
    [MQTT_MSG] = BYTES("mqtt.msg", "Message", 0, 0),
    [MQTT_SUB_QOS] = UINT("mqtt.sub.qos", "Requested QoS", 1, 0),
    [MQTT_SUBACK_QOS] = UINT("mqtt.suback.qos", "Granted QoS", 1, 0),
    [MQTT_SUB_OPTIONS] =
	UINT("mqtt.subscription_options", "Options", 1, FIELD_HEX),
    [MQTT_SUB_OPTIONS_QOS] = OF_OPTIONS("qos", "QoS", 0x03),
    [MQTT_SUB_OPTIONS_NO_LOCAL] =
	FLAG("mqtt.subscription_options_nl", "No local", 1, 0x04),
    [MQTT_SUB_OPTIONS_AS_PUBLISHED] =
	FLAG("mqtt.subscription_options_rap", "Retain as published", 1, 0x08),
    [MQTT_SUB_OPTIONS_RETAIN] = OF_OPTIONS("retain", "Retain", 0x30),
    [MQTT_SUB_OPTIONS_RESERVED] = BITS("mqtt.subscription_options_reserved",
				       "Reserved", 1, 0xc0, FIELD_HEX),
    [MQTT_CONNACK_REASON] = REASON("connack"),
    [MQTT_PUBACK_REASON] = REASON("puback"),
    [MQTT_PUBREC_REASON] = REASON("pubrec"),
    [MQTT_PUBREL_REASON] = REASON("pubrel"),
    [MQTT_PUBCOMP_REASON] = REASON("pubcomp"),
    [MQTT_SUBACK_REASON] = REASON("suback"),
    [MQTT_UNSUBACK_REASON] = REASON("unsuback"),
    [MQTT_DISCONNECT_REASON] = REASON("disconnect"),
    [MQTT_AUTH_REASON] = REASON("auth"),
    [MQTT_PROPERTIES_LENGTH] =
	NUMBER("mqtt.property_len", "Length of properties", 0, 0),
    [MQTT_PROPERTY] = UINT("mqtt.property_id", "Property", 1, FIELD_HEX),
    [MQTT_NUMBER] = NUMBER("mqtt.prop_number", "Value", 0, 0),
    [MQTT_CONTENT_TYPE] = TEXT("mqtt.property.content_type", "Content type", 0),
    [MQTT_QOS_MOST] = NUMBER("mqtt.property.max_qos", "QoS at most", 0, 0),
    [MQTT_ALIAS] = NUMBER("mqtt.property.topic_alias", "Topic alias", 0, 0),
    [MQTT_STRING_LENGTH] = UINT("mqtt.prop_string_len", "Length", 2, 0),
    [MQTT_STRING] = TEXT("mqtt.prop_string", "Value", 0),
    [MQTT_KEY_LENGTH] = UINT("mqtt.prop_key_len", "Length", 2, 0),
    [MQTT_KEY] = TEXT("mqtt.prop_key", "Key", 0),
    [MQTT_VALUE_LENGTH] = UINT("mqtt.prop_value_len", "Length", 2, 0),
    [MQTT_VALUE] = TEXT("mqtt.prop_value", "Value", 0),
};

/* What properties hold: that many bytes of a number, or this. */
enum { VARIABLE = 5, TEXT_OR_DATA, PAIR };
static const uint8_t properties[] = {
    [0x01] = 1,
    [0x02] = 4,
    [0x03] = TEXT_OR_DATA,
    [0x08] = TEXT_OR_DATA,
    [0x09] = TEXT_OR_DATA,
    [0x0b] = VARIABLE,
    [0x11] = 4,
    [0x12] = TEXT_OR_DATA,
    [0x13] = 2,
    [0x15] = TEXT_OR_DATA,
    [0x16] = TEXT_OR_DATA,
    [0x17] = 1,
    [0x18] = 4,
    [0x19] = 1,
    [0x1a] = TEXT_OR_DATA,
    [0x1c] = TEXT_OR_DATA,
    [0x1f] = TEXT_OR_DATA,
    [0x21] = 2,
    [0x22] = 2,
    [0x23] = 2,
    [0x24] = 1,
    [0x25] = 1,
    [0x26] = PAIR,
    [0x27] = 4,
    [0x28] = 1,
    [0x29] = 1,
    [0x2a] = 1,
};

enum { CONTENT_TYPE = 0x03, TOPIC_ALIAS = 0x23, MAXIMUM_QOS = 0x24 };

/* Which field has the reason of a message of this type; 0: none. */
static const uint8_t reasons[16] = {
    [CONNACK] = MQTT_CONNACK_REASON,   [PUBACK] = MQTT_PUBACK_REASON,
    [PUBREC] = MQTT_PUBREC_REASON,     [PUBREL] = MQTT_PUBREL_REASON,
    [PUBCOMP] = MQTT_PUBCOMP_REASON,   [SUBACK] = MQTT_SUBACK_REASON,
    [UNSUBACK] = MQTT_UNSUBACK_REASON, [DISCONNECT] = MQTT_DISCONNECT_REASON,
    [AUTH] = MQTT_AUTH_REASON,
};

/* A number of 7 bits a byte; SIZE_MAX: it is not one. */
static size_t take_length(struct dissect *d, struct cur *c,
			  const struct field *f)
{
	size_t length = 0;
	unsigned i, byte;

	for (i = 0; i < 4; i++) {
		byte = cur_u8(c);
		length |= (size_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80)) {
			if (c->state == CUR_OK)
				add_uint(d, f, length);
			return length;
		}
	}
	cur_bad(c);
	return SIZE_MAX;
}

/* A length, and the text in the row after it. */
static void take_text(struct dissect *d, struct cur *c, unsigned field)
{
	size_t n = (size_t)take(d, c, &fields[field]);

	if (c->state == CUR_OK)
		take_bytes(d, c, &fields[field + 1], n);
}

static void take_property(struct dissect *d, struct cur *c)
{
	unsigned id = (unsigned)take(d, c, &fields[MQTT_PROPERTY]), kind, n;
	unsigned field = id == TOPIC_ALIAS   ? MQTT_ALIAS
			 : id == MAXIMUM_QOS ? MQTT_QOS_MOST
					     : MQTT_NUMBER;
	uint32_t num = 0;

	kind = id < sizeof(properties) ? properties[id] : 0;
	if (kind == 0) {
		cur_bad(c);
	} else if (kind == VARIABLE) {
		take_length(d, c, &fields[MQTT_NUMBER]);
	} else if (kind == PAIR) {
		take_text(d, c, MQTT_KEY_LENGTH);
		take_text(d, c, MQTT_VALUE_LENGTH);
	} else if (id == CONTENT_TYPE) {
		n = cur_be16(c);
		take_bytes(d, c, &fields[MQTT_CONTENT_TYPE], n);
	} else if (kind == TEXT_OR_DATA) {
		take_text(d, c, MQTT_STRING_LENGTH);
	} else {
		while (kind-- > 0)
			num = num << 8 | cur_u8(c);
		if (c->state == CUR_OK)
			add_uint(d, &fields[field], num);
	}
}

static void take_properties(struct dissect *d, struct cur *c)
{
	size_t n = take_length(d, c, &fields[MQTT_PROPERTIES_LENGTH]);
	struct cur part;

	if (c->state != CUR_OK)
		return;
	part = cur_part(c, n);
	while (part.state == CUR_OK && cur_left(&part))
		take_property(d, &part);
	if (part.state == CUR_MALFORMED)
		cur_bad(c);
}

/* Returns the version. */
static unsigned decode_connect(struct dissect *d, struct cur *c)
{
	unsigned flags, version;

	take_text(d, c, MQTT_PROTO_LENGTH);
	version = (unsigned)take(d, c, &fields[MQTT_VERSION]);
	flags = (unsigned)take_bits(d, c, &fields[MQTT_CON_FLAGS],
				    &fields[MQTT_CON_RESERVED]);
	take(d, c, &fields[MQTT_KEEP_ALIVE]);
	if (version == VERSION_5)
		take_properties(d, c);
	take_text(d, c, MQTT_CLIENT_LENGTH);
	if (flags & 0x04) {
		if (version == VERSION_5)
			take_properties(d, c);
		take_text(d, c, MQTT_WILL_TOPIC_LENGTH);
		take_text(d, c, MQTT_WILL_LENGTH);
	}
	if (flags & 0x80)
		take_text(d, c, MQTT_USER_LENGTH);
	if (flags & 0x40)
		take_text(d, c, MQTT_PASSWORD_LENGTH);
	return version;
}

static void decode_topics(struct dissect *d, struct cur *c, unsigned type,
			  bool v5)
{
	while (c->state == CUR_OK && c->claim > 0) {
		take_text(d, c, MQTT_TOPIC_LENGTH);
		if (type == SUBSCRIBE && v5)
			take_bits(d, c, &fields[MQTT_SUB_OPTIONS],
				  &fields[MQTT_SUB_OPTIONS_RESERVED]);
		else if (type == SUBSCRIBE)
			take(d, c, &fields[MQTT_SUB_QOS]);
	}
}

/* A reason and properties; either may be missing. */
static void decode_reason(struct dissect *d, struct cur *c, unsigned type)
{
	if (c->claim)
		take(d, c, &fields[reasons[type]]);
	if (c->state == CUR_OK && c->claim)
		take_properties(d, c);
}

/* Of acknowledgements of subscriptions: one for each topic. */
static void decode_reasons(struct dissect *d, struct cur *c, unsigned type,
			   bool v5)
{
	const struct field *f = &fields[v5 ? reasons[type] : MQTT_SUBACK_QOS];

	if (v5)
		take_properties(d, c);
	while (c->state == CUR_OK && c->claim > 0)
		take(d, c, f);
}

static void decode_body(struct dissect *d, struct cur *c, unsigned first,
			bool v5)
{
	unsigned type = first >> 4;

	switch (type) {
	case CONNACK:
		take_bits(d, c, &fields[MQTT_ACK_FLAGS],
			  &fields[MQTT_ACK_SESSION]);
		if (v5)
			decode_reason(d, c, type);
		else
			take(d, c, &fields[MQTT_ACK_CODE]);
		break;
	case PUBLISH:
		take_text(d, c, MQTT_TOPIC_LENGTH);
		if (first & 0x06)
			take(d, c, &fields[MQTT_ID]);
		if (v5)
			take_properties(d, c);
		if (cur_left(c))
			take_bytes(d, c, &fields[MQTT_MSG], c->claim);
		break;
	case SUBSCRIBE:
	case UNSUBSCRIBE:
		take(d, c, &fields[MQTT_ID]);
		if (v5)
			take_properties(d, c);
		decode_topics(d, c, type, v5);
		break;
	case SUBACK:
		take(d, c, &fields[MQTT_ID]);
		decode_reasons(d, c, type, v5);
		break;
	case UNSUBACK:
		take(d, c, &fields[MQTT_ID]);
		if (v5)
			decode_reasons(d, c, type, v5);
		break;
	case PUBACK:
	case PUBREC:
	case PUBREL:
	case PUBCOMP:
		take(d, c, &fields[MQTT_ID]);
		if (v5)
			decode_reason(d, c, type);
		break;
	case DISCONNECT:
	case AUTH:
		if (v5)
			decode_reason(d, c, type);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a message promises may be in segments to come */
	struct cur whole = cur_unit(c, SIZE_MAX / 2), body;
	bool v5 = d->app_state == VERSION_5;
	unsigned first;
	size_t n;

	while (whole.state == CUR_OK && cur_left(&whole)) {
		first = (unsigned)take(d, &whole, &fields[MQTT_FLAGS]);
		add_bits(d, &fields[MQTT_TYPE], first);
		if (first >> 4 == PUBLISH)
			add_bits_rows(d, &fields[MQTT_DUP],
				      &fields[MQTT_RETAIN], first);
		n = take_length(d, &whole, &fields[MQTT_LENGTH]);
		if (whole.state != CUR_OK)
			break;
		body = cur_part(&whole, n);
		if (first >> 4 == CONNECT)
			v5 = decode_connect(d, &body) == VERSION_5;
		else
			decode_body(d, &body, first, v5);
	}
	if (whole.state == CUR_MALFORMED)
		cur_bad(c);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, "MQTT");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case MQTT_TYPE:
			summary_puts(l, sep);
			summary_puts(l,
				     names_or(type_names, v->num, "Reserved"));
			sep = ", ";
			break;
		case MQTT_ID:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case MQTT_ACK_CODE:
			if (v->num)
				summary_printf(
				    l, " %s",
				    names_or(ack_names, v->num, "refused"));
			break;
		case MQTT_CONNACK_REASON:
		case MQTT_PUBACK_REASON:
		case MQTT_PUBREC_REASON:
		case MQTT_PUBREL_REASON:
		case MQTT_PUBCOMP_REASON:
		case MQTT_DISCONNECT_REASON:
			if (v->num)
				summary_printf(l, " reason 0x%02x",
					       (unsigned)v->num);
			break;
		case MQTT_CLIENT:
		case MQTT_USER:
		case MQTT_TOPIC:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned i, byte;
	size_t length = 0;

	cur_skip(&c, 1);
	for (i = 0; i < 4; i++) {
		byte = cur_u8(&c);
		length |= (size_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			break;
	}
	f->size = 2 + i + length;
	return c.state == CUR_OK;
}

/* Remember the version. */
static void follow(struct app_message *f)
{
	struct cur c = f->message;

	if (cur_u8(&c) >> 4 != CONNECT)
		return;
	while (cur_u8(&c) & 0x80) /* the length */
		continue;
	cur_skip(&c, cur_be16(&c));
	f->app->state = cur_u8(&c);
}

static const struct key keys[] = {{KEY_TCP_PORT, 1883}};

const struct proto proto_mqtt = {
    "mqtt",
    "MQ Telemetry Transport Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
    .on_message = follow,
};
