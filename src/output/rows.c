/* Owns how tables look. */
#include "output/rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/num.h"
#include "output/value.h"

enum { PIECE = 65536 };

/* ---- cells -------------------------------------------------------------- */

static double number_of(const struct cell *cell)
{
	if (cell->kind == CELL_REAL)
		return cell->real;
	if (cell->kind == CELL_BIG)
		return (double)(uint64_t)cell->num;
	return (double)cell->num;
}

/* With so many decimals, at most 6, rounded. */
static void put_fixed(struct str *out, double n, unsigned decimals)
{
	static const uint32_t units[] = {1,	10,	100,	1000,
					 10000, 100000, 1000000};
	double size = n < 0 ? -n : n;
	uint64_t parts;
	char *at;

	if (!(size < 1e9)) {
		str_printf(out, "%.*f", (int)decimals, n);
		return;
	}
	parts = (uint64_t)(size * units[decimals] + 0.5);
	at = str_room(out, 40);
	if (!at)
		return;
	if (n < 0 && parts)
		*at++ = '-';
	at = fmt_dec(at, parts / units[decimals]);
	if (decimals) {
		*at++ = '.';
		at = fmt_zeros(at, (uint32_t)(parts % units[decimals]),
			       decimals);
	}
	out->len = (size_t)(at - out->text);
}

/* Four digits and a prefix: 999, 1.234 k, 12.3 M ... */
static void put_scaled(struct str *out, double n, const char *unit, bool whole)
{
	static const char prefixes[] = " kMGTPE";
	unsigned i = 0;
	double size = n < 0 ? -n : n;

	for (; size >= 999.5 && i < sizeof(prefixes) - 2; size /= 1000)
		i++;
	if (n < 0)
		size = -size;
	if (i == 0 && !whole && n != 0) {
		str_printf(out, "%.3g ", size);
	} else {
		/* a fraction of what is not whole was told above */
		put_fixed(out, size,
			  i == 0 ? 0u
				 : (unsigned)(size < 9.995) + (size < 99.95));
		str_putc(out, ' ');
		if (i)
			str_putc(out, prefixes[i]);
	}
	str_puts(out, unit);
}

static void put_typed(struct str *out, enum field_type type, int64_t ns)
{
	const struct field field = {.type = (uint8_t)type};
	const struct value value = {.num = (uint64_t)ns};
	struct value_clock clock = {0};

	value_text(out, &field, &value, &clock);
}

/* 2023-11-14 22:13:20.000019 */
static void put_time(struct str *out, int64_t ns)
{
	struct str iso = STR_INIT;

	put_typed(&iso, FIELD_TIME, ns);
	if (iso.len > 11)
		iso.text[10] = ' ';
	str_put(out, str_text(&iso), iso.len > 4 ? iso.len - 4 : 0);
	str_fini(&iso);
}

/* Seconds with as many decimals as say something. */
static void put_span(struct str *out, int64_t ns)
{
	if (ns == 0)
		str_puts(out, "0");
	else
		str_printf(
		    out, "%.*f",
		    ns % 1000 == 0 || ns > NS_PER_MS || ns < -NS_PER_MS ? 6 : 9,
		    (double)ns / 1e9);
}

static void put_number_text(struct str *out, const struct column *column,
			    const struct cell *cell)
{
	switch (column->form) {
	case COLUMN_BYTES:
		put_scaled(out, number_of(cell), "B", cell->kind != CELL_REAL);
		return;
	case COLUMN_BITRATE:
		put_scaled(out, number_of(cell), "b/s", false);
		return;
	case COLUMN_RATE:
		put_scaled(out, number_of(cell), "/s", false);
		return;
	case COLUMN_PERCENT:
		put_fixed(out, number_of(cell), 2);
		str_putc(out, '%');
		return;
	case COLUMN_MEAN:
		put_fixed(out, number_of(cell), 2);
		return;
	case COLUMN_SPAN:
		put_span(out, cell->num);
		return;
	case COLUMN_TIME:
		put_time(out, cell->num);
		return;
	case COLUMN_PLAIN:
		break;
	}
	if (cell->kind == CELL_REAL)
		str_printf(out, "%.6g", cell->real);
	else if (cell->kind == CELL_BIG)
		str_printf(out, "%" PRIu64, (uint64_t)cell->num);
	else
		str_printf(out, "%" PRId64, cell->num);
}

/* Each of a list's texts; json: as an array. */
static void put_list(struct str *out, const char *text, size_t n, bool json)
{
	const char *end = text + n, *stop;

	if (json)
		str_putc(out, '[');
	for (; text < end; text = stop + 1) {
		stop = memchr(text, '\n', (size_t)(end - text));
		if (!stop)
			stop = end;
		if (json)
			str_json(out, text, (size_t)(stop - text));
		else
			str_foreign(out, text, (size_t)(stop - text));
		if (stop < end)
			str_puts(out, ", ");
	}
	if (json)
		str_putc(out, ']');
}

void cell_text(struct str *out, const struct column *column,
	       const struct cell *cell, const char *texts)
{
	switch (cell->kind) {
	case CELL_NONE:
		break;
	case CELL_TEXT:
	case CELL_ANSWER:
		str_foreign(out, texts + cell->at, cell->len);
		break;
	case CELL_LIST:
		put_list(out, texts + cell->at, cell->len, false);
		break;
	default:
		put_number_text(out, column, cell);
	}
}

/* A number in full, for machines. */
static void put_number(struct str *out, const struct column *column,
		       const struct cell *cell)
{
	if (column->form == COLUMN_SPAN || column->form == COLUMN_TIME)
		put_typed(out, FIELD_EPOCH, cell->num);
	else if (cell->kind == CELL_REAL)
		str_printf(out, "%.10g", cell->real);
	else if (cell->kind == CELL_BIG)
		str_printf(out, "%" PRIu64, (uint64_t)cell->num);
	else
		str_printf(out, "%" PRId64, cell->num);
}

static void cell_json(struct str *out, const struct column *column,
		      const struct cell *cell, const char *texts)
{
	switch (cell->kind) {
	case CELL_NONE:
		str_puts(out, "null");
		break;
	case CELL_TEXT:
		str_json(out, texts + cell->at, cell->len);
		break;
	case CELL_ANSWER:
		str_puts(out, cell->num ? "true" : "false");
		break;
	case CELL_LIST:
		put_list(out, texts + cell->at, cell->len, true);
		break;
	default:
		put_number(out, column, cell);
	}
}

static void cell_csv(struct str *out, const struct column *column,
		     const struct cell *cell, const char *texts)
{
	struct str text = STR_INIT;
	const char *c;

	switch (cell->kind) {
	case CELL_TEXT:
	case CELL_LIST:
		cell_text(&text, column, cell, texts);
		if (!text.len || !strpbrk(text.text, "\",\r\n")) {
			str_put(out, str_text(&text), text.len);
		} else {
			str_putc(out, '"');
			for (c = text.text; *c; c++)
				str_put(out, *c == '"' ? "\"\"" : c,
					*c == '"' ? 2 : 1);
			str_putc(out, '"');
		}
		str_fini(&text);
		break;
	case CELL_NONE:
		break;
	case CELL_ANSWER:
		str_putc(out, cell->num ? '1' : '0');
		break;
	default:
		put_number(out, column, cell);
	}
}

/* ---- text --------------------------------------------------------------- */

/* Characters of UTF-8 text: all bytes but those that continue one. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static const struct cell *get_row(struct rows_out *o, size_t i)
{
	table_clear(&o->row);
	o->rows->put(o->rows, o->order ? o->order[i] : i, &o->row);
	return o->row.n_cells == o->rows->n_columns ? o->row.cells : NULL;
}

/* How wide columns are; 0: there is nothing in one, so it is left out. */
static bool measure(struct rows_out *o)
{
	const struct column *columns = o->rows->columns;
	struct str text = STR_INIT;
	const struct cell *row;
	size_t i, k, width;

	o->widths = calloc(o->rows->n_columns, sizeof(*o->widths));
	if (!o->widths)
		return false;
	for (i = 0; i < o->n; i++) {
		row = get_row(o, i);
		for (k = 0; row && k < o->rows->n_columns; k++) {
			if (!columns[k].title)
				continue;
			str_clear(&text);
			cell_text(&text, &columns[k], &row[k],
				  str_text(&o->row.texts));
			width = width_of(str_text(&text));
			if (width > o->widths[k])
				o->widths[k] = width;
		}
	}
	for (k = 0; k < o->rows->n_columns; k++) {
		width = columns[k].title ? width_of(columns[k].title) : 0;
		if (o->widths[k] && o->widths[k] < width)
			o->widths[k] = width;
	}
	str_fini(&text);
	return !text.failed;
}

/* One line: the cells of a row, or the titles. */
static void put_line(struct rows_out *o, const struct cell *row,
		     struct str *out)
{
	const struct column *columns = o->rows->columns;
	struct str text = STR_INIT;
	size_t k, gap = 0, pad;

	for (k = 0; k < o->rows->n_columns; k++) {
		if (!o->widths[k])
			continue;
		str_clear(&text);
		if (row)
			cell_text(&text, &columns[k], &row[k],
				  str_text(&o->row.texts));
		else
			str_puts(&text, columns[k].title);
		pad = o->widths[k] - width_of(str_text(&text));
		if (columns[k].right)
			gap += pad;
		if (text.len) {
			str_pad(out, ' ', gap);
			str_put(out, text.text, text.len);
			gap = 0;
		}
		gap += (columns[k].right ? 0 : pad) + 2;
	}
	str_putc(out, '\n');
	str_fini(&text);
}

static void put_line_end(const struct rows_out *o, struct str *out)
{
	if (o->compact)
		return;
	str_putc(out, '\n');
	if (o->indent)
		str_puts(out, o->indent);
}

static void put_json(struct rows_out *o, const struct cell *row, bool first,
		     struct str *out)
{
	const struct column *columns = o->rows->columns;
	size_t k;

	if (!first)
		str_putc(out, ',');
	if (!o->bare)
		put_line_end(o, out);
	for (k = 0; k < o->rows->n_columns; k++) {
		str_puts(out, k ? ", " : o->bare ? "{" : " {");
		str_json_text(out, columns[k].key);
		str_puts(out, ": ");
		cell_json(out, &columns[k], &row[k], str_text(&o->row.texts));
	}
	str_putc(out, '}');
}

static void put_csv(struct rows_out *o, const struct cell *row, struct str *out)
{
	const struct column *columns = o->rows->columns;
	size_t k;

	for (k = 0; k < o->rows->n_columns; k++) {
		if (k)
			str_putc(out, ',');
		if (row)
			cell_csv(out, &columns[k], &row[k],
				 str_text(&o->row.texts));
		else
			str_puts(out, columns[k].key);
	}
	str_putc(out, '\n');
}

/* ---- all of it ---------------------------------------------------------- */

bool rows_begin(struct rows_out *o, const struct rows *rows,
		const size_t *order, size_t n)
{
	o->rows = rows;
	o->order = order;
	o->n = n;
	o->next = 0;
	o->widths = NULL;
	table_init(&o->row, rows->columns, rows->n_columns);
	return o->form != ROWS_TEXT || measure(o);
}

static void put_head(struct rows_out *o, struct str *out)
{
	if (o->form == ROWS_JSON)
		str_puts(out, o->bare ? "" : "[");
	else if (o->form == ROWS_CSV)
		put_csv(o, NULL, out);
	else if (o->n)
		put_line(o, NULL, out);
}

bool rows_some(struct rows_out *o, struct str *out)
{
	size_t from = out->len;
	const struct cell *row;

	if (o->next == 0)
		put_head(o, out);
	for (; o->next < o->n && out->len - from < PIECE; o->next++) {
		row = get_row(o, o->next);
		if (!row)
			continue;
		if (o->form == ROWS_JSON)
			put_json(o, row, o->next == 0, out);
		else if (o->form == ROWS_CSV)
			put_csv(o, row, out);
		else
			put_line(o, row, out);
	}
	if (o->next < o->n)
		return true;
	if (o->form == ROWS_JSON && !o->bare) {
		if (o->n)
			put_line_end(o, out);
		str_putc(out, ']');
	}
	return false;
}

void rows_end(struct rows_out *o)
{
	table_fini(&o->row);
	free(o->widths);
	o->widths = NULL;
}

bool table_print(const struct table *t, bool json, struct str *out)
{
	struct rows_out o = {.form = json ? ROWS_JSON : ROWS_TEXT};
	struct table_rows rows;
	bool good;

	if (t->failed)
		return false;
	table_rows(&rows, t);
	good = rows_begin(&o, &rows.rows, NULL, rows.rows.n);
	while (good && rows_some(&o, out))
		continue;
	if (json)
		str_putc(out, '\n');
	good = good && !o.row.failed && !out->failed;
	rows_end(&o);
	return good;
}
