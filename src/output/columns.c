/* Columns: fields by name, anything else an expression. */
#include "output/columns.h"

#include <stdlib.h>

#include "base/log.h"
#include "where/pick.h"

/* ---- the list ----------------------------------------------------------- */

static bool add_column(struct print_run *run, const char *text, size_t n,
		       struct err *err)
{
	struct where_pick pick;

	if (!where_pick(&pick, text, n, run->options.macros, run->plan, err))
		return false;
	run->columns[run->n_columns].field = (uint16_t)pick.field;
	run->columns[run->n_columns++].expr = pick.column;
	if (!pick.column)
		return true;
	run->n_exprs++;
	log_notes(where_column_notes(pick.column));
	return true;
}

/* What expressions are computed from is not shown unless it is asked for. */
static bool hide_others(struct print_run *run, struct err *err)
{
	unsigned n = field_count(), i;
	size_t k;

	run->hidden = malloc(n * sizeof(*run->hidden));
	if (!run->hidden)
		return err_nomem(err, "output");
	for (i = 0; i < n; i++)
		run->hidden[i] = true;
	for (k = 0; k < run->n_columns; k++)
		if (!run->columns[k].expr)
			run->hidden[run->columns[k].field] = false;
	return true;
}

bool columns_open(struct print_run *run, const char *list, struct err *err)
{
	size_t most = 1, n;
	const char *comma;

	for (comma = list; *comma; comma++)
		most += *comma == ',';
	run->columns = calloc(most, sizeof(*run->columns));
	if (!run->columns)
		return err_nomem(err, "output");
	for (;; list += n + 1) {
		n = where_column_length(list);
		if (!add_column(run, list, n, err))
			return false;
		if (!list[n])
			break;
	}
	return !run->n_exprs || hide_others(run, err);
}

void columns_close(struct print_run *run)
{
	size_t i;

	for (i = 0; i < run->n_columns; i++)
		where_column_close(run->columns[i].expr);
	free(run->columns);
	free(run->hidden);
}

/* ---- values ------------------------------------------------------------- */

bool made_open(struct made_list *list, const struct print_run *run)
{
	size_t i;

	if (!run->n_exprs)
		return true;
	list->item = calloc(run->n_exprs, sizeof(*list->item));
	for (i = 0; list->item && i < run->n_columns; i++) {
		const struct where_column *expr = run->columns[i].expr;
		struct made *made = &list->item[list->n];

		if (!expr)
			continue;
		made->field = where_column_field(expr);
		made->condition = where_column_is_condition(expr);
		made->cell = where_cell_open(expr, NULL);
		if (!made->cell)
			return false;
		list->n++;
	}
	return list->item;
}

void made_close(struct made_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		where_cell_close(list->item[i].cell);
	free(list->item);
}

bool made_fill(struct made_list *list, const struct dissect *d, struct str *out)
{
	bool any = false;
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct made *made = &list->item[i];

		made->n = where_cell_fill(made->cell, d, &made->values);
		any |= made->n && (!made->condition || made->values[0].num);
		out->failed |= where_cell_failed(made->cell);
	}
	return any;
}
