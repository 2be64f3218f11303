/*
 * ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861).
 *
 *	+-----------+-----------+-----------------+
 *	| type      | code      | checksum        |
 *	+-----------+-----------+-----------------+
 *	| depends on the type                     |
 */
#include "decode/net/icmpv6.h"
#include "decode/lib/checksum.h"
#include "decode/proto_ids.h"

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
	ICMPV6_RA_HOPS,
	ICMPV6_RA_FLAGS,
	ICMPV6_RA_MANAGED,
	ICMPV6_RA_OTHER,
	ICMPV6_RA_HOME,
	ICMPV6_RA_PREFERENCE,
	ICMPV6_RA_PROXY,
	ICMPV6_RA_RESERVED,
	ICMPV6_RA_LIFETIME,
	ICMPV6_RA_REACHABLE,
	ICMPV6_RA_RETRANS,
	ICMPV6_NA_ROUTER,
	ICMPV6_NA_SOLICITED,
	ICMPV6_NA_OVERRIDE,
	ICMPV6_OPT_TYPE,
	ICMPV6_OPT_LENGTH,
	ICMPV6_OPT_LINKADDR,
	ICMPV6_OPT_PREFIX_LEN,
	ICMPV6_OPT_PREFIX_FLAGS,
	ICMPV6_OPT_PREFIX_LINK,
	ICMPV6_OPT_PREFIX_AUTO,
	ICMPV6_OPT_PREFIX_ROUTER,
	ICMPV6_OPT_PREFIX_RESERVED,
	ICMPV6_OPT_PREFIX_VALID,
	ICMPV6_OPT_PREFIX_PREFERRED,
	ICMPV6_OPT_PREFIX,
	ICMPV6_OPT_MTU,
	ICMPV6_MLD_DELAY,
	ICMPV6_MLD_ADDRESS,
	ICMPV6_MLD_SOURCES,
	ICMPV6_MLD_SOURCE,
	ICMPV6_MLD_RECORDS,
	ICMPV6_MLD_RECORD_TYPE,
	ICMPV6_MLD_RECORD_SOURCES,
	ICMPV6_MLD_RECORD_ADDRESS,
};

/* as in RFC 4861, section 4.6 */
enum { OPT_SOURCE = 1, OPT_TARGET, OPT_PREFIX, OPT_REDIRECTED, OPT_MTU };

enum {
	UNREACHABLE = 1,
	TOO_BIG = 2,
	TIME_EXCEEDED = 3,
	PARAMETER = 4,
	ECHO = 128,
	ECHO_REPLY = 129,
	MLD_QUERY = 130,
	MLD_REPORT = 131,
	MLD_DONE = 132,
	ROUTER_SOLICIT = 133,
	ROUTER_ADVERT = 134,
	SOLICIT = 135,
	ADVERT = 136,
	REDIRECT = 137,
	MLD2_REPORT = 143,
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
    {ICMPV6_RENUMBERING, "router renumbering"},
    {ICMPV6_NI_QUERY, "who-are-you request"},
    {ICMPV6_NI_REPLY, "who-are-you reply"},
    {141, "inverse neighbor solicitation"},
    {142, "inverse neighbor advertisement"},
    {143, "multicast listener report v2"},
    {144, "ha discovery request"},
    {145, "ha discovery reply"},
    {146, "mobile router solicitation"},
    {147, "mobile router advertisement"},
    {ICMPV6_RPL, "RPL"},
    {0, NULL},
};

#define UINT(index, nm, tt, bytes)                                             \
	[index] = {"icmpv6." nm, tt, .type = FIELD_UINT, .width = (bytes)}
/* Bits of a byte. */
#define PART(index, nm, tt, kind, m)                                           \
	[index] = {"icmpv6." nm, tt, .mask = (m), .type = (kind)}

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
    [ICMPV6_RD_TARGET] = {"icmpv6.nd.rd.target_address", "Target address",
			  .type = FIELD_IPV6, .width = 16, .flags = FIELD_LINE},
    [ICMPV6_RD_DEST] = {"icmpv6.rd.na.destination_address",
			"Destination address", .type = FIELD_IPV6, .width = 16,
			.flags = FIELD_LINE},
    UINT(ICMPV6_RA_HOPS, "nd.ra.cur_hop_limit", "Current hop limit", 1),
    [ICMPV6_RA_FLAGS] = {"icmpv6.nd.ra.flag", "Flags", .type = FIELD_UINT,
			 .width = 1, .flags = FIELD_HEX},
    PART(ICMPV6_RA_MANAGED, "nd.ra.flag.m", "Managed addresses", FIELD_BOOL,
	 0x80),
    PART(ICMPV6_RA_OTHER, "nd.ra.flag.o", "Other configuration", FIELD_BOOL,
	 0x40),
    PART(ICMPV6_RA_HOME, "nd.ra.flag.h", "Home agent", FIELD_BOOL, 0x20),
    PART(ICMPV6_RA_PREFERENCE, "nd.ra.flag.prf", "Preference", FIELD_UINT,
	 0x18),
    PART(ICMPV6_RA_PROXY, "nd.ra.flag.p", "Proxy", FIELD_BOOL, 0x04),
    PART(ICMPV6_RA_RESERVED, "nd.ra.flag.rsv", "Reserved", FIELD_UINT, 0x03),
    UINT(ICMPV6_RA_LIFETIME, "nd.ra.router_lifetime", "Router lifetime, s", 2),
    UINT(ICMPV6_RA_REACHABLE, "nd.ra.reachable_time", "Reachable time, ms", 4),
    UINT(ICMPV6_RA_RETRANS, "nd.ra.retrans_timer", "Retransmission timer, ms",
	 4),
    [ICMPV6_NA_ROUTER] = {"icmpv6.nd.na.flag.r", "Router", .mask = 0x80000000,
			  .type = FIELD_BOOL},
    [ICMPV6_NA_SOLICITED] = {"icmpv6.nd.na.flag.s", "Solicited",
			     .mask = 0x40000000, .type = FIELD_BOOL},
    [ICMPV6_NA_OVERRIDE] = {"icmpv6.nd.na.flag.o", "Override",
			    .mask = 0x20000000, .type = FIELD_BOOL},
    UINT(ICMPV6_OPT_TYPE, "opt.type", "Option", 1),
    UINT(ICMPV6_OPT_LENGTH, "opt.length", "Option length, 8 bytes", 1),
    [ICMPV6_OPT_LINKADDR] = {"icmpv6.opt.linkaddr", "Link-layer address",
			     .type = FIELD_ETHER, .width = 6},
    UINT(ICMPV6_OPT_PREFIX_LEN, "opt.prefix.length", "Prefix length", 1),
    [ICMPV6_OPT_PREFIX_FLAGS] = {"icmpv6.opt.prefix.flag", "Flags",
				 .type = FIELD_UINT, .width = 1,
				 .flags = FIELD_HEX},
    PART(ICMPV6_OPT_PREFIX_LINK, "opt.prefix.flag.l", "On link", FIELD_BOOL,
	 0x80),
    PART(ICMPV6_OPT_PREFIX_AUTO, "opt.prefix.flag.a", "For own addresses",
	 FIELD_BOOL, 0x40),
    PART(ICMPV6_OPT_PREFIX_ROUTER, "opt.prefix.flag.r", "Router's address",
	 FIELD_BOOL, 0x20),
    PART(ICMPV6_OPT_PREFIX_RESERVED, "opt.prefix.flag.reserved", "Reserved",
	 FIELD_UINT, 0x1f),
    UINT(ICMPV6_OPT_PREFIX_VALID, "opt.prefix.valid_lifetime", "Valid, s", 4),
    UINT(ICMPV6_OPT_PREFIX_PREFERRED, "opt.prefix.preferred_lifetime",
	 "Preferred, s", 4),
    [ICMPV6_OPT_PREFIX] = {"icmpv6.opt.prefix", "Prefix", .type = FIELD_IPV6,
			   .width = 16},
    UINT(ICMPV6_OPT_MTU, "opt.mtu", "MTU", 4),
    [ICMPV6_MLD_DELAY] = {"icmpv6.mld.maximum_response_delay",
			  "Maximal response delay, ms", .type = FIELD_UINT,
			  .width = 2, .flags = FIELD_LINE},
    [ICMPV6_MLD_ADDRESS] = {"icmpv6.mld.multicast_address", "Multicast address",
			    .type = FIELD_IPV6, .width = 16,
			    .flags = FIELD_LINE},
    [ICMPV6_MLD_SOURCES] = {"icmpv6.mld.nb_sources", "Number of sources",
			    .type = FIELD_UINT, .width = 2,
			    .flags = FIELD_LINE},
    [ICMPV6_MLD_SOURCE] = {"icmpv6.mld.source_address", "Source",
			   .type = FIELD_IPV6, .width = 16},
    [ICMPV6_MLD_RECORDS] = {"icmpv6.mldr.nb_mcast_records", "Number of records",
			    .type = FIELD_UINT, .width = 2,
			    .flags = FIELD_LINE},
    UINT(ICMPV6_MLD_RECORD_TYPE, "mldr.mar.record_type", "Record type", 1),
    UINT(ICMPV6_MLD_RECORD_SOURCES, "mldr.mar.nb_sources", "Number of sources",
	 2),
    [ICMPV6_MLD_RECORD_ADDRESS] = {"icmpv6.mldr.mar.multicast_address",
				   "Multicast address", .type = FIELD_IPV6,
				   .width = 16},
};

/* A number, and the parts of it that the fields up to last are. */
static void take_parts(struct dissect *d, struct cur *c, const struct field *f,
		       const struct field *last)
{
	uint64_t num = take(d, c, f);

	while (c->state == CUR_OK && ++f <= last)
		add_bits(d, f, num);
}

static void decode_options(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 8) {
		type = (unsigned)take(d, c, &fields[ICMPV6_OPT_TYPE]);
		len = (unsigned)take(d, c, &fields[ICMPV6_OPT_LENGTH]);
		if (len == 0) {
			cur_bad(c);
			return;
		}
		body = cur_part(c, len * 8 - 2);
		switch (type) {
		case OPT_SOURCE:
		case OPT_TARGET:
			take(d, &body, &fields[ICMPV6_OPT_LINKADDR]);
			break;
		case OPT_PREFIX:
			take(d, &body, &fields[ICMPV6_OPT_PREFIX_LEN]);
			take_parts(d, &body, &fields[ICMPV6_OPT_PREFIX_FLAGS],
				   &fields[ICMPV6_OPT_PREFIX_RESERVED]);
			take(d, &body, &fields[ICMPV6_OPT_PREFIX_VALID]);
			take(d, &body, &fields[ICMPV6_OPT_PREFIX_PREFERRED]);
			cur_skip(&body, 4);
			take(d, &body, &fields[ICMPV6_OPT_PREFIX]);
			break;
		case OPT_MTU:
			cur_skip(&body, 2);
			take(d, &body, &fields[ICMPV6_OPT_MTU]);
			break;
		case OPT_REDIRECTED:
			cur_skip(&body, 6);
			next_is_quoted(d);
			next_proto(d, &body, PROTO_ipv6);
			break;
		}
	}
}

static void decode_neighbour(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned i;
	uint32_t flags;

	switch (type) {
	case ROUTER_SOLICIT:
		cur_skip(c, 4);
		break;
	case ROUTER_ADVERT:
		take(d, c, &fields[ICMPV6_RA_HOPS]);
		take_parts(d, c, &fields[ICMPV6_RA_FLAGS],
			   &fields[ICMPV6_RA_RESERVED]);
		for (i = ICMPV6_RA_LIFETIME; i <= ICMPV6_RA_RETRANS; i++)
			take(d, c, &fields[i]);
		break;
	case SOLICIT:
		cur_skip(c, 4);
		take(d, c, &fields[ICMPV6_NS_TARGET]);
		break;
	case ADVERT:
		if (!cur_has(c, 4))
			return;
		flags = cur_be32(c);
		for (i = ICMPV6_NA_ROUTER; i <= ICMPV6_NA_OVERRIDE; i++)
			add_bits(d, &fields[i], flags);
		take(d, c, &fields[ICMPV6_NA_TARGET]);
		break;
	case REDIRECT:
		cur_skip(c, 4);
		take(d, c, &fields[ICMPV6_RD_TARGET]);
		take(d, c, &fields[ICMPV6_RD_DEST]);
		break;
	}
	decode_options(d, c);
}

static void take_sources(struct dissect *d, struct cur *c, unsigned n)
{
	while (n-- && c->state == CUR_OK)
		take(d, c, &fields[ICMPV6_MLD_SOURCE]);
}

/* Multicast listener discovery (RFC 2710, 3810). */
static void decode_mld(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned n, extra;

	if (type == MLD2_REPORT) {
		cur_skip(c, 2);
		n = (unsigned)take(d, c, &fields[ICMPV6_MLD_RECORDS]);
		while (n-- && c->state == CUR_OK) {
			unsigned sources;

			take(d, c, &fields[ICMPV6_MLD_RECORD_TYPE]);
			extra = cur_u8(c);
			sources = (unsigned)take(
			    d, c, &fields[ICMPV6_MLD_RECORD_SOURCES]);
			take(d, c, &fields[ICMPV6_MLD_RECORD_ADDRESS]);
			take_sources(d, c, sources);
			cur_skip(c, extra * 4);
		}
		return;
	}
	take(d, c, &fields[ICMPV6_MLD_DELAY]);
	cur_skip(c, 2);
	take(d, c, &fields[ICMPV6_MLD_ADDRESS]);
	if (type == MLD_QUERY && c->claim >= 4) {
		cur_skip(c, 2);
		n = (unsigned)take(d, c, &fields[ICMPV6_MLD_SOURCES]);
		take_sources(d, c, n);
	}
}

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
		next_proto(d, c, PROTO_data);
		return;
	case ROUTER_SOLICIT:
	case ROUTER_ADVERT:
	case SOLICIT:
	case ADVERT:
	case REDIRECT:
		decode_neighbour(d, c, type);
		return;
	case MLD_QUERY:
	case MLD_REPORT:
	case MLD_DONE:
	case MLD2_REPORT:
		decode_mld(d, c, type);
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

static void destination_line(struct summary *l)
{
	if (l->next && l->next->n_addr == 16)
		summary_ip(l, l->next->dst, 16);
}

static void unreachable_line(struct summary *l, unsigned code)
{
	static const char *const words[] = {
	    "unreachable route",   " unreachable prohibited", "beyond scope",
	    "unreachable address", "unreachable port",
	};
	const struct layer *top = &l->d->layers[l->d->n_layers - 1];

	if (code < 5)
		summary_printf(l, ", %s", words[code]);
	else
		summary_printf(l, ", unknown unreach code (%u)", code);
	if (code > 4)
		return;
	summary_puts(l, code == 4 ? ", " : " ");
	destination_line(l);
	if (code == 2 && l->next && l->next->n_addr == 16) {
		summary_puts(l, ", source address ");
		summary_ip(l, l->next->src, 16);
	} else if (code == 4 && top->id == PROTO_tcp) {
		summary_printf(l, " tcp port %u", top->port);
	} else if (code == 4 && top->id == PROTO_udp) {
		summary_printf(l, " udp port %u", top->port);
	}
}

static void parameter_line(struct summary *l, unsigned code)
{
	static const char *const words[] = {
	    "erroneous", "next header", "option", "incomplete header chain"};

	if (code < 4)
		summary_printf(l, ", %s - octet %u", words[code],
			       (unsigned)summary_num(l, ICMPV6_POINTER));
	else
		summary_printf(l, ", code-#%u", code);
}

static void target_line(struct summary *l, const char *before, unsigned field)
{
	const struct value *v = summary_value(l, field);

	summary_puts(l, before);
	if (v)
		summary_ip(l, v->bytes, 16);
}

/* Multicast listener discovery of version 1. */
static void mld_line(struct summary *l)
{
	summary_printf(l, "max resp delay: %u ",
		       (unsigned)summary_num(l, ICMPV6_MLD_DELAY));
	target_line(l, "addr: ", ICMPV6_MLD_ADDRESS);
}

static void exceeded_line(struct summary *l, unsigned code)
{
	if (code == 0) {
		summary_puts(l, " for ");
		destination_line(l);
	} else if (code == 1) {
		summary_puts(l, " (reassembly)");
	} else {
		summary_printf(l, ", unknown code (%u)", code);
	}
}

/* A query of MLD: version 2 has at least 28 bytes. */
static void query_line(struct summary *l)
{
	unsigned n;

	if (l->layer->len < 28) {
		mld_line(l);
	} else if (l->o->verbose) {
		icmpv6_query_line(l);
	} else {
		n = (unsigned)summary_num(l, ICMPV6_MLD_SOURCES);
		target_line(l, " v2 [gaddr ", ICMPV6_MLD_ADDRESS);
		if (n)
			summary_printf(l, ", %u source(s)", n);
		summary_puts(l, "]");
	}
}

static void message_line(struct summary *l, unsigned type, unsigned code)
{
	switch (type) {
	case UNREACHABLE:
		unreachable_line(l, code);
		break;
	case TOO_BIG:
		summary_printf(l, ", mtu %u",
			       (unsigned)summary_num(l, ICMPV6_MTU));
		break;
	case TIME_EXCEEDED:
		exceeded_line(l, code);
		break;
	case PARAMETER:
		parameter_line(l, code);
		break;
	case ECHO:
	case ECHO_REPLY:
		summary_printf(l, ", id %u, seq %u",
			       (unsigned)summary_num(l, ICMPV6_ECHO_ID),
			       (unsigned)summary_num(l, ICMPV6_ECHO_SEQ));
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
	case MLD2_REPORT:
		summary_printf(l, ", %u group record(s)",
			       (unsigned)summary_num(l, ICMPV6_MLD_RECORDS));
		if (l->o->verbose)
			icmpv6_report_line(l);
		break;
	case MLD_QUERY:
		query_line(l);
		break;
	case MLD_REPORT:
	case MLD_DONE:
		mld_line(l);
		break;
	default:
		icmpv6_rare_line(l, type, code);
	}
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, ICMPV6_TYPE);
	const char *name;
	struct checksum sum;
	bool neighbour;

	if (!type) {
		summary_mark(l);
		return;
	}
	if (l->o->verbose && checksum_layer(l, l->layer->len, 2, 58, &sum)) {
		if (sum.good)
			summary_puts(l, "[icmp6 sum ok] ");
		else
			summary_printf(l,
				       "[bad icmp6 cksum 0x%04x -> 0x%04x!] ",
				       sum.found, sum.correct);
	}
	summary_puts(l, "ICMP6, ");
	name = names_get(type_names, type->num);
	if (name)
		summary_puts(l, name);
	else
		summary_printf(l, "unknown icmp6 type (%u)",
			       (unsigned)type->num);
	/* with -v tcpdump says the length of neighbour discovery only, and
	   first */
	neighbour = type->num >= ROUTER_SOLICIT && type->num <= REDIRECT;
	if (l->o->verbose && neighbour)
		summary_printf(l, ", length %u", l->layer->len);
	message_line(l, (unsigned)type->num,
		     (unsigned)summary_num(l, ICMPV6_CODE));
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->o->verbose && neighbour)
		icmpv6_neighbour_line(l, (unsigned)type->num);
	if (!l->o->verbose) {
		summary_puts(l, ", length ");
		summary_dec(l, l->layer->len);
	}
	if (!name)
		summary_hex(l, l->layer->data, l->layer->caplen, "\n\t");
}

static const uint8_t leads[] = {PROTO_ipv6, PROTO_NONE};
static const struct onward onward = {
    .mask = 0xff,
    .n = 9,
    .values = {UNREACHABLE, TOO_BIG, TIME_EXCEEDED, PARAMETER, ROUTER_SOLICIT,
	       ROUTER_ADVERT, SOLICIT, ADVERT, REDIRECT},
    .space = KEY_SPACES,
};
static const struct key keys[] = {{KEY_IPPROTO, 58}};

const struct proto proto_icmpv6 = {
    "icmpv6",
    "Internet Control Message Protocol v6",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .onward = &onward,
    .decode = decode,
    .summary = summary,
};
