/* The writer thread: what it is handed, in order, and what fails there. */
#include "file/out_queued.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/codec.h"
#include "tap.h"

#define RECORD 100

static char path[] = "/tmp/pcaptool-queue-XXXXXX";

static size_t record_length(const uint8_t *p)
{
	(void)p;
	return RECORD;
}

static struct write_queue *open_queue(uint64_t limit)
{
	const struct write_queue_options options = {.limit = limit};
	struct write_queue *q;
	struct err err;

	q = write_queue_open(&options, &err);
	ok(q != NULL, "the queue is opened");
	return q;
}

static void open_out(struct out *out, int fd, struct write_queue *q)
{
	struct err err;

	ok_all("the output is opened", out_open(out, fd, path, 0, &err),
	       out_queue(out, q, &err));
	out_records(out, record_length, NULL);
}

static void put(struct out *out, int from, int n)
{
	for (; n > 0; n--, from++) {
		uint8_t *p = out_room(out, RECORD);

		if (!p)
			break;
		memset(p, 'a' + from % 26, RECORD);
		out_done(out, RECORD);
		out->packets++;
		if (from % 1000 == 0)
			out_flush_idle(out);
	}
}

static long long size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? (long long)st.st_size : -1;
}

/* Records in the file that are not what was put. */
static int wrong_in(const char *name, int n)
{
	uint8_t bytes[RECORD];
	int fd = open(name, O_RDONLY), i, wrong = 0;

	for (i = 0; i < n && read(fd, bytes, RECORD) == RECORD; i++)
		wrong +=
		    bytes[0] != 'a' + i % 26 || bytes[0] != bytes[RECORD - 1];
	close(fd);
	return wrong + n - i;
}

/* All that is put is in the file, in order, whether there is a thread or not
   (yet). */
static void check_order(bool early, bool late, uint64_t limit)
{
	struct write_queue *q = open_queue(limit);
	struct out out;
	struct err err;

	open_out(&out, open(path, O_WRONLY | O_TRUNC), q);
	if (early)
		write_queue_start(q, &err);
	put(&out, 0, 50000);
	if (late)
		write_queue_start(q, &err);
	put(&out, 50000, 50000);
	is_int(out_size(&out), 100000 * RECORD, "the size counts them all");
	ok(out_sync(&out), "it is synced");
	ok(out_long_begin(&out), "a long record begins");
	ok(out_put(&out, "", 1), "is put");
	ok(out_long_undo(&out), "and taken back");
	ok(out_patch(&out, 0, "a", 1), "it is patched");
	ok(out_close(&out, &err), "it is closed");
	is_int(size_of(path), 100000 * RECORD, "all is in the file");
	is_int(wrong_in(path, 100000), 0, "in its order");
	write_queue_close(q);
}

/* The thread is not woken for each segment, but a flush reaches the file. */
static void check_flush(void)
{
	struct write_queue *q = open_queue(64 << 20);
	struct out out;
	struct err err;
	int tries;

	open_out(&out, open(path, O_WRONLY | O_TRUNC), q);
	write_queue_start(q, &err);
	put(&out, 1, 6000);
	ok(out_flush_idle(&out), "it is flushed");
	for (tries = 0; tries < 2000 && size_of(path) < 6000 * RECORD; tries++)
		usleep(5000);
	is_int(size_of(path), 6000 * RECORD, "all of it gets there");
	ok(out_close(&out, &err), "it is closed");
	write_queue_close(q);
}

/* The file system takes no more. */
static void check_failure(long long limit_at)
{
	struct write_queue *q = open_queue(1 << 20);
	struct rlimit was, limit;
	struct out_end end = {0};
	struct out out;
	struct err err;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = (rlim_t)limit_at;
	setrlimit(RLIMIT_FSIZE, &limit);
	open_out(&out, open(path, O_WRONLY | O_TRUNC), q);
	out.end = &end;
	write_queue_start(q, &err);
	put(&out, 0, 100000);
	write_queue_settle(q);
	ok(write_queue_alarmed(q), "a failure alarms");
	ok(!out_flush(&out), "and is seen");
	ok(!out_close(&out, &err), "closing says so");
	is_int(err.kind, ERR_OUTPUT, "as one of the output");
	is_str(err.file, path, "with the file's name");
	setrlimit(RLIMIT_FSIZE, &was);
	is_int(size_of(path), limit_at / RECORD * RECORD,
	       "the file ends at a whole record");
	is_int(end.packets, limit_at / RECORD,
	       "these are the packets that are said to be in it");
	write_queue_close(q);
}

/* While a pipe has no reader, the caller goes on until the buffer is full. */
static void check_blocked(void)
{
	struct write_queue *q = open_queue(64 << 20);
	struct out_end end = {0};
	struct out out;
	struct err err;
	int ends[2];

	if (pipe(ends) != 0)
		return;
	open_out(&out, ends[1], q);
	out.end = &end;
	write_queue_start(q, &err);
	put(&out, 0, 100000);
	is_int(out.packets, 100000, "10 MB are taken at once");
	is_int(write_queue_waits(q).times, 0, "without waiting");
	write_queue_end(q);
	ok(out_close(&out, &err), "at the end that is not an error");
	ok(write_queue_gave_up(q), "but it was given up");
	is_int(end.packets < 100000, true, "and packets are lost");
	close(ends[0]);
	write_queue_close(q);
}

static void check_reader_gone(void)
{
	struct write_queue *q = open_queue(1 << 20);
	struct out out;
	struct err err;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0)
		return;
	close(ends[0]);
	open_out(&out, ends[1], q);
	write_queue_start(q, &err);
	put(&out, 0, 100000);
	ok(!out_flush(&out), "the reader has gone");
	ok(out.gone, "which is known");
	ok(out_close(&out, &err), "and not an error");
	write_queue_close(q);
}

/* What is packed has a size once it is packed, and not before. */
static void check_packed(void)
{
	const struct codec *codec = codec_by_name("gzip");
	struct write_queue *q = open_queue(64 << 20);
	struct out_end end = {0};
	struct out out;
	struct err err;

	if (!codec || !codec->ops || !codec->ops->pack) {
		write_queue_close(q);
		return;
	}
	ok_all("a packed output is opened",
	       out_open(&out, open(path, O_WRONLY | O_TRUNC), path, 0, &err),
	       out_pack(&out, codec, &err), out_queue(&out, q, &err));
	out_records(&out, record_length, NULL);
	out.end = &end;
	put(&out, 0, 100000);
	ok(out_size(&out) > 5 << 20, "it counts as it is");
	write_queue_start(q, &err);
	out_settle(&out);
	ok(out_size(&out) < 2 << 20, "until it is packed");
	ok(out_close(&out, &err), "it is closed");
	is_int(size_of(path), (long long)end.bytes, "the size is the file's");
	is_int(end.packets, 100000, "and the packets are counted");
	write_queue_close(q);
}

int main(void)
{
	int fd = mkstemp(path);

	close(fd);
	check_order(true, false, 64 << 20);
	check_order(false, true, 1 << 20);
	check_order(false, false, 1 << 16);
	check_flush();
	check_failure(5000050);
	check_failure(2 << 20);
	check_failure(77);
	check_blocked();
	check_reader_gone();
	check_packed();
	unlink(path);
	return done();
}
