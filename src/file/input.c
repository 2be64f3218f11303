/* The window over an input: filling, growing, skipping. */
#include "file/input.h"

#include <stdlib.h>
#include <string.h>

/* More than this is never held for one record. */
#define INPUT_MAX ((size_t)160 << 20)

bool input_open(struct input *in, const char *path, size_t size,
		struct err *err)
{
	memset(in, 0, sizeof(*in));
	in->cap = size;
	return infile_open(&in->file, path, err);
}

void input_close(struct input *in)
{
	infile_close(&in->file);
	free(in->buf);
	in->buf = NULL;
}

uint64_t input_left_in_all(const struct input *in)
{
	uint64_t size;

	if (in->ended)
		return input_left(in);
	size = infile_size_now(&in->file);
	if (size == INFILE_SIZE_UNKNOWN)
		return UINT64_MAX;
	return input_left(in) + (size - in->file.pos);
}

/* Move what is left of the window to the front, and make room behind it. */
static bool input_make_room(struct input *in, size_t need)
{
	size_t left = input_left(in), cap = in->cap;
	uint8_t *buf = in->buf;

	if (buf && in->pos != buf) {
		memmove(buf, in->pos, left);
		in->pos = buf;
		in->end = buf + left;
	}
	if (buf && (need <= cap || left < cap))
		return true;
	/* Full, and still not enough: twice as much. */
	if (buf)
		cap = cap < INPUT_MAX / 2 ? cap * 2 : INPUT_MAX;
	if (cap <= left)
		return err_set(&in->err, ERR_FAULT,
			       "a record is larger than %zu MiB",
			       INPUT_MAX >> 20);
	buf = realloc(buf, cap);
	if (!buf)
		return err_nomem(&in->err, "reading a savefile");
	in->buf = buf;
	in->cap = cap;
	in->pos = buf;
	in->end = buf + left;
	return true;
}

static enum input_state input_stopped(struct input *in)
{
	return in->err.kind == ERR_NONE ? INPUT_END : INPUT_BROKEN;
}

enum input_state input_fill(struct input *in, size_t need)
{
	while (input_left(in) < need) {
		ptrdiff_t n;
		size_t room;

		if (in->ended)
			return input_stopped(in);
		if (need > in->cap && need > input_left_in_all(in))
			return INPUT_END;
		if (!input_make_room(in, need)) {
			in->ended = true;
			return INPUT_BROKEN;
		}
		room = (size_t)(in->buf + in->cap - in->end);
		if (in->idle && !infile_ready(&in->file))
			in->idle(in->idle_arg);
		n = infile_read(&in->file, in->buf + (in->end - in->buf), room,
				in->stop, &in->err);
		if (n <= 0)
			in->ended = true;
		if (n > 0) {
			in->end += n;
			in->end_at += (uint64_t)n;
		}
	}
	return INPUT_READY;
}

enum input_state input_skip(struct input *in, uint64_t n)
{
	for (;;) {
		size_t left = input_left(in);
		size_t step = n < left ? (size_t)n : left;
		uint64_t over;

		in->pos += step;
		n -= step;
		if (n == 0)
			return INPUT_READY;
		over = infile_skip(&in->file, n);
		in->end_at += over;
		n -= over;
		if (n > 0 && input_fill(in, 1) != INPUT_READY)
			return input_stopped(in);
	}
}
