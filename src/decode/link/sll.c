/*
 * Linux cooked captures, version 1 and 2 (LINKTYPE_LINUX_SLL, _SLL2): what
 * the "any" interface delivers in place of link-layer headers.
 *
 *	version 1: packet type (2), ARPHRD_ (2), address length (2),
 *		   address (8), protocol (2)
 *	version 2: protocol (2), 0 (2), interface index (4), ARPHRD_ (2),
 *		   packet type (1), address length (1), address (8)
 */
#include "decode/lib/numbers.h"
#include "decode/link/eth.h"
#include "decode/proto.h"

enum {
	SLL_PKTTYPE,
	SLL_HATYPE,
	SLL_HALEN,
	SLL_SRC_ETH,
	SLL_SRC_OTHER,
	SLL_UNUSED,
	SLL_ETYPE,
	SLL_LTYPE,
	SLL_IFINDEX,
};

enum { PROTOCOL_802_3 = 1, PROTOCOL_802_2 = 4 };

static const struct names packet_types[] = {
    {0, "Unicast to us"},	    {1, "Broadcast"},  {2, "Multicast"},
    {3, "Unicast to another host"}, {4, "Sent by us"}, {0, NULL},
};

/* What a line shows for them. */
static const char *const directions[] = {"In", "B", "M", "P", "Out"};

static const struct names ltype_names[] = {
    {PROTOCOL_802_3, "802.3"}, {PROTOCOL_802_2, "802.2"}, {0, NULL}};

static const struct field fields[] = {
    [SLL_PKTTYPE] = {"sll.pkttype", "Packet type", packet_types,
		     .type = FIELD_UINT, .flags = FIELD_LINE},
    [SLL_HATYPE] = {"sll.hatype", "Link-layer address type", .type = FIELD_UINT,
		    .width = 2},
    [SLL_HALEN] = {"sll.halen", "Link-layer address length",
		   .type = FIELD_UINT},
    [SLL_SRC_ETH] = {"sll.src.eth", "Source", .type = FIELD_ETHER, .width = 6,
		     .flags = FIELD_LINE},
    [SLL_SRC_OTHER] = {"sll.src.other", "Source", .type = FIELD_BYTES},
    [SLL_UNUSED] = {"sll.unused", "Unused", .type = FIELD_BYTES},
    [SLL_ETYPE] = {"sll.etype", "Protocol", ethertype_names, .type = FIELD_UINT,
		   .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [SLL_LTYPE] = {"sll.ltype", "Protocol", ltype_names, .type = FIELD_UINT,
		   .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [SLL_IFINDEX] = {"sll.ifindex", "Interface index", .type = FIELD_UINT,
		     .width = 4, .flags = FIELD_LINE},
};

static void take_address(struct dissect *d, struct cur *c, unsigned len)
{
	struct cur part = cur_part(c, 8);

	add_uint(d, &fields[SLL_HALEN], len);
	if (len > 8)
		len = 8;
	if (len == 6)
		take(d, &part, &fields[SLL_SRC_ETH]);
	else if (len)
		take_bytes(d, &part, &fields[SLL_SRC_OTHER], len);
	if (part.claim)
		take_bytes(d, &part, &fields[SLL_UNUSED], part.claim);
}

static void hand_on(struct dissect *d, struct cur *c, unsigned type)
{
	if (type >= ETHERTYPE_LEAST) {
		add_uint(d, &fields[SLL_ETYPE], type);
		next_by(d, c, KEY_ETHERTYPE, type);
		return;
	}
	add_uint(d, &fields[SLL_LTYPE], type);
	if (type == PROTOCOL_802_2)
		next_by(d, c, KEY_LLC, 0);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, len;

	if (d->iface && d->iface->linktype == LINKTYPE_SLL2) {
		if (!cur_has(c, 20))
			return;
		type = cur_be16(c);
		cur_skip(c, 2);
		take(d, c, &fields[SLL_IFINDEX]);
		take(d, c, &fields[SLL_HATYPE]);
		add_uint(d, &fields[SLL_PKTTYPE], cur_u8(c));
		len = cur_u8(c);
		take_address(d, c, len);
		hand_on(d, c, type);
		return;
	}
	if (!cur_has(c, 16))
		return;
	add_uint(d, &fields[SLL_PKTTYPE], cur_be16(c));
	take(d, c, &fields[SLL_HATYPE]);
	len = cur_be16(c);
	take_address(d, c, len);
	type = cur_be16(c);
	hand_on(d, c, type);
}

static const char *direction(const struct summary *l)
{
	uint64_t type = summary_num(l, SLL_PKTTYPE);

	return type < 5 ? directions[type] : "?";
}

/* The header as -e shows it. */
static void header_line(struct summary *l, bool v2)
{
	const struct value *src = summary_value(l, SLL_SRC_ETH);
	const struct value *type = summary_value(l, SLL_ETYPE);

	if (v2)
		summary_printf(l, "ifindex %u ",
			       (unsigned)summary_num(l, SLL_IFINDEX));
	else
		summary_printf(l, "%3s ", direction(l));
	if (src) {
		summary_ether(l, src->bytes);
		summary_puts(l, " ");
	}
	if (l->o->quick)
		return;
	if (type) {
		eth_type_line(l, (uint16_t)type->num);
	} else {
		unsigned ltype = (unsigned)summary_num(l, SLL_LTYPE);
		const char *name = names_get(ltype_names, ltype);

		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "ethertype Unknown (0x%04x)", ltype);
	}
	summary_printf(l, ", length %u: ", l->layer->len);
}

/* The interface that the packet was on: the capture's "any" has many. */
static void interface_line(struct summary *l)
{
	uint32_t index = (uint32_t)summary_num(l, SLL_IFINDEX);
	const struct iface *iface = l->d->iface;
	const char *name = NULL;

	if (l->o->iface_name)
		name = l->o->iface_name(index);
	if (!name && iface && iface->name && strcmp(iface->name, "any"))
		name = iface->name;
	summary_interface(l, name);
	summary_printf(l, "%-3s ", direction(l));
}

static void summary(struct summary *l)
{
	bool v2 = l->d->iface && l->d->iface->linktype == LINKTYPE_SLL2;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (v2)
		interface_line(l);
	if (l->o->link || (!l->next && summary_value(l, SLL_ETYPE)))
		header_line(l, v2);
	if (!l->next)
		line_payload(l, cur_here(&l->d->rest), cur_left(&l->d->rest));
}

static const struct key keys[] = {{KEY_LINKTYPE, 113},
				  {KEY_LINKTYPE, LINKTYPE_SLL2}};

/* Version 2 has the interface. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 4);
	return l->key == LINKTYPE_SLL2 ? cur_be32(&c) : 0;
}

const struct proto proto_sll = {
    "sll",
    "Linux cooked-mode capture",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_ETHERTYPE,
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_LLC),
    .decode = decode,
    .network = network,
    .summary = summary,
};
