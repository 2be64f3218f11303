/* How large packets are: a histogram. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "stats/report.h"

enum { PACKETS, BYTES, LEAST, MOST };
enum { BUCKETS = 10 };

/* The key is the bucket: 0-19, then twice as much each time. */
static const struct aggregate_shape shapes[] = {{
    .name = "sizes",
    .words = 1,
    .n_values = 4,
    .weight = 1,
    .rule = {AGGREGATE_SUM, AGGREGATE_SUM, AGGREGATE_MIN, AGGREGATE_MAX},
}};

/* Entries by bucket, once they are there. */
struct buckets {
	uint64_t *values[BUCKETS];
};

static inline unsigned bucket_of(uint32_t len)
{
	unsigned n = 32 - (unsigned)__builtin_clz(len / 20 | 1);

	if (len < 20)
		return 0;
	return n < BUCKETS ? n : BUCKETS - 1;
}

static void packets(struct report_state *p, const struct pkt *pkt, size_t n,
		    const uint64_t *marks)
{
	struct buckets *buckets = p->scratch;
	struct aggregate *g = &p->groups[0];
	uint64_t *values, key;
	size_t i;

	for (i = 0; i < n; i++) {
		key = bucket_of(pkt[i].wirelen);
		values = buckets->values[key];
		if (!values)
			values = buckets->values[key] =
			    aggregate_get(g, &key, 1);
		values[PACKETS]++;
		values[BYTES] += pkt[i].wirelen;
		aggregate_span(&values[LEAST], &values[MOST], pkt[i].wirelen);
		aggregate_mark(g, values, marks[i]);
	}
}

/* Every bucket is there, in order, so that all are shown. */
static void begin(struct report_state *p)
{
	uint64_t key;

	for (key = 0; key < BUCKETS; key++)
		aggregate_get(&p->groups[0], &key, 1);
}

static const struct column columns[] = {
    {"sizes", "SIZE", false, COLUMN_PLAIN},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"share", "SHARE", true, COLUMN_PERCENT},
    {"mean", "MEAN", true, COLUMN_MEAN},
    {"min", "MIN", true, COLUMN_PLAIN},
    {"max", "MAX", true, COLUMN_PLAIN},
    {"bytes", "BYTES", true, COLUMN_BYTES},
};

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	uint64_t packets = values[PACKETS];
	unsigned least = i ? 10u << i : 0;
	char text[40];

	if (i == BUCKETS - 1)
		snprintf(text, sizeof(text), "%u and more", least);
	else
		snprintf(text, sizeof(text), "%u-%u", least, (20u << i) - 1);
	table_text(t, text);
	table_big(t, packets);
	view_share(t, packets, aggregate_sum(view->group, PACKETS));
	if (packets) {
		table_real(t, (double)values[BYTES] / (double)packets);
		table_number(t, (int64_t)values[LEAST]);
		table_number(t, (int64_t)values[MOST]);
	} else {
		table_none(t);
		table_none(t);
		table_none(t);
	}
	table_big(t, values[BYTES]);
	view_marks(view, values, t);
}

static void expression(const struct view *view, size_t i, struct str *out)
{
	(void)view;
	str_printf(out, "len >= %u", i ? 10u << i : 0);
	if (i < BUCKETS - 1)
		str_printf(out, " and len < %u", 20u << i);
}

static bool show(const struct report_state *part, struct view *view)
{
	view_init(view, columns, ARRAY_LEN(columns), &part->groups[0], put);
	view->rows.n = BUCKETS;
	view->rows.before = NULL;
	view->whole = true;
	view->chart = "packets";
	view->expression = expression;
	return true;
}

const struct report report_sizes = {
    .name = "sizes",
    .title = "Packet sizes on the wire",
    .shapes = shapes,
    .n_shapes = 1,
    .scratch = sizeof(struct buckets),
    .begin = begin,
    .packets = packets,
    .show = show,
};
