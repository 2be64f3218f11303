/* ICMP and ICMPv6 messages by type and code. */
#include <inttypes.h>
#include <stdio.h>

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

static bool show(const struct report_state *part, struct view *view)
{
	view->title = view->kind == V4 ? "ICMP messages" : "ICMPv6 messages";
	return tally_show(part, view, view->kind, "type", "TYPE/CODE");
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
