/*
 * write: savefiles in, savefiles out; convert, merge and edit on the way.
 *
 * The packets that are selected pass the edits, are sorted, and go to one file
 * or are split over many.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/linktype.h"
#include "cmd/command.h"
#include "cmd/edit_opts.h"
#include "cmd/inputs.h"
#include "cmd/message.h"
#include "cmd/savefile_opts.h"
#include "cmd/select_opts.h"
#include "cmd/split_opts.h"
#include "os/sandbox.h"
#include "pkt/sort.h"

struct write_conf {
	struct inputs_conf inputs;
	struct select_conf select;
	bool hex;
	struct edit_conf edit;
	struct split_conf split;
	struct savefile_conf savefile;
};

static const struct write_conf write_defaults = {
    .select = SELECT_DEFAULTS,
    .split = SPLIT_DEFAULTS,
    .savefile = SAVEFILE_DEFAULTS_WHOLE,
};

static const struct opt hex_opts[] = {
    {
	.name = "hex",
	.type = OPT_FLAG,
	.member = offsetof(struct write_conf, hex),
	.help = "The input is text: hexadecimal dumps as xxd, od, hexdump, "
		"tcpdump -x and tshark -x write them and text2pcap reads "
		"them. --linktype gives their link type; the default is "
		"Ethernet.",
    },
    {0},
};

static const struct opt_group write_groups[] = {
    {"Input", inputs_opts, offsetof(struct write_conf, inputs), NULL},
    {"Other input", hex_opts, 0, NULL},
    {"Selecting packets", select_opts, offsetof(struct write_conf, select),
     NULL},
    {"Selecting packets", select_any_opts, offsetof(struct write_conf, select),
     NULL},
    {"Selecting by fields", where_opts, offsetof(struct write_conf, select),
     NULL},
    {"Editing packets", edit_opts, offsetof(struct write_conf, edit), NULL},
    {"Splitting", split_opts, offsetof(struct write_conf, split), NULL},
    {"Writing savefiles", savefile_opts, offsetof(struct write_conf, savefile),
     NULL},
    {0},
};

/* ---- the command ---- */

static int write_files(const struct write_conf *conf, struct inputs *in)
{
	struct savefile_conf savefile = conf->savefile;
	struct sink *sink;
	struct err err;
	bool sort;

	savefile_conf_allow(&savefile);
	if (split_wanted(&conf->split))
		sandbox_may_read_beside(savefile.path); /* to add to parts */
	edits_allow(&conf->edit);
	/* What can be wrong is found before the output exists. */
	if (!inputs_open(in, &conf->select, &err) ||
	    !edits_check(&conf->edit, &err))
		return message_err(&err);
	savefile.inputs = in->paths;
	savefile.n_inputs = in->n;
	savefile.libpcap = conf->inputs.engine == INPUTS_ENGINE_LIBPCAP;
	savefile.edited = select_any(&conf->select, in->words) || in->view ||
			  edits_change_bytes(&conf->edit) ||
			  split_wanted(&conf->split);
	savefile.ahead = !split_wanted(&conf->split);
	sort = conf->edit.sort;
	if (sort && inputs_in_order(in)) {
		log_note("the packets are in order: none had to move");
		sort = false;
	}
	if (split_wanted(&conf->split))
		sink = split_files_open(&conf->split, &savefile, &err);
	else
		sink = savefile_conf_create_used(&savefile, &err);
	if (sink && sort)
		sink = sort_open(SORT_MEMORY, sink, &err);
	if (sink)
		sink = edits_open(&conf->edit, sink, &err);
	if (!sink)
		return message_err(&err);
	return inputs_run(in, &conf->select, sink);
}

static int write_run(const struct ctx *ctx, void *config,
		     const struct args *args)
{
	const struct write_conf *conf = config;
	struct inputs in = {0};
	struct err err;
	int status;

	if (!conf->savefile.path) {
		err_set(&err, ERR_USAGE, "no output file: use -w FILE");
		status = message_usage(&err, "write");
	} else if (!inputs_take(&in, &conf->inputs, &conf->select, args, false,
				&err)) {
		status = message_usage(&err, "write");
	} else {
		in.progress = !ctx->quiet;
		in.hex = conf->hex;
		in.hex_linktype = 1; /* Ethernet */
		if (conf->hex && conf->edit.linktype &&
		    !linktype_parse(conf->edit.linktype, &in.hex_linktype,
				    &err))
			status = message_err(&err);
		else
			status = write_files(conf, &in);
	}
	inputs_fini(&in);
	return status;
}

static const struct example write_examples[] = {
    {"pcaptool write old.pcap -w new.pcapng", "Convert."},
    {"pcaptool write a.pcap b.pcapng -w both.pcapng",
     "Merge two savefiles by time."},
    {"xxd frame.bin | pcaptool write --hex -w frame.pcap",
     "Make a savefile of bytes."},
    {"pcaptool write in.pcapng -s headers -w small.pcapng",
     "Keep only the headers of all packets."},
    {0},
};

const struct command write_command = {
    .name = "write",
    .operands = "[FILE...] -w OUTPUT",
    .summary = "convert, merge and edit savefiles",
    .about = "Write the packets of the FILEs (or of standard input), merged "
	     "by time, to a new savefile; optionally select and edit them.",
    .groups = write_groups,
    .defaults = &write_defaults,
    .conf_size = sizeof(struct write_conf),
    .values = inputs_operands,
    .examples = write_examples,
    .run = write_run,
};
