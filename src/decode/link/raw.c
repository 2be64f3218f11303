/* Packets without a link-layer header: IPv4 or IPv6, by their version. */
#include "decode/proto.h"
#include "decode/proto_ids.h"

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned version;

	if (!cur_has(c, 1))
		return;
	version = cur_u8(&look) >> 4;
	d->layer->fact[0] = version;
	if (version == 4)
		next_proto(d, c, PROTO_ip);
	else if (version == 6)
		next_proto(d, c, PROTO_ipv6);
}

static void summary(struct summary *l)
{
	if (l->o->link)
		summary_puts(l, "ip: ");
	if (!l->next)
		summary_printf(l, "unknown ip %u", l->layer->fact[0]);
}

static const uint8_t leads[] = {PROTO_ip, PROTO_ipv6, PROTO_NONE};

/* 12 and 14 are what some systems' savefiles hold for it */
static const struct key keys[] = {
    {KEY_LINKTYPE, 101}, {KEY_LINKTYPE, 12}, {KEY_LINKTYPE, 14}};

const struct proto proto_raw = {
    "raw",
    "Raw packet data",
    PROTO_KEYS(keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
