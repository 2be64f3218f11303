/*
 * AYIYA (Anything in Anything, draft-massar-v6ops-ayiya), which tunnel brokers
 * of IPv6 used:
 *
 *	length of the identity as a power of 2 (4 bits), its type (4 bits),
 *	length of the signature in words (4 bits), hash method (4 bits),
 *	authentication method (4 bits), operation (4 bits), next header (1),
 *	time (4), identity, signature, and what is forwarded
 */
#include "decode/lib/rows.h"

enum {
	AYIYA_IDLEN,
	AYIYA_IDTYPE,
	AYIYA_SIGLEN,
	AYIYA_HASH,
	AYIYA_AUTH,
	AYIYA_OPCODE,
	AYIYA_NEXT,
	AYIYA_EPOCH,
	AYIYA_IDENTITY,
	AYIYA_SIGNATURE,
};

enum { FORWARD = 1, ECHO_FORWARD = 3 };

static const struct names type_names[] = {
    {0, "None"}, {1, "Integer"}, {2, "String"}, {0, NULL}};
static const struct names hash_names[] = {
    {0, "None"}, {1, "MD5"}, {2, "SHA1"}, {0, NULL}};
static const struct names auth_names[] = {
    {0, "None"}, {1, "Shared secret"}, {2, "Public/private key"}, {0, NULL}};
static const struct names opcode_names[] = {
    {0, "No operation"},
    {FORWARD, "Forward"},
    {2, "Echo request"},
    {ECHO_FORWARD, "Echo request and forward"},
    {4, "Echo response"},
    {5, "MOTD"},
    {6, "Query request"},
    {7, "Query response"},
    {0, NULL},
};

#define HALF(nm, tt, m, table)                                                 \
	{                                                                      \
		nm, tt, table, .mask = (m), .type = FIELD_UINT, .width = 1,    \
			       .flags = FIELD_HEX                              \
	}

static const struct field fields[] = {
    [AYIYA_IDLEN] = HALF("ayiya.idlen", "Length of identity", 0xf0, NULL),
    [AYIYA_IDTYPE] = HALF("ayiya.idtype", "Type of identity", 0x0f, type_names),
    [AYIYA_SIGLEN] = HALF("ayiya.siglen", "Length of signature", 0xf0, NULL),
    [AYIYA_HASH] = HALF("ayiya.hashmethod", "Hash method", 0x0f, hash_names),
    [AYIYA_AUTH] =
	HALF("ayiya.authmethod", "Authentication method", 0xf0, auth_names),
    [AYIYA_OPCODE] = {"ayiya.opcode", "Operation", opcode_names, .mask = 0x0f,
		      .type = FIELD_UINT, .width = 1,
		      .flags = FIELD_HEX | FIELD_LINE},
    [AYIYA_NEXT] = UINT("ayiya.nextheader", "Next header", 1, FIELD_HEX),
    [AYIYA_EPOCH] = {"ayiya.epoch", "Time", .type = FIELD_TIME},
    [AYIYA_IDENTITY] = BYTES("ayiya.identity", "Identity", 0, 0),
    [AYIYA_SIGNATURE] = BYTES("ayiya.signature", "Signature", 0, 0),
};

/* Two fields that share a byte. Returned: the byte. */
static unsigned take_halves(struct dissect *d, struct cur *c, unsigned first)
{
	unsigned both = cur_u8(c);

	if (c->state != CUR_OK)
		return 0;
	add_bits(d, &fields[first], both);
	add_bits(d, &fields[first + 1], both);
	return both;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned identity = take_halves(d, c, AYIYA_IDLEN) >> 4;
	unsigned signature = take_halves(d, c, AYIYA_SIGLEN) >> 4;
	unsigned opcode = take_halves(d, c, AYIYA_AUTH) & 0x0f;
	unsigned next = (unsigned)take(d, c, &fields[AYIYA_NEXT]);
	uint64_t seconds = cur_be32(c);

	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[AYIYA_EPOCH], seconds * 1000000000);
	take_bytes(d, c, &fields[AYIYA_IDENTITY], (size_t)1 << identity);
	if (signature)
		take_bytes(d, c, &fields[AYIYA_SIGNATURE], 4 * signature);
	if (opcode == FORWARD || opcode == ECHO_FORWARD)
		next_by(d, c, KEY_IPPROTO, next);
}

static void summary(struct summary *l)
{
	summary_puts(l, "AYIYA ");
	summary_puts(l, names_or(opcode_names, summary_num(l, AYIYA_OPCODE),
				 "unknown operation"));
	summary_mark(l);
	if (l->next)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 5072}};

const struct proto proto_ayiya = {
    "ayiya",
    "Anything in Anything Protocol",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode,
    .summary = summary,
};
