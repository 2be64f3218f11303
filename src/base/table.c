/* Owns the cells of tables, and the order of rows. */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void table_init(struct table *t, const struct column *columns, size_t n_columns)
{
	*t = (struct table){.columns = columns, .n_columns = n_columns};
}

void table_fini(struct table *t)
{
	free(t->cells);
	str_fini(&t->texts);
	t->cells = NULL;
	t->n_cells = t->room = 0;
}

void table_clear(struct table *t)
{
	t->n_cells = 0;
	str_clear(&t->texts);
}

static struct cell *add_cell(struct table *t, enum cell_kind kind)
{
	static struct cell nowhere;
	struct cell *cells;
	size_t room;

	if (t->n_cells == t->room) {
		room = t->room ? 2 * t->room : 16;
		cells = realloc(t->cells, room * sizeof(*cells));
		if (!cells) {
			t->failed = true;
			return &nowhere;
		}
		t->cells = cells;
		t->room = room;
	}
	t->cells[t->n_cells] = (struct cell){.kind = kind};
	return &t->cells[t->n_cells++];
}

static struct cell *add_bytes(struct table *t, enum cell_kind kind,
			      const void *text, size_t n)
{
	struct cell *cell = add_cell(t, kind);

	cell->at = t->texts.len;
	cell->len = (uint32_t)n;
	str_put(&t->texts, text, n);
	t->failed = t->failed || t->texts.failed;
	return cell;
}

void table_bytes(struct table *t, const void *text, size_t n)
{
	add_bytes(t, CELL_TEXT, text, n);
}

void table_text(struct table *t, const char *text)
{
	if (text)
		table_bytes(t, text, strlen(text));
	else
		table_none(t);
}

void table_number(struct table *t, int64_t number)
{
	add_cell(t, CELL_NUMBER)->num = number;
}

/* A number as JSON has it? */
static bool is_number(const char *text, size_t n)
{
	const char *end = text + n, *whole;

	text += n && *text == '-';
	whole = text;
	while (text < end && *text >= '0' && *text <= '9')
		text++;
	if (text == whole || (*whole == '0' && text - whole > 1))
		return false;
	if (text == end)
		return true;
	whole = ++text;
	while (text < end && *text >= '0' && *text <= '9')
		text++;
	return whole[-1] == '.' && text == end && text > whole;
}

void table_digits(struct table *t, const char *text, size_t n)
{
	char digits[64];

	if (n >= sizeof(digits) || !is_number(text, n)) {
		table_bytes(t, text, n);
		return;
	}
	memcpy(digits, text, n);
	digits[n] = '\0';
	add_bytes(t, CELL_DIGITS, text, n)->real = strtod(digits, NULL);
}

void table_big(struct table *t, uint64_t number)
{
	add_cell(t, CELL_BIG)->num = (int64_t)number;
}

void table_real(struct table *t, double number)
{
	add_cell(t, CELL_REAL)->real = number;
}

void table_answer(struct table *t, bool answer, const char *yes, const char *no)
{
	const char *text = answer ? yes : no;

	add_bytes(t, CELL_ANSWER, text, strlen(text))->num = answer;
}

void table_none(struct table *t)
{
	add_cell(t, CELL_NONE);
}

static void add_list(struct table *t, const char *list, const char *separator)
{
	struct cell *cell = add_cell(t, CELL_LIST);
	const char *at = list;

	cell->at = t->texts.len;
	while (*(at += strspn(at, separator))) {
		size_t len = strcspn(at, separator);

		if (t->texts.len > cell->at)
			str_putc(&t->texts, '\n');
		str_put(&t->texts, at, len);
		at += len;
	}
	cell->len = (uint32_t)(t->texts.len - cell->at);
	t->failed = t->failed || t->texts.failed;
}

void table_words(struct table *t, const char *words)
{
	add_list(t, words, " ");
}

void table_items(struct table *t, const char *items)
{
	add_list(t, items, "\n");
}

/* ---- rows --------------------------------------------------------------- */

static void put_stored(const struct rows *rows, size_t i, struct table *to)
{
	const struct table *t = ((const struct table_rows *)rows)->table;
	const struct cell *from = t->cells + i * t->n_columns;
	struct cell *cell;
	size_t k;

	for (k = 0; k < t->n_columns; k++, from++) {
		cell = add_bytes(to, from->kind, str_text(&t->texts) + from->at,
				 from->len);
		cell->num = from->num;
	}
}

void table_rows(struct table_rows *r, const struct table *t)
{
	*r = (struct table_rows){
	    .rows = {t->columns, t->n_columns, t->n_cells / t->n_columns,
		     put_stored, NULL},
	    .table = t,
	};
}

int rows_column(const struct rows *r, const char *key)
{
	size_t i;

	for (i = 0; i < r->n_columns; i++)
		if (!strcmp(r->columns[i].key, key))
			return (int)i;
	for (i = 0; i < r->n_columns; i++)
		if (r->columns[i].title &&
		    !strcasecmp(r->columns[i].title, key))
			return (int)i;
	return -1;
}

/* What a row is sorted by: the row with the highest comes first. */
struct rank {
	union {
		double real;
		int64_t num;
		uint64_t big;
		size_t at; /* of a text, */
	};
	enum cell_kind kind;
	uint32_t len; /* and its length */
	size_t row;
};

struct order {
	const struct rows *rows;
	struct str texts;
	bool ascending;
	struct rank *ranks;
};

static int compare_texts(const struct order *o, const struct rank *a,
			 const struct rank *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int c =
	    memcmp(str_text(&o->texts) + a->at, str_text(&o->texts) + b->at, n);

	return c ? c : (a->len > b->len) - (a->len < b->len);
}

/* Above 0: a comes later than b. */
static int compare(const struct order *o, const struct rank *a,
		   const struct rank *b)
{
	int c = 0;

	if (a->kind != b->kind)
		return (int)b->kind - (int)a->kind; /* without a value: last */
	if (a->kind == CELL_REAL || a->kind == CELL_DIGITS)
		c = (a->real < b->real) - (a->real > b->real);
	else if (a->kind == CELL_BIG)
		c = (a->big < b->big) - (a->big > b->big);
	else if (a->kind == CELL_NUMBER || a->kind == CELL_ANSWER)
		c = (a->num < b->num) - (a->num > b->num);
	if (o->ascending)
		c = -c;
	if (a->kind == CELL_TEXT || a->kind == CELL_LIST)
		c = compare_texts(o, a, b);
	if (c)
		return c;
	if (o->rows->before)
		return o->rows->before(o->rows, a->row, b->row) ? -1 : 1;
	return a->row < b->row ? -1 : 1;
}

/* Let ranks[i] sink to its place in a heap of n whose top comes last. */
static void sink_rank(const struct order *o, size_t i, size_t n)
{
	struct rank moving = o->ranks[i];
	size_t child;

	for (; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n &&
		    compare(o, &o->ranks[child + 1], &o->ranks[child]) > 0)
			child++;
		if (compare(o, &moving, &o->ranks[child]) >= 0)
			break;
		o->ranks[i] = o->ranks[child];
	}
	o->ranks[i] = moving;
}

static void take_rank(struct order *o, const struct table *row, size_t column,
		      struct rank *rank)
{
	const struct cell *cell = &row->cells[column];

	rank->kind = cell->kind;
	rank->len = cell->len;
	rank->num = cell->num;
	if (cell->kind == CELL_TEXT || cell->kind == CELL_LIST) {
		rank->at = o->texts.len;
		str_put(&o->texts, str_text(&row->texts) + cell->at, cell->len);
	}
}

/* Keep the first `top` of all rows as a heap, then take it apart. */
static bool sort_ranks(struct order *o, size_t column, size_t top)
{
	const struct rows *r = o->rows;
	struct rank *ranks = o->ranks, last;
	struct table row;
	size_t i, n = 0;

	table_init(&row, r->columns, r->n_columns);
	for (i = 0; i < r->n; i++) {
		struct rank rank = {.row = i};

		table_clear(&row);
		r->put(r, i, &row);
		if (row.n_cells <= column)
			break; /* no memory */
		/* a column is of one kind */
		row.sketch = row.cells[column].kind != CELL_TEXT &&
			     row.cells[column].kind != CELL_LIST;
		take_rank(o, &row, column, &rank);
		if (n < top) {
			ranks[n++] = rank;
			for (size_t k = n == top ? n / 2 : 0; k > 0; k--)
				sink_rank(o, k - 1, n);
		} else if (compare(o, &rank, &ranks[0]) < 0) {
			ranks[0] = rank;
			sink_rank(o, 0, n);
		}
	}
	for (i = n; i > 1; i--) {
		last = ranks[0];
		ranks[0] = ranks[i - 1];
		ranks[i - 1] = last;
		sink_rank(o, 0, i - 1);
	}
	table_fini(&row);
	return n == top && !o->texts.failed && !row.failed;
}

size_t *rows_sort(const struct rows *r, int column, bool ascending, size_t top,
		  size_t *n)
{
	struct order o = {.rows = r, .ascending = ascending};
	size_t *list, i;

	if (top == 0 || top > r->n)
		top = r->n;
	list = calloc(top + 1, sizeof(*list));
	*n = top;
	if (!list || column < 0 || top == 0) {
		for (i = 0; list && i < top; i++)
			list[i] = i;
		return list;
	}
	o.ranks = calloc(top, sizeof(*o.ranks));
	if (!o.ranks || !sort_ranks(&o, (size_t)column, top)) {
		free(list);
		list = NULL;
	}
	for (i = 0; list && i < top; i++)
		list[i] = o.ranks[i].row;
	free(o.ranks);
	str_fini(&o.texts);
	return list;
}
