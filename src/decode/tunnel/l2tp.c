/*
 * Layer 2 tunnelling, version 2 (RFC 2661).
 *
 *	flags and version (2), length (2, flag L), tunnel (2), session (2), Ns
 *	and Nr (2 each, flag S), offset (2, flag O); control messages: pairs of
 *	flags and length (2), vendor (2), type (2), value; data: a PPP frame
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	L2TP_FLAGS,
	L2TP_TYPE,
	L2TP_LENGTH_BIT,
	L2TP_SEQ_BIT,
	L2TP_OFFSET_BIT,
	L2TP_PRIORITY,
	L2TP_VERSION,
	L2TP_LENGTH,
	L2TP_TUNNEL,
	L2TP_SESSION,
	L2TP_NS,
	L2TP_NR,
	L2TP_OFFSET,
	L2TP_AVP_MANDATORY,
	L2TP_AVP_HIDDEN,
	L2TP_AVP_LENGTH,
	L2TP_AVP_VENDOR_ID,
	L2TP_AVP_TYPE,
	L2TP_AVP_MESSAGE_TYPE,
};

enum {
	CONTROL = 0x8000,
	HAS_LENGTH = 0x4000,
	HAS_SEQ = 0x0800,
	HAS_OFFSET = 0x0200,
	AVP_MESSAGE = 0,
	AVP_HEADER_LEN = 6
};

static const struct names type_names[] = {
    {0, "Data message"}, {1, "Control message"}, {0, NULL}};

static const struct names message_names[] = {
    {1, "SCCRQ"}, {2, "SCCRP"}, {3, "SCCCN"}, {4, "StopCCN"}, {6, "HELLO"},
    {7, "OCRQ"},  {8, "OCRP"},	{9, "OCCN"},  {10, "ICRQ"},   {11, "ICRP"},
    {12, "ICCN"}, {14, "CDN"},	{15, "WEN"},  {16, "SLI"},    {0, NULL},
};

static const struct names avp_names[] = {
    {0, "Message type"},
    {1, "Result code"},
    {2, "Protocol version"},
    {3, "Framing capabilities"},
    {4, "Bearer capabilities"},
    {5, "Tie breaker"},
    {6, "Firmware revision"},
    {7, "Host name"},
    {8, "Vendor name"},
    {9, "Assigned tunnel id"},
    {10, "Receive window size"},
    {11, "Challenge"},
    {13, "Challenge response"},
    {14, "Assigned session id"},
    {15, "Call serial number"},
    {18, "Bearer type"},
    {19, "Framing type"},
    {21, "Called number"},
    {22, "Calling number"},
    {24, "Connect speed"},
    {0, NULL},
};

static const struct field fields[] = {
    [L2TP_FLAGS] = UINT("l2tp.flags", "Flags", 2, FIELD_HEX),
    [L2TP_TYPE] = {"l2tp.type", "Type", type_names, .mask = 0x8000,
		   .type = FIELD_UINT, .width = 2, .flags = 0},
    [L2TP_LENGTH_BIT] = FLAG("l2tp.length_bit", "Length bit", 2, 0x4000),
    [L2TP_SEQ_BIT] = FLAG("l2tp.seq_bit", "Sequence bit", 2, 0x800),
    [L2TP_OFFSET_BIT] = FLAG("l2tp.offset_bit", "Offset bit", 2, 0x200),
    [L2TP_PRIORITY] = FLAG("l2tp.priority", "Priority", 2, 0x100),
    [L2TP_VERSION] = BITS("l2tp.version", "Version", 2, 0xf, 0),
    [L2TP_LENGTH] = UINT("l2tp.length", "Length", 2, 0),
    [L2TP_TUNNEL] = UINT("l2tp.tunnel", "Tunnel id", 2, FIELD_LINE),
    [L2TP_SESSION] = UINT("l2tp.session", "Session id", 2, FIELD_LINE),
    [L2TP_NS] = UINT("l2tp.Ns", "Ns", 2, FIELD_LINE),
    [L2TP_NR] = UINT("l2tp.Nr", "Nr", 2, FIELD_LINE),
    [L2TP_OFFSET] = UINT("l2tp.offset", "Offset", 2, 0),
    [L2TP_AVP_MANDATORY] = FLAG("l2tp.avp.mandatory", "Mandatory", 2, 0x8000),
    [L2TP_AVP_HIDDEN] = FLAG("l2tp.avp.hidden", "Hidden", 2, 0x4000),
    [L2TP_AVP_LENGTH] = BITS("l2tp.avp.length", "Length", 2, 0x3ff, 0),
    [L2TP_AVP_VENDOR_ID] = UINT("l2tp.avp.vendor_id", "Vendor id", 2, 0),
    [L2TP_AVP_TYPE] = NAMED("l2tp.avp.type", "AVP type", 2, 0, avp_names),
    [L2TP_AVP_MESSAGE_TYPE] = NAMED("l2tp.avp.message_type", "Message type", 2,
				    FIELD_LINE, message_names),
};

static void decode_avps(struct dissect *d, struct cur *c)
{
	unsigned head, vendor, type;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= AVP_HEADER_LEN) {
		head = cur_be16(c);
		if ((head & 0x3ff) < AVP_HEADER_LEN) {
			cur_bad(c);
			return;
		}
		add_bits_rows(d, &fields[L2TP_AVP_MANDATORY],
			      &fields[L2TP_AVP_LENGTH], head);
		vendor = (unsigned)take(d, c, &fields[L2TP_AVP_VENDOR_ID]);
		type = (unsigned)take(d, c, &fields[L2TP_AVP_TYPE]);
		body = cur_part(c, (head & 0x3ff) - AVP_HEADER_LEN);
		if (vendor == 0 && type == AVP_MESSAGE)
			take(d, &body, &fields[L2TP_AVP_MESSAGE_TYPE]);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur whole = *c;
	unsigned flags, len;

	flags = (unsigned)take_bits(d, c, &fields[L2TP_FLAGS],
				    &fields[L2TP_VERSION]);
	d->layer->fact[0] = flags;
	if ((flags & 15) != 2)
		return;
	if (flags & HAS_LENGTH) {
		len = (unsigned)take(d, c, &fields[L2TP_LENGTH]);
		/* counts from the start */
		if (len >= 4 && len < whole.claim)
			*c = cur_unit(c, len - 4);
	}
	take_rows(d, c, &fields[L2TP_TUNNEL], &fields[L2TP_SESSION]);
	if (flags & HAS_SEQ)
		take_rows(d, c, &fields[L2TP_NS], &fields[L2TP_NR]);
	if (flags & HAS_OFFSET)
		cur_skip(c, (size_t)take(d, c, &fields[L2TP_OFFSET]));
	if (flags & CONTROL)
		decode_avps(d, c);
	else if (c->claim > 0)
		next_proto(d, c, PROTO_ppp);
}

static void summary(struct summary *l)
{
	struct summary_got got;
	unsigned flags = l->layer->fact[0];

	summary_get(l, &got);
	if (!summary_has(&got, L2TP_SESSION)) {
		summary_puts(l, " l2tp:");
		summary_mark(l);
		return;
	}
	summary_printf(
	    l, " l2tp:[%s%s%s%s](%u/%u)", flags & CONTROL ? "T" : "",
	    flags & HAS_LENGTH ? "L" : "", flags & HAS_SEQ ? "S" : "",
	    flags & HAS_OFFSET ? "O" : "", (unsigned)got.v[L2TP_TUNNEL].num,
	    (unsigned)got.v[L2TP_SESSION].num);
	if (summary_has(&got, L2TP_NR))
		summary_printf(l, "Ns=%u,Nr=%u", (unsigned)got.v[L2TP_NS].num,
			       (unsigned)got.v[L2TP_NR].num);
	if (summary_has(&got, L2TP_AVP_MESSAGE_TYPE))
		summary_printf(l, " *MSGTYPE(%s)",
			       names_or(message_names,
					got.v[L2TP_AVP_MESSAGE_TYPE].num, "?"));
	else if (flags & CONTROL)
		summary_puts(l, " ZLB");
	if (l->next)
		summary_puts(l, " ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ppp, PROTO_NONE};
static const struct key keys[] = {{KEY_UDP_PORT, 1701}};

/* The tunnel and its session. */
static uint32_t network(const struct layer *l)
{
	struct cur c = layer_start(l);

	cur_skip(&c, cur_be16(&c) & HAS_LENGTH ? 2 : 0);
	return cur_be32(&c);
}

const struct proto proto_l2tp = {
    "l2tp",
    "Layer 2 Tunneling Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .network = network,
    .summary = summary,
};
