/*
 * Network service header (RFC 8300).
 *
 *	version, O, TTL and length in words (2), kind of metadata (1), next
 *	protocol (1), service path (3), service index (1), metadata
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	NSH_VERSION,
	NSH_OBIT,
	NSH_CBIT,
	NSH_TTL,
	NSH_LENGTH,
	NSH_MDTYPE,
	NSH_NEXTPROTO,
	NSH_SPI,
	NSH_SI,
	NSH_CONTEXTHEADER,
};

enum {
	NEXT_IPV4 = 1,
	NEXT_IPV6,
	NEXT_ETHERNET,
	NEXT_NSH,
	NEXT_MPLS,
	HEADER_LEN = 8,
	FIXED_CONTEXT = 1
};

static const struct names next_names[] = {
    {NEXT_IPV4, "IPv4"}, {NEXT_IPV6, "IPv6"}, {NEXT_ETHERNET, "Ethernet"},
    {NEXT_NSH, "NSH"},	 {NEXT_MPLS, "MPLS"}, {0, NULL},
};

static const struct field fields[] = {
    [NSH_VERSION] = BITS("nsh.version", "Version", 2, 0xc000, FIELD_LINE),
    [NSH_OBIT] = BITS("nsh.Obit", "O bit", 2, 0x2000, FIELD_LINE),
    [NSH_CBIT] = BITS("nsh.CBit", "C bit", 2, 0x1000, 0),
    [NSH_TTL] = {"nsh.ttl", "Time to live", .mask = 0xfc0, .type = FIELD_UINT,
		 .width = 2, .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [NSH_LENGTH] = BITS("nsh.length", "Length", 2, 0x3f, FIELD_LINE),
    [NSH_MDTYPE] = UINT("nsh.mdtype", "MD type", 1, 0),
    [NSH_NEXTPROTO] = NAMED("nsh.nextproto", "Next protocol", 1, 0, next_names),
    [NSH_SPI] = UINT("nsh.spi", "SPI", 3, FIELD_LINE),
    [NSH_SI] = UINT("nsh.si", "SI", 1, FIELD_LINE),
    [NSH_CONTEXTHEADER] = BYTES("nsh.contextheader", "Context header", 4, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned word, len, next, kind;
	struct cur context;

	if (!cur_has(c, HEADER_LEN))
		return;
	word = cur_be16(c);
	add_bits_rows(d, &fields[NSH_VERSION], &fields[NSH_LENGTH], word);
	kind = (unsigned)take(d, c, &fields[NSH_MDTYPE]) & 15;
	next = (unsigned)take(d, c, &fields[NSH_NEXTPROTO]);
	take_rows(d, c, &fields[NSH_SPI], &fields[NSH_SI]);
	len = (word & 0x3f) * 4;
	if (len < HEADER_LEN) {
		cur_bad(c);
		return;
	}
	context = cur_part(c, len - HEADER_LEN);
	if (kind == FIXED_CONTEXT)
		while (context.state == CUR_OK && context.claim >= 4)
			take(d, &context, &fields[NSH_CONTEXTHEADER]);
	switch (next) {
	case NEXT_IPV4:
		next_proto(d, c, PROTO_ip);
		break;
	case NEXT_IPV6:
		next_proto(d, c, PROTO_ipv6);
		break;
	case NEXT_ETHERNET:
		next_proto(d, c, PROTO_eth);
		break;
	case NEXT_NSH:
		next_proto(d, c, PROTO_nsh);
		break;
	case NEXT_MPLS:
		next_proto(d, c, PROTO_mpls);
		break;
	}
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	if (!summary_has(&got, NSH_SI)) {
		summary_mark(l);
		return;
	}
	summary_printf(
	    l, "NSH, flags [%s], service-path-id 0x%06x, service-index 0x%x%s",
	    got.v[NSH_OBIT].num ? "O" : "none", (unsigned)got.v[NSH_SPI].num,
	    (unsigned)got.v[NSH_SI].num,
	    !l->next	    ? ""
	    : l->o->verbose ? "\n    "
			    : ": ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ip,  PROTO_ipv6, PROTO_eth,
				PROTO_nsh, PROTO_mpls, PROTO_NONE};
static const struct key keys[] = {{KEY_ETHERTYPE, 0x894f}};

/* The service path, not how far along it is. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 4);
	return cur_be32(&c) >> 8;
}

const struct proto proto_nsh = {
    "nsh",
    "Network Service Header",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
