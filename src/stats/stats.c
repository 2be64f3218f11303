/* What is counted for the reports that were asked for, and their views. */
#include "stats/stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decode/flow/flow_table.h"
#include "os/seed.h"
#include "stats/state.h"

/* ---- parts -------------------------------------------------------------- */

static const struct report *counter_of(const struct report *r)
{
	return r->from ? r->from : r;
}

static void spill(void *arg, const struct aggregate *g, const uint64_t *key,
		  const uint64_t *values)
{
	struct report_state *p = arg;

	p->report->spill(p, (unsigned)(g - p->groups), key, values);
}

static void part_init(struct report_state *p, const struct stats *s)
{
	const struct report *r = p->report;
	unsigned i;

	for (i = 0; i < r->n_shapes; i++) {
		aggregate_init(&p->groups[i], &r->shapes[i],
			       (unsigned)s->options.n_counts,
			       s->options.max_flows, &s->seed);
		p->groups[i].spill = r->spill ? spill : NULL;
		p->groups[i].spill_arg = p;
	}
	for (i = 0; r->wishes && r->wishes[i].name; i++)
		p->ids[i] = field_find(r->wishes[i].name);
}

struct report_state *parts_open(const struct stats *s, struct err *err)
{
	struct report_state *parts = calloc(s->n_parts + 1, sizeof(*parts));
	size_t i;

	for (i = 0; parts && i < s->n_parts; i++) {
		struct report_state *p = &parts[i];

		p->report = s->parts[i].report;
		p->kinds = s->parts[i].kinds;
		p->list = s->parts[i].list;
		p->options = &s->options;
		part_init(p, s);
		p->scratch = calloc(1, p->report->scratch + 1);
		if (!p->scratch) {
			parts_close(parts, s->n_parts);
			parts = NULL;
		} else if (p->report->begin) {
			p->report->begin(p);
		}
	}
	if (!parts)
		err_nomem(err, "statistics");
	return parts;
}

void parts_close(struct report_state *parts, size_t n)
{
	size_t i, k;

	for (i = 0; parts && i < n; i++) {
		if (parts[i].report->fini && parts[i].scratch)
			parts[i].report->fini(&parts[i]);
		for (k = 0; k < parts[i].report->n_shapes; k++)
			aggregate_fini(&parts[i].groups[k]);
		free(parts[i].scratch);
	}
	free(parts);
}

/* The state is empty: so must be what goes with it. */
static void part_restart(struct report_state *p)
{
	const struct report *r = p->report;

	if (!r->keeps) {
		if (r->fini)
			r->fini(p);
		memset(p->scratch, 0, r->scratch);
	}
	if (r->begin)
		r->begin(p);
}

void parts_add(struct report_state *parts, struct report_state *from, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (parts[i].report->match)
			parts[i].report->match(&parts[i], &from[i]);
		for (k = 0; k < parts[i].report->n_shapes; k++)
			aggregate_merge(&parts[i].groups[k],
					&from[i].groups[k]);
		part_restart(&from[i]);
	}
}

/* ---- states ------------------------------------------------------------- */

/* Is this what the wish is counted in? */
static bool is_part_of(const struct report_state *p, const struct stats_wish *w)
{
	return p->report == counter_of(w->report) &&
	       (!p->list || fields_same(p->list->text, w->fields));
}

/* One part for each report that counts; several reports may show the same. */
static bool choose_parts(struct stats *s, struct err *err)
{
	struct report_state *chosen;
	bool good = true;
	size_t i, k;

	chosen = calloc(STATS_WISHES + 1, sizeof(*chosen));
	if (!chosen)
		return err_nomem(err, "statistics");
	for (i = 0; good && i < s->options.n_wishes; i++) {
		const struct stats_wish *w = &s->options.wishes[i];

		for (k = 0; k < s->n_parts && !is_part_of(&chosen[k], w); k++)
			continue;
		chosen[k].report = counter_of(w->report);
		chosen[k].kinds |= w->kinds;
		if (k < s->n_parts)
			continue;
		s->n_parts++;
		if (w->fields)
			chosen[k].list = s->lists[s->n_lists++] =
			    field_list_open(w->fields, s->plan, err);
		good = !w->fields || chosen[k].list;
	}
	s->parts = chosen;
	s->parts = good ? parts_open(s, err) : NULL;
	free(chosen);
	return s->parts != NULL;
}

static bool make_plan(struct stats *s, struct err *err)
{
	bool layers = false;
	size_t i, k;

	for (i = 0; i < s->n_parts; i++) {
		const struct report *r = s->parts[i].report;
		const struct field_wish *w = r->wishes;

		s->decodes |= r->packet != NULL;
		layers |= r->packet && !r->only_values;
		if (r->all_layers)
			plan_want_layers(s->plan);
		for (k = 0; w && w[k].name; k++)
			if (w[k].kinds & s->parts[i].kinds &&
			    s->parts[i].ids[k] >= 0 &&
			    !plan_want(s->plan, w[k].name, err))
				return false;
	}
	if (!layers)
		plan_only_values(s->plan);
	plan_ready(s->plan);
	flow_context_prepare(s->plan);
	return true;
}

struct stats *stats_open(const struct stats_options *options, struct err *err)
{
	struct stats *s = calloc(1, sizeof(*s));

	if (!s) {
		err_nomem(err, "statistics");
		return NULL;
	}
	s->options = *options;
	seed_get(&s->seed);
	s->plan = plan_open(err);
	if (!s->plan || !choose_parts(s, err) || !make_plan(s, err)) {
		stats_close(s);
		return NULL;
	}
	return s;
}

void stats_close(struct stats *s)
{
	size_t i;

	if (!s)
		return;
	parts_close(s->parts, s->n_parts);
	for (i = 0; i < s->n_lists; i++)
		field_list_close(s->lists[i]);
	plan_close(s->plan);
	str_fini(&s->texts);
	free(s);
}

void stats_notes(const struct stats *s)
{
	size_t i;

	for (i = 0; i < s->n_lists; i++)
		field_list_notes(s->lists[i]);
}

const struct stats_options *stats_options(const struct stats *s)
{
	return &s->options;
}

void stats_over(struct stats *s, int64_t ns)
{
	s->options.over = ns;
}

void stats_utc(struct stats *s, bool utc)
{
	s->options.utc = utc;
}

void stats_limit(struct stats *s, uint32_t max_flows)
{
	size_t i, k;

	s->options.max_flows = max_flows;
	for (i = 0; i < s->n_parts; i++)
		for (k = 0; k < s->parts[i].report->n_shapes; k++)
			aggregate_limit(&s->parts[i].groups[k], max_flows);
}

static bool same_counts(const struct stats_options *a,
			const struct stats_options *b)
{
	size_t i;

	if (a->n_counts != b->n_counts)
		return false;
	for (i = 0; i < a->n_counts; i++)
		if (a->counts[i].where != b->counts[i].where ||
		    strcmp(a->counts[i].text, b->counts[i].text) != 0)
			return false;
	return true;
}

static const char *text_of(const struct report_state *p)
{
	return p->list ? p->list->text : NULL;
}

bool stats_same(const struct stats *a, const struct stats *b, struct err *err)
{
	size_t i;

	if (a->options.interval != b->options.interval ||
	    a->options.origin != b->options.origin ||
	    a->options.reassemble != b->options.reassemble)
		return err_set(err, ERR_USAGE,
			       "packets were not counted as in the first state "
			       "(--interval, --origin, --reassemble)");
	if (!same_counts(&a->options, &b->options))
		return err_set(
		    err, ERR_USAGE,
		    "filters differ from those of the first state (--count, "
		    "--count-where)");
	for (i = 0; i < a->n_parts && i < b->n_parts; i++)
		if (a->parts[i].report != b->parts[i].report ||
		    a->parts[i].kinds != b->parts[i].kinds ||
		    !fields_same(text_of(&a->parts[i]), text_of(&b->parts[i])))
			break;
	return (i == a->n_parts && i == b->n_parts) ||
	       err_set(err, ERR_USAGE,
		       "reports differ from those of the first state (--by)");
}

bool stats_choose(struct stats *s, const struct stats_options *options,
		  struct err *err)
{
	struct stats_wish chosen[STATS_WISHES] = {{0}};
	size_t i, k;

	for (i = 0; i < options->n_wishes; i++) {
		const struct stats_wish *w = &options->wishes[i];

		for (k = 0; k < s->n_parts; k++)
			if (is_part_of(&s->parts[k], w))
				break;
		if (k == s->n_parts || !(w->kinds & s->parts[k].kinds) ||
		    (w->named && w->kinds & ~s->parts[k].kinds))
			return err_set(err, ERR_USAGE,
				       "report %s%s%s was not counted",
				       w->report->name, w->fields ? ":" : "",
				       w->fields ? w->fields : "");
		/* of those that have no name all that were counted */
		chosen[i] = *w;
		chosen[i].kinds &= s->parts[k].kinds;
	}
	memcpy(s->options.wishes, chosen, sizeof(chosen));
	s->options.n_wishes = options->n_wishes;
	return true;
}

void stats_add(struct stats *s, struct stats *from)
{
	parts_add(s->parts, from->parts, s->n_parts);
}

void stats_file(struct stats *s, const struct stats_file *file)
{
	size_t i;

	for (i = 0; i < s->n_parts; i++)
		if (s->parts[i].report->file)
			s->parts[i].report->file(&s->parts[i], file);
}

static const struct report_state *part_of(const struct stats *s,
					  const struct stats_wish *w)
{
	size_t i;

	for (i = 0; i < s->n_parts && !is_part_of(&s->parts[i], w); i++)
		continue;
	return &s->parts[i];
}

static void put_name(const struct stats_wish *w, struct str *out)
{
	str_puts(out, w->report->name);
	if (w->fields)
		str_printf(out, ":%s", w->fields);
}

/* What is wrong with a group for a report, if there is something. */
static bool complain(const struct stats_options *options,
		     const struct stats_wish *w, const struct aggregate *g,
		     unsigned group, struct str *out)
{
	const struct report *r = w->report;

	put_name(w, out);
	if (g->failed) {
		str_printf(out, ": no memory for all of %s: counts are missing",
			   g->shape->name);
		return true;
	}
	if (g->scale && g->scale > options->interval && options->interval) {
		str_printf(out,
			   ": intervals are %" PRId64 " times as long as "
			   "--interval, to stay below %u (--max-flows)",
			   g->scale / options->interval, g->limit);
		return true;
	}
	if (!g->evicted || (r->lacks && !r->lacks(w->kinds, group)))
		return false;
	if (g->shape->stays)
		str_printf(out,
			   ": more than %u of %s: others are counted only in "
			   "those above them",
			   g->limit, g->shape->name);
	else
		str_printf(out,
			   ": %" PRIu64 " entries of %s were dropped, with "
			   "the least in them, to stay below %u (--max-flows): "
			   "no row lacks more than %" PRIu64,
			   g->evicted, g->shape->name, g->limit, g->missing);
	return true;
}

bool stats_remark(const struct stats *s, size_t i, struct str *out)
{
	const struct report_state *p;
	size_t k;

	for (k = 0; k < s->options.n_wishes; k++) {
		p = part_of(s, &s->options.wishes[k]);
		if (!p->report->remark)
			continue;
		str_clear(out);
		if (p->report->remark(p, out) && i-- == 0)
			return true;
	}
	str_clear(out);
	return false;
}

bool stats_complaint(const struct stats *s, size_t i, struct str *out)
{
	struct str text = STR_INIT;
	bool found = false;
	size_t k;
	unsigned n;

	for (k = 0; !found && k < s->options.n_wishes; k++) {
		const struct stats_wish *w = &s->options.wishes[k];
		const struct report_state *p = part_of(s, w);

		for (n = 0; !found && n < p->report->n_shapes; n++) {
			str_clear(&text);
			if (complain(&s->options, w, &p->groups[n], n, &text))
				found = i-- == 0;
		}
	}
	if (found)
		str_put(out, str_text(&text), text.len);
	str_fini(&text);
	return found;
}

/* ---- views -------------------------------------------------------------- */

static struct view *open_view(const struct stats *s, const struct stats_wish *w,
			      unsigned kind)
{
	struct view *view = calloc(1, sizeof(*view));
	const struct report *r = w->report;

	if (!view)
		return NULL;
	view->part = part_of(s, w);
	view->kind = kind;
	view->report = r;
	if (!r->show(view->part, view)) {
		view_close(view);
		return NULL;
	}
	return view;
}

struct view *stats_view(const struct stats *s, size_t i, bool *done)
{
	size_t k;
	unsigned kind;

	*done = false;
	for (k = 0; k < s->options.n_wishes; k++) {
		const struct stats_wish *w = &s->options.wishes[k];

		for (kind = 0; kind < report_kinds(w->report); kind++)
			if (w->kinds >> kind & 1 && i-- == 0)
				return open_view(s, w, kind);
	}
	*done = true;
	return NULL;
}

void view_close(struct view *view)
{
	if (!view)
		return;
	aggregate_fini(&view->own);
	arena_fini(&view->names);
	free(view->data);
	free(view);
}

const char *view_report(const struct view *view)
{
	return view->report->name;
}

const char *view_kind(const struct view *view)
{
	if (view->part->list)
		return view->part->list->text;
	return view->report->kinds ? view->report->kinds[view->kind] : NULL;
}

const char *view_title(const struct view *view)
{
	return view->title ? view->title : view->report->title;
}
