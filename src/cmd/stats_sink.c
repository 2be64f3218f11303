/* Joins what `stats` counts with the filters and expressions that columns are
   asked for by. */
#include "cmd/stats_sink.h"

#include <string.h>

#include "cmd/match.h"
#include "cmd/where_text.h"
#include "pkt/selector.h"

bool stats_counters_open(struct stats_counters *counters,
			 const struct stats_options *options,
			 const struct select_conf *select, struct err *err)
{
	bool good = true;
	size_t i;

	memset(counters, 0, sizeof(*counters));
	for (i = 0; i < options->n_counts && good; i++) {
		const struct stats_count *c = &options->counts[i];
		const struct where_text text = {
		    .text = c->text, .macros = select->macros, .column = true};

		if (c->where) {
			counters->where[i] =
			    where_text_open(&text, &select->decoding, err);
			good = counters->where[i];
		} else if (!counters->compiler) {
			counters->compiler = expr_compiler_open(err);
			good = counters->compiler;
		}
	}
	if (!good)
		stats_counters_close(counters);
	return good;
}

void stats_counters_close(struct stats_counters *counters)
{
	size_t i;

	for (i = 0; i < STATS_COUNTS; i++)
		where_close(counters->where[i]);
	expr_compiler_close(counters->compiler);
	memset(counters, 0, sizeof(*counters));
}

static struct selector *open_selector(const struct stats_count *c,
				      const struct stats_counters *counters,
				      const struct where *where, bool optimize,
				      struct err *err)
{
	const struct match_options match = {
	    .text = c->text,
	    .compiler = counters->compiler,
	    .vm_linktype = UINT32_MAX,
	    .unoptimized = !optimize,
	    .column = true,
	};

	return c->where ? where_selector(where, err) : match_open(&match, err);
}

struct sink *stats_sink_open(struct stats *stats,
			     const struct stats_counters *counters,
			     bool optimize, struct err *err)
{
	const struct stats_options *options = stats_options(stats);
	struct selector *picks[STATS_COUNTS];
	size_t i;

	for (i = 0; i < options->n_counts; i++) {
		picks[i] = open_selector(&options->counts[i], counters,
					 counters->where[i], optimize, err);
		if (picks[i])
			continue;
		while (i > 0)
			selector_close(picks[--i]);
		return NULL;
	}
	return stats_sink(stats, picks, err);
}
