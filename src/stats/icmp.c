/* ICMP and ICMPv6 messages by type and code. */
#include <inttypes.h>
#include <stdio.h>

#include "decode/proto_ids.h"
#include "stats/report.h"

enum { V4, V6 };
enum { TYPE4, CODE4, TYPE6, CODE6 };

static const char *const kinds[] = {"v4", "v6", NULL};

static const struct field_wish wishes[] = {
    [TYPE4] = {"icmp.type", 1 << V4},
    [CODE4] = {"icmp.code", 1 << V4},
    [TYPE6] = {"icmpv6.type", 1 << V6},
    [CODE6] = {"icmpv6.code", 1 << V6},
    {NULL, 0},
};

static const struct aggregate_shape shapes[] = {
    [V4] = TALLY_SHAPE("icmp messages"),
    [V6] = TALLY_SHAPE("icmpv6 messages"),
};

static void count(struct report_state *p, const struct observation *s,
		  const struct layer *l, unsigned kind)
{
	const struct value *type = layer_value(s->d, l, p->ids[2 * kind]);
	const struct value *code = layer_value(s->d, l, p->ids[2 * kind + 1]);
	const char *name;
	char text[160];
	int n;

	if (!type || !code)
		return;
	name = names_get(s->d->rows[type->field]->names, type->num);
	n = snprintf(text, sizeof(text), "%" PRIu64 "/%" PRIu64 "%s%s",
		     type->num, code->num, name ? " " : "", name ? name : "");
	if (n > 0 && (size_t)n < sizeof(text))
		tally_text(&p->groups[kind], s, text, (size_t)n);
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;

	for (; l < end && !l->quoted; l++) {
		if (l->id == PROTO_icmp && p->kinds & 1 << V4)
			count(p, s, l, V4);
		else if (l->id == PROTO_icmpv6 && p->kinds & 1 << V6)
			count(p, s, l, V6);
	}
}

/* A pcap filter does not find it in tunnels and after extension headers: awk
   does. Columns may hold what the message quotes, too. */
static void expression(const struct view *view, size_t i, struct str *out)
{
	unsigned type, code;
	char text[16] = "";
	const char *shown;
	size_t len;

	shown = aggregate_text(view->group, (uint32_t)i, &len);
	memcpy(text, shown, len < sizeof(text) ? len : sizeof(text) - 1);
	if (sscanf(text, "%u/%u", &type, &code) != 2)
		return;
	str_printf(out, view->kind == V4 ? VIEW_FIELDS
			    "ip.src,ip.dst,icmp.type,icmp.code"
					 : VIEW_FIELDS
			    "ipv6.src,ipv6.dst,icmpv6.type,icmpv6.code");
	str_printf(out, VIEW_AWK "'$5 ~ /^%u(,|$)/ && $6 ~ /^%u(,|$)/'", type,
		   code);
}

static bool show(const struct report_state *part, struct view *view)
{
	view->title = view->kind == V4 ? "ICMP messages" : "ICMPv6 messages";
	if (!tally_show(part, view, view->kind, "type", "TYPE/CODE", NULL))
		return false;
	view->expression = expression;
	return true;
}

const struct report report_icmp = {
    .name = "icmp",
    .title = "ICMP messages by type and code",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 2,
    .packet = packet,
    .show = show,
};
