/* The options that select packets. */
#include "cmd/select_opts.h"

static const char *const directions[] = {"in", "out", NULL};

static void ignore_values(struct str *out)
{
	str_puts(out, "ttl\nchecksum\nlink\n");
}

#define MEMBER(name) .member = offsetof(struct select_conf, name)

const struct opt select_opts[] = {
    {
	.letter = 'f',
	.name = "filter",
	.type = OPT_TEXT,
	MEMBER(expr),
	.arg = "EXPR",
	.help = "Only packets that match this expression (pcap-filter(7)).",
	.values = opt_values_expression,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(expr_file),
	.arg = "FILE",
	.help = "Take the expression from FILE, where # starts a comment. With "
		"other expressions: packets that match them all.",
	.values = opt_values_files,
    },
    {
	.name = "bpf",
	.type = OPT_TEXT,
	MEMBER(bpf),
	.arg = "FILE",
	.help = "Only packets for which the compiled program in FILE says yes: "
		"in any of the forms that pcaptool compile writes.",
	.values = opt_values_files,
    },
    {
	.name = "invert",
	.type = OPT_FLAG,
	MEMBER(invert),
	.help = "Turn the expression around (and the program of --bpf): only "
		"packets that do not match. All other options select as "
		"without.",
    },
    {
	.name = "hosts",
	.type = OPT_TEXT,
	MEMBER(hosts),
	.arg = "FILE",
	.help = "Only packets from or to an address in FILE: IPv4 and IPv6 "
		"addresses and prefixes, any number of them, with white space "
		"or commas between; # starts a comment.",
	.values = opt_values_files,
    },
    {
	.name = "whole-flows",
	.type = OPT_FLAG,
	MEMBER(whole_flows),
	.help = "Also all other packets of every flow of which a packet is "
		"selected: TCP, UDP, SCTP and other IP flows, ICMP queries "
		"with their answers and errors with what they quote, and all "
		"fragments. The input is read twice; what cannot be is "
		"copied to a temporary file.",
    },
    {
	.name = "dedup",
	.type = OPT_TEXT,
	MEMBER(dedup),
	.arg = "WINDOW",
	.fallback = "5",
	.help = "Leave out packets with the same bytes as one before, among "
		"WINDOW packets in a row, or (a duration such as 10ms) within "
		"that time. The default is 5 packets.",
    },
    {
	.name = "dedup-ignore",
	.type = OPT_TEXT,
	MEMBER(dedup_ignore),
	.arg = "LIST",
	.help = "When looking for duplicates ignore some of ttl (TTL or hop "
		"limit), checksum (of IP and of transport headers) and link "
		"(the link header and padding); with commas between.",
	.values = ignore_values,
	.commas = true,
    },
    {
	.letter = 'c',
	.name = "max-packets",
	.type = OPT_NUMBER,
	MEMBER(count),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after N packets that all other options select.",
    },
    {
	.name = "skip",
	.type = OPT_NUMBER,
	MEMBER(skip),
	.arg = "N",
	.help = "Leave out the first N packets that the other options select.",
    },
    {
	.name = "packets",
	.type = OPT_TEXT,
	MEMBER(packets),
	.arg = "LIST",
	.help = "Only packets with these numbers, counted from 1 in the "
		"input: numbers and ranges such as 1-10,25,100-.",
    },
    {
	.name = "from",
	.type = OPT_TIME,
	MEMBER(from),
	.arg = "TIME",
	.help = "Only packets of that time or later: ISO 8601, seconds since "
		"1970, a time of day of the first packet's day (12:00), +10m "
		"(after the first packet), or -5m (before the last one, for "
		"which the input is read twice).",
    },
    {
	.name = "to",
	.type = OPT_TIME,
	MEMBER(to),
	.arg = "TIME",
	.help = "Only packets before that time. If --from and --to are times "
		"of day and --to is the earlier one, it is the next day's.",
    },
    {
	.name = "sample",
	.type = OPT_TEXT,
	MEMBER(sample),
	.arg = "1/N",
	.help = "Only the first of each N packets that the other options "
		"select.",
    },
    {
	.name = "interface",
	.type = OPT_TEXT,
	MEMBER(interface),
	.arg = "NAME",
	.help = "Only packets of the interface with this name, as the pcapng "
		"file calls it.",
    },
    {
	.name = "direction",
	.type = OPT_WORD,
	MEMBER(direction),
	.arg = "WAY",
	.words = directions,
	.help = "Only packets that are known to have come in, or to have gone "
		"out.",
    },
    {0},
};

bool select_has_program(const struct select_conf *conf)
{
	return conf->expr || conf->expr_file || conf->bpf;
}

bool select_needs_end(const struct select_conf *conf)
{
	return conf->from.base == MOMENT_END || conf->to.base == MOMENT_END;
}

bool select_any(const struct select_conf *conf, const char *words)
{
	return words || select_has_program(conf) || conf->packets ||
	       conf->interface || conf->sample || conf->hosts || conf->dedup ||
	       conf->skip > 0 || conf->count > 0 || conf->direction >= 0 ||
	       conf->from.base || conf->to.base;
}
