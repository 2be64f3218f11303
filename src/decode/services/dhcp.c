/*
 * DHCP and BOOTP (RFC 2131, 2132, 951).
 *
 *	op, hardware type, its address length, hops (1 each), id (4), seconds
 *	(2), flags (2), four addresses (4 each), hardware address (16), server
 *	name (64), file (128), magic cookie (4), options
 */
#include "base/array.h"
#include "decode/proto.h"

enum {
	DHCP_TYPE,
	DHCP_HW_TYPE,
	DHCP_HW_LEN,
	DHCP_HOPS,
	DHCP_ID,
	DHCP_SECS,
	DHCP_FLAGS,
	DHCP_CLIENT,
	DHCP_YOUR,
	DHCP_SERVER,
	DHCP_RELAY,
	DHCP_HW_MAC,
	DHCP_SERVER_NAME,
	DHCP_FILE,
	DHCP_COOKIE,
	DHCP_OPT_TYPE,
	DHCP_OPT_LENGTH,
	DHCP_OPT_MASK,
	DHCP_OPT_ROUTER,
	DHCP_OPT_DNS,
	DHCP_OPT_HOSTNAME,
	DHCP_OPT_DOMAIN,
	DHCP_OPT_REQUESTED,
	DHCP_OPT_LEASE,
	DHCP_OPT_MESSAGE,
	DHCP_OPT_SERVER_ID,
	DHCP_OPT_VENDOR,
	DHCP_FLAG_BROADCAST,
	DHCP_FLAG_RESERVED,
	DHCP_HW_PADDING,
	DHCP_OPT_END,
	DHCP_OPT_ASKED,
	DHCP_OPT_MAX,
	DHCP_OPT_RENEWAL,
	DHCP_OPT_REBINDING,
	DHCP_OPT_VALUE,
};

enum { REQUEST = 1, REPLY = 2, COOKIE = 0x63825363 };

static const struct names type_names[] = {
    {REQUEST, "Request"}, {REPLY, "Reply"}, {0, NULL}};

static const struct names message_names[] = {
    {1, "Discover"}, {2, "Offer"},   {3, "Request"}, {4, "Decline"}, {5, "ACK"},
    {6, "NACK"},     {7, "Release"}, {8, "Inform"},  {0, NULL},
};

#define UINT(index, nm, tt, bytes, more)                                       \
	[index] = {"dhcp." nm, tt, .type = FIELD_UINT, .width = (bytes),       \
		   .flags = (more)}
#define ADDRESS(index, nm, tt)                                                 \
	[index] = {"dhcp." nm, tt, .type = FIELD_IPV4, .width = 4}
#define TEXT(index, nm, tt) [index] = {"dhcp." nm, tt, .type = FIELD_TEXT}

static const struct field fields[] = {
    [DHCP_TYPE] = {"dhcp.type", "Type", type_names, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_LINE},
    UINT(DHCP_HW_TYPE, "hw.type", "Hardware type", 1, FIELD_HEX),
    UINT(DHCP_HW_LEN, "hw.len", "Hardware address length", 1, 0),
    UINT(DHCP_HOPS, "hops", "Hops", 1, 0),
    UINT(DHCP_ID, "id", "Transaction", 4, FIELD_HEX),
    UINT(DHCP_SECS, "secs", "Seconds elapsed", 2, 0),
    UINT(DHCP_FLAGS, "flags", "Flags", 2, FIELD_HEX),
    [DHCP_FLAG_BROADCAST] = {"dhcp.flags.bc", "Broadcast", .mask = 0x8000,
			     .type = FIELD_BOOL},
    [DHCP_FLAG_RESERVED] = {"dhcp.flags.reserved", "Reserved", .mask = 0x7fff,
			    .type = FIELD_UINT, .flags = FIELD_HEX,
			    .digits = 4},
    [DHCP_HW_PADDING] = {"dhcp.hw.addr_padding", "Padding of the address",
			 .type = FIELD_BYTES},
    UINT(DHCP_OPT_END, "option.end", "End", 0, 0),
    UINT(DHCP_OPT_ASKED, "option.request_list_item", "Option asked for", 1, 0),
    UINT(DHCP_OPT_MAX, "option.dhcp_max_message_size", "Longest message", 2, 0),
    UINT(DHCP_OPT_RENEWAL, "option.renewal_time_value", "Renewed after, s", 4,
	 0),
    UINT(DHCP_OPT_REBINDING, "option.rebinding_time_value", "Rebound after, s",
	 4, 0),
    [DHCP_OPT_VALUE] = {"dhcp.option.value", "Option's data",
			.type = FIELD_BYTES, .flags = FIELD_ASKED},
    ADDRESS(DHCP_CLIENT, "ip.client", "Client address"),
    ADDRESS(DHCP_YOUR, "ip.your", "Your address"),
    ADDRESS(DHCP_SERVER, "ip.server", "Next server"),
    ADDRESS(DHCP_RELAY, "ip.relay", "Relay agent"),
    [DHCP_HW_MAC] = {"dhcp.hw.mac_addr", "Client MAC address",
		     .type = FIELD_ETHER, .width = 6, .flags = FIELD_LINE},
    TEXT(DHCP_SERVER_NAME, "server", "Server name"),
    TEXT(DHCP_FILE, "file", "Boot file"),
    ADDRESS(DHCP_COOKIE, "cookie", "Magic cookie"),
    UINT(DHCP_OPT_TYPE, "option.type", "Option", 1, 0),
    UINT(DHCP_OPT_LENGTH, "option.length", "Option length", 1, 0),
    ADDRESS(DHCP_OPT_MASK, "option.subnet_mask", "Subnet mask"),
    ADDRESS(DHCP_OPT_ROUTER, "option.router", "Router"),
    ADDRESS(DHCP_OPT_DNS, "option.domain_name_server", "Name server"),
    TEXT(DHCP_OPT_HOSTNAME, "option.hostname", "Host name"),
    TEXT(DHCP_OPT_DOMAIN, "option.domain_name", "Domain name"),
    ADDRESS(DHCP_OPT_REQUESTED, "option.requested_ip_address",
	    "Requested address"),
    UINT(DHCP_OPT_LEASE, "option.ip_address_lease_time", "Lease time, s", 4, 0),
    [DHCP_OPT_MESSAGE] = {"dhcp.option.dhcp", "Message", message_names,
			  .type = FIELD_UINT, .width = 1,
			  .flags = FIELD_LINE_V},
    ADDRESS(DHCP_OPT_SERVER_ID, "option.dhcp_server_id", "Server"),
    TEXT(DHCP_OPT_VENDOR, "option.vendor_class_id", "Vendor class"),
};

/* Options by number. */
static const struct {
	uint8_t number, field;
} options[] = {
    {1, DHCP_OPT_MASK},	     {3, DHCP_OPT_ROUTER},     {6, DHCP_OPT_DNS},
    {12, DHCP_OPT_HOSTNAME}, {15, DHCP_OPT_DOMAIN},    {50, DHCP_OPT_REQUESTED},
    {51, DHCP_OPT_LEASE},    {53, DHCP_OPT_MESSAGE},   {54, DHCP_OPT_SERVER_ID},
    {60, DHCP_OPT_VENDOR},   {55, DHCP_OPT_ASKED},     {57, DHCP_OPT_MAX},
    {58, DHCP_OPT_RENEWAL},  {59, DHCP_OPT_REBINDING},
};

static void decode_option(struct dissect *d, struct cur *c, unsigned number)
{
	const struct field *f;
	unsigned i;

	/* a client id is mostly the MAC address, after its hardware type */
	if (number == 61 && c->claim == 7 && cur_left(c) &&
	    cur_peek8(c, 0) == 1) {
		take(d, c, &fields[DHCP_HW_TYPE]);
		take(d, c, &fields[DHCP_HW_MAC]);
	}
	for (i = 0; i < ARRAY_LEN(options); i++) {
		if (options[i].number != number)
			continue;
		f = &fields[options[i].field];
		if (f->type == FIELD_TEXT)
			take_bytes(d, c, f, c->claim);
		else
			while (c->state == CUR_OK && c->claim >= f->width)
				take(d, c, f);
	}
}

static void decode_options(struct dissect *d, struct cur *c)
{
	unsigned type, len;
	struct cur body;

	while (c->state == CUR_OK && c->claim > 0) {
		type = (unsigned)take(d, c, &fields[DHCP_OPT_TYPE]);
		if (type == 255) {
			add_uint(d, &fields[DHCP_OPT_END], 255);
			return;
		}
		if (type == 0)
			continue;
		len = (unsigned)take(d, c, &fields[DHCP_OPT_LENGTH]);
		body = cur_part(c, len);
		add_bytes(d, &fields[DHCP_OPT_VALUE], cur_here(&body),
			  cur_left(&body));
		decode_option(d, &body, type);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned i, hw_type = 0, hw_len = 0;
	struct cur look;

	if (cur_left(c) &&
	    (cur_peek8(c, 0) < REQUEST || cur_peek8(c, 0) > REPLY)) {
		cur_bad(c);
		return;
	}
	for (i = DHCP_TYPE; i <= DHCP_RELAY; i++) {
		unsigned value = (unsigned)take(d, c, &fields[i]);

		if (i == DHCP_FLAGS && c->state == CUR_OK) {
			add_bits(d, &fields[DHCP_FLAG_BROADCAST], value);
			add_bits(d, &fields[DHCP_FLAG_RESERVED], value);
		} else if (i == DHCP_HW_TYPE) {
			hw_type = value;
		} else if (i == DHCP_HW_LEN) {
			hw_len = value;
		}
	}
	look = *c;
	if (hw_type == 1 && hw_len == 6)
		take(d, &look, &fields[DHCP_HW_MAC]);
	if (hw_len == 6)
		take_bytes(d, &look, &fields[DHCP_HW_PADDING], 10);
	cur_skip(c, 16);
	take_padded(d, c, &fields[DHCP_SERVER_NAME], 64);
	take_padded(d, c, &fields[DHCP_FILE], 128);
	if (c->claim < 4)
		return;
	if (take(d, c, &fields[DHCP_COOKIE]) == COOKIE)
		decode_options(d, c);
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, DHCP_TYPE);
	const struct value *mac = summary_value(l, DHCP_HW_MAC);
	const struct value *message = summary_value(l, DHCP_OPT_MESSAGE);

	if (!type) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "BOOTP/DHCP, %s",
		       names_or(type_names, type->num, "unknown"));
	if (type->num == REQUEST && mac) {
		summary_puts(l, " from ");
		summary_ether(l, mac->bytes);
	}
	summary_printf(l, ", length %u", l->layer->len);
	if (message)
		summary_printf(
		    l, ", %s",
		    names_or(message_names, message->num, "unknown"));
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 67}, {KEY_UDP_PORT, 68}};

const struct proto proto_dhcp = {
    "dhcp",
    "Dynamic Host Configuration Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
