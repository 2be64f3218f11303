/* The list of reports, and what they are asked for by: names, kinds, fields. */
#include <string.h>

#include "base/nearest.h"
#include "stats/state.h"

#define REPORT(name) extern const struct report report_##name;
#include "stats/stats.def"
#undef REPORT

#define REPORT(name) &report_##name,
const struct report *const reports[] = {
#include "stats/stats.def"
    NULL,
};
#undef REPORT

unsigned report_kinds(const struct report *r)
{
	unsigned n = 0;

	while (r->kinds && r->kinds[n])
		n++;
	return n ? n : 1;
}

static bool find_kind(const struct report *r, const char *name, unsigned *kinds,
		      struct err *err)
{
	struct nearest near = NEAREST_START(name);
	unsigned i;

	for (i = 0; r->kinds && r->kinds[i]; i++) {
		if (!strcmp(r->kinds[i], name)) {
			*kinds = 1u << i;
			return true;
		}
		nearest_try(&near, r->kinds[i]);
	}
	return err_set(err, ERR_USAGE, "report %s has no kind '%s'%s%s%s",
		       r->name, name, near.best ? "; did you mean '" : "",
		       near.best ? near.best : "", near.best ? "'?" : "");
}

static const struct report *find_report(const char *text, size_t n,
					struct err *err)
{
	char name[64];
	struct nearest near = NEAREST_START_N(text, n);
	size_t i;

	if (n >= sizeof(name))
		n = sizeof(name) - 1;
	memcpy(name, text, n);
	name[n] = '\0';
	for (i = 0; reports[i]; i++) {
		if (!strcmp(reports[i]->name, name))
			return reports[i];
		nearest_try(&near, reports[i]->name);
	}
	if (near.best)
		err_set(err, ERR_USAGE,
			"unknown report '%s'; did you mean '%s'?", name,
			near.best);
	else
		err_set(err, ERR_USAGE,
			"unknown report '%s' ('pcaptool list reports' has all)",
			name);
	return NULL;
}

/* What is after the colon of --by: a kind, or fields. */
static bool take_detail(struct stats_wish *w, const char *text, struct err *err)
{
	const struct report *r = w->report;

	if (!r->lists)
		return !text || find_kind(r, text, &w->kinds, err);
	if (!text || !*text)
		return err_set(err, ERR_USAGE,
			       "report %s needs what it counts by, as in "
			       "%s:ip.src,tcp.dstport",
			       r->name, r->name);
	if (strlen(text) > STATS_TEXT)
		return err_set(err, ERR_USAGE,
			       "report %s: a list of more than %d bytes",
			       r->name, STATS_TEXT);
	w->fields = text;
	return true;
}

bool fields_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool stats_want(struct stats_options *options, const char *text,
		struct err *err)
{
	const char *colon = strchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : strlen(text), i, at;
	const struct report *r = find_report(text, n, err);
	struct stats_wish wish = {r, 0, colon != NULL, NULL}, *w;

	if (!r)
		return false;
	wish.kinds = (1u << report_kinds(r)) - 1;
	if (!take_detail(&wish, colon ? colon + 1 : NULL, err))
		return false;
	/* kinds of the same report come together */
	for (i = 0, at = options->n_wishes; i < options->n_wishes; i++) {
		w = &options->wishes[i];
		if (w->report != r)
			continue;
		at = i + 1;
		if (!fields_same(w->fields, wish.fields))
			continue;
		w->kinds |= wish.kinds;
		w->named |= wish.named;
		return true;
	}
	if (options->n_wishes == STATS_WISHES)
		return err_set(err, ERR_USAGE, "too many reports");
	w = &options->wishes[at];
	memmove(w + 1, w, (options->n_wishes - at) * sizeof(*w));
	*w = wish;
	options->n_wishes++;
	return true;
}

void stats_names(struct str *out)
{
	size_t i, k;

	for (i = 0; reports[i]; i++) {
		str_printf(out, "%s%s\n", reports[i]->name,
			   reports[i]->lists ? ":" : "");
		for (k = 0; reports[i]->kinds && reports[i]->kinds[k]; k++)
			str_printf(out, "%s:%s\n", reports[i]->name,
				   reports[i]->kinds[k]);
	}
}
