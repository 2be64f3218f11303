/* The fields of BGP and the names of their values. */
#include "decode/routing/bgp.h"

const struct names bgp_type_names[] = {
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
    {65, "AS numbers of four bytes"},
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

const struct names bgp_error_names[] = {
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

const struct field bgp_fields[BGP_FIELDS] = {
    [BGP_MARKER] = BYTES("bgp.marker", "Marker", 16, 0),
    [BGP_LENGTH] = UINT("bgp.length", "Length", 2, 0),
    [BGP_TYPE] = NAMED("bgp.type", "Type", 1, FIELD_LINE, bgp_type_names),
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
    [BGP_CAP_RESERVED] = BYTES("bgp.cap.reserved", "Reserved", 1, 0),
    [BGP_CAP_GR_TIMERS] =
	UINT("bgp.cap.gr.timers", "Graceful restart", 2, FIELD_HEX),
    [BGP_CAP_GR_RESTART] =
	FLAG("bgp.cap.gr.timers.restart_flag", "Has restarted", 2, 0x8000),
    [BGP_CAP_GR_NOTIFICATION] = FLAG("bgp.cap.gr.timers.notification_flag",
				     "Graceful after notifications", 2, 0x4000),
    [BGP_CAP_GR_TIME] =
	BITS("bgp.cap.gr.timers.restart_time", "Restart time, s", 2, 0x0fff, 0),
    [BGP_CAP_GR_AFI] =
	UINT("bgp.cap.gr.afi", "Address family identifier (AFI)", 2, 0),
    [BGP_CAP_GR_SAFI] = UINT(
	"bgp.cap.gr.safi", "Subsequent address family identifier (SAFI)", 1, 0),
    [BGP_CAP_GR_FLAG] = UINT("bgp.cap.gr.flag", "Flags", 1, FIELD_HEX),
    [BGP_CAP_GR_PRESERVED] =
	FLAG("bgp.cap.gr.flag.pfs", "Forwarding state preserved", 1, 0x80),
    [BGP_CAP_AP_AFI] =
	UINT("bgp.cap.ap.afi", "Address family identifier (AFI)", 2, 0),
    [BGP_CAP_AP_SAFI] = UINT(
	"bgp.cap.ap.safi", "Subsequent address family identifier (SAFI)", 1, 0),
    [BGP_CAP_AP_SENDRECEIVE] = UINT("bgp.cap.ap.sendreceive",
				    "Paths are received (1), sent (2)", 1, 0),
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
    [BGP_MP_NEXT_HOP] = BYTES(
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
    [BGP_PATH_ID] = UINT("bgp.nlri_path_id", "Path identifier", 4, 0),
    [BGP_PREFIX_LENGTH] = UINT("bgp.prefix_length", "Prefix length", 1, 0),
    [BGP_NLRI_PREFIX] = IPV4("bgp.nlri_prefix", "NLRI prefix", FIELD_LINE),
    [BGP_NOTIFY_MAJOR_ERROR] =
	NAMED("bgp.notify.major_error", "Major error code", 1, FIELD_LINE,
	      bgp_error_names),
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
