/* Rotation: names, periods, and which packets go to which file. */
#include "file/rotate.h"
#include "base/array.h"

#include <glob.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"
#include "file/format.h"
#include "file/rotate_time.h"
#include "tap.h"

#define S NS_PER_S

/* 2026-01-31 12:00:00 UTC */
#define NOON (INT64_C(1769860800) * S)

/* ---- names ---- */

static void check_names(void)
{
	static const struct {
		const char *template;
		uint64_t again;
		const char *want, *what;
	} rows[] = {
	    {"a.pcap", 0, "a_00007_20260131120000.pcap",
	     "number and time come before the suffix, as with dumpcap"},
	    {"d.x/a", 0, "d.x/a_00007_20260131120000",
	     "a folder has no suffix"},
	    {"a.pcap.zst", 0, "a_00007_20260131120000.pcap.zst",
	     "of what is packed both suffixes stay"},
	    {"a-%n.pcap", 0, "a-00007.pcap", "%n is the number"},
	    {"a-%H%M%S.pcap", 0, "a-120000.pcap", "times are strftime's"},
	    {"a-%H%M%S.pcap", 2, "a-120000_2.pcap",
	     "a name that was used gets a number"},
	    {"%i-%n", 0, "eth0_1%+lo-00007", "%i is the interface"},
	    {"%i", 0, "eth0_1%+lo_00007_20260131120000",
	     "an interface alone tells no files apart"},
	    {"100%%", 0, "100%_00007_20260131120000", "%% is a percent sign"},
	};
	struct rotate_name name = {.iface = "eth0/1%+lo", .width = 5};
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got = STR_INIT;

		name.template = rows[i].template;
		rotate_name(&got, &name, 7, NOON, rows[i].again, &err);
		is_str(str_text(&got), rows[i].want, rows[i].what);
		str_fini(&got);
	}
	is_int(rotate_name_width(3), 5, "numbers have five digits");
	is_int(rotate_name_width(1234567), 7, "or as many as it needs");
}

static void check_refusals(void)
{
	struct rotate_name name = {.iface = "x", .width = 5};
	struct err err;

	name.template = "a-%H.pcap";
	ok(!rotate_name_check(&name, NOON, 60 * S, &err),
	   "hours do not tell minutes apart");
	ok(rotate_name_check(&name, NOON, 3600 * S, &err), "but hours");
	ok(rotate_name_check(&name, NOON, 0, &err), "or sizes, with numbers");
	name.template = "a-%H-%n.pcap";
	ok(rotate_name_check(&name, NOON, 60 * S, &err),
	   "a number tells all apart");
	name.template = "a.pcap";
	ok(rotate_name_check(&name, NOON, 60 * S, &err),
	   "a name without anything gets both");
	name.template = "-";
	ok(!rotate_name_check(&name, NOON, 0, &err),
	   "standard output is one file");
}

/* ---- periods ---- */

static void check_periods(void)
{
	struct rotate_time t = {.period_ns = 60 * S};

	rotate_time_begin(&t, NOON + 10 * S, 1000 * S);
	is_int(t.until_ns, NOON + 70 * S, "a period lasts from the beginning");
	ok_all("without packets it ends a moment later", t.due_ns > 1060 * S,
	       t.due_ns < 1061 * S);
	is_int(rotate_time_packet(&t, NOON + 200 * S, 1190 * S), NOON + 190 * S,
	       "periods without packets are left out");
	is_int(t.until_ns, NOON + 250 * S, "and the next one ends in time");
	is_int(rotate_time_over(&t, NOON + 251 * S, 1241 * S), NOON + 250 * S,
	       "the clock ends it, too");
	is_int(rotate_time_over(&t, NOON - 5 * S, 1242 * S), NOON - 5 * S,
	       "a clock that was set back begins a period");

	t = (struct rotate_time){.period_ns = 3600 * S, .align = true};
	rotate_time_begin(&t, NOON + 10 * S, 0);
	is_int(t.until_ns, NOON + 3600 * S, "aligned, it ends on the hour");
	rotate_time_last(&t);
	is_int(t.due_ns, 3590 * S, "of the last file, by the clock alone");

	t = (struct rotate_time){0};
	rotate_time_begin(&t, NOON, 0);
	is_int(t.until_ns, INT64_MAX, "no period never ends");
}

/* ---- files ---- */

static int64_t wall, steady;

static int64_t wall_ns(void)
{
	return wall;
}

static int64_t steady_ns(void)
{
	return steady;
}

/* What happened, in words. */
static struct str story;

static struct sink *open_file(void *arg, const char *name,
			      bool (*full)(void *arg), void *full_arg,
			      struct err *err)
{
	const struct create_options o = {.whole = true,
					 .salvage = true,
					 .full = full,
					 .full_arg = full_arg,
					 .write = {.quiet = true}};

	(void)arg;
	str_printf(&story, "<%s ", name);
	return savefile_create(name, &o, err);
}

static bool count(void *arg, uint32_t iface, struct counters *c)
{
	(void)arg;
	*c = (struct counters){.delivered = 100, .received = 100};
	c->dropped = (uint64_t)(steady / S);
	c->ifdropped = COUNT_UNKNOWN;
	return iface == 0;
}

static void finished(void *arg, const struct rotate_file *f)
{
	(void)arg;
	str_printf(&story, "%d>", (int)f->packets);
	if (f->dropped != COUNT_UNKNOWN && f->dropped > 0)
		str_printf(&story, "(%d dropped)", (int)f->dropped);
	str_putc(&story, ' ');
}

/* Packets of 84 bytes, 100 in a pcap record, one a second. */
static enum verdict put(struct sink *s, size_t n)
{
	static const uint8_t bytes[84];
	enum verdict v = GO_ON;

	for (; n > 0 && v == GO_ON; n--) {
		struct pkt p = {.data = bytes,
				.caplen = sizeof(bytes),
				.wirelen = sizeof(bytes),
				.time_ns = wall};

		v = sink_packets(s, &p, 1);
		wall += S;
		steady += S;
	}
	return v;
}

static struct rotate *begin(struct rotate_options o)
{
	static const struct iface iface = {
	    .id = 0, .linktype = 1, .fcslen = -1, .tsresol = TSRESOL_MICRO};
	struct rotate *r;
	struct err err;

	if (!o.name.template)
		o.name.template = "%n.pcap";
	o.name.iface = "x";
	o.name.width = 1;
	o.n_ifaces = 1;
	o.open = open_file;
	o.count = count;
	o.finished = finished;
	o.wall_ns = wall_ns;
	o.steady_ns = steady_ns;
	wall = NOON;
	steady = 0;
	str_clear(&story);
	r = rotate_open(&o, &err);
	if (!rotate_begin(r, &err) || !sink_iface(rotate_sink(r), &iface, &err))
		printf("# %s: %s\n", err.file, err.text);
	return r;
}

/* The files that have their names. */
static const char *whole(void)
{
	static char text[256];
	glob_t found;
	size_t i;

	text[0] = '\0';
	if (glob("*.pcap", 0, NULL, &found) != 0)
		return text;
	for (i = 0; i < found.gl_pathc; i++) {
		strcat(text, found.gl_pathv[i]);
		strcat(text, " ");
	}
	globfree(&found);
	return text;
}

/* End it, compare the story, and remove its files. */
static void end(struct rotate *r, const char *want, const char *what)
{
	struct err err;

	ok(sink_close(rotate_sink(r), &err), "it is closed");
	is_str(str_text(&story), want, what);
}

static void clean(void)
{
	ok(system("rm -f ./*") == 0, "files are removed");
}

static void check_limits(void)
{
	struct out_end sum = {0};
	struct rotate *r;

	r = begin((struct rotate_options){.packets = 3});
	rotate_count(r, &sum);
	put(rotate_sink(r), 7);
	end(r,
	    "<1.pcap <2.pcap 3>(3 dropped) <3.pcap 3>(3 dropped) 1>(1 "
	    "dropped) ",
	    "by packets; the next file is open before one is closed");
	is_int(sum.packets, 7, "the sum has all packets");
	is_int(sum.bytes, 3 * 24 + 700, "and all bytes");
	clean();

	r = begin((struct rotate_options){.size = 224});
	put(rotate_sink(r), 5);
	is_int(rotate_size(r), 24 + 300 + 24 + 200, "sizes are of all files");
	end(r, "<1.pcap <2.pcap 3>(3 dropped) 2>(2 dropped) ",
	    "by size: once it is larger, as tcpdump does");
	clean();

	r = begin((struct rotate_options){.period_ns = 4 * S});
	put(rotate_sink(r), 9);
	end(r,
	    "<1.pcap <2.pcap 4>(4 dropped) <3.pcap 4>(4 dropped) 1>(1 "
	    "dropped) ",
	    "by the packets' time");
	clean();

	r = begin((struct rotate_options){.period_ns = 4 * S, .packets = 3});
	put(rotate_sink(r), 5);
	end(r,
	    "<1.pcap <2.pcap 3>(3 dropped) <3.pcap 1>(1 dropped) 1>(1 "
	    "dropped) ",
	    "by packets and by time, which goes on meanwhile");
	clean();
}

static void check_clock(void)
{
	struct rotate *r = begin((struct rotate_options){.period_ns = 4 * S});

	is_int(rotate_tick(r, steady) > 4 * S, true, "nothing is due");
	wall = NOON + 5 * S;
	steady = 5 * S;
	rotate_tick(r, steady);
	rotate_now(r);
	put(rotate_sink(r), 1);
	end(r, "<1.pcap <2.pcap 0>(5 dropped) <3.pcap 0> 1>(1 dropped) ",
	    "by the clock, and when it is asked");
	clean();
}

/* A packet and a look at the clock each second. */
static void run(struct rotate *r, int seconds)
{
	for (; seconds > 0; seconds--) {
		put(rotate_sink(r), 1);
		rotate_tick(r, steady);
	}
}

/* The machine's clock is set, an hour forward and two back. */
static void check_steps(void)
{
	struct rotate *r = begin((struct rotate_options){.period_ns = 10 * S});

	run(r, 20);
	wall += 3600 * S;
	run(r, 20);
	wall -= 7200 * S;
	run(r, 20);
	end(r,
	    "<1.pcap <2.pcap 10>(10 dropped) <3.pcap 10>(10 dropped) <4.pcap "
	    "10>(10 dropped) <5.pcap 11>(11 dropped) <6.pcap 10>(10 dropped) "
	    "9>(9 dropped) ",
	    "no burst of files, none without an end, each packet in one");
	clean();
}

static void check_ring(void)
{
	struct rotate *r;

	r = begin((struct rotate_options){.packets = 1, .keep = {.files = 3}});
	put(rotate_sink(r), 5);
	is_str(whole(), "3.pcap 4.pcap ",
	       "three files are kept, with the one that is written");
	sink_close(rotate_sink(r), NULL);
	is_str(whole(), "3.pcap 4.pcap 5.pcap ",
	       "which has its name once it is whole");
	clean();

	r = begin((struct rotate_options){.packets = 1, .keep = {.size = 250}});
	put(rotate_sink(r), 5);
	is_str(whole(), "3.pcap 4.pcap ", "so many bytes are kept");
	sink_close(rotate_sink(r), NULL);
	clean();

	r = begin(
	    (struct rotate_options){.packets = 1, .keep = {.time_ns = S}});
	put(rotate_sink(r), 5);
	is_str(whole(), "3.pcap 4.pcap ", "so long a time is kept");
	sink_close(rotate_sink(r), NULL);
	clean();
}

static void check_end(void)
{
	struct rotate *r;

	r = begin((struct rotate_options){.packets = 2, .max_files = 2});
	is_int(put(rotate_sink(r), 9), STOP, "it ends when the last is full");
	is_int(put(rotate_sink(r), 1), STOP, "and takes nothing after that");
	end(r, "<1.pcap <2.pcap 2>(2 dropped) 2>(3 dropped) ",
	    "and no packet is lost to a file that is not made");
	clean();

	r = begin((struct rotate_options){.period_ns = 4 * S, .max_files = 1});
	is_int(put(rotate_sink(r), 6), GO_ON, "packets do not end the last");
	rotate_tick(r, steady);
	ok(rotate_is_over(r), "the clock does");
	end(r, "<1.pcap 6>(6 dropped) ", "and all are in it");
	clean();
}

static void check_names_used(void)
{
	struct rotate_options o = {.packets = 1,
				   .name = {.template = "%Y.pcap"}};
	struct rotate *r;
	struct err err;

	ok(system("echo >2026_1.pcap") == 0, "a name is taken");
	r = begin(o);
	put(rotate_sink(r), 3);
	end(r,
	    "<2026.pcap <2026_2.pcap 1>(1 dropped) <2026_3.pcap 1>(1 dropped) "
	    "1>(1 dropped) ",
	    "names do not repeat, and nothing is replaced");
	o.open = open_file;
	o.name.iface = "";
	o.wall_ns = wall_ns;
	o.steady_ns = steady_ns;
	r = rotate_open(&o, &err);
	ok(!rotate_begin(r, &err), "the first file's name must be free");
	sink_close(rotate_sink(r), NULL);
	clean();
}

int main(void)
{
	char folder[] = "/tmp/pcaptool-rotate-XXXXXX";

	setenv("TZ", "UTC", 1);
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return EXIT_FAILURE;
	check_names();
	check_refusals();
	check_periods();
	check_limits();
	check_clock();
	check_steps();
	check_ring();
	check_end();
	check_names_used();
	str_fini(&story);
	ok(rmdir(folder) == 0, "nothing is left");
	return done();
}
