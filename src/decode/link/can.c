/*
 * CAN frames as Linux delivers them (LINKTYPE_CAN_SOCKETCAN), also those with
 * flexible data rate.
 *
 *	flags and identifier (4, big-endian), length (1), flags of FD (1),
 *	reserved (2), data
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	CAN_ID,
	CAN_FLAGS_XTD,
	CAN_FLAGS_RTR,
	CAN_FLAGS_ERR,
	CAN_LEN,
	CAN_FD_BRS,
	CAN_FD_ESI,
};

enum {
	EXTENDED = 0x80000000u,
	SHORT_MASK = 0x7ff,
	LONG_MASK = 0x1fffffff,
	FD_FLAG = 0x04,
	FD_LEN = 72,
	FACT_FD = 0
};

static const struct field fields[] = {
    [CAN_ID] =
	BITS("can.id", "CAN message identifier", 4, 0x1fffffff, FIELD_LINE),
    [CAN_FLAGS_XTD] =
	BITS("can.flags.xtd", "Extended flag", 4, 0x80000000, FIELD_LINE),
    [CAN_FLAGS_RTR] = BITS("can.flags.rtr", "Remote transmission request flag",
			   4, 0x40000000, FIELD_LINE),
    [CAN_FLAGS_ERR] =
	BITS("can.flags.err", "Error message flag", 4, 0x20000000, FIELD_LINE),
    [CAN_LEN] = UINT("can.len", "Frame-Length", 1, FIELD_LINE),
    [CAN_FD_BRS] = FLAG("canfd.flags.brs", "Bit rate setting", 1, 0x1),
    [CAN_FD_ESI] = FLAG("canfd.flags.esi", "Error message flag", 1, 0x2),
};

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t word;
	unsigned len, flags;

	if (!cur_has(c, 8))
		return;
	word = cur_be32(c);
	add_uint(d, &fields[CAN_ID],
		 word & (word & EXTENDED ? LONG_MASK : SHORT_MASK));
	add_bits(d, &fields[CAN_FLAGS_XTD], word);
	len = (unsigned)take(d, c, &fields[CAN_LEN]);
	flags = cur_u8(c);
	cur_skip(c, 2);
	if (flags & FD_FLAG || d->layer->len == FD_LEN) {
		d->layer->fact[FACT_FD] = 1;
		d->layer->name = "canfd";
		add_bits_rows(d, &fields[CAN_FD_BRS], &fields[CAN_FD_ESI],
			      flags);
	} else {
		add_bits_rows(d, &fields[CAN_FLAGS_RTR], &fields[CAN_FLAGS_ERR],
			      word);
	}
	/* the frame's data, with padding perhaps */
	*c = cur_unit(c, len < c->claim ? len : c->claim);
	next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	const struct cur *rest = &l->d->rest;
	size_t i, n = cur_left(rest);

	summary_get(l, &got);
	if (!summary_has(&got, CAN_LEN)) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "CAN%s, id 0x%0*x%s%s, length %u",
		       l->layer->fact[FACT_FD] ? " FD" : "",
		       got.v[CAN_FLAGS_XTD].num ? 8 : 3,
		       (unsigned)got.v[CAN_ID].num,
		       got.v[CAN_FLAGS_RTR].num ? ", remote request" : "",
		       got.v[CAN_FLAGS_ERR].num ? ", error" : "",
		       (unsigned)got.v[CAN_LEN].num);
	for (i = 0; i < n && i < 8; i++)
		summary_printf(l, "%s%02x", i ? " " : ": ", cur_peek8(rest, i));
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 227}};

const struct proto proto_can = {
    "can",
    "Controller Area Network",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
