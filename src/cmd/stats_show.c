/* Owns the order and the frame in which reports come out. */
#include "cmd/stats_show.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/message.h"
#include "cmd/stats_chart.h"
#include "cmd/stats_overview.h"
#include "os/term.h"
#include "stats/report.h"

enum { ROWS_TEXT_TOP = 20 };

void stats_show_terminal(struct stats_show *show)
{
	bool terminal = term_stdout();

	show->columns = terminal ? term_columns() : 0;
	show->utf8 = !terminal || term_utf8();
}

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

/* ---- one view ----------------------------------------------------------- */

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
	    .columns = s->show->columns,
	    .ascii = !s->show->utf8,
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
	if (view->rows.n == 0)
		str_puts(out, ": none");
	else if (n < view->rows.n)
		str_printf(out, ": %zu of %zu", n, view->rows.n);
	str_putc(out, '\n');
}

static bool put_plot(const struct stats_show *show, const struct view *view,
		     const size_t *order, size_t n, struct str *out)
{
	struct stats_chart c;
	bool good = stats_chart_init(&c, view, order, n);

	if (c.chart.n) {
		str_putc(out, '\n');
		chart_text(out, &c.chart,
			   show->columns ? show->columns : term_columns(),
			   show->utf8);
	}
	stats_chart_fini(&c);
	return good;
}

static bool show_text(struct showing *s, const struct view *view,
		      const size_t *order, size_t n)
{
	if (s->report)
		str_putc(s->out, '\n');
	s->report = view_report(view);
	if (view->record) {
		stats_record(view, 1, s->out);
		return true;
	}
	put_title(view, n, s->out);
	return put_rows(s, view, order, n) &&
	       (!s->show->plot || put_plot(s->show, view, order, n, s->out));
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

	if (show->overview && show->form == ROWS_TEXT)
		return stats_overview(stats, show, out);
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

/* ---- all of it, on stdout ---- */

static bool flush_out(struct str *out)
{
	bool good = message_out(out);

	str_clear(out);
	return good;
}

void stats_complain(const struct stats *stats)
{
	struct str text = STR_INIT;
	size_t i;

	for (i = 0; stats_complaint(stats, i, &text); i++) {
		log_warn("%s", str_text(&text));
		str_clear(&text);
	}
	str_fini(&text);
}

void stats_tell(const struct stats *stats)
{
	struct str text = STR_INIT;
	size_t i;

	for (i = 0; stats_remark(stats, i, &text); i++)
		log_note("%s", str_text(&text));
	str_fini(&text);
}

int stats_print(const struct stats_show *show, const struct stats *stats)
{
	struct str out = STR_INIT;
	bool good = stats_show(show, stats, &out, flush_out);
	struct err err;
	int status = 0;

	if (good)
		good = flush_out(&out);
	else if (out.failed)
		status = (err_nomem(&err, "reports"), message_err(&err));
	if (!good && !status)
		status = report_out_status();
	str_fini(&out);
	if (show->form != ROWS_TEXT) /* which says it in its titles */
		stats_tell(stats);
	stats_complain(stats);
	return status;
}
