/* Owns the order and the frame in which reports come out. */
#include "cmd/stats_show.h"

#include <stdlib.h>
#include <string.h>

#include "os/term.h"
#include "output/chart.h"
#include "stats/report.h"

enum { ROWS_TEXT_TOP = 20, LINE_WIDTH = 64, BAR_WIDTH = 30 };

bool stats_show_check(const struct stats_show *show, const struct stats *stats,
		      struct err *err)
{
	struct view *view;
	bool found = !show->sort, done = false;
	size_t i;

	for (i = 0; !found && !done; i++) {
		view = stats_view(stats, i, &done);
		if (!view && !done)
			return err_nomem(err, "reports");
		found = view && rows_column(&view->rows, show->sort) >= 0;
		view_close(view);
	}
	return found ||
	       err_set(err, ERR_USAGE,
		       "no report has a column '%s' (their names are the keys "
		       "of --json)",
		       show->sort);
}

/* ---- charts ------------------------------------------------------------- */

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

/* The numbers of the rows' column, in order; NULL: no memory. */
static double *chart_values(const struct view *view, const size_t *order,
			    size_t n)
{
	double *values = calloc(n + 1, sizeof(*values));
	int column = rows_column(&view->rows, view->chart);
	struct table row;
	size_t i;

	table_init(&row, view->rows.columns, view->rows.n_columns);
	for (i = 0; values && column >= 0 && i < n; i++) {
		table_clear(&row);
		view->rows.put(&view->rows, order[i], &row);
		if (row.n_cells > (size_t)column)
			values[i] = cell_number(&row.cells[column]);
	}
	table_fini(&row);
	return values;
}

/* The rate as one line, with the highest value beside it. */
static bool put_rate(const struct view *view, const size_t *order, size_t n,
		     struct str *out)
{
	double *values = chart_values(view, order, n), most = 0;
	const struct column column = {.form = COLUMN_BITRATE};
	struct cell cell = {.kind = CELL_REAL};
	struct table row;
	size_t i;

	for (i = 0; values && i < n; i++)
		most = values[i] > most ? values[i] : most;
	if (values && n) {
		chart_line(out, values, n, LINE_WIDTH, term_utf8());
		cell.real = most;
		str_puts(out, "  up to ");
		cell_text(out, &column, &cell, "");
		table_init(&row, view->rows.columns, view->rows.n_columns);
		view->rows.put(&view->rows, order[0], &row);
		str_puts(out, ", in steps of ");
		cell_text(out, &view->rows.columns[1], &row.cells[1], "");
		str_puts(out, " s\n");
		table_fini(&row);
	}
	free(values);
	return values != NULL;
}

/* ---- one view ----------------------------------------------------------- */

/* A record for people: a line for each column that says something. */
static void put_record(const struct view *view, struct str *out)
{
	const struct column *columns = view->rows.columns;
	size_t i, width = 0, n;
	struct table row;

	table_init(&row, columns, view->rows.n_columns);
	view->rows.put(&view->rows, 0, &row);
	for (i = 0; i < row.n_cells; i++) {
		n = columns[i].title && row.cells[i].kind != CELL_NONE
			? strlen(columns[i].title)
			: 0;
		width = n > width ? n : width;
	}
	for (i = 0; i < row.n_cells; i++) {
		if (!columns[i].title || row.cells[i].kind == CELL_NONE)
			continue;
		str_puts(out, columns[i].title);
		str_putc(out, ':');
		str_pad(out, ' ', width + 1 - strlen(columns[i].title));
		cell_text(out, &columns[i], &row.cells[i],
			  str_text(&row.texts));
		if (columns[i].form == COLUMN_SPAN)
			str_puts(out, " s");
		str_putc(out, '\n');
	}
	table_fini(&row);
}

struct showing {
	const struct stats_show *show;
	struct str *out;
	bool (*full)(struct str *);
	const char *report; /* of the view before; NULL: there was none */
	bool nested;	    /* its kinds are members of an object */
};

static bool put_rows(struct showing *s, const struct view *view,
		     const size_t *order, size_t n)
{
	struct rows_out o = {
	    .form = s->show->form,
	    .indent = view_kind(view) ? "  " : " ",
	    .compact = s->show->compact,
	    .bare = view->record,
	};
	bool good = rows_begin(&o, &view->rows, order, n), more = true;

	while (good && more) {
		more = rows_some(&o, s->out);
		good = !more || s->full(s->out);
	}
	rows_end(&o);
	return good;
}

/* "title", and how many of how many. */
static void put_title(const struct view *view, size_t n, struct str *out)
{
	str_puts(out, view_title(view));
	if (n < view->rows.n)
		str_printf(out, ": %zu of %zu", n, view->rows.n);
	str_putc(out, '\n');
}

static bool show_text(struct showing *s, const struct view *view,
		      const size_t *order, size_t n)
{
	if (s->show->overview && n == 0 && !view->record)
		return true;
	if (s->report)
		str_putc(s->out, '\n');
	s->report = view_report(view);
	if (view->record) {
		put_record(view, s->out);
		return true;
	}
	put_title(view, n, s->out);
	if (s->show->overview && !strcmp(view_report(view), "rate"))
		return put_rate(view, order, n, s->out);
	return put_rows(s, view, order, n);
}

static void put_break(const struct showing *s, unsigned depth)
{
	if (s->show->compact)
		return;
	str_putc(s->out, '\n');
	str_pad(s->out, ' ', depth);
}

static void end_report(const struct showing *s)
{
	if (s->nested) {
		put_break(s, 1);
		str_putc(s->out, '}');
	}
}

/* "report": rows, or "report": {"kind": rows, ...} */
static bool show_json(struct showing *s, const struct view *view,
		      const size_t *order, size_t n)
{
	const char *kind = view_kind(view);

	if (!s->report || strcmp(s->report, view_report(view)) != 0) {
		if (s->report) {
			end_report(s);
			str_putc(s->out, ',');
		}
		put_break(s, 1);
		str_json_text(s->out, view_report(view));
		str_puts(s->out, ": ");
		s->report = view_report(view);
		s->nested = kind != NULL;
		if (kind)
			str_putc(s->out, '{');
	} else {
		str_putc(s->out, ',');
	}
	if (kind) {
		put_break(s, 2);
		str_json_text(s->out, kind);
		str_puts(s->out, ": ");
	}
	return put_rows(s, view, order, n);
}

static bool show_csv(struct showing *s, const struct view *view,
		     const size_t *order, size_t n)
{
	if (s->report)
		str_putc(s->out, '\n');
	s->report = view_report(view);
	return put_rows(s, view, order, n);
}

static bool show_view(struct showing *s, const struct view *view)
{
	const struct stats_show *show = s->show;
	int column = show->sort ? rows_column(&view->rows, show->sort) : -1;
	bool ascending = column >= 0 ? show->ascending : view->ascending;
	size_t top = show->top > 0 ? (size_t)show->top : 0, n, *order;
	bool good;

	if (show->top < 0 && show->form == ROWS_TEXT)
		top = ROWS_TEXT_TOP;
	if (column < 0 && view->whole)
		top = 0;
	if (column < 0 && view->sort)
		column = rows_column(&view->rows, view->sort);
	order = rows_sort(&view->rows, column, ascending, top, &n);
	if (!order)
		return false;
	if (show->form == ROWS_TEXT)
		good = show_text(s, view, order, n);
	else if (show->form == ROWS_JSON)
		good = show_json(s, view, order, n);
	else
		good = show_csv(s, view, order, n);
	free(order);
	return good;
}

bool stats_show(const struct stats_show *show, const struct stats *stats,
		struct str *out, bool (*full)(struct str *))
{
	struct showing s = {.show = show, .out = out, .full = full};
	bool done = false, good = true;
	struct view *view;
	size_t i;

	if (show->form == ROWS_JSON)
		str_putc(out, '{');
	for (i = 0; good; i++) {
		view = stats_view(stats, i, &done);
		if (!view)
			break;
		good = show_view(&s, view);
		view_close(view);
	}
	if (show->form == ROWS_JSON) {
		end_report(&s);
		put_break(&s, 0);
		str_puts(out, "}\n");
	}
	return good && done && !out->failed;
}
