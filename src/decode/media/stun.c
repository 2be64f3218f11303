/*
 * STUN (RFC 8489) with the attributes of ICE and TURN, and TURN's channels
 * (RFC 8656).
 *
 *	message: type (2), length (2), cookie (4), id (12), attributes
 *	attribute: type (2), length (2), value, padding to 4
 *	channel data: channel (2), length (2), data
 *
 * Over TCP, a length (2) may go before each message (RFC 4571).
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/media/stun_fields.h"
#include "decode/proto_ids.h"

static const struct field *const fields = stun_fields;

enum {
	COOKIE = 0x2112a442,
	HEADER = 20,
	CHANNELS = 0x4000,
	USERNAME = 6,
	MAGIC_COOKIE = 15
};

/* What attributes hold: a field of its own width, or all of the value. */
enum form {
	PLAIN,
	ALL,
	ADDRESS,
	XORED,
	ERROR_FORM,
	CHANGE,
	NUMBERS,
	PAIR,
	RESERVED
};

static const struct {
	uint16_t type;
	uint8_t form, field;
} attributes[] = {
    {0x0001, ADDRESS, 0},
    {0x0002, ADDRESS, 0},
    {0x0003, CHANGE, 0},
    {0x0004, ADDRESS, 0},
    {0x0005, ADDRESS, 0},
    {USERNAME, ALL, STUN_USERNAME},
    {0x0008, ALL, STUN_HMAC},
    {0x0009, ERROR_FORM, 0},
    {0x000a, NUMBERS, STUN_UNKNOWN},
    {0x000b, ADDRESS, 0},
    {0x000c, RESERVED, STUN_CHANNEL_NUMBER},
    {0x000d, PLAIN, STUN_LIFETIME},
    {0x000e, ADDRESS, 0},
    {0x000f, PLAIN, STUN_MAGIC},
    {0x0010, PLAIN, STUN_BANDWIDTH},
    {0x0011, ADDRESS, 0},
    {0x0012, XORED, 0},
    {0x0013, ALL, STUN_VALUE},
    {0x0014, ALL, STUN_REALM},
    {0x0015, ALL, STUN_NONCE},
    {0x0016, XORED, 0},
    {0x0017, RESERVED, STUN_FAMILY},
    {0x0018, PLAIN, STUN_EVEN_PORT},
    {0x0019, RESERVED, STUN_TRANSPORT},
    {0x0020, XORED, 0},
    {0x0022, PLAIN, STUN_TOKEN},
    {0x0024, PLAIN, STUN_PRIORITY},
    {0x8008, PLAIN, STUN_MS_VERSION},
    {0x8020, XORED, 0},
    {0x8022, ALL, STUN_SOFTWARE},
    {0x8023, ADDRESS, 0},
    {0x8028, PLAIN, STUN_CRC32},
    {0x8029, PLAIN, STUN_TIE_BREAKER},
    {0x802a, PLAIN, STUN_TIE_BREAKER},
    {0x802b, ADDRESS, 0},
    {0x802c, ADDRESS, 0},
    {0x8054, ALL, STUN_MS_FOUNDATION},
    {0x8050, PAIR, STUN_MS_CONNECTION},
    {0x8055, PAIR, STUN_MS_STREAM},
    {0x8070, PLAIN, STUN_MS_ICE_VERSION},
    {0x8090, ADDRESS, 0},
    {0xc057, PAIR, STUN_NETWORK_ID},
};

/* The bits of the type between those of the class. */
static unsigned method_of(unsigned type)
{
	return (type & 0x000f) | (type & 0x00e0) >> 1 | (type & 0x3e00) >> 2;
}

/* Are these the first bytes of a message? */
static bool is_message(struct cur c)
{
	unsigned type = cur_be16(&c);
	uint32_t cookie;

	cur_skip(&c, 2);
	cookie = cur_be32(&c);

	return c.state == CUR_OK && type < CHANNELS && cookie == COOKIE &&
	       names_get(fields[STUN_METHOD].names, method_of(type));
}

static bool guess(struct cur c)
{
	struct cur look = c;
	unsigned len;

	if (!is_message(c)) {
		cur_skip(&c, 2);
		if (!is_message(c))
			return false;
		return cur_be16(&look) <= look.claim;
	}
	cur_skip(&look, 2);
	len = cur_be16(&look);
	return len + HEADER <= c.claim && len % 4 == 0;
}

static void take_address(struct dissect *d, struct cur *c)
{
	unsigned family;

	take_bytes(d, c, &fields[STUN_RESERVED], 1);
	family = (unsigned)take(d, c, &fields[STUN_FAMILY]);
	take(d, c, &fields[STUN_PORT]);
	if (family == 1)
		take(d, c, &fields[STUN_IPV4]);
	else if (family == 2)
		take(d, c, &fields[STUN_IPV6]);
}

/* An IPv6 address masked with the cookie and the id after it. */
static void take_xored6(struct dissect *d, struct cur *c, const uint8_t *mask)
{
	const uint8_t *p;
	char *room;
	unsigned i;

	p = cur_bytes(c, 16);
	if (!p)
		return;
	add_bytes(d, &fields[STUN_IPV6_XORED], p, 16);
	if (!wants(d, &fields[STUN_IPV6]))
		return;
	room = scratch_room(d, 16);
	if (!room)
		return;
	for (i = 0; i < 16; i++)
		room[i] = (char)(p[i] ^ mask[i]);
	add_bytes(d, &fields[STUN_IPV6], room, 16);
}

static void take_xored(struct dissect *d, struct cur *c, const uint8_t *mask)
{
	struct cur look;
	unsigned family;

	take_bytes(d, c, &fields[STUN_RESERVED], 1);
	family = (unsigned)take(d, c, &fields[STUN_FAMILY]);
	look = *c;
	take(d, c, &fields[STUN_PORT_XORED]);
	if (c->state == CUR_OK)
		add_uint(d, &fields[STUN_PORT],
			 cur_be16(&look) ^ (unsigned)(COOKIE >> 16));
	if (family == 2) {
		take_xored6(d, c, mask);
	} else if (family == 1) {
		look = *c;
		take(d, c, &fields[STUN_IPV4_XORED]);
		if (c->state == CUR_OK)
			add_uint(d, &fields[STUN_IPV4],
				 cur_be32(&look) ^ (uint32_t)COOKIE);
	}
}

static void take_error(struct dissect *d, struct cur *c)
{
	take_bytes(d, c, &fields[STUN_RESERVED], 2);
	take(d, c, &fields[STUN_ERROR_CLASS]);
	take(d, c, &fields[STUN_ERROR]);
	if (cur_left(c))
		take_bytes(d, c, &fields[STUN_REASON], cur_left(c));
}

static void decode_value(struct dissect *d, struct cur *c, unsigned type,
			 const uint8_t *mask)
{
	const struct field *f;
	uint32_t num;
	unsigned i;

	for (i = 0; i < ARRAY_LEN(attributes); i++)
		if (attributes[i].type == type)
			break;
	if (i == ARRAY_LEN(attributes)) {
		if (cur_left(c))
			take_bytes(d, c, &fields[STUN_VALUE], cur_left(c));
		return;
	}
	f = &fields[attributes[i].field];
	switch (attributes[i].form) {
	case PLAIN:
		take(d, c, f);
		break;
	case ALL:
		take_bytes(d, c, f, cur_left(c));
		break;
	case ADDRESS:
		take_address(d, c);
		break;
	case XORED:
		take_xored(d, c, mask);
		break;
	case ERROR_FORM:
		take_error(d, c);
		break;
	case CHANGE:
		num = cur_be32(c);
		add_bits(d, &fields[STUN_CHANGE_IP], num);
		add_bits(d, &fields[STUN_CHANGE_PORT], num);
		break;
	case NUMBERS:
		while (c->state == CUR_OK && cur_left(c) >= f->width)
			take(d, c, f);
		break;
	case PAIR:
		take_rows(d, c, f, f + 1);
		break;
	case RESERVED:
		take(d, c, f);
		take_bytes(d, c, &fields[STUN_RESERVED], cur_left(c));
		break;
	}
}

static void decode_attributes(struct dissect *d, struct cur *c,
			      const uint8_t *mask)
{
	/* Microsoft's TURN starts with the cookie; its user names are bytes */
	bool known, microsoft = cur_left(c) > 1 && cur_peek8(c, 0) == 0 &&
				cur_peek8(c, 1) == MAGIC_COOKIE;
	struct cur body;
	unsigned type, len;

	while (c->state == CUR_OK && c->claim >= 4) {
		type = cur_be16(c);
		known = names_get(fields[STUN_ATT_TYPE].names, type) != NULL;
		if (known) {
			add_uint(d, &fields[STUN_ATTRIBUTE], type);
			add_uint(d, &fields[STUN_ATT_TYPE], type);
			add_bits(d, &fields[STUN_ATT_OPTIONAL], type);
			add_bits(d, &fields[STUN_ATT_ASSIGNMENT], type);
		}
		len = (unsigned)take(d, c, &fields[STUN_ATT_LENGTH]);
		body = cur_part(c, len);
		if (!microsoft || type != USERNAME)
			decode_value(d, &body, type, mask);
		if (len % 4 && c->state == CUR_OK) {
			add_uint(d, &fields[STUN_PADDING], 4 - len % 4);
			cur_skip(c, c->claim < 4 - len % 4 ? c->claim
							   : 4 - len % 4);
		}
	}
}

static void decode_message(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[STUN_TYPE]), len;
	const uint8_t *mask;
	struct cur body;

	if (c->state != CUR_OK)
		return;
	add_bits(d, &fields[STUN_CLASS], type);
	add_uint(d, &fields[STUN_METHOD], method_of(type));
	add_bits(d, &fields[STUN_METHOD_ASSIGNMENT], type);
	len = (unsigned)take(d, c, &fields[STUN_LENGTH]);
	if (!cur_has(c, 16))
		return;
	mask = cur_here(c);
	take(d, c, &fields[STUN_COOKIE]);
	take(d, c, &fields[STUN_ID]);
	body = cur_part(c, len);
	decode_attributes(d, &body, mask);
}

static void decode_channel(struct dissect *d, struct cur *c)
{
	unsigned len;
	struct cur body;

	take(d, c, &fields[STUN_CHANNEL]);
	len = (unsigned)take(d, c, &fields[STUN_LENGTH]);
	body = cur_unit(c, len < c->claim ? len : c->claim);
	next_proto(d, &body, PROTO_data);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look;
	bool tcp = d->layer->via == KEY_TCP_PORT;

	while (c->state == CUR_OK && cur_left(c) >= 4) {
		look = *c;
		cur_skip(&look, 2);
		if (tcp && !is_message(*c) && is_message(look))
			take(d, c, &fields[STUN_FRAME_LENGTH]);
		if (cur_peek8(c, 0) >> 4 == 4) {
			decode_channel(d, c);
			return;
		}
		if (!is_message(*c))
			return;
		d->layer->fact[0] = 1;
		decode_message(d, c);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *name;
	unsigned class = 0, port = 0, error = 0;

	summary_puts(l, "STUN");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case STUN_CHANNEL:
			summary_printf(l, " channel 0x%04x", (unsigned)v->num);
			break;
		case STUN_CLASS:
			class = (unsigned)v->num;
			break;
		case STUN_METHOD:
			name = names_or(fields[STUN_METHOD].names, v->num,
					"unknown");
			summary_printf(
			    l, " %s %s", name,
			    names_or(fields[STUN_CLASS].names, class, ""));
			break;
		case STUN_PORT:
			port = (unsigned)v->num;
			break;
		case STUN_IPV4:
			summary_puts(l, " ");
			summary_ip4(l, (uint32_t)v->num);
			summary_printf(l, ".%u", port);
			break;
		case STUN_IPV6:
			summary_puts(l, " ");
			summary_ip(l, v->bytes, 16);
			summary_printf(l, ".%u", port);
			break;
		case STUN_ERROR_CLASS:
			error = (unsigned)v->num;
			break;
		case STUN_ERROR:
			summary_printf(l, " %u",
				       error * 100 + (unsigned)v->num);
			break;
		case STUN_USERNAME:
		case STUN_REALM:
		case STUN_REASON:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 3478},
				  {KEY_TCP_PORT, 3478},
				  {KEY_UDP_MEDIA, MEDIA_TURN},
				  {KEY_UDP_GUESS, 8},
				  {KEY_TCP_GUESS, 8}};
static const uint8_t leads_proto[] = {PROTO_data, PROTO_NONE};

const struct proto proto_stun = {
    "stun",
    "Session Traversal Utilities for NAT",
    .fields = stun_fields,
    .n_fields = STUN_COUNT,
    PROTO_KEYS(keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
