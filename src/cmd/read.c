/* read: print the packets of savefiles. */
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/inputs.h"
#include "cmd/message.h"
#include "cmd/print_opts.h"
#include "cmd/select_opts.h"
#include "os/thread.h"
#include "output/stream_print.h"

struct read_conf {
	struct inputs_conf inputs;
	struct select_conf select;
	struct print_conf print;
	bool nano, follow;
	const char *stream;
	int stream_as; /* enum stream_form */
};

static const struct read_conf read_defaults = {
    .select = SELECT_DEFAULTS,
    .print = PRINT_DEFAULTS,
};

static const struct opt read_opts[] = {
    {
	.name = "nano",
	.type = OPT_FLAG,
	.member = offsetof(struct read_conf, nano),
	.help = "Show timestamps with nanoseconds.",
    },
    {
	.name = "follow",
	.type = OPT_FLAG,
	.member = offsetof(struct read_conf, follow),
	.help =
	    "At the end of the file, wait for more packets until interrupted "
	    "or the file is removed. If the file is replaced or truncated, "
	    "continue from its start. Requires a single uncompressed file.",
    },
    {0},
};

static const struct opt stream_opts[] = {
    {
	.name = "stream",
	.type = OPT_TEXT,
	.member = offsetof(struct read_conf, stream),
	.arg = "WHICH",
	.help = "Print the payload of one conversation, TCP's in order and "
		"once, with > and < for its directions. WHICH is its number "
		"(tcp.stream), 'udp:7', or its ends, as in "
		"'tcp:192.0.2.1:1234,192.0.2.2:80' (IPv6 addresses in "
		"brackets).",
    },
    {
	.name = "stream-as",
	.type = OPT_WORD,
	.member = offsetof(struct read_conf, stream_as),
	.arg = "FORM",
	.words = stream_form_names,
	.help = "Format of the payload: text, hex, or raw (the bytes alone).",
    },
    {0},
};

static const struct opt_group read_groups[] = {
    {"Input", inputs_opts, offsetof(struct read_conf, inputs), NULL},
    {"Selecting packets", select_opts, offsetof(struct read_conf, select),
     NULL},
    {"Selecting packets", select_any_opts, offsetof(struct read_conf, select),
     NULL},
    {"Selecting by fields", where_opts, offsetof(struct read_conf, select),
     NULL},
    {"Printing", print_opts, offsetof(struct read_conf, print), NULL},
    {"Reading", read_opts, 0, NULL},
    {"One conversation", stream_opts, 0, NULL},
    {0},
};

static struct sink *open_sink(const struct read_conf *conf,
			      const struct ctx *ctx, struct err *err)
{
	struct print_options options = conf->print.options;

	if (!conf->stream)
		return print_conf_open(&conf->print, ctx, thread_cores(), err);
	options.force = conf->print.as.item;
	options.n_force = conf->print.as.n;
	return stream_print_open(conf->stream, conf->stream_as, &options,
				 STDOUT_FILENO, err);
}

static int read_run(const struct ctx *ctx, void *config,
		    const struct args *args)
{
	struct read_conf *conf = config;
	struct sink *sink;
	struct inputs in;
	struct err err;
	int status;

	if (conf->nano)
		conf->print.options.digits = 9;
	conf->print.macros = conf->select.macros;
	conf->select.other_exprs = conf->print.options.fields;
	conf->select.show_refused = true;
	conf->select.decoding = print_conf_decoding(&conf->print);
	if (!inputs_take(&in, &conf->inputs, &conf->select, args, false,
			 &err)) {
		status = message_usage(&err, "read");
	} else {
		in.follow = conf->follow;
		sink = open_sink(conf, ctx, &err);
		if (sink)
			status = inputs_run(&in, &conf->select, sink);
		else if (err.kind == ERR_USAGE)
			status = message_usage(&err, "read");
		else
			status = message_err(&err);
	}
	inputs_fini(&in);
	return status;
}

static const struct example read_examples[] = {
    {"pcaptool read a.pcapng", "One line for each packet."},
    {"pcaptool read -f 'tcp port 443' -c 10 -vv a.pcap",
     "More about the first ten that match."},
    {"pcaptool read --fields frame.time_epoch,ip.src,ip.dst -o csv a.pcap",
     "Three columns."},
    {"pcaptool read --stream 0 a.pcap",
     "The payload of the first TCP conversation."},
    {"pcaptool read -o json a.pcap | jq '.\"tcp.dstport\"'",
     "Each packet as a JSON object."},
    {0},
};

const struct command read_command = {
    .name = "read",
    .operands = "[FILE...]",
    .summary = "print the packets of savefiles",
    .about = "Decode the packets of the FILEs, or of standard input, and print "
	     "them: a line for each, all their fields, or selected "
	     "fields. With -r, the operands are words of an expression that "
	     "selects packets (see pcap-filter(7)).",
    .groups = read_groups,
    .defaults = &read_defaults,
    .conf_size = sizeof(struct read_conf),
    .values = inputs_operands,
    .examples = read_examples,
    .run = read_run,
};
