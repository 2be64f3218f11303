/*
 * Generic network virtualization encapsulation (RFC 8926).
 *
 *	+-----+---------+-------+----------------+
 *	| ver | optlen  | flags | protocol       |
 *	+-----+---------+-------+--+-------------+
 *	| network identifier (24)  | reserved    |
 *	+--------------------------+-------------+
 *	| options, optlen * 4 bytes             |
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"

enum {
	GENEVE_VERSION,
	GENEVE_OPT_LEN,
	GENEVE_FLAGS,
	GENEVE_PROTO,
	GENEVE_VNI,
	GENEVE_OPT_CLASS,
	GENEVE_OPT_TYPE,
};

static const struct field fields[] = {
    [GENEVE_VERSION] = {"geneve.version", "Version", .mask = 0xc0,
			.type = FIELD_UINT},
    [GENEVE_OPT_LEN] = {"geneve.option.length", "Length of options",
			.type = FIELD_UINT},
    [GENEVE_FLAGS] = {"geneve.flags", "Flags", .type = FIELD_UINT, .width = 1,
		      .flags = FIELD_HEX | FIELD_LINE},
    [GENEVE_PROTO] = {"geneve.proto_type", "Protocol", ethertype_names,
		      .type = FIELD_UINT, .width = 2,
		      .flags = FIELD_HEX | FIELD_LINE},
    [GENEVE_VNI] = {"geneve.vni", "Network identifier", .type = FIELD_UINT,
		    .width = 3, .flags = FIELD_HEX | FIELD_LINE},
    [GENEVE_OPT_CLASS] = {"geneve.option.class", "Class of the option",
			  .type = FIELD_UINT, .width = 2, .flags = FIELD_HEX},
    [GENEVE_OPT_TYPE] = {"geneve.option.type", "Option", .type = FIELD_UINT,
			 .width = 1, .flags = FIELD_HEX},
};

/* Class (2), type (1), flags and length in units of 4 bytes (1), data. */
static void decode_option(struct dissect *d, struct cur *c)
{
	unsigned len;

	take(d, c, &fields[GENEVE_OPT_CLASS]);
	take(d, c, &fields[GENEVE_OPT_TYPE]);
	if (!cur_has(c, 1))
		return;
	len = (cur_u8(c) & 0x1f) * 4;
	add_uint(d, &fields[GENEVE_OPT_LEN], len + 4);
	cur_skip(c, len);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned first, options, proto;
	struct cur body;

	if (!cur_has(c, 8))
		return;
	first = cur_u8(c);
	options = (first & 0x3f) * 4;
	add_bits(d, &fields[GENEVE_VERSION], first);
	d->layer->fact[0] = options;
	add_uint(d, &fields[GENEVE_OPT_LEN], options);
	take(d, c, &fields[GENEVE_FLAGS]);
	proto = (unsigned)take(d, c, &fields[GENEVE_PROTO]);
	take(d, c, &fields[GENEVE_VNI]);
	cur_skip(c, 1);
	body = cur_part(c, options);
	while (body.state == CUR_OK && body.claim >= 4)
		decode_option(d, &body);
	next_by(d, c, KEY_ETHERTYPE, proto);
}

static const char *class_name(unsigned class)
{
	static const struct names names[] = {
	    {0x0100, "Linux"},
	    {0x0101, "Open vSwitch"},
	    {0x0102, "Open Virtual Networking"},
	    {0x0103, "In-band Network Telemetry"},
	    {0x0104, "VMware"},
	    {0, NULL}};

	if (class <= 0xff)
		return "Standard";
	return names_or(names, class,
			class >= 0xfff0 ? "Experimental" : "Unknown");
}

/* The options, with -vv what they carry. */
static void options_line(struct summary *l, unsigned options)
{
	struct cur c = cur_over(l->layer->data, l->layer->caplen, 8 + options);
	unsigned class, type, len, i;
	const char *before = ", options [";

	cur_skip(&c, 8);
	while (c.state == CUR_OK && cur_left(&c) >= 4) {
		class = cur_be16(&c);
		type = cur_u8(&c);
		len = (cur_u8(&c) & 0x1f) * 4;
		summary_printf(l, "%sclass %s (0x%x) type 0x%x%s len %u",
			       before, class_name(class), class, type,
			       type & 0x80 ? "(C)" : "", len + 4);
		before = ", ";
		if (l->o->verbose < 2) {
			cur_skip(&c, len);
			continue;
		}
		for (i = 0; i < len && cur_has(&c, 4); i += 4)
			summary_printf(l, "%s%08x", i ? " " : " data ",
				       cur_be32(&c));
	}
	summary_puts(l, "]");
}

static void summary(struct summary *l)
{
	unsigned proto = (unsigned)summary_num(l, GENEVE_PROTO);
	unsigned flags = (unsigned)summary_num(l, GENEVE_FLAGS);
	unsigned options = l->layer->fact[0];

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "Geneve, Flags [%s%s%s%s], vni 0x%x",
		       flags & 0x80 ? "O" : "", flags & 0x40 ? "C" : "",
		       flags & 0x3f ? "R" : "", flags ? "" : "none",
		       (unsigned)summary_num(l, GENEVE_VNI));
	if (l->o->verbose)
		summary_printf(l, ", proto %s (0x%04x)",
			       names_or(ethertype_names, proto, "unknown"),
			       proto);
	if (options && l->o->verbose)
		options_line(l, options);
	else if (options)
		summary_printf(l, ", options [%u bytes]", options);
	summary_puts(l, l->o->verbose ? "\n\t" : ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 6081}};

static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, 4);
	return cur_be32(&c) >> 8;
}

const struct proto proto_geneve = {
    "geneve",
    "Generic Network Virtualization Encapsulation",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .decode = decode,
    .network = network,
    .summary = summary,
};
