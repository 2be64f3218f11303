/* Detail: every layer with all its fields, their titles and what values
   stand for. */
#include <stdlib.h>

#include "decode/proto.h"
#include "output/form.h"
#include "output/paint.h"
#include "output/value.h"

struct detail {
	struct form form;
	struct value_clock clock;
};

static void detail_wish(const struct print_options *o, struct plan *plan)
{
	if (!o->fields)
		plan_want_all(plan);
	plan_want_layers(plan);
}

static struct form *detail_open(const struct print_run *run)
{
	struct detail *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->form.ops = &form_detail;
	t->form.run = run;
	return &t->form;
}

static void detail_close(struct form *form)
{
	free(form);
}

/* What the number stands for, if it is known. */
static void put_meaning(struct str *out, const struct field *f,
			const struct value *v)
{
	const char *name = names_get(f->names, v->num);

	if (name && *name) {
		str_puts(out, " (");
		str_puts(out, name);
		str_putc(out, ')');
	}
}

static void put_field(struct detail *t, struct str *out, const struct field *f,
		      const struct value *v)
{
	str_puts(out, "    ");
	str_puts(out, f->title);
	if (f->type == FIELD_NONE) {
		str_putc(out, '\n');
		return;
	}
	str_puts(out, ": ");
	if (f->type == FIELD_BOOL)
		str_puts(out, v->num ? "set" : "not set");
	else
		value_shown(out, f, v, &t->clock);
	if (f->names)
		put_meaning(out, f, v);
	str_puts(out, "  [");
	str_puts(out, f->name);
	str_puts(out, "]\n");
}

static void put_layer(struct detail *t, struct str *out,
		      const struct dissect *d, const struct layer *layer)
{
	const struct value *v = d->values + layer->first;
	const struct value *end = d->values + layer->end;

	bool color = t->form.run->options.color;

	str_puts(out, color ? PAINT_BOLD : "");
	str_puts(out, layer->proto->title);
	if (layer->id != PROTO_frame)
		str_printf(out, ", %u octets", (unsigned)layer->len);
	if (layer->quoted)
		str_puts(out, ", quoted by the error message");
	str_puts(out, color ? PAINT_END "\n" : "\n");
	for (; v < end; v++)
		put_field(t, out, d->rows[v->field], v);
	if (layer->state == CUR_OK)
		return;
	str_puts(out, color ? PAINT_ALARM : "");
	str_puts(out, layer->state == CUR_TRUNCATED
			  ? "    [truncated: not all of it was captured]"
			  : "    [malformed: its lengths contradict each "
			    "other]");
	str_puts(out, color ? PAINT_END "\n" : "\n");
}

static void detail_packet(struct form *form, const struct dissect *d,
			  struct str *out)
{
	struct detail *t = (struct detail *)form;
	unsigned i;

	for (i = 0; i < d->n_layers; i++)
		put_layer(t, out, d, &d->layers[i]);
	if (d->dropped)
		str_puts(out, "[there is more than is shown]\n");
	str_putc(out, '\n');
}

const struct form_ops form_detail = {
    .name = "detail",
    .wish = detail_wish,
    .open = detail_open,
    .close = detail_close,
    .packet = detail_packet,
};
