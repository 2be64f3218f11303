/*
 * IEEE 802.11 A-MSDU: several frames for one receiver in one, each
 *
 *	destination (6), source (6), length (2), LLC and data, padding to 4
 *
 * with no padding after the last one.
 */
#include "decode/lib/rows.h"
#include "decode/link/wlan.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

enum { AGG_SUBFRAME, AGG_LENGTH };

static const struct field fields[] = {
    [AGG_SUBFRAME] = HEADING("wlan_aggregate.a_mdsu.subframe", "Subframe"),
    [AGG_LENGTH] = UINT("wlan_aggregate.a_mdsu.length", "Length", 2, 0),
};

static void take_ends(struct dissect *d, struct cur *c)
{
	struct also_state state = also_start(d, PROTO_wlan);

	take(d, c, &d->fields[WLAN_DA]);
	take(d, c, &d->fields[WLAN_SA]);
	also_end(d, &state);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part;
	size_t len;

	d->layer->name = "";
	add_uint(d, &fields[AGG_SUBFRAME], 0);
	take_ends(d, c);
	len = (size_t)take(d, c, &fields[AGG_LENGTH]);
	if (c->state != CUR_OK)
		return;
	part = cur_part(c, len);
	if (c->state == CUR_OK)
		cur_skip(c, -(14 + len) & 3 & (c->claim ? 3U : 0U));
	next_again(d, c);
	next_by(d, &part, KEY_LLC, 0);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_wlan_aggregate = {
    "wlan_aggregate",		"IEEE 802.11 wireless LAN aggregate frame",
    PROTO_TABLES(fields, keys), .leads = LEADS_TO(KEY_LLC),
    .also = PROTO_wlan,		.decode = decode,
};
