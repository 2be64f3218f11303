/* The summary's rows: of the capture, and of each file. */
#include "stats/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "capture/linktype.h"

enum { KIND_CAPTURE, KIND_FILES };

enum { TEXTS_SHOWN = 100 };

/* Text number i of the NUL-separated ones in the key. */
static void put_part(struct table *t, const char *key, size_t len, unsigned i)
{
	const char *end = key + len, *nul;

	for (; i > 0; i--) {
		nul = memchr(key, '\0', (size_t)(end - key));
		key = nul ? nul + 1 : end;
	}
	nul = memchr(key, '\0', (size_t)(end - key));
	if (!nul)
		nul = end;
	if (nul > key)
		table_bytes(t, key, (size_t)(nul - key));
	else
		table_none(t);
}

static void put_file(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	const char *key;
	size_t len;
	unsigned k;

	key = aggregate_text(view->group, (uint32_t)i, &len);
	for (k = 0; k < 3; k++)
		put_part(t, key, len, k);
	if (values[0])
		table_big(t, values[0]);
	else
		table_none(t);
	table_big(t, values[1]);
	for (k = 3; k < 6; k++)
		put_part(t, key, len, k);
	for (k = 0; k < view->part->options->n_counts; k++)
		table_none(t);
}

static const struct column file_columns[] = {
    {"file", "FILE", false, COLUMN_PLAIN},
    {"type", "TYPE", false, COLUMN_PLAIN},
    {"compression", "COMPRESSION", false, COLUMN_PLAIN},
    {"size", "SIZE", true, COLUMN_BYTES},
    {"packets", "PACKETS", true, COLUMN_PLAIN},
    {"sha256", "SHA256", false, COLUMN_PLAIN},
    {"ripemd160", "RIPEMD160", false, COLUMN_PLAIN},
    {"sha1", "SHA1", false, COLUMN_PLAIN},
};

struct sortable {
	const char *text;
	size_t len;
	uint32_t entry;
};

static int compare_texts(const void *x, const void *y)
{
	const struct sortable *a = x, *b = y;
	int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* The numbers of all entries in the order of their texts; NULL: no memory. */
static uint32_t *sort_texts(const struct aggregate *g)
{
	struct sortable *all = calloc((size_t)g->n + 1, sizeof(*all));
	uint32_t *order = calloc((size_t)g->n + 1, sizeof(*order)), i;

	for (i = 0; all && i < g->n; i++) {
		all[i].entry = i;
		all[i].text = aggregate_text(g, i, &all[i].len);
	}
	if (all && order)
		qsort(all, g->n, sizeof(*all), compare_texts);
	for (i = 0; all && order && i < g->n; i++)
		order[i] = all[i].entry;
	if (!all) {
		free(order);
		order = NULL;
	}
	free(all);
	return order;
}

/* The texts of one sort, as a list in an order that is always the same. */
static void put_texts(const struct view *view, const char *what,
		      struct table *t)
{
	const struct aggregate *g = &view->part->groups[TEXTS];
	struct str list = STR_INIT;
	size_t n = strlen(what) + 1, len, k, found = 0;
	const uint32_t *order = view->data;
	const char *text;
	uint32_t i;

	for (i = 0; i < g->n && found < TEXTS_SHOWN; i++) {
		text = aggregate_text(g, order[i], &len);
		if (len < n || memcmp(text, what, n) != 0)
			continue;
		found++;
		if (list.len)
			str_putc(&list, '\n');
		for (k = n; k < len; k++)
			str_putc(&list, text[k] == '\n' ? ' ' : text[k]);
	}
	if (list.len)
		table_items(t, list.text);
	else
		table_none(t);
	str_fini(&list);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void put_linktypes(const struct aggregate *g, struct table *t)
{
	uint32_t *numbers = calloc((size_t)g->n + 1, sizeof(*numbers));
	struct str list = STR_INIT;
	const char *name;
	uint32_t i, linktype;

	for (i = 0; numbers && i < g->n; i++)
		numbers[i] = (uint32_t)*aggregate_key(g, i);
	if (numbers)
		qsort(numbers, g->n, sizeof(*numbers), compare_numbers);
	for (i = 0; numbers && i < g->n; i++) {
		linktype = numbers[i];
		name = linktype_name(linktype);
		if (list.len)
			str_putc(&list, '\n');
		if (name)
			str_puts(&list, name);
		else
			str_printf(&list, "%" PRIu32, linktype);
	}
	free(numbers);
	if (list.len)
		table_items(t, list.text);
	else
		table_none(t);
	str_fini(&list);
}

/* The least and the greatest of a value that every link type has. */
static void put_range(struct table *t, int64_t least, int64_t most)
{
	char text[48];

	if (least > most) {
		table_none(t);
	} else if (least == most) {
		table_number(t, least);
	} else {
		snprintf(text, sizeof(text), "%" PRId64 "-%" PRId64, least,
			 most);
		table_text(t, text);
	}
}

static void put_snaplen(const struct aggregate *g, struct table *t)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	const uint64_t *v;
	uint32_t i;

	for (i = 0; i < g->n; i++) {
		v = aggregate_values(g, i);
		if ((int64_t)v[LT_SNAP_LEAST] < least)
			least = (int64_t)v[LT_SNAP_LEAST];
		if ((int64_t)v[LT_SNAP_MOST] > most)
			most = (int64_t)v[LT_SNAP_MOST];
	}
	put_range(t, least, most);
}

static void put_some(struct table *t, uint64_t n)
{
	if (n)
		table_big(t, n);
	else
		table_none(t);
}

/* Of one file its name and what it is; of many only how many. */
static void put_files(const struct aggregate *g, struct table *t)
{
	uint64_t size = 0;
	const char *key;
	uint32_t i;
	size_t len;
	unsigned k;

	for (i = 0; i < g->n; i++)
		size += aggregate_values(g, i)[0];
	for (k = 0; k < 3; k++) {
		if (g->n == 1) {
			key = aggregate_text(g, 0, &len);
			put_part(t, key, len, k);
		} else {
			table_none(t);
		}
	}
	if (g->n > 1)
		table_number(t, g->n);
	else
		table_none(t);
	put_some(t, size);
	for (k = 3; k < 6; k++) {
		if (g->n == 1) {
			key = aggregate_text(g, 0, &len);
			put_part(t, key, len, k);
		} else {
			table_none(t);
		}
	}
}

static void put_sums(const struct view *view, const uint64_t *v,
		     struct table *t)
{
	int64_t first = (int64_t)v[FIRST], last = (int64_t)v[LAST];

	table_big(t, v[PACKETS]);
	table_big(t, v[BYTES]);
	table_big(t, v[CAPTURED]);
	put_some(t, v[CUT]);
	put_range(t, (int64_t)v[CUT_LEAST], (int64_t)v[CUT_MOST]);
	view_time(t, first, first <= last);
	view_time(t, last, first <= last);
	view_span(t, first, last);
	view_rate(view, t, v[PACKETS], first, last);
	view_rate(view, t, v[BYTES], first, last);
	view_rate(view, t, 8 * v[BYTES], first, last);
	if (v[PACKETS])
		table_real(t, (double)v[BYTES] / (double)v[PACKETS]);
	else
		table_none(t);
	table_answer(t, v[DESCENTS] == 0, "strictly by time", "not by time");
	put_some(t, v[DESCENTS]);
	put_some(t, v[UNTIMED]);
	put_some(t, v[ODD]);
	put_some(t, v[SECTIONS]);
	put_some(t, v[COMMENTS]);
	put_some(t, v[NAMES]);
	put_some(t, v[SECRETS]);
	put_some(t, v[OTHERS]);
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const struct aggregate *g = view->part->groups;

	(void)i;
	put_files(&g[FILES], t);
	put_linktypes(&g[LINKTYPES], t);
	put_snaplen(&g[LINKTYPES], t);
	put_sums(view, aggregate_values(&g[TOTALS], 0), t);
	put_texts(view, "comment", t);
	put_texts(view, "hardware", t);
	put_texts(view, "os", t);
	put_texts(view, "application", t);
	view_marks(view, aggregate_values(&g[TOTALS], 0), t);
}

static const struct column columns[] = {
    {"file", "File", false, COLUMN_PLAIN},
    {"type", "Type", false, COLUMN_PLAIN},
    {"compression", "Compression", false, COLUMN_PLAIN},
    {"files", "Files", false, COLUMN_PLAIN},
    {"size", "File size", false, COLUMN_BYTES},
    {"sha256", "SHA256", false, COLUMN_PLAIN},
    {"ripemd160", "RIPEMD160", false, COLUMN_PLAIN},
    {"sha1", "SHA1", false, COLUMN_PLAIN},
    {"linktypes", "Link types", false, COLUMN_PLAIN},
    {"snaplen", "Snapshot length", false, COLUMN_PLAIN},
    {"packets", "Packets", false, COLUMN_PLAIN},
    {"bytes", "Bytes", false, COLUMN_BYTES},
    {"captured", "Captured bytes", false, COLUMN_BYTES},
    {"cut", "Packets cut off", false, COLUMN_PLAIN},
    {"cut_at", "Cut off at", false, COLUMN_PLAIN},
    {"first", "First packet", false, COLUMN_TIME},
    {"last", "Last packet", false, COLUMN_TIME},
    {"duration", "Duration", false, COLUMN_SPAN},
    {"packets_per_second", "Packet rate", false, COLUMN_RATE},
    {"bytes_per_second", NULL, false, COLUMN_RATE},
    {"bits_per_second", "Bit rate", false, COLUMN_BITRATE},
    {"mean", "Mean size", false, COLUMN_MEAN},
    {"in_order", "Order", false, COLUMN_PLAIN},
    {"backward", "Out of order", false, COLUMN_PLAIN},
    {"untimed", "Without timestamp", false, COLUMN_PLAIN},
    {"odd", "With odd headers", false, COLUMN_PLAIN},
    {"sections", "Sections", false, COLUMN_PLAIN},
    {"comments", "Packet comments", false, COLUMN_PLAIN},
    {"name_blocks", "Name resolution blocks", false, COLUMN_PLAIN},
    {"secret_blocks", "Decryption secrets", false, COLUMN_PLAIN},
    {"other_blocks", "Other blocks", false, COLUMN_PLAIN},
    {"section_comments", "Comments", false, COLUMN_PLAIN},
    {"hardware", "Hardware", false, COLUMN_PLAIN},
    {"os", "System", false, COLUMN_PLAIN},
    {"application", "Captured by", false, COLUMN_PLAIN},
};

bool summary_show(const struct report_state *part, struct view *view)
{
	const struct aggregate *g =
	    &part->groups[view->kind == KIND_FILES ? FILES : TOTALS];

	if (view->kind == KIND_FILES) {
		view_init(view, file_columns, ARRAY_LEN(file_columns), g,
			  put_file);
		view->title = "Files";
		view->sort = "file";
		view->ascending = true;
		return true;
	}
	view->data = sort_texts(&part->groups[TEXTS]);
	view_init(view, columns, ARRAY_LEN(columns), g, put);
	view->record = true;
	return view->data != NULL;
}
