/*
 * QUIC (RFC 9000, 9369): long headers, of which a datagram may have several.
 *
 *	first octet: 1, 1, type (2), protected (4)
 *	version (4), length and destination id, length and source id,
 *	Initial: token; all but Retry: length of the rest
 *
 * Short headers have a destination id whose length only the ends know.
 */
#include "decode/proto.h"

enum {
	QUIC_FORM,
	QUIC_FIXED,
	QUIC_TYPE,
	QUIC_VERSION,
	QUIC_DCIL,
	QUIC_DCID,
	QUIC_SCIL,
	QUIC_SCID,
	QUIC_TOKEN_LENGTH,
	QUIC_LENGTH,
};

enum { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };

static const struct names type_names[] = {{INITIAL, "Initial"},
					  {ZERO_RTT, "0-RTT"},
					  {HANDSHAKE, "Handshake"},
					  {RETRY, "Retry"},
					  {0, NULL}};

static const struct field fields[] = {
    [QUIC_FORM] = {"quic.header_form", "Long header", .mask = 0x80,
		   .type = FIELD_UINT},
    [QUIC_FIXED] = {"quic.fixed_bit", "Fixed bit", .mask = 0x40,
		    .type = FIELD_BOOL},
    [QUIC_TYPE] = {"quic.long.packet_type", "Type", type_names, .mask = 0x30,
		   .type = FIELD_UINT},
    [QUIC_VERSION] = {"quic.version", "Version", .type = FIELD_UINT, .width = 4,
		      .flags = FIELD_HEX},
    [QUIC_DCIL] = {"quic.dcil", "Destination id length", .type = FIELD_UINT,
		   .width = 1},
    [QUIC_DCID] = {"quic.dcid", "Destination id", .type = FIELD_OCTETS},
    [QUIC_SCIL] = {"quic.scil", "Source id length", .type = FIELD_UINT,
		   .width = 1},
    [QUIC_SCID] = {"quic.scid", "Source id", .type = FIELD_OCTETS},
    [QUIC_TOKEN_LENGTH] = {"quic.token_length", "Token length",
			   .type = FIELD_UINT},
    [QUIC_LENGTH] = {"quic.length", "Length", .type = FIELD_UINT},
};

static bool is_version(uint32_t v)
{
	return v == 0 || v == 1 || v == 0x6b3343cf || v == 0x709a50c4 ||
	       v >> 8 == 0xff0000 || v >> 8 == 0xfaceb0 || v == 0x51303530 ||
	       v >> 8 == 0x543035 || (v & 0x0f0f0f0f) == 0x0a0a0a0a;
}

static bool guess(struct cur c)
{
	unsigned first = cur_u8(&c);
	uint32_t version = cur_be32(&c);
	unsigned len = cur_u8(&c);

	cur_skip(&c, len);
	return first >> 7 && is_version(version) && len <= 20 &&
	       (version == 0 || first & 0x40) && cur_u8(&c) <= 20 &&
	       c.state == CUR_OK;
}

/* A number whose first two bits say how long it is (section 16). */
static uint64_t take_varint(struct dissect *d, struct cur *c,
			    const struct field *f)
{
	uint64_t num = cur_u8(c);
	unsigned more = (1u << (num >> 6)) - 1;

	num &= 0x3f;
	while (more--)
		num = num << 8 | cur_u8(c);
	if (c->state == CUR_OK)
		note(d, f, num);
	return num;
}

static void take_id(struct dissect *d, struct cur *c, unsigned length,
		    unsigned id)
{
	unsigned n = (unsigned)take(d, c, &fields[length]);

	if (n)
		take_octets(d, c, &fields[id], n);
}

/* One long header and what it covers. false: nothing can follow. */
static bool decode_long(struct dissect *d, struct cur *c)
{
	unsigned first = cur_u8(c), type;
	uint32_t version;
	uint64_t len;

	bits(d, &fields[QUIC_FORM], first);
	bits(d, &fields[QUIC_FIXED], first);
	version = (uint32_t)take(d, c, &fields[QUIC_VERSION]);
	/* RFC 9369 counts types from 1 */
	type = (first >> 4 & 3) - (version == 0x6b3343cf);
	if (version)
		note(d, &fields[QUIC_TYPE], type & 3);
	take_id(d, c, QUIC_DCIL, QUIC_DCID);
	take_id(d, c, QUIC_SCIL, QUIC_SCID);
	if (version == 0 || (type & 3) == RETRY)
		return false;
	if ((type & 3) == INITIAL) {
		len = take_varint(d, c, &fields[QUIC_TOKEN_LENGTH]);
		cur_skip(c, len);
	}
	len = take_varint(d, c, &fields[QUIC_LENGTH]);
	cur_skip(c, len);
	return c->state == CUR_OK;
}

static void decode(struct dissect *d, struct cur *c)
{
	while (guess(*c) && decode_long(d, c))
		continue;
}

static const struct key keys[] = {{KEY_UDP_GUESS, 0}};

const struct proto proto_quic = {
    "quic",	      "QUIC IETF",    PROTO_TABLES(fields, keys),
    .decode = decode, .guess = guess,
};
