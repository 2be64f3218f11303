/*
 * RTSP (RFC 7826, 2326): requests and answers as in HTTP, and data of media
 * between them: "$", channel (1), length (2), data.
 */
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	RTSP_REQUEST,
	RTSP_METHOD,
	RTSP_URL,
	RTSP_RESPONSE,
	RTSP_STATUS,
	RTSP_SESSION,
	RTSP_TRANSPORT,
	RTSP_CONTENT_TYPE,
	RTSP_CONTENT_LENGTH,
	RTSP_CHANNEL,
	RTSP_LENGTH,
};

static const struct field fields[] = {
    [RTSP_REQUEST] = TEXT("rtsp.request", "Request", 0),
    [RTSP_METHOD] = TEXT("rtsp.method", "Method", FIELD_LINE),
    [RTSP_URL] = TEXT("rtsp.url", "URL", FIELD_LINE),
    [RTSP_RESPONSE] = TEXT("rtsp.response", "Response", FIELD_LINE),
    [RTSP_STATUS] = NUMBER("rtsp.status", "Status", 0, 0),
    [RTSP_SESSION] = TEXT("rtsp.session", "Session", 0),
    [RTSP_TRANSPORT] = TEXT("rtsp.transport", "Transport", 0),
    [RTSP_CONTENT_TYPE] = TEXT("rtsp.content-type", "Content-Type", 0),
    [RTSP_CONTENT_LENGTH] =
	NUMBER("rtsp.content-length", "Content-Length", 0, 0),
    [RTSP_CHANNEL] = UINT("rtsp.channel", "Channel", 1, FIELD_LINE),
    [RTSP_LENGTH] = UINT("rtsp.length", "Length", 2, 0),
};

/* Up to the end of the header: the length of what follows, and whether it is
   a session description. */
static void decode_headers(struct dissect *d, struct cur *c, uint32_t *length,
			   bool *sdp)
{
	struct cur line, name;

	while (text_line(c, &line) && cur_left(&line)) {
		if (!text_header(&line, &name))
			continue;
		if (text_is(&name, "Session")) {
			text_note(d, &line, &fields[RTSP_SESSION]);
		} else if (text_is(&name, "Transport")) {
			text_note(d, &line, &fields[RTSP_TRANSPORT]);
		} else if (text_is(&name, "Content-Type")) {
			text_note(d, &line, &fields[RTSP_CONTENT_TYPE]);
			*sdp = text_starts(&line, "application/sdp");
		} else if (text_is(&name, "Content-Length")) {
			if (text_number(&line, length))
				add_uint(d, &fields[RTSP_CONTENT_LENGTH],
					 *length);
		}
	}
}

static void decode_media(struct dissect *d, struct cur *c)
{
	unsigned len;

	cur_skip(c, 1);
	take(d, c, &fields[RTSP_CHANNEL]);
	len = (unsigned)take(d, c, &fields[RTSP_LENGTH]);
	cur_skip(c, len < cur_left(c) ? len : cur_left(c));
}

static bool decode_start(struct dissect *d, struct cur *c)
{
	struct cur line, word, start = *c, look;
	uint32_t status;

	if (!text_line(c, &line))
		return false;
	if (text_starts(&line, "RTSP/")) {
		take_bytes(d, &start, &fields[RTSP_RESPONSE],
			   cur_since(c, &start));
		text_word(&line);
		if (text_number(&line, &status))
			add_uint(d, &fields[RTSP_STATUS], status);
		return true;
	}
	look = line;
	text_word(&look);
	text_word(&look);
	if (!text_starts(&look, "RTSP/"))
		return false;
	take_bytes(d, &start, &fields[RTSP_REQUEST], cur_since(c, &start));
	word = text_word(&line);
	text_note(d, &word, &fields[RTSP_METHOD]);
	word = text_word(&line);
	text_note(d, &word, &fields[RTSP_URL]);
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t length;
	struct cur body;
	bool sdp;

	while (c->state == CUR_OK && cur_left(c)) {
		if (cur_peek8(c, 0) == '$') {
			decode_media(d, c);
			continue;
		}
		length = 0;
		sdp = false;
		if (!decode_start(d, c))
			return;
		decode_headers(d, c, &length, &sdp);
		if (length > cur_left(c))
			length = (uint32_t)cur_left(c);
		body = cur_part(c, length);
		if (sdp && length)
			next_proto(d, &body, PROTO_sdp);
	}
}

static bool message(struct cur c, struct framing *f)
{
	if (!f->at && cur_left(&c) && cur_peek8(&c, 0) == '$') {
		cur_skip(&c, 2);
		f->size = 4 + (size_t)cur_be16(&c);
		return c.state == CUR_OK;
	}
	return text_message(&c, f);
}

/* Text without the line's end. */
static void ended_line(struct summary *l, const struct value *v)
{
	size_t n = v->len;

	while (n && (v->bytes[n - 1] == '\n' || v->bytes[n - 1] == '\r'))
		n--;
	summary_foreign(l, v->bytes, n);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;

	summary_puts(l, "RTSP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case RTSP_METHOD:
			line_between(l, &first, ": ");
			summary_text(l, v);
			break;
		case RTSP_URL:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case RTSP_RESPONSE:
			line_between(l, &first, ": ");
			ended_line(l, v);
			break;
		case RTSP_CHANNEL:
			line_between(l, &first, " ");
			summary_printf(l, "channel %u", (unsigned)v->num);
			break;
		}
	}
}

static const struct key keys[] = {
    {KEY_TCP_PORT, 554}, {KEY_TCP_PORT, 8554}, {KEY_TCP_PORT, 7236}};
static const uint8_t leads_proto[] = {PROTO_sdp, PROTO_NONE};

const struct proto proto_rtsp = {
    "rtsp",
    "Real Time Streaming Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
