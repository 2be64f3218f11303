/*
 * HTTP/2 (RFC 9113): frames.
 *
 *	length (3), type (1), flags (1), reserved bit and stream (4), then by
 *	type; DATA, HEADERS and PUSH_PROMISE may have padding: its length (1)
 *	in front, and so many bytes at the end
 *
 * A connection starts with a preface of 24 bytes from the client, or with an
 * upgrade from HTTP/1.1.
 */
#include "decode/web/http2.h"

#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"
#include "decode/web/hpack.h"

enum {
	H2F_STREAM,
	H2F_MAGIC,
	H2F_LENGTH,
	H2F_TYPE,
	H2F_FLAGS,
	H2F_END_STREAM,
	H2F_END_HEADERS,
	H2F_PADDED,
	H2F_PRIORITY,
	H2F_ACK_PING,
	H2F_ACK_SETTINGS,
	H2F_UNUSED,
	H2F_UNUSED_SETTINGS,
	H2F_UNUSED_PING,
	H2F_UNUSED_CONTINUATION,
	H2F_UNUSED_PUSH,
	H2F_UNUSED_DATA,
	H2F_UNUSED_HEADERS,
	H2F_R,
	H2F_STREAM_ID,
	H2F_PADDING,
	H2F_PAD_LENGTH,
	H2F_EXCLUSIVE,
	H2F_DEPENDENCY,
	H2F_WEIGHT,
	H2F_WEIGHT_REAL,
	H2F_DATA,
	H2F_DATA_PADDING,
	H2F_HEADERS,
	H2F_HEADERS_PADDING,
	H2F_RST_ERROR,
	H2F_SETTINGS,
	H2F_SETTINGS_ID,
	H2F_SET_TABLE_SIZE, /* in the order of their identifiers, to */
	H2F_SET_PUSH,
	H2F_SET_STREAMS,
	H2F_SET_WINDOW,
	H2F_SET_FRAME_SIZE,
	H2F_SET_LIST_SIZE, /* 6 */
	H2F_SET_CONNECT,   /* 8 */
	H2F_SET_UNKNOWN,
	H2F_PUSH_R,
	H2F_PUSH_STREAM,
	H2F_PUSH_HEADER,
	H2F_PUSH_PADDING,
	H2F_PING,
	H2F_PONG,
	H2F_GOAWAY_R,
	H2F_GOAWAY_LAST,
	H2F_GOAWAY_ERROR,
	H2F_GOAWAY_DATA,
	H2F_WINDOW_R,
	H2F_WINDOW,
	H2F_CONTINUATION,
	H2F_CONTINUATION_PADDING,
	H2F_ALTSVC_LENGTH,
	H2F_ALTSVC_ORIGIN,
	H2F_ALTSVC_VALUE,
	H2F_ORIGIN,
	H2F_ORIGIN_LENGTH,
	H2F_ORIGIN_TEXT,
	H2F_UPDATE_STREAM,
	H2F_UPDATE_VALUE,
	H2F_UNKNOWN,
	H2F_FRAME_FIELDS,
};

_Static_assert((int)H2F_FRAME_FIELDS == (int)H2F_FIRST_NOTED,
	       "one table for both");

static const struct names type_names[] = {
    {H2_DATA, "DATA"},
    {H2_HEADERS, "HEADERS"},
    {H2_PRIORITY, "PRIORITY"},
    {H2_RST_STREAM, "RST_STREAM"},
    {H2_SETTINGS, "SETTINGS"},
    {H2_PUSH_PROMISE, "PUSH_PROMISE"},
    {H2_PING, "PING"},
    {H2_GOAWAY, "GOAWAY"},
    {H2_WINDOW_UPDATE, "WINDOW_UPDATE"},
    {H2_CONTINUATION, "CONTINUATION"},
    {H2_ALTSVC, "ALTSVC"},
    {11, "BLOCKED"},
    {H2_ORIGIN, "ORIGIN"},
    {H2_PRIORITY_UPDATE, "PRIORITY_UPDATE"},
    {0, NULL},
};

static const struct names error_names[] = {
    {0, "NO_ERROR"},
    {1, "PROTOCOL_ERROR"},
    {2, "INTERNAL_ERROR"},
    {3, "FLOW_CONTROL_ERROR"},
    {4, "SETTINGS_TIMEOUT"},
    {5, "STREAM_CLOSED"},
    {6, "FRAME_SIZE_ERROR"},
    {7, "REFUSED_STREAM"},
    {8, "CANCEL"},
    {9, "COMPRESSION_ERROR"},
    {10, "CONNECT_ERROR"},
    {11, "ENHANCE_YOUR_CALM"},
    {12, "INADEQUATE_SECURITY"},
    {13, "HTTP_1_1_REQUIRED"},
    {0, NULL},
};

static const struct names setting_names[] = {
    {1, "Header table size"},	   {2, "Enable PUSH"},
    {3, "Max concurrent streams"}, {4, "Initial window size"},
    {5, "Max frame size"},	   {6, "Max header list size"},
    {8, "Extended CONNECT"},	   {0, NULL},
};

#define UNUSED(nm, m) BITS("http2.flags." nm, "Unused", 1, m, FIELD_HEX)
#define SETTING(nm, tt) UINT("http2.settings." nm, tt, 4, 0)
#define RESERVED(nm) BITS(nm, "Reserved", 4, 0x80000000, FIELD_HEX)
#define KNOWN(i, nm, tt, fl)                                                   \
	[H2F_KNOWN + (i)] = TEXT("http2.headers." nm, tt, fl)
#define DIGITS(i, nm, tt, fl)                                                  \
	[H2F_KNOWN + (i)] = NUMBER("http2.headers." nm, tt, fl, 0)

static const struct field fields[] = {
#include "decode/web/http2_rows.def"
};

/* All that is left. */
static void take_left(struct dissect *d, struct cur *c, unsigned field)
{
	if (c->state == CUR_OK && c->claim)
		take_bytes(d, c, &fields[field], c->claim);
}

/* The reserved bit of four bytes, and the number that is the rest. */
static void take_31(struct dissect *d, struct cur *c, unsigned reserved,
		    unsigned number)
{
	uint32_t raw;

	if (!cur_has(c, 4))
		return;
	raw = cur_be32(c);
	add_bits(d, &fields[reserved], raw);
	add_bits(d, &fields[number], raw);
}

/* ---- flags -------------------------------------------------------------- */

static void add_flags(struct dissect *d, const struct h2_head *head)
{
	static const uint8_t of[][5] = {
	    [H2_DATA] = {H2F_UNUSED_DATA, H2F_PADDED, H2F_END_STREAM},
	    [H2_HEADERS] = {H2F_UNUSED_HEADERS, H2F_PRIORITY, H2F_PADDED,
			    H2F_END_HEADERS, H2F_END_STREAM},
	    [H2_SETTINGS] = {H2F_UNUSED_SETTINGS, H2F_ACK_SETTINGS},
	    [H2_PUSH_PROMISE] = {H2F_UNUSED_PUSH, H2F_PADDED, H2F_END_HEADERS},
	    [H2_PING] = {H2F_UNUSED_PING, H2F_ACK_PING},
	    [H2_CONTINUATION] = {H2F_UNUSED_CONTINUATION, H2F_PADDED,
				 H2F_END_HEADERS},
	};
	unsigned i;

	if (head->type > H2_CONTINUATION || !of[head->type][0]) {
		add_bits(d, &fields[H2F_UNUSED], head->flags);
		return;
	}
	for (i = 0; i < 5 && of[head->type][i]; i++)
		add_bits(d, &fields[of[head->type][i]], head->flags);
}

/* ---- frames ------------------------------------------------------------- */

/* The length of padding, if there is some; *body is left without it. */
static struct cur take_padding(struct dissect *d, struct cur *body,
			       unsigned flags)
{
	size_t n = 0;
	struct cur padding;

	if (flags & H2_PADDED)
		n = (size_t)take(d, body, &fields[H2F_PADDING]);
	add_uint(d, &fields[H2F_PAD_LENGTH], n);
	if (n > body->claim) {
		cur_bad(body);
		n = 0;
	}
	padding = *body;
	*body = cur_part(&padding, padding.claim - n);
	return padding;
}

static void take_priority(struct dissect *d, struct cur *c)
{
	unsigned weight;

	if (!cur_has(c, 5))
		return;
	take_31(d, c, H2F_EXCLUSIVE, H2F_DEPENDENCY);
	weight = (unsigned)take(d, c, &fields[H2F_WEIGHT]);
	add_uint(d, &fields[H2F_WEIGHT_REAL], weight + 1);
}

static void decode_headers(struct dissect *d, const struct h2_head *head,
			   struct cur *c)
{
	struct h2_note notes;

	if (head->type == H2_HEADERS)
		take_left(d, c, H2F_HEADERS);
	else if (head->type == H2_PUSH_PROMISE)
		take_left(d, c, H2F_PUSH_HEADER);
	else
		take_left(d, c, H2F_CONTINUATION);
	if (http2_notes(d, head, &notes))
		http2_headers(d, &notes, fields);
}

static void decode_data(struct dissect *d, const struct h2_head *head,
			struct cur *c)
{
	struct cur data = *c;
	struct h2_note notes;

	take_left(d, c, H2F_DATA);
	if (http2_notes(d, head, &notes))
		grpc_messages(d, &notes, &data);
}

static void decode_settings(struct dissect *d, struct cur *c)
{
	unsigned id, field;

	while (c->state == CUR_OK && c->claim) {
		add_uint(d, &fields[H2F_SETTINGS], 0);
		id = (unsigned)take(d, c, &fields[H2F_SETTINGS_ID]);
		field = id >= 1 && id <= 6 ? H2F_SET_TABLE_SIZE + id - 1
			: id == 8	   ? H2F_SET_CONNECT
					   : H2F_SET_UNKNOWN;
		take(d, c, &fields[field]);
	}
}

/* Text with a length (2) before it. */
static void take_text(struct dissect *d, struct cur *c, unsigned length,
		      unsigned text)
{
	size_t n = (size_t)take(d, c, &fields[length]);

	if (c->state == CUR_OK)
		take_bytes(d, c, &fields[text], n);
}

static void decode_padded(struct dissect *d, const struct h2_head *head,
			  struct cur *c)
{
	struct cur padding = take_padding(d, c, head->flags);

	switch (head->type) {
	case H2_DATA:
		decode_data(d, head, c);
		take_left(d, &padding, H2F_DATA_PADDING);
		break;
	case H2_HEADERS:
		if (head->flags & H2_HAS_PRIORITY)
			take_priority(d, c);
		decode_headers(d, head, c);
		take_left(d, &padding, H2F_HEADERS_PADDING);
		break;
	case H2_PUSH_PROMISE:
		take_31(d, c, H2F_PUSH_R, H2F_PUSH_STREAM);
		decode_headers(d, head, c);
		take_left(d, &padding, H2F_PUSH_PADDING);
		break;
	default:
		decode_headers(d, head, c);
		take_left(d, &padding, H2F_CONTINUATION_PADDING);
	}
}

static void decode_body(struct dissect *d, const struct h2_head *head,
			struct cur *c)
{
	switch (head->type) {
	case H2_DATA:
	case H2_HEADERS:
	case H2_PUSH_PROMISE:
	case H2_CONTINUATION:
		decode_padded(d, head, c);
		break;
	case H2_PRIORITY:
		take_priority(d, c);
		break;
	case H2_RST_STREAM:
		take(d, c, &fields[H2F_RST_ERROR]);
		break;
	case H2_SETTINGS:
		decode_settings(d, c);
		break;
	case H2_PING:
		take(d, c, &fields[head->flags & H2_ACK ? H2F_PONG : H2F_PING]);
		break;
	case H2_GOAWAY:
		take_31(d, c, H2F_GOAWAY_R, H2F_GOAWAY_LAST);
		take(d, c, &fields[H2F_GOAWAY_ERROR]);
		take_left(d, c, H2F_GOAWAY_DATA);
		break;
	case H2_WINDOW_UPDATE:
		take_31(d, c, H2F_WINDOW_R, H2F_WINDOW);
		break;
	case H2_ALTSVC:
		take_text(d, c, H2F_ALTSVC_LENGTH, H2F_ALTSVC_ORIGIN);
		take_left(d, c, H2F_ALTSVC_VALUE);
		break;
	case H2_ORIGIN:
		while (c->state == CUR_OK && c->claim) {
			add_uint(d, &fields[H2F_ORIGIN], 0);
			take_text(d, c, H2F_ORIGIN_LENGTH, H2F_ORIGIN_TEXT);
		}
		break;
	case H2_PRIORITY_UPDATE:
		take(d, c, &fields[H2F_UPDATE_STREAM]);
		take_left(d, c, H2F_UPDATE_VALUE);
		break;
	default:
		take_left(d, c, H2F_UNKNOWN);
	}
}

static void decode_frame(struct dissect *d, struct cur *c)
{
	struct cur look = *c, body;
	struct h2_head head;

	add_uint(d, &fields[H2F_STREAM], 0);
	if (h2_is_preface(c)) {
		take_bytes(d, c, &fields[H2F_MAGIC], H2_PREFACE);
		return;
	}
	head = h2_head(&look);
	if (look.state != CUR_OK) {
		c->state = look.state;
		return;
	}
	add_uint(d, &fields[H2F_LENGTH], head.length);
	cur_skip(c, 3);
	take(d, c, &fields[H2F_TYPE]);
	take(d, c, &fields[H2F_FLAGS]);
	add_flags(d, &head);
	take_31(d, c, H2F_R, H2F_STREAM_ID);
	body = cur_part(c, head.length);
	decode_body(d, &head, &body);
	if (body.state == CUR_MALFORMED)
		cur_bad(c);
}

/* Does the next frame that was followed end a message of DNS? */
static bool dns_ends(const struct dissect *d)
{
	struct h2_note note;
	const struct stream_note *next =
	    note_next(d, PROTO_http2, H2_NOTE_FRAME, sizeof(note));

	if (!next)
		return false;
	memcpy(&note, next->bytes, sizeof(note));
	return note.dns;
}

/* Frames up to the end; one message of DNS is handed on, so another one begins
   another layer. */
static void decode(struct dissect *d, struct cur *c)
{
	/* what a frame promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2), message;
	const struct stream_note *dns = NULL, *next;

	if (d->n_layers > 1 && strcmp(d->layer[-1].name, "http") != 0)
		d->layer->name = "http:http2";
	join_layer(d);
	while (all.state == CUR_OK && cur_left(&all)) {
		if (dns && d->more == PROTO_NONE && dns_ends(d))
			break;
		decode_frame(d, &all);
		next = note_next(d, PROTO_http2, H2_NOTE_DNS, 1);
		if (next) {
			dns = next;
			note_taken(d);
		}
	}
	cur_skip(c, cur_since(&all, c));
	if (all.state == CUR_MALFORMED)
		cur_bad(c);
	if (!dns)
		return;
	message = cur_over(dns->bytes, dns->n, dns->n);
	next_again(d, c);
	next_proto(d, &message, PROTO_dns);
}

/* ---- the line ----------------------------------------------------------- */

static void frames_line(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned frames = 0;

	for (; v < end; v++) {
		unsigned field = summary_index(l, v);

		switch (field) {
		case H2F_MAGIC:
			summary_puts(l, " Magic");
			frames++;
			break;
		case H2F_TYPE:
			if (frames == 8) {
				summary_puts(l, ", ...");
				return;
			}
			summary_puts(l, frames++ ? ", " : " ");
			summary_puts(l,
				     names_or(type_names, v->num, "Unknown"));
			break;
		case H2F_STREAM_ID:
			summary_printf(l, "[%u]", (unsigned)v->num);
			break;
		case H2F_RST_ERROR:
		case H2F_GOAWAY_ERROR:
			summary_printf(l, " %s",
				       names_or(error_names, v->num, "error"));
			break;
		case H2F_KNOWN + 1: /* :method */
		case H2F_KNOWN + 2: /* :path */
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case H2F_KNOWN + 4: /* :status */
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
}

static void summary(struct summary *l)
{
	summary_puts(l, "HTTP/2");
	frames_line(l);
	if (l->next && !l->next->again)
		summary_puts(l, ": ");
}

/* ---- in streams --------------------------------------------------------- */

static bool guess(struct cur c)
{
	return h2_is_preface(&c);
}

static bool message(struct cur c, struct framing *f)
{
	struct h2_head head;

	if (h2_is_preface(&c)) {
		f->size = H2_PREFACE;
		return true;
	}
	/* as a length it would be more than any frame may have */
	if (cur_left(&c) < H2_PREFACE && text_may_start(&c, "PRI * HTTP/2.0"))
		return false;
	head = h2_head(&c);
	f->size = H2_HEAD + (size_t)head.length;
	return c.state == CUR_OK;
}

static const char *needs(unsigned field)
{
	return field >= H2F_FIRST_NOTED && !hpack_there() ? "libnghttp2" : NULL;
}

static const struct key keys[] = {{KEY_TCP_GUESS, 2}};

static const uint8_t leads_proto[] = {PROTO_dns, PROTO_NONE};

const struct proto proto_http2 = {
    "http2",
    "HyperText Transfer Protocol 2",
    PROTO_TABLES(fields, keys),
    .also = PROTO_grpc,
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
    .on_message = http2_follow,
    .free_state = http2_forget,
    .needs = needs,
};
