/*
 * What is remembered of a conversation of HTTP/2: the tables of header
 * compression, of the streams that carry gRPC where their messages end, and of
 * those that carry DNS (RFC 8484) the message so far.
 */
#include <stdlib.h>
#include <string.h>

#include "base/be.h"
#include "decode/lib/app_bytes.h"
#include "decode/proto_ids.h"
#include "decode/web/hpack.h"
#include "decode/web/http2.h"

enum {
	CALLS = 32,	    /* streams of gRPC that are followed a direction */
	FIELDS_MOST = 1000, /* header fields of a frame */
	GRPC_HEAD = 5,	    /* compressed (1), length (4) */
	QUERIES = 8,	    /* streams of DNS that are followed a direction */
	DNS_MOST = 65535,   /* bytes of a message */
};

/* One direction of a call. */
struct call {
	uint32_t stream; /* 0: free */
	uint8_t head[GRPC_HEAD], n_head;
	uint32_t left; /* of the message, once its head is there */
};

/* One direction of a stream that carries a message of DNS. */
struct query {
	uint32_t stream; /* 0: free */
	bool broken;	 /* it has more bytes than are here */
	struct app_bytes message;
};

struct h2_side {
	struct hpack *hpack;
	bool broken;
	uint32_t allowed; /* size of the table, if it was said */
	struct call calls[CALLS];
	unsigned next_call;
	struct query queries[QUERIES];
	unsigned next_query;
};

struct h2_state {
	struct h2_side side[2];
};

bool h2_is_preface(const struct cur *c)
{
	return cur_starts(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

struct h2_head h2_head(struct cur *c)
{
	struct h2_head head = {0};

	head.length = (uint32_t)cur_be16(c) << 8;
	head.length |= cur_u8(c);
	head.type = cur_u8(c);
	head.flags = cur_u8(c);
	head.stream = cur_be32(c) & 0x7fffffff;
	return head;
}

static struct h2_state *talk_get(struct app_message *f)
{
	struct h2_state *state = f->app->data;

	if (!state) {
		f->app->data = state = calloc(1, sizeof(*state));
		if (state)
			*f->bytes += sizeof(*state);
	}
	return state;
}

void http2_forget(struct app_state *app, size_t *bytes)
{
	struct h2_state *state = app->data;
	struct h2_side *side;
	unsigned i;

	if (!state)
		return;
	for (side = state->side; side < state->side + 2; side++) {
		hpack_close(side->hpack);
		for (i = 0; i < QUERIES; i++)
			app_bytes_free(&side->queries[i].message, bytes);
	}
	*bytes -= sizeof(*state);
	free(state);
}

/* ---- gRPC --------------------------------------------------------------- */

static struct call *call_find(struct h2_side *side, uint32_t stream)
{
	unsigned i;

	for (i = 0; i < CALLS; i++)
		if (side->calls[i].stream == stream)
			return &side->calls[i];
	return NULL;
}

static void call_new(struct h2_side *side, uint32_t stream)
{
	struct call *call = call_find(side, stream);

	if (!call)
		call = &side->calls[side->next_call++ % CALLS];
	*call = (struct call){.stream = stream};
}

/* The next message of the data that ends in it, which goes on at *at. false:
   none does. */
static bool call_next(struct call *call, const struct cur *data, size_t *at,
		      struct h2_message *message)
{
	size_t n = cur_left(data);

	while (*at < n && call->n_head < GRPC_HEAD) {
		call->head[call->n_head++] = cur_peek8(data, (*at)++);
		if (call->n_head == GRPC_HEAD)
			call->left = be32(call->head + 1);
	}
	if (call->n_head < GRPC_HEAD)
		return false;
	message->flag = call->head[0];
	message->length = be32(call->head + 1);
	message->start =
	    call->left == message->length ? (uint32_t)*at : UINT32_MAX;
	if (call->left > n - *at) {
		call->left -= (uint32_t)(n - *at);
		*at = n;
		return false;
	}
	*at += call->left;
	call->n_head = 0;
	return true;
}

static uint32_t follow_call(struct app_message *f, struct call *call,
			    const struct cur *data, bool noted)
{
	struct h2_message message;
	uint32_t count = 0;
	uint8_t *at;
	size_t pos = 0;

	while (call_next(call, data, &pos, &message)) {
		at = noted ? message_note(f, H2_NOTE_MESSAGE, sizeof(message))
			   : NULL;
		if (!at)
			continue;
		memcpy(at, &message, sizeof(message));
		count++;
	}
	return count;
}

/* ---- DNS ---------------------------------------------------------------- */

static struct query *query_find(struct h2_side *side, uint32_t stream)
{
	unsigned i;

	for (i = 0; i < QUERIES; i++)
		if (side->queries[i].stream == stream)
			return &side->queries[i];
	return NULL;
}

static void query_new(struct app_message *f, struct h2_side *side,
		      uint32_t stream)
{
	struct query *query = query_find(side, stream);

	if (!query)
		query = &side->queries[side->next_query++ % QUERIES];
	app_bytes_free(&query->message, f->bytes);
	*query = (struct query){.stream = stream};
}

/* Does a message of DNS end here? Then it is noted. */
static bool follow_query(struct app_message *f, struct query *query,
			 const struct cur *data, bool last)
{
	struct app_bytes *message = &query->message;
	size_t n = cur_left(data);
	uint8_t *room = NULL;

	if (data->state != CUR_OK || n < data->claim ||
	    n > DNS_MOST - message->n)
		query->broken = true;
	if (!query->broken &&
	    !app_bytes_add(message, cur_here(data), n, f->bytes))
		query->broken = true;
	if (!last)
		return false;
	if (!query->broken && message->n)
		room = message_note(f, H2_NOTE_DNS, message->n);
	if (room)
		memcpy(room, message->bytes, message->n);
	app_bytes_free(message, f->bytes);
	query->stream = 0;
	return room;
}

/* ---- data --------------------------------------------------------------- */

static void put_note(uint8_t *room, const struct h2_note *note)
{
	if (room)
		memcpy(room, note, sizeof(*note));
}

static void follow_data(struct app_message *f, const struct h2_head *head,
			struct cur data)
{
	struct h2_state *state = f->app->data;
	struct h2_note note = {.stream = head->stream, .type = H2_DATA};
	bool last = head->flags & H2_END_STREAM;
	struct h2_side *side;
	struct query *query;
	struct call *call;
	uint8_t *room;

	if (!state || !head->stream)
		return;
	side = &state->side[f->from];
	call = call_find(side, head->stream);
	query = query_find(side, head->stream);
	if (!call && !query)
		return;
	room = message_note(f, H2_NOTE_FRAME, sizeof(note));
	if (call)
		note.count = follow_call(f, call, &data, room);
	if (call && last)
		call->stream = 0;
	if (query)
		note.dns = follow_query(f, query, &data, last) && room;
	put_note(room, &note);
}

/* ---- header blocks ------------------------------------------------------ */

static bool starts(const uint8_t *bytes, size_t n, const char *text)
{
	size_t len = strlen(text);

	return n >= len && !memcmp(bytes, text, len);
}

/* What the stream carries by its content type, if that is followed. */
static void follow_field(struct app_message *f, struct h2_side *side,
			 uint32_t stream, const struct hpack_field *field)
{
	static const char name[] = "content-type";

	if (field->n_name != sizeof(name) - 1 ||
	    !starts(field->name, field->n_name, name))
		return;
	if (starts(field->value, field->n_value, "application/grpc"))
		call_new(side, stream);
	else if (starts(field->value, field->n_value,
			"application/dns-message"))
		query_new(f, side, stream);
}

static bool put_field(struct app_message *f, const struct hpack_field *field)
{
	struct h2_field note = {
	    .n_name = (uint32_t)field->n_name,
	    .n_value = (uint32_t)field->n_value,
	    .index = field->index,
	    .size = field->size,
	    .form = (uint8_t)field->form,
	    .resized = field->resized,
	};
	uint8_t *room = message_note(
	    f, H2_NOTE_FIELD, sizeof(note) + field->n_name + field->n_value);

	if (!room)
		return false;
	memcpy(room, &note, sizeof(note));
	room += sizeof(note);
	memcpy(room, field->name, field->n_name);
	memcpy(room + field->n_name, field->value, field->n_value);
	return true;
}

/* The next part of a header block. */
static void follow_block(struct app_message *f, const struct h2_head *head,
			 const struct cur *block)
{
	struct h2_state *state = talk_get(f);
	struct h2_note note = {.stream = head->stream, .type = head->type};
	bool last = head->flags & H2_END_HEADERS, fits = true;
	struct h2_side *side;
	struct hpack_field field;
	const uint8_t *at = cur_here(block);
	size_t n = cur_left(block);
	uint8_t *room;
	int found = -1;

	if (!state)
		return;
	side = &state->side[f->from];
	if (!side->hpack && !side->broken) {
		side->hpack = hpack_open(f->bytes);
		if (side->hpack && side->allowed)
			hpack_allow(side->hpack, side->allowed);
	}
	/* bytes that are missing would be missed later */
	if (!side->hpack || block->state != CUR_OK || n < block->claim)
		side->broken = true;
	if (side->broken)
		return;
	room = message_note(f, H2_NOTE_FRAME, sizeof(note));
	while ((found = hpack_next(side->hpack, &at, &n, last, &field)) == 1) {
		follow_field(f, side, head->stream, &field);
		note.length += (uint32_t)(field.n_name + field.n_value + 8);
		fits = fits && room && note.count < FIELDS_MOST &&
		       put_field(f, &field);
		note.count += fits;
	}
	note.broken = side->broken = found < 0;
	put_note(room, &note);
	if (side->broken) {
		hpack_close(side->hpack);
		side->hpack = NULL;
	}
}

static void follow_settings(struct app_message *f, struct cur c)
{
	enum { HEADER_TABLE_SIZE = 1 };
	struct h2_side *side;
	struct h2_state *state;
	unsigned id;
	uint32_t value;

	while (c.state == CUR_OK && cur_left(&c) >= 6) {
		id = cur_be16(&c);
		value = cur_be32(&c);
		if (id != HEADER_TABLE_SIZE)
			continue;
		state = talk_get(f);
		if (!state)
			return;
		side = &state->side[!f->from];
		side->allowed = value;
		if (side->hpack)
			hpack_allow(side->hpack, value);
	}
}

void http2_follow(struct app_message *f)
{
	struct cur c = f->message, body;
	struct h2_head head;
	size_t pad = 0;

	if (h2_is_preface(&c))
		return;
	head = h2_head(&c);
	body = cur_part(&c, head.length);
	if (head.type == H2_SETTINGS && !(head.flags & H2_ACK)) {
		follow_settings(f, body);
		return;
	}
	if (head.type != H2_DATA && head.type != H2_HEADERS &&
	    head.type != H2_PUSH_PROMISE && head.type != H2_CONTINUATION)
		return;
	if (head.flags & H2_PADDED && head.type != H2_CONTINUATION)
		pad = cur_u8(&body);
	if (head.type == H2_HEADERS && head.flags & H2_HAS_PRIORITY)
		cur_skip(&body, 5);
	if (head.type == H2_PUSH_PROMISE)
		cur_skip(&body, 4);
	if (pad > body.claim)
		pad = body.claim;
	body = cur_part(&body, body.claim - pad);
	if (head.type == H2_DATA)
		follow_data(f, &head, body);
	else
		follow_block(f, &head, &body);
}

/* ---- notes -------------------------------------------------------------- */

bool http2_notes(struct dissect *d, const struct h2_head *head,
		 struct h2_note *note)
{
	const struct stream_note *next =
	    note_next(d, PROTO_http2, H2_NOTE_FRAME, sizeof(*note));

	if (!next)
		return false;
	memcpy(note, next->bytes, sizeof(*note));
	if (note->type != head->type || note->stream != head->stream)
		return false;
	note_taken(d);
	return true;
}
