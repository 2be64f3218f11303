/*
 * JSON: one object a line and packet. Keys are the names of fields; a field
 * that a packet has several times is an array.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "decode/value.h"
#include "output/columns.h"

/* "name": with quotes and colon. */
struct key_text {
	const char *text; /* in names */
	size_t len;
};

struct json {
	struct presenter form;
	struct str names;      /* the texts of all keys */
	struct key_text *keys; /* of all fields */
	/* by field: its last value in this packet, index + 1; 0: none */
	uint16_t *last;
	uint16_t *next; /* by value: the field's next value + 1 */
	struct made_list made;
	struct key_text *made_keys; /* len 0: another has the same text */
	struct value_clock clock;
};

static void json_wish(const struct print_options *o, struct plan *plan)
{
	if (!o->fields)
		plan_want_all(plan);
	plan_only_values(plan);
}

static void json_close(struct presenter *form)
{
	struct json *j = (struct json *)form;
	if (!j)
		return;
	made_close(&j->made);
	str_fini(&j->names);
	free(j->keys);
	free(j->made_keys);
	free(j->last);
	free(j->next);
	free(j);
}

static void add_key(struct json *j, struct key_text *key, const char *name)
{
	size_t at = j->names.len;

	str_json_text(&j->names, name);
	str_putc(&j->names, ':');
	key->len = j->names.len - at;
}

/* Has an expression before this one the same text? */
static bool is_repeated(const struct json *j, size_t which)
{
	const struct made *item = j->made.item;
	size_t i;

	for (i = 0; i < which; i++)
		if (!strcmp(item[i].field->name, item[which].field->name))
			return true;
	return false;
}

static bool json_keys(struct json *j)
{
	size_t n = field_count(), i, at = 0;

	j->keys = calloc(n, sizeof(*j->keys));
	j->made_keys = calloc(j->made.n + 1, sizeof(*j->made_keys));
	if (!j->keys || !j->made_keys)
		return false;
	for (i = 0; i < n; i++)
		add_key(j, &j->keys[i], field_at((unsigned)i)->name);
	for (i = 0; i < j->made.n; i++)
		if (!is_repeated(j, i))
			add_key(j, &j->made_keys[i],
				j->made.item[i].field->name);
	/* now that it stays where it is */
	for (i = 0; i < n; at += j->keys[i++].len)
		j->keys[i].text = str_text(&j->names) + at;
	for (i = 0; i < j->made.n; at += j->made_keys[i++].len)
		j->made_keys[i].text = str_text(&j->names) + at;
	return !j->names.failed;
}

static const struct presenter_ops json_made_ops;

static struct presenter *json_open(const struct print_run *run)
{
	struct json *j = calloc(1, sizeof(*j));

	if (j) {
		j->form.ops = run->n_exprs ? &json_made_ops : &presenter_json;
		j->form.run = run;
		j->last = calloc(field_count() + 1, sizeof(*j->last));
		j->next = calloc(DISSECT_VALUES, sizeof(*j->next));
	}
	if (!j || !j->last || !j->next || !made_open(&j->made, run) ||
	    !json_keys(j)) {
		json_close(&j->form);
		return NULL;
	}
	return &j->form;
}

static void put_member(struct json *j, const struct dissect *d, unsigned first,
		       struct str *out)
{
	unsigned number = d->values[first].field, i;
	const struct field *f = d->rows[number];
	bool many = j->next[first] != 0;

	str_put(out, j->keys[number].text, j->keys[number].len);
	if (many)
		str_putc(out, '[');
	for (i = first + 1; i; i = j->next[i - 1]) {
		if (i != first + 1)
			str_putc(out, ',');
		value_json(out, f, &d->values[i - 1], &j->clock);
		presenter_check(&j->form, out);
	}
	if (many)
		str_putc(out, ']');
}

/* Link each field's values; heads have no one before them. Hidden fields have
   none. Returns whether there is one. */
static inline bool link_values(struct json *j, const struct dissect *d,
			       const bool *hidden)
{
	const struct value *v = d->values;
	bool any = false;
	unsigned i;

	for (i = 0; i < d->n_values; i++)
		j->last[v[i].field] = 0;
	for (i = 0; i < d->n_values; i++) {
		if (hidden && hidden[v[i].field])
			continue;
		any = true;
		j->next[i] = 0;
		if (j->last[v[i].field])
			j->next[j->last[v[i].field] - 1] = (uint16_t)(i + 1);
		j->last[v[i].field] = (uint16_t)(i + 1);
	}
	return any;
}

/* The members that were linked. Is there one? */
static bool put_members(struct json *j, const struct dissect *d,
			struct str *out)
{
	const struct value *v = d->values;
	bool any = false;
	unsigned i;

	for (i = 0; i < d->n_values; i++) {
		if (j->last[v[i].field] == 0)
			continue; /* was written with the first one */
		j->last[v[i].field] = 0;
		if (any)
			str_putc(out, ',');
		any = true;
		put_member(j, d, i, out);
	}
	return any;
}

static void json_packet(struct presenter *form, const struct dissect *d,
			struct str *out)
{
	struct json *j = (struct json *)form;

	if (!d->n_values && form->run->n_columns) {
		form->empty++;
		return;
	}
	link_values(j, d, NULL);
	str_putc(out, '{');
	put_members(j, d, out);
	str_puts(out, "}\n");
}

static void put_made(struct json *j, const struct made *made, struct str *out)
{
	unsigned i;

	if (made->n > 1)
		str_putc(out, '[');
	for (i = 0; i < made->n; i++) {
		if (i)
			str_putc(out, ',');
		value_json(out, made->field, &made->values[i], &j->clock);
		presenter_check(&j->form, out);
	}
	if (made->n > 1)
		str_putc(out, ']');
}

/* The same with expressions, which come last. */
static void json_made_packet(struct presenter *form, const struct dissect *d,
			     struct str *out)
{
	struct json *j = (struct json *)form;
	bool any = link_values(j, d, form->run->hidden);
	size_t i;

	any |= made_fill(&j->made, d, out);
	if (!any) {
		form->empty++;
		return;
	}
	str_putc(out, '{');
	any = put_members(j, d, out);
	for (i = 0; i < j->made.n; i++) {
		if (!j->made.item[i].n || !j->made_keys[i].len)
			continue;
		if (any)
			str_putc(out, ',');
		any = true;
		str_put(out, j->made_keys[i].text, j->made_keys[i].len);
		put_made(j, &j->made.item[i], out);
	}
	str_puts(out, "}\n");
}

const struct presenter_ops presenter_json = {
    .name = "json",
    .wish = json_wish,
    .open = json_open,
    .close = json_close,
    .packet = json_packet,
};

static const struct presenter_ops json_made_ops = {
    .name = "json",
    .close = json_close,
    .packet = json_made_packet,
};
