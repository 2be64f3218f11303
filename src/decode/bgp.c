/*
 * BGP-4 (RFC 4271): all messages, path attributes, prefixes; with
 * capabilities (RFC 5492), other address families (RFC 4760) and route refresh
 * (RFC 2918).
 *
 *	marker (16), length (2), type (1), then what the type has
 *	attribute: flags (1), type (1), length (1 or 2), value
 *	prefix: bits (1), as many octets as they need
 */
#include "decode/rows.h"

enum {
	BGP_MARKER,
	BGP_LENGTH,
	BGP_TYPE,
	BGP_OPEN_VERSION,
	BGP_OPEN_MYAS,
	BGP_OPEN_HOLDTIME,
	BGP_OPEN_IDENTIFIER,
	BGP_OPEN_OPT_LEN,
	BGP_OPEN_OPT_PARAM_TYPE,
	BGP_OPEN_OPT_PARAM_LEN,
	BGP_CAP_TYPE,
	BGP_CAP_LENGTH,
	BGP_CAP_MP_AFI,
	BGP_CAP_MP_SAFI,
	BGP_CAP_4AS,
	BGP_UPDATE_WITHDRAWN_ROUTES_LENGTH,
	BGP_WITHDRAWN_PREFIX,
	BGP_UPDATE_PATH_ATTRIBUTES_LENGTH,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_OPTIONAL,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_TRANSITIVE,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_PARTIAL,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_EXTENDED_LENGTH,
	BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_UNUSED,
	BGP_UPDATE_PATH_ATTRIBUTE_TYPE_CODE,
	BGP_UPDATE_PATH_ATTRIBUTE_LENGTH,
	BGP_UPDATE_PATH_ATTRIBUTE_ORIGIN,
	BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_TYPE,
	BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_LENGTH,
	BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_AS2,
	BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_AS4,
	BGP_UPDATE_PATH_ATTRIBUTE_NEXT_HOP,
	BGP_UPDATE_PATH_ATTRIBUTE_MULTI_EXIT_DISC,
	BGP_UPDATE_PATH_ATTRIBUTE_LOCAL_PREF,
	BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_AS,
	BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_ORIGIN,
	BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_AS,
	BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_VALUE,
	BGP_UPDATE_PATH_ATTRIBUTE_ORIGINATOR_ID,
	BGP_PATH_ATTRIBUTE_CLUSTER_ID,
	BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_AFI,
	BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_SAFI,
	BGP_MP_NEXT_HOP,
	BGP_MP_NEXT_HOP4,
	BGP_MP_NEXT_HOP6,
	BGP_MP_SNPA,
	BGP_MP_REACH_NLRI_IPV4_PREFIX,
	BGP_MP_REACH_NLRI_IPV6_PREFIX,
	BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_AFI,
	BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_SAFI,
	BGP_MP_UNREACH_NLRI_IPV4_PREFIX,
	BGP_MP_UNREACH_NLRI_IPV6_PREFIX,
	BGP_LARGE_COMMUNITIES_GA,
	BGP_LARGE_COMMUNITIES_LDP1,
	BGP_LARGE_COMMUNITIES_LDP2,
	BGP_PREFIX_LENGTH,
	BGP_NLRI_PREFIX,
	BGP_NOTIFY_MAJOR_ERROR,
	BGP_NOTIFY_MINOR_ERROR,
	BGP_MINOR_OPEN,
	BGP_MINOR_UPDATE,
	BGP_MINOR_CEASE,
	BGP_NOTIFY_COMMUNICATION_LENGTH,
	BGP_NOTIFY_COMMUNICATION,
	BGP_ROUTE_REFRESH_AFI,
	BGP_ROUTE_REFRESH_SUBTYPE,
	BGP_ROUTE_REFRESH_SAFI,
};

enum { OPEN = 1, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH };
enum {
	ORIGIN = 1,
	AS_PATH,
	NEXT_HOP,
	MULTI_EXIT_DISC,
	LOCAL_PREF,
	ATOMIC_AGGREGATE,
	AGGREGATOR,
	COMMUNITIES,
	ORIGINATOR_ID,
	CLUSTER_LIST,
	MP_REACH = 14,
	MP_UNREACH,
	EXTENDED_COMMUNITIES,
	AS4_PATH,
	AS4_AGGREGATOR,
	LARGE_COMMUNITIES = 32
};
enum { CAP_MULTIPROTOCOL = 1, CAP_FOUR_OCTET_AS = 65, PARAM_CAPABILITIES = 2 };
enum {
	FLAG_EXTENDED = 0x10,
	AFI_IPV4 = 1,
	AFI_IPV6,
	SAFI_UNICAST = 1,
	SAFI_MULTICAST,
	SAFI_LABELED = 4,
	SAFI_VPN = 128,
	DISTINGUISHER_LEN = 8,
	WITHDRAWN_LABEL = 0x800000
};
enum {
	ERROR_OPEN = 2,
	ERROR_UPDATE,
	ERROR_CEASE = 6,
	HEADER_LEN = 19,
	MARKER_LEN = 16,
	PORT = 179
};

static const struct names type_names[] = {
    {OPEN, "Open"},
    {UPDATE, "Update"},
    {NOTIFICATION, "Notification"},
    {KEEPALIVE, "Keepalive"},
    {ROUTE_REFRESH, "Route Refresh"},
    {0, NULL},
};

static const struct names cap_names[] = {
    {1, "Multiprotocol extensions"},
    {2, "Route refresh"},
    {3, "Outbound route filtering"},
    {5, "Extended next hop"},
    {6, "Extended message"},
    {7, "BGPsec"},
    {8, "Multiple labels"},
    {9, "Role"},
    {64, "Graceful restart"},
    {65, "AS numbers of four octets"},
    {67, "Dynamic capability"},
    {68, "Multisession"},
    {69, "Additional paths"},
    {70, "Enhanced route refresh"},
    {71, "Long-lived graceful restart"},
    {73, "FQDN"},
    {128, "Route refresh (Cisco)"},
    {0, NULL},
};

static const struct names attribute_names[] = {
    {ORIGIN, "Origin"},
    {AS_PATH, "AS path"},
    {NEXT_HOP, "Next hop"},
    {MULTI_EXIT_DISC, "Multiple exit discriminator"},
    {LOCAL_PREF, "Local preference"},
    {ATOMIC_AGGREGATE, "Atomic aggregate"},
    {AGGREGATOR, "Aggregator"},
    {COMMUNITIES, "Communities"},
    {ORIGINATOR_ID, "Originator id"},
    {CLUSTER_LIST, "Cluster list"},
    {MP_REACH, "Reachable, multiprotocol"},
    {MP_UNREACH, "Unreachable, multiprotocol"},
    {EXTENDED_COMMUNITIES, "Extended communities"},
    {AS4_PATH, "AS4 path"},
    {AS4_AGGREGATOR, "AS4 aggregator"},
    {22, "PMSI tunnel"},
    {23, "Tunnel encapsulation"},
    {26, "Accumulated IGP metric"},
    {29, "BGP-LS"},
    {LARGE_COMMUNITIES, "Large communities"},
    {33, "BGPsec path"},
    {35, "Only to customer"},
    {40, "Prefix segment id"},
    {128, "Attribute set"},
    {0, NULL},
};

static const struct names origin_names[] = {
    {0, "IGP"}, {1, "EGP"}, {2, "Incomplete"}, {0, NULL}};

static const struct names error_names[] = {
    {1, "Message Header Error"},
    {ERROR_OPEN, "OPEN Message Error"},
    {ERROR_UPDATE, "UPDATE Message Error"},
    {4, "Hold timer expired"},
    {5, "Finite State Machine Error"},
    {ERROR_CEASE, "Cease"},
    {7, "Route-Refresh Message Error"},
    {0, NULL},
};

static const struct names open_error_names[] = {
    {1, "Unsupported version"},
    {2, "Bad peer AS"},
    {3, "Bad identifier"},
    {4, "Unsupported parameter"},
    {6, "Unacceptable hold time"},
    {7, "Unsupported capability"},
    {0, NULL},
};

static const struct names cease_names[] = {
    {1, "Maximum number of prefixes"},
    {2, "Administrative shutdown"},
    {3, "Peer unconfigured"},
    {4, "Administrative reset"},
    {5, "Connection rejected"},
    {6, "Other configuration change"},
    {7, "Connection collision"},
    {8, "Out of resources"},
    {9, "Hard reset"},
    {10, "BFD down"},
    {0, NULL},
};

static const struct field fields[] = {
    [BGP_MARKER] = OCTETS("bgp.marker", "Marker", 16, 0),
    [BGP_LENGTH] = UINT("bgp.length", "Length", 2, 0),
    [BGP_TYPE] = NAMED("bgp.type", "Type", 1, FIELD_LINE, type_names),
    [BGP_OPEN_VERSION] = UINT("bgp.open.version", "Version", 1, 0),
    [BGP_OPEN_MYAS] = UINT("bgp.open.myas", "My AS", 2, 0),
    [BGP_OPEN_HOLDTIME] = UINT("bgp.open.holdtime", "Hold time", 2, 0),
    [BGP_OPEN_IDENTIFIER] = IPV4("bgp.open.identifier", "BGP identifier", 0),
    [BGP_OPEN_OPT_LEN] =
	UINT("bgp.open.opt.len", "Optional parameters length", 1, 0),
    [BGP_OPEN_OPT_PARAM_TYPE] =
	UINT("bgp.open.opt.param.type", "Parameter type", 1, 0),
    [BGP_OPEN_OPT_PARAM_LEN] =
	UINT("bgp.open.opt.param.len", "Parameter length", 1, 0),
    [BGP_CAP_TYPE] = NAMED("bgp.cap.type", "Type", 1, 0, cap_names),
    [BGP_CAP_LENGTH] = UINT("bgp.cap.length", "Length", 1, 0),
    [BGP_CAP_MP_AFI] = UINT("bgp.cap.mp.afi", "AFI", 2, 0),
    [BGP_CAP_MP_SAFI] = UINT("bgp.cap.mp.safi", "SAFI", 1, 0),
    [BGP_CAP_4AS] = UINT("bgp.cap.4as", "AS number", 4, 0),
    [BGP_UPDATE_WITHDRAWN_ROUTES_LENGTH] = UINT(
	"bgp.update.withdrawn_routes.length", "Withdrawn routes length", 2, 0),
    [BGP_WITHDRAWN_PREFIX] =
	IPV4("bgp.withdrawn_prefix", "Withdrawn prefix", 0),
    [BGP_UPDATE_PATH_ATTRIBUTES_LENGTH] =
	UINT("bgp.update.path_attributes.length", "Total path attribute length",
	     2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS] =
	UINT("bgp.update.path_attribute.flags", "Flags", 1, FIELD_HEX),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_OPTIONAL] =
	FLAG("bgp.update.path_attribute.flags.optional", "Optional", 1, 0x80),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_TRANSITIVE] = FLAG(
	"bgp.update.path_attribute.flags.transitive", "Transitive", 1, 0x40),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_PARTIAL] =
	FLAG("bgp.update.path_attribute.flags.partial", "Partial", 1, 0x20),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_EXTENDED_LENGTH] =
	FLAG("bgp.update.path_attribute.flags.extended_length",
	     "Extended-Length", 1, 0x10),
    [BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_UNUSED] =
	{"bgp.update.path_attribute.flags.unused", "Unused", .mask = 0xf,
	 .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX, .digits = 2},
    [BGP_UPDATE_PATH_ATTRIBUTE_TYPE_CODE] =
	NAMED("bgp.update.path_attribute.type_code", "Type code", 1, 0,
	      attribute_names),
    [BGP_UPDATE_PATH_ATTRIBUTE_LENGTH] =
	UINT("bgp.update.path_attribute.length", "Length", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_ORIGIN] =
	NAMED("bgp.update.path_attribute.origin", "Origin", 1, 0, origin_names),
    [BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_TYPE] = UINT(
	"bgp.update.path_attribute.as_path_segment.type", "Segment type", 1, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_LENGTH] =
	UINT("bgp.update.path_attribute.as_path_segment.length",
	     "Segment length (number of ASN)", 1, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_AS2] =
	UINT("bgp.update.path_attribute.as_path_segment.as2", "AS2", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_AS4] =
	UINT("bgp.update.path_attribute.as_path_segment.as4", "AS4", 4, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_NEXT_HOP] =
	IPV4("bgp.update.path_attribute.next_hop", "Next hop", 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_MULTI_EXIT_DISC] =
	UINT("bgp.update.path_attribute.multi_exit_disc",
	     "Multiple exit discriminator", 4, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_LOCAL_PREF] =
	UINT("bgp.update.path_attribute.local_pref", "Local preference", 4, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_AS] =
	UINT("bgp.update.path_attribute.aggregator_as", "Aggregator AS", 4, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_ORIGIN] = IPV4(
	"bgp.update.path_attribute.aggregator_origin", "Aggregator origin", 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_AS] =
	UINT("bgp.update.path_attribute.community_as", "Community AS", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_VALUE] = UINT(
	"bgp.update.path_attribute.community_value", "Community value", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_ORIGINATOR_ID] = IPV4(
	"bgp.update.path_attribute.originator_id", "Originator identifier", 0),
    [BGP_PATH_ATTRIBUTE_CLUSTER_ID] =
	IPV4("bgp.path_attribute.cluster_id", "Cluster id", 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_AFI] =
	UINT("bgp.update.path_attribute.mp_reach_nlri.afi",
	     "Address family identifier (AFI)", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_SAFI] =
	UINT("bgp.update.path_attribute.mp_reach_nlri.safi",
	     "Subsequent address family identifier (SAFI)", 1, 0),
    [BGP_MP_NEXT_HOP] = OCTETS(
	"bgp.update.path_attribute.mp_reach_nlri.next_hop", "Next hop", 0, 0),
    [BGP_MP_NEXT_HOP4] =
	IPV4("bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4",
	     "IPv4 address", 0),
    [BGP_MP_NEXT_HOP6] =
	IPV6("bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6",
	     "IPv6 address", 0),
    [BGP_MP_SNPA] =
	UINT("bgp.update.path_attribute.mp_reach_nlri.nbr_snpa",
	     "Number of subnetwork points of attachment (SNPA)", 1, 0),
    [BGP_MP_REACH_NLRI_IPV4_PREFIX] =
	IPV4("bgp.mp_reach_nlri_ipv4_prefix", "MP reach NLRI IPv4 prefix", 0),
    [BGP_MP_REACH_NLRI_IPV6_PREFIX] =
	IPV6("bgp.mp_reach_nlri_ipv6_prefix", "MP reach NLRI IPv6 prefix", 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_AFI] =
	UINT("bgp.update.path_attribute.mp_unreach_nlri.afi",
	     "Address family identifier (AFI)", 2, 0),
    [BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_SAFI] =
	UINT("bgp.update.path_attribute.mp_unreach_nlri.safi",
	     "Subsequent address family identifier (SAFI)", 1, 0),
    [BGP_MP_UNREACH_NLRI_IPV4_PREFIX] = IPV4("bgp.mp_unreach_nlri_ipv4_prefix",
					     "MP unreach NLRI IPv4 prefix", 0),
    [BGP_MP_UNREACH_NLRI_IPV6_PREFIX] = IPV6("bgp.mp_unreach_nlri_ipv6_prefix",
					     "MP unreach NLRI IPv6 prefix", 0),
    [BGP_LARGE_COMMUNITIES_GA] =
	UINT("bgp.large_communities.ga", "Global administrator", 4, 0),
    [BGP_LARGE_COMMUNITIES_LDP1] =
	UINT("bgp.large_communities.ldp1", "Local data part 1", 4, 0),
    [BGP_LARGE_COMMUNITIES_LDP2] =
	UINT("bgp.large_communities.ldp2", "Local data part 2", 4, 0),
    [BGP_PREFIX_LENGTH] = UINT("bgp.prefix_length", "Prefix length", 1, 0),
    [BGP_NLRI_PREFIX] = IPV4("bgp.nlri_prefix", "NLRI prefix", FIELD_LINE),
    [BGP_NOTIFY_MAJOR_ERROR] =
	NAMED("bgp.notify.major_error", "Major error code", 1, FIELD_LINE,
	      error_names),
    [BGP_NOTIFY_MINOR_ERROR] =
	UINT("bgp.notify.minor_error", "Minor error code (Message Header)", 1,
	     FIELD_LINE),
    [BGP_MINOR_OPEN] =
	NAMED("bgp.notify.minor_error_open", "Minor error code (Open Message)",
	      1, 0, open_error_names),
    [BGP_MINOR_UPDATE] = UINT("bgp.notify.minor_error_update",
			      "Minor error code (Update Message)", 1, 0),
    [BGP_MINOR_CEASE] = NAMED("bgp.notify.minor_error_cease",
			      "Minor error code (Cease)", 1, 0, cease_names),
    [BGP_NOTIFY_COMMUNICATION_LENGTH] =
	UINT("bgp.notify.communication_length",
	     "BGP shutdown communication length", 1, 0),
    [BGP_NOTIFY_COMMUNICATION] =
	TEXT("bgp.notify.communication", "Shutdown communication", 0),
    [BGP_ROUTE_REFRESH_AFI] =
	UINT("bgp.route_refresh.afi", "Address family identifier (AFI)", 2, 0),
    [BGP_ROUTE_REFRESH_SUBTYPE] =
	UINT("bgp.route_refresh.subtype", "Subtype", 1, 0),
    [BGP_ROUTE_REFRESH_SAFI] =
	UINT("bgp.route_refresh.safi",
	     "Subsequent address family identifier (SAFI)", 1, 0),
};

static void decode_capability(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[BGP_CAP_TYPE]);
	struct cur body =
	    cur_part(c, (size_t)take(d, c, &fields[BGP_CAP_LENGTH]));

	if (type == CAP_MULTIPROTOCOL) {
		take(d, &body, &fields[BGP_CAP_MP_AFI]);
		cur_skip(&body, 1);
		take(d, &body, &fields[BGP_CAP_MP_SAFI]);
	} else if (type == CAP_FOUR_OCTET_AS) {
		take(d, &body, &fields[BGP_CAP_4AS]);
	}
}

static void decode_open(struct dissect *d, struct cur *c)
{
	struct cur params, body;
	unsigned type;

	take_rows(d, c, &fields[BGP_OPEN_VERSION],
		  &fields[BGP_OPEN_IDENTIFIER]);
	params = cur_part(c, (size_t)take(d, c, &fields[BGP_OPEN_OPT_LEN]));
	while (params.state == CUR_OK && params.claim >= 2) {
		type = (unsigned)take(d, &params,
				      &fields[BGP_OPEN_OPT_PARAM_TYPE]);
		body = cur_part(
		    &params,
		    (size_t)take(d, &params, &fields[BGP_OPEN_OPT_PARAM_LEN]));
		while (type == PARAM_CAPABILITIES && body.state == CUR_OK &&
		       body.claim >= 2)
			decode_capability(d, &body);
	}
}

/* The labels before a prefix (RFC 8277), and in a VPN what distinguishes it
   (RFC 4364). Returns how many of its bits they are. */
static unsigned skip_labels(struct cur *c, unsigned safi)
{
	unsigned bits = 0, label;

	if (safi != SAFI_LABELED && safi != SAFI_VPN)
		return 0;
	do {
		label = (unsigned)cur_be16(c) << 8;
		label |= cur_u8(c);
		bits += 24;
	} while (!(label & 1) && label != WITHDRAWN_LABEL && bits < 240 &&
		 c->state == CUR_OK);
	if (safi == SAFI_VPN) {
		cur_skip(c, DISTINGUISHER_LEN);
		bits += 8 * DISTINGUISHER_LEN;
	}
	return bits;
}

/* Prefixes of one family, to the end. */
static void take_prefixes(struct dissect *d, struct cur *c, unsigned safi,
			  unsigned field)
{
	unsigned width = fields[field].width, bits, before, n;
	uint8_t address[16];
	const uint8_t *p;
	char *room;

	while (c->state == CUR_OK && c->claim > 0) {
		bits = (unsigned)take(d, c, &fields[BGP_PREFIX_LENGTH]);
		before = skip_labels(c, safi);
		n = (bits - before + 7) / 8;
		if (before > bits || n > width) {
			cur_bad(c);
			return;
		}
		p = cur_octets(c, n);
		if (!p || !wants(d, &fields[field]))
			continue;
		memset(address, 0, sizeof(address));
		memcpy(address, p, n);
		if (width == 4) {
			note(d, &fields[field],
			     (uint32_t)address[0] << 24 | address[1] << 16 |
				 address[2] << 8 | address[3]);
		} else if ((room = scratch_room(d, width)) != NULL) {
			memcpy(room, address, width);
			note_octets(d, &fields[field], room, width);
		}
	}
}

/* Do segments with AS numbers of n octets fill c to its end? */
static bool path_fits(struct cur look, unsigned n)
{
	while (look.state == CUR_OK && look.claim >= 2) {
		cur_skip(&look, 1);
		cur_skip(&look, (size_t)cur_u8(&look) * n);
	}
	return look.state == CUR_OK && look.claim == 0;
}

/* AS numbers have two octets or four, as was agreed when the connection was
   made: told by what fits. */
static void decode_as_path(struct dissect *d, struct cur *c, bool four)
{
	unsigned n;

	if (!four)
		four = !path_fits(*c, 2) && path_fits(*c, 4);
	while (c->state == CUR_OK && c->claim >= 2) {
		take(d, c,
		     &fields[BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_TYPE]);
		n = (unsigned)take(
		    d, c,
		    &fields[BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_LENGTH]);
		for (; n > 0 && c->state == CUR_OK; n--)
			take(
			    d, c,
			    &fields
				[BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_AS2 +
				 four]);
	}
}

/* Prefixes of an address family; field: of IPv4's, before that of IPv6's. */
static void take_family(struct dissect *d, struct cur *c, unsigned afi,
			unsigned safi, unsigned field)
{
	if (safi != SAFI_UNICAST && safi != SAFI_MULTICAST &&
	    safi != SAFI_LABELED && safi != SAFI_VPN)
		return;
	if (afi == AFI_IPV4)
		take_prefixes(d, c, safi, field);
	else if (afi == AFI_IPV6)
		take_prefixes(d, c, safi, field + 1);
}

static void decode_mp_reach(struct dissect *d, struct cur *c)
{
	unsigned afi, safi, len;
	struct cur hop;

	afi = (unsigned)take(
	    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_AFI]);
	safi = (unsigned)take(
	    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_SAFI]);
	hop = *c;
	len = cur_u8(&hop);
	/* the length is a part of the value */
	if (!take_octets(d, c, &fields[BGP_MP_NEXT_HOP], 1 + len))
		return;
	if (safi == SAFI_VPN)
		cur_skip(&hop, DISTINGUISHER_LEN);
	if (len == 4 || len == 12)
		take(d, &hop, &fields[BGP_MP_NEXT_HOP4]);
	else if (len >= 16)
		take(d, &hop, &fields[BGP_MP_NEXT_HOP6]);
	take(d, c, &fields[BGP_MP_SNPA]);
	take_family(d, c, afi, safi, BGP_MP_REACH_NLRI_IPV4_PREFIX);
}

static void decode_mp_unreach(struct dissect *d, struct cur *c)
{
	unsigned afi, safi;

	afi = (unsigned)take(
	    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_AFI]);
	safi = (unsigned)take(
	    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_SAFI]);
	take_family(d, c, afi, safi, BGP_MP_UNREACH_NLRI_IPV4_PREFIX);
}

/* The attributes that are one number each, or a list of such. */
static const struct {
	uint8_t type, first, last;
} simple[] = {
    {ORIGIN, BGP_UPDATE_PATH_ATTRIBUTE_ORIGIN,
     BGP_UPDATE_PATH_ATTRIBUTE_ORIGIN},
    {NEXT_HOP, BGP_UPDATE_PATH_ATTRIBUTE_NEXT_HOP,
     BGP_UPDATE_PATH_ATTRIBUTE_NEXT_HOP},
    {MULTI_EXIT_DISC, BGP_UPDATE_PATH_ATTRIBUTE_MULTI_EXIT_DISC,
     BGP_UPDATE_PATH_ATTRIBUTE_MULTI_EXIT_DISC},
    {LOCAL_PREF, BGP_UPDATE_PATH_ATTRIBUTE_LOCAL_PREF,
     BGP_UPDATE_PATH_ATTRIBUTE_LOCAL_PREF},
    {COMMUNITIES, BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_AS,
     BGP_UPDATE_PATH_ATTRIBUTE_COMMUNITY_VALUE},
    {ORIGINATOR_ID, BGP_UPDATE_PATH_ATTRIBUTE_ORIGINATOR_ID,
     BGP_UPDATE_PATH_ATTRIBUTE_ORIGINATOR_ID},
    {CLUSTER_LIST, BGP_PATH_ATTRIBUTE_CLUSTER_ID,
     BGP_PATH_ATTRIBUTE_CLUSTER_ID},
    {LARGE_COMMUNITIES, BGP_LARGE_COMMUNITIES_GA, BGP_LARGE_COMMUNITIES_LDP2},
};

static void decode_value(struct dissect *d, struct cur *c, unsigned type)
{
	unsigned i;

	switch (type) {
	case AS_PATH:
	case AS4_PATH:
		decode_as_path(d, c, type == AS4_PATH);
		return;
	case AGGREGATOR:
	case AS4_AGGREGATOR:
		note(d, &fields[BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_AS],
		     c->claim == 8 ? cur_be32(c) : cur_be16(c));
		take(d, c,
		     &fields[BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_ORIGIN]);
		return;
	case MP_REACH:
		decode_mp_reach(d, c);
		return;
	case MP_UNREACH:
		decode_mp_unreach(d, c);
		return;
	}
	for (i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		while (simple[i].type == type && c->state == CUR_OK &&
		       c->claim > 0)
			take_rows(d, c, &fields[simple[i].first],
				  &fields[simple[i].last]);
}

static void decode_attributes(struct dissect *d, struct cur *c)
{
	unsigned flags, type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 3) {
		flags = (unsigned)take_bits(
		    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_FLAGS],
		    &fields[BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_UNUSED]);
		type = (unsigned)take(
		    d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTE_TYPE_CODE]);
		len = flags & FLAG_EXTENDED ? cur_be16(c) : cur_u8(c);
		if (c->state != CUR_OK)
			return;
		note(d, &fields[BGP_UPDATE_PATH_ATTRIBUTE_LENGTH], len);
		body = cur_part(c, len);
		decode_value(d, &body, type);
	}
}

static void decode_update(struct dissect *d, struct cur *c)
{
	struct cur part;

	part = cur_part(
	    c, (size_t)take(d, c, &fields[BGP_UPDATE_WITHDRAWN_ROUTES_LENGTH]));
	take_prefixes(d, &part, SAFI_UNICAST, BGP_WITHDRAWN_PREFIX);
	part = cur_part(
	    c, (size_t)take(d, c, &fields[BGP_UPDATE_PATH_ATTRIBUTES_LENGTH]));
	decode_attributes(d, &part);
	take_prefixes(d, c, SAFI_UNICAST, BGP_NLRI_PREFIX);
}

static void decode_notification(struct dissect *d, struct cur *c)
{
	unsigned major, minor, field, len;

	major = (unsigned)take(d, c, &fields[BGP_NOTIFY_MAJOR_ERROR]);
	if (!cur_has(c, 1))
		return;
	minor = cur_u8(c);
	field = major == ERROR_OPEN	? BGP_MINOR_OPEN
		: major == ERROR_UPDATE ? BGP_MINOR_UPDATE
		: major == ERROR_CEASE	? BGP_MINOR_CEASE
					: BGP_NOTIFY_MINOR_ERROR;
	note(d, &fields[field], minor);
	/* why it was shut down or reset (RFC 8203) */
	if (major == ERROR_CEASE && (minor == 2 || minor == 4) && c->claim) {
		len = (unsigned)take(d, c,
				     &fields[BGP_NOTIFY_COMMUNICATION_LENGTH]);
		if (len > 0)
			take_octets(d, c, &fields[BGP_NOTIFY_COMMUNICATION],
				    len);
	}
}

static void decode_message(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case OPEN:
		decode_open(d, c);
		break;
	case UPDATE:
		decode_update(d, c);
		break;
	case NOTIFICATION:
		decode_notification(d, c);
		break;
	case ROUTE_REFRESH:
		take_rows(d, c, &fields[BGP_ROUTE_REFRESH_AFI],
			  &fields[BGP_ROUTE_REFRESH_SAFI]);
		break;
	}
}

/* Does a message start here? Half of the marker will do: others count on the
   length. */
static bool starts(struct cur look)
{
	const uint8_t *p = cur_octets(&look, MARKER_LEN);
	unsigned i;

	for (i = 0; p && i < MARKER_LEN / 2; i++)
		if (p[i] != 0xff)
			return false;
	return p && cur_be16(&look) >= HEADER_LEN && look.state == CUR_OK;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, type;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= HEADER_LEN && starts(*c)) {
		take(d, c, &fields[BGP_MARKER]);
		len = (unsigned)take(d, c, &fields[BGP_LENGTH]);
		type = (unsigned)take(d, c, &fields[BGP_TYPE]);
		len -= HEADER_LEN;
		/* its rest may be in the next segment */
		body = cur_part(c, len < c->claim ? len : c->claim);
		decode_message(d, &body, type);
	}
}

static bool message(struct cur c, struct framing *f)
{
	if (cur_left(&c) < HEADER_LEN)
		return false;
	if (!starts(c)) {
		f->size = cur_left(&c);
		return true;
	}
	cur_skip(&c, MARKER_LEN);
	f->size = cur_be16(&c);
	return true;
}

static void summary(struct line *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *before = "BGP: ";

	for (; v < end; v++) {
		if (line_index(l, v) == BGP_TYPE) {
			line_printf(l, "%s%s", before,
				    names_or(type_names, v->num, "Unknown"));
			before = ", ";
		} else if (line_index(l, v) == BGP_NOTIFY_MAJOR_ERROR) {
			line_printf(l, " (%s)",
				    names_or(error_names, v->num, "Unknown"));
		}
	}
	if (*before == 'B')
		line_puts(l, "BGP");
	line_mark(l);
}

static const struct key keys[] = {{KEY_TCP_PORT, PORT}};

const struct proto proto_bgp = {
    "bgp",
    "Border Gateway Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .message = message,
};
