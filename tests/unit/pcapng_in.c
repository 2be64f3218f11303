/* Reading pcapng: every kind of block, both byte orders, and hostile files. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <config.h>

#include "base/array.h"
#include "savefile_case.h"

struct hostile {
	const char *name;
	const char *file;
	enum err_kind kind;
	uint64_t offset, packet; /* of the fault */
	uint64_t good;		 /* packets delivered */
	const char *part;	 /* of the fault's text, or of the notes */
};

#define SECTION "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28\n"
#define IFACE "u32 1 u32 20 u16 1 u16 0 u32 262144 u32 20\n"
#define START SECTION IFACE /* 48 bytes */
/* time 1.5 s in us; 36 bytes */
#define PACKET                                                                 \
	"u32 6 u32 36 u32 0 u32 0 u32 1500000 u32 4 u32 60 'abcd' u32 36\n"
#define BIG_SECTION "0a0d0d0a U32 28 U32 0x1a2b3c4d U16 1 U16 0 ff*8 U32 28\n"
#define BIG_IFACE "U32 1 U32 20 U16 101 U16 0 U32 64 U32 20\n"
#define BIG_PACKET                                                             \
	"U32 6 U32 36 U32 0 U32 0 U32 1500000 U32 4 U32 60 'abcd' U32 36\n"

static const struct hostile cases[] = {
    {"2: cut in the section header", "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1",
     ERR_USAGE, 0, 0, 0, "cut by"},
    {"3: a section only", SECTION, ERR_NONE, 0, 0, 0, ""},
    {"5: version 9.9", "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 9 u16 9 ff*8 u32 28",
     ERR_USAGE, 12, 0, 0, "9.9 is not known"},
    {"7: a packet beyond the snapshot length",
     SECTION "u32 1 u32 20 u16 1 u16 0 u32 2 u32 20" PACKET, ERR_NONE, 0, 0, 1,
     "more than the snapshot length 2"},
    {"15: the last block is cut", START PACKET "u32 6 u32 36 u64 0 u64 0",
     ERR_FAULT, 84, 2, 1, "claims 36 bytes, the file has 24"},
    {"15: cut in a block's header", START PACKET "u32 6 u16 36", ERR_FAULT, 84,
     2, 1, "within a block's header"},
    {"18: transferred as text", "0d0a0d0d0d0a u32 28 u32 0x1a2b3c4d u64 0",
     ERR_USAGE, 0, 0, 0, "transferred as text"},
    {"24: block length 0", START PACKET "u32 6 u32 0 00*40", ERR_FAULT, 84, 2,
     1, "a block of 0 bytes"},
    {"24: block length 11", START PACKET "u32 6 u32 11 00*40", ERR_FAULT, 84, 2,
     1, "a block of 11 bytes"},
    {"25: length no multiple of 4",
     START PACKET "u32 6 u32 37 u32 0 u64 0 u32 4 u32 4 'abcde' u32 37 00*99",
     ERR_FAULT, 84, 2, 1, "block length 37 is not a multiple of 4"},
    {"26: block length 0xfffffffc", START PACKET "u32 6 u32 0xfffffffc 00*99",
     ERR_FAULT, 84, 2, 1, "claims 4294967292 bytes, the file has 107"},
    {"26: unknown block larger than the file",
     START PACKET "u32 0x999 u32 0x10000000 00*99", ERR_FAULT, 84, 2, 1,
     "claims 268435456 bytes, the file has 107"},
    {"27: trailer differs",
     START PACKET
     "u32 6 u32 36 u32 0 u32 0 u32 9 u32 4 u32 60 'abcd' u32 40" PACKET,
     ERR_FAULT, 84, 2, 2, "36 bytes says at its end that it has 40"},
    {"28: packet length beyond the block",
     START PACKET "u32 6 u32 36 u32 0 u64 0 u32 5 u32 60 'abcd' u32 36" PACKET,
     ERR_FAULT, 84, 2, 1, "5 bytes in a block with room for 4"},
    {"29: packet length 0xfffffffd",
     START PACKET
     "u32 6 u32 36 u32 0 u64 0 u32 0xfffffffd u32 60 'abcd' u32 36" PACKET,
     ERR_FAULT, 84, 2, 1, "4294967293 bytes in a block with room for 4"},
    {"30: a packet before any interface", SECTION PACKET, ERR_FAULT, 28, 1, 0,
     "interface 0: the section has 0"},
    {"30: interface 99 of 1",
     START PACKET "u32 6 u32 36 u32 99 u64 0 u32 4 u32 60 'abcd' u32 36" PACKET,
     ERR_FAULT, 84, 2, 1, "interface 99: the section has 1"},
    {"31: time resolution 2^-127",
     SECTION
     "u32 1 u32 32 u16 1 u16 0 u32 0 u16 9 u16 1 ff 00*3 u32 0 u32 32" PACKET,
     ERR_NONE, 0, 0, 1, "treated as unknown"},
    {"31: time resolution 10^-127",
     SECTION
     "u32 1 u32 32 u16 1 u16 0 u32 0 u16 9 u16 1 7f 00*3 u32 0 u32 32" PACKET,
     ERR_NONE, 0, 0, 1, "treated as unknown"},
    {"32: option beyond the block",
     START PACKET "u32 6 u32 44 u32 0 u64 0 u32 4 u32 60 'abcd'"
		  "u16 1 u16 5 'abcd' u32 44" PACKET,
     ERR_FAULT, 84, 2, 2, "option of a packet reaches beyond"},
    {"32: option length 65535 of an interface",
     SECTION
     "u32 1 u32 28 u16 1 u16 0 u32 0 u16 2 u16 65535 'abcd' u32 28" PACKET,
     ERR_FAULT, 44, 1, 0, "option reaches beyond"},
    {"32: no end of options",
     START "u32 6 u32 44 u32 0 u64 0 u32 4 u32 60 'abcd'"
	   "u16 1 u16 4 'abcd' u32 44" PACKET,
     ERR_NONE, 0, 0, 2, ""},
    {"32: end of options in the middle",
     START "u32 6 u32 44 u32 0 u64 0 u32 4 u32 60 'abcd'"
	   "u16 0 u16 0 'abcd' u32 44" PACKET,
     ERR_NONE, 0, 0, 2, ""},
    {"33: section length too small",
     "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 u64 3 u32 28" IFACE PACKET,
     ERR_NONE, 0, 0, 1, ""},
    {"33: section length too large",
     "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 u64 999999 u32 28" IFACE
	 PACKET,
     ERR_NONE, 0, 0, 1, ""},
    {"34: second section without interfaces in the other byte order",
     START PACKET BIG_SECTION BIG_PACKET, ERR_FAULT, 112, 2, 1,
     "interface 0: the section has 0"},
    {"37: simple packet with a lying length",
     START "u32 3 u32 20 u32 5 'abcd' u32 20", ERR_FAULT, 48, 1, 0,
     "5 bytes in a block with room for 4"},
    {"37: simple packet, no snapshot length",
     SECTION "u32 1 u32 20 u16 1 u16 0 u32 0 u32 20"
	     "u32 3 u32 20 u32 4 'abcd' u32 20",
     ERR_NONE, 0, 0, 1, ""},
    {"38: name block without an end",
     START "u32 4 u32 24 u16 1 u16 60000 'abcd' 'efgh' u32 24" PACKET, ERR_NONE,
     0, 0, 1, "name resolution block that is not well formed"},
    {"a section without its magic", START PACKET "0a0d0d0a u32 28 00*20",
     ERR_FAULT, 92, 2, 1, "without the byte-order magic"},
    {"a section of another version is passed over",
     START PACKET
     "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 2 u16 0 ff*8 u32 28" PACKET START
	 PACKET,
     ERR_NONE, 0, 0, 2, "version 2.0 is skipped"},
};

static void read_text(struct collect *c, const char *text, struct err *err)
{
	struct str file = STR_INIT;
	const char *path;

	put_text(&file, text);
	path = file_of(&file);
	collect(c, &path, 1, NULL, err);
	unlink(path);
	str_fini(&file);
}

static void try_case(const struct hostile *h)
{
	struct collect c;
	struct err err;
	bool good;

	read_text(&c, h->file, &err);
	good = err.kind == h->kind && c.packets == h->good &&
	       (strstr(err.text, h->part) ||
		strstr(str_text(&case_notes), h->part));
	if (h->kind)
		good = good && err.offset == h->offset &&
		       err.packet == h->packet && err.file[0];
	if (!ok(good, h->name))
		printf("# got kind %d, offset %llu, packet %llu, %llu good\n"
		       "# text: %s\n# notes: %s\n",
		       err.kind, (unsigned long long)err.offset,
		       (unsigned long long)err.packet,
		       (unsigned long long)c.packets, err.text,
		       str_text(&case_notes));
	c.sink.ops->close(&c.sink, NULL);
}

static void try_text(const char *name, const char *file, const char *want)
{
	struct collect c;
	struct err err;

	read_text(&c, file, &err);
	is_str(str_text(&c.text), want, name);
	c.sink.ops->close(&c.sink, NULL);
}

/* Unknown blocks of 17 and 30 MB, between packets. */
static void try_large_blocks(void)
{
	struct collect c;
	struct err err;

	read_text(&c,
		  START PACKET "u32 0x999 u32 17000012 55*17000000"
			       "u32 17000012" PACKET,
		  &err);
	is_int(err.kind, ERR_NONE, "36: an unknown block of 17 MB");
	is_int(c.packets, 2, "packets on both sides of it");
	is_int(c.data.len, 17000000 + 8 + 16, "all of it is handed on");
	c.sink.ops->close(&c.sink, NULL);
	read_text(&c,
		  START PACKET "u32 0x999 u32 30000012 55*30000000"
			       "u32 30000012" PACKET,
		  &err);
	is_int(c.packets, 2, "the same with 30 MB");
	is_int(c.data.len, 30000000 + 8 + 16, "which is handed on");
	c.sink.ops->close(&c.sink, NULL);
	read_text(&c,
		  START PACKET "u32 0x999 u32 30000012 55*30000000"
			       "u32 30000016" PACKET,
		  &err);
	is_int(c.packets, 1, "and a wrong length at its end");
	is_int(err.offset, 48 + 36, "is placed");
	c.sink.ops->close(&c.sink, NULL);
	read_text(&c, START PACKET "u32 6 u32 0x10000000 00*99", &err);
	is_int(err.offset, 48 + 36, "so is a packet that claims too much");
	c.sink.ops->close(&c.sink, NULL);
}

static void try_many_interfaces(void)
{
	struct str file = STR_INIT;
	struct collect c;
	struct err err;
	const char *path;
	int i;

	put_text(&file, SECTION);
	for (i = 0; i < 20000; i++)
		put_text(&file, IFACE);
	put_text(&file, "u32 6 u32 36 u32 19999 u64 0 u32 4 u32 4 'abcd' "
			"u32 36");
	path = file_of(&file);
	collect(&c, &path, 1, NULL, &err);
	is_int(c.packets, 1, "35: 20,000 interfaces");
	c.sink.ops->close(&c.sink, NULL);
	unlink(path);
	str_fini(&file);
}

static bool no_iface(struct sink *s, const struct iface *i, struct err *err)
{
	(void)s, (void)i, (void)err;
	return true;
}

/* Read path, in a child, in little memory. Returns 0 if its fault is the one
   that is due, and the one packet before it was delivered. */
static int read_endless(const char *path)
{
	const struct rlimit little = {64 << 20, 64 << 20};
	struct sink_ops ops = collect_ops;
	struct collect c = {.sink = {&ops}};
	struct err err = {0};
	struct source *source;

#if !defined(SANITIZERS)
	if (setrlimit(RLIMIT_AS, &little) != 0)
		return 1;
#endif
	(void)little;
	ops.iface = no_iface;
	source = savefile_open(path, NULL, &err);
	if (!source || source_run(source, &c.sink, &err))
		return 2;
	if (c.packets != 1 || err.packet != 2 ||
	    err.offset != 28 + 36 + 262144 * 20)
		return 3;
	return strstr(err.text, "more than 262144 interfaces") ? 0 : 4;
}

/* Ten million interfaces come out of a pipe. */
static void try_endless_interfaces(void)
{
	static const char path[] = "endless.tmp";
	struct str head = STR_INIT, some = STR_INIT;
	int fd, i, status = -1;

	put_text(&head, SECTION IFACE PACKET);
	for (i = 0; i < 10000; i++)
		put_text(&some, IFACE);
	unlink(path);
	if (mkfifo(path, 0600) != 0)
		return;
	if (fork() == 0)
		_exit(read_endless(path));
	signal(SIGPIPE, SIG_IGN);
	fd = open(path, O_WRONLY);
	for (i = 0; i < 1000; i++) {
		const struct str *s = i ? &some : &head;

		if (write(fd, s->text, s->len) != (ssize_t)s->len)
			break; /* it has had enough */
	}
	close(fd);
	wait(&status);
	is_int(status, 0,
	       "35: of 10,000,000 interfaces as many as there may "
	       "be, then a fault");
	unlink(path);
	str_fini(&head);
	str_fini(&some);
}

/* A packet with a million empty comments. */
static void try_many_options(void)
{
	struct str file = STR_INIT;
	struct collect c;
	struct err err;
	const char *path;
	int i;

	put_text(&file,
		 START "u32 6 u32 4000036 u32 0 u64 0 u32 4 u32 4 'abcd'");
	for (i = 0; i < 1000000; i++)
		str_put(&file, "\1\0\0\0", 4);
	put_text(&file, "u32 4000036" PACKET);
	path = file_of(&file);
	collect(&c, &path, 1, NULL, &err);
	if (!ok(strstr(str_text(&c.text),
		       "len 4/4 flags 80 options 262144\n2 if 0") != NULL,
		"32: of a million empty options those that are shown, and the "
		"packet after them"))
		printf("# %.200s\n", str_text(&c.text));
	c.sink.ops->close(&c.sink, NULL);
	unlink(path);
	str_fini(&file);
}

int main(void)
{
	size_t i;

	try_text("an enhanced packet", START PACKET,
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1500000000 len 4/60\n");
	try_text("34: a second section in the other byte order",
		 START PACKET BIG_SECTION BIG_IFACE BIG_PACKET,
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1500000000 len 4/60\n"
		 "block 0xa0d0d0a len 16 swapped\n"
		 "iface 1 link 101 snap 64 res 6 offset 0 fcs -1 name -\n"
		 "2 if 1 time 1500000000 len 4/60\n");
	try_text("an interface's options",
		 SECTION "u32 1 u32 72 u16 1 u16 0 u32 0"
			 "u16 2 u16 5 'eth0' 00 00*3"
			 "u16 9 u16 1 09 00*3"
			 "u16 13 u16 1 04 00*3"
			 "u16 14 u16 8 u64 100"
			 "u16 1 u16 2 'hi' 00*2"
			 "u32 0 u32 72"
			 "u32 6 u32 36 u32 0 u32 0 u32 5 u32 2 u32 2 'ab' 00*2"
			 "u32 36",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 0 res 9 offset 100 fcs 4 name eth0\n"
		 "1 if 0 time 100000000005 len 2/2\n");
	try_text("resolutions 2^-10, 10^-12, 1 s, 2^-50",
		 SECTION
		 "u32 1 u32 28 u16 1 u16 0 u32 0 u16 9 u16 1 8a 00*3 u32 28"
		 "u32 1 u32 28 u16 1 u16 0 u32 0 u16 9 u16 1 0c 00*3 u32 28"
		 "u32 1 u32 28 u16 1 u16 0 u32 0 u16 9 u16 1 00 00*3 u32 28"
		 "u32 1 u32 28 u16 1 u16 0 u32 0 u16 9 u16 1 b2 00*3 u32 28"
		 "u32 6 u32 32 u32 0 u32 0 u32 1536 u64 0 u32 32"
		 "u32 6 u32 32 u32 1 u32 232 u32 3567587328 u64 0 u32 32"
		 "u32 6 u32 32 u32 2 u32 0 u32 7 u64 0 u32 32"
		 "u32 6 u32 32 u32 3 u32 0x00060000 u32 0 u64 0 u32 32",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 0 res 138 offset 0 fcs -1 name -\n"
		 "iface 1 link 1 snap 0 res 12 offset 0 fcs -1 name -\n"
		 "iface 2 link 1 snap 0 res 0 offset 0 fcs -1 name -\n"
		 "iface 3 link 1 snap 0 res 178 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1500000000 len 0/0\n"
		 "2 if 1 time 1000000000 len 0/0\n"
		 "3 if 2 time 7000000000 len 0/0\n"
		 "4 if 3 time 1500000000 len 0/0\n");
	try_text("a simple packet, cut by the snapshot length",
		 SECTION "u32 1 u32 20 u16 1 u16 0 u32 3 u32 20"
			 "u32 3 u32 20 u32 5 'abc' 00 u32 20",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 3 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 0 len 3/5 flags 8\n");
	try_text("an old packet block with drops, and flags",
		 START "u32 2 u32 44 u16 0 u16 7 u32 0 u32 1 u32 2 u32 2 'ab' "
		       "00*2 u16 2 u16 4 u32 1 u32 44",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1000 len 2/2 flags 1 options 20\n");
	try_text("statistics",
		 START "u32 5 u32 64 u32 0 u32 0 u32 9"
		       "u16 2 u16 8 u32 0 u32 3"
		       "u16 4 u16 8 u64 11 u16 5 u16 8 u64 2 u32 0 u32 64",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "end of if 0 received 11 dropped 2 from 3000 to 9000\n");
	try_text("secrets, names, custom and journal blocks",
		 START "u32 10 u32 24 u32 0x544c534b u32 4 'abcd' u32 24"
		       "u32 4 u32 16 u32 0 u32 16"
		       "u32 0xbad u32 20 u32 32473 'abcd' u32 20"
		       "u32 9 u32 16 'A=B' 0a u32 16",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "block 0xa len 12\nblock 0x4 len 4\nblock 0xbad len 8\n"
		 "block 0x9 len 4\n");
	try_text("20: times of 2107 and, by an offset, before 1970",
		 SECTION "u32 1 u32 20 u16 1 u16 0 u32 0 u32 20"
			 "u32 1 u32 32 u16 1 u16 0 u32 0 "
			 "u16 14 u16 8 u64 0xffffffffffffff9c u32 32"
			 "u32 6 u32 32 u32 0 u32 1006632 u32 2560 u64 0 u32 32"
			 "u32 6 u32 32 u32 1 u32 0 u32 1 u64 0 u32 32",
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 0 res 6 offset 0 fcs -1 name -\n"
		 "iface 1 link 1 snap 0 res 6 offset -100 fcs -1 name -\n"
		 "1 if 0 time 4323451519109632000 len 0/0\n"
		 "2 if 1 time -99999999000 len 0/0\n");
	try_text("31: a time that cannot be told",
		 SECTION "u32 1 u32 28 u16 1 u16 0 u32 0 u16 9 u16 1 ff 00*3 "
			 "u32 28" PACKET,
		 "block 0xa0d0d0a len 16\n"
		 "iface 0 link 1 snap 0 res 255 offset 0 fcs -1 name -\n"
		 "1 if 0 time 0 len 4/60 flags 8\n");
	for (i = 0; i < ARRAY_LEN(cases); i++)
		try_case(&cases[i]);
	try_large_blocks();
	try_many_interfaces();
	try_endless_interfaces();
	try_many_options();
	str_fini(&case_notes);
	return done();
}
