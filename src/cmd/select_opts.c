/* The options that select packets. */
#include "cmd/select_opts.h"

static const char *const directions[] = {"in", "out", NULL};

static const char *const search_places[] = {"payload", "frame", NULL};

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
	.help = "Select packets that match this expression "
		"(pcap-filter(7)).",
	.values = opt_values_expression,
    },
    {
	.letter = 'F',
	.name = "filter-file",
	.type = OPT_TEXT,
	MEMBER(expr_file),
	.arg = "FILE",
	.help = "Read the expression from FILE; # starts a comment. With "
		"other expressions, packets must match all of them.",
	.values = opt_values_files,
    },
    {
	.letter = 'O',
	.name = "no-optimize",
	.type = OPT_FLAG,
	MEMBER(unoptimized),
	.help = "Do not run libpcap's optimizer. Which packets match does not "
		"depend on it.",
    },
    {
	.name = "whole-flows",
	.type = OPT_NUMBER,
	MEMBER(whole_flows),
	.arg = "N",
	.min = 64,
	.max = 100000000,
	.fallback = "524288",
	.help = "Select entire flows: every packet of any flow with a "
		"selected packet. At most N flows are remembered; a warning "
		"says if there are more. Flows are those of TCP, UDP, SCTP and "
		"other IP protocols, ICMP queries with their replies, "
		"ICMP errors with the packets they quote, and all "
		"fragments. The input is read twice; input that cannot be "
		"reread is copied to a temporary file.",
    },
    {
	.letter = 'c',
	.name = "max-packets",
	.type = OPT_NUMBER,
	MEMBER(count),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop after N selected packets.",
    },
    {
	.name = "packets",
	.type = OPT_TEXT,
	MEMBER(packets),
	.arg = "LIST",
	.help = "Select packets by number, counted from 1 in the input: "
		"numbers and ranges such as 1-10,25,100-.",
    },
    {
	.name = "from",
	.type = OPT_TIME,
	MEMBER(from),
	.arg = "TIME",
	.help = "Select packets at or after TIME: ISO 8601, seconds since "
		"1970, a time of day of the first packet's day (12:00), +10m "
		"(after the first packet), or -5m (before the last one; reads "
		"the input twice).",
    },
    {
	.name = "to",
	.type = OPT_TIME,
	MEMBER(to),
	.arg = "TIME",
	.help = "Select packets before TIME. If --from and --to are times of "
		"day and --to is the earlier one, it is the next day's.",
    },
    {
	.name = "interface",
	.type = OPT_TEXT,
	MEMBER(interface),
	.arg = "NAME",
	.help = "Select packets captured on the interface with this name "
		"in the pcapng file.",
    },
    {
	.name = "direction",
	.type = OPT_WORD,
	MEMBER(direction),
	.arg = "WAY",
	.words = directions,
	.help = "Select packets marked as incoming or outgoing.",
    },
    {0},
};

const struct opt select_any_opts[] = {
    {
	.name = "bpf",
	.type = OPT_TEXT,
	MEMBER(bpf),
	.arg = "FILE",
	.help = "Select packets accepted by the compiled program in FILE, "
		"in any format that pcaptool compile writes.",
	.values = opt_values_files,
    },
    {
	.name = "invert",
	.type = OPT_FLAG,
	MEMBER(invert),
	.help = "Select packets that do not match the expression or "
		"program (--bpf). Other selection options are unaffected.",
    },
    {
	.name = "hosts",
	.type = OPT_TEXT,
	MEMBER(hosts),
	.arg = "FILE",
	.help = "Select packets to or from an address in FILE: IPv4 and "
		"IPv6 addresses and prefixes, any number of them, "
		"separated by white space or commas; # starts a comment.",
	.values = opt_values_files,
    },
    {
	.name = "dedup",
	.type = OPT_TEXT,
	MEMBER(dedup),
	.arg = "WINDOW",
	.fallback = "5",
	.help = "Remove duplicates: packets with the same bytes as an "
		"earlier one among the last WINDOW packets or (a duration "
		"such as 10ms) within that time. Default: 5 packets.",
    },
    {
	.name = "dedup-ignore",
	.type = OPT_TEXT,
	MEMBER(dedup_ignore),
	.arg = "LIST",
	.help = "Ignore these when comparing packets for --dedup, "
		"separated by commas: ttl (TTL or hop limit), checksum "
		"(of IP and transport headers), link (link-layer header "
		"and padding).",
	.values = ignore_values,
	.commas = true,
    },
    {
	.name = "skip",
	.type = OPT_NUMBER,
	MEMBER(skip),
	.arg = "N",
	.help = "Skip the first N selected packets.",
    },
    {
	.name = "sample",
	.type = OPT_TEXT,
	MEMBER(sample),
	.arg = "1/N",
	.help = "Select only the first of every N packets that match the "
		"other options.",
    },
    {0},
};

const struct opt where_opts[] = {
    {
	.letter = 'Y',
	.name = "where",
	.type = OPT_TEXT,
	MEMBER(where),
	.arg = "EXPR",
	.help = "Select packets whose fields match this expression "
		"(pcaptool-where(7)), such as 'http.host contains "
		"\"example\"'.",
	.values = opt_values_where,
    },
    {
	.name = "where-file",
	.type = OPT_TEXT,
	MEMBER(where_file),
	.arg = "FILE",
	.help = "Read such an expression from FILE; lines that begin with # "
		"are comments. With -Y, packets must match both.",
	.values = opt_values_files,
    },
    {
	.name = "macros",
	.type = OPT_TEXT,
	MEMBER(macros),
	.arg = "FILE",
	.help = "Read the macros of such expressions ($name, $name(a,b)) from "
		"FILE. Default: the configured file, or the user's "
		"(pcaptool-where(7)).",
	.values = opt_values_files,
    },
    {
	.name = "contains",
	.type = OPT_TEXT,
	MEMBER(search.contains),
	.arg = "TEXT",
	.help = "Select packets whose payload contains TEXT, or the bytes of "
		"hexadecimal digits after 0x. The payload is that of TCP or "
		"UDP; other packets are searched whole.",
    },
    {
	.name = "match",
	.type = OPT_TEXT,
	MEMBER(search.match),
	.arg = "REGEX",
	.help = "The same for a Perl-compatible regular expression.",
    },
    {
	.name = "ignore-case",
	.type = OPT_FLAG,
	MEMBER(search.ignore_case),
	.help = "Ignore the case of letters in --contains and --match.",
    },
    {
	.name = "search-in",
	.type = OPT_WORD,
	MEMBER(search.place),
	.arg = "WHAT",
	.words = search_places,
	.help = "What --contains and --match look into: payload (the default) "
		"or frame, the whole packet.",
    },
    {0},
};

bool select_has_program(const struct select_conf *conf)
{
	return conf->expr || conf->expr_file || conf->bpf;
}

bool select_has_where(const struct select_conf *conf)
{
	return conf->where || conf->where_file || search_any(&conf->search);
}

bool select_needs_end(const struct select_conf *conf)
{
	return conf->from.base == MOMENT_END || conf->to.base == MOMENT_END;
}

bool select_any(const struct select_conf *conf, const char *words)
{
	return words || select_has_program(conf) || select_has_where(conf) ||
	       conf->packets || conf->interface || conf->sample ||
	       conf->hosts || conf->dedup || conf->skip > 0 ||
	       conf->count > 0 || conf->direction >= 0 || conf->from.base ||
	       conf->to.base;
}
