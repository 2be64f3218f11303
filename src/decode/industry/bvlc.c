/*
 * BACnet/IP: the virtual link (ANSI/ASHRAE 135, annex J; annex U over IPv6).
 *
 *	type: 0x81, over IPv6 0x82 (1), function (1), length of all (2), what
 *the function says, or a network layer's packet
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	BVLC_TYPE,
	BVLC_FUNCTION,
	BVLC_FUNCTION_IPV6,
	BVLC_LENGTH,
	BVLC_SOURCE,
	BVLC_DEST,
	BVLC_RESULT,
	BVLC_BDT_IP,
	BVLC_BDT_PORT,
	BVLC_BDT_MASK,
	BVLC_REG_TTL,
	BVLC_FDT_IP,
	BVLC_FDT_PORT,
	BVLC_FDT_TTL,
	BVLC_FDT_TIMEOUT,
	BVLC_FWD_IP,
	BVLC_FWD_PORT,
	BVLC_ORIG_ADDR,
	BVLC_ORIG_PORT,
};

enum {
	IP = 0x81,
	IPV6 = 0x82,
	HEADER_LEN = 4,
	RESULT = 0,
	WRITE_BDT,
	READ_BDT,
	BDT,
	FORWARDED,
	REGISTER,
	READ_FDT,
	FDT,
	DELETE_FDT,
	DISTRIBUTE,
	UNICAST,
	BROADCAST,
	IPV6_UNICAST = 1,
	IPV6_BROADCAST = 2,
	IPV6_FORWARDED = 8,
	IPV6_REGISTER = 9,
	IPV6_DISTRIBUTE = 12,
};

static const struct names function_names[] = {
    {RESULT, "BVLC-Result"},
    {WRITE_BDT, "Write-Broadcast-Distribution-Table"},
    {READ_BDT, "Read-Broadcast-Distribution-Table"},
    {BDT, "Read-Broadcast-Distribution-Table-Ack"},
    {FORWARDED, "Forwarded-NPDU"},
    {REGISTER, "Register-Foreign-Device"},
    {READ_FDT, "Read-Foreign-Device-Table"},
    {FDT, "Read-Foreign-Device-Table-Ack"},
    {DELETE_FDT, "Delete-Foreign-Device-Table-Entry"},
    {DISTRIBUTE, "Distribute-Broadcast-To-Network"},
    {UNICAST, "Original-Unicast-NPDU"},
    {BROADCAST, "Original-Broadcast-NPDU"},
    {12, "Secured-BVLL"},
    {0, NULL},
};

static const struct names ipv6_names[] = {
    {RESULT, "BVLC-Result"},
    {IPV6_UNICAST, "Original-Unicast-NPDU"},
    {IPV6_BROADCAST, "Original-Broadcast-NPDU"},
    {3, "Address-Resolution"},
    {4, "Forwarded-Address-Resolution"},
    {5, "Address-Resolution-ACK"},
    {6, "Virtual-Address-Resolution"},
    {7, "Virtual-Address-Resolution-ACK"},
    {IPV6_FORWARDED, "Forwarded-NPDU"},
    {IPV6_REGISTER, "Register-Foreign-Device"},
    {10, "Delete-Foreign-Device-Table-Entry"},
    {11, "Secure-BVLL"},
    {IPV6_DISTRIBUTE, "Distribute-Broadcast-To-Network"},
    {0, NULL},
};

static const struct field fields[] = {
    [BVLC_TYPE] = UINT("bvlc.type", "Type", 1, FIELD_HEX),
    [BVLC_FUNCTION] = NAMED("bvlc.function", "Function", 1,
			    FIELD_HEX | FIELD_LINE, function_names),
    [BVLC_FUNCTION_IPV6] = NAMED("bvlc.function_ipv6", "Function", 1,
				 FIELD_HEX | FIELD_LINE, ipv6_names),
    [BVLC_LENGTH] = UINT("bvlc.length", "Length", 2, 0),
    [BVLC_SOURCE] = UINT("bvlc.virtual_source", "From", 3, 0),
    [BVLC_DEST] = UINT("bvlc.virtual_dest", "To", 3, 0),
    [BVLC_RESULT] = UINT("bvlc.result", "Result", 2, FIELD_HEX | FIELD_LINE),
    [BVLC_BDT_IP] = IPV4("bvlc.bdt_ip", "Address", 0),
    [BVLC_BDT_PORT] = UINT("bvlc.bdt_port", "Port", 2, 0),
    [BVLC_BDT_MASK] = BYTES("bvlc.bdt_mask", "Mask", 4, 0),
    [BVLC_REG_TTL] = UINT("bvlc.reg_ttl", "Time to live, s", 2, 0),
    [BVLC_FDT_IP] = IPV4("bvlc.fdt_ip", "Address", 0),
    [BVLC_FDT_PORT] = UINT("bvlc.fdt_port", "Port", 2, 0),
    [BVLC_FDT_TTL] = UINT("bvlc.fdt_ttl", "Time to live, s", 2, 0),
    [BVLC_FDT_TIMEOUT] = UINT("bvlc.fdt_timeout", "Time left, s", 2, 0),
    [BVLC_FWD_IP] = IPV4("bvlc.fwd_ip", "Forwarded from", FIELD_LINE),
    [BVLC_FWD_PORT] = UINT("bvlc.fwd_port", "Port", 2, 0),
    [BVLC_ORIG_ADDR] = IPV6("bvlc.orig_source_addr", "Forwarded from", 0),
    [BVLC_ORIG_PORT] = UINT("bvlc.orig_source_port", "Port", 2, 0),
};

/* The function's own part; returns whether a network layer follows. */
static bool decode_ip(struct dissect *d, struct cur *c, unsigned function)
{
	switch (function) {
	case RESULT:
		take(d, c, &fields[BVLC_RESULT]);
		break;
	case WRITE_BDT:
	case BDT:
		while (c->state == CUR_OK && c->claim)
			take_rows(d, c, &fields[BVLC_BDT_IP],
				  &fields[BVLC_BDT_MASK]);
		break;
	case FORWARDED:
		take_rows(d, c, &fields[BVLC_FWD_IP], &fields[BVLC_FWD_PORT]);
		return true;
	case REGISTER:
		take(d, c, &fields[BVLC_REG_TTL]);
		break;
	case FDT:
		while (c->state == CUR_OK && c->claim)
			take_rows(d, c, &fields[BVLC_FDT_IP],
				  &fields[BVLC_FDT_TIMEOUT]);
		break;
	case DELETE_FDT:
		take_rows(d, c, &fields[BVLC_FDT_IP], &fields[BVLC_FDT_PORT]);
		break;
	case DISTRIBUTE:
	case UNICAST:
	case BROADCAST:
		return true;
	}
	return false;
}

static bool decode_ipv6(struct dissect *d, struct cur *c, unsigned function)
{
	take(d, c, &fields[BVLC_SOURCE]);
	switch (function) {
	case RESULT:
		take(d, c, &fields[BVLC_RESULT]);
		break;
	case IPV6_UNICAST:
		take(d, c, &fields[BVLC_DEST]);
		return true;
	case IPV6_FORWARDED:
		take_rows(d, c, &fields[BVLC_ORIG_ADDR],
			  &fields[BVLC_ORIG_PORT]);
		return true;
	case IPV6_BROADCAST:
	case IPV6_DISTRIBUTE:
		return true;
	case IPV6_REGISTER:
		take(d, c, &fields[BVLC_REG_TTL]);
		break;
	}
	return false;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, function, len;
	bool follows;

	if (!cur_has(c, HEADER_LEN))
		return;
	type = cur_peek8(c, 0);
	len = cur_peek16(c, 2);
	if ((type != IP && type != IPV6) || len < HEADER_LEN) {
		next_proto(d, c, PROTO_data);
		return;
	}
	*c = cur_unit(c, len < c->claim ? len : c->claim);
	take(d, c, &fields[BVLC_TYPE]);
	function = (unsigned)take(
	    d, c, &fields[type == IP ? BVLC_FUNCTION : BVLC_FUNCTION_IPV6]);
	cur_skip(c, 2);
	follows = type == IP ? decode_ip(d, c, function)
			     : decode_ipv6(d, c, function);
	/* as Wireshark shows it: of the header alone */
	add_uint(d, &fields[BVLC_LENGTH],
		 follows ? (size_t)(cur_here(c) - d->layer->data) : len);
	if (follows)
		next_proto(d, c, PROTO_bacnet);
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	summary_puts(l, "BACnet/IP");
	if (summary_has(&got, BVLC_FUNCTION) && !l->next)
		summary_printf(l, " %s",
			       names_or(function_names,
					got.v[BVLC_FUNCTION].num, "function"));
	if (summary_has(&got, BVLC_FUNCTION_IPV6) && !l->next)
		summary_printf(l, " %s",
			       names_or(ipv6_names,
					got.v[BVLC_FUNCTION_IPV6].num,
					"function"));
	if (summary_has(&got, BVLC_RESULT))
		summary_printf(l, " 0x%04x", (unsigned)got.v[BVLC_RESULT].num);
	if (summary_has(&got, BVLC_FWD_IP)) {
		summary_puts(l, " forwarded from ");
		summary_ip4(l, (uint32_t)got.v[BVLC_FWD_IP].num);
	}
	summary_mark(l);
	if (l->next)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 47808}};
static const uint8_t leads_proto[] = {PROTO_bacnet, PROTO_data, PROTO_NONE};

const struct proto proto_bvlc = {
    "bvlc",
    "BACnet Virtual Link Control",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
