/* VLANs: the ids in a packet's tags, the outer one first. */
#include <inttypes.h>
#include <stdio.h>

#include "decode/proto_ids.h"
#include "stats/report.h"

static const struct field_wish wishes[] = {{"vlan.id", ALL_KINDS}, {NULL, 0}};

static const struct aggregate_shape shapes[] = {TALLY_SHAPE("vlans")};

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	const struct value *id;
	char text[64];
	size_t n = 0;

	for (; l < end && !l->quoted; l++) {
		id = l->id == PROTO_vlan ? layer_value(s->d, l, p->ids[0])
					 : NULL;
		if (id && n < sizeof(text) - 8)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      "%s%u", n ? "." : "",
					      (unsigned)id->num & 0xfff);
	}
	if (n)
		tally_text(&p->groups[0], s, text, n);
}

/* A pcap filter does not find tags inside tunnels: awk does. */
static void expression(const struct view *view, size_t i, struct str *out)
{
	const char *text, *end;
	size_t len;

	text = aggregate_text(view->group, (uint32_t)i, &len);
	end = text + len;
	str_puts(out, VIEW_FIELDS "ip.src,ip.dst,vlan.id" VIEW_AWK "'$5 == \"");
	for (; text < end; text++)
		str_putc(out, *text == '.' ? ',' : *text);
	str_puts(out, "\"'");
}

static bool show(const struct report_state *part, struct view *view)
{
	if (!tally_show(part, view, 0, "vlan", "VLAN", NULL))
		return false;
	view->expression = expression;
	return true;
}

const struct report report_vlan = {
    .name = "vlan",
    .title = "VLANs by id, nested ones with dots between",
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 1,
    .packet = packet,
    .show = show,
};
