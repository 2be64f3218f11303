/*
 * Spanning tree bridge protocol data units (IEEE 802.1D, 802.1w).
 *
 *	protocol (2), version (1), type (1), flags (1), root id (8), cost (4),
 *	bridge id (8), port (2), message age, maximal age, hello time and
 *	forward delay (2 each, in 1/256 s)
 */
#include "decode/link/stp.h"
#include "decode/proto_ids.h"

enum {
	STP_PROTOCOL,
	STP_VERSION,
	STP_TYPE,
	STP_FLAGS,
	STP_FLAG_TC,
	STP_FLAG_TCACK,
	STP_FLAG_PROPOSAL,
	STP_FLAG_ROLE,
	STP_FLAG_LEARNING,
	STP_FLAG_FORWARDING,
	STP_FLAG_AGREEMENT,
	STP_ROOT_PRIO,
	STP_ROOT_EXT,
	STP_ROOT_HW,
	STP_ROOT_COST,
	STP_BRIDGE_PRIO,
	STP_BRIDGE_EXT,
	STP_BRIDGE_HW,
	STP_PORT,
	STP_MSG_AGE,
	STP_MAX_AGE,
	STP_HELLO,
	STP_FORWARD,
};

enum { RAPID = 2, VERSION_MULTIPLE = 3, LEAST_MULTIPLE = 64 };

static const struct names version_names[] = {
    {0, "802.1d"}, {2, "802.1w"}, {3, "802.1s"}, {4, "802.1aq"}, {0, NULL}};

static const struct names type_names[] = {
    {0x00, "Config"},
    {0x02, "Rapid STP"},
    {0x80, "Topology Change"},
    {0, NULL},
};

static const struct names role_names[] = {
    {0, "Unknown"}, {1, "Alternate or backup"}, {2, "Root"}, {3, "Designated"},
    {0, NULL},
};

#define UINT(index, nm, tt, bytes, more)                                       \
	[index] = {"stp." nm, tt, .type = FIELD_UINT, .width = (bytes),        \
		   .flags = (more)}

static const struct field fields[] = {
    UINT(STP_PROTOCOL, "protocol", "Protocol", 2, FIELD_HEX),
    [STP_VERSION] = {"stp.version", "Version", version_names,
		     .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [STP_TYPE] = {"stp.type", "Type", type_names, .type = FIELD_UINT,
		  .width = 1, .flags = FIELD_HEX | FIELD_LINE},
    UINT(STP_FLAGS, "flags", "Flags", 1, FIELD_HEX | FIELD_LINE),
    [STP_FLAG_TC] = {"stp.flags.tc", "Topology change", .mask = 0x01,
		     .type = FIELD_BOOL},
    [STP_FLAG_TCACK] = {"stp.flags.tcack", "Topology change acknowledgement",
			.mask = 0x80, .type = FIELD_BOOL},
    [STP_FLAG_PROPOSAL] = {"stp.flags.proposal", "Proposal", .mask = 0x02,
			   .type = FIELD_BOOL},
    [STP_FLAG_ROLE] = {"stp.flags.port_role", "Port role", role_names,
		       .mask = 0x0c, .type = FIELD_UINT},
    [STP_FLAG_LEARNING] = {"stp.flags.learning", "Learning", .mask = 0x10,
			   .type = FIELD_BOOL},
    [STP_FLAG_FORWARDING] = {"stp.flags.forwarding", "Forwarding", .mask = 0x20,
			     .type = FIELD_BOOL},
    [STP_FLAG_AGREEMENT] = {"stp.flags.agreement", "Agreement", .mask = 0x40,
			    .type = FIELD_BOOL},
    [STP_ROOT_PRIO] = {"stp.root.prio", "Root priority", .type = FIELD_UINT},
    [STP_ROOT_EXT] = {"stp.root.ext", "Root system id extension",
		      .type = FIELD_UINT},
    [STP_ROOT_HW] = {"stp.root.hw", "Root address", .type = FIELD_ETHER,
		     .width = 6},
    UINT(STP_ROOT_COST, "root.cost", "Cost to the root", 4, 0),
    [STP_BRIDGE_PRIO] = {"stp.bridge.prio", "Bridge priority",
			 .type = FIELD_UINT, .flags = FIELD_LINE},
    [STP_BRIDGE_EXT] = {"stp.bridge.ext", "Bridge system id extension",
			.type = FIELD_UINT, .flags = FIELD_LINE},
    [STP_BRIDGE_HW] = {"stp.bridge.hw", "Bridge address", .type = FIELD_ETHER,
		       .width = 6, .flags = FIELD_LINE},
    UINT(STP_PORT, "port", "Port", 2, FIELD_HEX | FIELD_LINE),
    UINT(STP_MSG_AGE, "msg_age", "Message age, s", 2, 0),
    UINT(STP_MAX_AGE, "max_age", "Maximal age, s", 2, 0),
    UINT(STP_HELLO, "hello", "Hello time, s", 2, 0),
    UINT(STP_FORWARD, "forward", "Forward delay, s", 2, 0),
};

static void take_bridge(struct dissect *d, struct cur *c, unsigned prio)
{
	unsigned id;

	if (!cur_has(c, 2))
		return;
	id = cur_be16(c);
	add_uint(d, &fields[prio], id & 0xf000);
	add_uint(d, &fields[prio + 1], id & 0x0fff);
	take(d, c, &fields[prio + 2]);
}

void stp_tree_flags(struct dissect *d, unsigned flags)
{
	struct also_state state = also_start(d, PROTO_stp);
	unsigned i;

	for (i = STP_FLAG_TC; i <= STP_FLAG_AGREEMENT; i++)
		add_bits(d, &fields[i], flags);
	also_end(d, &state);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned version, type, flags, i;

	if (take(d, c, &fields[STP_PROTOCOL]) != 0)
		return;
	version = (unsigned)take(d, c, &fields[STP_VERSION]);
	type = (unsigned)take(d, c, &fields[STP_TYPE]);
	if (type != 0 && type != RAPID)
		return;
	flags = (unsigned)take(d, c, &fields[STP_FLAGS]);
	if (c->state == CUR_OK) {
		add_bits(d, &fields[STP_FLAG_TC], flags);
		add_bits(d, &fields[STP_FLAG_TCACK], flags);
		for (i = STP_FLAG_PROPOSAL;
		     type == RAPID && i <= STP_FLAG_AGREEMENT; i++)
			add_bits(d, &fields[i], flags);
	}
	take_bridge(d, c, STP_ROOT_PRIO);
	take(d, c, &fields[STP_ROOT_COST]);
	take_bridge(d, c, STP_BRIDGE_PRIO);
	take(d, c, &fields[STP_PORT]);
	for (i = STP_MSG_AGE; i <= STP_FORWARD && cur_has(c, 2); i++)
		add_uint(d, &fields[i], cur_be16(c) / 256);
	if (version >= VERSION_MULTIPLE && type == RAPID &&
	    c->state == CUR_OK && c->claim >= LEAST_MULTIPLE)
		next_proto(d, c, PROTO_mstp);
}

static void flags_line(struct summary *l, unsigned flags, bool rapid)
{
	static const char *const roles[] = {"Unknown", "Alternate", "Root",
					    "Designated"};
	const char *sep = "";

	summary_puts(l, ", Flags [");
	if (flags & 0x01) {
		summary_puts(l, "Topology change");
		sep = ", ";
	}
	if (rapid && flags & 0x02) {
		summary_printf(l, "%sProposal", sep);
		sep = ", ";
	}
	if (rapid && flags & 0x10) {
		summary_printf(l, "%sLearn", sep);
		sep = ", ";
	}
	if (rapid && flags & 0x20) {
		summary_printf(l, "%sForward", sep);
		sep = ", ";
	}
	if (rapid && flags & 0x40) {
		summary_printf(l, "%sAgreement", sep);
		sep = ", ";
	}
	if (flags & 0x80) {
		summary_printf(l, "%sTopology change ACK", sep);
		sep = ", ";
	}
	summary_puts(l, *sep ? "]" : "none]");
	if (rapid && l->o->verbose)
		summary_printf(l, ", port-role %s", roles[flags >> 2 & 3]);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned type;

	summary_get(l, &got);
	summary_puts(l, "STP ");
	if (!summary_has(&got, STP_VERSION) || !summary_has(&got, STP_TYPE)) {
		summary_mark(l);
		return;
	}
	type = (unsigned)got.v[STP_TYPE].num;
	summary_printf(
	    l, "%s, %s",
	    names_or(version_names, got.v[STP_VERSION].num, "Unknown version"),
	    names_or(type_names, type, "Unknown STP type"));
	if (type == 0x80)
		return;
	if (!summary_has(&got, STP_PORT)) {
		summary_mark(l);
		return;
	}
	flags_line(l, (unsigned)got.v[STP_FLAGS].num, type == 2);
	summary_printf(
	    l, ", bridge-id %04x.",
	    (unsigned)(got.v[STP_BRIDGE_PRIO].num | got.v[STP_BRIDGE_EXT].num));
	summary_ether(l, got.v[STP_BRIDGE_HW].bytes);
	summary_printf(l, ".%04x, length %u", (unsigned)got.v[STP_PORT].num,
		       l->layer->len);
}

static const uint8_t leads[] = {PROTO_mstp, PROTO_NONE};
static const struct key keys[] = {{KEY_SAP, 0x42}, {KEY_CISCO, 0x010b}};

const struct proto proto_stp = {
    "stp",
    "Spanning Tree Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
