/*
 * A stage or a sink that fails leaves the file as it was, if the file is made
 * as a whole: under all formats and compressions, new, replaced and added to.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "file/create.h"
#include "pkt/comments.h"
#include "pkt/prepend_block.h"
#include "pkt/shift.h"
#include "pkt/snap.h"
#include "pkt/sort.h"
#include "pkt/split.h"
#include "pkt/tee.h"
#include "tap.h"

#define PACKETS 200

static char dir[] = "/tmp/pcaptool-abandon-XXXXXX";
static char path[128];
static uint8_t before[1 << 16];
static size_t before_len;
static uint8_t bytes[600];

static const struct iface iface = {
    .linktype = 1, .snaplen = 600, .tsresol = TSRESOL_MICRO, .fcslen = -1};

static enum verdict push(struct sink *s, size_t n)
{
	enum verdict v = GO_ON;
	size_t i;

	for (i = 0; i < n && v == GO_ON; i++) {
		struct pkt p = {
		    .data = bytes,
		    .caplen = sizeof(bytes),
		    .wirelen = sizeof(bytes),
		    .time_ns = (int64_t)(n - i) * 1000000,
		    .number = i + 1,
		};

		v = sink_packets(s, &p, 1);
	}
	return v;
}

static size_t read_file(uint8_t *to, size_t room)
{
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(to, 1, room, f) : 0;

	if (f)
		fclose(f);
	return n;
}

/* Is the file as it was, and alone in its folder? */
static bool unchanged(void)
{
	static uint8_t now[sizeof(before)];
	DIR *d = opendir(dir);
	int names = 0;

	while (d && readdir(d))
		names++;
	if (d)
		closedir(d);
	return names == (before_len ? 3 : 2) &&
	       read_file(now, sizeof(now)) == before_len &&
	       !memcmp(now, before, before_len);
}

static struct sink *create(const struct format *format,
			   const struct codec *codec, bool append)
{
	const struct create_options o = {
	    .format = format,
	    .codec = codec,
	    .plain = !codec,
	    .force = true,
	    .append = append,
	    .whole = true,
	};

	return savefile_create(path, &o, NULL);
}

/* Room for temporary files, or none. */
static void temporary(bool room)
{
	setenv("TMPDIR", room ? "/tmp" : "/nonexistent/folder", 1);
}

/* Sort with little memory, and fail at the first, or at the last run. */
static bool sorting_fails(struct sink *next, bool late)
{
	struct err err = {0};
	struct sink *s = sort_open(30000, next, &err);
	bool good;

	temporary(late);
	good = s && sink_iface(s, &iface, &err) &&
	       (push(s, PACKETS) == FAILED) == !late;
	temporary(false);
	return good && sink_close(s, &err) == !late &&
	       (!late || err.kind == ERR_OUTPUT);
}

static void try_sorting(const struct format *format, const struct codec *codec)
{
	char what[100];
	int how;

	for (how = 0; how < 4; how++) {
		bool append = how & 1, late = how & 2;
		bool good = sorting_fails(create(format, codec, append), late);

		snprintf(what, sizeof(what), "%s, %s: %s, sorting fails %s",
			 format->name, codec ? codec->name : "not packed",
			 append ? "append" : "replace", late ? "late" : "soon");
		ok_all(what, good, unchanged());
	}
}

static void try_all(void)
{
	const struct format *format;
	const struct codec *codec;

	for (format = formats; format->name; format++) {
		for (codec = NULL;; codec = codec ? codec + 1 : codecs) {
			struct sink *s;

			if (codec && !codec->name)
				break;
			if (codec && (!codec->ops || !codec->ops->pack))
				continue;
			unlink(path);
			before_len = 0;
			s = create(format, codec, false);
			ok_all("a file that was to be new is not made",
			       sorting_fails(s, false), unchanged());
			s = create(format, codec, false);
			ok_all("a file to begin with", s,
			       sink_iface(s, &iface, NULL),
			       eq(push(s, 3), GO_ON), sink_close(s, NULL));
			before_len = read_file(before, sizeof(before));
			try_sorting(format, codec);
		}
	}
}

/* ---- through all other stages ---- */

static enum verdict refuse(struct sink *s, const struct pkt *p, size_t n)
{
	(void)p, (void)n;
	err_set(&s->err, ERR_OUTPUT, "refused");
	return FAILED;
}

static bool free_sink(struct sink *s, struct err *err)
{
	(void)err;
	free(s);
	return true;
}

/* A sink that refuses packets. */
static struct sink *refusal(void)
{
	static const struct sink_ops ops = {
	    .name = "refusal",
	    .packets = refuse,
	    .close = free_sink,
	};
	struct sink *s = calloc(1, sizeof(*s));

	s->ops = &ops;
	return s;
}

static struct sink *open_part(void *arg, const struct split_part *part,
			      bool again, struct err *err)
{
	(void)arg, (void)part, (void)err;
	return create(&formats[0], NULL, again);
}

static struct sink *open_split(void)
{
	const struct split_options o = {
	    .max_open = 2,
	    .open = open_part,
	    .size_of = savefile_size,
	    .by = SPLIT_BY_INTERFACE,
	};

	return split_open(&o, NULL);
}

/* The file at the end of a chain that starts with a sink that fails. */
static void try_stages(void)
{
	static const uint8_t names[] = {0, 0, 0, 0};
	const struct block block = {
	    .type = 4, .body = names, .len = sizeof(names)};
	struct sink *s = tee_open(open_split(), refusal(), NULL);

	s = prepend_block_open(&block, s, NULL);
	s = comments_open(&(struct comments_options){.drop = true}, s, NULL);
	s = snap_open(100, s, NULL);
	s = shift_open(1000, s, NULL);
	ok_all("one of two sinks refuses a packet", s,
	       sink_iface(s, &iface, NULL), eq(push(s, 1), FAILED));
	sink_close(s, NULL);
	ok(unchanged(), "the other one's file is left as it was");
	s = shift_open(1000, create(&formats[0], NULL, false), NULL);
	sink_abandon(s);
	ok(unchanged(), "a sink that is abandoned before it is used");
}

int main(void)
{
	log_to(NULL);
	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/file", dir);
	try_all();
	before_len = read_file(before, sizeof(before));
	try_stages();
	unlink(path);
	rmdir(dir);
	return done();
}
