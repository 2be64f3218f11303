/*
 * ICMP (RFC 792, 950, 1191, 1256).
 *
 *	+-----------+-----------+-----------------+
 *	| type      | code      | checksum        |
 *	+-----------+-----------+-----------------+
 *	| depends on the type                     |
 *	+-----------------------------------------+
 *	| errors: the packet at fault, from its IP header on
 */
#include "base/array.h"
#include "decode/lib/checksum.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum {
	ICMP_TYPE,
	ICMP_CODE,
	ICMP_CHECKSUM,
	ICMP_IDENT,
	ICMP_IDENT_LE,
	ICMP_SEQ,
	ICMP_SEQ_LE,
	ICMP_EXT_SEQ,
	ICMP_MTU,
	ICMP_GATEWAY,
	ICMP_POINTER,
	ICMP_NUM_ADDRS,
	ICMP_ADDR_ENTRY_SIZE,
	ICMP_LIFETIME,
	ICMP_ROUTER,
	ICMP_PREFERENCE,
	ICMP_ORIGINATE,
	ICMP_RECEIVE,
	ICMP_TRANSMIT,
	ICMP_MASK,
};

enum {
	ECHO_REPLY = 0,
	UNREACHABLE = 3,
	SOURCE_QUENCH = 4,
	REDIRECT = 5,
	ECHO = 8,
	ROUTER_ADVERT = 9,
	ROUTER_SOLICIT = 10,
	TIME_EXCEEDED = 11,
	PARAMETER = 12,
	STAMP = 13,
	STAMP_REPLY = 14,
	INFO = 15,
	INFO_REPLY = 16,
	MASK = 17,
	MASK_REPLY = 18,
	EXTENDED_ECHO = 42,
	EXTENDED_REPLY = 43,
};

static const struct names type_names[] = {
    {ECHO_REPLY, "echo reply"},
    {UNREACHABLE, "unreachable"},
    {SOURCE_QUENCH, "source quench"},
    {REDIRECT, "redirect"},
    {ECHO, "echo request"},
    {ROUTER_ADVERT, "router advertisement"},
    {ROUTER_SOLICIT, "router solicitation"},
    {TIME_EXCEEDED, "time exceeded"},
    {PARAMETER, "parameter problem"},
    {STAMP, "time stamp request"},
    {STAMP_REPLY, "time stamp reply"},
    {INFO, "information request"},
    {INFO_REPLY, "information reply"},
    {MASK, "address mask request"},
    {MASK_REPLY, "address mask reply"},
    {0, NULL},
};

static const struct field fields[] = {
    [ICMP_TYPE] = {"icmp.type", "Type", type_names, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_LINE},
    [ICMP_CODE] = {"icmp.code", "Code", .type = FIELD_UINT, .width = 1,
		   .flags = FIELD_LINE},
    [ICMP_CHECKSUM] = {"icmp.checksum", "Checksum", .type = FIELD_UINT,
		       .width = 2, .flags = FIELD_HEX},
    [ICMP_IDENT] = {"icmp.ident", "Identifier", .type = FIELD_UINT, .width = 2,
		    .flags = FIELD_LINE},
    [ICMP_IDENT_LE] = {"icmp.ident_le", "Identifier, bytes swapped",
		       .type = FIELD_UINT, .flags = FIELD_ASKED},
    [ICMP_SEQ] = {"icmp.seq", "Sequence number", .type = FIELD_UINT, .width = 2,
		  .flags = FIELD_LINE},
    [ICMP_SEQ_LE] = {"icmp.seq_le", "Sequence number, bytes swapped",
		     .type = FIELD_UINT, .flags = FIELD_ASKED},
    [ICMP_EXT_SEQ] = {"icmp.ext.echo.seq", "Sequence number",
		      .type = FIELD_UINT, .width = 1},
    [ICMP_MTU] = {"icmp.mtu", "MTU of next hop", .type = FIELD_UINT, .width = 2,
		  .flags = FIELD_LINE},
    [ICMP_GATEWAY] = {"icmp.redir_gw", "Gateway address", .type = FIELD_IPV4,
		      .width = 4, .flags = FIELD_LINE},
    [ICMP_POINTER] = {"icmp.pointer", "Pointer", .type = FIELD_UINT, .width = 1,
		      .flags = FIELD_LINE},
    [ICMP_NUM_ADDRS] = {"icmp.num_addrs", "Number of addresses",
			.type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [ICMP_ADDR_ENTRY_SIZE] = {"icmp.addr_entry_size", "Address entry size",
			      .type = FIELD_UINT, .width = 1,
			      .flags = FIELD_LINE},
    [ICMP_LIFETIME] = {"icmp.lifetime", "Lifetime", .type = FIELD_UINT,
		       .width = 2, .flags = FIELD_LINE},
    [ICMP_ROUTER] = {"icmp.router_address", "Router address",
		     .type = FIELD_IPV4, .width = 4, .flags = FIELD_LINE},
    [ICMP_PREFERENCE] = {"icmp.pref_level", "Preference level",
			 .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [ICMP_ORIGINATE] = {"icmp.originate_timestamp", "Originate timestamp",
			.type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [ICMP_RECEIVE] = {"icmp.receive_timestamp", "Receive timestamp",
		      .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [ICMP_TRANSMIT] = {"icmp.transmit_timestamp", "Transmit timestamp",
		       .type = FIELD_UINT, .width = 4, .flags = FIELD_LINE},
    [ICMP_MASK] = {"icmp.address_mask", "Address mask", .type = FIELD_IPV4,
		   .width = 4, .flags = FIELD_LINE},
};

static void decode_routers(struct dissect *d, struct cur *c)
{
	unsigned n = (unsigned)take(d, c, &fields[ICMP_NUM_ADDRS]);
	unsigned size = (unsigned)take(d, c, &fields[ICMP_ADDR_ENTRY_SIZE]);

	take(d, c, &fields[ICMP_LIFETIME]);
	if (size != 2)
		return;
	while (n-- && c->state == CUR_OK) {
		take(d, c, &fields[ICMP_ROUTER]);
		take(d, c, &fields[ICMP_PREFERENCE]);
	}
}

/* A number that some systems write the other way round. */
static void take_swapped(struct dissect *d, struct cur *c, unsigned as_is,
			 unsigned swapped)
{
	uint16_t num = (uint16_t)take(d, c, &fields[as_is]);

	if (c->state == CUR_OK)
		add_uint(d, &fields[swapped], __builtin_bswap16(num));
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[ICMP_TYPE]);
	unsigned code = (unsigned)take(d, c, &fields[ICMP_CODE]);

	take(d, c, &fields[ICMP_CHECKSUM]);
	switch (type) {
	case ECHO:
	case ECHO_REPLY:
	case STAMP:
	case STAMP_REPLY:
	case INFO:
	case INFO_REPLY:
	case MASK:
	case MASK_REPLY:
		take_swapped(d, c, ICMP_IDENT, ICMP_IDENT_LE);
		take_swapped(d, c, ICMP_SEQ, ICMP_SEQ_LE);
		if (type == STAMP || type == STAMP_REPLY) {
			take(d, c, &fields[ICMP_ORIGINATE]);
			take(d, c, &fields[ICMP_RECEIVE]);
			take(d, c, &fields[ICMP_TRANSMIT]);
		} else if (type == MASK || type == MASK_REPLY) {
			take(d, c, &fields[ICMP_MASK]);
		} else {
			next_proto(d, c, PROTO_data);
		}
		return;
	case EXTENDED_ECHO:
	case EXTENDED_REPLY:
		take_swapped(d, c, ICMP_IDENT, ICMP_IDENT_LE);
		take(d, c, &fields[ICMP_EXT_SEQ]);
		return;
	case ROUTER_ADVERT:
		decode_routers(d, c);
		return;
	case UNREACHABLE:
		cur_skip(c, 2);
		if (code == 4)
			take(d, c, &fields[ICMP_MTU]);
		else
			cur_skip(c, 2);
		break;
	case REDIRECT:
		take(d, c, &fields[ICMP_GATEWAY]);
		break;
	case PARAMETER:
		take(d, c, &fields[ICMP_POINTER]);
		cur_skip(c, 3);
		break;
	case SOURCE_QUENCH:
	case TIME_EXCEEDED:
		cur_skip(c, 4);
		break;
	default:
		return;
	}
	next_is_quoted(d);
	next_proto(d, c, PROTO_ip);
}

/* ---- the line ----------------------------------------------------------- */

static void destination_line(struct summary *l)
{
	if (l->next->n_addr == 4)
		summary_ip(l, l->next->dst, 4);
}

/* The packet at fault: its protocol and its destination port. */
static unsigned quoted_proto(const struct summary *l, unsigned *port)
{
	const struct layer *ip = l->next;
	const struct dissect *d = l->d;
	unsigned proto = ip->fact[1];

	*port = 0;
	if (ip + 1 < d->layers + d->n_layers)
		*port = ip[1].port;
	return proto;
}

static void unreachable_line(struct summary *l, unsigned code)
{
	/* before and after the destination */
	static const struct {
		const char *before, *after;
	} words[] = {
	    [0] = {"net ", " unreachable"},
	    [1] = {"host ", " unreachable"},
	    [5] = {"", " unreachable - source route failed"},
	    [6] = {"net ", " unreachable - unknown"},
	    [7] = {"host ", " unreachable - unknown"},
	    [8] = {"", " unreachable - source host isolated"},
	    [9] = {"net ", " unreachable - admin prohibited"},
	    [10] = {"host ", " unreachable - admin prohibited"},
	    [11] = {"net ", " unreachable - tos prohibited"},
	    [12] = {"host ", " unreachable - tos prohibited"},
	    [13] = {"host ", " unreachable - admin prohibited filter"},
	    [14] = {"host ", " unreachable - host precedence violation"},
	    [15] = {"host ", " unreachable - precedence cutoff"},
	};
	unsigned port, proto = quoted_proto(l, &port);
	unsigned mtu = (unsigned)summary_num(l, ICMP_MTU);

	if (code < ARRAY_LEN(words) && words[code].before) {
		summary_puts(l, words[code].before);
		destination_line(l);
		summary_puts(l, words[code].after);
		return;
	}
	destination_line(l);
	if (code == 2)
		summary_printf(l, " protocol %u unreachable", proto);
	else if (code == 3 && (proto == 6 || proto == 17))
		summary_printf(l, " %s port %u unreachable",
			       proto == 6 ? "tcp" : "udp", port);
	else if (code == 3)
		summary_printf(l, " protocol %u port %u unreachable", proto,
			       port);
	else if (code == 4 && mtu)
		summary_printf(l, " unreachable - need to frag (mtu %u)", mtu);
	else if (code == 4)
		summary_puts(l, " unreachable - need to frag");
	else
		summary_printf(l, " unreachable - #%u", code);
}

static void redirect_line(struct summary *l, unsigned code)
{
	if (code > 3)
		summary_printf(l, "redirect-#%u ", code);
	else
		summary_puts(l, code < 2 ? "redirect " : "redirect-tos ");
	destination_line(l);
	summary_puts(l, code > 3   ? " to "
			: code & 1 ? " to host "
				   : " to net ");
	summary_ip4(l, (uint32_t)summary_num(l, ICMP_GATEWAY));
}

static void routers_line(struct summary *l)
{
	unsigned life = (unsigned)summary_num(l, ICMP_LIFETIME);
	unsigned size = (unsigned)summary_num(l, ICMP_ADDR_ENTRY_SIZE), i;
	const struct value *v;

	summary_puts(l, "router advertisement lifetime ");
	if (life < 60)
		summary_printf(l, "%u", life);
	else if (life < 3600)
		summary_printf(l, "%u:%02u", life / 60, life % 60);
	else
		summary_printf(l, "%u:%02u:%02u", life / 3600, life % 3600 / 60,
			       life % 60);
	summary_printf(l, " %u:", (unsigned)summary_num(l, ICMP_NUM_ADDRS));
	if (size != 2)
		summary_printf(l, " [size %u]", size);
	for (i = l->layer->first; i < l->layer->end; i++) {
		v = &l->d->values[i];
		if (summary_index(l, v) == ICMP_ROUTER) {
			summary_puts(l, " {");
			summary_ip4(l, (uint32_t)v->num);
		} else if (summary_index(l, v) == ICMP_PREFERENCE) {
			summary_printf(l, " %u}", (unsigned)v->num);
		}
	}
}

/* Milliseconds since midnight, as a time of day. */
static void stamp_line(struct summary *l, const char *before, uint32_t ms)
{
	summary_printf(l, "%s%02u:%02u:%02u.%03u", before, ms / 3600000,
		       ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

static void message_line(struct summary *l, unsigned type, unsigned code)
{
	unsigned ident = (unsigned)summary_num(l, ICMP_IDENT);
	unsigned seq = (unsigned)summary_num(l, ICMP_SEQ);
	const char *name;

	switch (type) {
	case ECHO:
	case ECHO_REPLY:
		summary_printf(l, "echo %s, id %u, seq %u",
			       type == ECHO ? "request" : "reply", ident, seq);
		break;
	case UNREACHABLE:
		unreachable_line(l, code);
		break;
	case REDIRECT:
		redirect_line(l, code);
		break;
	case ROUTER_ADVERT:
		routers_line(l);
		break;
	case TIME_EXCEEDED:
		if (code == 0)
			summary_puts(l, "time exceeded in-transit");
		else if (code == 1)
			summary_puts(l, "ip reassembly time exceeded");
		else
			summary_printf(l, "time exceeded-#%u", code);
		break;
	case PARAMETER:
		if (code)
			summary_printf(l, "parameter problem - code %u", code);
		else
			summary_printf(l, "parameter problem - octet %u",
				       (unsigned)summary_num(l, ICMP_POINTER));
		break;
	case MASK_REPLY:
		summary_printf(l, "address mask is 0x%08x",
			       (unsigned)summary_num(l, ICMP_MASK));
		break;
	case STAMP:
		summary_printf(l, "time stamp query id %u seq %u", ident, seq);
		break;
	case STAMP_REPLY:
		summary_printf(l, "time stamp reply id %u seq %u", ident, seq);
		stamp_line(l, ": org ",
			   (uint32_t)summary_num(l, ICMP_ORIGINATE));
		stamp_line(l, ", recv ",
			   (uint32_t)summary_num(l, ICMP_RECEIVE));
		stamp_line(l, ", xmit ",
			   (uint32_t)summary_num(l, ICMP_TRANSMIT));
		break;
	default:
		name = names_get(type_names, type);
		if (name)
			summary_puts(l, name);
		else
			summary_printf(l, "type-#%u", type);
	}
}

static void summary(struct summary *l)
{
	unsigned type = (unsigned)summary_num(l, ICMP_TYPE);
	bool error = type == UNREACHABLE || type == REDIRECT;
	struct checksum sum;

	if (l->layer->state != CUR_OK || (error && !l->next)) {
		summary_puts(l, " [|icmp]");
		return;
	}
	summary_puts(l, "ICMP ");
	message_line(l, type, (unsigned)summary_num(l, ICMP_CODE));
	summary_puts(l, ", length ");
	summary_dec(l, l->layer->len);
	if (l->o->verbose && checksum_layer(l, l->layer->len, 2, 0, &sum) &&
	    !sum.good)
		summary_printf(l, " (wrong icmp cksum %x (->%x)!)", sum.found,
			       sum.correct);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_NONE};
static const struct onward onward = {
    .mask = 0xff,
    .n = 5,
    .values = {UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER},
    .space = KEY_SPACES,
};
static const struct key keys[] = {{KEY_IPPROTO, 1}};

const struct proto proto_icmp = {
    "icmp",
    "Internet Control Message Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .onward = &onward,
    .decode = decode,
    .summary = summary,
};
