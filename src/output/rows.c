/* Owns how tables look. */
#include "output/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fmt.h"
#include "base/num.h"
#include "decode/value.h"

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
		/* the fraction was reported above */
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

static bool break_down(int64_t ns, struct tm *tm)
{
	time_t when = (time_t)(ns / NS_PER_S - (ns % NS_PER_S < 0));

	return localtime_r(&when, tm) != NULL;
}

/* 2023-11-14 22:13:20.000019 */
static void put_time(struct str *out, int64_t ns, bool local)
{
	int64_t part = ns % NS_PER_S;
	struct str iso = STR_INIT;
	struct tm tm;

	if (local && break_down(ns, &tm)) {
		part += part < 0 ? NS_PER_S : 0;
		str_printf(out, "%04d-%02d-%02d %02d:%02d:%02d.%06d",
			   tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			   tm.tm_hour, tm.tm_min, tm.tm_sec,
			   (int)(part / 1000));
		return;
	}

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
	case COLUMN_LOCAL:
		put_time(out, cell->num, column->form == COLUMN_LOCAL);
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

void cell_zone(const struct column *column, const struct cell *cell, char *zone,
	       size_t size)
{
	struct tm tm;

	if (column->form != COLUMN_LOCAL || !break_down(cell->num, &tm) ||
	    strftime(zone, size, "%Z", &tm) == 0)
		snprintf(zone, size, "UTC");
}

void cell_text(struct str *out, const struct column *column,
	       const struct cell *cell, const char *texts)
{
	switch (cell->kind) {
	case CELL_NONE:
		break;
	case CELL_TEXT:
	case CELL_ANSWER:
	case CELL_DIGITS:
		str_foreign(out, texts + cell->at, cell->len);
		break;
	case CELL_LIST:
		put_list(out, texts + cell->at, cell->len, false);
		break;
	default:
		put_number_text(out, column, cell);
	}
}

void cell_machine(struct str *out, const struct column *column,
		  const struct cell *cell)
{
	if (column->form == COLUMN_SPAN || column_is_time(column))
		put_typed(out, FIELD_EPOCH, cell->num);
	else if (cell->kind == CELL_REAL)
		str_printf(out, "%.10g", cell->real);
	else if (cell->kind == CELL_DIGITS)
		str_printf(out, "%.17g", cell->real);
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
	case CELL_DIGITS:
		str_put(out, texts + cell->at, cell->len);
		break;
	default:
		cell_machine(out, column, cell);
	}
}

static void put_csv_text(struct str *out, const char *text)
{
	if (!strpbrk(text, "\",\r\n")) {
		str_puts(out, text);
		return;
	}
	str_putc(out, '"');
	for (; *text; text++)
		str_put(out, *text == '"' ? "\"\"" : text,
			*text == '"' ? 2 : 1);
	str_putc(out, '"');
}

static void cell_csv(struct str *out, const struct column *column,
		     const struct cell *cell, const char *texts)
{
	struct str text = STR_INIT;

	switch (cell->kind) {
	case CELL_TEXT:
	case CELL_LIST:
	case CELL_DIGITS:
		cell_text(&text, column, cell, texts);
		put_csv_text(out, str_text(&text));
		str_fini(&text);
		break;
	case CELL_NONE:
		break;
	case CELL_ANSWER:
		str_putc(out, cell->num ? '1' : '0');
		break;
	default:
		cell_machine(out, column, cell);
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

/* The title, with the zone of times. */
static void put_title(const struct rows_out *o, size_t k, struct str *out)
{
	str_puts(out, o->rows->columns[k].title);
	if (o->zone[0] && column_is_time(&o->rows->columns[k]))
		str_printf(out, " (%s)", o->zone);
}

/* Remember the zone of a time; two where clocks were changed meanwhile. */
static void note_zone(struct rows_out *o, const struct column *column,
		      const struct cell *cell)
{
	size_t n = strlen(o->zone);
	char zone[16];

	if (cell->kind == CELL_NONE)
		return;
	cell_zone(column, cell, zone, sizeof(zone));
	if (!strstr(o->zone, zone) && n + strlen(zone) + 2 < sizeof(o->zone))
		snprintf(o->zone + n, sizeof(o->zone) - n, "%s%s", n ? "/" : "",
			 zone);
}

/* What the row makes of the columns' widths. */
static void measure_row(struct rows_out *o, const struct cell *row,
			struct str *text)
{
	const struct column *columns = o->rows->columns;
	size_t k, width;

	for (k = 0; k < o->rows->n_columns; k++) {
		if (!columns[k].title)
			continue;
		str_clear(text);
		cell_text(text, &columns[k], &row[k], str_text(&o->row.texts));
		width = width_of(str_text(text));
		if (width > o->widths[k])
			o->widths[k] = width;
		if (column_is_time(&columns[k]))
			note_zone(o, &columns[k], &row[k]);
	}
}

static size_t line_width(const struct rows_out *o)
{
	size_t width = 0, k;

	for (k = 0; k < o->rows->n_columns; k++)
		if (o->widths[k])
			width += o->widths[k] + (width ? 2 : 0);
	return width;
}

enum { TEXT_LEAST = 16 };

/* Make lines fit: texts are cut, then the last columns left out. What is left
   of a figure would be another figure, so none is cut. */
static void fit(struct rows_out *o)
{
	const struct column *columns = o->rows->columns;
	size_t k, width, left;

	for (k = 0; o->columns && k < o->rows->n_columns; k++) {
		width = line_width(o);
		if (width <= o->columns || columns[k].right ||
		    o->widths[k] <= TEXT_LEAST || column_is_time(&columns[k]))
			continue;
		left = o->widths[k] - TEXT_LEAST;
		if (left > width - o->columns)
			left = width - o->columns;
		o->widths[k] -= left;
	}
	for (k = o->rows->n_columns; o->columns && k-- > 1;)
		if (o->widths[k] && line_width(o) > o->columns)
			o->widths[k] = 0;
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
		if (row)
			measure_row(o, row, &text);
	}
	for (k = 0; k < o->rows->n_columns; k++) {
		str_clear(&text);
		if (columns[k].title)
			put_title(o, k, &text);
		width = width_of(str_text(&text));
		if (o->widths[k] && o->widths[k] < width)
			o->widths[k] = width;
	}
	str_fini(&text);
	fit(o);
	return !text.failed;
}

/* Cut what is longer than width. */
static void cut_text(const struct rows_out *o, struct str *text, size_t width)
{
	const char *p = str_text(text);
	size_t at = 0;

	if (width_of(p) <= width)
		return;
	for (; width > 1 || ((unsigned char)p[at] & 0xc0) == 0x80; at++)
		width -= ((unsigned char)p[at + 1] & 0xc0) != 0x80;
	text->len = at;
	str_puts(text, o->ascii ? "~" : "\xe2\x80\xa6");
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
			put_title(o, k, &text);
		cut_text(o, &text, o->widths[k]);
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
			put_csv_text(out, columns[k].key);
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
	o->zone[0] = '\0';
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
