/* A buffered output of whole records. */
#include "file/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Large enough for the system call to cost nothing beside the copy, small
 * enough to stay in the second-level cache between the two copies.
 */
#define DEFAULT_CAP (256 * 1024)

bool out_open(struct out *out, int fd, const char *name, size_t cap,
	      struct err *err)
{
	*out = (struct out){.fd = fd, .cap = cap ? cap : DEFAULT_CAP};
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->buf = malloc(out->cap);
	if (out->buf)
		return true;
	close(fd);
	out->fd = -1;
	return err_nomem(err, "output buffer");
}

void out_records(struct out *out, out_record_length *length)
{
	out->record_length = length;
}

/*
 * n octets of the buffer were written before a write failed: cut the file
 * back to its last whole record.
 */
static void cut_back(struct out *out, size_t n)
{
	struct stat st;
	size_t whole = 0, next;

	if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	while (out->record_length && whole < n) {
		next = out->record_length(out->buf + whole);
		if (next == 0 || next > n - whole)
			break;
		whole += next;
	}
	/* nothing more can be done if this fails too */
	if (whole < n && ftruncate(out->fd, (off_t)(out->offset + whole)) == 0)
		lseek(out->fd, 0, SEEK_END);
	out->offset += whole;
}

static bool fail(struct out *out, int errnum, size_t written)
{
	out->failed = true;
	out->gone = errnum == EPIPE;
	err_sys(&out->err, ERR_OUTPUT, errnum, "cannot write");
	err_in_file(&out->err, out->name);
	cut_back(out, written);
	out->len = 0;
	return false;
}

bool out_flush(struct out *out)
{
	size_t done = 0;

	if (out->failed)
		return false;
	while (done < out->len) {
		ssize_t n = write(out->fd, out->buf + done, out->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(out, errno, done);
		done += (size_t)n;
	}
	out->offset += out->len;
	out->len = 0;
	return true;
}

bool out_sync(struct out *out)
{
	if (!out_flush(out))
		return false;
	/* pipes and the like have nothing to sync */
	if (fdatasync(out->fd) != 0 && errno != EINVAL && errno != EROFS)
		return fail(out, errno, 0);
	return true;
}

bool out_make_room(struct out *out, size_t n)
{
	uint8_t *buf;

	if (!out_flush(out))
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

bool out_close(struct out *out, struct err *err)
{
	if (out->fd < 0)
		return true;
	out_flush(out);
	if (close(out->fd) != 0 && !out->failed)
		fail(out, errno, 0);
	out->fd = -1;
	free(out->buf);
	out->buf = NULL;
	if (!out->failed || out->gone)
		return true;
	if (err)
		*err = out->err;
	return false;
}
