/*
 * JSON: one object a line and packet. Keys are the names of fields; a field
 * that a packet has several times is an array.
 */
#include <stdlib.h>

#include "base/fmt.h"
#include "decode/value.h"
#include "output/presenter.h"

struct json {
	struct presenter form;
	struct str names; /* "name": with quotes and colon, of all fields */
	struct key_text {
		const char *text; /* in names */
		size_t len;
	} * keys;
	/* by field: its last value in this packet, index + 1; 0: none */
	uint16_t *last;
	uint16_t *next; /* by value: the field's next value + 1 */
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
	str_fini(&j->names);
	free(j->keys);
	free(j->last);
	free(j->next);
	free(j);
}

static bool json_keys(struct json *j)
{
	unsigned i, n = field_count();
	size_t at = 0;

	j->keys = calloc(n, sizeof(*j->keys));
	if (!j->keys)
		return false;
	for (i = 0; i < n; i++) {
		str_json_text(&j->names, field_at(i)->name);
		str_putc(&j->names, ':');
		j->keys[i].len = j->names.len - at;
		at = j->names.len;
	}
	/* now that it stays where it is */
	for (i = 0, at = 0; i < n; at += j->keys[i++].len)
		j->keys[i].text = str_text(&j->names) + at;
	return !j->names.failed;
}

static struct presenter *json_open(const struct print_run *run)
{
	struct json *j = calloc(1, sizeof(*j));

	if (j) {
		j->form.ops = &presenter_json;
		j->form.run = run;
		j->last = calloc(field_count() + 1, sizeof(*j->last));
		j->next = calloc(DISSECT_VALUES, sizeof(*j->next));
	}
	if (!j || !j->last || !j->next || !json_keys(j)) {
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

static void json_packet(struct presenter *form, const struct dissect *d,
			struct str *out)
{
	struct json *j = (struct json *)form;
	const struct value *v = d->values;
	unsigned i;
	bool any = false;

	if (!d->n_values && form->run->n_columns) {
		form->empty++;
		return;
	}
	/* link each field's values; heads have no one before them */
	for (i = 0; i < d->n_values; i++)
		j->last[v[i].field] = 0;
	for (i = 0; i < d->n_values; i++) {
		j->next[i] = 0;
		if (j->last[v[i].field])
			j->next[j->last[v[i].field] - 1] = (uint16_t)(i + 1);
		j->last[v[i].field] = (uint16_t)(i + 1);
	}
	str_putc(out, '{');
	for (i = 0; i < d->n_values; i++) {
		if (j->last[v[i].field] == 0)
			continue; /* was written with the first one */
		j->last[v[i].field] = 0;
		if (any)
			str_putc(out, ',');
		any = true;
		put_member(j, d, i, out);
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
