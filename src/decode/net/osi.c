/*
 * The OSI network layer: its first byte says which protocol of the family it
 * is (ISO/IEC TR 9577), and belongs to that protocol's header.
 */
#include "decode/lib/rows.h"

static const struct names nlpid_names[] = {
    {0x00, "Null"}, {0x81, "CLNP"},	  {0x82, "ES-IS"},	{0x83, "IS-IS"},
    {0x85, "IDRP"}, {0x8a, "CONS ES-IS"}, {0xb0, "Compressed"}, {0, NULL},
};

enum { OSI_NLPID };

static const struct field fields[] = {
    [OSI_NLPID] = NAMED("osi.nlpid", "Network layer protocol", 1,
			FIELD_HEX | FIELD_LINE, nlpid_names),
};

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned nlpid;

	if (!cur_has(c, 1))
		return;
	nlpid = cur_u8(&look);
	d->layer->fact[0] = nlpid;
	if (!next_by(d, c, KEY_NLPID, nlpid))
		add_uint(d, &fields[OSI_NLPID], nlpid);
}

static void summary(struct summary *l)
{
	const char *name = names_get(nlpid_names, l->layer->fact[0]);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (l->next && l->next->proto->summary)
		return;
	if (name)
		summary_printf(l, "%s, length %u", name, l->layer->len);
	else
		summary_printf(l, "Unknown NLPID (0x%02x), length %u",
			       l->layer->fact[0], l->layer->len);
}

/* The EtherType is GRE's for it. */
static const struct key keys[] = {
    {KEY_SAP, 0xfe}, {KEY_PPP, 0x0023}, {KEY_ETHERTYPE, 0x00fe}};

const struct proto proto_osi = {
    "osi",
    "OSI Network Layer",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_NLPID),
    .decode = decode,
    .summary = summary,
};
