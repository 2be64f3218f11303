/*
 * IEEE 802.15.4: the frame header. Numbers are little-endian.
 *
 *	control (2), sequence number (1, unless suppressed), addresses as the
 *	control says: destination network (2), destination (2 or 8), source
 *	network (2, unless compressed), source (2 or 8), payload, check (2)
 */
#include "decode/lib/rows.h"

enum {
	WPAN_FCF,
	WPAN_FRAME_TYPE,
	WPAN_SECURITY,
	WPAN_PENDING,
	WPAN_ACK_REQUEST,
	WPAN_PAN_ID_COMPRESSION,
	WPAN_FCF_RESERVED,
	WPAN_SEQNO_SUPPRESSION,
	WPAN_IE_PRESENT,
	WPAN_DST_ADDR_MODE,
	WPAN_VERSION,
	WPAN_SRC_ADDR_MODE,
	WPAN_SEQ_NO,
	WPAN_DST_PAN,
	WPAN_DST16,
	WPAN_DST64,
	WPAN_SRC_PAN,
	WPAN_SRC16,
	WPAN_SRC64,
};

enum { MODE_NONE, MODE_SHORT = 2, MODE_LONG = 3, LINKTYPE_NOFCS = 230 };

static const struct names type_names[] = {
    {0, "Beacon"},   {1, "Data"},     {2, "Acknowledgement"},
    {3, "Command"},  {4, "Reserved"}, {5, "Multipurpose"},
    {6, "Fragment"}, {7, "Extended"}, {0, NULL},
};

static const struct field fields[] = {
    [WPAN_FCF] =
	UINT("wpan.fcf", "Frame control field", 2, FIELD_HEX | FIELD_LITTLE),
    [WPAN_FRAME_TYPE] = {"wpan.frame_type", "Frame type", type_names,
			 .mask = 0x7, .type = FIELD_UINT, .width = 2,
			 .flags = FIELD_HEX | FIELD_LITTLE | FIELD_LINE,
			 .digits = 4},
    [WPAN_SECURITY] = FLAG("wpan.security", "Security enabled", 2, 0x8),
    [WPAN_PENDING] = FLAG("wpan.pending", "Frame pending", 2, 0x10),
    [WPAN_ACK_REQUEST] =
	FLAG("wpan.ack_request", "Acknowledge request", 2, 0x20),
    [WPAN_PAN_ID_COMPRESSION] =
	FLAG("wpan.pan_id_compression", "PAN id compression", 2, 0x40),
    [WPAN_FCF_RESERVED] = FLAG("wpan.fcf.reserved", "Reserved", 2, 0x80),
    [WPAN_SEQNO_SUPPRESSION] =
	FLAG("wpan.seqno_suppression", "Sequence number suppression", 2, 0x100),
    [WPAN_IE_PRESENT] =
	FLAG("wpan.ie_present", "Information elements present", 2, 0x200),
    [WPAN_DST_ADDR_MODE] = {"wpan.dst_addr_mode", "Destination addressing mode",
			    .mask = 0xc00, .type = FIELD_UINT, .width = 2,
			    .flags = FIELD_HEX | FIELD_LITTLE, .digits = 4},
    [WPAN_VERSION] =
	BITS("wpan.version", "Frame version", 2, 0x3000, FIELD_LITTLE),
    [WPAN_SRC_ADDR_MODE] = {"wpan.src_addr_mode", "Source addressing mode",
			    .mask = 0xc000, .type = FIELD_UINT, .width = 2,
			    .flags = FIELD_HEX | FIELD_LITTLE, .digits = 4},
    [WPAN_SEQ_NO] = UINT("wpan.seq_no", "Sequence number", 1, FIELD_LINE),
    [WPAN_DST_PAN] = UINT("wpan.dst_pan", "Destination PAN", 2,
			  FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WPAN_DST16] = UINT("wpan.dst16", "Destination", 2,
			FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WPAN_DST64] = TEXT("wpan.dst64", "Destination", FIELD_LINE),
    [WPAN_SRC_PAN] = UINT("wpan.src_pan", "Source PAN", 2,
			  FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WPAN_SRC16] =
	UINT("wpan.src16", "Source", 2, FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [WPAN_SRC64] = TEXT("wpan.src64", "Extended source", FIELD_LINE),
};

/* An address of 8 bytes, the last one first; shown with colons. */
static void take_long(struct dissect *d, struct cur *c, unsigned field)
{
	const uint8_t *p = cur_bytes(c, 8);
	char text[3 * 8], *at = text;
	unsigned i;

	if (!p || !wants(d, &fields[field]))
		return;
	for (i = 8; i > 0; i--) {
		at = fmt_hex(at, p[i - 1], 2);
		*at++ = ':';
	}
	at[-1] = '\0';
	add_text(d, &fields[field], text);
}

static void take_address(struct dissect *d, struct cur *c, unsigned mode,
			 unsigned field)
{
	if (mode == MODE_SHORT)
		take(d, c, &fields[field]);
	else if (mode == MODE_LONG)
		take_long(d, c, field + 1);
}

/* Which of the two networks are there (IEEE 802.15.4-2020, table 7-2). */
static void find_networks(unsigned version, bool compressed, unsigned dst,
			  unsigned src, bool *has_dst, bool *has_src)
{
	if (version < 2) {
		*has_dst = dst != MODE_NONE;
		*has_src = src != MODE_NONE && !(compressed && dst);
	} else if (!dst && !src) {
		*has_dst = compressed;
		*has_src = false;
	} else if (dst && src) {
		*has_dst =
		    !(compressed && dst == MODE_LONG && src == MODE_LONG);
		*has_src =
		    !compressed && !(dst == MODE_LONG && src == MODE_LONG);
	} else {
		*has_dst = dst && !compressed;
		*has_src = src && !compressed;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned control, dst, src, version;
	bool has_dst, has_src;

	control = (unsigned)take_bits(d, c, &fields[WPAN_FCF],
				      &fields[WPAN_SRC_ADDR_MODE]);
	d->layer->fact[0] = control;
	version = control >> 12 & 3;
	if ((control & 7) > 3)
		return; /* other headers */
	if (!(version == 2 && control & 0x100))
		take(d, c, &fields[WPAN_SEQ_NO]);
	dst = control >> 10 & 3;
	src = control >> 14 & 3;
	find_networks(version, control & 0x40, dst, src, &has_dst, &has_src);
	if (has_dst)
		take(d, c, &fields[WPAN_DST_PAN]);
	take_address(d, c, dst, WPAN_DST16);
	if (has_src)
		take(d, c, &fields[WPAN_SRC_PAN]);
	take_address(d, c, src, WPAN_SRC16);
}

static void address_line(struct summary *l, unsigned pan)
{
	const struct value *net = summary_value(l, pan);
	const struct value *v = summary_value(l, pan + 1);

	if (net)
		summary_printf(l, "%04x:", (unsigned)net->num);
	if (v)
		summary_printf(l, "%04x", (unsigned)v->num);
	else if ((v = summary_value(l, pan + 2)) != NULL)
		summary_foreign(l, v->bytes, v->len);
	else
		summary_puts(l, "none");
}

static void summary(struct summary *l)
{
	const struct value *seq = summary_value(l, WPAN_SEQ_NO);

	if (!summary_value(l, WPAN_FRAME_TYPE)) {
		summary_mark(l);
		return;
	}
	summary_printf(
	    l, "IEEE 802.15.4 %s packet",
	    names_or(type_names, summary_num(l, WPAN_FRAME_TYPE), "?"));
	if (seq)
		summary_printf(l, " seq %02x", (unsigned)seq->num);
	summary_puts(l, ", ");
	address_line(l, WPAN_DST_PAN);
	summary_puts(l, " < ");
	address_line(l, WPAN_SRC_PAN);
	summary_printf(l, ", length %u", l->layer->len);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_LINKTYPE, 195},
				  {KEY_LINKTYPE, LINKTYPE_NOFCS}};

const struct proto proto_wpan = {
    "wpan",
    "IEEE 802.15.4 Low-Rate Wireless PAN",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
