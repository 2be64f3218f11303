/* The options of `stats`. */
#include "cmd/stats_opts.h"

#include <string.h>

#include "base/num.h"
#include "cmd/interfaces.h"
#include "cmd/stats_overview.h"
#include "os/thread.h"

const struct stats_conf stats_defaults = {
    .select = SELECT_DEFAULTS,
    .top = -1,
    .max_flows = STATS_FLOWS,
};

#define MEMBER(name) .member = offsetof(struct stats_conf, name)

static void report_values(struct str *out)
{
	stats_names(out);
	str_puts(out, "@fields\n");
}

static const struct opt report_opts[] = {
    {
	.name = "by",
	.type = OPT_TEXTS,
	MEMBER(by),
	.arg = "REPORT",
	.help = "Show this report instead of the overview; a colon and a "
		"kind may follow, as in conversations:tcp, or what to count "
		"by, as in fields:ip.src,tcp.dstport. May be "
		"repeated; all reports are made in one pass. \"pcaptool "
		"list reports\" lists them.",
	.values = report_values,
    },
    {
	.name = "count",
	.type = OPT_TEXTS,
	MEMBER(counts),
	.arg = "EXPR",
	.help = "Add a column to the tables that counts the packets "
		"matching this expression (pcap-filter(7)). May be "
		"repeated.",
	.values = opt_values_expression,
    },
    {
	.name = "count-where",
	.type = OPT_TEXTS,
	MEMBER(counts_where),
	.arg = "EXPR",
	.help = "The same for packets that match a field expression "
		"(pcaptool-where(7)). May be repeated.",
    },
    {
	.name = "interval",
	.type = OPT_DURATION,
	MEMBER(interval),
	.arg = "DUR",
	.min = 1000,
	.max = INT64_MAX,
	.help = "Length of the intervals of the rate report, such as 1s "
		"or 100ms. Default: chosen so that there are at most 60.",
    },
    {
	.name = "origin",
	.type = OPT_TEXT,
	MEMBER(origin),
	.arg = "TIME",
	.help = "A time at which an interval begins, or \"first\" for the "
		"time of the first packet. Default: the start of 1970, so "
		"that intervals are aligned to the clock.",
    },
    {
	.name = "hash",
	.type = OPT_FLAG,
	MEMBER(hash),
	.help = "Add the SHA256, RIPEMD160 and SHA1 hashes of the files "
		"to the summary. Reads the files a second time.",
    },
    {
	.name = "reassemble",
	.type = OPT_FLAG,
	MEMBER(reassemble),
	.help = "Reassemble messages that span TCP segments and count "
		"them at the packet that completes them, as tshark does. "
		"Uses one thread.",
    },
    {
	.name = "max-flows",
	.type = OPT_NUMBER,
	MEMBER(max_flows),
	.arg = "N",
	.min = 64,
	.max = 100000000,
	.help = "Keep at most N entries per table. When a table is full, its "
		"smallest entries are evicted; a warning gives their number "
		"and the largest possible error of a row. Default: 1048576.",
    },
    {
	.name = "jobs",
	.type = OPT_NUMBER,
	MEMBER(jobs),
	.arg = "N",
	.min = 1,
	.max = 64,
	.help = "Count with N threads; the output is the same. Default: "
		"one per processor.",
    },
    {0},
};

static const struct opt live_opts[] = {
    {
	.letter = 'i',
	.name = "live",
	.type = OPT_TEXTS,
	MEMBER(live),
	.arg = "IFACE",
	.help = "Count packets on this interface (a name, a number from "
		"\"pcaptool list\", or ns:NAMESPACE/IFACE) until interrupted. "
		"A terminal shows "
		"the last interval (--interval, default 1s); otherwise "
		"one line of JSON is printed per interval. Totals follow "
		"at the end. May be repeated.",
	.values = interface_values,
    },
    {
	.name = "for",
	.type = OPT_DURATION,
	MEMBER(duration),
	.arg = "DURATION",
	.min = 1,
	.max = INT64_MAX,
	.help = "With --live: stop after this time.",
    },
    {
	.letter = 'p',
	.name = "no-promiscuous-mode",
	.type = OPT_FLAG,
	MEMBER(no_promiscuous),
	.help = "With --live: do not put the interface into promiscuous mode.",
    },
    {0},
};

static const struct opt show_opts[] = {
    {
	.name = "top",
	.type = OPT_NUMBER,
	MEMBER(top),
	.arg = "N",
	.help = "Show the first N rows of a table; 0 for all. Default: 10 "
		"in the overview, 20 in other text, all in JSON and CSV.",
    },
    {
	.name = "sort",
	.type = OPT_TEXT,
	MEMBER(sort),
	.arg = "COLUMN",
	.help = "Sort tables by this column, named as in JSON and CSV or by "
		"its heading: numbers in descending order, text from a to z, "
		"empty cells last. Tables without it keep their order.",
    },
    {
	.name = "ascending",
	.type = OPT_FLAG,
	MEMBER(ascending),
	.help = "With --sort: sort numbers in ascending order.",
    },
    {
	.name = "utc",
	.type = OPT_FLAG,
	MEMBER(utc),
	.help = "Show times in UTC instead of the local time zone.",
    },
    {
	.name = "json",
	.type = OPT_FLAG,
	MEMBER(json),
	.help = "Print one JSON object with a member for each report.",
    },
    {
	.name = "plot",
	.type = OPT_FLAG,
	MEMBER(plot),
	.help = "Draw a chart below each table: values over time, or a "
		"bar per row. The overview has its own chart.",
    },
    {
	.name = "svg",
	.type = OPT_TEXT,
	MEMBER(svg),
	.arg = "FILE",
	.help = "Also write the charts to this new file as an SVG image "
		"without scripts.",
	.values = opt_values_files,
    },
    {
	.name = "html",
	.type = OPT_TEXT,
	MEMBER(html),
	.arg = "FILE",
	.help = "Also write tables and charts to this new file, as a "
		"self-contained HTML page: tables can be sorted and searched, "
		"and packet counts link to command lines that show the "
		"packets. Tables have at most 10000 rows, or --top rows.",
	.values = opt_values_files,
    },
    {
	.name = "csv",
	.type = OPT_FLAG,
	MEMBER(csv),
	.help = "Print tables as CSV, separated by empty lines.",
    },
    {0},
};

static const struct opt state_opts[] = {
    {
	.name = "save",
	.type = OPT_TEXT,
	MEMBER(save),
	.arg = "FILE",
	.help = "Save the counts to FILE for --merge instead of printing "
		"them; - is standard output.",
	.values = opt_values_files,
    },
    {
	.name = "merge",
	.type = OPT_FLAG,
	MEMBER(merge),
	.help = "Merge files written by --save, on this or other "
		"machines: print (or save) the result of one run over all "
		"their inputs.",
    },
    {
	.name = "force",
	.type = OPT_FLAG,
	MEMBER(force),
	.help = "Overwrite an existing file.",
    },
    {0},
};

const struct opt_group stats_groups[] = {
    {"Input", inputs_opts, offsetof(struct stats_conf, inputs), NULL},
    {"Selecting packets", select_opts, offsetof(struct stats_conf, select),
     NULL},
    {"Selecting packets", select_any_opts, offsetof(struct stats_conf, select),
     NULL},
    {"Selecting by fields", where_opts, offsetof(struct stats_conf, select),
     NULL},
    {"Live", live_opts, 0, NULL},
    {"Reports", report_opts, 0, NULL},
    {"Output", show_opts, 0, NULL},
    {"Beyond one machine", state_opts, 0, NULL},
    {0},
};

static bool take_origin(const char *text, struct stats_options *options,
			struct err *err)
{
	if (!text)
		return true;
	options->from_first = !strcmp(text, "first");
	if (options->from_first || num_time(text, false, &options->origin))
		return true;
	return err_set(err, ERR_USAGE,
		       "option --origin: '%s' is neither a time nor 'first'",
		       text);
}

static bool take_counts(struct stats_options *options,
			const struct texts *texts, bool where, struct err *err)
{
	size_t i;

	for (i = 0; i < texts->n; i++) {
		if (options->n_counts == STATS_COUNTS)
			return err_set(err, ERR_USAGE,
				       "options --count and --count-where: at "
				       "most %d of them",
				       STATS_COUNTS);
		if (strlen(texts->item[i]) > STATS_TEXT)
			return err_set(
			    err, ERR_USAGE, "option %s: more than %d bytes",
			    where ? "--count-where" : "--count", STATS_TEXT);
		options->counts[options->n_counts++] =
		    (struct stats_count){texts->item[i], where};
	}
	return true;
}

bool stats_conf_take(const struct stats_conf *conf,
		     struct stats_options *options, struct err *err)
{
	const char *const *by = conf->by.item;
	size_t n = conf->by.n, i;

	*options = (struct stats_options){
	    .interval = conf->interval,
	    .reassemble = conf->reassemble,
	    .utc = conf->utc,
	    .max_flows = (uint32_t)conf->max_flows,
	    .jobs = conf->jobs ? (unsigned)conf->jobs : thread_cores(),
	};
	if (n == 0) {
		by = stats_overview_reports;
		while (by[n])
			n++;
	}
	for (i = 0; i < n; i++)
		if (!stats_want(options, by[i], err))
			return false;
	return take_counts(options, &conf->counts, false, err) &&
	       take_counts(options, &conf->counts_where, true, err) &&
	       take_origin(conf->origin, options, err);
}
