/*
 * Key exchange for IPsec: ISAKMP and IKEv1 (RFC 2408, 2409), IKEv2 (RFC 7296):
 * the header and the chain of payloads.
 *
 *	initiator (8), responder (8), next payload (1), version (1), exchange
 *	(1), flags (1), message id (4), length (4)
 *	payload: next payload (1), critical (1), length (2), body
 */
#include "decode/lib/rows.h"

enum {
	ISAKMP_ISPI,
	ISAKMP_RSPI,
	ISAKMP_NEXTPAYLOAD,
	ISAKMP_VERSION,
	ISAKMP_MJVER,
	ISAKMP_MNVER,
	ISAKMP_EXCHANGETYPE,
	ISAKMP_FLAGS,
	ISAKMP_FLAG_E,
	ISAKMP_FLAG_C,
	ISAKMP_FLAG_A,
	ISAKMP_FLAG_I,
	ISAKMP_FLAG_V,
	ISAKMP_FLAG_R,
	ISAKMP_MESSAGEID,
	ISAKMP_LENGTH,
	ISAKMP_TYPEPAYLOAD,
	ISAKMP_CRITICALPAYLOAD,
	ISAKMP_PAYLOADLENGTH,
	ISAKMP_KEY_EXCHANGE_DH_GROUP,
	ISAKMP_KEY_EXCHANGE_DATA,
	ISAKMP_NONCE,
	ISAKMP_NOTIFY_PROTOID,
	ISAKMP_SPISIZE,
	ISAKMP_NOTIFY_MSGTYPE,
	ISAKMP_PROP_NUMBER,
	ISAKMP_PROP_PROTOID,
	ISAKMP_PROP_TRANSFORMS,
	ISAKMP_VID_BYTES,
	ISAKMP_RESERVED7,
	ISAKMP_NOTIFY_DATA,
	ISAKMP_TF_TYPE,
	ISAKMP_TF_ID_OTHER,
	ISAKMP_TF_ID_ENCR,
	ISAKMP_TF_ID_PRF,
	ISAKMP_TF_ID_INTEG,
	ISAKMP_TF_ID_DH,
	ISAKMP_TF_ID_ESN,
	ISAKMP_ATTR_FORMAT,
	ISAKMP_ATTR_TYPE,
	ISAKMP_ATTR_VALUE,
	ISAKMP_ATTR_KEY_LENGTH,
};

enum { FLAG_ENCRYPTED = 1, FLAG_INITIATOR = 8, FLAG_RESPONSE = 0x20 };
enum { SA1 = 1, PROPOSAL, TRANSFORM, SA2 = 33, SITUATION_LEN = 4 };
enum {
	KE1 = 4,
	NONCE1 = 10,
	NOTIFY1 = 11,
	VENDOR1 = 13,
	KE2 = 34,
	NONCE2 = 40,
	NOTIFY2,
	VENDOR2 = 43,
	ENCRYPTED2 = 46,
	ENCRYPTED_FRAGMENT2 = 53
};
enum { KEY_LENGTH = 14 };
enum { HEADER_LEN = 28, PAYLOAD_HEADER_LEN = 4, DOI_LEN = 4 };

static const struct names transform_names[] = {
    {1, "Encryption"},
    {2, "Pseudorandom function"},
    {3, "Integrity"},
    {4, "Diffie-Hellman group"},
    {5, "Extended sequence numbers"},
    {0, NULL},
};

static const struct names encryption_names[] = {
    {2, "DES"},
    {3, "3DES"},
    {11, "NULL"},
    {12, "AES-CBC"},
    {13, "AES-CTR"},
    {14, "AES-CCM, ICV of 8 bytes"},
    {15, "AES-CCM, ICV of 12 bytes"},
    {16, "AES-CCM, ICV of 16 bytes"},
    {18, "AES-GCM, ICV of 8 bytes"},
    {19, "AES-GCM, ICV of 12 bytes"},
    {20, "AES-GCM, ICV of 16 bytes"},
    {28, "ChaCha20-Poly1305"},
    {0, NULL},
};

static const struct names exchange_names[] = {
    {0, "none"},
    {1, "base"},
    {2, "ident"},
    {3, "auth"},
    {4, "agg"},
    {5, "inf"},
    {32, "oakley-quick"},
    {33, "oakley-newgroup"},
    {34, "ikev2_init"},
    {35, "ikev2_auth"},
    {36, "child_sa"},
    {37, "inf2"},
    {0, NULL},
};

static const struct names payload_names[] = {
    {0, "none"},      {1, "sa"},	 {2, "p"},	{3, "t"},
    {4, "ke"},	      {5, "id"},	 {6, "cert"},	{7, "cr"},
    {8, "hash"},      {9, "sig"},	 {10, "nonce"}, {11, "n"},
    {12, "d"},	      {13, "vid"},	 {20, "nat-d"}, {21, "nat-oa"},
    {33, "sa"},	      {34, "ke"},	 {35, "idi"},	{36, "idr"},
    {37, "cert"},     {38, "cr"},	 {39, "auth"},	{40, "nonce"},
    {41, "n"},	      {42, "d"},	 {43, "vid"},	{44, "tsi"},
    {45, "tsr"},      {46, "encrypted"}, {47, "cp"},	{48, "eap"},
    {53, "fragment"}, {0, NULL},
};

static const struct field fields[] = {
    [ISAKMP_ISPI] = BYTES("isakmp.ispi", "Initiator SPI", 8, 0),
    [ISAKMP_RSPI] = BYTES("isakmp.rspi", "Responder SPI", 8, 0),
    [ISAKMP_NEXTPAYLOAD] = NAMED("isakmp.nextpayload", "Next payload", 1,
				 FIELD_LINE, payload_names),
    [ISAKMP_VERSION] = UINT("isakmp.version", "Version", 1, FIELD_HEX),
    [ISAKMP_MJVER] = {"isakmp.mjver", "MjVer", .mask = 0xf0, .type = FIELD_UINT,
		      .width = 1, .flags = FIELD_HEX | FIELD_LINE, .digits = 2},
    [ISAKMP_MNVER] = {"isakmp.mnver", "MnVer", .mask = 0xf, .type = FIELD_UINT,
		      .width = 1, .flags = FIELD_HEX, .digits = 2},
    [ISAKMP_EXCHANGETYPE] = NAMED("isakmp.exchangetype", "Exchange type", 1,
				  FIELD_LINE, exchange_names),
    [ISAKMP_FLAGS] = UINT("isakmp.flags", "Flags", 1, FIELD_HEX | FIELD_LINE),
    [ISAKMP_FLAG_E] = FLAG("isakmp.flag_e", "Encryption", 1, 0x1),
    [ISAKMP_FLAG_C] = FLAG("isakmp.flag_c", "Commit", 1, 0x2),
    [ISAKMP_FLAG_A] = FLAG("isakmp.flag_a", "Authentication", 1, 0x4),
    [ISAKMP_FLAG_I] = FLAG("isakmp.flag_i", "Initiator", 1, 0x8),
    [ISAKMP_FLAG_V] = FLAG("isakmp.flag_v", "Version", 1, 0x10),
    [ISAKMP_FLAG_R] = FLAG("isakmp.flag_r", "Response", 1, 0x20),
    [ISAKMP_MESSAGEID] =
	UINT("isakmp.messageid", "Message id", 4, FIELD_HEX | FIELD_LINE),
    [ISAKMP_LENGTH] = UINT("isakmp.length", "Length", 4, 0),
    [ISAKMP_TYPEPAYLOAD] =
	NAMED("isakmp.typepayload", "Payload", 1, FIELD_LINE, payload_names),
    [ISAKMP_CRITICALPAYLOAD] =
	FLAG("isakmp.criticalpayload", "Critical bit", 1, 0x80),
    [ISAKMP_PAYLOADLENGTH] =
	UINT("isakmp.payloadlength", "Payload length", 2, 0),
    [ISAKMP_KEY_EXCHANGE_DH_GROUP] =
	UINT("isakmp.key_exchange.dh_group", "DH group #", 2, 0),
    [ISAKMP_KEY_EXCHANGE_DATA] =
	BYTES("isakmp.key_exchange.data", "Key exchange data", 0, 0),
    [ISAKMP_NONCE] = BYTES("isakmp.nonce", "Nonce DATA", 0, 0),
    [ISAKMP_NOTIFY_PROTOID] =
	UINT("isakmp.notify.protoid", "Protocol id", 1, 0),
    [ISAKMP_SPISIZE] = UINT("isakmp.spisize", "SPI size", 1, 0),
    [ISAKMP_NOTIFY_MSGTYPE] =
	UINT("isakmp.notify.msgtype", "Notify message type", 2, 0),
    [ISAKMP_PROP_NUMBER] = UINT("isakmp.prop.number", "Proposal number", 1, 0),
    [ISAKMP_PROP_PROTOID] = UINT("isakmp.prop.protoid", "Protocol id", 1, 0),
    [ISAKMP_PROP_TRANSFORMS] =
	UINT("isakmp.prop.transforms", "Proposal transforms", 1, 0),
    [ISAKMP_VID_BYTES] = BYTES("isakmp.vid_bytes", "Vendor id", 0, 0),
    [ISAKMP_RESERVED7] = {"isakmp.reserved7", "Reserved", .mask = 0x7f,
			  .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    [ISAKMP_NOTIFY_DATA] =
	BYTES("isakmp.notify.data", "Notification data", 0, 0),
    [ISAKMP_TF_TYPE] =
	NAMED("isakmp.tf.type", "Transform type", 1, 0, transform_names),
    [ISAKMP_TF_ID_OTHER] = UINT("isakmp.tf.id", "Transform", 2, 0),
    [ISAKMP_TF_ID_ENCR] =
	NAMED("isakmp.tf.id.encr", "Encryption", 2, 0, encryption_names),
    [ISAKMP_TF_ID_PRF] = UINT("isakmp.tf.id.prf", "Random function", 2, 0),
    [ISAKMP_TF_ID_INTEG] = UINT("isakmp.tf.id.integ", "Integrity", 2, 0),
    [ISAKMP_TF_ID_DH] = UINT("isakmp.tf.id.dh", "Diffie-Hellman group", 2, 0),
    [ISAKMP_TF_ID_ESN] =
	UINT("isakmp.tf.id.esn", "Extended sequence numbers", 2, 0),
    [ISAKMP_ATTR_FORMAT] =
	FLAG("isakmp.ike2.attr.format", "Has no length", 2, 0x8000),
    [ISAKMP_ATTR_TYPE] =
	BITS("isakmp.ike2.attr.type", "Attribute", 2, 0x7fff, 0),
    [ISAKMP_ATTR_VALUE] = BYTES("isakmp.ike2.attr.value", "Value", 0, 0),
    [ISAKMP_ATTR_KEY_LENGTH] =
	UINT("isakmp.ike2.attr.key_length", "Key length", 2, 0),
};

static void decode_payloads(struct dissect *d, struct cur *c, unsigned type,
			    unsigned only, unsigned major);

/* A proposal: number (1), protocol (1), length of the SPI (1), transforms (1),
   the SPI, and the transforms, which are payloads too. */
static void decode_proposal(struct dissect *d, struct cur *c, unsigned major)
{
	unsigned spi;

	take_rows(d, c, &fields[ISAKMP_PROP_NUMBER],
		  &fields[ISAKMP_PROP_PROTOID]);
	spi = (unsigned)take(d, c, &fields[ISAKMP_SPISIZE]);
	take(d, c, &fields[ISAKMP_PROP_TRANSFORMS]);
	cur_skip(c, spi);
	decode_payloads(d, c, TRANSFORM, TRANSFORM, major);
}

/* A transform of version 2 (RFC 7296, 3.3.2): type (1), reserved (1), id (2),
   attributes: format (1 bit), type (15 bits), value (2) or length (2) and
   value. */
static void decode_transform(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[ISAKMP_TF_TYPE]), head;
	unsigned len;
	struct cur value;

	cur_skip(c, 1);
	take(d, c,
	     &fields[ISAKMP_TF_ID_OTHER + (type >= 1 && type <= 5 ? type : 0)]);
	while (c->state == CUR_OK && c->claim >= 4) {
		head = cur_be16(c);
		add_bits(d, &fields[ISAKMP_ATTR_FORMAT], head);
		type = (unsigned)add_bits(d, &fields[ISAKMP_ATTR_TYPE], head);
		len = head & 0x8000 ? 2 : cur_be16(c);
		value = *c;
		take_bytes(d, c, &fields[ISAKMP_ATTR_VALUE], len);
		if (type == KEY_LENGTH && len == 2 && c->state == CUR_OK)
			add_uint(d, &fields[ISAKMP_ATTR_KEY_LENGTH],
				 cur_peek16(&value, 0));
	}
}

/* What a payload holds; payloads are in two others, one in the other, and
   transforms hold none. */
static void decode_body(struct dissect *d, struct cur *c, unsigned type,
			unsigned major)
{
	unsigned spi;

	switch (type) {
	case SA1:
		cur_skip(c, DOI_LEN + SITUATION_LEN);
		__attribute__((fallthrough));
	case SA2:
		decode_payloads(d, c, PROPOSAL, PROPOSAL, major);
		break;
	case PROPOSAL:
		decode_proposal(d, c, major);
		break;
	case TRANSFORM:
		if (major == 2)
			decode_transform(d, c);
		break;
	case KE2:
		take(d, c, &fields[ISAKMP_KEY_EXCHANGE_DH_GROUP]);
		cur_skip(c, 2);
		__attribute__((fallthrough));
	case KE1:
		take_bytes(d, c, &fields[ISAKMP_KEY_EXCHANGE_DATA], c->claim);
		break;
	case NONCE1:
	case NONCE2:
		take_bytes(d, c, &fields[ISAKMP_NONCE], c->claim);
		break;
	case NOTIFY1:
		cur_skip(c, DOI_LEN);
		__attribute__((fallthrough));
	case NOTIFY2:
		take(d, c, &fields[ISAKMP_NOTIFY_PROTOID]);
		spi = (unsigned)take(d, c, &fields[ISAKMP_SPISIZE]);
		take(d, c, &fields[ISAKMP_NOTIFY_MSGTYPE]);
		cur_skip(c, spi);
		if (c->claim)
			take_bytes(d, c, &fields[ISAKMP_NOTIFY_DATA], c->claim);
		break;
	case VENDOR1:
	case VENDOR2:
		take_bytes(d, c, &fields[ISAKMP_VID_BYTES], c->claim);
		break;
	}
}

/* A chain of payloads; only: none but of this type, 0: of any. */
static void decode_payloads(struct dissect *d, struct cur *c, unsigned type,
			    unsigned only, unsigned major)
{
	unsigned next, len, flags;
	struct cur body;

	while (type != 0 && (!only || type == only) && c->state == CUR_OK &&
	       c->claim > 0) {
		add_uint(d, &fields[ISAKMP_TYPEPAYLOAD], type);
		next = (unsigned)take(d, c, &fields[ISAKMP_NEXTPAYLOAD]);
		flags = cur_u8(c);
		if (major == 2 && !only && c->state == CUR_OK) {
			add_bits(d, &fields[ISAKMP_CRITICALPAYLOAD], flags);
			add_bits(d, &fields[ISAKMP_RESERVED7], flags);
		}
		len = (unsigned)take(d, c, &fields[ISAKMP_PAYLOADLENGTH]);
		if (len < PAYLOAD_HEADER_LEN) {
			cur_bad(c);
			return;
		}
		body = cur_part(c, len - PAYLOAD_HEADER_LEN);
		/* what an encrypted payload says comes first is in it */
		if (type == ENCRYPTED2 || type == ENCRYPTED_FRAGMENT2)
			return;
		decode_body(d, &body, type, major);
		type = next;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, version, flags, len;

	take_rows(d, c, &fields[ISAKMP_ISPI], &fields[ISAKMP_RSPI]);
	type = (unsigned)take(d, c, &fields[ISAKMP_NEXTPAYLOAD]);
	version = (unsigned)take_bits(d, c, &fields[ISAKMP_VERSION],
				      &fields[ISAKMP_MNVER]) >>
		  4;
	take(d, c, &fields[ISAKMP_EXCHANGETYPE]);
	flags = (unsigned)take(d, c, &fields[ISAKMP_FLAGS]);
	if (c->state != CUR_OK)
		return;
	if (version == 1)
		add_bits_rows(d, &fields[ISAKMP_FLAG_E], &fields[ISAKMP_FLAG_A],
			      flags);
	else if (version == 2)
		add_bits_rows(d, &fields[ISAKMP_FLAG_I], &fields[ISAKMP_FLAG_R],
			      flags);
	take(d, c, &fields[ISAKMP_MESSAGEID]);
	len = (unsigned)take(d, c, &fields[ISAKMP_LENGTH]);
	if (c->state != CUR_OK || len < HEADER_LEN)
		return;
	if (version == 1 && flags & FLAG_ENCRYPTED)
		return;
	len -= HEADER_LEN;
	*c = cur_unit(c, len < c->claim ? len : c->claim);
	decode_payloads(d, c, type, 0, version);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const struct value *id = summary_value(l, ISAKMP_MESSAGEID);
	unsigned flags = (unsigned)summary_num(l, ISAKMP_FLAGS);
	bool two = summary_num(l, ISAKMP_MJVER) == 2;
	const char *name, *before = " (";

	summary_puts(l, "isakmp:");
	if (!id) {
		summary_mark(l);
		return;
	}
	name = names_or(exchange_names, summary_num(l, ISAKMP_EXCHANGETYPE),
			"unknown");
	if (two)
		summary_printf(
		    l, " %s %s[%s%s]:", id->num ? "child_sa" : "parent_sa",
		    name, flags & FLAG_INITIATOR ? "I" : "",
		    flags & FLAG_RESPONSE ? "R" : "");
	else
		summary_printf(l, " phase %s %s%s:", id->num ? "2/others" : "1",
			       name, flags & FLAG_ENCRYPTED ? "[E]" : "");
	for (; v < end; v++) {
		if (summary_index(l, v) != ISAKMP_TYPEPAYLOAD)
			continue;
		summary_printf(l, "%s%s", before,
			       names_or(payload_names, v->num, "unknown"));
		before = ") (";
	}
	if (*before == ')')
		summary_puts(l, ")");
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 500}};

const struct proto proto_isakmp = {
    "isakmp",
    "Internet Security Association and Key Management Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
