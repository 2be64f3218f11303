/*
 * ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861).
 *
 *	+-----------+-----------+-----------------+
 *	| type      | code      | checksum        |
 *	+-----------+-----------+-----------------+
 *	| depends on the type                     |
 */
#include "decode/proto.h"

enum {
	ICMPV6_TYPE,
	ICMPV6_CODE,
	ICMPV6_CHECKSUM,
	ICMPV6_MTU,
	ICMPV6_POINTER,
	ICMPV6_ECHO_ID,
	ICMPV6_ECHO_SEQ,
	ICMPV6_NS_TARGET,
	ICMPV6_NA_TARGET,
	ICMPV6_RD_TARGET,
	ICMPV6_RD_DEST,
};

enum {
	UNREACHABLE = 1,
	TOO_BIG = 2,
	TIME_EXCEEDED = 3,
	PARAMETER = 4,
	ECHO = 128,
	ECHO_REPLY = 129,
	SOLICIT = 135,
	ADVERT = 136,
	REDIRECT = 137,
};

static const struct names type_names[] = {
    {UNREACHABLE, "destination unreachable"},
    {TOO_BIG, "packet too big"},
    {TIME_EXCEEDED, "time exceeded in-transit"},
    {PARAMETER, "parameter problem"},
    {ECHO, "echo request"},
    {ECHO_REPLY, "echo reply"},
    {130, "multicast listener query"},
    {131, "multicast listener report"},
    {132, "multicast listener done"},
    {133, "router solicitation"},
    {134, "router advertisement"},
    {SOLICIT, "neighbor solicitation"},
    {ADVERT, "neighbor advertisement"},
    {REDIRECT, "redirect"},
    {138, "router renumbering"},
    {139, "node information query"},
    {140, "node information reply"},
    {141, "inverse neighbor solicitation"},
    {142, "inverse neighbor advertisement"},
    {143, "multicast listener report v2"},
    {144, "ha discovery request"},
    {145, "ha discovery reply"},
    {146, "mobile router solicitation"},
    {147, "mobile router advertisement"},
    {155, "RPL"},
    {0, NULL},
};

static const struct field fields[] = {
    [ICMPV6_TYPE] = {"icmpv6.type", "Type", type_names, .type = FIELD_UINT,
		     .width = 1, .flags = FIELD_LINE},
    [ICMPV6_CODE] = {"icmpv6.code", "Code", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_LINE},
    [ICMPV6_CHECKSUM] = {"icmpv6.checksum", "Checksum", .type = FIELD_UINT,
			 .width = 2, .flags = FIELD_HEX},
    [ICMPV6_MTU] = {"icmpv6.mtu", "MTU", .type = FIELD_UINT, .width = 4,
		    .flags = FIELD_LINE},
    [ICMPV6_POINTER] = {"icmpv6.pointer", "Pointer", .type = FIELD_UINT,
			.width = 4, .flags = FIELD_LINE},
    [ICMPV6_ECHO_ID] = {"icmpv6.echo.identifier", "Identifier",
			.type = FIELD_UINT, .width = 2,
			.flags = FIELD_HEX | FIELD_LINE},
    [ICMPV6_ECHO_SEQ] = {"icmpv6.echo.sequence_number", "Sequence number",
			 .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [ICMPV6_NS_TARGET] = {"icmpv6.nd.ns.target_address", "Target address",
			  .type = FIELD_IPV6, .width = 16, .flags = FIELD_LINE},
    [ICMPV6_NA_TARGET] = {"icmpv6.nd.na.target_address", "Target address",
			  .type = FIELD_IPV6, .width = 16, .flags = FIELD_LINE},
    [ICMPV6_RD_TARGET] = {"icmpv6.rd.na.target_address", "Target address",
			  .type = FIELD_IPV6, .width = 16, .flags = FIELD_LINE},
    [ICMPV6_RD_DEST] = {"icmpv6.rd.na.destination_address",
			"Destination address", .type = FIELD_IPV6, .width = 16,
			.flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[ICMPV6_TYPE]);

	take(d, c, &fields[ICMPV6_CODE]);
	take(d, c, &fields[ICMPV6_CHECKSUM]);
	switch (type) {
	case ECHO:
	case ECHO_REPLY:
		take(d, c, &fields[ICMPV6_ECHO_ID]);
		take(d, c, &fields[ICMPV6_ECHO_SEQ]);
		return;
	case SOLICIT:
		cur_skip(c, 4);
		take(d, c, &fields[ICMPV6_NS_TARGET]);
		return;
	case ADVERT:
		cur_skip(c, 4);
		take(d, c, &fields[ICMPV6_NA_TARGET]);
		return;
	case REDIRECT:
		cur_skip(c, 4);
		take(d, c, &fields[ICMPV6_RD_TARGET]);
		take(d, c, &fields[ICMPV6_RD_DEST]);
		return;
	case UNREACHABLE:
	case TIME_EXCEEDED:
		cur_skip(c, 4);
		break;
	case TOO_BIG:
		take(d, c, &fields[ICMPV6_MTU]);
		break;
	case PARAMETER:
		take(d, c, &fields[ICMPV6_POINTER]);
		break;
	default:
		return;
	}
	next_is_quoted(d);
	next_proto(d, c, PROTO_ipv6);
}

/* ---- the line ----------------------------------------------------------- */

static void destination_line(struct line *l)
{
	if (l->next && l->next->n_addr == 16)
		line_ip(l, l->next->dst, 16);
}

static void unreachable_line(struct line *l, unsigned code)
{
	static const char *const words[] = {
	    "unreachable route",   " unreachable prohibited", "beyond scope",
	    "unreachable address", "unreachable port",
	};
	const struct layer *top = &l->d->layers[l->d->n_layers - 1];

	if (code < 5)
		line_printf(l, ", %s", words[code]);
	else
		line_printf(l, ", unknown unreach code (%u)", code);
	if (code > 4)
		return;
	line_puts(l, code == 4 ? ", " : " ");
	destination_line(l);
	if (code == 2 && l->next && l->next->n_addr == 16) {
		line_puts(l, ", source address ");
		line_ip(l, l->next->src, 16);
	} else if (code == 4 && top->id == PROTO_tcp) {
		line_printf(l, " tcp port %u", top->port);
	} else if (code == 4 && top->id == PROTO_udp) {
		line_printf(l, " udp port %u", top->port);
	}
}

static void parameter_line(struct line *l, unsigned code)
{
	static const char *const words[] = {
	    "erroneous", "next header", "option", "incomplete header chain"};

	if (code < 4)
		line_printf(l, ", %s - octet %u", words[code],
			    (unsigned)line_num(l, ICMPV6_POINTER));
	else
		line_printf(l, ", code-#%u", code);
}

static void target_line(struct line *l, const char *before, unsigned field)
{
	const struct value *v = line_value(l, field);

	line_puts(l, before);
	if (v)
		line_ip(l, v->octets, 16);
}

static void message_line(struct line *l, unsigned type, unsigned code)
{
	switch (type) {
	case UNREACHABLE:
		unreachable_line(l, code);
		break;
	case TOO_BIG:
		line_printf(l, ", mtu %u", (unsigned)line_num(l, ICMPV6_MTU));
		break;
	case TIME_EXCEEDED:
		if (code == 0) {
			line_puts(l, " for ");
			destination_line(l);
		} else if (code == 1) {
			line_puts(l, " (reassembly)");
		} else {
			line_printf(l, ", unknown code (%u)", code);
		}
		break;
	case PARAMETER:
		parameter_line(l, code);
		break;
	case ECHO:
	case ECHO_REPLY:
		line_printf(l, ", id %u, seq %u",
			    (unsigned)line_num(l, ICMPV6_ECHO_ID),
			    (unsigned)line_num(l, ICMPV6_ECHO_SEQ));
		break;
	case SOLICIT:
		target_line(l, ", who has ", ICMPV6_NS_TARGET);
		break;
	case ADVERT:
		target_line(l, ", tgt is ", ICMPV6_NA_TARGET);
		break;
	case REDIRECT:
		target_line(l, ", ", ICMPV6_RD_DEST);
		target_line(l, " to ", ICMPV6_RD_TARGET);
		break;
	}
}

static void summary(struct line *l)
{
	const struct value *type = line_value(l, ICMPV6_TYPE);
	const char *name;

	if (!type) {
		line_mark(l);
		return;
	}
	line_puts(l, "ICMP6, ");
	name = names_get(type_names, type->num);
	if (name)
		line_puts(l, name);
	else
		line_printf(l, "unknown icmp6 type (%u)", (unsigned)type->num);
	message_line(l, (unsigned)type->num,
		     (unsigned)line_num(l, ICMPV6_CODE));
	if (l->layer->state != CUR_OK) {
		line_mark(l);
		return;
	}
	line_puts(l, ", length ");
	line_dec(l, l->layer->len);
}

static const enum proto_id leads[] = {PROTO_ipv6, PROTO_NONE};
static const struct key keys[] = {{KEY_IPPROTO, 58}};

const struct proto proto_icmpv6 = {
    "icmpv6",
    "Internet Control Message Protocol v6",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
