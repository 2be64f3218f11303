/* Selecting: each selector on its own, and in a row. */
#include "pkt/select.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/log.h"
#include "pkt/limit.h"
#include "pkt/origin.h"
#include "pkt/ranges.h"
#include "pkt/timespan.h"
#include "tap.h"

#define PACKETS 1000

/* Remembers the numbers of the packets that reach it, as text. */
struct catcher {
	struct sink sink;
	uint64_t count;
	char numbers[200];
};

static struct catcher caught;
static char warning[200];

static enum verdict catch_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct catcher *c = (struct catcher *)s;
	size_t i, len;

	for (i = 0; i < n; i++) {
		len = strlen(c->numbers);
		snprintf(c->numbers + len, sizeof(c->numbers) - len, "%s%d",
			 len ? " " : "", (int)p[i].number);
	}
	c->count += n;
	return GO_ON;
}

static bool catch_close(struct sink *s, struct err *err)
{
	(void)s, (void)err;
	return true;
}

static const struct sink_ops catch_ops = {
    .name = "catcher",
    .packets = catch_packets,
    .close = catch_close,
};

/* Packet k has number k, time k seconds, interface k % 3 and goes in when it
   is odd, out when it is even, unknown when it can be divided by 5. */
static void make_packets(struct pkt *p)
{
	size_t i;

	for (i = 0; i < PACKETS; i++) {
		uint32_t k = (uint32_t)i + 1;

		p[i] = (struct pkt){.number = k,
				    .time_ns = k * INT64_C(1000000000),
				    .iface = k % 3};
		if (k % 5)
			p[i].flags = k % 2 ? PKT_INBOUND : PKT_OUTBOUND;
	}
}

/* Push the packets, in batches of `batch`, through up to two selectors. */
static enum verdict run(size_t batch, struct selector *first,
			struct selector *second)
{
	static struct pkt packets[PACKETS];
	static const struct iface ifaces[] = {
	    {.id = 0, .name = "zero"},
	    {.id = 1, .name = "one"},
	    {.id = 2},
	};
	enum verdict v = GO_ON;
	struct err err;
	struct sink *s;
	size_t at, i;

	make_packets(packets);
	caught = (struct catcher){.sink.ops = &catch_ops};
	s = select_open(&caught.sink, &err);
	if (first)
		select_add(s, first, &err);
	if (second)
		select_add(s, second, &err);
	for (i = 0; i < 3; i++)
		ok(sink_iface(s, &ifaces[i], &err), "an interface");
	for (at = 0; at < PACKETS && v == GO_ON; at += batch)
		v = sink_packets(s, packets + at,
				 batch < PACKETS - at ? batch : PACKETS - at);
	sink_close(s, &err);
	return v;
}

static void check_counting(size_t batch)
{
	struct err err;

	is_int(run(batch, NULL, NULL), GO_ON, "no selector at all");
	is_int(caught.count, PACKETS, "  keeps everything");
	is_int(run(batch, limit_open(3, &err), NULL), STOP, "limit stops");
	is_str(caught.numbers, "1 2 3", "  after the last");
	run(batch, skip_open(997, &err), NULL);
	is_str(caught.numbers, "998 999 1000", "skip");
	run(batch, skip_open(2, &err), limit_open(2, &err));
	is_str(caught.numbers, "3 4", "limit counts what skip leaves");
	run(batch, sample_open(300, &err), NULL);
	is_str(caught.numbers, "1 301 601 901", "sample");
	run(batch, skip_open(10, &err), sample_open(400, &err));
	is_str(caught.numbers, "11 411 811", "sample what skip leaves");
	is_int(run(batch, limit_open(PACKETS, &err), NULL), STOP,
	       "limit stops at the last packet, not after it");
	is_int(caught.count, PACKETS, "  and keeps it");
}

static void check_ranges(size_t batch)
{
	static const char *const bad[] = {"",	"-",	 "0", "5-4", "1,",
					  ",1", "1-2-3", "x", "1 2", "1,,2"};
	struct err err;
	size_t i;

	is_int(run(batch, ranges_open("7,1-3,2-4,999-", &err), NULL), GO_ON,
	       "ranges in any order");
	is_str(caught.numbers, "1 2 3 4 7 999 1000", "  are united");
	is_int(run(batch, ranges_open("5,-2", &err), NULL), STOP,
	       "ranges stop");
	is_str(caught.numbers, "1 2 5", "  after the highest");
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err.kind = ERR_NONE;
		ok_all(bad[i], !ranges_open(bad[i], &err),
		       eq(err.kind, ERR_USAGE));
	}
}

static void check_times(size_t batch)
{
	static const struct {
		struct moment from, to;
		const char *numbers, *what;
	} cases[] = {
	    {{MOMENT_FIXED, 10 * NS_PER_S},
	     {MOMENT_FIXED, 13 * NS_PER_S},
	     "10 11 12",
	     "from is in, to is not"},
	    {{MOMENT_FIXED, 998 * NS_PER_S + 1},
	     {MOMENT_NONE, 0},
	     "999 1000",
	     "an open end"},
	    {{MOMENT_NONE, 0},
	     {MOMENT_START, 2 * NS_PER_S},
	     "1 2",
	     "before some time after the first packet"},
	    {{MOMENT_END, 2 * NS_PER_S},
	     {MOMENT_NONE, 0},
	     "998 999 1000",
	     "from some time before the last packet"},
	    {{MOMENT_END, 3 * NS_PER_S},
	     {MOMENT_END, 1 * NS_PER_S},
	     "997 998",
	     "both before the last packet"},
	    {{MOMENT_CLOCK, 995 * NS_PER_S},
	     {MOMENT_CLOCK, 997 * NS_PER_S},
	     "995 996",
	     "times of day"},
	    {{MOMENT_CLOCK, 999 * NS_PER_S},
	     {MOMENT_CLOCK, 998 * NS_PER_S},
	     "999 1000",
	     "to the next day"},
	};
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(cases); i++) {
		run(batch,
		    timespan_open(&cases[i].from, &cases[i].to, 1000 * NS_PER_S,
				  &err),
		    NULL);
		is_str(caught.numbers, cases[i].numbers, cases[i].what);
	}
}

static void log_catch(enum log_level level, const char *text)
{
	(void)level;
	snprintf(warning, sizeof(warning), "%s", text);
}

static void check_origin(size_t batch)
{
	struct err err;

	log_to(log_catch);
	run(batch, ifname_open("one", &err), limit_open(4, &err));
	is_str(caught.numbers, "1 4 7 10", "by the interface's name");
	is_str(warning, "", "  which is there");
	run(batch, ifname_open("wan", &err), NULL);
	is_int(caught.count, 0, "a name that no interface has");
	is_str(warning, "no interface is named \"wan\" in the input",
	       "  is warned of");
	warning[0] = '\0';
	run(batch, direction_open(PKT_INBOUND, &err), limit_open(4, &err));
	is_str(caught.numbers, "1 3 7 9", "by direction");
}

int main(void)
{
	static const size_t batches[] = {1, 7, 256, PACKETS};
	size_t i;

	setenv("TZ", "UTC", 1); /* times of day are local */
	for (i = 0; i < ARRAY_LEN(batches); i++) {
		check_counting(batches[i]);
		check_ranges(batches[i]);
		check_times(batches[i]);
		check_origin(batches[i]);
	}
	return done();
}
