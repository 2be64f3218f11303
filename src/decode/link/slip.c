/*
 * SLIP (RFC 1055) as BSD delivers it: before the packet 16 bytes, where
 * the first is the direction (0 received, 1 sent) and the second says whether
 * the header was compressed (RFC 1144). The header is there uncompressed.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum { SLIP_DIRECTION, SLIP_COMPRESSION };
enum { HEADER_LEN = 16, UNCOMPRESSED = 0x70, COMPRESSED = 0x80 };

static const struct names direction_names[] = {{0, "I"}, {1, "O"}, {0, NULL}};

static const struct field fields[] = {
    [SLIP_DIRECTION] = NAMED("slip.direction", "Direction", 1, FIELD_LINE_LINK,
			     direction_names),
    [SLIP_COMPRESSION] =
	UINT("slip.compression", "Compression", 1, FIELD_HEX | FIELD_LINE_LINK),
};

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look;

	if (!cur_has(c, HEADER_LEN))
		return;
	take_rows(d, c, &fields[SLIP_DIRECTION], &fields[SLIP_COMPRESSION]);
	cur_skip(c, HEADER_LEN - 2);
	look = *c;
	switch (cur_u8(&look) >> 4) {
	case 4:
		next_proto(d, c, PROTO_ip);
		break;
	case 6:
		next_proto(d, c, PROTO_ipv6);
		break;
	}
}

static void summary(struct summary *l)
{
	unsigned how = (unsigned)summary_num(l, SLIP_COMPRESSION);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->o->link)
		summary_printf(l, "%s %s: ",
			       names_or(direction_names,
					summary_num(l, SLIP_DIRECTION),
					"Invalid"),
			       (how & 0xf0) == UNCOMPRESSED ? "utcp"
			       : how & COMPRESSED	    ? "ctcp"
							    : "ip");
	if (!l->next)
		summary_printf(l, "SLIP, length %u", l->layer->len);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 8}};

const struct proto proto_slip = {
    "slip",
    "Serial Line Internet Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
