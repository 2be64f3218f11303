/*
 * DHCPv6 (RFC 8415), with the options of RFC 3646, 4704, 5908, 5970, 6334.
 *
 *	type (1), transaction (3), options
 *	relayed: type (1), hops (1), link (16), peer (16), options
 *	option: code (2), length (2), value
 *
 * Options hold options, and relayed messages messages; this ends at
 * DEPTH_MOST.
 */
#include "base/array.h"
#include "decode/lib/rows.h"

enum {
	D6_TYPE,
	D6_XID,
	D6_HOPS,
	D6_LINK,
	D6_PEER,
	D6_OPTION,
	D6_OPTION_LENGTH,
	D6_DUID,
	D6_DUID_TYPE,
	D6_LLT_HARDWARE,
	D6_LLT_TIME,
	D6_LLT_ADDRESS,
	D6_LL_HARDWARE,
	D6_LL_ADDRESS,
	D6_EN_ENTERPRISE,
	D6_EN_ID,
	D6_UUID,
	D6_IAID,
	D6_T1,
	D6_T2,
	D6_IATA,
	D6_ADDRESS,
	D6_PREFERRED,
	D6_VALID,
	D6_PREFIX_PREFERRED,
	D6_PREFIX_VALID,
	D6_PREFIX_LENGTH,
	D6_PREFIX,
	D6_REQUESTED,
	D6_PREFERENCE,
	D6_ELAPSED,
	D6_STATUS,
	D6_STATUS_TEXT,
	D6_USER_CLASS_LENGTH,
	D6_USER_CLASS,
	D6_VENDOR_CLASS,
	D6_VENDOR_CLASS_DATA,
	D6_VENDOR,
	D6_VENDOR_CODE,
	D6_VENDOR_LENGTH,
	D6_VENDOR_DATA,
	D6_INTERFACE,
	D6_RECONFIGURE,
	D6_SIP_DOMAIN,
	D6_SIP_SERVER,
	D6_DNS,
	D6_SEARCH,
	D6_SNTP,
	D6_REMOTE_ENTERPRISE,
	D6_REMOTE_ID,
	D6_FQDN_FLAGS,
	D6_FQDN,
	D6_NTP_TYPE,
	D6_NTP_LENGTH,
	D6_NTP_ADDRESS,
	D6_NTP_MULTICAST,
	D6_NTP_FQDN,
	D6_AFTR,
	D6_MUD,
};

enum { RELAY_FORWARD = 12, RELAY_REPLY = 13 };

enum { DEPTH_MOST = 8, NAME_MOST = 256 };

static const struct names type_names[] = {
    {1, "solicit"},
    {2, "advertise"},
    {3, "request"},
    {4, "confirm"},
    {5, "renew"},
    {6, "rebind"},
    {7, "reply"},
    {8, "release"},
    {9, "decline"},
    {10, "reconfigure"},
    {11, "inf-req"},
    {RELAY_FORWARD, "relay-fwd"},
    {RELAY_REPLY, "relay-reply"},
    {14, "lease-query"},
    {15, "lease-query-reply"},
    {0, NULL},
};

static const struct names option_names[] = {
    {1, "client-ID"},
    {2, "server-ID"},
    {3, "IA_NA"},
    {4, "IA_TA"},
    {5, "IA_ADDR"},
    {6, "option-request"},
    {7, "preference"},
    {8, "elapsed-time"},
    {9, "relay-message"},
    {11, "authentication"},
    {12, "server-unicast"},
    {13, "status-code"},
    {14, "rapid-commit"},
    {15, "user-class"},
    {16, "vendor-class"},
    {17, "vendor-specific-info"},
    {18, "interface-ID"},
    {19, "reconfigure-message"},
    {20, "reconfigure-accept"},
    {21, "SIP-servers-domain"},
    {22, "SIP-servers-address"},
    {23, "DNS-server"},
    {24, "DNS-search-list"},
    {25, "IA_PD"},
    {26, "IA_PD-prefix"},
    {31, "SNTP-servers"},
    {37, "remote-ID"},
    {39, "Client-FQDN"},
    {56, "NTP-server"},
    {59, "boot-file-URL"},
    {64, "AFTR-Name"},
    {112, "Manufacturer-usage-description"},
    {0, NULL},
};

static const struct names status_names[] = {
    {0, "Success"},	  {1, "UnspecFail"}, {2, "NoAddrAvail"},
    {3, "NoBinding"},	  {4, "NotOnLink"},  {5, "UseMulticast"},
    {6, "NoPrefixAvail"}, {0, NULL},
};

static const struct names duid_names[] = {
    {1, "hwaddr/time"}, {2, "vid"}, {3, "hwaddr"}, {4, "uuid"}, {0, NULL}};

static const struct field fields[] = {
    [D6_TYPE] = NAMED("dhcpv6.msgtype", "Message", 1, FIELD_LINE, type_names),
    [D6_XID] = UINT("dhcpv6.xid", "Transaction", 3, FIELD_HEX | FIELD_LINE),
    [D6_HOPS] = UINT("dhcpv6.hopcount", "Hops", 1, 0),
    [D6_LINK] = IPV6("dhcpv6.linkaddr", "Link address", FIELD_LINE),
    [D6_PEER] = IPV6("dhcpv6.peeraddr", "Peer address", FIELD_LINE),
    [D6_OPTION] =
	NAMED("dhcpv6.option.type", "Option", 2, FIELD_LINE_V, option_names),
    [D6_OPTION_LENGTH] = UINT("dhcpv6.option.length", "Length", 2, 0),
    [D6_DUID] = BYTES("dhcpv6.duid.bytes", "DUID", 0, 0),
    [D6_DUID_TYPE] = NAMED("dhcpv6.duid.type", "DUID type", 2, 0, duid_names),
    [D6_LLT_HARDWARE] = UINT("dhcpv6.duidllt.hwtype", "Hardware type", 2, 0),
    [D6_LLT_TIME] = {"dhcpv6.duidllt.time", "Time", .type = FIELD_TIME},
    [D6_LLT_ADDRESS] =
	TEXT("dhcpv6.duidllt.link_layer_addr", "Link-layer address", 0),
    [D6_LL_HARDWARE] = UINT("dhcpv6.duidll.hwtype", "Hardware type", 2, 0),
    [D6_LL_ADDRESS] =
	TEXT("dhcpv6.duidll.link_layer_addr", "Link-layer address", 0),
    [D6_EN_ENTERPRISE] = UINT("dhcpv6.duiden.enterprise", "Enterprise", 4, 0),
    [D6_EN_ID] = BYTES("dhcpv6.duiden.identifier", "Identifier", 0, 0),
    [D6_UUID] = BYTES("dhcpv6.duiduuid.bytes", "UUID", 0, 0),
    [D6_IAID] = TEXT("dhcpv6.iaid", "IAID", 0),
    [D6_T1] = UINT("dhcpv6.iaid.t1", "T1, s", 4, 0),
    [D6_T2] = UINT("dhcpv6.iaid.t2", "T2, s", 4, 0),
    [D6_IATA] = TEXT("dhcpv6.iata", "IAID", 0),
    [D6_ADDRESS] = IPV6("dhcpv6.iaaddr.ip", "Address", FIELD_LINE),
    [D6_PREFERRED] = UINT("dhcpv6.iaaddr.pref_lifetime", "Preferred, s", 4, 0),
    [D6_VALID] = UINT("dhcpv6.iaaddr.valid_lifetime", "Valid, s", 4, 0),
    [D6_PREFIX_PREFERRED] =
	UINT("dhcpv6.iaprefix.pref_lifetime", "Preferred, s", 4, 0),
    [D6_PREFIX_VALID] =
	UINT("dhcpv6.iaprefix.valid_lifetime", "Valid, s", 4, 0),
    [D6_PREFIX_LENGTH] =
	UINT("dhcpv6.iaprefix.pref_len", "Prefix length", 1, FIELD_LINE),
    [D6_PREFIX] = IPV6("dhcpv6.iaprefix.pref_addr", "Prefix", FIELD_LINE),
    [D6_REQUESTED] = NAMED("dhcpv6.requested_option_code", "Requested option",
			   2, 0, option_names),
    [D6_PREFERENCE] = UINT("dhcpv6.option_preference", "Preference", 1, 0),
    [D6_ELAPSED] = NUMBER("dhcpv6.elapsed_time", "Elapsed, ms", 0, 0),
    [D6_STATUS] =
	NAMED("dhcpv6.status_code", "Status", 2, FIELD_LINE, status_names),
    [D6_STATUS_TEXT] = TEXT("dhcpv6.status_msg", "Text", 0),
    [D6_USER_CLASS_LENGTH] = UINT("dhcpv6.userclass.length", "Length", 2, 0),
    [D6_USER_CLASS] = BYTES("dhcpv6.userclass.opaque_data", "User class", 0, 0),
    [D6_VENDOR_CLASS] =
	UINT("dhcpv6.vendorclass.enterprise", "Enterprise", 4, 0),
    [D6_VENDOR_CLASS_DATA] = TEXT("dhcpv6.vendorclass.data", "Vendor class", 0),
    [D6_VENDOR] = UINT("dhcpv6.vendoropts.enterprise", "Enterprise", 4, 0),
    [D6_VENDOR_CODE] =
	UINT("dhcpv6.vendoropts.enterprise.option_code", "Option", 2, 0),
    [D6_VENDOR_LENGTH] =
	UINT("dhcpv6.vendoropts.enterprise.option_length", "Length", 2, 0),
    [D6_VENDOR_DATA] =
	BYTES("dhcpv6.vendoropts.enterprise.option_data", "Data", 0, 0),
    [D6_INTERFACE] = BYTES("dhcpv6.interface_id", "Interface", 0, 0),
    [D6_RECONFIGURE] = UINT("dhcpv6.reconf_msg", "Reconfigure by", 1, 0),
    [D6_SIP_DOMAIN] =
	TEXT("dhcpv6.sip_server_domain_search_fqdn", "SIP domain", 0),
    [D6_SIP_SERVER] = IPV6("dhcpv6.sip_server_a", "SIP server", 0),
    [D6_DNS] = IPV6("dhcpv6.dns_server", "Name server", 0),
    [D6_SEARCH] = TEXT("dhcpv6.search_list_entry", "Search domain", 0),
    [D6_SNTP] = IPV6("dhcpv6.sntp_server", "SNTP server", 0),
    [D6_REMOTE_ENTERPRISE] =
	UINT("dhcpv6.remoteid.enterprise", "Enterprise", 4, 0),
    [D6_REMOTE_ID] = BYTES("dhcpv6.remoteid_enterprise_id", "Remote id", 0, 0),
    [D6_FQDN_FLAGS] = UINT("dhcpv6.client_fqdn_flags", "Flags", 1, FIELD_HEX),
    [D6_FQDN] = TEXT("dhcpv6.client_domain", "Client's name", FIELD_LINE),
    [D6_NTP_TYPE] = UINT("dhcpv6.ntpserver.option.type", "Suboption", 2, 0),
    [D6_NTP_LENGTH] = UINT("dhcpv6.ntpserver.option.length", "Length", 2, 0),
    [D6_NTP_ADDRESS] = IPV6("dhcpv6.ntpserver.addr", "NTP server", 0),
    [D6_NTP_MULTICAST] = IPV6("dhcpv6.ntpserver.mc_addr", "NTP group", 0),
    [D6_NTP_FQDN] = TEXT("dhcpv6.ntpserver.fqdn", "NTP server", 0),
    [D6_AFTR] = TEXT("dhcpv6.aftr_name", "AFTR", 0),
    [D6_MUD] = TEXT("dhcpv6.mudurl", "MUD URL", 0),
};

static void decode_options(struct dissect *d, struct cur *c, unsigned depth);
static void decode_message(struct dissect *d, struct cur *c, unsigned depth);

/* A name of labels, which ends with an empty one or with what there is; only
   a whole one is shown with a dot at its end. */
static void take_name(struct dissect *d, struct cur *c, const struct field *f)
{
	char *text = wants(d, f) ? scratch_room(d, NAME_MOST) : NULL;
	size_t used = 0;
	const uint8_t *p;
	unsigned n;

	while (c->state == CUR_OK && c->claim > 0) {
		n = cur_u8(c);
		if (n == 0) {
			if (text && used < NAME_MOST)
				text[used++] = '.';
			break;
		}
		p = cur_bytes(c, n);
		if (!p || !text || used + n + 1 > NAME_MOST)
			continue;
		if (used)
			text[used++] = '.';
		memcpy(text + used, p, n);
		used += n;
	}
	if (!text)
		return;
	add_bytes(d, f, text, used);
	scratch_return(d, NAME_MOST - used);
}

/* Bytes as hexadecimal digits, with a sign between them if there is one. */
static void take_digits(struct dissect *d, struct cur *c, const struct field *f,
			size_t n, char sign)
{
	const uint8_t *p = cur_bytes(c, n);
	char *text, *at;
	size_t i;

	if (!p || !n || n > 64 || !wants(d, f))
		return;
	text = at = scratch_room(d, 3 * n);
	if (!text)
		return;
	for (i = 0; i < n; i++) {
		if (i && sign)
			*at++ = sign;
		at = fmt_hex(at, p[i], 2);
	}
	add_bytes(d, f, text, (size_t)(at - text));
}

static void decode_duid(struct dissect *d, struct cur *c)
{
	enum { EPOCH_2000 = 946684800 };
	struct cur whole = *c;
	unsigned type;

	take_bytes(d, &whole, &fields[D6_DUID], whole.claim);
	type = (unsigned)take(d, c, &fields[D6_DUID_TYPE]);
	switch (type) {
	case 1:
		take(d, c, &fields[D6_LLT_HARDWARE]);
		if (cur_has(c, 4))
			add_uint(d, &fields[D6_LLT_TIME],
				 (cur_be32(c) + (uint64_t)EPOCH_2000) *
				     1000000000);
		take_digits(d, c, &fields[D6_LLT_ADDRESS], c->claim, ':');
		break;
	case 2:
		take(d, c, &fields[D6_EN_ENTERPRISE]);
		take_bytes(d, c, &fields[D6_EN_ID], c->claim);
		break;
	case 3:
		take(d, c, &fields[D6_LL_HARDWARE]);
		take_digits(d, c, &fields[D6_LL_ADDRESS], c->claim, ':');
		break;
	case 4:
		take_bytes(d, c, &fields[D6_UUID], c->claim);
		break;
	}
}

static void decode_vendor(struct dissect *d, struct cur *c)
{
	enum { CABLELABS = 4491 }; /* has a form of its own */
	unsigned len;

	if (take(d, c, &fields[D6_VENDOR]) == CABLELABS)
		return;
	while (c->state == CUR_OK && c->claim >= 4) {
		take(d, c, &fields[D6_VENDOR_CODE]);
		len = (unsigned)take(d, c, &fields[D6_VENDOR_LENGTH]);
		take_bytes(d, c, &fields[D6_VENDOR_DATA], len);
	}
}

static void decode_classes(struct dissect *d, struct cur *c, bool vendor)
{
	unsigned len;

	if (vendor)
		take(d, c, &fields[D6_VENDOR_CLASS]);
	while (c->state == CUR_OK && c->claim >= 2) {
		if (vendor) {
			len = cur_be16(c);
			take_bytes(d, c, &fields[D6_VENDOR_CLASS_DATA], len);
		} else {
			len =
			    (unsigned)take(d, c, &fields[D6_USER_CLASS_LENGTH]);
			take_bytes(d, c, &fields[D6_USER_CLASS], len);
		}
	}
}

static void decode_ntp(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 4) {
		type = (unsigned)take(d, c, &fields[D6_NTP_TYPE]);
		len = (unsigned)take(d, c, &fields[D6_NTP_LENGTH]);
		body = cur_part(c, len);
		if (type == 1)
			take(d, &body, &fields[D6_NTP_ADDRESS]);
		else if (type == 2)
			take(d, &body, &fields[D6_NTP_MULTICAST]);
		else if (type == 3)
			take_name(d, &body, &fields[D6_NTP_FQDN]);
	}
}

/* As many of the field as there are. */
static void take_all(struct dissect *d, struct cur *c, const struct field *f)
{
	while (c->state == CUR_OK && c->claim >= f->width)
		take(d, c, f);
}

static void take_names(struct dissect *d, struct cur *c, const struct field *f)
{
	while (c->state == CUR_OK && c->claim > 0)
		take_name(d, c, f);
}

/* Options that hold one field, or many of it. */
static const struct {
	uint8_t code, field;
	enum { ONE = 1, MANY, TEXT_OF, NAMES } form;
} plain[] = {
    {6, D6_REQUESTED, MANY},	 {7, D6_PREFERENCE, ONE},
    {18, D6_INTERFACE, TEXT_OF}, {19, D6_RECONFIGURE, ONE},
    {21, D6_SIP_DOMAIN, NAMES},	 {22, D6_SIP_SERVER, MANY},
    {23, D6_DNS, MANY},		 {24, D6_SEARCH, NAMES},
    {31, D6_SNTP, MANY},	 {64, D6_AFTR, NAMES},
    {112, D6_MUD, TEXT_OF},
};

static void decode_plain(struct dissect *d, struct cur *c, unsigned code)
{
	const struct field *f;
	unsigned i;

	for (i = 0; i < ARRAY_LEN(plain); i++) {
		if (plain[i].code != code)
			continue;
		f = &fields[plain[i].field];
		switch (plain[i].form) {
		case ONE:
			take(d, c, f);
			break;
		case MANY:
			take_all(d, c, f);
			break;
		case TEXT_OF:
			take_bytes(d, c, f, c->claim);
			break;
		case NAMES:
			take_names(d, c, f);
			break;
		}
	}
}

/* The time since the exchange began: in hundredths of a second. */
static void take_elapsed(struct dissect *d, struct cur *c)
{
	unsigned ticks = cur_be16(c);

	if (c->state == CUR_OK)
		add_uint(d, &fields[D6_ELAPSED], ticks * 10);
}

static void decode_option(struct dissect *d, struct cur *c, unsigned code,
			  unsigned depth)
{
	switch (code) {
	case 1:
	case 2:
		decode_duid(d, c);
		break;
	case 3:
	case 25:
		take_digits(d, c, &fields[D6_IAID], 4, '\0');
		take_rows(d, c, &fields[D6_T1], &fields[D6_T2]);
		decode_options(d, c, depth + 1);
		break;
	case 4:
		take_digits(d, c, &fields[D6_IATA], 4, '\0');
		decode_options(d, c, depth + 1);
		break;
	case 5:
		take_rows(d, c, &fields[D6_ADDRESS], &fields[D6_VALID]);
		decode_options(d, c, depth + 1);
		break;
	case 26:
		take_rows(d, c, &fields[D6_PREFIX_PREFERRED],
			  &fields[D6_PREFIX]);
		decode_options(d, c, depth + 1);
		break;
	case 8:
		take_elapsed(d, c);
		break;
	case 9:
		decode_message(d, c, depth + 1);
		break;
	case 13:
		take(d, c, &fields[D6_STATUS]);
		if (c->claim)
			take_bytes(d, c, &fields[D6_STATUS_TEXT], c->claim);
		break;
	case 15:
	case 16:
		decode_classes(d, c, code == 16);
		break;
	case 17:
		decode_vendor(d, c);
		break;
	case 37:
		take(d, c, &fields[D6_REMOTE_ENTERPRISE]);
		take_bytes(d, c, &fields[D6_REMOTE_ID], c->claim);
		break;
	case 39:
		take(d, c, &fields[D6_FQDN_FLAGS]);
		take_name(d, c, &fields[D6_FQDN]);
		break;
	case 56:
		decode_ntp(d, c);
		break;
	default:
		decode_plain(d, c, code);
	}
}

static void decode_options(struct dissect *d, struct cur *c, unsigned depth)
{
	unsigned code, len;
	struct cur body;

	while (depth < DEPTH_MOST && c->state == CUR_OK && c->claim > 0) {
		code = (unsigned)take(d, c, &fields[D6_OPTION]);
		len = (unsigned)take(d, c, &fields[D6_OPTION_LENGTH]);
		body = cur_part(c, len);
		if (c->state == CUR_OK)
			decode_option(d, &body, code, depth);
	}
}

static void decode_message(struct dissect *d, struct cur *c, unsigned depth)
{
	unsigned type = (unsigned)take(d, c, &fields[D6_TYPE]);

	if (type == RELAY_FORWARD || type == RELAY_REPLY)
		take_rows(d, c, &fields[D6_HOPS], &fields[D6_PEER]);
	else
		take(d, c, &fields[D6_XID]);
	decode_options(d, c, depth);
}

static void decode(struct dissect *d, struct cur *c)
{
	decode_message(d, c, 0);
}

/* ---- the line ----------------------------------------------------------- */

static void value_line(struct summary *l, const struct value *v, unsigned *bits)
{
	switch (summary_index(l, v)) {
	case D6_TYPE:
		summary_printf(l, " %s",
			       names_or(type_names, v->num, "msgtype"));
		break;
	case D6_XID:
		summary_printf(l, " xid=%x", (unsigned)v->num);
		break;
	case D6_LINK:
		summary_puts(l, " linkaddr=");
		summary_ip(l, v->bytes, 16);
		break;
	case D6_PEER:
		summary_puts(l, " peeraddr=");
		summary_ip(l, v->bytes, 16);
		break;
	case D6_ADDRESS:
		summary_puts(l, " ");
		summary_ip(l, v->bytes, 16);
		break;
	case D6_PREFIX_LENGTH:
		*bits = (unsigned)v->num;
		break;
	case D6_PREFIX:
		summary_puts(l, " ");
		summary_ip(l, v->bytes, 16);
		summary_printf(l, "/%u", *bits);
		break;
	case D6_STATUS:
		summary_printf(l, " %s",
			       names_or(status_names, v->num, "status"));
		break;
	case D6_FQDN:
		summary_puts(l, " ");
		summary_text(l, v);
		break;
	case D6_OPTION:
		if (l->o->verbose)
			summary_printf(
			    l, " (%s)",
			    names_or(option_names, v->num, "option"));
		break;
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned bits = 0;

	summary_puts(l, "dhcp6");
	for (; v < end; v++)
		value_line(l, v, &bits);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 546}, {KEY_UDP_PORT, 547}};

const struct proto proto_dhcpv6 = {
    "dhcpv6",	      "DHCPv6",		  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
