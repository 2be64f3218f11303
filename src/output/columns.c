/* Columns: fields by name, anything else an expression. */
#include "output/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { NAME_MOST = 128 };

/* ---- the list ----------------------------------------------------------- */

static bool is_name(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.",
			    text[i]))
			return false;
	return true;
}

/* A field of that name. false: *err says that there is none. */
static bool add_field(struct print_run *run, const char *name, struct err *err)
{
	if (!plan_want(run->plan, name, err))
		return false;
	run->columns[run->n_columns++].field = (uint16_t)field_find(name);
	return true;
}

static bool add_expression(struct print_run *run, const char *text, size_t n,
			   struct err *err)
{
	struct where_column *expr =
	    where_column_open(text, n, run->options.macros, run->plan, err);

	if (!expr)
		return false;
	run->columns[run->n_columns++].expr = expr;
	run->n_exprs++;
	log_notes(where_column_notes(expr));
	return true;
}

/* Names that are no field's may be a protocol's; else what is missing is a
   field. */
static bool add_column(struct print_run *run, const char *text, size_t n,
		       struct err *err)
{
	char name[NAME_MOST];

	while (n && strchr(" \t\n\r", text[n - 1]))
		n--;
	while (n && strchr(" \t\n\r", *text)) {
		text++;
		n--;
	}
	if (n == 0)
		return err_set(err, ERR_USAGE,
			       "the list of fields has an empty name");
	if (!is_name(text, n))
		return add_expression(run, text, n, err);
	if (n >= sizeof(name))
		return err_set(err, ERR_USAGE,
			       "the list of fields has a name that is too "
			       "long");
	memcpy(name, text, n);
	name[n] = '\0';
	if (field_find(name) < 0 && add_expression(run, text, n, NULL))
		return true;
	return add_field(run, name, err);
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
