/*
 * AMQP 0-9-1 and 1.0: the header of each frame, and the method's numbers.
 *
 *	start: "AMQP", protocol (1), major, minor, revision (1 each)
 *	0-9: type (1), channel (2), length (4), [class, method (2 each)],
 *		the rest, 0xce
 *	1.0: length (4), data offset (1), type (1), channel (2), the rest
 */
#include "decode/lib/rows.h"

enum {
	AMQP_PROTOCOL,
	AMQP_ID_MAJOR,
	AMQP_MAJOR,
	AMQP_MINOR,
	AMQP_REVISION,
	AMQP_TYPE,
	AMQP_CHANNEL,
	AMQP_LENGTH,
	AMQP_DOFF,
	AMQP_CLASS,
	AMQP_METHOD,
};

enum { METHOD = 1, FRAME_END = 0xce };

static const struct names type_names[] = {
    {METHOD, "Method"}, {2, "Content header"}, {3, "Content body"},
    {4, "Heartbeat"},	{8, "Heartbeat"},      {0, NULL}};

/* Class and method together. */
static const struct names method_names[] = {
    {10 << 16 | 10, "Connection.Start"},
    {10 << 16 | 11, "Connection.Start-Ok"},
    {10 << 16 | 20, "Connection.Secure"},
    {10 << 16 | 21, "Connection.Secure-Ok"},
    {10 << 16 | 30, "Connection.Tune"},
    {10 << 16 | 31, "Connection.Tune-Ok"},
    {10 << 16 | 40, "Connection.Open"},
    {10 << 16 | 41, "Connection.Open-Ok"},
    {10 << 16 | 50, "Connection.Close"},
    {10 << 16 | 51, "Connection.Close-Ok"},
    {20 << 16 | 10, "Channel.Open"},
    {20 << 16 | 11, "Channel.Open-Ok"},
    {20 << 16 | 20, "Channel.Flow"},
    {20 << 16 | 40, "Channel.Close"},
    {20 << 16 | 41, "Channel.Close-Ok"},
    {40 << 16 | 10, "Exchange.Declare"},
    {40 << 16 | 11, "Exchange.Declare-Ok"},
    {50 << 16 | 10, "Queue.Declare"},
    {50 << 16 | 11, "Queue.Declare-Ok"},
    {50 << 16 | 20, "Queue.Bind"},
    {50 << 16 | 21, "Queue.Bind-Ok"},
    {50 << 16 | 30, "Queue.Purge"},
    {50 << 16 | 40, "Queue.Delete"},
    {60 << 16 | 10, "Basic.Qos"},
    {60 << 16 | 11, "Basic.Qos-Ok"},
    {60 << 16 | 20, "Basic.Consume"},
    {60 << 16 | 21, "Basic.Consume-Ok"},
    {60 << 16 | 30, "Basic.Cancel"},
    {60 << 16 | 40, "Basic.Publish"},
    {60 << 16 | 50, "Basic.Return"},
    {60 << 16 | 60, "Basic.Deliver"},
    {60 << 16 | 70, "Basic.Get"},
    {60 << 16 | 71, "Basic.Get-Ok"},
    {60 << 16 | 80, "Basic.Ack"},
    {60 << 16 | 90, "Basic.Reject"},
    {90 << 16 | 10, "Tx.Select"},
    {90 << 16 | 20, "Tx.Commit"},
    {90 << 16 | 30, "Tx.Rollback"},
    {0, NULL},
};

static const struct field fields[] = {
    [AMQP_PROTOCOL] = TEXT("amqp.init.protocol", "Protocol", 0),
    [AMQP_ID_MAJOR] = UINT("amqp.init.id_major", "Protocol id", 1, 0),
    [AMQP_MAJOR] =
	UINT("amqp.init.version_major", "Major version", 1, FIELD_LINE),
    [AMQP_MINOR] =
	UINT("amqp.init.version_minor", "Minor version", 1, FIELD_LINE),
    [AMQP_REVISION] =
	UINT("amqp.init.version_revision", "Revision", 1, FIELD_LINE),
    [AMQP_TYPE] = NAMED("amqp.type", "Type", 1, FIELD_LINE, type_names),
    [AMQP_CHANNEL] = UINT("amqp.channel", "Channel", 2, FIELD_LINE),
    [AMQP_LENGTH] = UINT("amqp.length", "Length", 4, 0),
    [AMQP_DOFF] = UINT("amqp.doff", "Data offset", 1, 0),
    [AMQP_CLASS] = UINT("amqp.method.class", "Class", 2, FIELD_LINE),
    [AMQP_METHOD] = UINT("amqp.method.method", "Method", 2, FIELD_LINE),
};

static void decode_start(struct dissect *d, struct cur *c)
{
	take_bytes(d, c, &fields[AMQP_PROTOCOL], 4);
	take_rows(d, c, &fields[AMQP_ID_MAJOR], &fields[AMQP_REVISION]);
}

static void decode_0_9(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[AMQP_TYPE]);
	struct cur body;
	uint32_t len;

	take(d, c, &fields[AMQP_CHANNEL]);
	len = (uint32_t)take(d, c, &fields[AMQP_LENGTH]);
	if (c->state != CUR_OK)
		return;
	body = cur_part(c, len);
	if (type == METHOD)
		take_rows(d, &body, &fields[AMQP_CLASS], &fields[AMQP_METHOD]);
	cur_skip(c, 1);
}

static void decode_1_0(struct dissect *d, struct cur *c)
{
	uint32_t len = (uint32_t)take(d, c, &fields[AMQP_LENGTH]);

	take(d, c, &fields[AMQP_DOFF]);
	take(d, c, &fields[AMQP_TYPE]);
	take(d, c, &fields[AMQP_CHANNEL]);
	if (len < 8)
		cur_bad(c);
	else
		cur_part(c, len - 8);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* a frame may go on in segments to come */
	struct cur whole = cur_unit(c, SIZE_MAX / 2), look;

	while (whole.state == CUR_OK && cur_left(&whole) >= 7) {
		look = whole;
		if (cur_starts(&whole, "AMQP") && cur_left(&whole) >= 8)
			decode_start(d, &whole);
		else if (cur_u8(&look) == 0 && cur_left(&whole) >= 8 &&
			 cur_peek8(&whole, 4) >= 2 && cur_peek8(&whole, 4) < 16)
			decode_1_0(d, &whole);
		else if (cur_peek8(&whole, 0) >= METHOD &&
			 cur_peek8(&whole, 0) <= 8)
			decode_0_9(d, &whole);
		else
			return; /* the middle of a frame */
	}
	if (whole.state == CUR_MALFORMED)
		cur_bad(c);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned number = 0, type = 0;
	const char *sep = " ";

	summary_puts(l, "AMQP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case AMQP_MAJOR:
			summary_printf(l, " version %u", (unsigned)v->num);
			break;
		case AMQP_MINOR:
		case AMQP_REVISION:
			summary_printf(l, ".%u", (unsigned)v->num);
			break;
		case AMQP_TYPE:
			type = (unsigned)v->num;
			summary_puts(l, sep);
			if (type != METHOD)
				summary_puts(
				    l, names_or(type_names, type, "Frame"));
			sep = ", ";
			break;
		case AMQP_CLASS:
			number = (unsigned)v->num << 16;
			break;
		case AMQP_METHOD:
			number |= (unsigned)v->num;
			summary_puts(l,
				     names_or(method_names, number, "Method"));
			break;
		}
	}
	summary_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned first = cur_u8(&c);
	uint32_t length;

	if (first == 'A') {
		f->size = 8;
		return true;
	}
	if (first == 0) { /* a length below 2^24, as all are in version 1.0 */
		f->size = (size_t)cur_u8(&c) << 16;
		f->size |= cur_be16(&c);
		return c.state == CUR_OK;
	}
	cur_skip(&c, 2);
	length = cur_be32(&c);
	f->size = 8 + (size_t)length;
	return c.state == CUR_OK;
}

static const struct key keys[] = {{KEY_TCP_PORT, 5672}};

const struct proto proto_amqp = {
    "amqp",
    "Advanced Message Queueing Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
