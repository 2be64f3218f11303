/*
 * ARP and RARP (RFC 826, 903, 2390).
 *
 *	hardware type (2), protocol (2), address lengths (1, 1), operation (2),
 *	sender's hardware and protocol address, target's
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"

enum {
	ARP_HW_TYPE,
	ARP_PROTO_TYPE,
	ARP_HW_SIZE,
	ARP_PROTO_SIZE,
	ARP_OPCODE,
	ARP_SRC_HW_MAC,
	ARP_SRC_HW,
	ARP_SRC_IPV4,
	ARP_SRC_PROTO,
	ARP_DST_HW_MAC,
	ARP_DST_HW,
	ARP_DST_IPV4,
	ARP_DST_PROTO,
};

enum {
	REQUEST = 1,
	REPLY,
	REVERSE_REQUEST,
	REVERSE_REPLY,
	INVERSE_REQUEST = 8,
	INVERSE_REPLY,
	NAK
};

static const struct names hw_names[] = {
    {1, "Ethernet"},	{6, "TokenRing"},   {7, "ArcNet"},
    {15, "FrameRelay"}, {19, "ATM"},	    {23, "Strip"},
    {24, "IEEE 1394"},	{32, "InfiniBand"}, {0, NULL},
};

static const struct names opcode_names[] = {
    {REQUEST, "Request"},
    {REPLY, "Reply"},
    {REVERSE_REQUEST, "Reverse Request"},
    {REVERSE_REPLY, "Reverse Reply"},
    {INVERSE_REQUEST, "Inverse Request"},
    {INVERSE_REPLY, "Inverse Reply"},
    {NAK, "NACK Reply"},
    {0, NULL},
};

static const struct field fields[] = {
    [ARP_HW_TYPE] = {"arp.hw.type", "Hardware type", hw_names,
		     .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [ARP_PROTO_TYPE] = {"arp.proto.type", "Protocol type", ethertype_names,
			.type = FIELD_UINT, .width = 2,
			.flags = FIELD_HEX | FIELD_LINE},
    [ARP_HW_SIZE] = {"arp.hw.size", "Hardware address length",
		     .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ARP_PROTO_SIZE] = {"arp.proto.size", "Protocol address length",
			.type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ARP_OPCODE] = {"arp.opcode", "Operation", opcode_names, .type = FIELD_UINT,
		    .width = 2, .flags = FIELD_LINE},
    [ARP_SRC_HW_MAC] = {"arp.src.hw_mac", "Sender MAC address",
			.type = FIELD_ETHER, .width = 6, .flags = FIELD_LINE},
    [ARP_SRC_HW] = {"arp.src.hw", "Sender hardware address",
		    .type = FIELD_BYTES, .flags = FIELD_LINE},
    [ARP_SRC_IPV4] = {"arp.src.proto_ipv4", "Sender IP address",
		      .type = FIELD_IPV4, .width = 4, .flags = FIELD_LINE},
    [ARP_SRC_PROTO] = {"arp.src.proto", "Sender protocol address",
		       .type = FIELD_BYTES, .flags = FIELD_LINE},
    [ARP_DST_HW_MAC] = {"arp.dst.hw_mac", "Target MAC address",
			.type = FIELD_ETHER, .width = 6, .flags = FIELD_LINE},
    [ARP_DST_HW] = {"arp.dst.hw", "Target hardware address",
		    .type = FIELD_BYTES, .flags = FIELD_LINE},
    [ARP_DST_IPV4] = {"arp.dst.proto_ipv4", "Target IP address",
		      .type = FIELD_IPV4, .width = 4, .flags = FIELD_LINE},
    [ARP_DST_PROTO] = {"arp.dst.proto", "Target protocol address",
		       .type = FIELD_BYTES, .flags = FIELD_LINE},
};

/* A hardware and a protocol address; fields are the four from `first` on. */
static void decode_addresses(struct dissect *d, struct cur *c, unsigned first,
			     bool mac, unsigned hw_size, bool ipv4,
			     unsigned proto_size)
{
	if (mac)
		take(d, c, &fields[first]);
	else if (hw_size)
		take_bytes(d, c, &fields[first + 1], hw_size);
	if (ipv4)
		take(d, c, &fields[first + 2]);
	else if (proto_size)
		take_bytes(d, c, &fields[first + 3], proto_size);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned hw = (unsigned)take(d, c, &fields[ARP_HW_TYPE]);
	unsigned proto = (unsigned)take(d, c, &fields[ARP_PROTO_TYPE]);
	unsigned hw_size = (unsigned)take(d, c, &fields[ARP_HW_SIZE]);
	unsigned proto_size = (unsigned)take(d, c, &fields[ARP_PROTO_SIZE]);
	bool mac = (hw == 1 || hw == 6) && hw_size == 6;
	bool ipv4 = (proto == ETHERTYPE_IPV4 || proto == ETHERTYPE_TRAILERS) &&
		    proto_size == 4;

	take(d, c, &fields[ARP_OPCODE]);
	decode_addresses(d, c, ARP_SRC_HW_MAC, mac, hw_size, ipv4, proto_size);
	decode_addresses(d, c, ARP_DST_HW_MAC, mac, hw_size, ipv4, proto_size);
}

/* ---- the line ----------------------------------------------------------- */

/* A hardware address: the MAC if it is one, else bytes. */
static void hw_line(struct summary *l, unsigned first)
{
	const struct value *v = summary_value(l, first);
	uint32_t i;

	if (v) {
		summary_ether(l, v->bytes);
		return;
	}
	v = summary_value(l, first + 1);
	if (!v) {
		summary_puts(l, "<No address>");
		return;
	}
	for (i = 0; i < v->len; i++)
		summary_printf(l, i ? ":%02x" : "%02x", v->bytes[i]);
}

static void proto_line(struct summary *l, unsigned first)
{
	const struct value *v = summary_value(l, first + 2);

	if (v)
		summary_ip4(l, (uint32_t)v->num);
	else
		summary_puts(l, "<wrong proto type>");
}

static bool is_zero(const struct value *v)
{
	uint32_t i;

	for (i = 0; v && i < v->len; i++)
		if (v->bytes[i])
			return false;
	return true;
}

static void operation_line(struct summary *l, unsigned opcode)
{
	const struct value *target = summary_value(l, ARP_DST_HW_MAC);

	switch (opcode) {
	case REQUEST:
		summary_puts(l, "who-has ");
		proto_line(l, ARP_DST_HW_MAC);
		if (!target)
			target = summary_value(l, ARP_DST_HW);
		if (!is_zero(target)) {
			summary_puts(l, " (");
			hw_line(l, ARP_DST_HW_MAC);
			summary_puts(l, ")");
		}
		summary_puts(l, " tell ");
		proto_line(l, ARP_SRC_HW_MAC);
		break;
	case REPLY:
		proto_line(l, ARP_SRC_HW_MAC);
		summary_puts(l, " is-at ");
		hw_line(l, ARP_SRC_HW_MAC);
		break;
	case REVERSE_REQUEST:
	case INVERSE_REQUEST:
		summary_puts(l, "who-is ");
		hw_line(l, ARP_DST_HW_MAC);
		summary_puts(l, " tell ");
		hw_line(l, ARP_SRC_HW_MAC);
		break;
	case REVERSE_REPLY:
		hw_line(l, ARP_DST_HW_MAC);
		summary_puts(l, " at ");
		proto_line(l, ARP_DST_HW_MAC);
		break;
	case INVERSE_REPLY:
		hw_line(l, ARP_SRC_HW_MAC);
		summary_puts(l, " at ");
		proto_line(l, ARP_SRC_HW_MAC);
		break;
	}
}

static void summary(struct summary *l)
{
	unsigned hw = (unsigned)summary_num(l, ARP_HW_TYPE);
	unsigned proto = (unsigned)summary_num(l, ARP_PROTO_TYPE);
	unsigned opcode = (unsigned)summary_num(l, ARP_OPCODE);
	unsigned hw_size = (unsigned)summary_num(l, ARP_HW_SIZE);
	unsigned proto_size = (unsigned)summary_num(l, ARP_PROTO_SIZE);
	bool known = (proto == ETHERTYPE_IPV4 || proto == ETHERTYPE_TRAILERS) &&
		     proto_size == 4 && hw_size;
	const char *name;

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!l->o->link)
		summary_puts(l, "ARP, ");
	if (!known || l->o->verbose) {
		name = names_get(hw_names, hw);
		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "Unknown Hardware (%u)", hw);
		summary_printf(l, " (len %u), ", hw_size);
		name = names_get(ethertype_names, proto);
		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "Unknown Protocol (0x%04x)", proto);
		summary_printf(l, " (len %u)", proto_size);
	}
	if (known || l->o->verbose) {
		if (l->o->verbose)
			summary_puts(l, ", ");
		name = names_get(opcode_names, opcode);
		if (name) {
			summary_puts(l, name);
			summary_puts(l, " ");
		} else {
			summary_printf(l, "Unknown (%u) ", opcode);
		}
		operation_line(l, opcode);
		if (!name || opcode == NAK) {
			line_payload(l, l->layer->data, l->layer->caplen);
			return;
		}
	}
	summary_puts(l, ", length ");
	summary_dec(l, l->layer->len);
}

static const struct key keys[] = {{KEY_ETHERTYPE, 0x0806},
				  {KEY_ETHERTYPE, 0x8035}};

const struct proto proto_arp = {
    "arp",
    "Address Resolution Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
