/* Savefiles that grow, shrink, are huge, or lie about themselves, while they
   are read. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <config.h>

#include "base/array.h"
#include "savefile_case.h"

static const char path[] = "changing.tmp";

#define HEADER "d4c3b2a1 u16 2 u16 4 u64 0 u32 262144 u32 1"
#define RECORD "u32 7 u32 8 u32 4 u32 4 'abcd'"

static void write_text(const char *text)
{
	struct str s = STR_INIT;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	put_text(&s, text);
	if (fd < 0 || write(fd, s.text, s.len) != (ssize_t)s.len) {
		printf("Bail out! cannot write %s\n", path);
		exit(EXIT_FAILURE);
	}
	close(fd);
	str_fini(&s);
}

/* ---- growing ---- */

/* Another process appends records in steps of some bytes, then removes the
   file. */
static void grow(int records, size_t step)
{
	struct str s = STR_INIT;
	size_t at;
	int fd, i;

	if (fork() != 0)
		return;
	fd = open(path, O_WRONLY | O_APPEND);
	for (i = 0; i < records; i++)
		put_text(&s, RECORD);
	for (at = 0; at < s.len; at += step) {
		size_t n = s.len - at < step ? s.len - at : step;

		if (write(fd, s.text + at, n) != (ssize_t)n)
			_exit(1);
		usleep(2000);
	}
	usleep(100000);
	unlink(path);
	_exit(0);
}

static void growing(void)
{
	static const char *const name = path;
	const struct savefile_options o = {.follow = true};
	static const size_t steps[] = {1, 7, 100};
	struct collect c;
	struct err err;
	size_t i;

	for (i = 0; i < 3; i++) {
		write_text(HEADER RECORD);
		grow(20, steps[i]);
		collect(&c, &name, 1, &o, &err);
		wait(NULL);
		is_int(c.packets, 21,
		       "20: no packet of a growing file is lost");
		is_int(err.kind, ERR_NONE, "and a part of one is not an error");
		c.sink.ops->close(&c.sink, NULL);
	}
}

/* ---- shrinking ---- */

struct shrink {
	struct sink sink;
	uint64_t packets, strange;
	off_t size;
};

static enum verdict shrink_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	struct shrink *t = (struct shrink *)s;

	for (; n; n--, p++, t->packets++)
		t->strange += p->caplen != 4 || memcmp(p->data, "abcd", 4) != 0;
	if (truncate(path, t->size) != 0)
		t->strange++;
	return GO_ON;
}

static void shrinking(void)
{
	static const struct sink_ops ops = {.name = "shrink",
					    .packets = shrink_packets};
	static const off_t sizes[] = {0, 100, 500000, 1000003};
	const struct savefile_options o = {0};
	struct str s = STR_INIT;
	size_t i;

	for (i = 0; i < 4; i++) {
		struct shrink t = {{&ops}, .size = sizes[i]};
		struct source *source;
		struct err err;
		FILE *f;
		int k;

		str_clear(&s);
		put_text(&s, HEADER);
		for (k = 0; k < 500000; k++)
			str_put(&s, "\7\0\0\0\10\0\0\0\4\0\0\0\4\0\0\0abcd",
				20);
		f = fopen(path, "wb");
		fwrite(s.text, 1, s.len, f);
		fclose(f);
		source = savefile_open(path, &o, &err);
		if (source_run(source, &t.sink, &err))
			err.kind = ERR_NONE;
		ok_all("21: of a shrinking file nothing is invented",
		       eq(t.strange, 0), t.packets < 500000);
		ok_all("and the fault has its place", eq(err.kind, ERR_FAULT),
		       err.placed, eq(err.packet, t.packets + 1));
		source_close(source);
	}
	unlink(path);
	str_fini(&s);
}

/* ---- a file of many packets, for what follows ---- */

#define MANY 100000

static void write_many(const char *name, const char *data)
{
	struct str s = STR_INIT;
	int i;

	put_text(&s, HEADER);
	for (i = 0; i < MANY; i++) {
		put_text(&s, "u32 7 u32 8 u32 4 u32 4");
		str_put(&s, data, 4);
	}
	if (!(rename(file_of(&s), name) == 0))
		printf("Bail out! cannot write %s\n", name);
	str_fini(&s);
}

/* A sink that looks at every byte. */
struct look {
	struct sink sink;
	uint64_t packets, strange, sum;
};

static enum verdict look_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct look *l = (struct look *)s;
	uint32_t i;

	if (l->packets == 0) /* now another file gets the name */
		rename("changing-2.tmp", path);
	for (; n; n--, p++, l->packets++) {
		for (i = 0; i < p->caplen; i++)
			l->sum += p->data[i];
		l->strange += p->caplen != 4 || memcmp(p->data, "abcd", 4) != 0;
	}
	return GO_ON;
}

static const struct sink_ops look_ops = {.name = "look",
					 .packets = look_packets};

static void look(struct look *l, struct err *err)
{
	const struct savefile_options o = {0};
	struct source *source = savefile_open(path, &o, err);

	*l = (struct look){{&look_ops}};
	if (source && source_run(source, &l->sink, err))
		err->kind = ERR_NONE;
	source_close(source);
}

/* ---- replaced ---- */

static void replacing(void)
{
	struct look l;
	struct err err;

	write_many(path, "abcd");
	write_many("changing-2.tmp", "efgh");
	look(&l, &err);
	ok_all("23: of a file that is replaced all is read, and of the other "
	       "nothing",
	       access("changing-2.tmp", F_OK) != 0, eq(l.packets, MANY),
	       eq(l.strange, 0), eq(err.kind, ERR_NONE));
}

/* ---- bytes that change ---- */

/* Another process writes bytes of chance all over the file. */
static pid_t flip(size_t size)
{
	uint64_t seed = 12345;
	uint8_t byte;
	pid_t child = fork();
	int fd;

	if (child != 0)
		return child;
	fd = open(path, O_WRONLY);
	for (;;) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		byte = (uint8_t)(seed >> 32);
		if (pwrite(fd, &byte, 1, (off_t)(seed >> 33) % (off_t)size) !=
		    1)
			_exit(1);
	}
}

static void flipping(void)
{
	const size_t size = 24 + MANY * 20;
	unsigned i, ended = 0;
	struct look l;
	struct err err;
	pid_t child;

	write_many(path, "abcd");
	child = flip(size);
	for (i = 0; i < 200; i++) {
		memset(&err, 0, sizeof(err));
		look(&l, &err);
		/* to the end, or to a fault that has its place in the file;
		   or its header was hit */
		ended += err.kind == ERR_NONE
			     ? l.packets > 0
			     : err.kind == ERR_USAGE ||
				   (err.placed && err.offset <= size &&
				    err.packet == l.packets + 1);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	is_int(ended, 200, "22: bytes that change while they are read");
	unlink(path);
}

/* ---- a disk that fails ---- */

static int reads_left = -1; /* until one fails; -1: none does */

/* All reads of this program come by here. */
ssize_t read(int fd, void *to, size_t n)
{
	if (reads_left == 0) {
		errno = EIO;
		return -1;
	}
	if (reads_left > 0)
		reads_left--;
	return syscall(SYS_read, fd, to, n);
}

static void failing(void)
{
	struct look l;
	struct err err;

	write_many(path, "abcd");
	reads_left = 3;
	look(&l, &err);
	reads_left = -1;
	ok_all("21: of a file on a disk that fails, what can be read is",
	       eq(err.kind, ERR_FAULT), strstr(err.text, strerror(EIO)),
	       eq(l.strange, 0), l.packets > 1000, l.packets < MANY);
	ok_all("and the fault is placed where the bytes end", err.placed,
	       eq(err.packet, l.packets + 1),
	       eq((err.offset - 24) / 20, l.packets));
	reads_left = 0;
	look(&l, &err);
	reads_left = -1;
	ok_all("21: one that cannot be read at all is not a capture file",
	       eq(err.kind, ERR_USAGE), strstr(err.text, strerror(EIO)),
	       eq(l.packets, 0), eq(err.offset, 0));
	unlink(path);
}

/* ---- beyond 4 GiB ---- */

/* Blocks are not wanted: long unknown ones are not even read. */
static void collect_packets_of(struct collect *c, struct err *err)
{
	static struct sink_ops ops;
	struct source *source;

	ops = collect_ops;
	ops.block = NULL;
	*c = (struct collect){.sink = {&ops}};
	memset(err, 0, sizeof(*err));
	source = savefile_open(path, NULL, err);
	if (source && source_run(source, &c->sink, err))
		err->kind = ERR_NONE;
	source_close(source);
}

static void sparse(void)
{
	const uint64_t block = (uint64_t)1 << 30;
	struct str s = STR_INIT;
	struct collect c;
	struct err err;
	uint64_t at;
	int fd, i;

	write_text("0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28"
		   "u32 1 u32 20 u16 1 u16 0 u32 0 u32 20");
	fd = open(path, O_WRONLY);
	at = 48;
	for (i = 0; i < 5; i++) {
		str_clear(&s);
		put_text(&s, "u32 0x999 u32 0x40000000");
		if (pwrite(fd, s.text, 8, (off_t)at) != 8 ||
		    pwrite(fd, s.text + 4, 4, (off_t)(at + block - 4)) != 4)
			break;
		at += block;
	}
	str_clear(&s);
	put_text(&s, "u32 6 u32 36 u32 0 u64 0 u32 4 u32 4 'abcd' u32 36"
		     "u32 6 u32 11");
	ok_all("22: a sparse file of 5 GiB",
	       eq(pwrite(fd, s.text, s.len, (off_t)at), (ssize_t)s.len),
	       eq(i, 5));
	close(fd);
	collect_packets_of(&c, &err);
	is_int(c.packets, 1, "the packet after 5 GiB is read");
	is_int(err.offset, at + 36, "and the fault after it is placed");
	c.sink.ops->close(&c.sink, NULL);
	unlink(path);
	str_fini(&s);
}

/* ---- claims of much memory ---- */

/* In a child with little memory: files of a few bytes that claim much. */
static void liars(void)
{
	static const char *const files[] = {
	    HEADER "u64 7 u32 0x7ffffff u32 0x7ffffff 00*9",
	    HEADER "u64 7 u32 0xffffffff u32 0 00*9",
	    "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28"
	    "u32 6 u32 0x7fffff0 00*99",
	    "0a0d0d0a u32 0xfffffffc u32 0x1a2b3c4d 00*99",
	};
	static const char *const name = path;
	const struct rlimit little = {48 << 20, 48 << 20};
	size_t i;
	int status;

	for (i = 0; i < ARRAY_LEN(files); i++) {
		write_text(files[i]);
		if (fork() == 0) {
			struct collect c;
			struct err err;

#if !defined(SANITIZERS)
			setrlimit(RLIMIT_AS, &little);
#endif
			collect(&c, &name, 1, NULL, &err);
			_exit(err.placed ? 0 : 1);
		}
		wait(&status);
		is_int(status, 0, "12, 26: a lie about a length costs nothing");
	}
	(void)little;
	unlink(path);
}

/* ---- things that are not files ---- */

static void others(void)
{
	struct source *source;
	struct collect c;
	struct err err = {0};
	static const char *const name = path;

	source = savefile_open(".", NULL, &err);
	ok_all("4: a directory is refused", !source, eq(err.kind, ERR_USAGE),
	       strstr(err.text, "directory"));
	unlink(path);
	if (mkfifo(path, 0600) == 0) {
		collect(&c, &name, 1, NULL, &err);
		ok_all("4: a FIFO without a writer does not hang",
		       eq(err.kind, ERR_USAGE),
		       strstr(err.text, "without a writer"));
		c.sink.ops->close(&c.sink, NULL);
	}
	unlink(path);
}

int main(void)
{
	growing();
	shrinking();
	replacing();
	flipping();
	failing();
	sparse();
	liars();
	others();
	str_fini(&case_notes);
	return done();
}
