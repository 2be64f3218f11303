/*
 * QUIC (RFC 9000, 9369): long headers; a datagram may have several.
 *
 *	first byte: 1, 1, type (2), protected (4)
 *	version (4), length and destination id, length and source id,
 *	Initial: token; all but Retry: length of the rest
 *
 * A short header: 0, 1, protected (6), and a destination id, whose length is
 * known from the long headers of its owner. What Initials have inside was found
 * out where conversations are looked up (quic_talk.h): their frames are decoded
 * here, and the messages of TLS that their CRYPTO frames complete are handed
 * on.
 */
#include "decode/flow/hints.h"
#include "decode/flow/quic_talk.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	QUIC_PACKET_LENGTH,
	QUIC_FORM,
	QUIC_FIXED,
	QUIC_SPIN,
	QUIC_UNUSED,
	QUIC_TYPE,
	QUIC_TYPE_V2,
	QUIC_RESERVED,
	QUIC_NUMBER_LENGTH,
	QUIC_VERSION,
	QUIC_DCIL,
	QUIC_DCID,
	QUIC_SCIL,
	QUIC_SCID,
	QUIC_SUPPORTED,
	QUIC_TOKEN_LENGTH,
	QUIC_TOKEN,
	QUIC_RETRY_TOKEN,
	QUIC_RETRY_TAG,
	QUIC_LENGTH,
	QUIC_NUMBER,
	QUIC_PAYLOAD,
	QUIC_FRAME,
	QUIC_FRAME_TYPE,
	QUIC_PADDING,
	QUIC_ACK_LARGEST,
	QUIC_ACK_DELAY,
	QUIC_ACK_COUNT,
	QUIC_ACK_FIRST,
	QUIC_ACK_GAP,
	QUIC_ACK_RANGE,
	QUIC_ACK_ECT0,
	QUIC_ACK_ECT1,
	QUIC_ACK_CE,
	QUIC_CRYPTO_OFFSET,
	QUIC_CRYPTO_LENGTH,
	QUIC_CRYPTO_DATA,
	QUIC_CC_ERROR,
	QUIC_CC_ALERT,
	QUIC_CC_FRAME,
	QUIC_CC_REASON_LENGTH,
	QUIC_CC_REASON,
};

enum { PADDING, PING, ACK, ACK_ECN, CRYPTO = 6, CLOSE = 0x1c };
enum { ALERTS = 0x100, TAG_SIZE = 16 };

static const struct names type_names[] = {{QUIC_INITIAL, "Initial"},
					  {QUIC_0RTT, "0-RTT"},
					  {QUIC_HANDSHAKE, "Handshake"},
					  {QUIC_RETRY, "Retry"},
					  {0, NULL}};

static const struct names type_names_v2[] = {
    {0, "Retry"}, {1, "Initial"}, {2, "0-RTT"}, {3, "Handshake"}, {0, NULL}};

static const struct names frame_names[] = {{PADDING, "Padding"},
					   {PING, "Ping"},
					   {ACK, "Ack"},
					   {ACK_ECN, "Ack with ECN counts"},
					   {CRYPTO, "Crypto"},
					   {CLOSE, "Connection close"},
					   {0, NULL}};

#define INSIDE(nm, tt) NUMBER("quic." nm, tt, FIELD_CRYPTO, 0)

static const struct field fields[] = {
    [QUIC_PACKET_LENGTH] = NUMBER("quic.packet_length", "Packet length", 0, 0),
    [QUIC_FORM] = BITS("quic.header_form", "Long header", 0, 0x80, 0),
    [QUIC_FIXED] = FLAG("quic.fixed_bit", "Fixed bit", 0, 0x40),
    [QUIC_SPIN] = FLAG("quic.spin_bit", "Spin bit", 0, 0x20),
    [QUIC_UNUSED] = {"quic.vn.unused", "Unused", .mask = 0x7f,
		     .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    [QUIC_TYPE] = {"quic.long.packet_type", "Type", type_names, .mask = 0x30,
		   .type = FIELD_UINT, .flags = FIELD_LINE_V},
    [QUIC_TYPE_V2] = {"quic.long.packet_type_v2", "Type", type_names_v2,
		      .mask = 0x30, .type = FIELD_UINT, .flags = FIELD_LINE_V},
    [QUIC_RESERVED] =
	BITS("quic.long.reserved", "Reserved", 0, 0x0c, FIELD_CRYPTO),
    [QUIC_NUMBER_LENGTH] = BITS("quic.packet_number_length",
				"Packet number length - 1", 0, 3, FIELD_CRYPTO),
    [QUIC_VERSION] = UINT("quic.version", "Version", 4, FIELD_HEX),
    [QUIC_DCIL] = UINT("quic.dcil", "Destination id length", 1, 0),
    [QUIC_DCID] = BYTES("quic.dcid", "Destination id", 0, 0),
    [QUIC_SCIL] = UINT("quic.scil", "Source id length", 1, 0),
    [QUIC_SCID] = BYTES("quic.scid", "Source id", 0, 0),
    [QUIC_SUPPORTED] =
	UINT("quic.supported_version", "Supported version", 4, FIELD_HEX),
    [QUIC_TOKEN_LENGTH] = NUMBER("quic.token_length", "Token length", 0, 0),
    [QUIC_TOKEN] = BYTES("quic.token", "Token", 0, 0),
    [QUIC_RETRY_TOKEN] = BYTES("quic.retry_token", "Retry token", 0, 0),
    [QUIC_RETRY_TAG] =
	BYTES("quic.retry_integrity_tag", "Retry integrity tag", TAG_SIZE, 0),
    [QUIC_LENGTH] = NUMBER("quic.length", "Length", 0, 0),
    [QUIC_NUMBER] = INSIDE("packet_number", "Packet number"),
    [QUIC_PAYLOAD] = BYTES("quic.payload", "Protected payload", 0, 0),
    [QUIC_FRAME] = {"quic.frame", "Frame", .type = FIELD_NONE,
		    .flags = FIELD_CRYPTO},
    [QUIC_FRAME_TYPE] = {"quic.frame_type", "Frame type", frame_names,
			 .type = FIELD_UINT,
			 .flags = FIELD_CRYPTO | FIELD_LINE_V},
    [QUIC_PADDING] = INSIDE("padding_length", "Padding length"),
    [QUIC_ACK_LARGEST] =
	INSIDE("ack.largest_acknowledged", "Largest acknowledged"),
    [QUIC_ACK_DELAY] = INSIDE("ack.ack_delay", "Ack delay"),
    [QUIC_ACK_COUNT] = INSIDE("ack.ack_range_count", "Ack range count"),
    [QUIC_ACK_FIRST] = INSIDE("ack.first_ack_range", "First ack range"),
    [QUIC_ACK_GAP] = INSIDE("ack.gap", "Gap"),
    [QUIC_ACK_RANGE] = INSIDE("ack.ack_range", "Ack range"),
    [QUIC_ACK_ECT0] = INSIDE("ack.ect0_count", "ECT(0) count"),
    [QUIC_ACK_ECT1] = INSIDE("ack.ect1_count", "ECT(1) count"),
    [QUIC_ACK_CE] = INSIDE("ack.ecn_ce_count", "CE count"),
    [QUIC_CRYPTO_OFFSET] = INSIDE("crypto.offset", "Offset"),
    [QUIC_CRYPTO_LENGTH] = INSIDE("crypto.length", "Length"),
    [QUIC_CRYPTO_DATA] = {"quic.crypto.crypto_data", "Data", .type = FIELD_NONE,
			  .flags = FIELD_CRYPTO},
    [QUIC_CC_ERROR] = INSIDE("cc.error_code", "Error"),
    [QUIC_CC_ALERT] = INSIDE("cc.error_code.tls_alert", "TLS alert"),
    [QUIC_CC_FRAME] = INSIDE("cc.frame_type", "Frame type"),
    [QUIC_CC_REASON_LENGTH] =
	INSIDE("cc.reason_phrase.length", "Reason length"),
    [QUIC_CC_REASON] = TEXT("quic.cc.reason_phrase", "Reason", FIELD_CRYPTO),
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
	return is_long(c) && (cur_peek8(&c, 0) & 0x40 ||
			      !memcmp(cur_here(&c) + 1, "\0\0\0", 4));
}

static uint64_t take_varint(struct dissect *d, struct cur *c,
			    const struct field *f)
{
	uint64_t num = quic_varint(c);

	if (c->state == CUR_OK)
		add_uint(d, f, num);
	return num;
}

static void take_varints(struct dissect *d, struct cur *c,
			 const struct field *first, const struct field *last)
{
	for (; first <= last; first++)
		take_varint(d, c, first);
}

static void take_id(struct dissect *d, struct cur *c, unsigned length,
		    unsigned id)
{
	unsigned n = (unsigned)take(d, c, &fields[length]);

	if (n)
		take_bytes(d, c, &fields[id], n);
}

/* ---- frames ------------------------------------------------------------- */

static void decode_ack(struct dissect *d, struct cur *c, bool ecn)
{
	uint64_t ranges;

	take_varints(d, c, &fields[QUIC_ACK_LARGEST], &fields[QUIC_ACK_DELAY]);
	ranges = take_varint(d, c, &fields[QUIC_ACK_COUNT]);
	take_varint(d, c, &fields[QUIC_ACK_FIRST]);
	while (ranges-- > 0 && c->state == CUR_OK)
		take_varints(d, c, &fields[QUIC_ACK_GAP],
			     &fields[QUIC_ACK_RANGE]);
	if (ecn)
		take_varints(d, c, &fields[QUIC_ACK_ECT0],
			     &fields[QUIC_ACK_CE]);
}

static void decode_close(struct dissect *d, struct cur *c)
{
	uint64_t error = take_varint(d, c, &fields[QUIC_CC_ERROR]), n;

	if (error >> 8 == ALERTS >> 8)
		add_uint(d, &fields[QUIC_CC_ALERT], error & 0xff);
	take_varint(d, c, &fields[QUIC_CC_FRAME]);
	n = take_varint(d, c, &fields[QUIC_CC_REASON_LENGTH]);
	if (n)
		take_bytes(d, c, &fields[QUIC_CC_REASON], n);
}

/* Bytes of 0 in a row are one frame. */
static void decode_padding(struct dissect *d, struct cur *c)
{
	const uint8_t *start = cur_here(c) - 1;

	while (cur_left(c) && cur_peek8(c, 0) == 0)
		cur_skip(c, 1);
	add_uint(d, &fields[QUIC_PADDING], (uint64_t)(cur_here(c) - start));
}

/* What an Initial may have inside, up to something else. */
static void decode_frames(struct dissect *d, struct cur c)
{
	uint64_t type;

	while (c.state == CUR_OK && c.claim) {
		add_uint(d, &fields[QUIC_FRAME], 0);
		type = take_varint(d, &c, &fields[QUIC_FRAME_TYPE]);
		switch (type) {
		case PADDING:
			decode_padding(d, &c);
			break;
		case PING:
			break;
		case ACK:
		case ACK_ECN:
			decode_ack(d, &c, type == ACK_ECN);
			break;
		case CRYPTO:
			take_varint(d, &c, &fields[QUIC_CRYPTO_OFFSET]);
			cur_skip(&c, take_varint(d, &c,
						 &fields[QUIC_CRYPTO_LENGTH]));
			add_uint(d, &fields[QUIC_CRYPTO_DATA], 0);
			break;
		case CLOSE:
			decode_close(d, &c);
			break;
		default:
			return;
		}
	}
}

/* ---- packets ------------------------------------------------------------ */

/* What was found out about the next Initial of this datagram. */
static const struct quic_initial *next_initial(const struct dissect *d,
					       unsigned *seen)
{
	const struct quic_initial *i;

	if (!d->opened || *seen >= d->opened->n)
		return NULL;
	i = &d->opened->initials[(*seen)++];
	return i->known ? i : NULL;
}

static bool is_google(uint32_t version)
{
	return version == QUIC_T050 || version == QUIC_T051;
}

static void decode_initial(struct dissect *d, uint32_t version,
			   const struct quic_initial *i, struct cur body)
{
	add_uint(d, &fields[QUIC_NUMBER], i->number);
	cur_skip(&body, i->length);
	if (body.state == CUR_OK)
		add_bytes(d, &fields[QUIC_PAYLOAD], cur_here(&body),
			  cur_left(&body));
	if (i->opened && !is_google(version))
		decode_frames(d,
			      cur_over(d->opened->bytes + i->at, i->n, i->n));
}

static void decode_retry(struct dissect *d, struct cur *c)
{
	if (c->claim <= TAG_SIZE || cur_left(c) < c->claim)
		return;
	take_bytes(d, c, &fields[QUIC_RETRY_TOKEN], c->claim - TAG_SIZE);
	take(d, c, &fields[QUIC_RETRY_TAG]);
}

/* One long header and what it covers. false: nothing can follow. */
static bool decode_long(struct dissect *d, struct cur *c, unsigned *seen)
{
	const struct quic_initial *initial = NULL;
	const struct cur start = *c;
	unsigned first = cur_u8(c), type;
	struct quic_header h;
	struct cur body = start;
	uint32_t version;
	uint64_t len;

	if (quic_header_read(&body, &h) && h.version && h.type == QUIC_INITIAL)
		initial = next_initial(d, seen);
	add_uint(d, &fields[QUIC_PACKET_LENGTH], start.claim - body.claim);
	add_bits(d, &fields[QUIC_FORM], first);
	version = (uint32_t)take(d, c, &fields[QUIC_VERSION]);
	type = quic_type(first, version);
	if (version) {
		if (type != QUIC_RETRY)
			add_bits(d, &fields[QUIC_FIXED], first);
		add_bits(
		    d, &fields[quic_is_v2(version) ? QUIC_TYPE_V2 : QUIC_TYPE],
		    first);
	} else {
		add_bits(d, &fields[QUIC_UNUSED], first);
	}
	if (initial)
		add_bits_rows(d, &fields[QUIC_RESERVED],
			      &fields[QUIC_NUMBER_LENGTH], initial->first);
	take_id(d, c, QUIC_DCIL, QUIC_DCID);
	take_id(d, c, QUIC_SCIL, QUIC_SCID);
	while (version == 0 && c->state == CUR_OK && c->claim >= 4)
		take(d, c, &fields[QUIC_SUPPORTED]);
	if (version && type == QUIC_RETRY)
		decode_retry(d, c);
	if (version == 0 || type == QUIC_RETRY)
		return false;
	if (type == QUIC_INITIAL) {
		len = take_varint(d, c, &fields[QUIC_TOKEN_LENGTH]);
		if (len)
			take_bytes(d, c, &fields[QUIC_TOKEN], len);
	}
	len = take_varint(d, c, &fields[QUIC_LENGTH]);
	body = cur_part(c, len);
	if (initial)
		decode_initial(d, version, initial, body);
	return c->state == CUR_OK;
}

/* A short header: its destination id has the length that its owner announced.
 */
static void decode_short(struct dissect *d, struct cur *c)
{
	unsigned id = d->hints & HINT_QUIC_ID, first;

	add_uint(d, &fields[QUIC_PACKET_LENGTH], c->claim);
	first = cur_u8(c);
	add_bits(d, &fields[QUIC_FORM], first);
	add_bits(d, &fields[QUIC_FIXED], first);
	add_bits(d, &fields[QUIC_SPIN], first);
	if (id > 1)
		take_bytes(d, c, &fields[QUIC_DCID], id - 1);
}

static void decode(struct dissect *d, struct cur *c)
{
	bool more = true, first = true;
	unsigned seen = 0;
	struct cur tls;

	for (; more && is_long(*c); first = false)
		more = decode_long(d, c, &seen);
	if (more && c->state == CUR_OK && cur_left(c) && d->hints & HINT_QUIC &&
	    cur_peek8(c, 0) >> 7 == 0 && (first || cur_peek8(c, 0)))
		decode_short(d, c);
	if (d->opened && d->opened->n_tls) {
		tls = cur_over(d->opened->bytes + d->opened->n_bytes,
			       d->opened->n_tls, d->opened->n_tls);
		next_proto(d, &tls, PROTO_tls);
	}
}

/* With -v only: without, lines need not look into all of UDP. */
static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *between = ": ";

	summary_printf(l, "QUIC, length %u", (unsigned)l->layer->len);
	for (; v < end; v++) {
		unsigned index = summary_index(l, v);

		if (index != QUIC_TYPE && index != QUIC_TYPE_V2)
			continue;
		summary_puts(l, between);
		summary_puts(l,
			     names_or(fields[index].names, v->num, "unknown"));
		between = ", ";
	}
	if (l->next && l->next->id == PROTO_tls)
		summary_puts(l, between);
}

static const struct key keys[] = {{KEY_UDP_GUESS, 0}};
static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};

const struct proto proto_quic = {
    "quic",
    "QUIC IETF",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .at_request = true,
    .guess = guess,
};
