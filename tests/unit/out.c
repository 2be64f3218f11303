/* The savefile output: whole records, whatever fails. */
#include "file/out.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define RECORD 100

static char path[] = "/tmp/pcaptool-out-XXXXXX";

static size_t record_length(const uint8_t *p)
{
	(void)p;
	return RECORD;
}

/* Put up to n records; how many were taken. */
static int put(struct out *out, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		uint8_t *p = out_room(out, RECORD);

		if (!p)
			break;
		memset(p, 'a' + i % 26, RECORD);
		out_done(out, RECORD);
		out->packets++;
	}
	return i;
}

static long long size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? (long long)st.st_size : -1;
}

static void whole(void)
{
	struct out out;
	struct err err;
	int fd = open(path, O_WRONLY | O_TRUNC);

	ok(out_open(&out, fd, path, 1024, &err), "open");
	out_records(&out, record_length, NULL);
	is_int(put(&out, 50), 50, "50 records through a buffer of 10");
	is_int(out_size(&out), 50 * RECORD, "the size counts what is buffered");
	ok(out_sync(&out), "sync");
	is_int(size_of(path), 50 * RECORD, "all is in the file");
	ok(out_room(&out, 5000) != NULL, "room for more than the buffer");
	ok(out_close(&out, &err), "close");
}

static void full_disk(void)
{
	struct rlimit was, limit;
	struct out out;
	struct err err;
	int fd = open(path, O_WRONLY | O_TRUNC);
	struct out_end end = {0};

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = 2550;
	setrlimit(RLIMIT_FSIZE, &limit);
	out_open(&out, fd, path, 1024, &err);
	out_records(&out, record_length, NULL);
	out.end = &end;
	ok(put(&out, 100) < 100, "the output fails");
	ok(out_room(&out, 1) == NULL, "there is no room in it any more");
	ok(!out_flush(&out), "and stays failed");
	ok_all("closing says so", !out_close(&out, &err),
	       eq(err.kind, ERR_OUTPUT));
	is_str(err.file, path, "with the file's name");
	setrlimit(RLIMIT_FSIZE, &was);
	is_int(size_of(path), 2500, "the file ends at a whole record");
	is_int(end.packets, 25,
	       "these are the packets that are said to be in it");
}

/* The same by a thread: after 2 MiB it is at work. */
static void full_disk_ahead(long long limit_at)
{
	struct rlimit was, limit;
	struct out out;
	struct err err;
	int fd = open(path, O_WRONLY | O_TRUNC), n;
	struct out_end end = {0};

	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = (rlim_t)limit_at;
	setrlimit(RLIMIT_FSIZE, &limit);
	out_open(&out, fd, path, 1 << 16, &err);
	out_records(&out, record_length, NULL);
	out_ahead(&out);
	out.end = &end;
	n = put(&out, 100000);
	ok_all("ahead: the output fails", n < 100000, n >= limit_at / RECORD);
	ok_all("it is said", !out_close(&out, &err), eq(err.kind, ERR_OUTPUT));
	setrlimit(RLIMIT_FSIZE, &was);
	is_int(size_of(path), limit_at / RECORD * RECORD,
	       "the file ends at a whole record");
	is_int(end.packets, limit_at / RECORD,
	       "these are the packets that are said to be in it");
}

static void ahead(void)
{
	static uint8_t bytes[RECORD];
	struct out out;
	struct err err;
	int fd = open(path, O_RDWR | O_TRUNC), i, wrong = 0;

	ok(out_open(&out, dup(fd), path, 1 << 16, &err), "open");
	out_records(&out, record_length, NULL);
	out_ahead(&out);
	is_int(put(&out, 100000), 100000, "ahead: 10 MB");
	is_int(out_size(&out), 100000 * RECORD, "the size counts them all");
	ok(out.drain != NULL, "the thread is there");
	ok(out_flush(&out), "flush");
	is_int(size_of(path), 100000 * RECORD, "then all is in the file");
	put(&out, 5000);
	ok(out_room(&out, 300000) != NULL, "room for more than the buffer");
	put(&out, 5000);
	ok(out_close(&out, &err), "close");
	is_int(size_of(path), 110000 * RECORD, "all is in the file");
	for (i = 0; i < 110000; i++) {
		if (read(fd, bytes, RECORD) != RECORD)
			break;
		wrong += bytes[0] != bytes[RECORD - 1] ||
			 bytes[0] != 'a' + (i < 100000	 ? i
					    : i < 105000 ? i - 100000
							 : i - 105000) %
					       26;
	}
	is_int(wrong, 0, "in its order");
	close(fd);
}

static void reader_gone(void)
{
	struct out out;
	struct err err;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0)
		return;
	close(ends[0]);
	out_open(&out, ends[1], "pipe", 1024, &err);
	put(&out, 3);
	ok_all("the reader has gone", !out_flush(&out), out.gone);
	ok(out_close(&out, &err), "which is not an error");
}

int main(void)
{
	int fd = mkstemp(path);

	close(fd);
	whole();
	full_disk();
	ahead();
	full_disk_ahead(5000050);
	full_disk_ahead(2 << 20);
	full_disk_ahead((3 << 20) + 77);
	reader_gone();
	unlink(path);
	return done();
}
