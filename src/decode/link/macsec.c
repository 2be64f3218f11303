/*
 * MACsec (IEEE 802.1AE).
 *
 *	flags and association number (1), short length (1), packet number (4),
 *	with flag SC an identifier (8), then the payload, encrypted if flag E
 *	is set, and an integrity check value (16)
 */
#include "decode/lib/numbers.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	MACSEC_TCI,
	MACSEC_TCI_V,
	MACSEC_TCI_ES,
	MACSEC_TCI_SC,
	MACSEC_TCI_SCB,
	MACSEC_TCI_E,
	MACSEC_TCI_C,
	MACSEC_AN,
	MACSEC_SL,
	MACSEC_PN,
	MACSEC_SYSTEM,
	MACSEC_PORT,
	MACSEC_ETYPE,
	MACSEC_ICV,
};

enum { FLAG_SC = 0x20, FLAG_E = 0x08, FLAG_C = 0x04, ICV_LEN = 16 };

static const struct field fields[] = {
    [MACSEC_TCI] = {"macsec.TCI", "TCI", .mask = 0xfc, .type = FIELD_UINT,
		    .width = 1, .flags = FIELD_HEX, .digits = 2},
    [MACSEC_TCI_V] = {"macsec.TCI.V", "VER", .mask = 0x80, .type = FIELD_UINT,
		      .width = 1, .flags = FIELD_HEX, .digits = 2},
    [MACSEC_TCI_ES] = FLAG("macsec.TCI.ES", "ES", 1, 0x40),
    [MACSEC_TCI_SC] = FLAG("macsec.TCI.SC", "SC", 1, 0x20),
    [MACSEC_TCI_SCB] = FLAG("macsec.TCI.SCB", "SCB", 1, 0x10),
    [MACSEC_TCI_E] = FLAG("macsec.TCI.E", "E", 1, 0x8),
    [MACSEC_TCI_C] = FLAG("macsec.TCI.C", "C", 1, 0x4),
    [MACSEC_AN] = {"macsec.AN", "AN", .mask = 0x3, .type = FIELD_UINT,
		   .width = 1, .flags = FIELD_HEX | FIELD_LINE, .digits = 2},
    [MACSEC_SL] = UINT("macsec.SL", "Short length", 1, FIELD_LINE),
    [MACSEC_PN] = UINT("macsec.PN", "Packet number", 4, FIELD_LINE),
    [MACSEC_SYSTEM] =
	ETHER("macsec.SCI.system_identifier", "System identifier", FIELD_LINE),
    [MACSEC_PORT] =
	UINT("macsec.SCI.port_identifier", "Port identifier", 2, FIELD_LINE),
    [MACSEC_ETYPE] =
	NAMED("macsec.etype", "Ethertype", 2, FIELD_HEX, ethertype_names),
    [MACSEC_ICV] = BYTES("macsec.ICV", "ICV", 16, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned flags, type, len;
	struct cur body;

	if (!cur_has(c, 6))
		return;
	flags = cur_u8(c);
	add_bits_rows(d, &fields[MACSEC_TCI], &fields[MACSEC_AN], flags);
	d->layer->fact[0] = flags;
	len = (unsigned)take(d, c, &fields[MACSEC_SL]);
	take(d, c, &fields[MACSEC_PN]);
	if (flags & FLAG_SC)
		take_rows(d, c, &fields[MACSEC_SYSTEM], &fields[MACSEC_PORT]);
	if (c->state != CUR_OK || c->claim < ICV_LEN)
		return;
	/* a short frame is padded, and its length said */
	body = cur_part(
	    c, len && len + ICV_LEN <= c->claim ? len : c->claim - ICV_LEN);
	take(d, c, &fields[MACSEC_ICV]);
	if (flags & (FLAG_E | FLAG_C) || body.claim < 2) {
		next_proto(d, &body, PROTO_data);
		return;
	}
	type = (unsigned)take(d, &body, &fields[MACSEC_ETYPE]);
	next_by(d, &body, KEY_ETHERTYPE, type);
}

static void summary(struct summary *l)
{
	unsigned flags = l->layer->fact[0];
	const struct value *system = summary_value(l, MACSEC_SYSTEM);

	if (!summary_value(l, MACSEC_PN)) {
		summary_mark(l);
		return;
	}
	if (l->next && l->next->id != PROTO_data && !l->o->link)
		return;
	summary_printf(l, "an %u, pn %u, flags [%s%s%s], sl %u", flags & 3,
		       (unsigned)summary_num(l, MACSEC_PN),
		       flags & FLAG_E ? "E" : "",
		       flags & FLAG_C ? flags & FLAG_E ? ", C" : "C" : "",
		       flags & (FLAG_E | FLAG_C) ? "" : "none",
		       (unsigned)summary_num(l, MACSEC_SL));
	if (system) {
		summary_puts(l, ", sci ");
		summary_ether(l, system->bytes);
		summary_printf(l, ":%04x",
			       (unsigned)summary_num(l, MACSEC_PORT));
	}
	summary_printf(l, ", length %u", l->layer->len);
	if (l->next && l->next->id != PROTO_data)
		summary_puts(l, ": ");
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_ETHERTYPE, 0x88e5}};

const struct proto proto_macsec = {
    "macsec",
    "802.1AE Security Tag",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_ETHERTYPE,
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
