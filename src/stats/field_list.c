/* Owns lists of fields. */
#include "stats/field_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "where/pick.h"

static bool add_column(struct field_list *list, const char *name, size_t len,
		       struct plan *plan, struct err *err)
{
	struct field_column *c = &list->columns[list->n];
	struct where_pick pick;

	if (!where_pick(&pick, name, len, NULL, plan, err))
		return false;
	c->name = name;
	c->column = pick.column;
	c->first = (unsigned)list->n++;
	if (pick.column) {
		c->row = where_column_field(pick.column);
		return true;
	}
	c->row = field_at(pick.field);
	if (!list->of_field[pick.field])
		list->of_field[pick.field] = (uint8_t)list->n;
	c->first = list->of_field[pick.field] - 1u;
	return true;
}

/* Each name, with a NUL in place of the comma and of blanks around it. */
static bool add_columns(struct field_list *list, struct plan *plan,
			struct err *err)
{
	char *at = list->names, *end, *next;

	for (; at; at = next) {
		end = at + where_column_length(at);
		next = *end ? end + 1 : NULL;
		while (end > at && isspace((unsigned char)end[-1]))
			end--;
		*end = '\0';
		while (isspace((unsigned char)*at))
			at++;
		if (list->n == FIELD_COLUMNS)
			return err_set(err, ERR_USAGE,
				       "more than %d fields in '%s'",
				       FIELD_COLUMNS, list->text);
		if (!add_column(list, at, (size_t)(end - at), plan, err))
			return false;
	}
	return true;
}

struct field_list *field_list_open(const char *text, struct plan *plan,
				   struct err *err)
{
	struct field_list *list = calloc(1, sizeof(*list));

	if (list) {
		list->text = strdup(text);
		list->names = strdup(text);
		list->of_field = calloc(field_count() + 1, 1);
	}
	if (!list || !list->text || !list->names || !list->of_field)
		err_nomem(err, "a list of fields");
	else if (add_columns(list, plan, err))
		return list;
	field_list_close(list);
	return NULL;
}

void field_list_close(struct field_list *list)
{
	size_t i;

	if (!list)
		return;
	for (i = 0; i < list->n; i++)
		where_column_close(list->columns[i].column);
	free(list->of_field);
	free(list->names);
	free(list->text);
	free(list);
}

void field_list_notes(const struct field_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->columns[i].column)
			log_notes(where_column_notes(list->columns[i].column));
}

/* A text as expressions have it. */
static void put_string(struct str *out, const char *text, size_t len)
{
	size_t i;

	str_putc(out, '"');
	for (i = 0; i < len; i++) {
		char c = text[i];

		if (c >= ' ' && c <= '~' && c != '"' && c != '\\')
			str_putc(out, c);
		else
			str_printf(out, "\\x%02x", (unsigned char)c);
	}
	str_putc(out, '"');
}

/* Bytes as expressions have them, from their digits. */
static void put_bytes(struct str *out, const char *digits, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		str_printf(out, "%s%.2s", i ? ":" : "", digits + i);
}

bool field_condition(const struct field_column *c, const char *text, size_t len,
		     struct str *out)
{
	if (c->column || c->row->type == FIELD_EPOCH)
		return false;
	if (!text || c->row->type == FIELD_NONE) {
		str_printf(out, "%s%s", text ? "" : "not ", c->name);
		return true;
	}
	if (len < 2 && c->row->type == FIELD_BYTES)
		return false;
	str_printf(out, "%s == ", c->name);
	if (c->row->type == FIELD_TEXT || c->row->type == FIELD_TIME)
		put_string(out, text, len);
	else if (c->row->type == FIELD_BYTES)
		put_bytes(out, text, len);
	else
		str_put(out, text, len);
	return true;
}
