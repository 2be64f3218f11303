/* Owns the overview: the reports of `stats` in as little room as they need. */
#include "cmd/stats_overview.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/stats_chart.h"
#include "cmd/stats_show.h"
#include "output/rows.h"

enum {
	PROTOCOLS = 12, /* lines of their tree */
	TALKS = 10,	/* lines of who talks */
	LINE_WIDTH = 64,
	ACROSS_WIDTH = 40, /* of a column of a record */
	VIEWS = 16,
};

const char *const stats_overview_reports[] = {
    "summary:capture",
    "protocols",
    "conversations:eth",
    "conversations:ip",
    "conversations:ipv6",
    "endpoints:eth",
    "endpoints:ip",
    "endpoints:ipv6",
    "sizes",
    "rate",
    NULL,
};

/* ---- the summary -------------------------------------------------------- */

/* Is there something to say that the reader would not expect? */
static bool worth_saying(const struct column *column, const struct cell *cell,
			 const char *texts)
{
	if (!column->title || cell->kind == CELL_NONE)
		return false;
	return strcmp(column->key, "compression") != 0 || cell->len != 4 ||
	       memcmp(texts + cell->at, "none", 4) != 0;
}

static void put_item(struct str *line, const struct column *column,
		     const struct cell *cell, const char *texts, size_t width)
{
	char zone[16];

	str_puts(line, column->title);
	str_putc(line, ':');
	str_pad(line, ' ', width + 1 - strlen(column->title));
	cell_text(line, column, cell, texts);
	if (column_is_time(column)) {
		cell_zone(column, cell, zone, sizeof(zone));
		str_printf(line, " %s", zone);
	}
	if (column->form == COLUMN_SPAN)
		str_puts(line, " s");
	if (column->form == COLUMN_MEAN)
		str_puts(line, " B");
}

void stats_record(const struct view *view, unsigned across, struct str *out)
{
	const struct column *columns = view->rows.columns;
	struct str item = STR_INIT;
	size_t i, width = 0, at = 0, used, gap = 0;
	struct table row;
	const char *texts;

	table_init(&row, columns, view->rows.n_columns);
	view->rows.put(&view->rows, 0, &row);
	texts = str_text(&row.texts);
	for (i = 0; i < row.n_cells; i++)
		if (worth_saying(&columns[i], &row.cells[i], texts) &&
		    strlen(columns[i].title) > width)
			width = strlen(columns[i].title);
	for (i = 0; i < row.n_cells; i++) {
		if (!worth_saying(&columns[i], &row.cells[i], texts))
			continue;
		str_clear(&item);
		put_item(&item, &columns[i], &row.cells[i], texts, width);
		used = chart_width(str_text(&item));
		/* what is too long for its place has a line of its own */
		if (at > 0 && (at == across || used >= ACROSS_WIDTH)) {
			str_putc(out, '\n');
			at = 0;
		}
		str_pad(out, ' ', at > 0 ? gap : 0);
		str_put(out, str_text(&item), item.len);
		gap = used < ACROSS_WIDTH ? ACROSS_WIDTH - used : 0;
		at = gap ? at + 1 : across;
	}
	str_putc(out, '\n');
	str_fini(&item);
	table_fini(&row);
}

/* ---- tables ------------------------------------------------------------- */

static bool put_rows(const struct stats_show *show, const struct view *view,
		     const size_t *order, size_t n, struct str *out)
{
	struct rows_out o = {
	    .form = ROWS_TEXT,
	    .columns = show->columns,
	    .ascii = !show->utf8,
	};
	bool good;

	str_puts(out, view_title(view));
	if (n < view->rows.n)
		str_printf(out, ": %zu of %zu", n, view->rows.n);
	str_putc(out, '\n');
	good = rows_begin(&o, &view->rows, order, n);
	while (good && rows_some(&o, out))
		continue;
	rows_end(&o);
	return good;
}

static bool put_top(const struct stats_show *show, const struct view *view,
		    size_t top, struct str *out)
{
	size_t n, *order;
	bool good;

	order = rows_sort(&view->rows, rows_column(&view->rows, view->sort),
			  view->ascending, top, &n);
	good = order && put_rows(show, view, order, n, out);
	free(order);
	return good;
}

static int compare_falling(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a < b) - (a > b);
}

/* The most frequent nodes of the tree, where they stand in it: no node is more
   frequent than the one above. */
static bool put_tree(const struct stats_show *show, const struct view *view,
		     struct str *out)
{
	size_t n = view->rows.n, *order = calloc(n + 1, sizeof(*order)), i, k;
	double *values = stats_chart_values(view, NULL, n);
	double *sorted = stats_chart_values(view, NULL, n), least = 0;
	bool good = order && values && sorted;

	if (good && n > PROTOCOLS) {
		qsort(sorted, n, sizeof(*sorted), compare_falling);
		least = sorted[PROTOCOLS - 1];
	}
	for (i = k = 0; good && i < n && k < PROTOCOLS; i++)
		if (values[i] >= least)
			order[k++] = i;
	good = good && put_rows(show, view, order, k, out);
	free(order);
	free(values);
	free(sorted);
	return good;
}

/* ---- sizes and the rate ------------------------------------------------- */

/* Two lines: the buckets that are not empty, and their shares. */
static bool put_sizes(const struct view *view, struct str *out)
{
	struct str above = STR_INIT, below = STR_INIT, cell = STR_INIT;
	struct table row;
	size_t i, width;
	bool good;

	table_init(&row, view->rows.columns, view->rows.n_columns);
	for (i = 0; i < view->rows.n; i++) {
		table_clear(&row);
		view->rows.put(&view->rows, i, &row);
		if (row.n_cells < 3 || row.cells[1].num == 0)
			continue;
		width = row.cells[0].len > 6 ? row.cells[0].len : 6;
		width += below.len ? 2 : 0;
		str_pad(&above, ' ', width - row.cells[0].len);
		str_put(&above, str_text(&row.texts) + row.cells[0].at,
			row.cells[0].len);
		str_clear(&cell);
		cell_text(&cell, &view->rows.columns[2], &row.cells[2], "");
		if (cell.len < width)
			str_pad(&below, ' ', width - cell.len);
		str_put(&below, str_text(&cell), cell.len);
	}
	if (below.len)
		str_printf(out, "\n%s\n%s\n%s\n", view_title(view),
			   str_text(&above), str_text(&below));
	good = !above.failed && !below.failed && !row.failed;
	table_fini(&row);
	str_fini(&above);
	str_fini(&below);
	str_fini(&cell);
	return good;
}

/* A line, with the highest value beside it. */
static bool put_rate(const struct stats_show *show, const struct view *view,
		     struct str *out)
{
	double *values = stats_chart_values(view, NULL, view->rows.n), most = 0;
	const struct column column = {.form = COLUMN_BITRATE};
	struct cell cell = {.kind = CELL_REAL};
	struct table row;
	size_t i;

	for (i = 0; values && i < view->rows.n; i++)
		most = values[i] > most ? values[i] : most;
	if (values && view->rows.n) {
		str_puts(out, view_title(view));
		str_putc(out, '\n');
		chart_line(out, values, view->rows.n, LINE_WIDTH, show->utf8);
		cell.real = most;
		str_puts(out, "  up to ");
		cell_text(out, &column, &cell, "");
		table_init(&row, view->rows.columns, view->rows.n_columns);
		view->rows.put(&view->rows, 0, &row);
		str_puts(out, ", in steps of ");
		cell_text(out, &view->rows.columns[1], &row.cells[1], "");
		str_puts(out, " s\n");
		table_fini(&row);
	}
	free(values);
	return values != NULL;
}

/* ---- all of it ---------------------------------------------------------- */

static bool is(const struct view *view, const char *report, const char *kind)
{
	return !strcmp(view_report(view), report) &&
	       (!kind || !strcmp(view_kind(view), kind));
}

/* Rows of the report in this kind. */
static size_t rows_of(struct view *const *views, size_t n, const char *report,
		      const char *kind)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is(views[i], report, kind))
			return views[i]->rows.n;
	return 0;
}

/* How many rows of who talks: of IPv4 and IPv6 together as many as wanted, of
   Ethernet only if there is neither. */
static size_t talk_rows(struct view *const *views, size_t n,
			const struct view *view, size_t top)
{
	const char *report = view_report(view);
	size_t four = rows_of(views, n, report, "ip");
	size_t six = rows_of(views, n, report, "ipv6");

	if (is(view, report, "eth"))
		return four + six ? 0 : top;
	if (four && six)
		return (top + 1) / 2;
	return top;
}

static bool put_view(struct view *const *views, size_t n,
		     const struct view *view, const struct stats_show *show,
		     struct str *out)
{
	int64_t top = show->top;
	size_t rows;

	if (view->record) {
		stats_record(
		    view,
		    show->columns && show->columns < 2 * ACROSS_WIDTH ? 1 : 2,
		    out);
		return true;
	}
	if (view->rows.n == 0)
		return true;
	if (is(view, "protocols", NULL) || is(view, "rate", NULL))
		str_putc(out, '\n');
	if (is(view, "protocols", NULL))
		return put_tree(show, view, out);
	if (is(view, "sizes", NULL))
		return put_sizes(view, out);
	if (is(view, "rate", NULL))
		return put_rate(show, view, out);
	rows = top < 0 ? TALKS : top == 0 ? view->rows.n : (size_t)top;
	rows = talk_rows(views, n, view, rows);
	if (rows == 0)
		return true;
	str_putc(out, '\n');
	return put_top(show, view, rows, out);
}

bool stats_overview(const struct stats *stats, const struct stats_show *show,
		    struct str *out)
{
	struct view *views[VIEWS];
	bool done = false, good = true;
	size_t n = 0, i;

	while (n < VIEWS && (views[n] = stats_view(stats, n, &done)) != NULL)
		n++;
	good = done || n == VIEWS;
	for (i = 0; good && i < n; i++)
		good = put_view(views, n, views[i], show, out);
	for (i = 0; i < n; i++)
		view_close(views[i]);
	return good && !out->failed;
}

bool stats_overview_rate(const struct stats *stats,
			 const struct stats_show *show, struct str *out)
{
	struct view *view;
	bool done = false, good = true;
	size_t i;

	for (i = 0; good && (view = stats_view(stats, i, &done)) != NULL; i++) {
		if (is(view, "rate", NULL))
			good = put_rate(show, view, out);
		view_close(view);
	}
	return good && done && !out->failed;
}
