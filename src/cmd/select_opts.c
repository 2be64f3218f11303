/* The options that select packets, and the stage made of them. */
#include "cmd/select_opts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "cmd/match.h"
#include "pkt/dedup.h"
#include "pkt/hosts.h"
#include "pkt/limit.h"
#include "pkt/origin.h"
#include "pkt/ranges.h"
#include "pkt/sift.h"
#include "pkt/timespan.h"
#include "pkt/wholeflows.h"

static const char *const directions[] = {"in", "out", NULL};

#define MEMBER(name) .member = offsetof(struct select_conf, name)

const struct opt select_opts[] = {
    {
	.letter = 'f',
	.name = "filter",
	.type = OPT_TEXT,
	MEMBER(expr),
	.arg = "EXPR",
	.help = "Only packets that match this expression (pcap-filter(7)).",
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
	.name = "invert",
	.type = OPT_FLAG,
	MEMBER(invert),
	.help = "Turn the expression around: only packets that do not match "
		"it. All other options select as without.",
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
	.help = "Leave out packets with the same octets as one before, among "
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
	.help = "Only packets of that time or later.",
    },
    {
	.name = "to",
	.type = OPT_TIME,
	MEMBER(to),
	.arg = "TIME",
	.help = "Only packets before that time.",
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

/* "1/N" or "N". */
static struct pick *sample_pick(const char *text, struct err *err)
{
	const char *number = strncmp(text, "1/", 2) == 0 ? text + 2 : text;
	uint64_t n;

	if (!num_u64(number, &n) || n == 0) {
		err_set(err, ERR_USAGE,
			"option --sample: '%s' is not of the form 1/N", text);
		return NULL;
	}
	return sample_open(n, err);
}

/* Expressions in files are read whole; nobody writes longer ones. */
#define EXPR_FILE_MAX ((size_t)1 << 20)

/* The text of an expression file, its comments blank; NULL: *err says why. */
static bool read_expr(const char *path, struct str *text, struct err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	bool comment = false;
	int c;

	if (!f) {
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
		return err_in_file(err, path);
	}
	while ((c = getc(f)) != EOF && text->len < EXPR_FILE_MAX) {
		if (c == '\n' || c == '#')
			comment = c == '#';
		str_putc(text, comment || c == '\n' || !c ? ' ' : (char)c);
	}
	if (ferror(f) || c != EOF) {
		err_set(err, ERR_USAGE, "is no readable file of an expression");
		err_in_file(err, path);
	} else if (text->failed) {
		err_nomem(err, "expression");
	}
	if (f != stdin)
		fclose(f);
	return c == EOF && !text->failed;
}

/* One more expression: all must match. */
static void and_expr(struct str *all, const char *text)
{
	struct str one = STR_INIT;

	if (text[strspn(text, " \t\r\n")] == '\0')
		return;
	if (all->len == 0) {
		str_puts(all, text);
		return;
	}
	str_printf(&one, "(%s) and (%s)", str_text(all), text);
	str_clear(all);
	str_puts(all, str_text(&one));
	all->failed |= one.failed;
	str_fini(&one);
}

/* The pick for the conjunction of all expressions. */
static bool add_match(struct sink *sift, const struct select_conf *conf,
		      const char *words, struct err *err)
{
	struct str all = STR_INIT, file = STR_INIT;
	bool good = true;

	if (conf->expr)
		and_expr(&all, conf->expr);
	if (conf->expr_file) {
		good = read_expr(conf->expr_file, &file, err);
		and_expr(&all, str_text(&file));
	}
	if (words)
		and_expr(&all, words);
	if (good && all.failed)
		good = err_nomem(err, "expression");
	if (good && conf->invert && !words && !select_has_program(conf))
		good = err_set(err, ERR_USAGE,
			       "option --invert needs an expression");
	if (good && (all.len > 0 || conf->invert))
		good = sift_add(
		    sift, match_open(str_text(&all), conf->invert, err), err);
	str_fini(&all);
	str_fini(&file);
	return good;
}

static struct pick *hosts_pick(const char *path, struct err *err)
{
	struct hosts *hosts = hosts_new(err);

	if (hosts && !hosts_read(hosts, path, err)) {
		hosts_free(hosts);
		hosts = NULL;
	}
	return hosts_open(hosts, err);
}

/* One word of the list at *p, and over the comma behind it. */
static bool ignore_word(const char **p, struct dedup_options *o)
{
	size_t n = strcspn(*p, ",");
	bool *what = NULL;

	if (n == 3 && !strncmp(*p, "ttl", n))
		what = &o->ignore_ttl;
	else if (n == 8 && !strncmp(*p, "checksum", n))
		what = &o->ignore_sums;
	else if (n == 4 && !strncmp(*p, "link", n))
		what = &o->ignore_link;
	else
		return false;
	*what = true;
	*p += n;
	if (**p == ',' && (*p)[1])
		++*p;
	return true;
}

static struct pick *dedup_pick(const struct select_conf *conf, struct err *err)
{
	struct dedup_options o = {0};
	const char *p = conf->dedup_ignore;
	uint64_t packets;

	if (num_u64(conf->dedup, &packets)) {
		if (packets < 2 || packets > DEDUP_MAX) {
			err_set(err, ERR_USAGE,
				"option --dedup: '%s' is out of range: 2 to %u "
				"packets",
				conf->dedup, DEDUP_MAX);
			return NULL;
		}
		o.packets = (uint32_t)packets;
	} else if (!num_duration(conf->dedup, &o.window_ns) ||
		   o.window_ns < 0) {
		err_set(err, ERR_USAGE,
			"option --dedup: '%s' is neither a number of packets "
			"nor a duration such as 10ms",
			conf->dedup);
		return NULL;
	}
	while (p && *p) {
		if (!ignore_word(&p, &o)) {
			err_set(err, ERR_USAGE,
				"option --dedup-ignore: '%s' is no list of "
				"ttl, checksum and link",
				conf->dedup_ignore);
			return NULL;
		}
	}
	return dedup_open(&o, err);
}

bool select_has_program(const struct select_conf *conf)
{
	return conf->expr || conf->expr_file;
}

/* The conditions in the order in which they are asked: those that look at one
   packet alone first, those that count last. */
static bool add_picks(struct sink *sift, const struct select_conf *conf,
		      const char *words, struct err *err)
{
	if (conf->packets &&
	    !sift_add(sift, ranges_open(conf->packets, err), err))
		return false;
	if ((conf->from != INT64_MIN || conf->to != INT64_MAX) &&
	    !sift_add(sift, timespan_open(conf->from, conf->to, err), err))
		return false;
	if (conf->interface &&
	    !sift_add(sift, ifname_open(conf->interface, err), err))
		return false;
	if (conf->direction >= 0 &&
	    !sift_add(sift,
		      direction_open(conf->direction == 0 ? PKT_INBOUND
							  : PKT_OUTBOUND,
				     err),
		      err))
		return false;
	if (!add_match(sift, conf, words, err))
		return false;
	if (conf->hosts && !sift_add(sift, hosts_pick(conf->hosts, err), err))
		return false;
	if (conf->dedup_ignore && !conf->dedup)
		return err_set(err, ERR_USAGE,
			       "option --dedup-ignore needs --dedup");
	if (conf->dedup && !sift_add(sift, dedup_pick(conf, err), err))
		return false;
	if (conf->skip > 0 &&
	    !sift_add(sift, skip_open((uint64_t)conf->skip, err), err))
		return false;
	if (conf->sample &&
	    !sift_add(sift, sample_pick(conf->sample, err), err))
		return false;
	return conf->count == 0 ||
	       sift_add(sift, limit_open((uint64_t)conf->count, err), err);
}

struct sink *select_open_pass(const struct select_conf *conf, const char *words,
			      enum select_pass pass, struct wholeflows *flows,
			      struct sink *next, struct err *err)
{
	struct sink *sift = sift_open(next, err);
	bool good = sift != NULL;

	if (good && pass == SELECT_LEARN)
		good = sift_add(sift, wholeflows_watch(flows, err), err);
	good = good && add_picks(sift, conf, words, err);
	if (good && pass != SELECT_ONCE)
		sift_go_on(sift);
	if (good && pass == SELECT_TAKE)
		good = sift_add(sift, wholeflows_pick(flows, err), err);
	if (good)
		return sift;
	sink_close(sift, NULL);
	return NULL;
}

struct sink *select_open(const struct select_conf *conf, const char *words,
			 struct sink *next, struct err *err)
{
	return select_open_pass(conf, words, SELECT_ONCE, NULL, next, err);
}
