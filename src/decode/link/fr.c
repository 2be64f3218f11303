/*
 * Frame Relay (Q.922), with multiprotocol encapsulation (RFC 2427) or Cisco's.
 *
 *	+---------------+----+----+  +---------------+---+---+---+----+
 *	| DLCI, upper 6 | CR | EA |  | DLCI, lower 4 | F | B | D | EA |
 *	+---------------+----+----+  +---------------+---+---+---+----+
 *
 * EA is 1 in the last byte of the address, which may have four; then control
 * 3 and a network layer protocol id, or with Cisco's an EtherType.
 */
#include "base/array.h"
#include "decode/lib/numbers.h"
#include "decode/lib/rows.h"
#include "decode/link/eth.h"
#include "decode/proto_ids.h"

enum {
	FR_FIRST_ADDR_OCTET,
	FR_UPPER_DLCI,
	FR_CR,
	FR_EA,
	FR_SECOND_ADDR_OCTET,
	FR_SECOND_DLCI,
	FR_FECN,
	FR_BECN,
	FR_DE,
	FR_THIRD_ADDR_OCTET,
	FR_THIRD_DLCI,
	FR_DC,
	FR_LOWER_DLCI,
	FR_DLCI,
	FR_CONTROL,
	FR_NLPID,
	FR_CHDLCTYPE,
};

enum { CONTROL_UI = 3, NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8e, NLPID_IP = 0xcc };
enum { FACT_HEADER, FACT_FLAGS, FACT_NLPID };

static const struct field fields[] = {
    [FR_FIRST_ADDR_OCTET] =
	UINT("fr.first_addr_octet", "First address byte", 1, FIELD_HEX),
    [FR_UPPER_DLCI] = {"fr.upper_dlci", "Upper DLCI", .mask = 0xfc,
		       .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
		       .digits = 2},
    [FR_CR] = FLAG("fr.cr", "CR", 1, 0x2),
    [FR_EA] = FLAG("fr.ea", "EA", 1, 0x1),
    [FR_SECOND_ADDR_OCTET] =
	UINT("fr.second_addr_octet", "Second address byte", 1, FIELD_HEX),
    [FR_SECOND_DLCI] = {"fr.second_dlci", "Second DLCI", .mask = 0xf0,
			.type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
			.digits = 2},
    [FR_FECN] = FLAG("fr.fecn", "FECN", 1, 0x8),
    [FR_BECN] = FLAG("fr.becn", "BECN", 1, 0x4),
    [FR_DE] = FLAG("fr.de", "DE", 1, 0x2),
    [FR_THIRD_ADDR_OCTET] =
	UINT("fr.third_addr_octet", "Third address byte", 1, FIELD_HEX),
    [FR_THIRD_DLCI] = {"fr.third_dlci", "Third DLCI", .mask = 0xfe,
		       .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
		       .digits = 2},
    [FR_DC] = FLAG("fr.dc", "DC", 1, 0x2),
    [FR_LOWER_DLCI] = {"fr.lower_dlci", "Lower DLCI", .mask = 0xfc,
		       .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX,
		       .digits = 2},
    [FR_DLCI] = UINT("fr.dlci", "DLCI", 4, FIELD_LINE),
    [FR_CONTROL] = UINT("fr.control", "Control field", 1, FIELD_HEX),
    [FR_NLPID] = UINT("fr.nlpid", "NLPID", 1, FIELD_HEX | FIELD_LINE),
    [FR_CHDLCTYPE] = NAMED("fr.chdlctype", "Type", 2, FIELD_HEX | FIELD_LINE,
			   ethertype_names),
};

/* The address, up to four bytes. Returns the connection's number. */
static unsigned take_address(struct dissect *d, struct cur *c)
{
	unsigned byte, dlci, header = 2;

	if (!cur_has(c, 2))
		return 0;
	byte = (unsigned)take_bits(d, c, &fields[FR_FIRST_ADDR_OCTET],
				   &fields[FR_EA]);
	d->layer->fact[FACT_FLAGS] = byte & 2;
	dlci = byte >> 2;
	byte = (unsigned)take_bits(d, c, &fields[FR_SECOND_ADDR_OCTET],
				   &fields[FR_DE]);
	add_bits(d, &fields[FR_EA], byte);
	d->layer->fact[FACT_FLAGS] |= byte << 8;
	dlci = dlci << 4 | byte >> 4;
	if (!(byte & 1)) {
		byte = cur_u8(c);
		header++;
		if (!(byte & 1)) {
			add_uint(d, &fields[FR_THIRD_ADDR_OCTET], byte);
			add_bits(d, &fields[FR_THIRD_DLCI], byte);
			add_bits(d, &fields[FR_EA], byte);
			dlci = dlci << 7 | byte >> 1;
		}
		/* more than four are too many */
		while (!(byte & 1) && c->state == CUR_OK) {
			byte = cur_u8(c);
			header++;
		}
		if (c->state == CUR_OK) {
			add_bits(d, &fields[FR_DC], byte);
			add_bits(d, &fields[FR_EA], byte);
			/* else it says how the data link is controlled */
			if (!(byte & 2)) {
				add_bits(d, &fields[FR_LOWER_DLCI], byte);
				dlci = dlci << 6 | byte >> 2;
			}
		}
	}
	d->layer->fact[FACT_HEADER] = header;
	if (c->state == CUR_OK)
		add_uint(d, &fields[FR_DLCI], dlci);
	return dlci;
}

static void hand_on(struct dissect *d, struct cur *c)
{
	unsigned nlpid = cur_u8(c), oui;
	struct cur header;

	if (nlpid == 0) /* padding */
		nlpid = cur_u8(c);
	if (c->state != CUR_OK)
		return;
	d->layer->fact[FACT_NLPID] = nlpid;
	if (nlpid < 0x81 || nlpid > 0x83)
		add_uint(d, &fields[FR_NLPID], nlpid);
	if (nlpid == NLPID_SNAP) {
		oui = cur_be16(c);
		oui = oui << 8 | cur_u8(c);
		nlpid = cur_be16(c);
		if (oui == 0)
			next_by(d, c, KEY_ETHERTYPE, nlpid);
	} else if (nlpid == NLPID_IP) {
		next_proto(d, c, PROTO_ip);
	} else if (nlpid == NLPID_IPV6) {
		next_proto(d, c, PROTO_ipv6);
	} else {
		/* the id is the first byte of these protocols' headers */
		header = *c;
		cur_back(&header, 1);
		next_by(d, &header, KEY_NLPID, nlpid);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned dlci = take_address(d, c), type;
	struct cur look = *c;

	if (c->state != CUR_OK || c->claim == 0)
		return;
	if (cur_u8(&look) == CONTROL_UI) {
		take(d, c, &fields[FR_CONTROL]);
		hand_on(d, c);
	} else if (dlci != 0) {
		look = *c;
		type = cur_be16(&look);
		/* else it is the control field of another use of Q.922 */
		if (!names_get(ethertype_names, type))
			return;
		take(d, c, &fields[FR_CHDLCTYPE]);
		next_by(d, c, KEY_ETHERTYPE, type);
	}
}

static void flags_line(struct summary *l)
{
	static const struct {
		unsigned bit;
		const char *name;
	} flags[] = {
	    {2, "C!"}, {0x200, "DE"}, {0x400, "BECN"}, {0x800, "FECN"}};
	unsigned word = l->layer->fact[FACT_FLAGS], i;
	const char *before = "";

	summary_puts(l, "Flags [");
	for (i = 0; i < ARRAY_LEN(flags); i++) {
		if (!(word & flags[i].bit))
			continue;
		summary_printf(l, "%s%s", before, flags[i].name);
		before = ", ";
	}
	summary_puts(l, *before ? "], " : "none], ");
}

static void summary(struct summary *l)
{
	unsigned nlpid = l->layer->fact[FACT_NLPID];
	const struct value *type = summary_value(l, FR_CHDLCTYPE);

	if (!summary_value(l, FR_DLCI)) {
		summary_mark(l);
		return;
	}
	if (l->next && !l->o->link)
		return;
	summary_printf(l, "Q.922, hdr-len %u, DLCI %u, ",
		       l->layer->fact[FACT_HEADER],
		       (unsigned)summary_num(l, FR_DLCI));
	flags_line(l);
	if (nlpid)
		summary_printf(l, "NLPID 0x%02x, ", nlpid);
	else if (type)
		summary_printf(l, "cisco-ethertype %s (0x%04x), ",
			       names_or(ethertype_names, type->num, "Unknown"),
			       (unsigned)type->num);
	summary_printf(l, "length %u", l->layer->len);
	if (l->next)
		summary_puts(l, ": ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 107}};

const struct proto proto_fr = {
    "fr",
    "Frame Relay",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE) | LEADS_TO(KEY_NLPID),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
