/*
 * Cisco FabricPath: an Ethernet frame around another one, whose addresses are
 * places in the fabric.
 *
 *	address: end node, flags and switch (3), switch below (1), port (2)
 *	after the EtherType: tree (10 bits), time to live (6 bits), the frame
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	CFP_DST_GROUP,
	CFP_EID,
	CFP_UL,
	CFP_IG,
	CFP_OOODL,
	CFP_SWID,
	CFP_SSWID,
	CFP_LID,
	CFP_ETYPE,
	CFP_FTAG,
	CFP_TTL,
};

enum { ETHERTYPE = 0x8903 };

static const struct field fields[] = {
    [CFP_DST_GROUP] = ETHER("cfp.d_hmac_mc", "To the group", 0),
    [CFP_EID] = BITS("cfp.eid", "End node", 3, 0xfcc000, 0),
    [CFP_UL] = FLAG("cfp.ul", "Local", 3, 0x020000),
    [CFP_IG] = FLAG("cfp.ig", "Group", 3, 0x010000),
    [CFP_OOODL] = FLAG("cfp.ooodl", "Out of order, do not learn", 3, 0x1000),
    [CFP_SWID] = BITS("cfp.swid", "Switch", 3, 0x000fff, FIELD_LINE),
    [CFP_SSWID] = UINT("cfp.sswid", "Switch below", 1, 0),
    [CFP_LID] = UINT("cfp.lid", "Port", 2, 0),
    [CFP_ETYPE] = NUMBER("cfp.etype", "EtherType", FIELD_HEX, 4),
    [CFP_FTAG] = BITS("cfp.ftag", "Tree", 2, 0xffc0, FIELD_LINE),
    [CFP_TTL] = BITS("cfp.ttl", "Time to live", 2, 0x003f, FIELD_LINE),
};

static void decode_address(struct dissect *d, const uint8_t *bytes)
{
	struct cur c = cur_over(bytes, 6, 6);
	uint32_t word = (uint32_t)cur_u8(&c) << 16 | cur_be16(&c);

	add_bits_rows(d, &fields[CFP_EID], &fields[CFP_SWID], word);
	take_rows(d, &c, &fields[CFP_SSWID], &fields[CFP_LID]);
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *below = d->layer - 1;
	unsigned word;

	if (d->layer > d->layers && below->id == PROTO_eth) {
		d->layer->via = KEY_DIRECT; /* named without "ethertype" */
		if (below->dst[0] & 1)
			add_bytes(d, &fields[CFP_DST_GROUP], below->dst, 6);
		else
			decode_address(d, below->dst);
		decode_address(d, below->src);
		add_uint(d, &fields[CFP_ETYPE], ETHERTYPE);
	}
	word = cur_be16(c);
	if (c->state != CUR_OK)
		return;
	add_bits_rows(d, &fields[CFP_FTAG], &fields[CFP_TTL], word);
	next_proto(d, c, PROTO_eth);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " switch ";

	summary_puts(l, "FabricPath");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case CFP_SWID:
			summary_printf(l, "%s%u", sep, (unsigned)v->num);
			sep = " < ";
			break;
		case CFP_FTAG:
			summary_printf(l, ", tree %u", (unsigned)v->num);
			break;
		case CFP_TTL:
			summary_printf(l, ", ttl %u", (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
	if (l->next)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_ETHERTYPE, ETHERTYPE}};
static const uint8_t leads_proto[] = {PROTO_eth, PROTO_NONE};

const struct proto proto_cfp = {
    "cfp",
    "Cisco FabricPath",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
