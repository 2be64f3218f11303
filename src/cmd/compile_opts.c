/* The options of compile. */
#include "cmd/compile.h"
#include "cmd/interfaces.h"

const struct compile_conf compile_defaults = {.form = -1};

static const char *const form_names[] = {
#define FORM(name, title, binary) #name,
#include "bpf/syntaxes.def"
#undef FORM
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
		"'pcaptool list linktypes') or a LINKTYPE_ number. Without "
		"-y, -i and -r it is EN10MB, for xt_bpf RAW.",
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
	.help = "The verdict for a packet that matches: how many bytes of it "
		"to keep. Without it 262144.",
    },
    {
	.letter = 'm',
	.name = "netmask",
	.type = OPT_TEXT,
	MEMBER(netmask),
	.arg = "NETMASK",
	.help = "The IPv4 netmask of the network, for 'ip broadcast': "
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
	.help = "Compile for this interface, as a capture would: its link "
		"type and netmask, and what its kernel can tell a filter. "
		"Takes the right to capture.",
	.values = interface_values,
    },
    {
	.letter = 'r',
	.name = "read",
	.type = OPT_TEXT,
	MEMBER(read),
	.arg = "FILE",
	.help = "Compile for the link type of this savefile's first "
		"interface.",
	.values = opt_values_files,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(expr_file),
	.arg = "FILE",
	.help = "Take the expression from FILE, where # starts a comment.",
	.values = opt_values_files,
    },
    {
	.name = "bpf",
	.type = OPT_TEXT,
	MEMBER(bpf),
	.arg = "FILE",
	.help = "Take a program from FILE (- is standard input) instead of an "
		"expression, in any form that --as prints; which one is found "
		"out from what it holds.",
	.values = opt_values_files,
    },
    {
	.name = "allow-loops",
	.type = OPT_FLAG,
	MEMBER(allow_loops),
	.help = "Accept a program that jumps backwards, as libpcap makes for "
		"'protochain'. No kernel does.",
    },
    {0},
};

static const struct opt form_opts[] = {
    {
	.letter = 'd',
	.name = "dump",
	.type = OPT_COUNT,
	MEMBER(dump),
	.help = "Print the program as tcpdump does: -d as a listing, -dd as "
		"elements of a C array, -ddd as decimal numbers.",
    },
    {
	.name = "as",
	.type = OPT_WORD,
	MEMBER(form),
	.arg = "FORM",
	.words = form_names,
	.help = "Print the program in this form: asm (assembly with labels, "
		"as for bpf_asm), explain (the same with what each "
		"instruction does), list, c, decimal (-d, -dd and -ddd), "
		"xt_bpf (one line for iptables), json, dot (a graph for "
		"Graphviz) or cbpf (libpcap's binary savefile of programs).",
    },
    {
	.name = "json",
	.type = OPT_FLAG,
	MEMBER(json),
	.help = "Print JSON: the program, or what --run, --profile, --trace "
		"and --compare find.",
    },
    {
	.name = "verify",
	.type = OPT_FLAG,
	MEMBER(verify),
	.help = "Print nothing but whether the Linux kernel would take the "
		"program, and if not (exit status 1) why.",
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
	.help = "Who checks, prints (-d, -dd, -ddd) and runs (--run, "
		"--compare) the program: own (the default) or, for a second "
		"opinion, libpcap.",
    },
    {
	.name = "run",
	.type = OPT_TEXT,
	MEMBER(run),
	.arg = "FILE",
	.help = "Run the program over a savefile: how many packets match, and "
		"how fast that goes.",
	.values = opt_values_files,
    },
    {
	.name = "profile",
	.type = OPT_TEXT,
	MEMBER(profile),
	.arg = "FILE",
	.help = "Run it and list how often each instruction is reached, and "
		"how each test turns out.",
	.values = opt_values_files,
    },
    {
	.name = "trace",
	.type = OPT_TEXT,
	MEMBER(trace),
	.arg = "FILE:N",
	.help = "Show each step that the program takes on packet N of a "
		"savefile, and its verdict.",
	.values = opt_values_files,
    },
    {
	.name = "compare",
	.type = OPT_TEXT,
	MEMBER(compare),
	.arg = "EXPR",
	.help = "List the packets of a savefile, the last operand, on which "
		"the filter and EXPR differ; with -O as EXPR, on which the "
		"optimized and the unoptimized program do. Exit status 1 if "
		"there are any.",
	.values = opt_values_expression,
    },
    {0},
};

const struct opt_group compile_groups[] = {
    {"What to compile", source_opts, 0, NULL},
    {"Output", form_opts, 0, NULL},
    {"Trying it on packets", examine_opts, 0, NULL},
    {0},
};
