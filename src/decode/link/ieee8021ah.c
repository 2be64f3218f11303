/*
 * The tag of a service instance (IEEE 802.1ah, provider backbone bridges), with
 * the customer's frame:
 *
 *	priority (3 bits), drop eligible, no customer addresses, reserved (3
 *	bits), service (24 bits), customer's destination (6), source (6),
 *	EtherType (2) and payload
 */
#include "decode/lib/numbers.h"
#include "decode/lib/rows.h"
#include "decode/link/eth.h"

enum {
	PBB_PRIORITY,
	PBB_DROP,
	PBB_NCA,
	PBB_RES1,
	PBB_RES2,
	PBB_ISID,
	PBB_CDST,
	PBB_CSRC,
	PBB_TYPE,
	PBB_LENGTH,
};

static const struct field fields[] = {
    [PBB_PRIORITY] = BITS("ieee8021ah.priority", "Priority", 4, 0xe0000000, 0),
    [PBB_DROP] = BITS("ieee8021ah.drop", "Drop eligible", 4, 0x10000000, 0),
    [PBB_NCA] =
	BITS("ieee8021ah.nca", "No customer addresses", 4, 0x08000000, 0),
    [PBB_RES1] = BITS("ieee8021ah.res1", "Reserved", 4, 0x04000000, 0),
    [PBB_RES2] = BITS("ieee8021ah.res2", "Reserved", 4, 0x03000000, 0),
    [PBB_ISID] =
	BITS("ieee8021ah.isid", "Service", 4, 0x00ffffff, FIELD_LINE_LINK),
    [PBB_CDST] = ETHER("ieee8021ah.cdst", "Customer's destination", 0),
    [PBB_CSRC] = ETHER("ieee8021ah.csrc", "Customer's source", 0),
    [PBB_TYPE] =
	NAMED("ieee8021ah.etype", "Type", 2, FIELD_HEX, ethertype_names),
    [PBB_LENGTH] = UINT("ieee8021ah.len", "Length", 2, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t tag;
	unsigned type, i;

	if (!cur_has(c, 4))
		return;
	tag = cur_be32(c);
	for (i = PBB_PRIORITY; i <= PBB_ISID; i++)
		add_bits(d, &fields[i], tag);
	take(d, c, &fields[PBB_CDST]);
	take(d, c, &fields[PBB_CSRC]);
	type = cur_be16(c);
	if (c->state != CUR_OK)
		return;
	eth_next(d, c, type, &fields[PBB_TYPE], &fields[PBB_LENGTH]);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_puts(l, "IEEE 802.1ah");
		summary_mark(l);
		return;
	}
	if (l->o->link)
		summary_printf(l, "service %u, ",
			       (unsigned)summary_num(l, PBB_ISID));
	if (!l->next)
		eth_unknown_line(l, (uint16_t)l->layer->fact[0]);
}

static const struct key keys[] = {{KEY_ETHERTYPE, 0x88e7}};

static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	return cur_be32(&c) & 0x00ffffff;
}

const struct proto proto_ieee8021ah = {
    "ieee8021ah",
    "IEEE 802.1ah",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_ETHERTYPE,
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .network = network,
    .summary = summary,
};
