/* Owns the page that reports are shown on. */
#include "cmd/stats_html.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/stats_chart.h"
#include "file/create.h"
#include "output/markup.h"
#include "output/page.h"
#include "output/rows.h"
#include "output/svg.h"

enum {
	ROWS_MOST = 10000, /* of a table, unless --top says how many */
	PIECE = 65536,
};

struct page {
	const struct stats_show *show;
	const struct stats *stats;
	struct out *file;
	struct str out;
};

static void put_text(struct page *p, const char *text)
{
	markup_text(&p->out, text, strlen(text));
}

static void flush(struct page *p)
{
	if (p->out.len < PIECE)
		return;
	out_put(p->file, p->out.text, p->out.len);
	str_clear(&p->out);
}

/* ---- which views -------------------------------------------------------- */

static bool is(const struct view *view, const char *report, const char *kind)
{
	return !strcmp(view_report(view), report) && view_kind(view) &&
	       !strcmp(view_kind(view), kind);
}

/* The overview leaves out what is empty, and Ethernet where there is IP. */
static bool is_shown(const struct page *p, const struct view *view, bool ip)
{
	if (!p->show->overview)
		return true;
	return view->rows.n > 0 && !(ip && (is(view, "conversations", "eth") ||
					    is(view, "endpoints", "eth")));
}

static bool has_ip(const struct stats *stats)
{
	bool done = false, found = false;
	struct view *view;
	size_t i;

	for (i = 0; !found && (view = stats_view(stats, i, &done)); i++) {
		found = view->rows.n > 0 && (is(view, "endpoints", "ip") ||
					     is(view, "endpoints", "ipv6"));
		view_close(view);
	}
	return found;
}

/* Do that for each view that is shown. false: no memory. */
static bool each_view(struct page *p,
		      bool (*put)(struct page *, const struct view *, size_t))
{
	bool ip = has_ip(p->stats), done = false, good = true;
	struct view *view;
	size_t i;

	for (i = 0; good && (view = stats_view(p->stats, i, &done)); i++) {
		if (is_shown(p, view, ip))
			good = put(p, view, i);
		view_close(view);
	}
	return good && done;
}

static bool put_link(struct page *p, const struct view *view, size_t i)
{
	str_printf(&p->out, "<a href=\"#v%zu\">", i);
	put_text(p, view_title(view));
	str_puts(&p->out, "</a>\n");
	return true;
}

/* ---- tables ------------------------------------------------------------- */

/* The column whose numbers lead to the packets. */
static int counted_column(const struct view *view)
{
	int column = rows_column(&view->rows, "packets");

	return column >= 0 ? column : rows_column(&view->rows, "packets_sent");
}

static void put_number(struct page *p, const struct column *column,
		       const struct cell *cell)
{
	if (cell->kind == CELL_NUMBER || cell->kind == CELL_BIG ||
	    cell->kind == CELL_REAL || cell->kind == CELL_DIGITS) {
		str_puts(&p->out, " data-v=\"");
		cell_machine(&p->out, column, cell);
		str_putc(&p->out, '"');
	}
}

static void put_cell(struct page *p, const struct column *column,
		     const struct cell *cell, const char *texts,
		     const char *expression)
{
	struct str text = STR_INIT;

	cell_text(&text, column, cell, texts);
	str_puts(&p->out, column->right	  ? "<td class=\"n\""
			  : text.len > 60 ? "<td class=\"w\""
					  : "<td");
	put_number(p, column, cell);
	str_putc(&p->out, '>');
	if (expression) {
		str_puts(&p->out, "<a href=\"#command\" data-s=\"");
		put_text(p, expression);
		str_puts(&p->out, "\" title=\"");
		put_text(p, expression);
		str_puts(&p->out, "\">");
	}
	/* foreign text is harmless by now, and stays as it is */
	put_text(p, str_text(&text));
	str_puts(&p->out, expression ? "</a></td>" : "</td>");
	p->out.failed |= text.failed;
	str_fini(&text);
}

/* How a table is shown. */
struct shown {
	bool used[REPORT_COLUMNS + STATS_COUNTS]; /* columns with something */
	int counted; /* the one that leads to packets */
};

static void find_used(struct shown *shown, const struct view *view,
		      const size_t *order, size_t n, struct table *row)
{
	size_t i, k;

	row->sketch = true;
	for (i = 0; i < n; i++) {
		table_clear(row);
		view->rows.put(&view->rows, order[i], row);
		for (k = 0; k < row->n_cells; k++)
			shown->used[k] |= view->rows.columns[k].title &&
					  row->cells[k].kind != CELL_NONE;
	}
	row->sketch = false;
}

static void put_row(struct page *p, const struct view *view, size_t i,
		    struct table *row, const struct shown *shown)
{
	struct str expression = STR_INIT;
	size_t k;

	table_clear(row);
	view->rows.put(&view->rows, i, row);
	if (view->expression)
		view->expression(view, i, &expression);
	str_puts(&p->out, "<tr>");
	for (k = 0; k < row->n_cells; k++)
		if (shown->used[k])
			put_cell(p, &view->rows.columns[k], &row->cells[k],
				 str_text(&row->texts),
				 expression.len && (int)k == shown->counted
				     ? expression.text
				     : NULL);
	str_puts(&p->out, "</tr>\n");
	str_fini(&expression);
	flush(p);
}

static void put_heads(struct page *p, const struct view *view,
		      const struct shown *shown)
{
	const struct column *column = view->rows.columns;
	const struct cell now = {.kind = CELL_NUMBER};
	char zone[16];
	size_t k;

	str_puts(&p->out, "<div class=\"wide\"><table>\n<thead><tr>");
	for (k = 0; k < view->rows.n_columns; k++, column++) {
		if (!shown->used[k])
			continue;
		str_puts(&p->out, column->right ? "<th class=\"n\">" : "<th>");
		put_text(p, column->title);
		if (column_is_time(column)) {
			cell_zone(column, &now, zone, sizeof(zone));
			str_printf(&p->out, " (%s)", zone);
		}
		str_puts(&p->out, "</th>");
	}
	str_puts(&p->out, "</tr></thead>\n<tbody>\n");
}

static bool put_table(struct page *p, const struct view *view,
		      const size_t *order, size_t n)
{
	struct shown shown = {.counted = counted_column(view)};
	struct table row;
	bool good;
	size_t i;

	if (n < view->rows.n)
		str_printf(&p->out, "<p>The first %zu of %zu.</p>\n", n,
			   view->rows.n);
	table_init(&row, view->rows.columns, view->rows.n_columns);
	find_used(&shown, view, order, n, &row);
	put_heads(p, view, &shown);
	for (i = 0; i < n; i++)
		put_row(p, view, order[i], &row, &shown);
	str_puts(&p->out, "</tbody></table></div>\n");
	good = !row.failed;
	table_fini(&row);
	return good;
}

static bool put_chart(struct page *p, const struct view *view,
		      const size_t *order, size_t n)
{
	struct svg svg = SVG_INIT;
	struct stats_chart c;
	bool good = stats_chart_init(&c, view, order, n);

	if (good && c.chart.n > 0) {
		svg_add(&svg, &c.chart, false);
		svg_embed(&svg, view_title(view), &p->out);
	}
	stats_chart_fini(&c);
	svg_fini(&svg);
	return good;
}

static bool put_rows(struct page *p, const struct view *view)
{
	const struct stats_show *show = p->show;
	int column = show->sort ? rows_column(&view->rows, show->sort) : -1;
	bool ascending = column >= 0 ? show->ascending : view->ascending;
	size_t top = show->top < 0 ? ROWS_MOST : (size_t)show->top, n, m;
	size_t *order, *drawn = stats_chart_rows(view, &m);
	bool good;

	if (column < 0 && view->sort)
		column = rows_column(&view->rows, view->sort);
	order = rows_sort(&view->rows, column, ascending, top, &n);
	good = order && drawn && put_chart(p, view, drawn, m) &&
	       put_table(p, view, order, n);
	free(order);
	free(drawn);
	return good;
}

/* One row as a list of what its columns say. */
static void put_record(struct page *p, const struct view *view)
{
	struct str text = STR_INIT;
	struct table row;
	char zone[16];
	size_t k;

	table_init(&row, view->rows.columns, view->rows.n_columns);
	view->rows.put(&view->rows, 0, &row);
	str_puts(&p->out, "<dl>\n");
	for (k = 0; k < row.n_cells; k++) {
		const struct column *column = &view->rows.columns[k];

		if (!column->title || row.cells[k].kind == CELL_NONE)
			continue;
		str_clear(&text);
		cell_text(&text, column, &row.cells[k], str_text(&row.texts));
		str_puts(&p->out, "<dt>");
		put_text(p, column->title);
		str_puts(&p->out, "</dt><dd>");
		put_text(p, str_text(&text));
		if (column_is_time(column)) {
			cell_zone(column, &row.cells[k], zone, sizeof(zone));
			str_printf(&p->out, " %s", zone);
		}
		str_puts(&p->out, column->form == COLUMN_SPAN	? " s</dd>\n"
				  : column->form == COLUMN_MEAN ? " B</dd>\n"
								: "</dd>\n");
	}
	str_puts(&p->out, "</dl>\n");
	str_fini(&text);
	table_fini(&row);
}

static bool put_section(struct page *p, const struct view *view, size_t i)
{
	bool good = true;

	str_printf(&p->out, "<section id=\"v%zu\">\n<h2>", i);
	put_text(p, view_title(view));
	str_puts(&p->out, "</h2>\n");
	if (view->record)
		put_record(p, view);
	else if (view->rows.n == 0)
		str_puts(&p->out, "<p>None.</p>\n");
	else
		good = put_rows(p, view);
	str_puts(&p->out, "</section>\n");
	flush(p);
	return good;
}

/* ---- the page ----------------------------------------------------------- */

/* What reads these packets again. */
static void put_command(const struct stats_origin *o, struct str *out)
{
	size_t i;

	str_puts(out, "pcaptool read");
	for (i = 0; i < o->n; i++) {
		str_puts(out, " -r ");
		str_shell(out, o->paths[i], strlen(o->paths[i]));
	}
	if (o->n == 0)
		str_puts(out, " -r FILE");
	if (o->expression && *o->expression) {
		str_puts(out, " -f ");
		str_shell(out, o->expression, strlen(o->expression));
	}
}

static void put_title(const struct stats_origin *o, struct str *out)
{
	const char *slash;

	if (o->n == 0) {
		str_puts(out, "Packets");
	} else {
		slash = strrchr(o->paths[0], '/');
		str_puts(out, slash ? slash + 1 : o->paths[0]);
		if (o->n > 1)
			str_printf(out, " and %zu more", o->n - 1);
	}
}

static bool put_page(struct page *p, const struct stats_origin *origin)
{
	struct str title = STR_INIT, command = STR_INIT;
	bool good;

	put_title(origin, &title);
	put_command(origin, &command);
	page_begin(&p->out, str_text(&title));
	str_puts(&p->out, "<header>\n<h1>");
	put_text(p, str_text(&title));
	str_puts(&p->out, "</h1>\n");
	if (origin->expression && *origin->expression) {
		str_puts(&p->out, "<p>Packets that match ");
		put_text(p, origin->expression);
		str_puts(&p->out, "</p>\n");
	}
	str_puts(&p->out, "<nav>\n");
	good = each_view(p, put_link);
	str_puts(&p->out, "</nav>\n</header>\n<main>\n");
	good = good && each_view(p, put_section);
	str_puts(&p->out, "</main>\n");
	page_end(&p->out, str_text(&command));
	good = good && !title.failed && !command.failed && !p->out.failed;
	str_fini(&title);
	str_fini(&command);
	return good;
}

bool stats_html(const struct stats_show *show, const struct stats *stats,
		const struct stats_origin *origin, const char *path, bool force,
		struct err *err)
{
	struct out file;
	struct page page = {
	    .show = show, .stats = stats, .file = &file, .out = STR_INIT};
	bool good = file_create(&file, path, force, err);

	file.failed |= !good;
	if (good && !put_page(&page, origin)) {
		good = err_nomem(err, "a page");
		file.failed = true;
	} else if (good) {
		out_put(&file, str_text(&page.out), page.out.len);
	}
	str_fini(&page.out);
	return out_close(&file, good ? err : NULL) && good;
}
