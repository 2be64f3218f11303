/*
 * Transport parameters of QUIC in a hello (RFC 9000, section 18): numbers of
 * 1, 2, 4 or 8 bytes, as all in QUIC.
 *
 *	+------+--------+-------
 *	| type | length | value		any number
 *	+------+--------+-------
 */
#include "base/array.h"
#include "decode/lib/quic_open.h"
#include "decode/security/tls.h"

/* The field of a parameter's value. */
struct parameter {
	uint32_t type;
	uint8_t field;
};

/* Fields of whole numbers are numbers of QUIC. */
static const struct parameter parameters[] = {
    {0x00, TLS_QP_KNOWN},
    {0x01, TLS_QP_KNOWN + 1},
    {0x02, TLS_QP_KNOWN + 2},
    {0x03, TLS_QP_KNOWN + 3},
    {0x04, TLS_QP_KNOWN + 4},
    {0x05, TLS_QP_KNOWN + 5},
    {0x06, TLS_QP_KNOWN + 6},
    {0x07, TLS_QP_KNOWN + 7},
    {0x08, TLS_QP_KNOWN + 8},
    {0x09, TLS_QP_KNOWN + 9},
    {0x0a, TLS_QP_KNOWN + 10},
    {0x0b, TLS_QP_KNOWN + 11},
    {0x0e, TLS_QP_KNOWN + 12},
    {0x0f, TLS_QP_KNOWN + 13},
    {0x10, TLS_QP_KNOWN + 14},
    {0x20, TLS_QP_KNOWN + 15},
    {0x1057, TLS_QP_KNOWN + 16},
    {0xde1a, TLS_QP_KNOWN + 17},
    {0xff03de1a, TLS_QP_KNOWN + 17},
    {0xff04de1b, TLS_QP_KNOWN + 17},
    {0x3129, TLS_QP_KNOWN + 18},
    {0x4752, TLS_QP_KNOWN + 19},
    {0x3127, TLS_QP_KNOWN + 20},
    {0x7158, TLS_QP_LAST},
};

enum { VERSIONS = 0x11, VERSIONS_DRAFT = 0xff73db };

/* Version information (RFC 9368): the chosen one, and others. */
static void decode_versions(struct dissect *d, struct cur *c)
{
	take(d, c, &tls_fields[TLS_QP_KNOWN + 21]);
	while (c->state == CUR_OK && c->claim >= 4)
		take(d, c, &tls_fields[TLS_QP_KNOWN + 22]);
}

static void decode_value(struct dissect *d, struct cur *c, uint64_t type)
{
	const struct field *f;
	uint64_t num;
	unsigned i, n = ARRAY_LEN(parameters);

	if (type == VERSIONS || type == VERSIONS_DRAFT)
		decode_versions(d, c);
	for (i = 0; i < n && parameters[i].type != type; i++)
		continue;
	if (i == n)
		return;
	f = &tls_fields[parameters[i].field];
	if (f->type == FIELD_BYTES || f->type == FIELD_TEXT) {
		take_bytes(d, c, f, c->claim);
	} else if (f->width) {
		take(d, c, f);
	} else {
		num = quic_varint(c);
		if (c->state == CUR_OK)
			add_uint(d, f, num);
	}
}

void tls_decode_quic(struct dissect *d, struct cur *c)
{
	uint64_t type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim) {
		type = quic_varint(c);
		len = quic_varint(c);
		if (c->state != CUR_OK)
			return;
		add_uint(d, &tls_fields[TLS_QP_TYPE], type);
		add_uint(d, &tls_fields[TLS_QP_LENGTH], len);
		body = cur_part(c, len);
		if (c->state != CUR_OK)
			return;
		add_bytes(d, &tls_fields[TLS_QP_VALUE], cur_here(&body), len);
		decode_value(d, &body, type);
	}
}
