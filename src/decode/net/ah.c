/*
 * IP authentication header (RFC 4302).
 *
 *	next header (1), length in 4 bytes - 2 (1), reserved (2), SPI (4),
 *	sequence number (4), integrity check value
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"

enum { AH_NEXT, AH_LENGTH, AH_RESERVED, AH_SPI, AH_SEQUENCE, AH_ICV };

static const struct field fields[] = {
    [AH_NEXT] = {"ah.next_header", "Next header", ip_protocol_names,
		 .type = FIELD_UINT, .width = 1},
    [AH_LENGTH] = {"ah.length", "Length", .type = FIELD_UINT, .width = 1},
    [AH_RESERVED] = {"ah.reserved", "Reserved", .type = FIELD_BYTES,
		     .width = 2},
    [AH_SPI] = {"ah.spi", "Security parameters index", .type = FIELD_UINT,
		.width = 4, .flags = FIELD_HEX | FIELD_LINE},
    [AH_SEQUENCE] = {"ah.sequence", "Sequence number", .type = FIELD_UINT,
		     .width = 4, .flags = FIELD_LINE},
    [AH_ICV] = {"ah.icv", "Integrity check value", .type = FIELD_BYTES,
		.flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned next = (unsigned)take(d, c, &fields[AH_NEXT]);
	unsigned len = (unsigned)take(d, c, &fields[AH_LENGTH]);

	take(d, c, &fields[AH_RESERVED]);
	take(d, c, &fields[AH_SPI]);
	take(d, c, &fields[AH_SEQUENCE]);
	if (len < 1) {
		cur_bad(c);
		return;
	}
	take_bytes(d, c, &fields[AH_ICV], (len + 2) * 4 - 12);
	next_by(d, c, KEY_IPPROTO, next);
}

static void summary(struct summary *l)
{
	const struct value *icv = summary_value(l, AH_ICV);
	uint32_t i;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "AH(spi=0x%08x,seq=0x%x,icv=0x",
		       (unsigned)summary_num(l, AH_SPI),
		       (unsigned)summary_num(l, AH_SEQUENCE));
	for (i = 0; icv && i < icv->len; i++)
		summary_printf(l, "%02x", icv->bytes[i]);
	summary_puts(l, "): ");
}

static const struct key keys[] = {{KEY_IPPROTO, 51}};

const struct proto proto_ah = {
    "ah",
    "Authentication Header",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode,
    .summary = summary,
};
