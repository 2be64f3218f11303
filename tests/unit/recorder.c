/* The recorder: which packets come into which file, and what is refused. */
#include "file/recorder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/str.h"
#include "file/create.h"
#include "file/savefile.h"
#include "tap.h"

#define S NS_PER_S

/* 2026-01-31 12:00:00 UTC */
#define NOON (INT64_C(1769860800) * S)

static int64_t wall, steady;
static struct recorder_counts counts;
static bool refuse;	 /* opening files */
static struct str story; /* what was finished */

static int64_t wall_ns(void)
{
	return wall;
}

static int64_t steady_ns(void)
{
	return steady;
}

/* ---- reading what was written ---- */

struct reading {
	struct sink sink;
	uint64_t packets;
	struct str *text; /* numbers of packets, and "+" for an interface */
	uint8_t before;
	bool run; /* the number before is in the text, as the first of a run */
};

static bool read_iface(struct sink *s, const struct iface *iface,
		       struct err *err)
{
	struct reading *r = (struct reading *)s;

	(void)iface, (void)err;
	if (r->run)
		str_printf(r->text, "-%d,", r->before);
	r->run = false;
	str_putc(r->text, '+');
	return true;
}

/* Runs are written as their first and their last number. */
static enum verdict read_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct reading *r = (struct reading *)s;

	r->packets += n;
	for (; n > 0; n--, p++) {
		const uint8_t number = p->data[0];

		if (r->run && number == r->before + 1) {
			r->before = number;
			continue;
		}
		if (r->run)
			str_printf(r->text, "-%d,", r->before);
		str_printf(r->text, "%d", number);
		r->run = true;
		r->before = number;
	}
	return GO_ON;
}

static const struct sink_ops reading_ops = {
    .name = "reading",
    .iface = read_iface,
    .packets = read_packets,
};

/* Append what is in a file. Returns how many packets. */
static uint64_t read_file(const char *name, struct str *text)
{
	struct reading r = {.sink.ops = &reading_ops, .text = text};
	struct err err;
	struct source *source = savefile_open(name, NULL, &err);

	if (!source || !source_run(source, &r.sink, &err))
		str_printf(text, "(%s)", err.text);
	if (r.run)
		str_printf(text, "-%d", r.before);
	source_close(source);
	return r.packets;
}

/* ---- a recorder ---- */

static const struct format *format;

static struct sink *open_file(void *arg, const char *name, struct err *err)
{
	const struct create_options o = {.format = format,
					 .whole = name != NULL,
					 .plain = !name,
					 .write = {.quiet = true}};

	(void)arg;
	if (name && refuse) {
		err_set(err, ERR_OUTPUT, "refused");
		return NULL;
	}
	return savefile_create(name ? name : "/dev/null", &o, err);
}

static uint64_t dropped(void *arg)
{
	(void)arg;
	return (uint64_t)(steady / S);
}

static void finished(void *arg, const struct rotate_file *f)
{
	struct str read = STR_INIT;

	(void)arg;
	if (read_file(f->name, &read) != f->packets)
		str_puts(&story, "(wrong count) ");
	str_printf(&story, "%s=%s", f->name, str_text(&read));
	if (f->triggers > 1)
		str_printf(&story, " (%d triggers)", (int)f->triggers);
	if (f->lost)
		str_printf(&story, " (%d lost)", (int)f->lost);
	str_putc(&story, ';');
	str_fini(&read);
	unlink(f->name);
}

static int wakes;

static void wake(void)
{
	wakes++;
}

static const struct iface one_iface = {
    .id = 0, .linktype = 1, .fcslen = -1, .tsresol = TSRESOL_NANO};

static struct recorder *open_recorder(const char *template, int64_t before_ns,
				      int64_t after_ns,
				      struct write_queue *queue)
{
	const struct recorder_options o = {
	    .name = {.template = template, .iface = "x", .width = 1},
	    .format = format,
	    .size = RECORDER_LEAST,
	    .before_ns = before_ns,
	    .after_ns = after_ns,
	    .queue = queue,
	    .open = open_file,
	    .dropped = dropped,
	    .finished = finished,
	    .wake = wake,
	    .counts = &counts,
	    .wall_ns = wall_ns,
	    .steady_ns = steady_ns,
	};
	struct recorder *r;
	struct err err;

	counts = (struct recorder_counts){0};
	wakes = 0;
	str_clear(&story);
	wall = NOON;
	steady = 0;
	refuse = false;
	r = recorder_open(&o, &err);
	ok(r != NULL, "the recorder is opened");
	return r;
}

static void begin(struct recorder *r)
{
	struct err err;

	ok(sink_iface(recorder_sink(r), &one_iface, &err),
	   "it gets an interface");
}

/* A packet of that number and length, a second after the one before. */
static void put_long(struct recorder *r, uint8_t number, uint32_t len)
{
	static uint8_t bytes[70000];
	struct pkt p = {
	    .data = bytes, .caplen = len, .wirelen = len, .time_ns = wall};

	bytes[0] = number;
	sink_packets(recorder_sink(r), &p, 1);
	wall += S;
	steady += S;
	recorder_tick(r, steady);
}

/* A packet of another interface, at once. */
static void put_other(struct recorder *r, uint8_t number)
{
	const struct pkt p = {.data = &number,
			      .caplen = 1,
			      .wirelen = 1,
			      .time_ns = wall,
			      .iface = 1};

	sink_packets(recorder_sink(r), &p, 1);
}

static void put(struct recorder *r, int from, int to)
{
	for (; from <= to; from++)
		put_long(r, (uint8_t)from, 84);
}

/* Close it and compare what it wrote. */
static void end(struct recorder *r, const char *want, const char *what)
{
	struct err err;

	ok(sink_close(recorder_sink(r), &err), "it is closed");
	is_str(str_text(&story), want, what);
}

/* ---- a trigger that is a packet ---- */

static enum verdict sevens(struct selector *s, const struct pkt *p, size_t n,
			   uint8_t *keep)
{
	size_t i;

	(void)s;
	for (i = 0; i < n; i++)
		keep[i] &= p[i].data[0] % 10 == 7;
	return GO_ON;
}

static const struct selector_ops sevens_ops = {
    .name = "sevens", .match = sevens, .close = selector_free};

static void add_sevens(struct recorder *r)
{
	struct selector *s = calloc(1, sizeof(*s));
	struct err err;

	s->ops = &sevens_ops;
	recorder_add_trigger(r, s, &err);
}

/* A signal at NOON: the loop lags by two seconds. */
static void check_late(void)
{
	struct recorder *r = open_recorder("%n.f", 9 * S, S, NULL);
	struct pkt p = {.data = (const uint8_t *)"abcdefgh",
			.caplen = 1,
			.wirelen = 1,
			.time_ns = NOON - 4 * S};
	int i;

	begin(r);
	recorder_trigger(r);
	for (i = 0; i < 7; i++, p.data++, p.time_ns += S) {
		sink_packets(recorder_sink(r), &p, 1);
		recorder_tick(r, 2 * S + i * S / 10);
	}
	end(r, "1.f=+97-102;",
	    "as long as packets come, they may be of before");

	r = open_recorder("%n.f", 9 * S, S, NULL);
	begin(r);
	recorder_trigger(r);
	p.time_ns = NOON - S;
	sink_packets(recorder_sink(r), &p, 1);
	is_int(recorder_tick(r, 2 * S), 2 * S + S / 20, "it looks once more");
	is_int(recorder_tick(r, 3 * S), INT64_MAX, "and none came: it is over");
	end(r, "1.f=+104-104;", "the file has what came before");
}

static void check_packets(void)
{
	struct recorder *r = open_recorder("%n.f", 3 * S, 2 * S, NULL);

	add_sevens(r);
	begin(r);
	put(r, 1, 30);
	end(r, "1.f=+4-9;2.f=+14-19;3.f=+24-29;",
	    "before and after each packet that matches, again and again");
	is_int(counts.files, 3, "files are counted");
	is_int(counts.triggers, 3, "and triggers");
	is_int(wakes, 3, "the clock is asked for after each");

	r = open_recorder("%n.f", 3 * S, 0, NULL);
	add_sevens(r);
	begin(r);
	put(r, 1, 8);
	end(r, "1.f=+4-7;", "with nothing after it, the packet is the last");

	r = open_recorder("%n.f", 3 * S, 12 * S, NULL);
	add_sevens(r);
	begin(r);
	put(r, 1, 35);
	end(r, "1.f=+4-35 (3 triggers);",
	    "those that overlap make one file, which the end closes");
	is_int(counts.triggers, 3, "and are all counted");
}

/* Interfaces that turn up before, within and after a file. */
static void check_ifaces(void)
{
	struct recorder *r = open_recorder("%n.f", INT64_MAX, 2 * S, NULL);
	struct iface other = one_iface;
	struct err err;

	other.id = 1;
	begin(r);
	put(r, 1, 3);
	recorder_trigger(r);
	put(r, 4, 4);
	ok(sink_iface(recorder_sink(r), &other, &err), "another one turns up");
	put_other(r, 50);
	put(r, 5, 8);
	recorder_trigger(r);
	end(r, "1.f=+1-4,+50-50,5-6;2.f=+1-4,+50-50,5-8;",
	    "a file has an interface before its first packet");
}

static void check_trigger(void)
{
	struct recorder *r = open_recorder("%n.f", INT64_MAX, S, NULL);

	begin(r);
	put(r, 1, 5);
	recorder_trigger(r);
	put(r, 6, 9);
	end(r, "1.f=+1-7;", "before the ring is filled: what there is");

	r = open_recorder("%n.f", 2 * S, S, NULL);
	begin(r);
	recorder_trigger(r);
	wall += 5 * S;
	recorder_tick(r, 5 * S);
	end(r, "1.f=+;", "a file without packets is whole, too");

	r = open_recorder("f-%H%M%S", S / 2, S / 4, NULL);
	begin(r);
	recorder_trigger(r);
	steady += S / 2;
	recorder_tick(r, steady);
	wall += S / 2 + S / 3;
	recorder_trigger(r);
	end(r, "f-120000=+;f-120000_1=+;",
	    "two in the same second have two names");
	str_clear(&story);
}

/* Files that are there are not replaced. */
static void check_taken(void)
{
	struct recorder *r = open_recorder("f", INT64_MAX, S, NULL);
	int fd = creat("f_1_20260131120000", 0600);
	struct stat st;

	begin(r);
	recorder_trigger(r);
	end(r, "f_1_20260131120000_1=+;", "a name that is taken is not used");
	ok_all("and its file stays as it is", fstat(fd, &st) == 0,
	       eq(st.st_size, 0), eq(st.st_nlink, 1));
	close(fd);
	unlink("f_1_20260131120000");
}

/* ---- what cannot be written ---- */

static void check_refusal(void)
{
	struct recorder *r = open_recorder("%n.f", 2 * S, S, NULL);
	struct err err;

	begin(r);
	put(r, 1, 4);
	refuse = true;
	ok(!recorder_try(r, &err), "that a file cannot be made is found");
	recorder_trigger(r);
	put(r, 5, 9);
	recorder_trigger(r);
	refuse = false;
	ok(recorder_try(r, &err), "and that it can");
	put(r, 10, 14);
	recorder_trigger(r);
	put(r, 15, 16);
	end(r, "1.f=+13-16;", "the ring goes on after files that are refused");
	is_int(counts.refused, 2, "which are counted");
	is_int(counts.files, 1, "as are the others");
}

/* A limit of a file's size is as good as a full disk. */
static void check_full_disk(void)
{
	struct recorder *r = open_recorder("%n.f", 3 * S, S, NULL);
	struct rlimit old, limit;
	int i;

	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = 100000;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	begin(r);
	for (i = 0; i < 5; i++)
		put_long(r, (uint8_t)i, 60000);
	recorder_trigger(r);
	put(r, 5, 20);
	recorder_trigger(r);
	put(r, 21, 29);
	setrlimit(RLIMIT_FSIZE, &old);
	end(r, "1.f=+18-22;", "what is not whole is removed");
	is_int(counts.refused, 1, "and counted as refused");
}

/* ---- by a thread, while the ring goes round ---- */

static void check_thread(void)
{
	const struct write_queue_options options = {.limit = 1 << 20};
	struct err err;
	struct write_queue *queue = write_queue_open(&options, &err);
	struct recorder *r = open_recorder("%n.f", 10 * S, 300 * S, queue);
	int i;

	ok(write_queue_start(queue, &err), "the thread is started");
	begin(r);
	for (i = 0; i < 900; i++) {
		put_long(r, (uint8_t)(i % 200), 69999);
		if (i == 300)
			recorder_trigger(r);
		/* as much as it can take */
		if (i % 100 == 0)
			write_queue_settle(queue);
	}
	end(r, "1.f=+91-199,0-199,0-1;", "it follows the ring, lap after lap");
	is_int(counts.left_out, 0, "and no packet is left out");
	write_queue_close(queue);
}

/* Files begin and end while the thread is at work. */
static void check_ends(void)
{
	const struct write_queue_options options = {.limit = 1 << 20};
	struct err err;
	struct write_queue *queue = write_queue_open(&options, &err);
	struct recorder *r = open_recorder("%n.f", 90 * S, 40 * S, queue);
	int i;

	write_queue_start(queue, &err);
	begin(r);
	for (i = 0; i < 20000; i++) {
		if (i % 100 == 50)
			recorder_trigger(r);
		put_long(r, (uint8_t)(i % 200), 1400);
		if (i % 1000 == 0)
			write_queue_settle(queue);
	}
	ok(sink_close(recorder_sink(r), &err), "it is closed");
	ok(!strstr(str_text(&story), "wrong count"),
	   "each has as many packets as is reported");
	is_int(counts.triggers, 200, "no trigger is lost");
	is_int(counts.refused, 0, "or refused");
	write_queue_close(queue);
}

/* The thread does not get on: what it has yet to write stays. */
static void check_behind(void)
{
	const struct write_queue_options options = {.limit = 1 << 20};
	struct err err;
	struct write_queue *queue = write_queue_open(&options, &err);
	struct recorder *r = open_recorder("%n.f", INT64_MAX, S, queue);
	int i;

	begin(r);
	for (i = 0; i < 10; i++)
		put_long(r, (uint8_t)i, 60000);
	recorder_trigger(r);
	for (; i < 200; i++)
		put_long(r, (uint8_t)(i % 200), 60000);
	ok(counts.left_out == 0, "the slack of the ring is used");
	for (i = 0; i < 200; i++)
		put_long(r, 100, 60000);
	ok_all("then packets are left out", counts.left_out > 0,
	       counts.left_out < 200);
	write_queue_settle(queue);
	i = (int)counts.left_out;
	put_long(r, 101, 60000);
	is_int(counts.left_out, i, "until it is written");
	end(r, "1.f=+0-11;", "the file is whole");
	write_queue_close(queue);
}

int main(void)
{
	static const char *const names[] = {"pcapng", "pcap", "pcap-ns"};
	char folder[] = "/tmp/pcaptool-recorder-XXXXXX";
	size_t i;

	setenv("TZ", "UTC", 1);
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return 1;
	for (i = 0; i < 3; i++) {
		format = format_by_name(names[i]);
		check_packets();
		check_late();
		if (i == 0)
			check_ifaces();
		check_trigger();
		check_taken();
		check_refusal();
		check_full_disk();
		check_thread();
		check_ends();
		check_behind();
	}
	str_fini(&story);
	if (chdir("/") != 0 || rmdir(folder) != 0)
		ok(false, "nothing is left");
	return done();
}
