/*
 * Packets by the values of any fields. A packet counts once for each
 * combination of its distinct values; where one field of several is not there,
 * that is a value too.
 *
 * A key has for each column two bytes, the length of its value's text + 1, the
 * lower byte first (0: the value is not there), and that text.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decode/value.h"
#include "stats/field_list.h"
#include "stats/report.h"
#include "where/column.h"

enum { VALUES, TOTALS };

/* Of the one entry of the totals. */
enum { PACKETS, BYTES, WITHOUT, CUT };

enum {
	HEAD = 2,	     /* bytes before a text */
	COMBINATIONS = 4096, /* of a packet that are counted */
};

static const struct aggregate_shape shapes[] = {
    [VALUES] = TALLY_SHAPE("values"),
    [TOTALS] = {.name = "packets",
		.words = 1,
		.n_values = 4,
		.weight = 1,
		.stays = true,
		.limit = 1},
};

/* One value's text, in the scratch. */
struct item {
	const char *text;
	uint32_t at, len;
};

/* A column in the current packet. */
struct column_values {
	unsigned first, last; /* its values in the dissect + 1; 0: none */
	size_t item;	      /* its first distinct text */
	size_t n;	      /* and how many there are */
	size_t now;	      /* the one that is being counted */
};

struct scratch {
	struct column_values cells[FIELD_COLUMNS];
	struct where_cell *computed[FIELD_COLUMNS];
	uint16_t *next; /* by value: the field's next one + 1 */
	struct item *items;
	size_t n_items, room;
	struct str texts;
	struct value_clock clock;
};

/* ---- the values of a packet --------------------------------------------- */

static void begin(struct report_state *p)
{
	struct scratch *s = p->scratch;
	bool good = true;
	size_t i;

	if (s->next)
		return;
	s->next = calloc(DISSECT_VALUES, sizeof(*s->next));
	for (i = 0; i < p->list->n && good; i++) {
		if (!p->list->columns[i].column)
			continue;
		s->computed[i] =
		    where_cell_open(p->list->columns[i].column, NULL);
		good = s->computed[i];
	}
	p->groups[VALUES].failed |= !good || !s->next;
}

static void fini(struct report_state *p)
{
	struct scratch *s = p->scratch;
	size_t i;

	for (i = 0; i < FIELD_COLUMNS; i++)
		where_cell_close(s->computed[i]);
	free(s->next);
	free(s->items);
	str_fini(&s->texts);
}

/* How long the text of a value in such a list may be. */
static uint32_t text_room(const struct field_list *list)
{
	return AGGREGATE_TEXT / (uint32_t)list->n - HEAD;
}

/* Find the values of each field that is not computed. */
static void link_values(struct scratch *s, const struct field_list *list,
			const struct dissect *d)
{
	struct column_values *cell;
	unsigned i, at;

	for (i = 0; i < list->n; i++)
		s->cells[i].first = 0;
	for (i = 0; i < d->n_values; i++) {
		at = list->of_field[d->values[i].field];
		if (!at)
			continue;
		cell = &s->cells[at - 1];
		if (cell->first)
			s->next[cell->last - 1] = (uint16_t)(i + 1);
		else
			cell->first = i + 1;
		cell->last = i + 1;
	}
}

/* Add the value's text, cut to room bytes. */
static bool add_item(struct scratch *s, const struct field *row,
		     struct value value, uint32_t room)
{
	size_t at = s->texts.len, more;
	struct item *items;

	if (s->n_items == s->room) {
		more = s->room ? 2 * s->room : 64;
		items = realloc(s->items, more * sizeof(*items));
		if (!items)
			return false;
		s->items = items;
		s->room = more;
	}
	if (!value_is_short(row) && value.len > room)
		value.len = room;
	value_text(&s->texts, row, &value, &s->clock);
	if (s->texts.len - at > room)
		s->texts.len = at + room;
	s->items[s->n_items++] =
	    (struct item){NULL, (uint32_t)at, (uint32_t)(s->texts.len - at)};
	return !s->texts.failed;
}

static int compare_items(const void *x, const void *y)
{
	const struct item *a = x, *b = y;
	int c = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

	return c ? c : (a->len > b->len) - (a->len < b->len);
}

/* Leave of the cell's items those that differ. */
static void make_distinct(struct scratch *s, struct column_values *cell)
{
	struct item *items = s->items + cell->item;
	size_t i, n = 0;

	for (i = 0; i < cell->n; i++)
		items[i].text = s->texts.text + items[i].at;
	qsort(items, cell->n, sizeof(*items), compare_items);
	for (i = 0; i < cell->n; i++)
		if (n == 0 || compare_items(&items[i], &items[n - 1]) != 0)
			items[n++] = items[i];
	cell->n = n;
	s->n_items = cell->item + n;
}

static bool take_computed(struct scratch *s, const struct field_column *c,
			  struct where_cell *computed, const struct dissect *d,
			  uint32_t room)
{
	const struct value *values;
	unsigned n = where_cell_fill(computed, d, &values), i;
	bool good = !where_cell_failed(computed);

	for (i = 0; good && i < n; i++)
		good = add_item(s, c->row, values[i], room);
	return good;
}

/* Fill a cell with the distinct texts of its values. */
static bool fill_cell(struct report_state *p, size_t column,
		      const struct dissect *d)
{
	const struct field_column *c = &p->list->columns[column];
	struct scratch *s = p->scratch;
	struct column_values *cell = &s->cells[column];
	uint32_t room = text_room(p->list);
	unsigned i = cell->first;
	bool good = true;

	cell->item = s->n_items;
	cell->now = 0;
	if (c->column)
		good = take_computed(s, c, s->computed[column], d, room);
	for (; good && i; i = i == cell->last ? 0 : s->next[i - 1])
		good = add_item(s, c->row, d->values[i - 1], room);
	cell->n = s->n_items - cell->item;
	if (cell->n > 1 && !s->texts.failed)
		make_distinct(s, cell);
	return good;
}

/* All cells. false: no memory; *any: is there a value? */
static bool fill_cells(struct report_state *p, const struct dissect *d,
		       bool *any)
{
	const struct field_list *list = p->list;
	struct scratch *s = p->scratch;
	size_t i;

	*any = false;
	s->n_items = 0;
	str_clear(&s->texts);
	link_values(s, list, d);
	for (i = 0; i < list->n; i++) {
		if (list->columns[i].first < i)
			s->cells[i] = s->cells[list->columns[i].first];
		else if (!fill_cell(p, i, d))
			return false;
		*any |= s->cells[i].n > 0;
	}
	return true;
}

/* ---- counting ----------------------------------------------------------- */

static size_t put_part(char *to, const char *text, size_t len, bool there)
{
	size_t head = there ? len + 1 : 0;

	to[0] = (char)(head & 0xff);
	to[1] = (char)(head >> 8);
	if (there && len)
		memcpy(to + HEAD, text, len);
	return HEAD + (there ? len : 0);
}

static size_t make_key(const struct report_state *p, char key[AGGREGATE_TEXT])
{
	const struct scratch *s = p->scratch;
	const struct item *item;
	size_t n = 0, i;

	for (i = 0; i < p->list->n; i++) {
		const struct column_values *cell = &s->cells[i];

		if (cell->n == 0) {
			n += put_part(key + n, NULL, 0, false);
			continue;
		}
		item = &s->items[cell->item + cell->now];
		n += put_part(key + n, str_text(&s->texts) + item->at,
			      item->len, true);
	}
	return n;
}

/* On to the next combination; columns of one field go together. false: there
   is none. */
static bool next_combination(const struct field_list *list,
			     struct column_values *cells)
{
	size_t i, k;
	bool more = false;

	for (i = list->n; i > 0 && !more; i--) {
		if (list->columns[i - 1].first < i - 1)
			continue;
		more = cells[i - 1].now + 1 < cells[i - 1].n;
		cells[i - 1].now = more ? cells[i - 1].now + 1 : 0;
	}
	for (k = 0; k < list->n; k++)
		cells[k].now = cells[list->columns[k].first].now;
	return more;
}

static void packet(struct report_state *p, const struct observation *o)
{
	static const uint64_t only = 0;
	struct scratch *s = p->scratch;
	uint64_t *totals = aggregate_get(&p->groups[TOTALS], &only, 1);
	char key[AGGREGATE_TEXT];
	bool any, more = true;
	unsigned n;

	totals[PACKETS]++;
	totals[BYTES] += o->len;
	aggregate_mark(&p->groups[TOTALS], totals, o->marks);
	if (p->groups[VALUES].failed)
		return;
	if (!fill_cells(p, o->d, &any)) {
		p->groups[VALUES].failed = true;
		return;
	}
	totals[WITHOUT] += !any;
	for (n = 0; any && more && n < COMBINATIONS; n++) {
		tally_text(&p->groups[VALUES], o, key, make_key(p, key));
		more = next_combination(p->list, s->cells);
	}
	totals[CUT] += any && more;
}

/* ---- keys --------------------------------------------------------------- */

/* One column of a key. */
struct part {
	const char *text; /* NULL: the value is not there */
	size_t len;
};

/* The columns of a key, as many as it has. Returns whether it is a key. */
static bool take_key(const struct field_list *list, const char *key, size_t n,
		     struct part parts[FIELD_COLUMNS])
{
	const uint8_t *at = (const uint8_t *)key, *end = at + n;
	size_t i, head;
	bool any = false;

	memset(parts, 0, FIELD_COLUMNS * sizeof(*parts));
	for (i = 0; i < list->n; i++) {
		if (end - at < HEAD)
			return false;
		head = at[0] | (size_t)at[1] << 8;
		at += HEAD;
		if (head == 0)
			continue;
		if ((size_t)(end - at) < head - 1)
			return false;
		parts[i] = (struct part){(const char *)at, head - 1};
		any = true;
		at += head - 1;
	}
	return any && at == end;
}

static bool is_key(const struct report_state *p, unsigned group,
		   const char *text, size_t len)
{
	struct part parts[FIELD_COLUMNS];

	return group != VALUES || take_key(p->list, text, len, parts);
}

static bool take_entry(const struct view *view, size_t i,
		       struct part parts[FIELD_COLUMNS])
{
	size_t len;
	const char *text = aggregate_text(view->group, (uint32_t)i, &len);

	return take_key(view->part->list, text, len, parts);
}

/* ---- showing ------------------------------------------------------------ */

/* Are the values of the column numbers? */
static bool is_number(const struct field *row)
{
	switch ((enum field_type)row->type) {
	case FIELD_UINT:
		return !(row->flags & FIELD_HEX);
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_NONE:
	case FIELD_REAL:
	case FIELD_EPOCH:
	case FIELD_SPAN:
		return true;
	default:
		return false;
	}
}

static void put(const struct rows *rows, size_t i, struct table *t)
{
	const struct view *view = (const struct view *)rows;
	const struct field_list *list = view->part->list;
	const uint64_t *values = aggregate_values(view->group, (uint32_t)i);
	struct part parts[FIELD_COLUMNS];
	size_t k;

	take_entry(view, i, parts);
	for (k = 0; k < list->n; k++) {
		if (!parts[k].text)
			table_none(t);
		else if (is_number(list->columns[k].row))
			table_digits(t, parts[k].text, parts[k].len);
		else
			table_bytes(t, parts[k].text, parts[k].len);
	}
	tally_counts(view, values, *(const uint64_t *)view->data, t);
}

static double number_of(const struct part *part)
{
	char text[VALUE_SHORT];
	size_t n = part->len < sizeof(text) ? part->len : sizeof(text) - 1;

	memcpy(text, part->text, n);
	text[n] = '\0';
	return strtod(text, NULL);
}

/* Numbers by their size, then texts from a to z, then what is not there. */
static int compare_parts(const struct field *row, const struct part *a,
			 const struct part *b)
{
	double x, y;
	int c;

	if (!a->text || !b->text)
		return (a->text == NULL) - (b->text == NULL);
	if (is_number(row)) {
		x = number_of(a);
		y = number_of(b);
		if (x < y || x > y)
			return x < y ? -1 : 1;
	}
	c = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
	return c ? c : (a->len > b->len) - (a->len < b->len);
}

static bool before(const struct rows *rows, size_t i, size_t j)
{
	const struct view *view = (const struct view *)rows;
	const struct field_list *list = view->part->list;
	struct part a[FIELD_COLUMNS], b[FIELD_COLUMNS];
	size_t k;
	int c = 0;

	take_entry(view, i, a);
	take_entry(view, j, b);
	for (k = 0; k < list->n && !c; k++)
		c = compare_parts(list->columns[k].row, &a[k], &b[k]);
	return c ? c < 0 : i < j;
}

/* ---- what shows a row's packets ----------------------------------------- */

static void expression(const struct view *view, size_t i, struct str *out)
{
	const struct field_list *list = view->part->list;
	struct str text = STR_INIT;
	struct part parts[FIELD_COLUMNS];
	bool good = true;
	size_t k;

	take_entry(view, i, parts);
	for (k = 0; k < list->n && good; k++) {
		str_puts(&text, k ? " and " : "");
		good = parts[k].len < text_room(list) &&
		       field_condition(&list->columns[k], parts[k].text,
				       parts[k].len, &text);
	}
	if (good) {
		if (!view->part->options->reassemble)
			str_puts(out, "--no-reassemble ");
		str_puts(out, "-Y ");
		str_shell(out, str_text(&text), text.len);
		out->failed |= text.failed;
	}
	str_fini(&text);
}

/* ---- views -------------------------------------------------------------- */

static uint64_t total(const struct report_state *p, unsigned which)
{
	return aggregate_sum(&p->groups[TOTALS], which);
}

/* "37 of 400 packets have none of them" */
static void put_without(const struct report_state *p, struct str *out)
{
	str_printf(out, "%" PRIu64 " of %" PRIu64 " packets %s",
		   total(p, WITHOUT), total(p, PACKETS),
		   p->list->n > 1 ? "have none of them" : "do not have it");
}

static bool remark(const struct report_state *p, struct str *out)
{
	uint64_t cut = total(p, CUT);

	if (!total(p, WITHOUT) && !cut)
		return false;
	str_printf(out, "fields:%s: ", p->list->text);
	if (total(p, WITHOUT))
		put_without(p, out);
	if (cut)
		str_printf(out,
			   "%s%" PRIu64 " packets have more than %d "
			   "combinations of values; the rest are not counted",
			   total(p, WITHOUT) ? ", " : "", cut, COMBINATIONS);
	return true;
}

static const char *make_title(const struct report_state *p, struct view *view)
{
	struct str title = STR_INIT;
	const char *kept;
	size_t i;

	str_puts(&title, "Packets by ");
	for (i = 0; i < p->list->n; i++)
		str_printf(&title, "%s%s", i ? ", " : "",
			   p->list->columns[i].name);
	if (total(p, WITHOUT)) {
		str_puts(&title, " (");
		put_without(p, &title);
		str_putc(&title, ')');
	}
	kept = view_name(view, str_text(&title), title.len);
	str_fini(&title);
	return kept;
}

static bool is_taken(const struct column *columns, size_t n, const char *key)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(columns[i].key, key))
			return true;
	return false;
}

/* A name that no column before has. */
static const char *make_name(struct view *view, const struct column *columns,
			     size_t n, const char *text)
{
	struct str name = STR_INIT;
	const char *kept = view_name(view, text, strlen(text));
	unsigned count;

	for (count = 2; kept && is_taken(columns, n, kept); count++) {
		str_clear(&name);
		str_printf(&name, "%s (%u)", text, count);
		kept = view_name(view, str_text(&name), name.len);
	}
	str_fini(&name);
	return kept;
}

static bool show(const struct report_state *part, struct view *view)
{
	const struct field_list *list = part->list;
	struct column columns[FIELD_COLUMNS + TALLY_COLUMNS];
	uint64_t *whole = malloc(sizeof(*whole));
	bool good = whole;
	size_t i;

	view->data = whole;
	for (i = 0; i < list->n && good; i++) {
		const char *name =
		    make_name(view, columns, i, list->columns[i].name);

		columns[i] = (struct column){
		    name, name, is_number(list->columns[i].row), COLUMN_PLAIN};
		good = name;
	}
	view->title = make_title(part, view);
	if (!good || !view->title)
		return false;
	memcpy(columns + i, tally_columns, sizeof(tally_columns));
	view_init(view, columns, list->n + TALLY_COLUMNS, &part->groups[VALUES],
		  put);
	view->rows.before = before;
	view->sort = "packets";
	view->chart = "packets";
	view->expression = expression;
	*whole = total(part, PACKETS);
	return true;
}

const struct report report_fields = {
    .name = "fields",
    .title = "Packets and bytes by the values of any fields or expressions",
    .lists = true,
    .only_values = true,
    .shapes = shapes,
    .n_shapes = 2,
    .scratch = sizeof(struct scratch),
    .keeps = true,
    .begin = begin,
    .packet = packet,
    .is_key = is_key,
    .remark = remark,
    .fini = fini,
    .show = show,
};
