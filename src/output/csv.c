/*
 * Columns: CSV (RFC 4180) and TSV. A field that a packet has several times is
 * one cell with commas between its values, or its first or last value.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fmt.h"
#include "decode/value.h"
#include "output/columns.h"

/* A field's values in the current packet: index + 1; 0: none. */
struct span {
	uint16_t first, last;
};

struct column {
	const struct field *field;
	struct span *span; /* equal fields share one */
	bool simple; /* its values are short, and alone they need no quotes */
	const struct made *made; /* of an expression; NULL: of a field */
};

struct csv {
	struct presenter form;
	bool quotes; /* RFC 4180; else tabs and line ends are escaped */
	const char *separator;
	size_t separator_len;
	size_t n;
	struct column *columns;
	struct span *spans;
	uint16_t *of_field; /* by field number: index of its span + 1 */
	uint16_t *next;	    /* by value: the field's next value + 1 */
	struct made_list made;
	struct value_clock clock;
};

/* The columns when none were asked for. */
static const char *const default_fields[] = {
    "frame.number", "frame.time_epoch", "ip.src",      "ip.dst",
    "ipv6.src",	    "ipv6.dst",		"tcp.srcport", "tcp.dstport",
    "udp.srcport",  "udp.dstport",	"frame.len",
};

static void csv_wish(const struct print_options *o, struct plan *plan)
{
	size_t i;
	struct err err;

	if (!o->fields)
		for (i = 0; i < ARRAY_LEN(default_fields); i++)
			plan_want(plan, default_fields[i], &err);
	plan_only_values(plan);
}

static void csv_close(struct presenter *form)
{
	struct csv *c = (struct csv *)form;

	if (!c)
		return;
	made_close(&c->made);
	free(c->columns);
	free(c->spans);
	free(c->of_field);
	free(c->next);
	free(c);
}

/* Does the separator occur in what short values are made of? */
static bool separator_is_odd(const struct csv *c)
{
	return c->quotes &&
	       (!c->separator[0] ||
		strchr("\"0123456789abcdefxTZ-.:", c->separator[0]));
}

static void field_column(struct csv *c, size_t i, unsigned number)
{
	struct column *column = &c->columns[i];

	column->field = field_at(number);
	column->simple = value_is_short(column->field) && !separator_is_odd(c);
	if (!c->of_field[number])
		c->of_field[number] = (uint16_t)(i + 1);
	column->span = &c->spans[c->of_field[number] - 1];
}

static bool csv_columns(struct csv *c, const struct print_run *run)
{
	size_t n = run->n_columns, i, made = 0;
	bool given = n > 0;

	if (!given)
		n = ARRAY_LEN(default_fields);
	c->n = n;
	c->columns = calloc(n, sizeof(*c->columns));
	c->spans = calloc(n, sizeof(*c->spans));
	c->of_field = calloc(field_count() + 1, sizeof(*c->of_field));
	c->next = calloc(DISSECT_VALUES, sizeof(*c->next));
	if (!c->columns || !c->spans || !c->of_field || !c->next ||
	    !made_open(&c->made, run))
		return false;
	for (i = 0; i < n; i++) {
		if (!given) {
			field_column(c, i,
				     (unsigned)field_find(default_fields[i]));
		} else if (!run->columns[i].expr) {
			field_column(c, i, run->columns[i].field);
		} else {
			c->columns[i].made = &c->made.item[made++];
			c->columns[i].field = c->columns[i].made->field;
			c->columns[i].span = &c->spans[i];
		}
	}
	return true;
}

static const struct presenter_ops csv_made_ops, tsv_made_ops;

static struct presenter *csv_new(const struct print_run *run, bool quotes)
{
	struct csv *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->form.run = run;
	c->form.ops = run->n_exprs ? (quotes ? &csv_made_ops : &tsv_made_ops)
		      : quotes	   ? &presenter_csv
				   : &presenter_tsv;
	c->quotes = quotes;
	c->separator = run->options.separator;
	if (!c->separator)
		c->separator = quotes ? "," : "\t";
	c->separator_len = strlen(c->separator);
	if (csv_columns(c, run))
		return &c->form;
	csv_close(&c->form);
	return NULL;
}

static struct presenter *csv_open(const struct print_run *run)
{
	return csv_new(run, true);
}

static struct presenter *tsv_open(const struct print_run *run)
{
	return csv_new(run, false);
}

/* ---- cells -------------------------------------------------------------- */

/* Must the cell that starts at `from` be quoted? */
static bool needs_quotes(const struct csv *c, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text[i] == '"' || text[i] == '\n' || text[i] == '\r' ||
		    text[i] == c->separator[0])
			return true;
	return false;
}

/* Turn the bytes from `from` on into a quoted cell. */
static void quote(struct str *out, size_t from)
{
	size_t n = out->len - from, marks = 0, i;
	char *text, *to;

	for (i = 0; i < n; i++)
		marks += out->text[from + i] == '"';
	if (!str_room(out, marks + 2))
		return;
	text = out->text + from;
	to = text + n + marks + 2;
	out->len = from + n + marks + 2;
	*--to = '"';
	for (i = n; i > 0; i--) {
		*--to = text[i - 1];
		if (text[i - 1] == '"')
			*--to = '"';
	}
	*--to = '"';
}

/* Foreign text in a cell: harmless, and on one line. */
static void put_text(const struct csv *c, struct str *out, const char *text,
		     size_t n)
{
	size_t i, plain = 0;

	if (c->quotes) {
		str_foreign(out, text, n);
		return;
	}
	/* a backslash would be taken for an escape */
	for (i = 0; i < n; i++) {
		if (text[i] != '\\')
			continue;
		str_foreign(out, text + plain, i - plain);
		str_puts(out, "\\\\");
		plain = i + 1;
	}
	str_foreign(out, text + plain, n - plain);
}

static void put_value(struct csv *c, const struct field *f, struct str *out,
		      const struct value *v)
{
	if (f->type == FIELD_TEXT)
		put_text(c, out, (const char *)v->bytes, v->len);
	else
		value_text(out, f, v, &c->clock);
}

/* Quote the cell that starts at `from` if it has to be. */
static void end_cell(struct csv *c, struct str *out, size_t from)
{
	if (c->quotes && !out->failed &&
	    needs_quotes(c, out->text + from, out->len - from))
		quote(out, from);
}

/* Any cell. */
static void put_cell(struct csv *c, const struct column *column,
		     const struct dissect *d, struct str *out)
{
	const struct span *span = column->span;
	unsigned i = span->first;
	size_t from = out->len;

	for (; i; i = i == span->last ? 0 : c->next[i - 1]) {
		if (i != span->first)
			str_putc(out, ',');
		put_value(c, column->field, out, &d->values[i - 1]);
	}
	end_cell(c, out, from);
}

/* An expression's. */
static void put_made(struct csv *c, const struct made *made, struct str *out)
{
	int occurrence = c->form.run->options.occurrence;
	unsigned first = 0, n = made->n, i;
	size_t from = out->len;

	if (occurrence == OCCURRENCE_LAST && n)
		first = n - 1;
	else if (occurrence == OCCURRENCE_FIRST && n)
		n = 1;
	for (i = first; i < n; i++) {
		if (i != first)
			str_putc(out, ',');
		put_value(c, made->field, out, &made->values[i]);
	}
	end_cell(c, out, from);
}

/* Find each column's values. false: there are none. */
static bool link_values(struct csv *c, const struct dissect *d)
{
	int occurrence = c->form.run->options.occurrence;
	bool any = false;
	struct span *span;
	unsigned i, at;

	for (i = 0; i < c->n; i++)
		c->spans[i] = (struct span){0, 0};
	for (i = 0; i < d->n_values; i++) {
		at = c->of_field[d->values[i].field];
		if (!at)
			continue;
		any = true;
		span = &c->spans[at - 1];
		if (!span->first || occurrence == OCCURRENCE_LAST)
			span->first = (uint16_t)(i + 1);
		else if (occurrence == OCCURRENCE_ALL)
			c->next[span->last - 1] = (uint16_t)(i + 1);
		else
			continue;
		span->last = (uint16_t)(i + 1);
	}
	return any;
}

/* Inlined, so that lines of fields alone cost no call. */
static inline __attribute__((always_inline)) void
put_line(struct csv *c, const struct dissect *d, struct str *out)
{
	const struct column *column = c->columns, *end = column + c->n;
	size_t room = c->n * (c->separator_len + VALUE_SHORT) + 1;
	unsigned first;
	char *at = str_room(out, room);

	for (; column < end && at; column++) {
		if (column > c->columns && c->separator_len == 1)
			*at++ = c->separator[0];
		else if (column > c->columns)
			at = fmt_text(at, c->separator);
		first = column->span->first;
		if (!first)
			continue;
		if (column->simple && first == column->span->last) {
			at = value_short(at, column->field,
					 &d->values[first - 1], &c->clock);
			continue;
		}
		out->len = (size_t)(at - out->text);
		if (column->made)
			put_made(c, column->made, out);
		else
			put_cell(c, column, d, out);
		presenter_check(&c->form, out);
		at = str_room(out, room);
	}
	if (!at)
		return;
	*at++ = '\n';
	out->len = (size_t)(at - out->text);
}

/* Is a packet shown that has a value, or has none? */
static inline bool is_shown(struct presenter *form, bool any)
{
	form->empty += !any;
	return any || !form->run->options.only_with;
}

static void csv_packet(struct presenter *form, const struct dissect *d,
		       struct str *out)
{
	struct csv *c = (struct csv *)form;

	if (is_shown(form, link_values(c, d)))
		put_line(c, d, out);
}

/* The same with expressions. */
static void csv_made_packet(struct presenter *form, const struct dissect *d,
			    struct str *out)
{
	struct csv *c = (struct csv *)form;
	bool any = link_values(c, d);
	size_t i;

	any |= made_fill(&c->made, d, out);
	if (!is_shown(form, any))
		return;
	for (i = 0; i < c->n; i++)
		if (c->columns[i].made && c->columns[i].made->n)
			c->columns[i].span->first = 1;
	put_line(c, d, out);
}

static void csv_head(struct presenter *form, struct str *out)
{
	struct csv *c = (struct csv *)form;
	size_t i, from;

	if (form->run->options.no_header)
		return;
	for (i = 0; i < c->n; i++) {
		if (i)
			str_put(out, c->separator, c->separator_len);
		from = out->len;
		put_text(c, out, c->columns[i].field->name,
			 strlen(c->columns[i].field->name));
		end_cell(c, out, from);
	}
	str_putc(out, '\n');
}

const struct presenter_ops presenter_csv = {
    .name = "csv",
    .wish = csv_wish,
    .open = csv_open,
    .close = csv_close,
    .head = csv_head,
    .packet = csv_packet,
};

const struct presenter_ops presenter_tsv = {
    .name = "tsv",
    .wish = csv_wish,
    .open = tsv_open,
    .close = csv_close,
    .head = csv_head,
    .packet = csv_packet,
};

static const struct presenter_ops csv_made_ops = {
    .name = "csv",
    .close = csv_close,
    .head = csv_head,
    .packet = csv_made_packet,
};

static const struct presenter_ops tsv_made_ops = {
    .name = "tsv",
    .close = csv_close,
    .head = csv_head,
    .packet = csv_made_packet,
};
