/* Joins what `stats` counts with the filters that --count asks for. */
#include "cmd/stats_sink.h"

#include "cmd/match.h"
#include "pkt/selector.h"

struct sink *stats_sink_open(struct stats *stats,
			     const struct stats_options *options,
			     struct expr_compiler *compiler, bool optimize,
			     struct err *err)
{
	struct selector *picks[STATS_COUNTS];
	size_t i;

	for (i = 0; i < options->n_counts; i++) {
		const struct match_options match = {
		    .text = options->counts[i],
		    .compiler = compiler,
		    .vm_linktype = UINT32_MAX,
		    .unoptimized = !optimize,
		};

		picks[i] = match_open(&match, err);
		if (!picks[i]) {
			while (i > 0)
				selector_close(picks[--i]);
			return NULL;
		}
	}
	return stats_sink(stats, picks, err);
}
