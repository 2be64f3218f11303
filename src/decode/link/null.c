/*
 * BSD loopback: four bytes of address family, in the byte order of the
 * capturing host (LINKTYPE_NULL) or network order (LINKTYPE_LOOP).
 */
#include "decode/proto.h"

enum { NULL_FAMILY };

static const struct names family_names[] = {
    {2, "IPv4"},  {7, "ISO"},	{16, "Appletalk"}, {23, "IPX"},
    {24, "IPv6"}, {28, "IPv6"}, {30, "IPv6"},	   {0, NULL},
};

static const struct field fields[] = {
    [NULL_FAMILY] = {"null.family", "Family", family_names, .type = FIELD_UINT,
		     .width = 4, .flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t family;

	if (!cur_has(c, 4))
		return;
	family = cur_be32(c);
	/* families are small numbers: this tells the byte order */
	if (family & 0xffff0000)
		family = __builtin_bswap32(family);
	add_uint(d, &fields[NULL_FAMILY], family);
	next_by(d, c, KEY_AF, family);
}

static void family_line(struct summary *l)
{
	unsigned family = (unsigned)summary_num(l, NULL_FAMILY);
	const char *name = names_get(family_names, family);

	if (!l->o->quick)
		summary_printf(l, "AF %s (%u)", name ? name : "Unknown",
			       family);
	else if (name)
		summary_puts(l, name);
	else
		summary_printf(l, "Unknown AF %u", family);
	summary_printf(l, ", length %u: ", l->layer->len);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->o->link || !l->next)
		family_line(l);
	if (!l->next)
		line_payload(l, cur_here(&l->d->rest), cur_left(&l->d->rest));
}

static const struct key keys[] = {{KEY_LINKTYPE, 0}, {KEY_LINKTYPE, 108}};

const struct proto proto_null = {
    "null",
    "Null/Loopback",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_AF),
    .decode = decode,
    .summary = summary,
};
