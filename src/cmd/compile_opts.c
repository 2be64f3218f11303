/* The options of compile. */
#include "cmd/compile.h"
#include "cmd/interfaces.h"

const struct compile_conf compile_defaults = {.form = -1,
					      .select = SELECT_DEFAULTS};

static const char *const form_names[] = {
#define FORM(name, title, binary) #name,
#include "bpf/syntaxes.def"
#undef FORM
    "pcap",
    NULL,
};

static const char *const engine_words[] = {"own", "libpcap", NULL};

#define MEMBER(name) .member = offsetof(struct compile_conf, name)

static const struct opt source_opts[] = {
    {
	.letter = 'y',
	.name = "linktype",
	.type = OPT_TEXT,
	MEMBER(linktype),
	.arg = "LINKTYPE",
	.help = "Compile for this link type: a name such as EN10MB (see "
		"'pcaptool list linktypes') or a LINKTYPE_ number. "
		"Default without -i and -r: EN10MB, or RAW for xt_bpf.",
	.values = linktype_values,
    },
    {
	.letter = 's',
	.name = "snapshot-length",
	.type = OPT_NUMBER,
	MEMBER(snaplen),
	.arg = "SNAPLEN",
	.min = 1,
	.max = INT32_MAX,
	.help = "Number of bytes the program returns for a matching "
		"packet. Default: 262144.",
    },
    {
	.letter = 'm',
	.name = "netmask",
	.type = OPT_TEXT,
	MEMBER(netmask),
	.arg = "NETMASK",
	.help = "IPv4 netmask of the network, used by 'ip broadcast': "
		"255.255.255.0, 0xffffff00 or 24.",
    },
    {
	.letter = 'O',
	.name = "no-optimize",
	.type = OPT_FLAG,
	MEMBER(unoptimized),
	.help = "Do not let libpcap optimize the program.",
    },
    {
	.letter = 'i',
	.name = "interface",
	.type = OPT_TEXT,
	MEMBER(interface),
	.arg = "IFACE",
	.help = "Compile as for a capture on this interface, with its "
		"link type, netmask and kernel filter extensions. "
		"Requires permission to capture.",
	.values = interface_values,
    },
    {
	.letter = 'r',
	.name = "read",
	.type = OPT_TEXT,
	MEMBER(read),
	.arg = "FILE",
	.help = "Compile for the link type of the first interface in this "
		"savefile.",
	.values = opt_values_files,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(expr_file),
	.arg = "FILE",
	.help = "Read the expression from FILE; # starts a comment.",
	.values = opt_values_files,
    },
    {
	.name = "bpf",
	.type = OPT_TEXT,
	MEMBER(bpf),
	.arg = "FILE",
	.help = "Read a program from FILE (- is standard input) instead "
		"of compiling an expression. Any format that --as prints "
		"is recognized.",
	.values = opt_values_files,
    },
    {
	.name = "allow-loops",
	.type = OPT_FLAG,
	MEMBER(allow_loops),
	.help = "Accept backward jumps, which libpcap generates for "
		"'protochain'. No kernel accepts them.",
    },
    {0},
};

static const struct opt form_opts[] = {
    {
	.letter = 'd',
	.name = "dump",
	.type = OPT_COUNT,
	MEMBER(dump),
	.help = "Print the program as tcpdump does: -d as a listing, -dd "
		"as elements of a C array, -ddd as decimal numbers.",
    },
    {
	.name = "as",
	.type = OPT_WORD,
	MEMBER(form),
	.arg = "FORM",
	.words = form_names,
	.help = "Output format: asm (assembly with labels, as for "
		"bpf_asm), explain (the same, with comments on each "
		"instruction), list, c, decimal (as -d, -dd and -ddd), "
		"xt_bpf (one line for iptables), json, dot (a graph for "
		"Graphviz) or cbpf (libpcap's binary program file). With "
		"--where: explain, json or pcap.",
    },
    {
	.name = "json",
	.type = OPT_FLAG,
	MEMBER(json),
	.help = "Print JSON: the program, or the result of --run, "
		"--profile, --trace or --compare.",
    },
    {
	.name = "verify",
	.type = OPT_FLAG,
	MEMBER(verify),
	.help = "Only check whether the Linux kernel would accept the "
		"program; if not, print why and exit with status 1.",
    },
    {0},
};

static const struct opt examine_opts[] = {
    {
	.name = "engine",
	.type = OPT_WORD,
	MEMBER(engine),
	.arg = "ENGINE",
	.words = engine_words,
	.help = "Engine that checks, prints (-d, -dd, -ddd) and runs "
		"(--run, --compare) the program: own (the default) or "
		"libpcap.",
    },
    {
	.name = "run",
	.type = OPT_TEXT,
	MEMBER(run),
	.arg = "FILE",
	.help = "Run the program on a savefile; print the number of "
		"matching packets and the speed.",
	.values = opt_values_files,
    },
    {
	.name = "profile",
	.type = OPT_TEXT,
	MEMBER(profile),
	.arg = "FILE",
	.help = "Run the program on a savefile; print how often each "
		"instruction is executed and each branch is taken.",
	.values = opt_values_files,
    },
    {
	.name = "trace",
	.type = OPT_TEXT,
	MEMBER(trace),
	.arg = "FILE:N",
	.help = "Print each step of the program on packet N of a "
		"savefile, and the result.",
	.values = opt_values_files,
    },
    {
	.name = "compare",
	.type = OPT_TEXT,
	MEMBER(compare),
	.arg = "EXPR",
	.help = "List the packets of a savefile (the last operand) for "
		"which the filter and EXPR give different results; with "
		"-O as EXPR, compare the optimized and the unoptimized "
		"program. Exit status 1 if there are any.",
	.values = opt_values_expression,
    },
    {0},
};

const struct opt_group compile_groups[] = {
    {"What to compile", source_opts, 0, NULL},
    {"A field expression instead, to see what becomes of it", where_opts,
     offsetof(struct compile_conf, select), NULL},
    {"Output", form_opts, 0, NULL},
    {"Trying it on packets", examine_opts, 0, NULL},
    {0},
};
