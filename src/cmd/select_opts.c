/* The options that select packets, and the stage made of them. */
#include "cmd/select_opts.h"

#include <string.h>

#include "base/num.h"
#include "pkt/limit.h"
#include "pkt/origin.h"
#include "pkt/ranges.h"
#include "pkt/sift.h"
#include "pkt/timespan.h"

static const char *const directions[] = {"in", "out", NULL};

#define MEMBER(name) .member = offsetof(struct select_conf, name)

const struct opt select_opts[] = {
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

/* The conditions in the order in which they are asked: those that look at one
   packet alone first, those that count last. */
static bool add_picks(struct sink *sift, const struct select_conf *conf,
		      struct err *err)
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
	if (conf->skip > 0 &&
	    !sift_add(sift, skip_open((uint64_t)conf->skip, err), err))
		return false;
	if (conf->sample &&
	    !sift_add(sift, sample_pick(conf->sample, err), err))
		return false;
	return conf->count == 0 ||
	       sift_add(sift, limit_open((uint64_t)conf->count, err), err);
}

struct sink *select_open(const struct select_conf *conf, struct sink *next,
			 struct err *err)
{
	struct sink *sift = sift_open(next, err);

	if (sift && !add_picks(sift, conf, err)) {
		sink_close(sift, NULL);
		return NULL;
	}
	return sift;
}
