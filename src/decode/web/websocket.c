/*
 * WebSocket (RFC 6455), which HTTP/1.1 was upgraded to.
 *
 *	fin (1 bit), reserved (3), opcode (4), masked (1), length (7; 126: it
 *	is in the next 2 bytes, 127: in the next 8), the mask (4) if masked,
 *	the payload
 *
 * Payload is shown without its mask, but not if it is compressed, or part of a
 * message in several frames. d->app_state: whether compression was agreed on.
 */
#include "decode/web/websocket.h"

#include "decode/lib/rows.h"

enum {
	WS_FIN,
	WS_RSV,
	WS_PMC,
	WS_OPCODE,
	WS_MASK,
	WS_LENGTH,
	WS_LENGTH16,
	WS_LENGTH64,
	WS_KEY,
	WS_MASKED,
	WS_PAYLOAD,
	WS_TEXT,
	WS_CLOSE,
	WS_CODE,
	WS_REASON,
	WS_PING,
	WS_PONG,
	WS_UNKNOWN,
};

enum {
	CONTINUATION,
	TEXT_FRAME,
	BINARY,
	CLOSE = 8,
	PING,
	PONG,
	COMPRESSED = 0x40, /* in the first byte */
	/* longer payload is not unmasked */
	UNMASK_MOST = 16384,
};

static const struct names opcode_names[] = {
    {CONTINUATION, "Continuation"},
    {TEXT_FRAME, "Text"},
    {BINARY, "Binary"},
    {CLOSE, "Connection Close"},
    {PING, "Ping"},
    {PONG, "Pong"},
    {0, NULL},
};

static const struct names code_names[] = {
    {1000, "Normal Closure"},
    {1001, "Going Away"},
    {1002, "Protocol error"},
    {1003, "Unsupported Data"},
    {1007, "Invalid frame payload data"},
    {1008, "Policy Violation"},
    {1009, "Message Too Big"},
    {1010, "Mandatory Extension"},
    {1011, "Internal Error"},
    {0, NULL},
};

static const struct field fields[] = {
    [WS_FIN] = FLAG("websocket.fin", "Last frame", 1, 0x80),
    [WS_RSV] = {"websocket.rsv", "Reserved", .mask = 0x70, .type = FIELD_UINT,
		.width = 1, .flags = FIELD_HEX},
    [WS_PMC] = FLAG("websocket.pmc", "Compressed", 1, COMPRESSED),
    [WS_OPCODE] = {"websocket.opcode", "Opcode", opcode_names, .mask = 0x0f,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [WS_MASK] = FLAG("websocket.mask", "Masked", 1, 0x80),
    [WS_LENGTH] = BITS("websocket.payload_length", "Length", 1, 0x7f, 0),
    [WS_LENGTH16] = UINT("websocket.payload_length_ext_16", "Length", 2, 0),
    [WS_LENGTH64] = UINT("websocket.payload_length_ext_64", "Length", 8, 0),
    [WS_KEY] = BYTES("websocket.masking_key", "Mask", 4, 0),
    [WS_MASKED] = HEADING("websocket.masked_payload", "Masked payload"),
    [WS_PAYLOAD] = HEADING("websocket.payload", "Payload"),
    [WS_TEXT] = TEXT("websocket.payload.text", "Text", FIELD_LINE),
    [WS_CLOSE] = HEADING("websocket.payload.close", "Close"),
    [WS_CODE] = NAMED("websocket.payload.close.status_code", "Status", 2,
		      FIELD_LINE, code_names),
    [WS_REASON] = TEXT("websocket.payload.close.reason", "Reason", FIELD_LINE),
    [WS_PING] = BYTES("websocket.payload.ping", "Ping", 0, 0),
    [WS_PONG] = BYTES("websocket.payload.pong", "Pong", 0, 0),
    [WS_UNKNOWN] = BYTES("websocket.payload.unknown", "Unknown", 0, 0),
};

/* The payload without its mask. false: it is too long. */
static bool unmask(struct dissect *d, struct cur *payload, const uint8_t *key)
{
	size_t n = cur_left(payload), i;
	uint8_t *room;

	if (n > UNMASK_MOST)
		return false;
	room = (uint8_t *)scratch_room(d, n);
	if (!room)
		return false;
	for (i = 0; i < n; i++)
		room[i] = cur_peek8(payload, i) ^ key[i % 4];
	*payload = cur_over(room, n, payload->claim);
	return true;
}

static void decode_payload(struct dissect *d, struct cur *c, unsigned opcode)
{
	size_t n = c->claim;

	switch (opcode) {
	case TEXT_FRAME:
		take_bytes(d, c, &fields[WS_TEXT], n);
		break;
	case CLOSE:
		add_uint(d, &fields[WS_CLOSE], 0);
		if (n < 2)
			break;
		take(d, c, &fields[WS_CODE]);
		if (c->claim)
			take_bytes(d, c, &fields[WS_REASON], c->claim);
		break;
	case PING:
		take_bytes(d, c, &fields[WS_PING], n);
		break;
	case PONG:
		take_bytes(d, c, &fields[WS_PONG], n);
		break;
	case CONTINUATION:
	case BINARY:
		break;
	default:
		take_bytes(d, c, &fields[WS_UNKNOWN], n);
	}
}

static void decode_frame(struct dissect *d, struct cur *c)
{
	const uint8_t *key = NULL;
	struct cur payload;
	unsigned first, second;
	uint64_t length;
	size_t n;

	if (!cur_has(c, 2))
		return;
	first = cur_u8(c);
	second = cur_u8(c);
	add_bits(d, &fields[WS_FIN], first);
	add_bits(d, &fields[WS_RSV], first);
	if (d->app_state & WS_DEFLATE)
		add_bits(d, &fields[WS_PMC], first);
	add_bits(d, &fields[WS_OPCODE], first);
	add_bits(d, &fields[WS_MASK], second);
	length = add_bits(d, &fields[WS_LENGTH], second);
	if (length == 126)
		length = take(d, c, &fields[WS_LENGTH16]);
	else if (length == 127)
		length = take(d, c, &fields[WS_LENGTH64]);
	if (second & 0x80) {
		key = cur_has(c, 4) ? cur_here(c) : NULL;
		take(d, c, &fields[WS_KEY]);
	}
	if (c->state != CUR_OK || !length)
		return;
	n = length < SIZE_MAX / 4 ? (size_t)length : SIZE_MAX / 4;
	payload = cur_part(c, n);
	if (key)
		add_uint(d, &fields[WS_MASKED], 0);
	add_uint(d, &fields[WS_PAYLOAD], 0);
	/* fragments, and what is compressed, are not looked into */
	if (!(first & 0x80) || first & COMPRESSED || !cur_left(&payload) ||
	    !wants_any(d, &fields[WS_TEXT], WS_UNKNOWN - WS_TEXT + 1))
		return;
	if (!key || unmask(d, &payload, key))
		decode_payload(d, &payload, first & 0x0f);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a frame promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2);

	if (d->n_layers > 1 && strcmp(d->layer[-1].name, "http") != 0)
		d->layer->name = "http:websocket";
	while (all.state == CUR_OK && cur_left(&all))
		decode_frame(d, &all);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, "WebSocket");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case WS_OPCODE:
			summary_puts(l, sep);
			summary_puts(l,
				     names_or(opcode_names, v->num, "Unknown"));
			sep = ", ";
			break;
		case WS_CODE:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		case WS_TEXT:
		case WS_REASON:
			summary_puts(l, " \"");
			summary_foreign(l, v->bytes,
					v->len < 200 ? v->len : 200);
			summary_puts(l, v->len < 200 ? "\"" : "...\"");
			break;
		}
	}
	summary_mark(l);
}

static bool message(struct cur c, struct framing *f)
{
	unsigned second;
	uint64_t length;

	cur_skip(&c, 1);
	second = cur_u8(&c);
	length = second & 0x7f;
	f->size = second & 0x80 ? 6 : 2;
	if (length == 126) {
		length = cur_be16(&c);
		f->size += 2;
	} else if (length == 127) {
		length = (uint64_t)cur_be32(&c) << 32;
		length |= cur_be32(&c);
		f->size += 8;
	}
	/* more is not kept, but stepped over */
	if (length > SIZE_MAX / 4)
		length = SIZE_MAX / 4;
	f->size += (size_t)length;
	return c.state == CUR_OK;
}

/* d->app_state is given by the upgrade, and stays. */
static void follow(struct app_message *f)
{
	(void)f;
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_websocket = {
    "websocket",	  "WebSocket",	      PROTO_TABLES(fields, keys),
    .decode = decode,	  .summary = summary, .pdu_length = message,
    .on_message = follow,
};
