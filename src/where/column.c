/* Expressions as columns: the same trees and programs as of conditions, whose
   values are kept. */
#include "where/column.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "where/check.h"
#include "where/macro.h"
#include "where/names.h"
#include "where/parser.h"
#include "where/program.h"
#include "where/want.h"

struct where_column {
	struct arena arena;
	struct where_program *program;
	struct field field;
	bool condition;
	uint8_t type; /* enum where_type of the values */
	struct str notes;
};

struct where_cell {
	const struct where_column *column;
	struct where_run *run;
	struct value *values;
	uint32_t room;
};

/* ---- lists -------------------------------------------------------------- */

/* Bytes of the text in quotes that begins here. */
static size_t quoted_length(const char *text)
{
	size_t i = 1;

	while (text[i] && text[i] != text[0])
		i += text[i] == '\\' && text[i + 1] ? 2 : 1;
	return text[i] ? i + 1 : i;
}

size_t where_column_length(const char *list)
{
	size_t i = 0, depth = 0;

	while (list[i] && (depth || list[i] != ',')) {
		if (strchr("([{", list[i]))
			depth++;
		else if (strchr(")]}", list[i]) && depth)
			depth--;
		i += strchr("\"'", list[i]) ? quoted_length(list + i) : 1;
	}
	return i;
}

/* ---- the field ---------------------------------------------------------- */

/* Does a field of the tree show its times as seconds? */
static bool has_epoch(const struct where_node *node)
{
	uint32_t i;

	if (node->kind == NODE_NAME)
		return node->field.name->row &&
		       node->field.name->row->type == FIELD_EPOCH;
	for (i = 0; i < node->n_kids; i++)
		if (has_epoch(node->kids[i]))
			return true;
	return false;
}

static enum field_type field_type(const struct where_node *node)
{
	static const uint8_t types[WT_TYPES] = {
	    [WT_NONE] = FIELD_NONE,   [WT_UINT] = FIELD_UINT,
	    [WT_INT] = FIELD_INT,     [WT_BOOL] = FIELD_BOOL,
	    [WT_REAL] = FIELD_REAL,   [WT_TEXT] = FIELD_TEXT,
	    [WT_BYTES] = FIELD_BYTES, [WT_PROTO] = FIELD_NONE,
	    [WT_ETHER] = FIELD_ETHER, [WT_IPV4] = FIELD_IPV4,
	    [WT_IPV6] = FIELD_IPV6,   [WT_TIME] = FIELD_TIME,
	    [WT_SPAN] = FIELD_SPAN,
	};

	if (node->type == WT_TIME && has_epoch(node))
		return FIELD_EPOCH;
	return types[node->type];
}

/* A name's values are shown as its field's. */
static bool make_field(struct where_column *c, const struct where_node *value,
		       const char *text, size_t len)
{
	const struct field *row = NULL;
	char *name = arena_get(&c->arena, len + 1);

	if (!name)
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	if (value && value->kind == NODE_NAME && !value->raw &&
	    !value->field.name->as_text)
		row = value->field.name->row;
	if (row)
		c->field = *row;
	c->field.name = c->field.title = name;
	c->field.type = FIELD_BOOL;
	if (value)
		c->field.type = (uint8_t)field_type(value);
	c->type = value ? value->type : WT_BOOL;
	return true;
}

/* ---- opening ------------------------------------------------------------ */

static bool make(struct where_column *c, struct where_source *s,
		 const struct where_macros *macros, struct plan *plan)
{
	const char *text = s->text;
	size_t len = s->len;
	const struct where_node *value = NULL;
	struct where_node *root;
	size_t mixed;

	s->names = field_names(s->err);
	if (!s->names || !where_expand(s, macros) ||
	    !where_parse(s, &root, &mixed))
		return false;
	if (!root)
		return err_set(s->err, ERR_USAGE, "an expression is empty");
	if (!where_check(s, root, &c->notes) || !where_want(s, plan, root))
		return false;
	if (root->kind == NODE_TRUTH) {
		value = root->kids[0];
		str_clear(&c->notes); /* about its truth */
	}
	c->condition = !value;
	c->program =
	    value ? program_open_value(s, value) : program_open(s, root);
	if (!c->program)
		return false;
	return make_field(c, value, text, len) ||
	       err_nomem(s->err, "expression");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct where_column *where_column_open(const char *text, size_t len,
				       const struct where_macros *macros,
				       struct plan *plan, struct err *err)
{
	struct where_column *c = calloc(1, sizeof(*c));
	struct where_source source = {.err = err};

	if (!c) {
		err_nomem(err, "expression");
		return NULL;
	}
	while (len && is_blank(text[len - 1]))
		len--;
	while (len && is_blank(*text)) {
		text++;
		len--;
	}
	/* constants point into the text */
	source.text = arena_text(&c->arena, text, len);
	source.len = len;
	source.arena = &c->arena;
	if (!source.text)
		err_nomem(err, "expression");
	else if (make(c, &source, macros, plan))
		return c;
	where_column_close(c);
	return NULL;
}

void where_column_close(struct where_column *c)
{
	if (!c)
		return;
	program_close(c->program);
	arena_fini(&c->arena);
	str_fini(&c->notes);
	free(c);
}

const struct field *where_column_field(const struct where_column *c)
{
	return &c->field;
}

bool where_column_is_condition(const struct where_column *c)
{
	return c->condition;
}

const char *where_column_notes(const struct where_column *c)
{
	return str_text(&c->notes);
}

/* ---- running ------------------------------------------------------------ */

struct where_cell *where_cell_open(const struct where_column *c,
				   struct err *err)
{
	struct where_cell *cell = calloc(1, sizeof(*cell));

	if (!cell) {
		err_nomem(err, "expression");
		return NULL;
	}
	cell->column = c;
	cell->run = run_open(c->program, err);
	if (cell->run)
		return cell;
	where_cell_close(cell);
	return NULL;
}

void where_cell_close(struct where_cell *cell)
{
	if (!cell)
		return;
	run_close(cell->run);
	free(cell->values);
	free(cell);
}

static bool make_room(struct where_cell *cell, uint32_t n)
{
	struct value *more;

	if (n <= cell->room)
		return true;
	more = realloc(cell->values, 2 * n * sizeof(*more));
	cell->run->failed |= !more;
	if (!more)
		return false;
	cell->values = more;
	cell->room = 2 * n;
	return true;
}

static struct value value_of(enum where_type type, const struct where_value *v)
{
	struct value value = {.len = v->len};

	if (type_in(type, WT_STRETCH))
		value.bytes = v->bytes;
	else if (type == WT_REAL)
		value.real = v->real;
	else
		value.num = v->num;
	return value;
}

unsigned where_cell_fill(struct where_cell *cell, const struct dissect *d,
			 const struct value **values)
{
	const struct where_column *c = cell->column;
	const struct where_list *list;
	uint32_t i;

	*values = NULL;
	cell->run->dissect = d;
	if (c->condition) {
		if (!make_room(cell, 1))
			return 0;
		cell->values[0] = (struct value){
		    .num = program_matches(c->program, cell->run)};
		*values = cell->values;
		return 1;
	}
	list = program_values(c->program, cell->run);
	if (!make_room(cell, list->n))
		return 0;
	for (i = 0; i < list->n; i++)
		cell->values[i] = value_of(c->type, &list->v[i]);
	*values = cell->values;
	return list->n;
}

bool where_cell_failed(const struct where_cell *cell)
{
	return cell->run->failed;
}
