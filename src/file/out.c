/* A buffered output of whole records. */
#include "file/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "file/out_queued.h"
#include "os/blocking.h"
#include "os/outfile.h"

/*
 * Large enough for the system call to cost nothing beside the copy, small
 * enough to stay in the second-level cache between the two copies.
 */
#define DEFAULT_CAP (256 * 1024)

/* So many bytes are written before a thread is worth its while. */
#define AHEAD_FROM ((uint64_t)2 << 20)

/* Where the first byte goes: a file may have some already, as standard output
   may, and a failed write is not to take them away. */
static uint64_t start_of(int fd)
{
	struct stat st;
	off_t at = lseek(fd, 0, SEEK_CUR);

	if (at < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return 0;
	if (fcntl(fd, F_GETFL) & O_APPEND)
		at = st.st_size;
	return (uint64_t)at;
}

bool out_open(struct out *out, int fd, const char *name, size_t cap,
	      struct err *err)
{
	*out = (struct out){
	    .fd = fd,
	    .cap = cap ? cap : DEFAULT_CAP,
	    .offset = start_of(fd),
	};
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->buf = malloc(out->cap);
	if (out->buf)
		return true;
	close(fd);
	out->fd = -1;
	return err_nomem(err, "output buffer");
}

void out_records(struct out *out, out_record_length *length,
		 out_record_is_packet *is_packet)
{
	out->record_length = length;
	out->is_packet = is_packet;
	if (out->queued && queued_settle(out))
		out_records(queued_inner(out), length, is_packet);
}

/* Bytes of whole records at the beginning of n bytes of records. *packets
   is how many packets there are among these. */
static size_t whole_records(const struct out *out, const uint8_t *buf, size_t n,
			    uint64_t *packets)
{
	size_t whole = 0, next;

	*packets = 0;
	while (out->record_length && whole < n) {
		next = out->record_length(buf + whole);
		if (next == 0 || next > n - whole)
			break;
		*packets += !out->is_packet || out->is_packet(buf + whole);
		whole += next;
	}
	return whole;
}

void out_lose(struct out *out, const uint8_t *bytes, size_t n)
{
	uint64_t packets;

	whole_records(out, bytes, n, &packets);
	out->lost += packets;
}

/* End the file at offset, and go on from there. */
static bool cut_at(struct out *out, uint64_t offset)
{
	if (ftruncate(out->fd, (off_t)offset) != 0)
		return false;
	lseek(out->fd, (off_t)offset, SEEK_SET);
	out->offset = offset;
	return true;
}

/* Of what is written of a buffer whose first byte is at offset, the first
   whole bytes are whole records: cut the file back to these. */
static void cut_back(struct out *out, size_t whole, size_t written)
{
	struct stat st;

	if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	/* nothing more can be done if this fails too */
	if (out->in_long) /* the record began before the buffer did */
		cut_at(out, out->long_at);
	else if (whole < written)
		cut_at(out, out->offset + whole);
	else
		out->offset += whole;
}

/* A write failed after so much of a buffer of len bytes. */
static bool fail(struct out *out, int errnum, const uint8_t *buf, size_t len,
		 size_t written)
{
	uint64_t there = 0, all = 0, later = 0;
	size_t whole = 0;

	out->failed = true;
	out->gone = errnum == EPIPE || errnum == ECANCELED;
	err_sys(&out->err, ERR_OUTPUT, errnum, "cannot write");
	err_in_file(&out->err, out->name);
	if (!out->in_long) {
		if (!out->codec)
			whole = whole_records(out, buf, written, &there);
		whole_records(out, buf, len, &all);
		if (buf != out->buf)
			whole_records(out, out->buf, out->len, &later);
	}
	out->lost += all - there + later;
	/* a file header is not a record, but may have been counted as one */
	if (out->lost > out->packets)
		out->lost = out->packets;
	cut_back(out, whole, written);
	out->len = out->cap = 0; /* no more room */
	return false;
}

static int64_t monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

bool out_pack(struct out *out, const struct codec *codec, struct err *err)
{
	uint8_t *buf = realloc(out->buf, OUT_FRAME);

	if (buf) {
		out->buf = buf;
		out->cap = OUT_FRAME;
		out->packer = codec->ops->pack_open();
	}
	if (!buf || !out->packer)
		return err_nomem(err, "packing the output");
	out->codec = codec;
	out->last_ns = monotonic_ns();
	return true;
}

/* What is in the buffer as a frame. NULL: the output failed. */
static const uint8_t *pack(struct out *out, size_t *len)
{
	const struct codec_ops *ops = out->codec->ops;
	size_t room = ops->pack_bound(out->len);

	if (room > out->packed_cap) {
		free(out->packed);
		out->packed = malloc(room);
		out->packed_cap = out->packed ? room : 0;
	}
	*len = out->packed ? ops->pack(out->packer, out->buf, out->len,
				       out->packed, out->packed_cap)
			   : 0;
	if (*len)
		return out->packed;
	fail(out, 0, out->buf, out->len, 0);
	err_set(&out->err, ERR_OUTPUT, "%s failed", out->codec->library);
	err_in_file(&out->err, out->name);
	return NULL;
}

void out_ahead(struct out *out)
{
	struct stat st;

	out->ahead =
	    !out->codec && fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Wait until all that the thread was handed is written. */
static bool drained(struct out *out)
{
	const uint8_t *bytes;
	size_t pending, done;
	int errnum;

	if (out->failed || !out->drain)
		return !out->failed;
	errnum = async_writer_wait(out->drain, &bytes, &done);
	pending = out->pending;
	if (errnum)
		out->offset -= pending;
	out->pending = 0;
	return errnum == 0 || fail(out, errnum, bytes, pending, done);
}

/* Have the buffer written, not necessarily by now. */
static bool out_pour(struct out *out)
{
	if (!out->ahead || out->failed || out->offset < AHEAD_FROM)
		return out_flush(out);
	if (!out->drain) {
		out->drain = async_writer_open(out->fd, out->cap);
		out->drain_cap = out->cap;
		out->ahead = out->drain != NULL;
	}
	if (!out->drain || out->cap != out->drain_cap)
		return out_flush(out);
	if (!drained(out))
		return false;
	out->buf = async_writer_put(out->drain, out->buf, out->len);
	out->pending = out->len;
	out->offset += out->len;
	out->len = 0;
	return true;
}

/* A write failed: is there room on the disk now? */
static bool made_room(struct out *out, int errnum)
{
	bool good = (errnum == ENOSPC || errnum == EDQUOT) && out->full &&
		    out->full(out->full_arg);

	errno = errnum;
	return good;
}

/* More is put than an output that is held has room for. */
static bool no_room(struct out *out)
{
	return fail(out, ENOBUFS, out->buf, 0, 0);
}

bool out_flush(struct out *out)
{
	const uint8_t *bytes = out->buf;
	size_t len = out->len, done = 0;

	if (out->queued)
		return queued_flush(out);
	if (out->held)
		return !out->failed && (out->len < out->cap || no_room(out));
	if (!drained(out))
		return false;
	if (len == 0)
		return true;
	if (out->codec) {
		bytes = pack(out, &len);
		if (!bytes)
			return false;
		out->last_ns = monotonic_ns();
	}
	while (done < len) {
		ssize_t n = blocking_write(out->fd, bytes + done, len - done);

		if (n < 0 && (errno == EINTR || made_room(out, errno)))
			continue;
		if (n < 0)
			return fail(out, errno, out->buf, out->len, done);
		done += (size_t)n;
	}
	out->offset += len;
	out->len = 0;
	return true;
}

bool out_write(struct out *out, const uint8_t *bytes, size_t n)
{
	uint8_t *own = out->buf;
	size_t cap = out->cap;
	bool good;

	if (out->failed || !out_flush(out))
		return false;
	out->buf = (uint8_t *)bytes;
	out->len = out->cap = n;
	good = out_flush(out);
	out->buf = own;
	out->len = 0;
	out->cap = good ? cap : 0;
	return good;
}

bool out_long_begin(struct out *out)
{
	if (out->queued)
		return queued_long(out, out_long_begin);
	if (!out_flush(out))
		return false;
	out->in_long = true;
	out->long_at = out->offset;
	return true;
}

bool out_put(struct out *out, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;

	if (out->queued)
		return queued_put(out, bytes, n);
	while (n > 0) {
		size_t room = out->cap - out->len, some = n < room ? n : room;

		if (out->failed || (room == 0 && !out_flush(out)))
			return false;
		memcpy(out->buf + out->len, from, some);
		out->len += some;
		from += some;
		n -= some;
	}
	return true;
}

bool out_long_end(struct out *out)
{
	bool good;

	if (out->queued)
		return queued_long(out, out_long_end);
	good = out_flush(out);
	out->in_long = false;
	return good;
}

bool out_long_undo(struct out *out)
{
	struct stat st;

	if (out->queued)
		return queued_long(out, out_long_undo);
	out->in_long = false;
	out->len = 0;
	if (out->offset == out->long_at || out->failed)
		return !out->failed;
	if (fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    cut_at(out, out->long_at))
		return true;
	out->failed = true;
	err_set(&out->err, ERR_OUTPUT,
		"a block that is cut in the input cannot be taken back");
	return err_in_file(&out->err, out->name);
}

bool out_flush_idle(struct out *out)
{
	if (out->codec && !out->prompt &&
	    monotonic_ns() - out->last_ns < NS_PER_S)
		return !out->failed;
	return out->queued ? queued_flush_idle(out) : out_flush(out);
}

bool out_rename(struct out *out, const char *temporary, const char *final,
		bool replace, struct err *err)
{
	out->temporary = strdup(temporary);
	out->final = strdup(final);
	out->replace = replace;
	return (out->temporary && out->final) || err_nomem(err, "file names");
}

void out_resume(struct out *out, bool whole)
{
	out->resumed = true;
	out->undo = whole;
	out->resumed_at = out->offset;
}

void out_salvage(struct out *out, bool sync)
{
	out->salvage = true;
	out->sync = sync;
}

void out_when_full(struct out *out, bool (*full)(void *arg), void *arg)
{
	out->full = full;
	out->full_arg = arg;
}

static void take_back(struct out *out)
{
	const struct out *in = out->queued ? queued_inner(out) : out;

	if (out->failed || !(in->temporary || out->undo))
		return;
	out->failed = out->gone = out->forgotten = true;
}

void out_forget(struct out *out)
{
	out->undo = out->resumed;
	take_back(out);
}

void out_discard(struct out *out)
{
	if (!out->salvage)
		take_back(out);
}

bool out_can_patch(const struct out *out)
{
	struct stat st;

	return !out->codec && fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       !(fcntl(out->fd, F_GETFL) & O_APPEND);
}

bool out_patch(struct out *out, uint64_t at, const void *bytes, size_t n)
{
	if (out->queued)
		return queued_patch(out, at, bytes, n);
	return out_flush(out) &&
	       (pwrite(out->fd, bytes, n, (off_t)at) == (ssize_t)n ||
		fail(out, errno, out->buf, 0, 0));
}

/* Give the file its final name; not over another one unless told to. */
static int name_it(const struct out *out)
{
	if (!out->replace && link(out->temporary, out->final) == 0)
		return unlink(out->temporary);
	if (!out->replace && errno == EEXIST)
		return -1;
	/* no hard links here */
	return rename(out->temporary, out->final);
}

/* All is written and closed, or it failed. */
static void settle(struct out *out)
{
	bool salvage = out->salvage && !out->forgotten && out->offset > 0;

	if (!out->temporary || !out->final)
		return;
	if ((!out->failed || salvage) && name_it(out) != 0)
		fail(out, errno, out->buf, 0, 0);
	else if (out->sync && !out->failed && !outfile_sync_folder(out->final))
		fail(out, errno, out->buf, 0, 0);
	if (out->failed && !salvage) {
		unlink(out->temporary);
		out->lost = out->packets;
	}
}

bool out_sync(struct out *out)
{
	if (out->queued)
		return queued_sync(out);
	if (!out_flush(out))
		return false;
	/* pipes and the like have nothing to sync */
	if (fdatasync(out->fd) != 0 && errno != EINVAL && errno != EROFS)
		return fail(out, errno, out->buf, 0, 0);
	return true;
}

bool out_make_room(struct out *out, size_t n)
{
	uint8_t *buf;

	if (out->queued)
		return queued_make_room(out, n);
	if (out->held)
		return !out->failed && no_room(out);
	if (!out_pour(out))
		return false;
	if (n <= out->cap)
		return true;
	buf = realloc(out->buf, n);
	if (!buf) {
		out->failed = true;
		err_nomem(&out->err, "output buffer");
		return err_in_file(&out->err, out->name);
	}
	out->buf = buf;
	out->cap = n;
	return true;
}

/* It is closed: tell what became of it. */
static void tell_end(const struct out *out)
{
	const struct out_end end = {
	    .packets = out->packets - out->lost,
	    .bytes = out->offset,
	};

	if (out->end)
		*out->end = end;
	if (out->closed)
		out->closed(out->closed_arg, &end,
			    out->failed && !out->gone ? &out->err : NULL);
}

void out_settle(struct out *out)
{
	if (out->queued && out->codec)
		queued_settle(out);
}

bool out_close(struct out *out, struct err *err)
{
	if (out->fd < 0)
		return true;
	if (out->queued)
		return queued_close(out, err);
	if (out->sync)
		out_sync(out);
	else if (!out->held)
		out_flush(out);
	async_writer_close(out->drain);
	out->drain = NULL;
	if (out->undo && out->failed)
		cut_at(out, out->resumed_at);
	if (close(out->fd) != 0 && !out->failed)
		fail(out, errno, out->buf, 0, 0);
	out->fd = -1;
	settle(out);
	tell_end(out);
	if (out->packer)
		out->codec->ops->pack_close(out->packer);
	free(out->buf);
	free(out->packed);
	free(out->temporary);
	free(out->final);
	out->buf = NULL;
	if (!out->failed || out->gone)
		return true;
	return err_copy(err, &out->err);
}
