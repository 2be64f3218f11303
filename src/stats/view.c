/* What the views of several reports share. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <string.h>

#include "base/addr.h"
#include "base/array.h"
#include "stats/report.h"

static bool entry_before(const struct rows *rows, size_t i, size_t j)
{
	const struct aggregate *g = ((const struct view *)rows)->group;
	const char *a, *b;
	size_t n, m;
	int order;

	if (g->shape->words) {
		const uint64_t *x = aggregate_key(g, (uint32_t)i);
		const uint64_t *y = aggregate_key(g, (uint32_t)j);

		for (n = 0; n < g->shape->words; n++)
			if (x[n] != y[n])
				return x[n] < y[n];
		return i < j;
	}
	a = aggregate_text(g, (uint32_t)i, &n);
	b = aggregate_text(g, (uint32_t)j, &m);
	order = memcmp(a, b, n < m ? n : m);
	return order ? order < 0 : n < m;
}

static bool has_key(const struct column *columns, size_t n, const char *key)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(columns[i].key, key))
			return true;
	return false;
}

const char *view_name(struct view *view, const char *text, size_t len)
{
	struct str shown = STR_INIT;
	char *name;

	str_foreign(&shown, text, len);
	name = shown.failed ? NULL : arena_get(&view->names, shown.len + 1);
	if (name)
		memcpy(name, str_text(&shown), shown.len + 1);
	str_fini(&shown);
	return name;
}

/* The column of what is counted beside, with a key and a title that no other
   one has. */
static void add_count(struct view *view, size_t n, const struct stats_count *c)
{
	const char *what = c->where ? "where" : "count", *name;
	struct str key = STR_INIT;
	unsigned i;

	name = view_name(view, c->text, strlen(c->text));
	if (!name)
		name = what;
	str_puts(&key, name);
	for (i = 1; has_key(view->columns, n, str_text(&key)); i++) {
		str_clear(&key);
		if (i == 1)
			str_printf(&key, "%s %s", what, name);
		else
			str_printf(&key, "%s %u %s", what, i, name);
	}
	if (i > 1)
		name = view_name(view, str_text(&key), key.len);
	str_fini(&key);
	name = name ? name : what;
	view->columns[n] = (struct column){name, name, true, COLUMN_PLAIN};
}

void view_init(struct view *view, const struct column *columns, size_t n,
	       const struct aggregate *group,
	       void (*put)(const struct rows *, size_t, struct table *))
{
	const struct stats_options *options = view->part->options;
	size_t i;

	if (n > REPORT_COLUMNS)
		n = REPORT_COLUMNS;
	memcpy(view->columns, columns, n * sizeof(*columns));
	for (i = 0; i < n && !options->utc; i++)
		if (columns[i].form == COLUMN_TIME)
			view->columns[i].form = COLUMN_LOCAL;
	for (i = 0; i < options->n_counts; i++)
		add_count(view, n + i, &options->counts[i]);
	view->group = group;
	view->rows = (struct rows){
	    .columns = view->columns,
	    .n_columns = n + options->n_counts,
	    .n = group->n,
	    .put = put,
	    .before = entry_before,
	};
}

void view_host(struct str *out, const char *direction, const uint64_t key[2],
	       unsigned n)
{
	uint8_t address[16];
	char text[ADDR_TEXT];

	address_of(key, address);
	if (n == 6)
		addr_mac_text(address, text);
	else
		addr_text(n == 4 ? 4 : 6, address, text);
	str_printf(out, "%s %shost %s",
		   n == 6   ? "ether"
		   : n == 4 ? "ip"
			    : "ip6",
		   direction, text);
}

void view_marks(const struct view *view, const uint64_t *values,
		struct table *t)
{
	size_t i, n = view->part->options->n_counts;

	for (i = 0; i < n; i++)
		table_big(t, values[view->group->shape->n_values + i]);
}

void view_share(struct table *t, uint64_t part, uint64_t whole)
{
	if (whole)
		table_real(t, 100.0 * (double)part / (double)whole);
	else
		table_none(t);
}

void view_time(struct table *t, int64_t ns, bool known)
{
	if (known)
		table_number(t, ns);
	else
		table_none(t);
}

/* The distance of two times, which may be further apart than a number holds. */
static uint64_t span_of(int64_t first, int64_t last)
{
	return last > first ? (uint64_t)last - (uint64_t)first : 0;
}

void view_span(struct table *t, int64_t first, int64_t last)
{
	uint64_t span = span_of(first, last);

	if (last < first)
		table_none(t);
	else
		table_number(t, span > INT64_MAX ? INT64_MAX : (int64_t)span);
}

void view_rate(const struct view *view, struct table *t, uint64_t n,
	       int64_t first, int64_t last)
{
	int64_t over = view->part->options->over;
	uint64_t span = over > 0 ? (uint64_t)over : span_of(first, last);

	if (span)
		table_real(t, (double)n * 1e9 / (double)span);
	else
		table_none(t);
}

uint64_t aggregate_sum(const struct aggregate *g, unsigned value)
{
	uint64_t sum = g->lost[value];
	uint32_t i;

	for (i = 0; i < g->n; i++)
		sum += aggregate_values(g, i)[value];
	return sum;
}

/* ---- counts by the values of a field ------------------------------------ */

enum { PACKETS, BYTES, FIRST, LAST };

void tally_text(struct aggregate *g, const struct observation *s,
		const void *text, size_t len)
{
	uint64_t *values = aggregate_get_text(g, text, len);

	values[PACKETS]++;
	values[BYTES] += s->len;
	if (s->timed)
		aggregate_span(&values[FIRST], &values[LAST], s->time_ns);
	aggregate_mark(g, values, s->marks);
}

void tally_value(struct aggregate *g, const struct observation *s,
		 const struct value *value)
{
	const struct field *field = s->d->rows[value->field];
	const char *name;
	char text[160];
	int n;

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_BYTES:
		tally_text(g, s, value->bytes, value->len);
		return;
	case FIELD_IPV6:
		n = (int)addr_text(6, value->bytes, text);
		break;
	default:
		name = names_get(field->names, value->num);
		n = snprintf(text, sizeof(text),
			     field->flags & FIELD_HEX ? "0x%0*" PRIx64 "%s%s"
						      : "%0*" PRIu64 "%s%s",
			     field->flags & FIELD_HEX ? 2 * field->width : 1,
			     value->num, name ? " " : "", name ? name : "");
	}
	if (n > 0)
		tally_text(g, s, text,
			   (size_t)n < sizeof(text) ? (size_t)n
						    : sizeof(text) - 1);
}

void tally_layer(struct aggregate *g, const struct observation *s,
		 const struct layer *layer, int id)
{
	const struct value *v = s->d->values + layer->first;
	const struct value *end = s->d->values + layer->end;

	for (; v < end; v++)
		if (v->field == id)
			tally_value(g, s, v);
}

const struct column tally_columns[TALLY_COLUMNS] = {
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"share", "SHARE", true, COLUMN_PERCENT},
    {"bytes", "BYTES", true, COLUMN_BYTES},
    {"first", NULL, true, COLUMN_TIME},
    {"last", NULL, true, COLUMN_TIME},
};

void tally_counts(const struct view *view, const uint64_t *values,
		  uint64_t whole, struct table *t)
{
	bool timed = (int64_t)values[FIRST] <= (int64_t)values[LAST];

	table_big(t, values[PACKETS]);
	view_share(t, values[PACKETS], whole);
	table_big(t, values[BYTES]);
	view_time(t, (int64_t)values[FIRST], timed);
	view_time(t, (int64_t)values[LAST], timed);
	view_marks(view, values, t);
}

static void tally_put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	const char *text;
	size_t len;

	text = aggregate_text(view->group, (uint32_t)i, &len);
	table_bytes(t, text, len);
	tally_counts(view, values, *(const uint64_t *)view->data, t);
}

/* A pcap filter cannot select by these values: awk does. */
static void tally_expression(const struct view *view, size_t i, struct str *out)
{
	struct str value = STR_INIT, test = STR_INIT;
	const char *text, *end, *at = strstr(view->source->test, "%s");
	size_t len;

	text = aggregate_text(view->group, (uint32_t)i, &len);
	/* of a number with a name the number */
	end = len && isdigit((unsigned char)*text) ? memchr(text, ' ', len)
						   : NULL;
	str_json(&value, text, end ? (size_t)(end - text) : len);
	str_put(&test, view->source->test, (size_t)(at - view->source->test));
	str_puts(&test, str_text(&value));
	str_puts(&test, at + 2);
	str_printf(out, "%s" VIEW_FIELDS "ip.src,ip.dst,%s" VIEW_AWK,
		   view->part->options->reassemble ? "" : "--no-reassemble ",
		   view->source->fields);
	str_shell(out, str_text(&test), test.len);
	out->failed |= value.failed || test.failed;
	str_fini(&value);
	str_fini(&test);
}

bool tally_show(const struct report_state *part, struct view *view,
		unsigned group, const char *key, const char *title,
		const struct tally_source *source)
{
	struct column columns[1 + TALLY_COLUMNS] = {
	    {key, title, false, COLUMN_PLAIN},
	};
	uint64_t *whole = malloc(sizeof(*whole));

	memcpy(columns + 1, tally_columns, sizeof(tally_columns));
	view_init(view, columns, ARRAY_LEN(columns), &part->groups[group],
		  tally_put);
	view->sort = "packets";
	view->chart = "packets";
	view->source = source;
	if (source)
		view->expression = tally_expression;
	view->data = whole;
	if (whole)
		*whole = aggregate_sum(&part->groups[group], PACKETS);
	return whole != NULL;
}
