/*
 * QUIC (RFC 9000, 9369): long headers, of which a datagram may have several.
 *
 *	first octet: 1, 1, type (2), protected (4)
 *	version (4), length and destination id, length and source id,
 *	Initial: token; all but Retry: length of the rest
 *
 * A short header: 0, 1, protected (6), and a destination id, whose length is
 * known from the long headers of its owner.
 */
#include "decode/memo.h"
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

/* The fixed bit may be 0 between ends that agreed so (RFC 9287). */
static bool is_long(struct cur c)
{
	unsigned first = cur_u8(&c);
	uint32_t version = cur_be32(&c);
	unsigned len = cur_u8(&c);

	cur_skip(&c, len);
	return first >> 7 && quic_is_version(version) && len <= 20 &&
	       cur_u8(&c) <= 20 && c.state == CUR_OK;
}

static bool guess(struct cur c)
{
	return is_long(c) && (*c.pos & 0x40 || !memcmp(c.pos + 1, "\0\0\0", 4));
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
	version = (uint32_t)take(d, c, &fields[QUIC_VERSION]);
	if (version)
		bits(d, &fields[QUIC_FIXED], first);
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

/* A short header: its destination id is as long as its owner once said. */
static void decode_short(struct dissect *d, struct cur *c)
{
	unsigned id = d->memo & MEMO_QUIC_ID, first = cur_u8(c);

	bits(d, &fields[QUIC_FORM], first);
	bits(d, &fields[QUIC_FIXED], first);
	if (id > 1)
		take_octets(d, c, &fields[QUIC_DCID], id - 1);
}

static void decode(struct dissect *d, struct cur *c)
{
	bool more = true, first = true;

	for (; more && is_long(*c); first = false)
		more = decode_long(d, c);
	if (more && c->state == CUR_OK && cur_left(c) && d->memo & MEMO_QUIC &&
	    *c->pos >> 7 == 0 && (first || *c->pos))
		decode_short(d, c);
}

static const struct key keys[] = {{KEY_UDP_GUESS, 0}};

const struct proto proto_quic = {
    "quic",	      "QUIC IETF",    PROTO_TABLES(fields, keys),
    .decode = decode, .guess = guess,
};
