/*
 * IEEE 802.11: the frame header; wlan_mgt.c has what management frames say.
 *
 *	+---------+----------+------+------+------+-----+------+-----+------
 *	| control | duration | adr1 | adr2 | adr3 | seq | adr4 | QoS | body
 *	+---------+----------+------+------+------+-----+------+-----+------
 *
 * Control frames have fewer addresses; the fourth is there between access
 * points. What the addresses mean depends on the "to" and "from" bits.
 */
#include "decode/link/wlan.h"

#include "decode/lib/rows.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { MANAGEMENT, CONTROL, DATA };
enum { TO_DS = 1, FROM_DS = 2, PROTECTED = 0x40, ORDER = 0x80 };
/* of Radiotap: the header is padded to a multiple of 4 */
enum { FLAG_PADDED = 0x20 };

static const struct names type_names[] = {{MANAGEMENT, "Management"},
					  {CONTROL, "Control"},
					  {DATA, "Data"},
					  {3, "Extension"},
					  {0, NULL}};

static const struct names subtype_names[] = {
    {0x00, "Assoc Request"},
    {0x01, "Assoc Response"},
    {0x02, "ReAssoc Request"},
    {0x03, "ReAssoc Response"},
    {0x04, "Probe Request"},
    {0x05, "Probe Response"},
    {0x08, "Beacon"},
    {0x09, "ATIM"},
    {0x0a, "Disassociation"},
    {0x0b, "Authentication"},
    {0x0c, "DeAuthentication"},
    {0x0d, "Action"},
    {0x18, "Block Ack Request"},
    {0x19, "Block Ack"},
    {0x1a, "Power Save-Poll"},
    {0x1b, "Request-To-Send"},
    {0x1c, "Clear-To-Send"},
    {0x1d, "Acknowledgment"},
    {0x1e, "CF-End"},
    {0x1f, "CF-End+CF-Ack"},
    {0x20, "Data"},
    {0x24, "Null data"},
    {0x28, "QoS Data"},
    {0x2c, "QoS Null data"},
    {0, NULL},
};

#define ADDRESS(index, nm, tt)                                                 \
	[index] = {"wlan." nm, tt, .type = FIELD_ETHER, .width = 6,            \
		   .flags = FIELD_LINE}
#define FC_FLAG(index, nm, tt, bit)                                            \
	[index] = {"wlan.fc." nm, tt, .mask = (bit), .type = FIELD_BOOL}

static const struct field fields[] = {
    [WLAN_VERSION] = {"wlan.fc.version", "Version", .mask = 0x03,
		      .type = FIELD_UINT},
    [WLAN_TYPE] = {"wlan.fc.type", "Type", type_names, .mask = 0x0c,
		   .type = FIELD_UINT},
    [WLAN_SUBTYPE] = {"wlan.fc.subtype", "Subtype", .mask = 0xf0,
		      .type = FIELD_UINT},
    [WLAN_TYPE_SUBTYPE] = {"wlan.fc.type_subtype", "Type and subtype",
			   subtype_names, .type = FIELD_UINT,
			   .flags = FIELD_HEX | FIELD_LINE, .digits = 4},
    [WLAN_FLAGS] = {"wlan.flags", "Flags", .type = FIELD_UINT, .width = 1,
		    .flags = FIELD_HEX | FIELD_LINE},
    [WLAN_DS] = {"wlan.fc.ds", "Ways of the distribution system", .mask = 0x03,
		 .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 2},
    FC_FLAG(WLAN_TODS, "tods", "To the distribution system", 0x01),
    FC_FLAG(WLAN_FROMDS, "fromds", "From the distribution system", 0x02),
    FC_FLAG(WLAN_MORE_FRAGMENTS, "frag", "More fragments", 0x04),
    FC_FLAG(WLAN_RETRY, "retry", "Retry", 0x08),
    FC_FLAG(WLAN_POWER, "pwrmgt", "Power management", 0x10),
    FC_FLAG(WLAN_MORE_DATA, "moredata", "More data", 0x20),
    FC_FLAG(WLAN_PROTECTED, "protected", "Protected", 0x40),
    FC_FLAG(WLAN_ORDER, "order", "Order", 0x80),
    [WLAN_DURATION] = {"wlan.duration", "Duration, us", .mask = 0x7fff,
		       .type = FIELD_UINT},
    ADDRESS(WLAN_RA, "ra", "Receiver address"),
    ADDRESS(WLAN_DA, "da", "Destination address"),
    ADDRESS(WLAN_TA, "ta", "Transmitter address"),
    ADDRESS(WLAN_SA, "sa", "Source address"),
    ADDRESS(WLAN_BSSID, "bssid", "BSS id"),
    [WLAN_FRAG] = {"wlan.frag", "Fragment number", .mask = 0x000f,
		   .type = FIELD_UINT},
    [WLAN_SEQ] = {"wlan.seq", "Sequence number", .mask = 0xfff0,
		  .type = FIELD_UINT},
    [WLAN_QOS] = {"wlan.qos", "QoS control", .type = FIELD_UINT, .width = 2,
		  .flags = FIELD_HEX | FIELD_LITTLE},
    [WLAN_QOS_AMSDU] = {"wlan.qos.amsdupresent", "Of several subframes",
			.mask = 0x0080, .type = FIELD_BOOL},
};

/* An address with two or three meanings. */
static void take_address(struct dissect *d, struct cur *c, int one, int two,
			 int three)
{
	const uint8_t *p = cur_bytes(c, 6);

	if (!p)
		return;
	add_bytes(d, &fields[one], p, 6);
	if (two >= 0)
		add_bytes(d, &fields[two], p, 6);
	if (three >= 0)
		add_bytes(d, &fields[three], p, 6);
}

static unsigned get_le16(struct cur *c)
{
	unsigned low = cur_u8(c);

	return low | (unsigned)cur_u8(c) << 8;
}

static void take_sequence(struct dissect *d, struct cur *c)
{
	unsigned word;

	if (!cur_has(c, 2))
		return;
	word = get_le16(c);
	add_bits(d, &fields[WLAN_FRAG], word);
	add_bits(d, &fields[WLAN_SEQ], word);
}

static void decode_control(struct dissect *d, struct cur *c, unsigned subtype)
{
	switch (subtype) {
	case 0x8: /* block acknowledgement request and acknowledgement */
	case 0x9:
	case 0xb: /* request to send */
		take_address(d, c, WLAN_RA, -1, -1);
		take_address(d, c, WLAN_TA, -1, -1);
		break;
	case 0xa: /* power save poll */
		take_address(d, c, WLAN_RA, WLAN_BSSID, -1);
		take_address(d, c, WLAN_TA, -1, -1);
		break;
	case 0xc: /* clear to send, acknowledgement */
	case 0xd:
		take_address(d, c, WLAN_RA, -1, -1);
		break;
	case 0xe: /* end of contention-free period */
	case 0xf:
		take_address(d, c, WLAN_RA, -1, -1);
		take_address(d, c, WLAN_TA, WLAN_BSSID, -1);
		break;
	}
}

static void decode_management(struct dissect *d, struct cur *c,
			      unsigned subtype, unsigned flags)
{
	take_address(d, c, WLAN_RA, WLAN_DA, -1);
	take_address(d, c, WLAN_TA, WLAN_SA, -1);
	take_address(d, c, WLAN_BSSID, -1, -1);
	take_sequence(d, c);
	if (flags & ORDER)
		cur_skip(c, 4);
	d->layer->fact[WLAN_FACT_SUBTYPE] = subtype;
	if (!(flags & PROTECTED))
		next_proto(d, c, PROTO_wlan_mgt);
}

/* In a frame of several subframes each has its own source and destination. */
static void take_addresses_of(struct dissect *d, struct cur *c, unsigned flags,
			      bool several)
{
	switch (flags & (TO_DS | FROM_DS)) {
	case 0:
		take_address(d, c, WLAN_RA, WLAN_DA, -1);
		take_address(d, c, WLAN_TA, WLAN_SA, -1);
		take_address(d, c, WLAN_BSSID, -1, -1);
		return;
	case TO_DS:
		take_address(d, c, WLAN_RA, WLAN_BSSID, -1);
		take_address(d, c, WLAN_TA, WLAN_SA, -1);
		break;
	case FROM_DS:
		take_address(d, c, WLAN_RA, WLAN_DA, -1);
		take_address(d, c, WLAN_TA, WLAN_BSSID, -1);
		break;
	default:
		take_address(d, c, WLAN_RA, -1, -1);
		take_address(d, c, WLAN_TA, -1, -1);
	}
	if (several)
		cur_skip(c, 6);
	else
		take_address(d, c, flags & TO_DS ? WLAN_DA : WLAN_SA, -1, -1);
}

/* QoS control tells how addresses are to be read, but follows them. */
static bool of_several(struct cur c, unsigned subtype, unsigned flags)
{
	bool four = (flags & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS);

	if ((subtype & 12) != 8)
		return false;
	cur_skip(&c, four ? 26 : 20);
	return cur_u8(&c) & 0x80;
}

static void decode_data(struct dissect *d, struct cur *c, unsigned subtype,
			unsigned flags)
{
	bool several = of_several(*c, subtype, flags);

	take_addresses_of(d, c, flags, several);
	take_sequence(d, c);
	if ((flags & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS)) {
		if (several)
			cur_skip(c, 6);
		else
			take_address(d, c, WLAN_SA, -1, -1);
	}
	if (subtype & 8) {
		add_bits(d, &fields[WLAN_QOS_AMSDU],
			 take(d, c, &fields[WLAN_QOS]));
		if (flags & ORDER)
			cur_skip(c, 4);
	}
	if (d->layer > d->layers && d->layer[-1].id == PROTO_radiotap &&
	    d->layer[-1].fact[0] & FLAG_PADDED)
		cur_skip(c, (d->layer->len - c->claim) & 2);
	if (flags & PROTECTED || subtype & 4 || !c->claim)
		return;
	if (several)
		next_proto(d, c, PROTO_wlan_aggregate);
	else
		next_by(d, c, KEY_LLC, 0);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned control, type, subtype, flags;

	if (!cur_has(c, 4))
		return;
	control = cur_peek8(c, 0);
	flags = cur_peek8(c, 1);
	/* controllers and their access points swap these two */
	if (d->layer > d->layers && d->layer[-1].id == PROTO_capwap) {
		control = cur_peek8(c, 1);
		flags = cur_peek8(c, 0);
	}
	cur_skip(c, 2);
	type = control >> 2 & 3;
	subtype = control >> 4;
	add_uint(d, &fields[WLAN_TYPE_SUBTYPE], type << 4 | subtype);
	add_bits(d, &fields[WLAN_VERSION], control);
	add_bits(d, &fields[WLAN_TYPE], control);
	add_bits(d, &fields[WLAN_SUBTYPE], control);
	add_bits_rows(d, &fields[WLAN_FLAGS], &fields[WLAN_ORDER], flags);
	add_bits(d, &fields[WLAN_DURATION], get_le16(c));
	if (type == MANAGEMENT)
		decode_management(d, c, subtype, flags);
	else if (type == CONTROL)
		decode_control(d, c, subtype);
	else if (type == DATA)
		decode_data(d, c, subtype, flags);
}

static void address_line(struct summary *l, const char *before, unsigned field)
{
	const struct value *v = summary_value(l, field);

	if (v) {
		summary_puts(l, before);
		summary_ether(l, v->bytes);
		summary_puts(l, " ");
	}
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, WLAN_TYPE_SUBTYPE);

	if (!type) {
		summary_mark(l);
		return;
	}
	if (l->o->link) {
		address_line(l, "BSSID:", WLAN_BSSID);
		address_line(l, "DA:", WLAN_DA);
		address_line(l, "SA:", WLAN_SA);
	}
	if (l->next && l->next->id != PROTO_wlan_mgt)
		return;
	summary_puts(l, names_or(subtype_names, type->num, "Unknown frame"));
	if (!l->o->link && !l->next)
		address_line(l, " RA:", WLAN_RA);
	if (summary_num(l, WLAN_FLAGS) & PROTECTED)
		summary_puts(l, " encrypted");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_wlan_mgt, PROTO_wlan_aggregate,
				PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 105}};

const struct proto proto_wlan = {
    "wlan",
    "IEEE 802.11 wireless LAN",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_ON_RADIO,
    .leads = LEADS_TO(KEY_LLC),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
