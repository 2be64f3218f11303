/* Owns keys and protection of QUIC's Initial packets. */
#include "decode/lib/quic_open.h"

#include <string.h>

#include "base/array.h"

enum {
	TAG = AES_SIZE,
	SALT_SIZE = 20,
	HEADER_MOST = 1600, /* bytes of a header, its token among them */
	NUMBER_MOST = 4,    /* bytes of a packet number */
};

/* By version, what the first secret is made with. */
struct salt {
	uint32_t from, to;
	uint8_t bytes[SALT_SIZE];
};

static const struct salt salts[] = {
    {1, 1, {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	    0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    {QUIC_V2, QUIC_V2, {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6,
			0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26,
			0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}},
    {QUIC_V2_DRAFT, QUIC_V2_DRAFT, {0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47,
				    0x18, 0x4a, 0x1d, 0x62, 0xca, 0x57, 0x04,
				    0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3}},
    /* drafts 33 and 34, */
    {0xff000021, 0xff000022, {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34,
			      0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8,
			      0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    /* 29 to 32, */
    {0xff00001d, 0xff000020, {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2,
			      0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61,
			      0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}},
    /* 23 to 28, */
    {0xff000017, 0xff00001c, {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb,
			      0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4,
			      0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    /* 22; Facebook's of 22 and 27; Google's */
    {0xff000016, 0xff000016, {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb,
			      0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51,
			      0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}},
    {0xfaceb001, 0xfaceb001, {0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb,
			      0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51,
			      0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a}},
    {0xfaceb002, 0xfaceb013, {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb,
			      0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4,
			      0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}},
    {QUIC_T050, QUIC_T050, {0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72,
			    0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2,
			    0x36, 0x7c, 0x60, 0x48, 0x83, 0x10}},
    {QUIC_T051, QUIC_T051, {0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee,
			    0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f,
			    0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d}},
};

/* ---- headers ------------------------------------------------------------ */

bool quic_is_reserved(uint32_t version)
{
	return (version & 0x0f0f0f0f) == 0x0a0a0a0a;
}

bool quic_is_version(uint32_t v)
{
	return v == 0 || v == 1 || quic_is_v2(v) || v >> 8 == 0xff0000 ||
	       v >> 8 == 0xfaceb0 || v == 0x51303530 || v >> 8 == 0x543035 ||
	       quic_is_reserved(v);
}

bool quic_is_v2(uint32_t version)
{
	return version == QUIC_V2 || version == QUIC_V2_DRAFT;
}

unsigned quic_type(unsigned first, uint32_t version)
{
	/* RFC 9369 counts from 1 */
	return ((first >> 4) - quic_is_v2(version)) & 3;
}

uint64_t quic_varint(struct cur *c)
{
	uint64_t num = cur_u8(c);
	unsigned more = (1u << (num >> 6)) - 1;

	num &= 0x3f;
	while (more--)
		num = num << 8 | cur_u8(c);
	return num;
}

static bool id_read(struct cur *c, struct quic_id *id)
{
	const uint8_t *p;

	id->n = cur_u8(c);
	if (id->n > QUIC_ID_MOST)
		return false;
	p = cur_bytes(c, id->n);
	if (p)
		memcpy(id->bytes, p, id->n);
	return p != NULL;
}

bool quic_header_read(struct cur *c, struct quic_header *h)
{
	unsigned first;
	uint64_t rest;

	*h = (struct quic_header){.start = cur_here(c)};
	first = cur_u8(c);
	h->version = cur_be32(c);
	if (first < 0x80 || !quic_is_version(h->version) ||
	    !id_read(c, &h->to) || !id_read(c, &h->from))
		return false;
	h->type = (uint8_t)quic_type(first, h->version);
	if (h->version == 0 || h->type == QUIC_RETRY) {
		h->number_at = (size_t)(cur_here(c) - h->start);
		h->rest = c->claim;
		cur_skip(c, c->claim);
		return true;
	}
	if (h->type == QUIC_INITIAL)
		cur_skip(c, quic_varint(c));
	rest = quic_varint(c);
	h->number_at = (size_t)(cur_here(c) - h->start);
	h->rest = rest;
	if (c->state != CUR_OK || rest > c->claim)
		return false;
	cur_part(c, rest);
	return true;
}

/* ---- keys --------------------------------------------------------------- */

static const uint8_t *salt_of(uint32_t version)
{
	unsigned i;

	for (i = 0; i < ARRAY_LEN(salts); i++)
		if (version >= salts[i].from && version <= salts[i].to)
			return salts[i].bytes;
	return NULL;
}

/* HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1), without a context, to
   no more than 32 bytes. */
static bool expand(struct crypto *cr, const uint8_t secret[SHA256_SIZE],
		   const char *prefix, const char *label, uint8_t *out,
		   size_t n)
{
	static const char tls[] = "tls13 ";
	size_t n_tls = sizeof(tls) - 1, n_prefix = strlen(prefix);
	size_t n_label = strlen(label), n_all = n_tls + n_prefix + n_label;
	uint8_t info[64] = {0, (uint8_t)n, (uint8_t)n_all};
	uint8_t mac[SHA256_SIZE];

	memcpy(info + 3, tls, n_tls);
	memcpy(info + 3 + n_tls, prefix, n_prefix);
	memcpy(info + 3 + n_tls + n_prefix, label, n_label);
	info[3 + n_all] = 0; /* no context; */
	info[4 + n_all] = 1; /* the first block */
	if (!crypto_hmac(cr, secret, SHA256_SIZE, info, 5 + n_all, mac))
		return false;
	memcpy(out, mac, n);
	return true;
}

bool quic_keys_make(struct crypto *cr, uint32_t version,
		    const struct quic_id *id, struct quic_keys keys[2])
{
	static const char *const sides[] = {"client in", "server in"};
	const char *prefix = quic_is_v2(version) ? "quicv2 " : "quic ";
	const uint8_t *salt = salt_of(version);
	uint8_t first[SHA256_SIZE], secret[SHA256_SIZE];
	unsigned i;

	if (!salt || !crypto_hmac(cr, salt, SALT_SIZE, id->bytes, id->n, first))
		return false;
	for (i = 0; i < 2; i++)
		if (!expand(cr, first, "", sides[i], secret, SHA256_SIZE) ||
		    !expand(cr, secret, prefix, "key", keys[i].key, AES_SIZE) ||
		    !expand(cr, secret, prefix, "iv", keys[i].iv,
			    GCM_IV_SIZE) ||
		    !expand(cr, secret, prefix, "hp", keys[i].mask, AES_SIZE))
			return false;
	return true;
}

/* ---- packets ------------------------------------------------------------ */

/* The full packet number from its last bytes (RFC 9000, A.3). */
static uint64_t whole_number(uint64_t found, unsigned bytes, uint64_t next)
{
	uint64_t window = (uint64_t)1 << 8 * bytes;
	uint64_t number = (next & ~(window - 1)) | found;

	if (number + window / 2 <= next &&
	    number < ((uint64_t)1 << 62) - window)
		return number + window;
	if (number > next + window / 2 && number >= window)
		return number - window;
	return number;
}

enum quic_outcome quic_open(struct crypto *cr, const struct quic_keys *keys,
			    const struct quic_header *h, size_t have,
			    uint64_t next, struct quic_initial *initial,
			    uint8_t *out)
{
	uint8_t head[HEADER_MOST + NUMBER_MOST], mask[AES_SIZE];
	uint8_t iv[GCM_IV_SIZE];
	size_t at = h->number_at, n;
	uint64_t found = 0;
	unsigned i;

	if (at > HEADER_MOST || have < at + NUMBER_MOST + AES_SIZE ||
	    h->rest < NUMBER_MOST + AES_SIZE ||
	    !crypto_aes(cr, keys->mask, h->start + at + NUMBER_MOST, mask))
		return QUIC_WRONG;
	memcpy(head, h->start, at + NUMBER_MOST);
	head[0] ^= mask[0] & 0x0f;
	initial->first = head[0];
	initial->length = (uint8_t)((head[0] & 3) + 1);
	for (i = 0; i < initial->length; i++) {
		head[at + i] ^= mask[1 + i];
		found = found << 8 | head[at + i];
	}
	initial->number = whole_number(found, initial->length, next);
	if (have < at + h->rest)
		return QUIC_PARTLY;
	memcpy(iv, keys->iv, sizeof(iv));
	for (i = 0; i < 8; i++)
		iv[sizeof(iv) - 1 - i] ^= (uint8_t)(initial->number >> 8 * i);
	at += initial->length;
	n = h->rest - initial->length;
	if (!crypto_gcm_open(cr, keys->key, iv, head, at, h->start + at, n,
			     out))
		return QUIC_WRONG;
	initial->opened = true;
	initial->n = (uint32_t)(n - TAG);
	return QUIC_OPENED;
}
