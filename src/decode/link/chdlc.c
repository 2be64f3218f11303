/*
 * Cisco HDLC: address (1), control (1), protocol (2, mostly an EtherType).
 */
#include "decode/lib/numbers.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { CHDLC_ADDRESS, CHDLC_PROTOCOL };

enum { PROTOCOL_SLARP = 0x8035, PROTOCOL_OSI = 0xfefe };

static const struct names address_names[] = {
    {0x0f, "Unicast"}, {0x8f, "Multicast"}, {0, NULL}};

static const struct field fields[] = {
    [CHDLC_ADDRESS] = {"chdlc.address", "Address", address_names,
		       .type = FIELD_UINT, .width = 1, .flags = FIELD_HEX},
    [CHDLC_PROTOCOL] = {"chdlc.protocol", "Protocol", ethertype_names,
			.type = FIELD_UINT, .width = 2,
			.flags = FIELD_HEX | FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	unsigned protocol;

	take(d, c, &fields[CHDLC_ADDRESS]);
	cur_skip(c, 1);
	protocol = (unsigned)take(d, c, &fields[CHDLC_PROTOCOL]);
	if (protocol == PROTOCOL_OSI) {
		cur_skip(c, 1); /* padding */
		next_proto(d, c, PROTO_osi);
		return;
	}
	if (protocol == PROTOCOL_SLARP)
		next_proto(d, c, PROTO_slarp);
	else
		next_by(d, c, KEY_ETHERTYPE, protocol);
}

static void summary(struct summary *l)
{
	unsigned protocol = (unsigned)summary_num(l, CHDLC_PROTOCOL);

	if (l->layer->state != CUR_OK)
		summary_mark(l);
	else if (!l->next || l->o->link)
		summary_printf(l, "CHDLC, ethertype %s, (0x%04x), length %u%s",
			       names_or(ethertype_names, protocol, "Unknown"),
			       protocol, l->layer->len, l->next ? ": " : "");
}

static const uint8_t leads[] = {PROTO_osi, PROTO_slarp, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 104}};

const struct proto proto_chdlc = {
    "chdlc",
    "Cisco HDLC",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_ETHERTYPE),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
