/* Owns the layout of tables. */
#include "cmd/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct cell {
	char *text;   /* as people read it: no foreign octets */
	char *json;   /* as JSON */
	size_t width; /* of text, in characters */
};

void table_init(struct table *t, const struct column *columns, size_t n_columns)
{
	*t = (struct table){.columns = columns, .n_columns = n_columns};
}

void table_fini(struct table *t)
{
	size_t i;

	for (i = 0; i < t->n_cells; i++) {
		free(t->cells[i].text);
		free(t->cells[i].json);
	}
	free(t->cells);
	t->cells = NULL;
	t->n_cells = 0;
}

/* Characters of UTF-8 text: all octets but those that continue one. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* Take the two texts over as the next cell. */
static void add_cell(struct table *t, struct str *text, struct str *json)
{
	struct cell *cells = NULL;

	str_puts(text, "");
	str_puts(json, "");
	if (!t->failed && !text->failed && !json->failed)
		cells = realloc(t->cells, (t->n_cells + 1) * sizeof(*cells));
	if (!cells) {
		t->failed = true;
		str_fini(text);
		str_fini(json);
		return;
	}
	t->cells = cells;
	cells[t->n_cells++] =
	    (struct cell){text->text, json->text, width_of(str_text(text))};
}

void table_text(struct table *t, const char *value)
{
	struct str text = STR_INIT, json = STR_INIT;

	if (!value) {
		table_none(t);
		return;
	}
	str_foreign(&text, value, strlen(value));
	str_json_text(&json, value);
	add_cell(t, &text, &json);
}

void table_number(struct table *t, int64_t number)
{
	struct str text = STR_INIT, json = STR_INIT;

	str_printf(&text, "%" PRId64, number);
	str_printf(&json, "%" PRId64, number);
	add_cell(t, &text, &json);
}

void table_answer(struct table *t, bool answer, const char *yes, const char *no)
{
	struct str text = STR_INIT, json = STR_INIT;

	str_puts(&text, answer ? yes : no);
	str_puts(&json, answer ? "true" : "false");
	add_cell(t, &text, &json);
}

void table_none(struct table *t)
{
	struct str text = STR_INIT, json = STR_INIT;

	str_puts(&json, "null");
	add_cell(t, &text, &json);
}

static void add_list(struct table *t, const char *list, const char *separator)
{
	struct str text = STR_INIT, json = STR_INIT;
	const char *at = list;

	str_putc(&json, '[');
	while (*(at += strspn(at, separator))) {
		size_t len = strcspn(at, separator);

		if (text.len) {
			str_puts(&text, ", ");
			str_puts(&json, ", ");
		}
		str_foreign(&text, at, len);
		str_json(&json, at, len);
		at += len;
	}
	str_putc(&json, ']');
	add_cell(t, &text, &json);
}

void table_words(struct table *t, const char *words)
{
	add_list(t, words, " ");
}

void table_items(struct table *t, const char *items)
{
	add_list(t, items, "\n");
}

static void print_json(const struct table *t, struct str *out)
{
	size_t i, column;

	str_puts(out, "[");
	for (i = 0; i < t->n_cells; i++) {
		column = i % t->n_columns;
		if (column == 0)
			str_puts(out, i ? "},\n {" : "\n {");
		else
			str_puts(out, ", ");
		str_json_text(out, t->columns[column].key);
		str_printf(out, ": %s", t->cells[i].json);
	}
	str_puts(out, t->n_cells ? "}\n]\n" : "]\n");
}

/* How wide a column is; 0: there is nothing in it, so it is left out. */
static size_t column_width(const struct table *t, size_t column)
{
	size_t i, width = 0;

	if (!t->columns[column].title)
		return 0;
	for (i = column; i < t->n_cells; i += t->n_columns)
		if (t->cells[i].width > width)
			width = t->cells[i].width;
	if (width && width < width_of(t->columns[column].title))
		width = width_of(t->columns[column].title);
	return width;
}

/* One line: text(column) for each column that has a width. */
static void print_line(const struct table *t, const size_t *widths,
		       const struct cell *row, struct str *out)
{
	size_t column, gap = 0, pad;
	const char *text;

	for (column = 0; column < t->n_columns; column++) {
		if (!widths[column])
			continue;
		text = row ? row[column].text : t->columns[column].title;
		pad = widths[column] - width_of(text);
		if (t->columns[column].right)
			gap += pad;
		if (*text) {
			str_pad(out, ' ', gap);
			str_puts(out, text);
			gap = 0;
		}
		gap += (t->columns[column].right ? 0 : pad) + 2;
	}
	str_putc(out, '\n');
}

static bool print_text(const struct table *t, struct str *out)
{
	size_t *widths = calloc(t->n_columns, sizeof(*widths)), i;

	if (!widths)
		return false;
	for (i = 0; i < t->n_columns; i++)
		widths[i] = column_width(t, i);
	if (t->n_cells)
		print_line(t, widths, NULL, out);
	for (i = 0; i + t->n_columns <= t->n_cells; i += t->n_columns)
		print_line(t, widths, &t->cells[i], out);
	free(widths);
	return true;
}

bool table_print(const struct table *t, bool json, struct str *out)
{
	if (t->failed)
		return false;
	if (json)
		print_json(t, out);
	else if (!print_text(t, out))
		return false;
	return !out->failed;
}
