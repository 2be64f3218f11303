/*
 * filter: from savefiles the packets that match, as a savefile.
 *
 * As with grep the expression comes first, and there are three ways to ask:
 * for the packets, for their number, for whether there are any.
 */
#include <inttypes.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/inputs.h"
#include "cmd/json_line.h"
#include "cmd/message.h"
#include "cmd/print_opts.h"
#include "cmd/savefile_opts.h"
#include "cmd/select_opts.h"
#include "os/term.h"
#include "os/thread.h"

struct filter_conf {
	struct inputs_conf inputs;
	struct select_conf select;
	struct savefile_conf savefile;
	bool count, json;
	bool quiet;
};

static const struct filter_conf filter_defaults = {
    .select = SELECT_DEFAULTS,
    .savefile = SAVEFILE_DEFAULTS_WHOLE,
};

static const struct opt filter_opts[] = {
    {
	.name = "count",
	.type = OPT_FLAG,
	.member = offsetof(struct filter_conf, count),
	.help = "Print only the number of matching packets; with several "
		"files, per file, after its name.",
    },
    {
	.name = "json",
	.type = OPT_FLAG,
	.member = offsetof(struct filter_conf, json),
	.help = "With --count: print JSON, an object with the file's name and "
		"the number for each file, and their sum.",
    },
    {
	.letter = 'q',
	.name = "quiet",
	.type = OPT_FLAG,
	.member = offsetof(struct filter_conf, quiet),
	.help = "Print and write nothing; exit with status 0 if a packet "
		"matches, 1 if none does.",
    },
    {0},
};

static const struct opt_group filter_groups[] = {
    {"Input", inputs_opts, offsetof(struct filter_conf, inputs), NULL},
    {"Selecting packets", select_opts, offsetof(struct filter_conf, select),
     NULL},
    {"Selecting packets", select_any_opts, offsetof(struct filter_conf, select),
     NULL},
    {"Selecting by fields", where_opts, offsetof(struct filter_conf, select),
     NULL},
    {"Output", filter_opts, 0, NULL},
    {"Writing savefiles", savefile_opts, offsetof(struct filter_conf, savefile),
     NULL},
    {0},
};

/* ---- counting ---- */

/* Counts what reaches it; at `enough` packets it has seen enough. */
struct counter {
	struct sink sink;
	uint64_t count, enough;
};

static enum verdict counter_packets(struct sink *s, const struct pkt *p,
				    size_t n)
{
	struct counter *c = (struct counter *)s;

	(void)p;
	c->count += n;
	return c->count >= c->enough ? STOP : GO_ON;
}

static bool counter_close(struct sink *s, struct err *err)
{
	(void)s, (void)err; /* the caller's storage */
	return true;
}

static const struct sink_ops counter_ops = {
    .name = "counter",
    .packets = counter_packets,
    .close = counter_close,
};

/* The number of packets of all files of in, up to `enough`. */
static int count_packets(const struct filter_conf *conf, struct inputs *in,
			 uint64_t enough, uint64_t *count)
{
	struct counter c = {.sink.ops = &counter_ops, .enough = enough};
	int status = inputs_run(in, &conf->select, &c.sink);

	*count = c.count;
	return status;
}

/* One file of several, alone. Returns the exit status. */
static int count_file(const struct filter_conf *conf, const struct inputs *in,
		      size_t i, uint64_t *count)
{
	const char *path = in->paths[i];
	struct inputs one = {
	    .recover = in->recover,
	    .engine = in->engine,
	    .n = 1,
	    .words = in->words,
	    .view = in->view,
	    .selection = in->selection,
	    .prepared = true,
	};
	int status;

	one.paths = &path;
	status = count_packets(conf, &one, UINT64_MAX, count);
	one.paths = NULL; /* not its own */
	one.words = NULL;
	one.selection = (struct selection){0};
	inputs_fini(&one);
	return status;
}

static void put_count(struct str *out, const struct inputs *in, size_t i,
		      uint64_t count, int status, bool json)
{
	if (json) {
		str_puts(out,
			 out->len ? ",{\"name\":" : "{\"files\":[{\"name\":");
		str_json_text(out, in->paths[i]);
		json_line_count(out, "packets", count);
		str_printf(out, ",\"status\":%d}", status);
		return;
	}
	if (in->n > 1) {
		str_foreign(out, in->paths[i], strlen(in->paths[i]));
		str_putc(out, ':');
	}
	str_printf(out, "%" PRIu64 "\n", count);
}

/* --count: a number, or one after each file's name. */
static int filter_count(const struct filter_conf *conf, struct inputs *in)
{
	struct str out = STR_INIT;
	uint64_t count, sum = 0;
	struct err err;
	int status = 0;
	size_t i;

	if (!inputs_prepare(in, &conf->select, &err))
		return message_err(&err);

	for (i = 0; i < in->n; i++) {
		int s = count_file(conf, in, i, &count);

		if (s > status)
			status = s;
		if (s == ERR_USAGE) /* no capture, or no expression */
			continue;
		put_count(&out, in, i, count, s, conf->json);
		sum += count;
	}
	if (conf->json && out.len > 0) {
		str_putc(&out, ']');
		json_line_count(&out, "packets", sum);
		str_puts(&out, "}\n");
	}
	if (out.len > 0 && !message_out(&out))
		status = report_out_status();
	str_fini(&out);
	return status;
}

/* -q: is there one? */
static int filter_quiet(const struct filter_conf *conf, struct inputs *in)
{
	uint64_t count;
	int status = count_packets(conf, in, 1, &count);

	if (count > 0)
		return 0;
	return status ? status : 1;
}

/* ---- the command ---- */

static int filter_write(const struct filter_conf *conf, struct inputs *in,
			const struct ctx *ctx)
{
	struct savefile_conf savefile = conf->savefile;
	const struct print_conf lines = PRINT_DEFAULTS;
	bool print = !savefile.path && term_stdout();
	struct sink *sink = NULL;
	struct err err;

	if (!savefile.path)
		savefile.path = "-";
	savefile.inputs = in->paths;
	savefile.n_inputs = in->n;
	savefile.libpcap = conf->inputs.engine == INPUTS_ENGINE_LIBPCAP;
	savefile.edited = true;
	savefile.ahead = conf->savefile.path != NULL;
	in->progress = !ctx->quiet && !print;
	savefile_conf_allow(&savefile);
	if (print)
		sink = print_conf_open(&lines, ctx, thread_cores(), &err);
	if (print && !sink)
		return message_err(&err);
	if (!inputs_open(in, &conf->select, &err)) {
		sink_abandon(sink);
		return message_err(&err);
	}
	if (!sink)
		sink = savefile_conf_create_used(&savefile, &err);
	return sink ? inputs_run(in, &conf->select, sink) : message_err(&err);
}

static bool check(const struct filter_conf *conf, struct err *err)
{
	return !conf->json || conf->count ||
	       err_set(err, ERR_USAGE, "option --json: needs --count");
}

static int filter_run(const struct ctx *ctx, void *config,
		      const struct args *args)
{
	struct filter_conf *conf = config;
	struct inputs in;
	struct err err;
	int status;

	conf->select.show_refused = !conf->quiet && !conf->count &&
				    !conf->savefile.path && term_stdout();
	if (!inputs_take(&in, &conf->inputs, &conf->select, args, true, &err) ||
	    !check(conf, &err))
		status = message_usage(&err, "filter");
	else if (conf->quiet)
		status = filter_quiet(conf, &in);
	else if (conf->count)
		status = filter_count(conf, &in);
	else
		status = filter_write(conf, &in, ctx);
	inputs_fini(&in);
	return status;
}

static const struct example filter_examples[] = {
    {"pcaptool filter 'tcp port 443' a.pcap b.pcap.gz -w https.pcapng",
     "Write the packets of port 443 from both files, by time."},
    {"pcaptool filter --count 'udp port 53' *.pcapng",
     "Count the DNS packets of each file."},
    {"pcaptool filter --invert 'host 192.0.2.1' <in.pcap >out.pcapng",
     "Leave a host out."},
    {0},
};

const struct command filter_command = {
    .name = "filter",
    .operands = "EXPRESSION [FILE...]",
    .summary = "write the packets of savefiles that match",
    .about = "Write the packets of the FILEs (or of standard input) that "
	     "match EXPRESSION (see pcap-filter(7)), and that the options "
	     "select, to a savefile, by default pcapng on standard output; if "
	     "that is a terminal, print them. "
	     "With -r, all operands are words of EXPRESSION; with -f, -F or "
	     "--bpf all are FILEs, and with -Y those that exist.",
    .groups = filter_groups,
    .defaults = &filter_defaults,
    .conf_size = sizeof(struct filter_conf),
    .values = inputs_expr_operands,
    .examples = filter_examples,
    .run = filter_run,
};
