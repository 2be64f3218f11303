/* Statistics: any cut of packets, counted apart and added up, is the whole;
   times of all sorts do no harm. */
#include "base/array.h"
#include "output/rows.h"
#include "stats/report.h"
#include "tap.h"

enum { PACKETS = 3000, ROOM = 64 };

static uint8_t bytes[PACKETS][ROOM];
static struct pkt packets[PACKETS];
static uint32_t state = 1;

static uint32_t next(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* Ethernet, IPv4, TCP or UDP between some hosts, or noise. */
static void make_packet(size_t i)
{
	static const uint8_t head[24] = {2, 0, 0, 0, 0, 1,    2, 0, 0,
					 0, 0, 2, 8, 0, 0x45, 0, 0, 50};
	uint8_t *p = bytes[i];
	size_t k;

	memcpy(p, head, sizeof(head));
	p[5] = (uint8_t)next(5);
	p[11] = (uint8_t)next(5);
	p[22] = 64;
	p[23] = next(3) ? 6 : 17;
	memcpy(p + 26, "\x0a\0\0", 3);
	p[29] = (uint8_t)next(9);
	memcpy(p + 30, "\x0a\0\0", 3);
	p[33] = (uint8_t)next(9);
	p[35] = (uint8_t)next(40);
	p[37] = (uint8_t)next(40);
	p[46] = 0x50;
	for (k = 14; next(20) == 0 && k < ROOM; k++)
		p[k] = (uint8_t)next(256);
	packets[i] = (struct pkt){
	    .data = p,
	    .caplen = ROOM,
	    .wirelen = ROOM + next(3000),
	    .number = i + 1,
	    /* around 1970, and not in order */
	    .time_ns = ((int64_t)next(2000000) - 1000000) * 1000003,
	};
	if (next(50) == 0) {
		packets[i].flags = PKT_NO_TIME;
		packets[i].time_ns = 0;
	}
}

static struct stats *open_stats(int64_t interval)
{
	static const char *const wanted[] = {"summary:capture",
					     "protocols",
					     "conversations",
					     "endpoints",
					     "ports",
					     "sizes",
					     "rate",
					     "interfaces",
					     "dns",
					     "icmp",
					     "vlan",
					     "hosts-new",
					     "fields:ip.src,tcp.dstport",
					     "fields:eth.addr",
					     "fields:{ip.len + 1} * 2,udp"};
	struct stats_options options = {
	    .interval = interval,
	    .max_flows = 100000,
	    .jobs = 1 + next(3),
	};
	struct stats *stats;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(wanted); i++)
		if (!stats_want(&options, wanted[i], &err))
			printf("# %s\n", err.text);
	stats = stats_open(&options, &err);
	if (!stats)
		printf("# %s\n", err.text);
	return stats;
}

/* Count those packets whose part[] is `which`. */
static struct stats *count(const uint8_t *part, unsigned which,
			   int64_t interval)
{
	const struct iface eth = {
	    .linktype = 1, .snaplen = 65535, .tsresol = 9};
	struct stats *stats = open_stats(interval);
	struct err err;
	struct sink *sink = stats_sink(stats, NULL, &err);
	size_t i;

	if (!sink || !sink_iface(sink, &eth, &err))
		printf("# %s\n", err.text);
	for (i = 0; i < PACKETS; i++)
		if (part[i] == which)
			sink_packets(sink, &packets[i], 1);
	sink_close(sink, NULL);
	return stats;
}

/* All rows of all reports. */
static void print(const struct stats *stats, struct str *out)
{
	struct view *view;
	bool done = false;
	size_t i, n, *order;

	for (i = 0; !done; i++) {
		struct rows_out o = {.form = ROWS_CSV};

		view = stats_view(stats, i, &done);
		if (!view)
			continue;
		order = rows_sort(
		    &view->rows,
		    view->sort ? rows_column(&view->rows, view->sort) : -1,
		    view->ascending, 0, &n);
		if (order && rows_begin(&o, &view->rows, order, n))
			while (rows_some(&o, out))
				continue;
		rows_end(&o);
		free(order);
		view_close(view);
	}
}

/* Cut into n parts by chance, add them up in any order. The order of packets
   itself is counted by neighbours, so that line is left out. */
static void test_cut(unsigned n, int64_t interval)
{
	static uint8_t part[PACKETS], none[PACKETS];
	struct stats *whole, *sum, *one;
	struct str a = STR_INIT, b = STR_INIT;
	char what[80];
	unsigned i;

	for (i = 0; i < PACKETS; i++)
		part[i] = (uint8_t)next(n);
	whole = count(none, 0, interval);
	sum = count(part, n - 1, interval);
	for (i = 0; i + 1 < n; i++) {
		one = count(part, i, interval);
		stats_add(sum, one);
		stats_close(one);
	}
	print(whole, &a);
	print(sum, &b);
	snprintf(what, sizeof(what), "%u parts are the whole, %zu bytes of it",
		 n, a.len);
	ok_all(what, a.len > 10000, !a.failed,
	       !strcmp(strstr(str_text(&a), "protocol,"),
		       strstr(str_text(&b), "protocol,")));
	str_fini(&a);
	str_fini(&b);
	stats_close(whole);
	stats_close(sum);
}

/* The first and the last moment that there is. */
static void test_extremes(void)
{
	static const uint8_t all[PACKETS];
	struct str text = STR_INIT;
	struct stats *stats;

	packets[0].time_ns = INT64_MIN;
	packets[1].time_ns = INT64_MAX;
	packets[2].time_ns = -1;
	packets[0].flags = packets[1].flags = packets[2].flags = 0;
	stats = count(all, 0, 0);
	print(stats, &text);
	ok_all("extreme times do no harm", text.len > 10000, !text.failed);
	stats_close(stats);
	stats = count(all, 0, 1000000000);
	str_clear(&text);
	print(stats, &text);
	ok(text.len > 10000, "nor do they in intervals of a second");
	stats_close(stats);
	str_fini(&text);
}

int main(void)
{
	size_t i;

	for (i = 0; i < PACKETS; i++)
		make_packet(i);
	test_cut(2, 0);
	test_cut(7, 0);
	test_cut(200, 0);
	test_cut(5, 60000000000);
	test_extremes();
	return done();
}
