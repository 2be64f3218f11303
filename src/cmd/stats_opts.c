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

static const struct opt report_opts[] = {
    {
	.name = "by",
	.type = OPT_TEXTS,
	MEMBER(by),
	.arg = "REPORT",
	.help = "Show this report instead of the overview; its name may be "
		"followed by a colon and a kind, such as conversations:tcp. "
		"May be repeated; all are made in one pass. \"pcaptool list "
		"reports\" names them.",
	.values = stats_names,
    },
    {
	.name = "count",
	.type = OPT_TEXTS,
	MEMBER(counts),
	.arg = "EXPR",
	.help = "Give the tables one more column: how many of the packets "
		"match this expression (pcap-filter(7)). May be repeated.",
	.values = opt_values_expression,
    },
    {
	.name = "interval",
	.type = OPT_DURATION,
	MEMBER(interval),
	.arg = "DUR",
	.min = 1000,
	.max = INT64_MAX,
	.help = "How long the intervals of the report rate are, such as 1s or "
		"100ms. Without it they are as long as it takes to show the "
		"whole in at most 60 of them.",
    },
    {
	.name = "origin",
	.type = OPT_TEXT,
	MEMBER(origin),
	.arg = "TIME",
	.help = "A time at which an interval begins, or \"first\": the time of "
		"the first packet. The default is the start of 1970, so that "
		"intervals of a second begin with seconds.",
    },
    {
	.name = "hash",
	.type = OPT_FLAG,
	MEMBER(hash),
	.help = "Add checksums of the files, as they are, to the summary: "
		"SHA256, RIPEMD160 and SHA1. Takes reading them once more.",
    },
    {
	.name = "reassemble",
	.type = OPT_FLAG,
	MEMBER(reassemble),
	.help = "Put messages together that are longer than a TCP segment, and "
		"count them in the packet in which they end, as tshark does. "
		"Takes one thread, and what is counted of a connection then "
		"depends on the packets before.",
    },
    {
	.name = "max-flows",
	.type = OPT_NUMBER,
	MEMBER(max_flows),
	.arg = "N",
	.min = 64,
	.max = 100000000,
	.help = "Keep at most N entries in a table. Beyond that, entries with "
		"the least in them are dropped, and a warning says how many, "
		"and how much rows may lack. The default is 1048576.",
    },
    {
	.name = "jobs",
	.type = OPT_NUMBER,
	MEMBER(jobs),
	.arg = "N",
	.min = 1,
	.max = 64,
	.help = "Count with N threads; the output is the same. The default is "
		"one for each processor.",
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
	.help = "Count what this interface receives (a name or a number of "
		"\"pcaptool list\") until interrupted: on a terminal as a "
		"screen that shows the last interval (--interval, 1s by "
		"default), else as a line of JSON for each interval; at the "
		"end the totals. May be repeated.",
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
	.help = "Show the first N rows of a table; 0: all. The default is 10 "
		"in the overview, 20 in other text, and all in JSON and CSV.",
    },
    {
	.name = "sort",
	.type = OPT_TEXT,
	MEMBER(sort),
	.arg = "COLUMN",
	.help = "Sort tables by this column, named as in JSON and CSV, the "
		"largest number first, texts from a to z, and empty cells "
		"last. Headings are taken too. Tables without it keep their "
		"order.",
    },
    {
	.name = "ascending",
	.type = OPT_FLAG,
	MEMBER(ascending),
	.help = "With --sort: the smallest number first.",
    },
    {
	.name = "utc",
	.type = OPT_FLAG,
	MEMBER(utc),
	.help = "Show times in UTC, not in the local time zone.",
    },
    {
	.name = "json",
	.type = OPT_FLAG,
	MEMBER(json),
	.help = "Print one JSON object, with a member for each report.",
    },
    {
	.name = "plot",
	.type = OPT_FLAG,
	MEMBER(plot),
	.help = "Draw a chart below each table: values over time, or a bar for "
		"each row. Not in the overview, which has its own.",
    },
    {
	.name = "svg",
	.type = OPT_TEXT,
	MEMBER(svg),
	.arg = "FILE",
	.help = "Also write the charts to this new file, as a picture that "
		"browsers show (SVG, without scripts).",
	.values = opt_values_files,
    },
    {
	.name = "html",
	.type = OPT_TEXT,
	MEMBER(html),
	.arg = "FILE",
	.help = "Also write tables and charts to this new file, as a page that "
		"needs nothing else: its tables can be sorted and searched, "
		"and numbers of packets lead to command lines that show them. "
		"Tables have 10000 rows at most, or what --top says.",
	.values = opt_values_files,
    },
    {
	.name = "csv",
	.type = OPT_FLAG,
	MEMBER(csv),
	.help = "Print tables as CSV, with an empty line between them.",
    },
    {0},
};

static const struct opt state_opts[] = {
    {
	.name = "save",
	.type = OPT_TEXT,
	MEMBER(save),
	.arg = "FILE",
	.help = "Write what was counted to FILE, for --merge, instead of "
		"printing it; - is standard output.",
	.values = opt_values_files,
    },
    {
	.name = "merge",
	.type = OPT_FLAG,
	MEMBER(merge),
	.help = "The operands are files that --save wrote, by this machine or "
		"by others: print (or save) what one run over all of their "
		"inputs would have.",
    },
    {
	.name = "force",
	.type = OPT_FLAG,
	MEMBER(force),
	.help = "Overwrite a file that exists.",
    },
    {0},
};

const struct opt_group stats_groups[] = {
    {"Input", inputs_opts, offsetof(struct stats_conf, inputs), NULL},
    {"Selecting packets", select_opts, offsetof(struct stats_conf, select),
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
	if (conf->counts.n > STATS_COUNTS)
		return err_set(err, ERR_USAGE,
			       "option --count: at most %d of them",
			       STATS_COUNTS);
	for (i = 0; i < conf->counts.n; i++)
		options->counts[options->n_counts++] = conf->counts.item[i];
	return take_origin(conf->origin, options, err);
}
