/* stats: what is in captures. */
#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/expr_text.h"
#include "cmd/message.h"
#include "cmd/stats_chart.h"
#include "cmd/stats_html.h"
#include "cmd/stats_live.h"
#include "cmd/stats_opts.h"
#include "cmd/stats_show.h"
#include "cmd/stats_sink.h"
#include "file/digest.h"
#include "file/savefile.h"
#include "os/sandbox.h"

/* What the files are; false: checksums were asked for and cannot be had. */
static bool note_files(struct stats *stats, const struct inputs *in, bool hash,
		       struct err *err)
{
	size_t n = in->source ? savefile_inputs(in->source) : 0, i;

	for (i = 0; i < n; i++) {
		const struct savefile_facts *f = savefile_facts(in->source, i);
		struct digests d = {"", "", ""};

		if (hash && !file_digests(f->path, &d, err))
			return false;
		stats_file(stats, &(struct stats_file){
				      .path = f->path,
				      .type = f->format ? f->format : "",
				      .compression =
					  f->compression ? f->compression : "",
				      .size = f->size,
				      .packets = f->packets,
				      .sha256 = d.sha256,
				      .ripemd160 = d.ripemd160,
				      .sha1 = d.sha1,
				  });
	}
	return true;
}

/* Have the sandbox leave what the outputs need. */
static void allow_outputs(const struct stats_conf *conf)
{
	sandbox_may_make(conf->save);
	sandbox_may_make(conf->svg);
	sandbox_may_make(conf->html);
	if (conf->hash)
		digests_load();
}

/* *bad is the status for files that were left out. */
static int count_files(struct inputs *in, const struct stats_conf *conf,
		       struct stats *stats, const struct stats_options *options,
		       int *bad)
{
	struct stats_counters counters;
	struct sink *sink = NULL;
	struct err err;
	int status;

	if (!stats_counters_open(&counters, options, &conf->select, &err))
		return message_err(&err);
	allow_outputs(conf);
	if (inputs_prepare(in, &conf->select, &err)) {
		*bad = inputs_leave_out(in);
		if (*bad && in->n == 0) {
			stats_counters_close(&counters);
			return *bad;
		}
	}
	if (in->prepared && inputs_open(in, &conf->select, &err))
		sink = stats_sink_open(stats, &counters,
				       !conf->select.unoptimized, &err);
	status = sink ? inputs_run(in, &conf->select, sink) : message_err(&err);
	stats_counters_close(&counters);
	if (sink && !note_files(stats, in, conf->hash, &err))
		status = message_err(&err);
	return status;
}

/* All states as one. NULL: *err says why. */
static struct stats *merge_files(const struct stats_conf *conf,
				 const struct stats_options *options,
				 const struct args *args, struct err *err)
{
	struct stats *stats = NULL, *next;
	bool good = true;
	int i;

	for (i = 0; good && i < args->n; i++) {
		next = stats_load(args->operands[i], err);
		if (next && stats) {
			good = stats_same(stats, next, err) ||
			       err_in_file(err, args->operands[i]);
			if (good)
				stats_add(stats, next);
			stats_close(next);
		} else {
			good = next != NULL;
			stats = next ? next : stats;
			if (next)
				stats_limit(next, options->max_flows);
		}
	}
	if (good && conf->by.n)
		good = stats_choose(stats, options, err);
	if (good)
		return stats;
	stats_close(stats);
	return NULL;
}

static bool check_merge(const struct stats_conf *conf, const struct args *args,
			struct err *err)
{
	if (args->n == 0)
		return err_set(err, ERR_USAGE, "no state to merge given");
	if (conf->inputs.read.n || select_any(&conf->select, NULL) ||
	    conf->counts.n || conf->counts_where.n || conf->interval ||
	    conf->origin || conf->reassemble)
		return err_set(
		    err, ERR_USAGE,
		    "option --merge: packets are already counted, and "
		    "cannot be selected, or counted "
		    "differently");
	return true;
}

/* Print or save what was counted. Returns the worse of that and status. */
static int finish(const struct stats_conf *conf, const struct stats_show *show,
		  const struct stats *stats, const struct stats_origin *origin,
		  int status)
{
	struct err err;
	int done = 0;

	if (status > ERR_FAULT)
		return status;
	if (!conf->save)
		done = stats_print(show, stats);
	else if (!stats_save(stats, conf->save, conf->force, &err))
		done = message_err(&err);
	if (conf->save)
		stats_complain(stats);
	if (conf->svg && !stats_svg(stats, conf->svg, conf->force, &err))
		done = message_err(&err);
	if (conf->html &&
	    !stats_html(show, stats, origin, conf->html, conf->force, &err))
		done = message_err(&err);
	return done > status ? done : status;
}

/* Do both ask for the same reports? */
static bool same_wishes(const struct stats_options *a,
			const struct stats_options *b)
{
	size_t i;

	if (a->n_wishes != b->n_wishes)
		return false;
	for (i = 0; i < a->n_wishes; i++)
		if (a->wishes[i].report != b->wishes[i].report ||
		    a->wishes[i].kinds != b->wishes[i].kinds ||
		    a->wishes[i].fields != b->wishes[i].fields)
			return false;
	return true;
}

static int run_merge(const struct stats_conf *conf,
		     const struct stats_options *options,
		     const struct stats_show *wanted, const struct args *args)
{
	struct stats_show show = *wanted;
	struct stats *stats;
	struct err err;
	int status, i;

	if (!check_merge(conf, args, &err))
		return message_usage(&err, "stats");
	allow_outputs(conf);
	for (i = 0; i < args->n; i++)
		sandbox_may_read(args->operands[i]);
	if (!sandbox_enter(&err))
		return message_err(&err);
	stats = merge_files(conf, options, args, &err);
	if (stats)
		stats_utc(stats, conf->utc);
	/* without --by what was counted says what is shown */
	if (stats && show.overview)
		show.overview = same_wishes(options, stats_options(stats));
	if (!stats || !stats_show_check(&show, stats, &err))
		status = message_err(&err);
	else
		status =
		    finish(conf, &show, stats, &(struct stats_origin){0}, 0);
	stats_close(stats);
	return status;
}

static int count_and_finish(struct inputs *in, const struct stats_conf *conf,
			    const struct stats_show *show, struct stats *stats,
			    const struct stats_options *options, int *bad)
{
	struct str all = STR_INIT;
	struct stats_origin origin = {.paths = in->paths, .n = in->n};
	int status;

	if (conf->select.expr)
		expr_text_and(&all, conf->select.expr);
	if (in->words)
		expr_text_and(&all, in->words);
	origin.expression = str_text(&all);
	status = count_files(in, conf, stats, options, bad);
	status = finish(conf, show, stats, &origin, status);
	str_fini(&all);
	return status;
}

static int run_files(const struct ctx *ctx, const struct stats_conf *conf,
		     const struct stats_options *options,
		     const struct stats_show *show, const struct args *args)
{
	struct stats *stats;
	struct inputs in;
	struct err err;
	int status, bad = 0;

	if (!inputs_take(&in, &conf->inputs, &conf->select, args, false,
			 &err)) {
		inputs_fini(&in);
		return message_usage(&err, "stats");
	}
	in.progress = !ctx->quiet;
	stats = stats_open(options, &err);
	if (stats)
		stats_notes(stats);
	if (!stats && err.kind == ERR_USAGE)
		status = message_usage(&err, "stats");
	else if (!stats || !stats_show_check(show, stats, &err))
		status = message_err(&err);
	else
		status =
		    count_and_finish(&in, conf, show, stats, options, &bad);
	stats_close(stats);
	inputs_fini(&in);
	return bad > status ? bad : status;
}

static int run_live(const struct stats_conf *conf,
		    const struct stats_options *options,
		    const struct stats_show *show, const struct args *args)
{
	struct err err;

	if (conf->merge || conf->save || conf->csv || conf->svg || conf->html ||
	    conf->inputs.read.n) {
		err_set(&err, ERR_USAGE,
			"option --live: packets of interfaces are not merged, "
			"saved, read from files, drawn or shown as CSV");
		return message_usage(&err, "stats");
	}
	return stats_live(conf, options, show, args);
}

static int stats_run(const struct ctx *ctx, void *config,
		     const struct args *args)
{
	struct stats_conf *conf = config;
	struct stats_show show = {
	    .form = conf->json	? ROWS_JSON
		    : conf->csv ? ROWS_CSV
				: ROWS_TEXT,
	    .top = conf->top,
	    .sort = conf->sort,
	    .plot = conf->plot,
	    .ascending = conf->ascending,
	    .overview = !conf->by.n,
	};
	struct stats_options options;
	struct err err;

	stats_show_terminal(&show);
	conf->select.show_refused = true;
	if (!stats_conf_take(conf, &options, &err))
		return message_usage(&err, "stats");
	if (conf->live.n)
		return run_live(conf, &options, &show, args);
	return conf->merge ? run_merge(conf, &options, &show, args)
			   : run_files(ctx, conf, &options, &show, args);
}

static const struct example stats_examples[] = {
    {"pcaptool stats a.pcapng", "What is in there, on one screen."},
    {"pcaptool stats --by conversations:tcp --top 5 a.pcap",
     "The five largest TCP conversations."},
    {"pcaptool stats --by rate --interval 1s --count 'tcp port 443' a.pcap",
     "Traffic by second, and how much of it was HTTPS."},
    {"pcaptool stats -i eth0 --interval 2s",
     "Live traffic, every two seconds."},
    {"pcaptool stats --save a.state a.pcap",
     "Count here, for 'pcaptool stats --merge *.state' elsewhere."},
    {"pcaptool stats --by endpoints:ip --csv a.pcap >hosts.csv",
     "All hosts, for a spreadsheet."},
    {0},
};

const struct command stats_command = {
    .name = "stats",
    .operands = "[FILE... | EXPRESSION]",
    .summary = "what is in captures, or on the wire: totals and reports",
    .about =
	"Count the packets of the FILEs, or of standard input, and print "
	"an overview, or the selected reports. With -r, and with -i, which "
	"counts what an interface receives, the operands are "
	"words of an expression that selects packets (see "
	"pcap-filter(7)).",
    .groups = stats_groups,
    .defaults = &stats_defaults,
    .conf_size = sizeof(struct stats_conf),
    .values = inputs_operands,
    .examples = stats_examples,
    .run = stats_run,
};
