/* Detail: every layer with all its fields as a tree, their titles and what
   values mean. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "decode/value.h"
#include "output/color.h"
#include "output/columns.h"
#include "pkt/tail.h"

enum { DEPTH = 6 };

struct detail {
	struct presenter form;
	struct value_clock clock;
	struct made_list made;
	/* the names of the field shown last and of those it is a part of */
	const char *above[DEPTH];
	unsigned depth;
};

static void detail_wish(const struct print_options *o, struct plan *plan)
{
	if (!o->fields)
		plan_want_all(plan);
	plan_want_layers(plan);
}

static void detail_close(struct presenter *form)
{
	struct detail *t = (struct detail *)form;

	made_close(&t->made);
	free(t);
}

static struct presenter *detail_open(const struct print_run *run)
{
	struct detail *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->form.ops = &presenter_detail;
	t->form.run = run;
	if (made_open(&t->made, run))
		return &t->form;
	detail_close(&t->form);
	return NULL;
}

/* What the number means, if it is known. */
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

/* Is it one's part, by their names, as "ip.flags.df" is of "ip.flags"? */
static bool is_part(const char *name, const char *whole)
{
	size_t n = strlen(whole);

	return !strncmp(name, whole, n) && name[n] == '.';
}

/* How deep in the layer's tree the field is that comes next. */
static unsigned next_depth(struct detail *t, const char *name)
{
	unsigned depth;

	while (t->depth && !is_part(name, t->above[t->depth - 1]))
		t->depth--;
	depth = t->depth;
	if (depth < DEPTH)
		t->above[t->depth++] = name;
	return depth;
}

static void put_field(struct detail *t, struct str *out, const struct field *f,
		      const struct value *v)
{
	str_pad(out, ' ', 4 + 4 * next_depth(t, f->name));
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

static void put_address(struct str *out, const uint8_t *bytes, unsigned n)
{
	char *at = str_room(out, VALUE_SHORT);

	if (!at)
		return;
	at = n == 4    ? fmt_ip4_bytes(at, bytes)
	     : n == 16 ? fmt_ip6(at, bytes)
		       : fmt_ether(at, bytes);
	out->len = (size_t)(at - out->text);
}

/* What the layer is, and from whom to whom. */
static void put_heading(struct str *out, const struct dissect *d,
			const struct layer *layer)
{
	str_puts(out, layer->proto->title);
	if (layer->id == PROTO_frame) {
		str_printf(out, " %" PRIu64 ": %u bytes, %u of them captured",
			   d->pkt->number, (unsigned)d->pkt->wirelen,
			   (unsigned)pkt_captured(d->pkt));
		return;
	}
	if (layer->n_addr) {
		str_puts(out, ", Src: ");
		put_address(out, layer->src, layer->n_addr);
		str_puts(out, ", Dst: ");
		put_address(out, layer->dst, layer->n_addr);
	}
	str_printf(out, ", %u bytes", (unsigned)layer->len);
	if (layer->quoted)
		str_puts(out, ", quoted by the error message");
}

static void put_layer(struct detail *t, struct str *out,
		      const struct dissect *d, const struct layer *layer)
{
	const struct value *v = d->values + layer->first;
	const struct value *end = d->values + layer->end;
	const bool *hidden = t->form.run->hidden;
	bool color = t->form.run->options.color;

	str_puts(out, color ? COLOR_BOLD : "");
	put_heading(out, d, layer);
	str_puts(out, color ? COLOR_END "\n" : "\n");
	t->depth = 0;
	for (; v < end; v++) {
		if (hidden && hidden[v->field])
			continue;
		put_field(t, out, d->rows[v->field], v);
		presenter_check(&t->form, out);
	}
	if (layer->state == CUR_OK)
		return;
	str_puts(out, color ? COLOR_ALARM : "");
	str_puts(out, layer->state == CUR_TRUNCATED
			  ? "    [truncated: not all of it was captured]"
			  : "    [malformed: its lengths contradict each "
			    "other]");
	str_puts(out, color ? COLOR_END "\n" : "\n");
}

static void put_made(struct detail *t, struct str *out, const struct made *made)
{
	const struct field *f = made->field;
	unsigned i;

	for (i = 0; i < made->n; i++) {
		str_puts(out, "    ");
		str_foreign(out, f->name, strlen(f->name));
		str_puts(out, ": ");
		value_shown(out, f, &made->values[i], &t->clock);
		if (f->names)
			put_meaning(out, f, &made->values[i]);
		str_putc(out, '\n');
		presenter_check(&t->form, out);
	}
}

/* What expressions say of the packet. */
static void put_expressions(struct detail *t, struct str *out,
			    const struct dissect *d)
{
	bool color = t->form.run->options.color;
	size_t i;

	if (!t->made.n)
		return;
	made_fill(&t->made, d, out);
	str_puts(out, color ? COLOR_BOLD "Expressions" COLOR_END "\n"
			    : "Expressions\n");
	for (i = 0; i < t->made.n; i++)
		put_made(t, out, &t->made.item[i]);
}

static void detail_packet(struct presenter *form, const struct dissect *d,
			  struct str *out)
{
	struct detail *t = (struct detail *)form;
	unsigned i;

	for (i = 0; i < d->n_layers; i++)
		put_layer(t, out, d, &d->layers[i]);
	put_expressions(t, out, d);
	if (d->dropped)
		str_puts(out, "[there is more than is shown]\n");
	str_putc(out, '\n');
}

const struct presenter_ops presenter_detail = {
    .name = "detail",
    .wish = detail_wish,
    .open = detail_open,
    .close = detail_close,
    .packet = detail_packet,
};
