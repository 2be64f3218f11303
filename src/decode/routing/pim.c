/*
 * Protocol independent multicast, version 2 (RFC 7761, 3973, 5059).
 *
 *	version and type (1), reserved (1), checksum (2), then what the type
 *	has; addresses are encoded: family (1), encoding (1), and for groups
 *	and sources flags (1) and mask length (1), then the address
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	PIM_VERSION,
	PIM_TYPE,
	PIM_CKSUM,
	PIM_OPTIONTYPE,
	PIM_OPTIONLENGTH,
	PIM_HOLDTIME,
	PIM_GENERATION_ID,
	PIM_DR_PRIORITY,
	PIM_T,
	PIM_PROPAGATION_DELAY,
	PIM_OVERRIDE_INTERVAL,
	PIM_STATE_REFRESH_VERSION,
	PIM_STATE_REFRESH_INTERVAL,
	PIM_STATE_REFRESH_RESERVED,
	PIM_ADDRESS_LIST,
	PIM_ADDRESS_LIST_IP6,
	PIM_ADDR_ADDRESS_FAMILY,
	PIM_ADDR_ENCODING_TYPE,
	PIM_GROUP_ADDR_FLAGS,
	PIM_GROUP_ADDR_FLAGS_B,
	PIM_GROUP_ADDR_FLAGS_RESERVED,
	PIM_GROUP_ADDR_FLAGS_Z,
	PIM_SOURCE_ADDR_FLAGS,
	PIM_SOURCE_ADDR_FLAGS_RESERVED,
	PIM_SOURCE_ADDR_FLAGS_S,
	PIM_SOURCE_ADDR_FLAGS_W,
	PIM_SOURCE_ADDR_FLAGS_R,
	PIM_MASK_LEN,
	PIM_UNICAST,
	PIM_UNICAST_IPV6,
	PIM_GROUP,
	PIM_GROUP_IP6,
	PIM_SOURCE,
	PIM_SOURCE_IP6,
	PIM_RP,
	PIM_RP_IP6,
	PIM_BSR,
	PIM_BSR_IP6,
	PIM_UPSTREAM_NEIGHBOR,
	PIM_UPSTREAM_NEIGHBOR_IP6,
	PIM_JOIN_IP,
	PIM_JOIN_IP6,
	PIM_PRUNE_IP,
	PIM_PRUNE_IP6,
	PIM_REGISTER_FLAG,
	PIM_REGISTER_FLAG_BORDER,
	PIM_REGISTER_FLAG_NULL_REGISTER,
	PIM_IP_VERSION,
	PIM_NUMGROUPS,
	PIM_NUMJOINS,
	PIM_NUMPRUNES,
	PIM_RPT,
	PIM_METRIC_PREF,
	PIM_METRIC,
	PIM_FRAGMENT_TAG,
	PIM_HASH_MASK_LEN,
	PIM_BSR_PRIORITY,
	PIM_RP_COUNT,
	PIM_FRP_COUNT,
	PIM_PRIORITY,
	PIM_PREFIX_COUNT,
	PIM_DF_ELECT_SUBTYPE,
	PIM_DF_ELECT_RSVD,
};

enum {
	HELLO,
	REGISTER,
	REGISTER_STOP,
	JOIN_PRUNE,
	BOOTSTRAP,
	ASSERT,
	GRAFT,
	GRAFT_ACK,
	CANDIDATE_RP,
	DF_ELECTION = 10
};
enum { FAMILY_IPV4 = 1, FAMILY_IPV6 };
enum { FACT_TYPE };

static const struct names type_names[] = {
    {HELLO, "Hello"},
    {REGISTER, "Register"},
    {REGISTER_STOP, "Register Stop"},
    {JOIN_PRUNE, "Join / Prune"},
    {BOOTSTRAP, "Bootstrap"},
    {ASSERT, "Assert"},
    {GRAFT, "Graft"},
    {GRAFT_ACK, "Graft-ACK"},
    {CANDIDATE_RP, "Candidate RP Advertisement"},
    {9, "State Refresh"},
    {DF_ELECTION, "DF Election"},
    {0, NULL},
};

static const struct names option_names[] = {
    {1, "Hold time"},	   {2, "LAN prune delay"},
    {19, "DR priority"},   {20, "Generation ID"},
    {21, "State refresh"}, {22, "Bidirectional"},
    {24, "Address list"},  {0, NULL},
};

static const struct names df_names[] = {
    {1, "Offer"}, {2, "Winner"}, {3, "Backoff"}, {4, "Pass"}, {0, NULL}};

static const struct names family_names[] = {
    {FAMILY_IPV4, "IPv4"}, {FAMILY_IPV6, "IPv6"}, {0, NULL}};

static const struct field fields[] = {
    [PIM_VERSION] = BITS("pim.version", "Version", 1, 0xf0, FIELD_LINE),
    [PIM_TYPE] = {"pim.type", "Type", type_names, .mask = 0xf,
		  .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [PIM_CKSUM] = UINT("pim.cksum", "Checksum", 2, FIELD_HEX),
    [PIM_OPTIONTYPE] = NAMED("pim.optiontype", "Type", 2, 0, option_names),
    [PIM_OPTIONLENGTH] = UINT("pim.optionlength", "Length", 2, 0),
    [PIM_HOLDTIME] = UINT("pim.holdtime", "Holdtime", 2, FIELD_LINE),
    [PIM_GENERATION_ID] = UINT("pim.generation_id", "Generation id", 4, 0),
    [PIM_DR_PRIORITY] = UINT("pim.dr_priority", "DR priority", 4, 0),
    [PIM_T] = FLAG("pim.t", "T", 2, 0x8000),
    [PIM_PROPAGATION_DELAY] =
	BITS("pim.propagation_delay", "Propagation delay", 2, 0x7fff, 0),
    [PIM_OVERRIDE_INTERVAL] =
	UINT("pim.override_interval", "Override interval", 2, 0),
    [PIM_STATE_REFRESH_VERSION] =
	UINT("pim.state_refresh_version", "Version", 1, 0),
    [PIM_STATE_REFRESH_INTERVAL] =
	UINT("pim.state_refresh_interval", "Interval", 1, 0),
    [PIM_STATE_REFRESH_RESERVED] =
	UINT("pim.state_refresh_reserved", "Reserved", 2, 0),
    [PIM_ADDRESS_LIST] = IPV4("pim.address_list", "Address", 0),
    [PIM_ADDRESS_LIST_IP6] = IPV6("pim.address_list_ip6", "Address", 0),
    [PIM_ADDR_ADDRESS_FAMILY] =
	NAMED("pim.addr_address_family", "Address family", 1, 0, family_names),
    [PIM_ADDR_ENCODING_TYPE] =
	UINT("pim.addr_encoding_type", "Encoding type", 1, 0),
    [PIM_GROUP_ADDR_FLAGS] =
	UINT("pim.group_addr.flags", "Flags", 1, FIELD_HEX),
    [PIM_GROUP_ADDR_FLAGS_B] =
	FLAG("pim.group_addr.flags.b", "Bidirectional PIM", 1, 0x80),
    [PIM_GROUP_ADDR_FLAGS_RESERVED] = {"pim.group_addr.flags.reserved",
				       "Reserved", .mask = 0x7e,
				       .type = FIELD_UINT, .width = 1,
				       .flags = FIELD_HEX, .digits = 2},
    [PIM_GROUP_ADDR_FLAGS_Z] =
	FLAG("pim.group_addr.flags.z", "Admin scope zone", 1, 0x1),
    [PIM_SOURCE_ADDR_FLAGS] =
	UINT("pim.source_addr.flags", "Flags", 1, FIELD_HEX),
    [PIM_SOURCE_ADDR_FLAGS_RESERVED] = {"pim.source_addr.flags.reserved",
					"Reserved", .mask = 0xf8,
					.type = FIELD_UINT, .width = 1,
					.flags = FIELD_HEX, .digits = 2},
    [PIM_SOURCE_ADDR_FLAGS_S] =
	FLAG("pim.source_addr.flags.s", "Sparse", 1, 0x4),
    [PIM_SOURCE_ADDR_FLAGS_W] =
	FLAG("pim.source_addr.flags.w", "WildCard", 1, 0x2),
    [PIM_SOURCE_ADDR_FLAGS_R] =
	FLAG("pim.source_addr.flags.r", "Rendezvous point tree", 1, 0x1),
    [PIM_MASK_LEN] = UINT("pim.mask_len", "Masklen", 1, 0),
    [PIM_UNICAST] = IPV4("pim.unicast", "Unicast", 0),
    [PIM_UNICAST_IPV6] = IPV6("pim.unicast_ipv6", "Unicast", 0),
    [PIM_GROUP] = IPV4("pim.group", "Group", 0),
    [PIM_GROUP_IP6] = IPV6("pim.group_ip6", "Group", 0),
    [PIM_SOURCE] = IPV4("pim.source", "Source", 0),
    [PIM_SOURCE_IP6] = IPV6("pim.source_ip6", "Source", 0),
    [PIM_RP] = IPV4("pim.rp", "RP", 0),
    [PIM_RP_IP6] = IPV6("pim.rp_ip6", "RP", 0),
    [PIM_BSR] = IPV4("pim.bsr", "BSR", 0),
    [PIM_BSR_IP6] = IPV6("pim.bsr_ip6", "BSR", 0),
    [PIM_UPSTREAM_NEIGHBOR] =
	IPV4("pim.upstream_neighbor", "Upstream-neighbor", 0),
    [PIM_UPSTREAM_NEIGHBOR_IP6] =
	IPV6("pim.upstream_neighbor_ip6", "Upstream-neighbor", 0),
    [PIM_JOIN_IP] = IPV4("pim.join_ip", "IP address", 0),
    [PIM_JOIN_IP6] = IPV6("pim.join_ip6", "IP address", 0),
    [PIM_PRUNE_IP] = IPV4("pim.prune_ip", "IP address", 0),
    [PIM_PRUNE_IP6] = IPV6("pim.prune_ip6", "IP address", 0),
    [PIM_REGISTER_FLAG] = UINT("pim.register_flag", "Flags", 4, FIELD_HEX),
    [PIM_REGISTER_FLAG_BORDER] =
	FLAG("pim.register_flag.border", "Border", 4, 0x80000000),
    [PIM_REGISTER_FLAG_NULL_REGISTER] =
	FLAG("pim.register_flag.null_register", "Null-Register", 4, 0x40000000),
    [PIM_IP_VERSION] = BITS("pim.ip_version", "IP version", 1, 0xf0, 0),
    [PIM_NUMGROUPS] = UINT("pim.numgroups", "Num groups", 1, 0),
    [PIM_NUMJOINS] = UINT("pim.numjoins", "Num joins", 2, 0),
    [PIM_NUMPRUNES] = UINT("pim.numprunes", "Num prunes", 2, 0),
    [PIM_RPT] = FLAG("pim.rpt", "RP tree", 1, 0x80),
    [PIM_METRIC_PREF] =
	BITS("pim.metric_pref", "Metric preference", 4, 0x7fffffff, 0),
    [PIM_METRIC] = UINT("pim.metric", "Metric", 4, 0),
    [PIM_FRAGMENT_TAG] = UINT("pim.fragment_tag", "Fragment tag", 2, FIELD_HEX),
    [PIM_HASH_MASK_LEN] = UINT("pim.hash_mask_len", "Hash mask len", 1, 0),
    [PIM_BSR_PRIORITY] = UINT("pim.bsr_priority", "BSR priority", 1, 0),
    [PIM_RP_COUNT] = UINT("pim.rp_count", "RP count", 1, 0),
    [PIM_FRP_COUNT] = UINT("pim.frp_count", "FRP count", 1, 0),
    [PIM_PRIORITY] = UINT("pim.priority", "Priority", 1, 0),
    [PIM_PREFIX_COUNT] = UINT("pim.prefix_count", "Prefix-count", 1, 0),
    [PIM_DF_ELECT_SUBTYPE] = {"pim.df_elect.subtype", "DF subtype", df_names,
			      .mask = 0xf0, .type = FIELD_UINT, .width = 1,
			      .flags = 0},
    [PIM_DF_ELECT_RSVD] = BITS("pim.df_elect.rsvd", "DF reserved", 1, 0xf, 0),
};

/* An encoded unicast address; role: its field for IPv4, then one for IPv6. */
static void take_unicast(struct dissect *d, struct cur *c, unsigned role)
{
	unsigned family =
	    (unsigned)take(d, c, &fields[PIM_ADDR_ADDRESS_FAMILY]);
	struct cur look;

	take(d, c, &fields[PIM_ADDR_ENCODING_TYPE]);
	look = *c;
	if (family == FAMILY_IPV4) {
		take(d, c, &fields[PIM_UNICAST]);
		take(d, &look, &fields[role]);
	} else if (family == FAMILY_IPV6) {
		take(d, c, &fields[PIM_UNICAST_IPV6]);
		take(d, &look, &fields[role + 1]);
	} else {
		cur_bad(c);
	}
}

/* An encoded group or source address; role: as above, of a second field with
   the same value. Of a group there is the address alone and as a set. */
static void take_masked(struct dissect *d, struct cur *c, bool group,
			unsigned role)
{
	unsigned family =
	    (unsigned)take(d, c, &fields[PIM_ADDR_ADDRESS_FAMILY]);
	unsigned one = group ? PIM_GROUP : PIM_SOURCE;
	struct cur look;

	take(d, c, &fields[PIM_ADDR_ENCODING_TYPE]);
	if (group)
		take_bits(d, c, &fields[PIM_GROUP_ADDR_FLAGS],
			  &fields[PIM_GROUP_ADDR_FLAGS_Z]);
	else
		take_bits(d, c, &fields[PIM_SOURCE_ADDR_FLAGS],
			  &fields[PIM_SOURCE_ADDR_FLAGS_R]);
	take(d, c, &fields[PIM_MASK_LEN]);
	if (family != FAMILY_IPV4 && family != FAMILY_IPV6) {
		cur_bad(c);
		return;
	}
	look = *c;
	take(d, &look, &fields[family == FAMILY_IPV6 ? one + 1 : one]);
	take(d, c, &fields[family == FAMILY_IPV6 ? role + 1 : role]);
}

static void decode_option(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case 1:
		take(d, c, &fields[PIM_HOLDTIME]);
		break;
	case 2:
		if (!cur_has(c, 2))
			return;
		add_bits_rows(d, &fields[PIM_T], &fields[PIM_PROPAGATION_DELAY],
			      cur_be16(c));
		take(d, c, &fields[PIM_OVERRIDE_INTERVAL]);
		break;
	case 19:
		take(d, c, &fields[PIM_DR_PRIORITY]);
		break;
	case 20:
		take(d, c, &fields[PIM_GENERATION_ID]);
		break;
	case 21:
		take_rows(d, c, &fields[PIM_STATE_REFRESH_VERSION],
			  &fields[PIM_STATE_REFRESH_RESERVED]);
		break;
	case 24:
	case 65001:
		while (c->state == CUR_OK && c->claim >= 6)
			take_unicast(d, c, PIM_ADDRESS_LIST);
		break;
	}
}

static void decode_hello(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned type;

	while (c->state == CUR_OK && c->claim >= 4) {
		type = (unsigned)take(d, c, &fields[PIM_OPTIONTYPE]);
		body =
		    cur_part(c, (size_t)take(d, c, &fields[PIM_OPTIONLENGTH]));
		decode_option(d, &body, type);
	}
}

static void decode_register(struct dissect *d, struct cur *c)
{
	struct cur look;
	unsigned version;

	take_bits(d, c, &fields[PIM_REGISTER_FLAG],
		  &fields[PIM_REGISTER_FLAG_NULL_REGISTER]);
	if (c->claim == 0)
		return;
	look = *c;
	version = (unsigned)take(d, &look, &fields[PIM_IP_VERSION]);
	if (version == 4)
		next_proto(d, c, PROTO_ip);
	else if (version == 6)
		next_proto(d, c, PROTO_ipv6);
}

static void decode_join_prune(struct dissect *d, struct cur *c)
{
	unsigned groups, joins, prunes;

	take_unicast(d, c, PIM_UPSTREAM_NEIGHBOR);
	cur_skip(c, 1);
	groups = (unsigned)take(d, c, &fields[PIM_NUMGROUPS]);
	take(d, c, &fields[PIM_HOLDTIME]);
	for (; groups > 0 && c->state == CUR_OK; groups--) {
		take_masked(d, c, true, PIM_GROUP);
		joins = (unsigned)take(d, c, &fields[PIM_NUMJOINS]);
		prunes = (unsigned)take(d, c, &fields[PIM_NUMPRUNES]);
		for (; joins > 0 && c->state == CUR_OK; joins--)
			take_masked(d, c, false, PIM_JOIN_IP);
		for (; prunes > 0 && c->state == CUR_OK; prunes--)
			take_masked(d, c, false, PIM_PRUNE_IP);
	}
}

static void decode_bootstrap(struct dissect *d, struct cur *c)
{
	unsigned n;

	take_rows(d, c, &fields[PIM_FRAGMENT_TAG], &fields[PIM_BSR_PRIORITY]);
	take_unicast(d, c, PIM_BSR);
	while (c->state == CUR_OK && c->claim >= 8) {
		take_masked(d, c, true, PIM_GROUP);
		take(d, c, &fields[PIM_RP_COUNT]);
		n = (unsigned)take(d, c, &fields[PIM_FRP_COUNT]);
		cur_skip(c, 2);
		for (; n > 0 && c->state == CUR_OK; n--) {
			take_unicast(d, c, PIM_RP);
			take(d, c, &fields[PIM_HOLDTIME]);
			take(d, c, &fields[PIM_PRIORITY]);
			cur_skip(c, 1);
		}
	}
}

static void decode_assert(struct dissect *d, struct cur *c)
{
	take_masked(d, c, true, PIM_GROUP);
	take_unicast(d, c, PIM_SOURCE);
	if (!cur_has(c, 4))
		return;
	add_bits_rows(d, &fields[PIM_RPT], &fields[PIM_METRIC_PREF],
		      cur_be32(c));
	take(d, c, &fields[PIM_METRIC]);
}

static void decode_candidate(struct dissect *d, struct cur *c)
{
	unsigned n = (unsigned)take(d, c, &fields[PIM_PREFIX_COUNT]);

	take(d, c, &fields[PIM_PRIORITY]);
	take(d, c, &fields[PIM_HOLDTIME]);
	take_unicast(d, c, PIM_RP);
	for (; n > 0 && c->state == CUR_OK; n--)
		take_masked(d, c, true, PIM_GROUP);
}

static void decode_body(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case HELLO:
		decode_hello(d, c);
		break;
	case REGISTER:
		decode_register(d, c);
		break;
	case REGISTER_STOP:
		take_masked(d, c, true, PIM_GROUP);
		take_unicast(d, c, PIM_SOURCE);
		break;
	case JOIN_PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		decode_join_prune(d, c);
		break;
	case BOOTSTRAP:
		decode_bootstrap(d, c);
		break;
	case ASSERT:
		decode_assert(d, c);
		break;
	case DF_ELECTION:
		take_unicast(d, c, PIM_RP);
		take_rows(d, c, &fields[PIM_METRIC_PREF], &fields[PIM_METRIC]);
		break;
	case CANDIDATE_RP:
		decode_candidate(d, c);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, second;

	if (!cur_has(c, 2))
		return;
	first = cur_u8(c);
	/* nothing else leads on */
	if ((first & 15) != REGISTER && !d->want_end)
		return;
	add_bits_rows(d, &fields[PIM_VERSION], &fields[PIM_TYPE], first);
	second = cur_u8(c);
	if ((first & 15) == DF_ELECTION)
		add_bits_rows(d, &fields[PIM_DF_ELECT_SUBTYPE],
			      &fields[PIM_DF_ELECT_RSVD], second);
	take(d, c, &fields[PIM_CKSUM]);
	d->layer->fact[FACT_TYPE] = first & 15;
	if (first >> 4 == 2)
		decode_body(d, c, first & 15);
}

static void summary(struct summary *l)
{
	const struct value *version = summary_value(l, PIM_VERSION);
	unsigned type = l->layer->fact[FACT_TYPE];

	if (!version) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "PIMv%u, ", (unsigned)version->num);
	if (version->num == 2 && names_get(type_names, type))
		summary_puts(l, names_get(type_names, type));
	else
		summary_printf(l, "type %u", type);
	summary_printf(l, ", length %u", l->layer->len);
	if (l->next && type == REGISTER)
		summary_puts(l, l->o->verbose ? "\n\t" : " ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct onward onward = {
    .mask = 0x0f, .n = 1, .values = {REGISTER}, .space = KEY_SPACES};
static const struct key keys[] = {{KEY_IPPROTO, 103}};

const struct proto proto_pim = {
    "pim",
    "Protocol Independent Multicast",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .onward = &onward,
    .decode = decode,
    .summary = summary,
};
