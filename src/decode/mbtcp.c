/*
 * Modbus/TCP: the header before each Modbus message.
 *
 *	transaction (2), protocol: 0 (2), length (2), unit (1), function (1),
 *...
 *
 * The length counts from the unit on.
 */
#include "decode/rows.h"

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
	const uint8_t *p = c->pos;

	return cur_left(c) > HEADER_LEN && p[2] == 0 && p[3] == 0 &&
	       (p[4] << 8 | p[5]) >= 2;
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
	len = (size_t)(c->pos[4] << 8 | c->pos[5]);
	take_rows(d, c, &fields[MBTCP_TRANSACTION], &fields[MBTCP_UNIT]);
	body = cur_unit(c, len - 1);
	next_proto(d, &body, PROTO_modbus);
	cur_skip(c, cur_left(&body));
	next_again(d, c);
}

static bool message(struct cur c, struct framing *f)
{
	if (cur_left(&c) <= HEADER_LEN && cur_left(&c) == c.claim)
		return false;
	f->size = cur_left(&c);
	if (is_header(&c))
		f->size = LENGTH_AT + (size_t)(c.pos[4] << 8 | c.pos[5]);
	return true;
}

static void summary(struct line *l)
{
	if (l->layer > l->d->layers && l->layer[-1].id == PROTO_modbus)
		line_puts(l, "; ");
	line_printf(l, "Modbus/TCP %u, unit %u",
		    (unsigned)line_num(l, MBTCP_TRANSACTION),
		    (unsigned)line_num(l, MBTCP_UNIT));
	line_mark(l);
	if (l->next)
		line_puts(l, ": ");
}

static const struct key keys[] = {{KEY_TCP_PORT, 502}, {KEY_UDP_PORT, 502}};
static const enum proto_id leads_proto[] = {PROTO_modbus, PROTO_mbtcp,
					    PROTO_data, PROTO_NONE};

const struct proto proto_mbtcp = {
    "mbtcp",
    "Modbus/TCP",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .message = message,
};
