/* Ports of TCP, UDP and SCTP, whichever side they are on. */
#include "base/array.h"
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST };
enum { TCP, UDP, SCTP };
enum { PACKETS, TO, FROM, BYTES };

static const char *const kinds[] = {"tcp", "udp", "sctp", NULL};

static const struct field_wish wishes[] = {
    [TCP_SRC] = {"tcp.srcport", 1 << TCP},
    [TCP_DST] = {"tcp.dstport", 1 << TCP},
    [UDP_SRC] = {"udp.srcport", 1 << UDP},
    [UDP_DST] = {"udp.dstport", 1 << UDP},
    [SCTP_SRC] = {"sctp.srcport", 1 << SCTP},
    [SCTP_DST] = {"sctp.dstport", 1 << SCTP},
    {NULL, 0},
};

#define SHAPE(called)                                                          \
	{                                                                      \
		.name = (called), .words = 1, .n_values = 4, .weight = 1,      \
		.rule = {                                                      \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM                                          \
		}                                                              \
	}

static const struct aggregate_shape shapes[] = {
    [TCP] = SHAPE("tcp ports"),
    [UDP] = SHAPE("udp ports"),
    [SCTP] = SHAPE("sctp ports"),
};

static uint64_t *count(struct aggregate *g, const struct observation *s,
		       uint64_t port)
{
	uint64_t *values = aggregate_get(g, &port, 1);

	values[PACKETS]++;
	values[BYTES] += s->len;
	aggregate_mark(g, values, s->marks);
	return values;
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	const struct value *src, *dst;
	unsigned kind;

	for (; l < end && !l->quoted; l++) {
		if (l->id == PROTO_tcp)
			kind = TCP;
		else if (l->id == PROTO_udp)
			kind = UDP;
		else if (l->id == PROTO_sctp)
			kind = SCTP;
		else
			continue;
		if (!(p->kinds >> kind & 1))
			continue;
		src = layer_value(s->d, l, p->ids[2 * kind]);
		dst = layer_value(s->d, l, p->ids[2 * kind + 1]);
		if (!src || !dst)
			continue;
		count(&p->groups[kind], s, dst->num)[TO]++;
		if (src->num == dst->num)
			aggregate_get(&p->groups[kind], &src->num, 1)[FROM]++;
		else
			count(&p->groups[kind], s, src->num)[FROM]++;
	}
}

static const struct column columns[] = {
    {"port", "PORT", true, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"packets_to", "TO IT", true, COLUMN_PLAIN},
    {"packets_from", "FROM IT", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
};

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);

	table_big(t, *aggregate_key(view->group, (uint32_t)i));
	table_big(t, values[PACKETS]);
	table_big(t, values[TO]);
	table_big(t, values[FROM]);
	table_big(t, values[BYTES]);
	view_marks(view, values, t);
}

static void expression(const struct view *view, size_t i, struct str *out)
{
	str_printf(out, "%s port %u", kinds[view->kind],
		   (unsigned)*aggregate_key(view->group, (uint32_t)i));
}

static bool show(const struct report_state *part, struct view *view)
{
	static const char *const titles[] = {"TCP ports", "UDP ports",
					     "SCTP ports"};

	view_init(view, columns, ARRAY_LEN(columns), &part->groups[view->kind],
		  put);
	view->sort = "packets";
	view->chart = "packets";
	view->expression = expression;
	view->title = titles[view->kind];
	return true;
}

const struct report report_ports = {
    .name = "ports",
    .title = "Ports: packets and bytes to and from each",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 3,
    .packet = packet,
    .show = show,
};
