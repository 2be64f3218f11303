/*
 * write: savefiles in, savefiles out; convert, merge and edit on the way.
 *
 * The packets that are selected pass the edits in the order in which they
 * stand in edits_open(), whatever the order of the options.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "capture/linktype.h"
#include "cmd/command.h"
#include "cmd/inputs.h"
#include "cmd/report.h"
#include "cmd/savefile_opts.h"
#include "cmd/select_opts.h"
#include "cmd/split_opts.h"
#include "pkt/chop.h"
#include "pkt/comments.h"
#include "pkt/inject.h"
#include "pkt/retype.h"
#include "pkt/shift.h"
#include "pkt/snap.h"
#include "pkt/sort.h"

struct edit_conf {
	const char *snaplen;
	struct texts chop;
	int64_t shift; /* ns */
	const char *linktype;
	struct texts comments; /* N:TEXT */
	bool drop_comments;
	struct texts secrets; /* TYPE:FILE */
	bool sort;
};

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

#define MEMBER(name) .member = offsetof(struct edit_conf, name)

static void snaplen_values(struct str *out)
{
	str_puts(out, "headers\n96\n");
}

static const struct opt edit_opts[] = {
    {
	.name = "shift",
	.type = OPT_DURATION,
	MEMBER(shift),
	.arg = "DURATION",
	.min = INT64_MIN,
	.max = INT64_MAX,
	.help = "Add DURATION, which may be negative, to all time stamps.",
    },
    {
	.name = "chop",
	.type = OPT_TEXTS,
	MEMBER(chop),
	.arg = "[OFFSET:]N",
	.help = "Cut N octets from the start of each packet, or (negative) "
		"from its end. With OFFSET: behind (before) that octet, "
		"counted from the start or (negative) from the end. Lengths "
		"on the wire shrink too. May be repeated.",
    },
    {
	.letter = 's',
	.name = "snapshot-length",
	.type = OPT_TEXT,
	MEMBER(snaplen),
	.arg = "N",
	.help = "Keep at most N octets of each packet, or with the word "
		"headers just the link, network and transport headers. "
		"Lengths on the wire stay.",
	.values = snaplen_values,
    },
    {
	.name = "sort",
	.type = OPT_FLAG,
	MEMBER(sort),
	.help = "Put the packets in the order of time. What does not fit in "
		"memory goes through temporary files in $TMPDIR or /tmp.",
    },
    {
	.name = "linktype",
	.type = OPT_TEXT,
	MEMBER(linktype),
	.arg = "TYPE",
	.help = "Say that all packets are of this link type, a name or a "
		"LINKTYPE_ number. The packets are not changed.",
    },
    {
	.name = "packet-comment",
	.type = OPT_TEXTS,
	MEMBER(comments),
	.arg = "N:TEXT",
	.help = "Comment packet N, counted from 1 in the input (pcapng). May "
		"be repeated.",
    },
    {
	.name = "drop-comments",
	.type = OPT_FLAG,
	MEMBER(drop_comments),
	.help = "Drop the comments that packets, interfaces and sections have "
		"in the input.",
    },
    {
	.name = "secrets",
	.type = OPT_TEXTS,
	MEMBER(secrets),
	.arg = "TYPE:FILE",
	.help = "Put the decryption secrets in FILE into the savefile "
		"(pcapng). TYPE is tls, ssh, wireguard, zigbee-nwk, "
		"zigbee-aps or opcua. May be repeated.",
    },
    {0},
};

static const struct opt hex_opts[] = {
    {
	.name = "hex",
	.type = OPT_FLAG,
	.member = offsetof(struct write_conf, hex),
	.help = "The input is text: hexadecimal dumps as xxd, od, hexdump, "
		"tcpdump -x and tshark -x write them and text2pcap reads "
		"them. --linktype says what the packets are; the default is "
		"Ethernet.",
    },
    {0},
};

static const struct opt_group write_groups[] = {
    {"Input", inputs_opts, offsetof(struct write_conf, inputs), NULL},
    {"Other input", hex_opts, 0, NULL},
    {"Selecting packets", select_opts, offsetof(struct write_conf, select),
     NULL},
    {"Editing packets", edit_opts, offsetof(struct write_conf, edit), NULL},
    {"Splitting", split_opts, offsetof(struct write_conf, split), NULL},
    {"Writing savefiles", savefile_opts, offsetof(struct write_conf, savefile),
     NULL},
    {0},
};

/* ---- single edits, each put in front of next ---- */

static struct sink *bad_option(struct sink *next, struct err *err,
			       const char *option, const char *value,
			       const char *what)
{
	err_set(err, ERR_USAGE, "option %s: '%s' is %s", option, value, what);
	sink_close(next, NULL);
	return NULL;
}

static struct sink *add_chop(const char *text, struct sink *next,
			     struct err *err)
{
	struct chop chop;

	if (!chop_parse(text, &chop))
		return bad_option(next, err, "--chop", text, "not [OFFSET:]N");
	return chop_open(&chop, next, err);
}

static struct sink *add_snaplen(const char *text, struct sink *next,
				struct err *err)
{
	uint64_t n;

	if (!strcmp(text, "headers"))
		return snap_headers_open(next, err);
	if (!num_u64(text, &n) || n == 0 || n > INT32_MAX)
		return bad_option(next, err, "--snapshot-length (-s)", text,
				  "neither a number of octets nor headers");
	return snap_open((uint32_t)n, next, err);
}

static struct sink *add_linktype(const char *text, struct sink *next,
				 struct err *err)
{
	uint32_t linktype;

	if (linktype_parse(text, &linktype, err))
		return retype_open(linktype, next, err);
	sink_close(next, NULL);
	return NULL;
}

/* Does the chain change the octets of packets? */
static bool changes_octets(const struct edit_conf *conf)
{
	return conf->snaplen || conf->chop.n > 0;
}

static struct sink *add_comments(const struct edit_conf *conf,
				 struct sink *next, struct err *err)
{
	size_t n = conf->comments.n, i;
	struct comment *list = calloc(n + 1, sizeof(*list));
	struct sink *s;

	if (!list) {
		err_nomem(err, "comments");
		sink_close(next, NULL);
		return NULL;
	}
	for (i = 0; i < n; i++) {
		const char *text = conf->comments.item[i];
		size_t digits = strspn(text, "0123456789");
		char number[24];

		snprintf(number, sizeof(number), "%.*s", (int)digits, text);
		if (text[digits] != ':' || digits >= sizeof(number) ||
		    !num_u64(number, &list[i].number)) {
			free(list);
			return bad_option(next, err, "--packet-comment", text,
					  "not N:TEXT");
		}
		list[i].text = text + digits + 1;
	}
	s = comments_open(
	    &(struct comments_options){
		.list = list,
		.n = n,
		.drop = conf->drop_comments,
		.changed = changes_octets(conf),
	    },
	    next, err);
	free(list);
	return s;
}

/* ---- decryption secrets ---- */

#define SECRETS_MAX ((size_t)64 << 20)
#define BLOCK_SECRETS 10

/* Types of draft-ietf-opsawg-pcapng, section 4.7. */
static const struct {
	const char *name;
	uint32_t type;
} secret_types[] = {
    {"tls", 0x544c534b},	{"ssh", 0x5353484b},
    {"wireguard", 0x57474b4c},	{"zigbee-nwk", 0x5a4e574b},
    {"zigbee-aps", 0x5a415053}, {"opcua", 0x55414b4c},
};

/* All of a file behind what *to holds. */
static bool read_whole(const char *path, struct str *to, struct err *err)
{
	FILE *f = fopen(path, "rb");
	bool good = false;
	size_t n = 0;

	if (!f) {
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
		return err_in_file(err, path);
	}
	do {
		char *room = str_room(to, 65536);

		if (!room)
			break;
		n = fread(room, 1, 65536, f);
		to->len += n;
	} while (n > 0 && to->len <= SECRETS_MAX);
	if (ferror(f))
		err_sys(err, ERR_USAGE, errno, "cannot be read");
	else if (to->len > SECRETS_MAX)
		err_set(err, ERR_USAGE, "is too large for secrets");
	else if (to->failed)
		err_nomem(err, "secrets");
	else
		good = true;
	fclose(f);
	return good || err_in_file(err, path);
}

static struct sink *add_secrets(const char *text, struct sink *next,
				struct err *err)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0, i;
	struct str body = STR_INIT;
	uint32_t head[2] = {0};
	bool good = false;

	for (i = 0; i < sizeof(secret_types) / sizeof(*secret_types); i++)
		if (len == strlen(secret_types[i].name) &&
		    !strncmp(text, secret_types[i].name, len))
			head[0] = secret_types[i].type;
	if (!head[0])
		return bad_option(next, err, "--secrets", text,
				  "not TYPE:FILE with one of the known types");
	str_put(&body, head, sizeof(head));
	if (!body.failed && read_whole(colon + 1, &body, err)) {
		head[1] = (uint32_t)(body.len - sizeof(head));
		memcpy(body.text, head, sizeof(head));
		str_pad(&body, '\0', -body.len & 3);
		good = !body.failed || err_nomem(err, "secrets");
	}
	if (good) {
		next = inject_open(
		    &(struct block){
			.type = BLOCK_SECRETS,
			.body = (const uint8_t *)str_text(&body),
			.len = body.len,
		    },
		    next, err);
	} else {
		sink_close(next, NULL);
		next = NULL;
	}
	str_fini(&body);
	return next;
}

/* ---- the command ---- */

/* Put all edits in front of next: the last one is opened first. */
static struct sink *edits_open(const struct edit_conf *conf, struct sink *next,
			       struct err *err)
{
	size_t i;

	for (i = conf->secrets.n; next && i > 0; i--)
		next = add_secrets(conf->secrets.item[i - 1], next, err);
	if (next && (conf->comments.n > 0 || conf->drop_comments ||
		     changes_octets(conf)))
		next = add_comments(conf, next, err);
	if (next && conf->linktype)
		next = add_linktype(conf->linktype, next, err);
	if (next && conf->snaplen)
		next = add_snaplen(conf->snaplen, next, err);
	for (i = conf->chop.n; next && i > 0; i--)
		next = add_chop(conf->chop.item[i - 1], next, err);
	if (next && conf->shift != 0)
		next = shift_open(conf->shift, next, err);
	return next;
}

/* Would the edits open? */
static bool edits_check(const struct edit_conf *conf, struct err *err)
{
	struct sink *s = edits_open(conf, sink_nothing(), err);

	sink_close(s, NULL);
	return s != NULL;
}

static int write_files(const struct write_conf *conf, struct inputs *in)
{
	struct savefile_conf savefile = conf->savefile;
	struct sink *sink;
	struct err err;
	bool sort;

	/* What can be wrong is found before the output exists. */
	if (!inputs_open(in, &conf->select, &err) ||
	    !edits_check(&conf->edit, &err))
		return report_err(&err);
	savefile.libpcap = conf->inputs.engine == INPUTS_ENGINE_LIBPCAP;
	savefile.edited = select_any(&conf->select, in->words) ||
			  changes_octets(&conf->edit) ||
			  split_wanted(&conf->split);
	sort = conf->edit.sort;
	if (sort && inputs_in_order(in)) {
		log_note("the packets are in order: none had to move");
		sort = false;
	}
	if (split_wanted(&conf->split))
		sink = split_files_open(&conf->split, &savefile, &err);
	else
		sink = savefile_conf_create(&savefile, savefile.path, &err);
	if (sink && sort)
		sink = sort_open(SORT_MEMORY, sink, &err);
	if (sink)
		sink = edits_open(&conf->edit, sink, &err);
	if (!sink)
		return report_err(&err);
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
		err_set(&err, ERR_USAGE, "no output given: use -w FILE");
		status = report_usage(&err, "write");
	} else if (!inputs_take(&in, &conf->inputs, &conf->select, args, false,
				&err)) {
		status = report_usage(&err, "write");
	} else {
		in.progress = !ctx->quiet;
		in.hex = conf->hex;
		in.hex_linktype = 1; /* Ethernet */
		if (conf->hex && conf->edit.linktype &&
		    !linktype_parse(conf->edit.linktype, &in.hex_linktype,
				    &err))
			status = report_err(&err);
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
     "Make a savefile of octets."},
    {"pcaptool write in.pcapng -s headers -w small.pcapng",
     "Keep the headers of all packets and drop what they carry."},
    {0},
};

const struct command write_command = {
    .name = "write",
    .operands = "[FILE...] -w OUTPUT",
    .summary = "convert, merge and edit savefiles",
    .about = "Write the packets of the FILEs (or of standard input), merged "
	     "by time, to a new savefile; select and edit them on the way.",
    .groups = write_groups,
    .defaults = &write_defaults,
    .conf_size = sizeof(struct write_conf),
    .examples = write_examples,
    .run = write_run,
};
