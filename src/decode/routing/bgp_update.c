/*
 * Updates of BGP-4 (RFC 4271, 4760): path attributes and prefixes.
 *
 *	attribute: flags (1), type (1), length (1 or 2), value
 *	prefix: bits (1), as many bytes as they need
 */
#include "base/array.h"
#include "base/be.h"
#include "decode/routing/bgp.h"

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

/* Do prefixes with path identifiers (RFC 7911) fill c to its end, and such
   without not? Whether there are any was agreed when the connection was made;
   a length of 0 is only that of a sole default route. */
static bool has_paths(struct cur c, unsigned most)
{
	struct cur look = c;
	unsigned bits;

	while (look.state == CUR_OK && look.claim > 0) {
		bits = cur_u8(&look);
		if (bits > most || (bits == 0 && c.claim > 1))
			break;
		cur_skip(&look, (bits + 7) / 8);
	}
	if (look.state == CUR_OK && look.claim == 0)
		return false;
	while (c.state == CUR_OK && c.claim > 0) {
		cur_skip(&c, 4);
		bits = cur_u8(&c);
		if (bits > most)
			return false;
		cur_skip(&c, (bits + 7) / 8);
	}
	return c.state == CUR_OK;
}

/* Prefixes of one family, to the end. */
static void take_prefixes(struct dissect *d, struct cur *c, unsigned safi,
			  unsigned field)
{
	unsigned width = bgp_fields[field].width, bits, before, n;
	uint8_t address[16];
	const uint8_t *p;
	char *room;
	bool paths = (safi == SAFI_UNICAST || safi == SAFI_MULTICAST) &&
		     has_paths(*c, 8 * width);

	while (c->state == CUR_OK && c->claim > 0) {
		if (paths)
			take(d, c, &bgp_fields[BGP_PATH_ID]);
		bits = (unsigned)take(d, c, &bgp_fields[BGP_PREFIX_LENGTH]);
		before = skip_labels(c, safi);
		n = (bits - before + 7) / 8;
		if (before > bits || n > width) {
			cur_bad(c);
			return;
		}
		p = cur_bytes(c, n);
		if (!p || !wants(d, &bgp_fields[field]))
			continue;
		memset(address, 0, sizeof(address));
		memcpy(address, p, n);
		if (width == 4) {
			add_uint(d, &bgp_fields[field], be32(address));
		} else if ((room = scratch_room(d, width)) != NULL) {
			memcpy(room, address, width);
			add_bytes(d, &bgp_fields[field], room, width);
		}
	}
}

/* Do segments with AS numbers of n bytes fill c to its end? */
static bool path_fits(struct cur look, unsigned n)
{
	while (look.state == CUR_OK && look.claim >= 2) {
		cur_skip(&look, 1);
		cur_skip(&look, (size_t)cur_u8(&look) * n);
	}
	return look.state == CUR_OK && look.claim == 0;
}

/* AS numbers have two bytes or four, as was agreed when the connection was
   made: told by what fits. */
static void decode_as_path(struct dissect *d, struct cur *c, bool four)
{
	unsigned n;

	if (!four)
		four = !path_fits(*c, 2) && path_fits(*c, 4);
	while (c->state == CUR_OK && c->claim >= 2) {
		take(d, c,
		     &bgp_fields
			 [BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_TYPE]);
		n = (unsigned)take(
		    d, c,
		    &bgp_fields
			[BGP_UPDATE_PATH_ATTRIBUTE_AS_PATH_SEGMENT_LENGTH]);
		for (; n > 0 && c->state == CUR_OK; n--)
			take(
			    d, c,
			    &bgp_fields
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
	    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_AFI]);
	safi = (unsigned)take(
	    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_REACH_NLRI_SAFI]);
	hop = *c;
	len = cur_u8(&hop);
	/* the length is a part of the value */
	if (!take_bytes(d, c, &bgp_fields[BGP_MP_NEXT_HOP], 1 + len))
		return;
	if (safi == SAFI_VPN)
		cur_skip(&hop, DISTINGUISHER_LEN);
	if (len == 4 || len == 12)
		take(d, &hop, &bgp_fields[BGP_MP_NEXT_HOP4]);
	else if (len >= 16)
		take(d, &hop, &bgp_fields[BGP_MP_NEXT_HOP6]);
	take(d, c, &bgp_fields[BGP_MP_SNPA]);
	take_family(d, c, afi, safi, BGP_MP_REACH_NLRI_IPV4_PREFIX);
}

static void decode_mp_unreach(struct dissect *d, struct cur *c)
{
	unsigned afi, safi;

	afi = (unsigned)take(
	    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_AFI]);
	safi = (unsigned)take(
	    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_MP_UNREACH_NLRI_SAFI]);
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

static void decode_attributes(struct dissect *d, struct cur *c, unsigned depth);

static void decode_value(struct dissect *d, struct cur *c, unsigned type,
			 unsigned depth)
{
	unsigned i;

	switch (type) {
	case AS_PATH:
	case AS4_PATH:
		decode_as_path(d, c, type == AS4_PATH);
		return;
	case AGGREGATOR:
	case AS4_AGGREGATOR:
		add_uint(d,
			 &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_AS],
			 c->claim == 8 ? cur_be32(c) : cur_be16(c));
		take(d, c,
		     &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_AGGREGATOR_ORIGIN]);
		return;
	case ATTRIBUTE_SET:
		cur_skip(c, 4); /* the origin's AS */
		decode_attributes(d, c, depth + 1);
		return;
	case MP_REACH:
		decode_mp_reach(d, c);
		return;
	case MP_UNREACH:
		decode_mp_unreach(d, c);
		return;
	}
	for (i = 0; i < ARRAY_LEN(simple); i++)
		while (simple[i].type == type && c->state == CUR_OK &&
		       c->claim > 0)
			take_rows(d, c, &bgp_fields[simple[i].first],
				  &bgp_fields[simple[i].last]);
}

/* depth: how many sets of attributes (RFC 6368) these are in */
static void decode_attributes(struct dissect *d, struct cur *c, unsigned depth)
{
	unsigned flags, type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 3) {
		flags = (unsigned)take_bits(
		    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_FLAGS],
		    &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_FLAGS_UNUSED]);
		type = (unsigned)take(
		    d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_TYPE_CODE]);
		len = flags & FLAG_EXTENDED ? cur_be16(c) : cur_u8(c);
		if (c->state != CUR_OK)
			return;
		add_uint(d, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTE_LENGTH], len);
		body = cur_part(c, len);
		if (type != ATTRIBUTE_SET || depth < SETS)
			decode_value(d, &body, type, depth);
	}
}

void bgp_update(struct dissect *d, struct cur *c)
{
	struct cur part;

	part = cur_part(
	    c, (size_t)take(d, c,
			    &bgp_fields[BGP_UPDATE_WITHDRAWN_ROUTES_LENGTH]));
	take_prefixes(d, &part, SAFI_UNICAST, BGP_WITHDRAWN_PREFIX);
	part = cur_part(
	    c,
	    (size_t)take(d, c, &bgp_fields[BGP_UPDATE_PATH_ATTRIBUTES_LENGTH]));
	decode_attributes(d, &part, 0);
	take_prefixes(d, c, SAFI_UNICAST, BGP_NLRI_PREFIX);
}
