/*
 * Modbus/TCP: the header before each Modbus message.
 *
 *	transaction (2), protocol: 0 (2), length (2), unit (1), function (1),
 *...
 *
 * The length counts from the unit on.
 */
#include <stdlib.h>

#include "decode/industry/modbus.h"
#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum { MBTCP_TRANSACTION, MBTCP_PROTOCOL, MBTCP_LENGTH, MBTCP_UNIT };

enum { HEADER_LEN = 7, LENGTH_AT = 6 };

static const struct field fields[] = {
    [MBTCP_TRANSACTION] = UINT("mbtcp.trans_id", "Transaction", 2, FIELD_LINE),
    [MBTCP_PROTOCOL] = UINT("mbtcp.prot_id", "Protocol", 2, 0),
    [MBTCP_LENGTH] = UINT("mbtcp.len", "Length", 2, 0),
    [MBTCP_UNIT] = UINT("mbtcp.unit_id", "Unit", 1, FIELD_LINE),
};

/* A unit and a function are the least that a message has. */
static bool is_header(const struct cur *c)
{
	const uint8_t *p = cur_here(c);

	return cur_left(c) > HEADER_LEN && p[2] == 0 && p[3] == 0 &&
	       (p[4] << 8 | p[5]) >= 2;
}

static uint32_t id_of(const uint8_t *header)
{
	return (uint32_t)(header[0] << 16 | header[1] << 8 | header[6]);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur body;
	size_t len;

	join_layer(d);
	if (!is_header(c)) {
		next_proto(d, c, PROTO_data);
		return;
	}
	len = (size_t)cur_peek16(c, 4);
	d->layer->fact[0] = id_of(cur_here(c));
	take_rows(d, c, &fields[MBTCP_TRANSACTION], &fields[MBTCP_UNIT]);
	body = cur_unit(c, len - 1);
	next_proto(d, &body, PROTO_modbus);
	cur_skip(c, cur_left(&body));
	next_again(d, c);
}

static bool fits(struct cur c)
{
	unsigned protocol, len;

	cur_skip(&c, 2);
	protocol = cur_be16(&c);
	len = cur_be16(&c);
	/* what is not there is 0 */
	return protocol == 0 && (c.state != CUR_OK || (len > 1 && len < 512));
}

static bool message(struct cur c, struct framing *f)
{
	if (cur_left(&c) <= HEADER_LEN && cur_left(&c) == c.claim)
		return false;
	f->size = cur_left(&c);
	if (is_header(&c))
		f->size = LENGTH_AT + (size_t)cur_peek16(&c, 4);
	return true;
}

/* The last requests of a conversation, in a ring. */
enum { REMEMBERED = 32 };
struct requests {
	unsigned next;
	struct modbus_request last[REMEMBERED];
};

static void remember(struct app_message *f, uint32_t id, struct cur *c)
{
	struct requests *r = f->app->data;
	struct modbus_request *request;

	if (!r) {
		f->app->data = r = calloc(1, sizeof(*r));
		if (!r)
			return;
		*f->bytes += sizeof(*r);
	}
	request = &r->last[r->next++ % REMEMBERED];
	request->id = id;
	request->function = cur_u8(c);
	request->reference = cur_be16(c);
	request->count = cur_be16(c);
}

/* Answers do not repeat what was asked, so they get a note of it. */
static void follow(struct app_message *f)
{
	struct requests *r = f->app->data;
	struct cur c = f->message;
	const struct modbus_request *request;
	unsigned i;
	uint32_t id;
	void *room;

	if (!is_header(&c))
		return;
	id = id_of(cur_here(&c));
	cur_skip(&c, HEADER_LEN);
	if (f->to_server) {
		remember(f, id, &c);
		return;
	}
	for (i = 1; r && i <= REMEMBERED && i <= r->next; i++) {
		request = &r->last[(r->next - i) % REMEMBERED];
		if (request->id != id || request->function != cur_peek8(&c, 0))
			continue;
		room = message_note(f, 0, sizeof(*request));
		if (room)
			memcpy(room, request, sizeof(*request));
		return;
	}
}

static void forget(struct app_state *app, size_t *bytes)
{
	*bytes -= sizeof(struct requests);
	free(app->data);
}

static void summary(struct summary *l)
{
	summary_printf(l, "Modbus/TCP %u, unit %u",
		       (unsigned)summary_num(l, MBTCP_TRANSACTION),
		       (unsigned)summary_num(l, MBTCP_UNIT));
	summary_mark(l);
	if (l->next)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_TCP_PORT, 502}, {KEY_UDP_PORT, 502}};
static const uint8_t leads_proto[] = {PROTO_modbus, PROTO_mbtcp, PROTO_data,
				      PROTO_NONE};

const struct proto proto_mbtcp = {
    "mbtcp",
    "Modbus/TCP",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
    .fits = fits,
    .on_message = follow,
    .free_state = forget,
};
