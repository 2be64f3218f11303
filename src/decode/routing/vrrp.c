/*
 * Virtual router redundancy, versions 2 and 3 (RFC 3768, 5798). CARP shares
 * its IP protocol number: carp.c.
 *
 *	version and type (1), virtual router (1), priority (1), addresses (1),
 *	version 2: authentication (1), interval in s (1); version 3: interval
 *	in 1/100 s (2); checksum (2), the addresses, version 2: 8 bytes of
 *	password
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	VRRP_TYPEVER,
	VRRP_VERSION,
	VRRP_TYPE,
	VRRP_VIRT_RTR_ID,
	VRRP_PRIO,
	VRRP_ADDR_COUNT,
	VRRP_AUTH_TYPE,
	VRRP_ADVER_INT,
	VRRP_RESERVED_MBZ,
	VRRP_SHORT_ADVER_INT,
	VRRP_CHECKSUM,
	VRRP_IP_ADDR,
	VRRP_IPV6_ADDR,
	VRRP_AUTH_STRING,
};

static const struct names type_names[] = {{1, "Advertisement"}, {0, NULL}};

static const struct names priority_names[] = {
    {0, "stopped"}, {255, "owner of the addresses"}, {0, NULL}};

static const struct names auth_names[] = {
    {0, "none"}, {1, "simple"}, {2, "ah"}, {0, NULL}};

static const struct field fields[] = {
    [VRRP_TYPEVER] =
	UINT("vrrp.typever", "VRRP message version and type", 1, 0),
    [VRRP_VERSION] =
	BITS("vrrp.version", "VRRP protocol version", 1, 0xf0, FIELD_LINE),
    [VRRP_TYPE] = {"vrrp.type", "VRRP packet type", type_names, .mask = 0xf,
		   .type = FIELD_UINT, .width = 1, .flags = FIELD_LINE},
    [VRRP_VIRT_RTR_ID] =
	UINT("vrrp.virt_rtr_id", "Virtual rtr id", 1, FIELD_LINE),
    [VRRP_PRIO] = NAMED("vrrp.prio", "Priority", 1, FIELD_LINE, priority_names),
    [VRRP_ADDR_COUNT] = UINT("vrrp.addr_count", "Addr count", 1, 0),
    [VRRP_AUTH_TYPE] =
	NAMED("vrrp.auth_type", "Auth type", 1, FIELD_LINE, auth_names),
    [VRRP_ADVER_INT] = UINT("vrrp.adver_int", "Adver int", 1, FIELD_LINE),
    [VRRP_RESERVED_MBZ] = BITS("vrrp.reserved_mbz", "Reserved", 2, 0xf000, 0),
    [VRRP_SHORT_ADVER_INT] =
	BITS("vrrp.short_adver_int", "Adver int", 2, 0xfff, FIELD_LINE),
    [VRRP_CHECKSUM] = UINT("vrrp.checksum", "Checksum", 2, FIELD_HEX),
    [VRRP_IP_ADDR] = IPV4("vrrp.ip_addr", "IP address", 0),
    [VRRP_IPV6_ADDR] = IPV6("vrrp.ipv6_addr", "IPv6 address", 0),
    [VRRP_AUTH_STRING] = TEXT("vrrp.auth_string", "Authentication string", 0),
};

/* Both protocols have the number 112, and CARP says 2 as version; its length of
   authentication, 7, is where the number of addresses is. */
static bool is_carp(struct cur look)
{
	unsigned version = cur_u8(&look) >> 4;

	cur_skip(&look, 2);
	return version == 2 && cur_u8(&look) == 7 && look.claim == 32;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned version, n;

	if (is_carp(*c)) {
		d->layer->fact[0] = 1;
		next_proto(d, c, PROTO_carp);
		return;
	}
	version = (unsigned)take_bits(d, c, &fields[VRRP_TYPEVER],
				      &fields[VRRP_TYPE]) >>
		  4;
	take_rows(d, c, &fields[VRRP_VIRT_RTR_ID], &fields[VRRP_PRIO]);
	n = (unsigned)take(d, c, &fields[VRRP_ADDR_COUNT]);
	if (version < 3) {
		take_rows(d, c, &fields[VRRP_AUTH_TYPE],
			  &fields[VRRP_ADVER_INT]);
	} else if (cur_has(c, 2)) {
		add_bits_rows(d, &fields[VRRP_RESERVED_MBZ],
			      &fields[VRRP_SHORT_ADVER_INT], cur_be16(c));
	}
	take(d, c, &fields[VRRP_CHECKSUM]);
	for (; n > 0 && c->state == CUR_OK; n--)
		take(d, c,
		     &fields[d->net && d->net->n_addr == 16 ? VRRP_IPV6_ADDR
							    : VRRP_IP_ADDR]);
	if (version == 2 && c->claim >= 8)
		take_padded(d, c, &fields[VRRP_AUTH_STRING], 8);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned version;

	if (l->layer->fact[0])
		return;
	summary_get(l, &got);
	if (!summary_has(&got, VRRP_PRIO)) {
		summary_mark(l);
		return;
	}
	version = (unsigned)got.v[VRRP_VERSION].num;
	summary_printf(
	    l, "VRRPv%u, %s, vrid %u, prio %u", version,
	    names_or(type_names, got.v[VRRP_TYPE].num, "unknown type"),
	    (unsigned)got.v[VRRP_VIRT_RTR_ID].num,
	    (unsigned)got.v[VRRP_PRIO].num);
	if (version < 3)
		summary_printf(
		    l, ", authtype %s, intvl %us",
		    names_or(auth_names, got.v[VRRP_AUTH_TYPE].num, "unknown"),
		    (unsigned)got.v[VRRP_ADVER_INT].num);
	else
		summary_printf(l, ", intvl %ucs",
			       (unsigned)got.v[VRRP_SHORT_ADVER_INT].num);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_carp, PROTO_NONE};
static const struct key keys[] = {{KEY_IPPROTO, 112}};

const struct proto proto_vrrp = {
    "vrrp",
    "Virtual Router Redundancy Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
