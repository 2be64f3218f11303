/*
 * What -v says beyond the line of ICMPv6: flags and options of neighbour
 * discovery (RFC 4861, 4191, 8106), multicast listeners (RFC 3810); worded as
 * tcpdump does.
 */
#include "decode/lib/dnsname.h"
#include "decode/net/icmpv6.h"

static const struct names option_names[] = {
    {1, "source link-address"},
    {2, "destination link-address"},
    {3, "prefix info"},
    {4, "redirected header"},
    {5, "mtu"},
    {7, "advertisement interval"},
    {8, "homeagent information"},
    {24, "route info"},
    {25, "rdnss"},
    {31, "dnssl"},
    {0, NULL},
};

static const char *const preferences[] = {"medium", "high", "rsv", "low"};

/* The names of the bits that are set, the highest first; or "none". */
static void flags_line(struct summary *l, unsigned flags,
		       const struct names *names)
{
	const char *before = "";

	for (; names->name; names++) {
		if (!(flags & names->value))
			continue;
		summary_printf(l, "%s%s", before, names->name);
		before = ", ";
	}
	if (!*before)
		summary_puts(l, "none");
}

static void address_line(struct summary *l, struct cur *c)
{
	const uint8_t *p = cur_bytes(c, 16);

	if (p)
		summary_ip(l, p, 16);
}

static void seconds_line(struct summary *l, uint32_t seconds)
{
	if (seconds == UINT32_MAX)
		summary_puts(l, "infinity");
	else
		summary_printf(l, "%us", seconds);
}

static void link_line(struct summary *l, struct cur *c)
{
	const char *between = "";

	while (c->state == CUR_OK && cur_left(c)) {
		summary_printf(l, "%s%02x", between, cur_u8(c));
		between = ":";
	}
}

static void prefix_line(struct summary *l, struct cur *c)
{
	static const struct names flags[] = {
	    {0x80, "onlink"}, {0x40, "auto"}, {0x20, "router"}, {0, NULL}};
	unsigned bits = cur_u8(c), set = cur_u8(c);
	uint32_t valid = cur_be32(c), preferred = cur_be32(c);

	cur_skip(c, 4);
	address_line(l, c);
	summary_printf(l, "/%u, Flags [", bits);
	flags_line(l, set, flags);
	summary_puts(l, "], valid time ");
	seconds_line(l, valid);
	summary_puts(l, ", pref. time ");
	seconds_line(l, preferred);
}

static void route_line(struct summary *l, struct cur *c)
{
	unsigned bits = cur_u8(c), flags = cur_u8(c);
	uint32_t lifetime = cur_be32(c);
	uint8_t prefix[16] = {0};
	size_t n = cur_left(c) < 16 ? cur_left(c) : 16;

	memcpy(prefix, cur_here(c), n);
	cur_skip(c, n);
	summary_puts(l, " ");
	summary_ip(l, prefix, 16);
	summary_printf(l, "/%u, pref=%s, lifetime=", bits,
		       preferences[flags >> 3 & 3]);
	seconds_line(l, lifetime);
}

static void servers_line(struct summary *l, struct cur *c)
{
	cur_skip(c, 2);
	summary_printf(l, " lifetime %us,", cur_be32(c));
	while (c->state == CUR_OK && c->claim >= 16) {
		summary_puts(l, " addr: ");
		address_line(l, c);
	}
}

static void domains_line(struct summary *l, struct cur *c)
{
	char name[DNSNAME_MOST];
	struct cur all;
	int n;

	cur_skip(c, 2);
	summary_printf(l, " lifetime %us, domain(s):", cur_be32(c));
	all = *c;
	while (cur_left(c) && cur_peek8(c, 0)) {
		n = dnsname_read(&all, c, name);
		if (n <= 0)
			return;
		summary_puts(l, " ");
		summary_foreign(l, name, (size_t)n);
		summary_puts(l, ".");
	}
}

static void option_line(struct summary *l, struct cur *c, unsigned type)
{
	switch (type) {
	case 1:
	case 2:
		link_line(l, c);
		break;
	case 3:
		prefix_line(l, c);
		break;
	case 4:
		break;
	case 5:
		cur_skip(c, 2);
		summary_printf(l, " %u", cur_be32(c));
		break;
	case 7:
		cur_skip(c, 2);
		summary_printf(l, " %ums", cur_be32(c));
		break;
	case 8:
		cur_skip(c, 2);
		summary_printf(l, " preference %u", cur_be16(c));
		summary_printf(l, ", lifetime %u", cur_be16(c));
		break;
	case 24:
		route_line(l, c);
		break;
	case 25:
		servers_line(l, c);
		break;
	case 31:
		domains_line(l, c);
		break;
	default:
		if (l->o->verbose == 1)
			summary_hex(l, cur_here(c), cur_left(c), "\n\t  ");
	}
}

static void options_line(struct summary *l, struct cur *c)
{
	unsigned type, len;
	struct cur body, all;

	while (c->state == CUR_OK && c->claim >= 2) {
		type = cur_u8(c);
		len = cur_u8(c);
		if (c->state != CUR_OK || len == 0)
			break;
		summary_printf(l, "\n\t  %s option (%u), length %u (%u): ",
			       names_or(option_names, type, "unknown"), type,
			       len * 8, len);
		body = cur_part(c, len * 8 - 2);
		all = body;
		option_line(l, &body, type);
		if (type == 4) /* the redirected header */
			summary_hex(l, cur_here(&all) - 2, cur_left(&all) + 2,
				    "\n\t    ");
		if (l->o->verbose > 1)
			summary_hex(l, cur_here(&all), cur_left(&all),
				    "\n\t    ");
		if (body.state != CUR_OK)
			c->state = body.state;
	}
	if (c->state != CUR_OK || c->claim)
		summary_puts(l, "[|icmp6]");
}

static void router_line(struct summary *l, struct cur *c)
{
	static const struct names flags[] = {{0x80, "managed"},
					     {0x40, "other stateful"},
					     {0x20, "home agent"},
					     {0x02, "ipv6 only"},
					     {0, NULL}};
	unsigned hops = cur_u8(c), set = cur_u8(c), lifetime = cur_be16(c);
	uint32_t reachable = cur_be32(c);

	summary_printf(l, "\n\thop limit %u, Flags [", hops);
	flags_line(l, set, flags);
	summary_printf(l,
		       "], pref %s, router lifetime %us, reachable time %ums",
		       preferences[set >> 3 & 3], lifetime, reachable);
	summary_printf(l, ", retrans timer %ums", cur_be32(c));
}

void icmpv6_neighbour_line(struct summary *l, unsigned type)
{
	static const struct names flags[] = {{0x80, "router"},
					     {0x40, "solicited"},
					     {0x20, "override"},
					     {0, NULL}};
	struct cur c =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);

	cur_skip(&c, 4);
	switch (type) {
	case ICMPV6_ROUTER_ADVERT:
		router_line(l, &c);
		break;
	case ICMPV6_ADVERT:
		summary_puts(l, ", Flags [");
		flags_line(l, cur_u8(&c), flags);
		summary_puts(l, "]");
		cur_skip(&c, 19);
		break;
	case ICMPV6_SOLICIT:
		cur_skip(&c, 20);
		break;
	case ICMPV6_REDIRECT:
		cur_skip(&c, 36);
		break;
	default:
		cur_skip(&c, 4);
	}
	options_line(l, &c);
}

/* ---- multicast listeners ------------------------------------------------- */

static void sources_line(struct summary *l, struct cur *c, unsigned n)
{
	if (n * 16 > c->claim) {
		summary_printf(l, " [invalid number of sources %u]", n);
		return;
	}
	if (l->o->verbose == 1) {
		summary_printf(l, ", %u source(s)", n);
		cur_skip(c, n * 16);
		return;
	}
	summary_puts(l, " {");
	while (n-- && c->state == CUR_OK) {
		summary_puts(l, " ");
		address_line(l, c);
	}
	summary_puts(l, " }");
}

void icmpv6_report_line(struct summary *l)
{
	static const char *const kinds[] = {"is_in", "is_ex", "to_in",
					    "to_ex", "allow", "block"};
	struct cur c =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);
	unsigned groups, kind, extra, sources;

	cur_skip(&c, 6);
	groups = cur_be16(&c);
	while (groups-- && cur_has(&c, 20)) {
		kind = cur_u8(&c);
		extra = cur_u8(&c);
		sources = cur_be16(&c);
		summary_puts(l, " [gaddr ");
		address_line(l, &c);
		if (kind >= 1 && kind <= 6)
			summary_printf(l, " %s", kinds[kind - 1]);
		else
			summary_printf(l, "  [v2-report-#%u]", kind);
		sources_line(l, &c, sources);
		cur_skip(&c, extra * 4);
		summary_puts(l, "]");
	}
}

/* Numbers of 16 bits, or of 8 whose upper half is a float. */
static unsigned code_value(unsigned code, unsigned bits)
{
	unsigned mantissa = bits - 4;

	if (!(code >> (bits - 1)))
		return code;
	return ((code & ((1u << mantissa) - 1)) | 1u << mantissa)
	       << ((code >> mantissa & 7) + 3);
}

void icmpv6_query_line(struct summary *l)
{
	struct cur c =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);
	unsigned flags, interval, sources;

	cur_skip(&c, 4);
	summary_printf(l, " v2 [max resp delay=%u]",
		       code_value(cur_be16(&c), 16));
	cur_skip(&c, 2);
	summary_puts(l, " [gaddr ");
	address_line(l, &c);
	flags = cur_u8(&c);
	interval = cur_u8(&c);
	sources = cur_be16(&c);
	if (flags & 8)
		summary_puts(l, " sflag");
	if (flags & 7)
		summary_printf(l, " robustness=%u", flags & 7);
	summary_printf(l, " qqi=%u", code_value(interval, 8));
	if (sources)
		sources_line(l, &c, sources);
	summary_puts(l, "]");
}
