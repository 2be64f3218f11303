/*
 * PPP (RFC 1661), with the framing of RFC 1662 where a link has it.
 *
 *	+------+------+--------------+--------
 *	| 0xff | 0x03 | protocol     | payload
 *	+------+------+--------------+--------
 *
 * Address and control may be left out; a protocol with an odd first byte has
 * only that byte.
 */
#include "decode/proto.h"

enum { PPP_ADDRESS, PPP_CONTROL, PPP_PROTOCOL };

static const struct names protocol_names[] = {
    {0x0021, "IP"},	    {0x0057, "IPv6"},	{0x0281, "MPLS"},
    {0x0029, "AppleTalk"},  {0x002b, "IPX"},	{0x003d, "MLPPP"},
    {0x00fd, "Compressed"}, {0x8021, "IPCP"},	{0x8057, "IPV6CP"},
    {0x80fd, "CCP"},	    {0x8281, "MPLSCP"}, {0xc021, "LCP"},
    {0xc023, "PAP"},	    {0xc025, "LQR"},	{0xc223, "CHAP"},
    {0xc227, "EAP"},	    {0, NULL},
};

static const struct field fields[] = {
    [PPP_ADDRESS] = {"ppp.address", "Address", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_HEX},
    [PPP_CONTROL] = {"ppp.control", "Control", .type = FIELD_UINT, .width = 1,
		     .flags = FIELD_HEX},
    [PPP_PROTOCOL] = {"ppp.protocol", "Protocol", protocol_names,
		      .type = FIELD_UINT, .flags = FIELD_HEX | FIELD_LINE,
		      .digits = 4},
};

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned protocol;

	if (cur_left(c) >= 2 && cur_be16(&look) == 0xff03) {
		take(d, c, &fields[PPP_ADDRESS]);
		take(d, c, &fields[PPP_CONTROL]);
	}
	if (!cur_has(c, 1))
		return;
	protocol = cur_u8(c);
	if (!(protocol & 1))
		protocol = protocol << 8 | cur_u8(c);
	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[PPP_PROTOCOL], protocol);
	next_by(d, c, KEY_PPP, protocol);
}

static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, PPP_PROTOCOL);
	const char *name;

	if (!v) {
		summary_mark(l);
		return;
	}
	name = names_get(protocol_names, v->num);
	if (!l->o->link && l->next)
		return;
	if (name)
		summary_printf(l, "PPP %s (0x%04x), length %u", name,
			       (unsigned)v->num, l->layer->len);
	else
		summary_printf(l, "unknown PPP protocol (0x%04x) ",
			       (unsigned)v->num);
	if (!name && !l->next)
		summary_hex(l, cur_here(&l->d->rest), cur_left(&l->d->rest),
			    "\n\t");
	if (l->next)
		summary_puts(l, ": ");
}

static const struct key keys[] = {
    {KEY_LINKTYPE, 9}, {KEY_LINKTYPE, 50}, {KEY_ETHERTYPE, 0x880b}};

const struct proto proto_ppp = {
    "ppp",
    "Point-to-Point Protocol",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_PPP),
    .decode = decode,
    .summary = summary,
};
