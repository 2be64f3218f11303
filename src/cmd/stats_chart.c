/* Owns the way from the rows of a report to a chart. */
#include "cmd/stats_chart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "file/create.h"
#include "output/rows.h"
#include "output/svg.h"

enum { CHART_TOP = 20 };

static double cell_number(const struct cell *cell)
{
	switch (cell->kind) {
	case CELL_NUMBER:
		return (double)cell->num;
	case CELL_BIG:
		return (double)(uint64_t)cell->num;
	case CELL_REAL:
		return cell->real;
	default:
		return 0;
	}
}

double *stats_chart_values(const struct view *view, const size_t *order,
			   size_t n)
{
	double *values = calloc(n + 1, sizeof(*values));
	int column = view->chart ? rows_column(&view->rows, view->chart) : -1;
	struct table row;
	size_t i;

	table_init(&row, view->rows.columns, view->rows.n_columns);
	for (i = 0; values && column >= 0 && i < n; i++) {
		table_clear(&row);
		view->rows.put(&view->rows, order ? order[i] : i, &row);
		if (row.n_cells > (size_t)column)
			values[i] = cell_number(&row.cells[column]);
	}
	table_fini(&row);
	return values;
}

/* ---- a chart ------------------------------------------------------------ */

/* Where a row's texts begin, each ended by a NUL. */
struct chart_row {
	size_t label, number;
	size_t indent; /* blanks before the label */
	int64_t time;  /* of the first column */
};

/* Does the column name one of two ends? */
static bool is_end(const struct column *column)
{
	return !strncmp(column->key, "address", 7) ||
	       !strncmp(column->key, "port", 4);
}

/* A tree names its nodes in full; they are indented by their depth. */
static size_t skip_indent(const char *text, size_t n)
{
	size_t blanks = 0;

	while (blanks < n && text[blanks] == ' ')
		blanks++;
	return blanks < n ? blanks : 0;
}

/* What names the row: its first column, or those of both ends of a
   conversation; then the number. */
static struct chart_row put_texts(struct str *texts, const struct table *row,
				  size_t column)
{
	struct chart_row place = {.label = texts->len};
	const char *from = str_text(&row->texts);
	const struct cell *cells = row->cells;
	size_t i;

	for (i = 0; i < column && (i == 0 || is_end(&row->columns[i])); i++) {
		if (cells[i].kind == CELL_NONE)
			continue;
		if (i > 0)
			str_puts(texts,
				 cells[i].kind == CELL_TEXT ? " - " : ":");
		cell_text(texts, &row->columns[i], &cells[i], from);
	}
	if (cells[0].kind == CELL_TEXT)
		place.indent = skip_indent(str_text(texts) + place.label,
					   texts->len - place.label);
	str_putc(texts, '\0');
	place.number = texts->len;
	cell_text(texts, &row->columns[column], &cells[column], from);
	str_putc(texts, '\0');
	return place;
}

/* How long intervals are, and in which zone their times are. */
static void take_zone(struct stats_chart *c, const struct view *view,
		      const struct table *row)
{
	int interval = rows_column(&view->rows, "interval");

	c->chart.local = row->columns[0].form == COLUMN_LOCAL;
	c->chart.interval = interval > 0 ? row->cells[interval].num : 1;
	cell_zone(&row->columns[0], &row->cells[0], c->zone, sizeof(c->zone));
	c->chart.zone = c->zone;
}

/* What a column's numbers are, for an axis: "Bit rate". */
static void put_measure(const struct column *column, char *to, size_t size)
{
	static const char *const others[][2] = {
	    {"bits_per_second", "Bit rate"},
	    {"time_mean", "Mean response time"},
	    {"bytes", "Bytes"},
	};
	size_t i;

	snprintf(to, size, "%s", column->key);
	for (i = 0; i < ARRAY_LEN(others); i++)
		if (!strcmp(column->key, others[i][0]))
			snprintf(to, size, "%s", others[i][1]);
	for (i = 0; to[i]; i++)
		to[i] = to[i] == '_' ? ' ' : to[i];
	if (to[0] >= 'a' && to[0] <= 'z')
		to[0] = (char)(to[0] - 'a' + 'A');
}

static bool take_rows(struct stats_chart *c, const struct view *view,
		      size_t column, const size_t *order, size_t n)
{
	struct chart_row *places = calloc(n + 1, sizeof(*places));
	double *values = stats_chart_values(view, order, n);
	bool good = places && values;
	struct table row;
	size_t i;

	table_init(&row, view->rows.columns, view->rows.n_columns);
	for (i = 0; good && i < n; i++) {
		table_clear(&row);
		view->rows.put(&view->rows, order ? order[i] : i, &row);
		good = !row.failed && row.n_cells > column;
		if (!good)
			break;
		places[i] = put_texts(&c->texts, &row, column);
		places[i].time = c->chart.line ? row.cells[0].num : 0;
		if (c->chart.line && i == 0)
			take_zone(c, view, &row);
	}
	good = good && !c->texts.failed;
	for (i = 0; good && i < n; i++)
		c->items[i] = (struct chart_item){
		    .label = str_text(&c->texts) + places[i].label,
		    .number = str_text(&c->texts) + places[i].number,
		    .value = values[i],
		    .depth = (unsigned)places[i].indent / 2,
		    .time = places[i].time,
		};
	c->chart.n = good ? n : 0;
	table_fini(&row);
	free(places);
	free(values);
	return good;
}

bool stats_chart_init(struct stats_chart *c, const struct view *view,
		      const size_t *order, size_t n)
{
	int column = view->chart ? rows_column(&view->rows, view->chart) : -1;

	*c = (struct stats_chart){
	    .chart = {.title = view_title(view),
		      .line = column_is_time(&view->rows.columns[0])},
	    .texts = STR_INIT,
	};
	if (column <= 0 || n == 0 || view->record)
		return true;
	c->items = calloc(n, sizeof(*c->items));
	c->chart.items = c->items;
	c->chart.form = view->rows.columns[column].form;
	put_measure(&view->rows.columns[column], c->measure,
		    sizeof(c->measure));
	c->chart.measure = c->measure;
	return c->items && take_rows(c, view, (size_t)column, order, n);
}

void stats_chart_fini(struct stats_chart *c)
{
	free(c->items);
	str_fini(&c->texts);
}

size_t *stats_chart_rows(const struct view *view, size_t *n)
{
	bool all = view->whole || column_is_time(&view->rows.columns[0]);
	int column = view->sort ? rows_column(&view->rows, view->sort) : -1;

	return rows_sort(&view->rows, column, view->ascending,
			 all ? 0 : CHART_TOP, n);
}

/* ---- a picture ---------------------------------------------------------- */

static bool add_view(struct svg *svg, const struct view *view)
{
	struct stats_chart c;
	size_t n, *order = stats_chart_rows(view, &n);
	bool good = order != NULL;

	if (good) {
		good = stats_chart_init(&c, view, order, n);
		svg_add(svg, &c.chart, true);
		stats_chart_fini(&c);
	}
	free(order);
	return good;
}

static bool write_out(const struct str *text, const char *path, bool force,
		      struct err *err)
{
	struct out out;
	bool good = file_create(&out, path, force, err);

	if (good)
		out_put(&out, str_text(text), text->len);
	return out_close(&out, good ? err : NULL) && good;
}

bool stats_svg(const struct stats *stats, const char *path, bool force,
	       struct err *err)
{
	struct svg svg = SVG_INIT;
	struct str out = STR_INIT;
	bool done = false, good = true;
	struct view *view;
	size_t i;

	for (i = 0; good && (view = stats_view(stats, i, &done)) != NULL; i++) {
		good = add_view(&svg, view);
		view_close(view);
	}
	svg_write(&svg, "pcaptool stats", &out);
	if (!good || !done || out.failed)
		good = err_nomem(err, "a picture");
	else
		good = write_out(&out, path, force, err);
	svg_fini(&svg);
	str_fini(&out);
	return good;
}
