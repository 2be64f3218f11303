/*
 * IPv4 (RFC 791, 2474, 3168).
 *
 *	+-----+-----+-------------+------------------+
 *	| ver | ihl | DSCP, ECN   | total length     |
 *	+-----+-----+-------------+---+--------------+
 *	| identification          |fl | offset       |
 *	+-----------+-------------+---+--------------+
 *	| TTL       | protocol    | checksum         |
 *	+-----------+-------------+------------------+
 *	| source                                     |
 *	+--------------------------------------------+
 *	| destination                                |
 *	+--------------------------------------------+
 *	| options                                    |
 */
#include "decode/numbers.h"
#include "decode/proto.h"

enum {
	IP_VERSION,
	IP_HDR_LEN,
	IP_DSFIELD,
	IP_DSCP,
	IP_ECN,
	IP_LEN,
	IP_ID,
	IP_FLAGS,
	IP_RB,
	IP_DF,
	IP_MF,
	IP_FRAG_OFFSET,
	IP_TTL,
	IP_PROTO,
	IP_CHECKSUM,
	IP_SRC,
	IP_DST,
};

static const struct field fields[] = {
    [IP_VERSION] = {"ip.version", "Version", .mask = 0xf0, .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_LINE},
    [IP_HDR_LEN] = {"ip.hdr_len", "Header length", .type = FIELD_UINT,
		    .flags = FIELD_LINE},
    [IP_DSFIELD] = {"ip.dsfield", "Differentiated services", .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_DSCP] = {"ip.dsfield.dscp", "Code point", .mask = 0xfc,
		 .type = FIELD_UINT},
    [IP_ECN] = {"ip.dsfield.ecn", "Explicit congestion notification",
		.mask = 0x03, .type = FIELD_UINT},
    [IP_LEN] = {"ip.len", "Total length", .type = FIELD_UINT, .width = 2,
		.flags = FIELD_LINE},
    [IP_ID] = {"ip.id", "Identification", .type = FIELD_UINT, .width = 2,
	       .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_FLAGS] = {"ip.flags", "Flags", .mask = 0xe000, .type = FIELD_UINT,
		  .flags = FIELD_HEX | FIELD_LINE_V, .digits = 2},
    [IP_RB] = {"ip.flags.rb", "Reserved bit", .mask = 0x8000,
	       .type = FIELD_BOOL},
    [IP_DF] = {"ip.flags.df", "Don't fragment", .mask = 0x4000,
	       .type = FIELD_BOOL},
    [IP_MF] = {"ip.flags.mf", "More fragments", .mask = 0x2000,
	       .type = FIELD_BOOL},
    [IP_FRAG_OFFSET] = {"ip.frag_offset", "Fragment offset, 8 octets",
			.type = FIELD_UINT, .flags = FIELD_LINE},
    [IP_TTL] = {"ip.ttl", "Time to live", .type = FIELD_UINT, .width = 1,
		.flags = FIELD_LINE_V},
    [IP_PROTO] = {"ip.proto", "Protocol", ip_protocol_names, .type = FIELD_UINT,
		  .width = 1, .flags = FIELD_LINE},
    [IP_CHECKSUM] = {"ip.checksum", "Header checksum", .type = FIELD_UINT,
		     .width = 2, .flags = FIELD_HEX | FIELD_LINE_V},
    [IP_SRC] = {"ip.src", "Source", .type = FIELD_IPV4, .width = 4},
    [IP_DST] = {"ip.dst", "Destination", .type = FIELD_IPV4, .width = 4},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, version, hdr_len, len, frag, proto, dsfield;
	struct cur part;

	if (!cur_has(c, 1))
		return;
	first = cur_u8(c);
	version = (unsigned)bits(d, &fields[IP_VERSION], first);
	if (version != 4) {
		cur_bad(c);
		return;
	}
	hdr_len = (first & 15) * 4;
	note(d, &fields[IP_HDR_LEN], hdr_len);
	dsfield = (unsigned)take(d, c, &fields[IP_DSFIELD]);
	bits(d, &fields[IP_DSCP], dsfield);
	bits(d, &fields[IP_ECN], dsfield);
	len = (unsigned)take(d, c, &fields[IP_LEN]);
	take(d, c, &fields[IP_ID]);
	if (!cur_has(c, 2))
		return;
	frag = cur_be16(c);
	bits(d, &fields[IP_FLAGS], frag);
	bits(d, &fields[IP_RB], frag);
	bits(d, &fields[IP_DF], frag);
	bits(d, &fields[IP_MF], frag);
	note(d, &fields[IP_FRAG_OFFSET], frag & 0x1fff);
	take(d, c, &fields[IP_TTL]);
	proto = (unsigned)take(d, c, &fields[IP_PROTO]);
	take(d, c, &fields[IP_CHECKSUM]);
	take_addresses(d, c, &fields[IP_SRC], &fields[IP_DST]);
	if (c->state != CUR_OK)
		return;
	/* a segment to be cut by the interface has no length yet */
	if (len == 0)
		len = d->layer->len;
	if (hdr_len < 20 || len < hdr_len) {
		cur_bad(c);
		return;
	}
	part = cur_unit(c, len - 20);
	cur_skip(&part, hdr_len - 20);
	if (part.state != CUR_OK) {
		c->state = part.state;
		return;
	}
	*c = part;
	d->layer->hint[0] = frag & 0x2000;
	d->layer->hint[1] = proto;
	if ((frag & 0x1fff) == 0)
		next_by(d, &part, KEY_IPPROTO, proto);
}

/* "(tos 0x0, ttl 64, ...)" of -v */
static void verbose_line(struct line *l, const struct line_got *got)
{
	static const char *const ecn[4] = {"", ",ECT(1)", ",ECT(0)", ",CE"};
	unsigned flags = (unsigned)got->v[IP_FLAGS].num;
	unsigned proto = (unsigned)got->v[IP_PROTO].num;
	unsigned tos = (unsigned)got->v[IP_DSFIELD].num;

	line_printf(l, "(tos 0x%x%s", tos, ecn[tos & 3]);
	if (got->v[IP_TTL].num)
		line_printf(l, ", ttl %u", (unsigned)got->v[IP_TTL].num);
	line_printf(l, ", id %u, offset %u, flags [%s%s%s%s]",
		    (unsigned)got->v[IP_ID].num,
		    (unsigned)got->v[IP_FRAG_OFFSET].num * 8,
		    flags ? "" : "none", flags & 1 ? "+" : "",
		    flags & 2 ? flags & 1 ? ", DF" : "DF" : "",
		    flags & 4 ? flags & 3 ? ", rsvd" : "rsvd" : "");
	line_printf(l, ", proto %s (%u), length %u",
		    names_or(ip_protocol_names, proto, "unknown"), proto,
		    (unsigned)got->v[IP_LEN].num);
	line_puts(l, ")\n    ");
}

static void addresses_line(struct line *l)
{
	const struct layer *layer = l->layer;
	char *at;

	if (l->o->names) {
		line_ip(l, layer->src, layer->n_addr);
		line_puts(l, " > ");
		line_ip(l, layer->dst, layer->n_addr);
		return;
	}
	at = line_room(l, 40);
	at = fmt_ip4_octets(at, layer->src);
	at = fmt_text(at, " > ");
	line_end(l, fmt_ip4_octets(at, layer->dst));
}

static void summary(struct line *l)
{
	struct line_got got;
	const struct layer *layer = l->layer;
	unsigned hdr_len, len, proto;

	line_get(l, &got);
	if (!line_has(&got, IP_HDR_LEN)) {
		if (got.v[IP_VERSION].num == 6)
			line_puts(l, "IP6, wrong link-layer encapsulation");
		else
			line_printf(l, "IP%u", (unsigned)got.v[IP_VERSION].num);
		line_puts(l, " (invalid)");
		return;
	}
	if (!l->o->link)
		line_puts(l, "IP ");
	if (!layer->n_addr) {
		if (layer->len < 20)
			line_printf(l, "truncated-ip %u", layer->len);
		else
			line_mark(l);
		return;
	}
	hdr_len = (unsigned)got.v[IP_HDR_LEN].num;
	len = (unsigned)got.v[IP_LEN].num;
	proto = (unsigned)got.v[IP_PROTO].num;
	if (hdr_len < 20) {
		line_printf(l, "bad-hlen %u", hdr_len);
		return;
	}
	if (layer->len < len)
		line_printf(l, "truncated-ip - %u bytes missing! ",
			    len - layer->len);
	if (len && len < hdr_len) {
		line_printf(l, "bad-len %u", len);
		return;
	}
	if (l->o->verbose)
		verbose_line(l, &got);
	if (got.v[IP_FRAG_OFFSET].num) {
		addresses_line(l);
		line_printf(l, ": ip-proto-%u", proto);
		return;
	}
	if (!proto_has_ports((uint8_t)proto) || !l->next) {
		addresses_line(l);
		line_puts(l, ": ");
	}
	if (layer->state != CUR_OK)
		line_printf(l, " [|ip]");
	else if (!l->next)
		line_printf(l, " ip-proto-%u %u", proto,
			    (len ? len : layer->len) - hdr_len);
}

static const struct key keys[] = {
    {KEY_ETHERTYPE, 0x0800}, {KEY_IPPROTO, 4},	{KEY_AF, 2},
    {KEY_LINKTYPE, 228},     {KEY_PPP, 0x0021}, {KEY_SAP, 0x06},
};

const struct proto proto_ip = {
    "ip",
    "Internet Protocol Version 4",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_IPPROTO),
    .decode = decode,
    .summary = summary,
};
