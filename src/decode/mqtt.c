/*
 * MQTT 3.1, 3.1.1 and 5.
 *
 *	type and flags (1), length (1 to 4, 7 bits each), then by type; texts
 *	have their length (2) before them
 *
 * Only CONNECT says the version. Properties, which version 5 has in nearly
 * every packet, are stepped over there.
 */
#include "decode/rows.h"

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
    [MQTT_WILL] = OCTETS("mqtt.willmsg", "Will", 0, 0),
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
    [MQTT_MSG] = OCTETS("mqtt.msg", "Message", 0, 0),
    [MQTT_SUB_QOS] = UINT("mqtt.sub.qos", "Requested QoS", 1, 0),
    [MQTT_SUBACK_QOS] = UINT("mqtt.suback.qos", "Granted QoS", 1, 0),
};

/* The length; SIZE_MAX: it is not one. */
static size_t take_length(struct dissect *d, struct cur *c)
{
	size_t length = 0;
	unsigned i, octet;

	for (i = 0; i < 4; i++) {
		octet = cur_u8(c);
		length |= (size_t)(octet & 0x7f) << 7 * i;
		if (!(octet & 0x80)) {
			if (c->state == CUR_OK)
				note(d, &fields[MQTT_LENGTH], length);
			return length;
		}
	}
	cur_bad(c);
	return SIZE_MAX;
}

/* A length, and the text in the row behind it. */
static void take_text(struct dissect *d, struct cur *c, unsigned field)
{
	size_t n = (size_t)take(d, c, &fields[field]);

	if (c->state == CUR_OK)
		take_octets(d, c, &fields[field + 1], n);
}

static void decode_connect(struct dissect *d, struct cur *c)
{
	unsigned flags, version;

	take_text(d, c, MQTT_PROTO_LENGTH);
	version = (unsigned)take(d, c, &fields[MQTT_VERSION]);
	flags = (unsigned)take_bits(d, c, &fields[MQTT_CON_FLAGS],
				    &fields[MQTT_CON_RESERVED]);
	take(d, c, &fields[MQTT_KEEP_ALIVE]);
	if (version == 5)
		cur_skip(c, cur_u8(c));
	take_text(d, c, MQTT_CLIENT_LENGTH);
	if (flags & 0x04) {
		if (version == 5)
			cur_skip(c, cur_u8(c));
		take_text(d, c, MQTT_WILL_TOPIC_LENGTH);
		take_text(d, c, MQTT_WILL_LENGTH);
	}
	if (flags & 0x80)
		take_text(d, c, MQTT_USER_LENGTH);
	if (flags & 0x40)
		take_text(d, c, MQTT_PASSWORD_LENGTH);
}

static void decode_body(struct dissect *d, struct cur *c, unsigned first)
{
	switch (first >> 4) {
	case CONNECT:
		decode_connect(d, c);
		break;
	case CONNACK:
		take_bits(d, c, &fields[MQTT_ACK_FLAGS],
			  &fields[MQTT_ACK_SESSION]);
		take(d, c, &fields[MQTT_ACK_CODE]);
		break;
	case PUBLISH:
		take_text(d, c, MQTT_TOPIC_LENGTH);
		if (first & 0x06)
			take(d, c, &fields[MQTT_ID]);
		if (cur_left(c))
			take_octets(d, c, &fields[MQTT_MSG], c->claim);
		break;
	case SUBSCRIBE:
	case UNSUBSCRIBE:
		take(d, c, &fields[MQTT_ID]);
		while (c->state == CUR_OK && c->claim > 0) {
			take_text(d, c, MQTT_TOPIC_LENGTH);
			if (first >> 4 == SUBSCRIBE)
				take(d, c, &fields[MQTT_SUB_QOS]);
		}
		break;
	case SUBACK:
		take(d, c, &fields[MQTT_ID]);
		while (c->state == CUR_OK && c->claim > 0)
			take(d, c, &fields[MQTT_SUBACK_QOS]);
		break;
	case PUBACK:
	case PUBREC:
	case PUBREL:
	case PUBCOMP:
	case UNSUBACK:
		take(d, c, &fields[MQTT_ID]);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a message promises may be in segments to come */
	struct cur whole = cur_unit(c, SIZE_MAX / 2), body;
	unsigned first;
	size_t n;

	while (whole.state == CUR_OK && cur_left(&whole)) {
		first = (unsigned)take(d, &whole, &fields[MQTT_FLAGS]);
		bits(d, &fields[MQTT_TYPE], first);
		if (first >> 4 == PUBLISH)
			bits_rows(d, &fields[MQTT_DUP], &fields[MQTT_RETAIN],
				  first);
		n = take_length(d, &whole);
		if (whole.state != CUR_OK)
			break;
		body = cur_part(&whole, n);
		decode_body(d, &body, first);
	}
	if (whole.state == CUR_MALFORMED)
		cur_bad(c);
}

static void summary(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	line_puts(l, "MQTT");
	for (; v < end; v++) {
		switch (line_index(l, v)) {
		case MQTT_TYPE:
			line_puts(l, sep);
			line_puts(l, names_or(type_names, v->num, "Reserved"));
			sep = ", ";
			break;
		case MQTT_ID:
			line_printf(l, " %u", (unsigned)v->num);
			break;
		case MQTT_ACK_CODE:
			if (v->num)
				line_printf(
				    l, " %s",
				    names_or(ack_names, v->num, "refused"));
			break;
		case MQTT_CLIENT:
		case MQTT_USER:
		case MQTT_TOPIC:
			line_puts(l, " \"");
			line_text(l, v);
			line_puts(l, "\"");
			break;
		}
	}
	line_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned i, octet;
	size_t length = 0;

	cur_skip(&c, 1);
	for (i = 0; i < 4; i++) {
		octet = cur_u8(&c);
		length |= (size_t)(octet & 0x7f) << 7 * i;
		if (!(octet & 0x80))
			break;
	}
	f->size = 2 + i + length;
	return c.state == CUR_OK;
}

static const struct key keys[] = {{KEY_TCP_PORT, 1883}};

const struct proto proto_mqtt = {
    "mqtt",
    "MQ Telemetry Transport Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .message = message,
};
