/*
 * WireGuard: type (1), reserved (3), then by type
 *
 *	1: sender (4), ephemeral key (32), encrypted static key (48), encrypted
 *		time stamp (28), two MACs (16 each)
 *	2: sender, receiver (4 each), ephemeral key (32), encrypted nothing
 *		(16), two MACs
 *	3: receiver (4), nonce (24), encrypted cookie (32)
 *	4: receiver (4), counter (8), encrypted packet
 *
 * Numbers have their least significant byte first.
 */
#include "decode/lib/rows.h"

enum {
	WG_TYPE,
	WG_RESERVED,
	WG_SENDER,
	WG_RECEIVER,
	WG_EPHEMERAL,
	WG_STATIC,
	WG_TIMESTAMP,
	WG_EMPTY,
	WG_MAC1,
	WG_MAC2,
	WG_NONCE,
	WG_COOKIE,
	WG_COUNTER,
	WG_PACKET,
};

enum { INITIATION = 1, RESPONSE, COOKIE, DATA };

enum { KEY = 32, KEY_TEXT = 44 }; /* bytes, and characters of base64 */

static const struct names type_names[] = {
    {INITIATION, "Handshake Initiation"},
    {RESPONSE, "Handshake Response"},
    {COOKIE, "Cookie Reply"},
    {DATA, "Transport Data"},
    {0, NULL},
};

static const struct field fields[] = {
    [WG_TYPE] = NAMED("wg.type", "Type", 1, FIELD_LINE, type_names),
    [WG_RESERVED] = BYTES("wg.reserved", "Reserved", 3, 0),
    [WG_SENDER] =
	UINT("wg.sender", "Sender", 4, FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WG_RECEIVER] = UINT("wg.receiver", "Receiver", 4,
			 FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WG_EPHEMERAL] = TEXT("wg.ephemeral", "Ephemeral key", 0),
    [WG_STATIC] = HEADING("wg.encrypted_static", "Encrypted static key"),
    [WG_TIMESTAMP] = HEADING("wg.encrypted_timestamp", "Encrypted time stamp"),
    [WG_EMPTY] = HEADING("wg.encrypted_empty", "Encrypted nothing"),
    [WG_MAC1] = BYTES("wg.mac1", "MAC 1", 16, 0),
    [WG_MAC2] = BYTES("wg.mac2", "MAC 2", 16, 0),
    [WG_NONCE] = BYTES("wg.nonce", "Nonce", 24, 0),
    [WG_COOKIE] = BYTES("wg.encrypted_cookie", "Encrypted cookie", 32, 0),
    [WG_COUNTER] = UINT("wg.counter", "Counter", 8, FIELD_LITTLE),
    [WG_PACKET] = HEADING("wg.encrypted_packet", "Encrypted packet"),
};

static bool guess(struct cur c)
{
	static const uint16_t lengths[] = {
	    [INITIATION] = 148, [RESPONSE] = 92, [COOKIE] = 64};
	size_t len = c.claim;
	unsigned type = cur_u8(&c), reserved = cur_u8(&c);

	reserved |= cur_be16(&c);
	if (c.state != CUR_OK || reserved)
		return false;
	if (type == DATA)
		return len >= 32;
	return type >= INITIATION && type <= COOKIE && len == lengths[type];
}

/* A public key, as people write it: base64. */
static void take_key(struct dissect *d, struct cur *c, const struct field *f)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	const uint8_t *key = cur_bytes(c, KEY);
	uint32_t group;
	char *text;
	unsigned i;

	if (!key || !wants(d, f))
		return;
	text = scratch_room(d, KEY_TEXT);
	if (!text)
		return;
	for (i = 0; i < KEY_TEXT; i += 4) {
		const uint8_t *p = key + i / 4 * 3;

		group = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8;
		if (i + 4 < KEY_TEXT)
			group |= p[2];
		text[i] = digits[group >> 18];
		text[i + 1] = digits[group >> 12 & 63];
		text[i + 2] = digits[group >> 6 & 63];
		text[i + 3] = digits[group & 63];
	}
	text[KEY_TEXT - 1] = '=';
	add_bytes(d, f, text, KEY_TEXT);
}

/* Step over what is encrypted, and say that it is there. */
static void take_sealed(struct dissect *d, struct cur *c, const struct field *f,
			size_t n)
{
	if (cur_bytes(c, n))
		add_uint(d, f, 1);
}

static void decode(struct dissect *d, struct cur *c)
{
	switch (take(d, c, &fields[WG_TYPE])) {
	case INITIATION:
		take_rows(d, c, &fields[WG_RESERVED], &fields[WG_SENDER]);
		take_key(d, c, &fields[WG_EPHEMERAL]);
		take_sealed(d, c, &fields[WG_STATIC], 48);
		take_sealed(d, c, &fields[WG_TIMESTAMP], 28);
		take_rows(d, c, &fields[WG_MAC1], &fields[WG_MAC2]);
		break;
	case RESPONSE:
		take_rows(d, c, &fields[WG_RESERVED], &fields[WG_RECEIVER]);
		take_key(d, c, &fields[WG_EPHEMERAL]);
		take_sealed(d, c, &fields[WG_EMPTY], 16);
		take_rows(d, c, &fields[WG_MAC1], &fields[WG_MAC2]);
		break;
	case COOKIE:
		take(d, c, &fields[WG_RESERVED]);
		take(d, c, &fields[WG_RECEIVER]);
		take_rows(d, c, &fields[WG_NONCE], &fields[WG_COOKIE]);
		break;
	case DATA:
		take(d, c, &fields[WG_RESERVED]);
		take(d, c, &fields[WG_RECEIVER]);
		take(d, c, &fields[WG_COUNTER]);
		take_sealed(d, c, &fields[WG_PACKET], c->claim);
		break;
	}
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, WG_TYPE);
	const struct value *from = summary_value(l, WG_SENDER);
	const struct value *to = summary_value(l, WG_RECEIVER);

	summary_puts(l, "WireGuard");
	if (type)
		summary_printf(l, " %s",
			       names_or(type_names, type->num, "type"));
	if (from)
		summary_printf(l, ", sender 0x%08x", (unsigned)from->num);
	if (to)
		summary_printf(l, ", receiver 0x%08x", (unsigned)to->num);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_GUESS, 9}};

const struct proto proto_wg = {
    "wg",
    "WireGuard",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
