/* The window over an input: filling, growing, skipping. */
#include "file/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/stop.h"

/* With the address sanitizer, what is after the window may not be touched. */
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#ifdef WATCHED
#include <sanitizer/asan_interface.h>
#define FORBID(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define ALLOW(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define FORBID(p, n) ((void)0)
#define ALLOW(p, n) ((void)0)
#endif

/* More than this is never held for one record. */
#define INPUT_MAX ((size_t)160 << 20)

/* So many windows may be held at once. */
#define HELD_MOST 64

bool input_open(struct input *in, const char *path, size_t size,
		struct err *err)
{
	memset(in, 0, sizeof(*in));
	in->cap = in->usual = size;
	return infile_open(&in->file, path, err);
}

bool input_stream(struct input *in, int fd, const char *path, size_t size,
		  struct err *err)
{
	bool good;

	memset(in, 0, sizeof(*in));
	in->cap = in->usual = size;
	good = fd < 0 ? infile_open(&in->file, path, err)
		      : infile_take(&in->file, fd, path, err);
	in->file.patient = true;
	return good;
}

void input_close(struct input *in)
{
	if (in->buf)
		ALLOW(in->buf, in->cap);
	if (in->hold)
		buffer_ref_release(in->hold);
	buffer_pool_close(in->pool);
	readahead_close(in->relay);
	unpack_close(in->unpack);
	infile_close(&in->file);
	free(in->buf);
	in->buf = NULL;
}

uint64_t input_left_in_all(const struct input *in)
{
	uint64_t size;

	if (in->ended)
		return input_left(in);
	if (in->codec || !in->started)
		return UINT64_MAX;
	size = infile_size_now(&in->file);
	if (size == INFILE_SIZE_UNKNOWN)
		return UINT64_MAX;
	return input_left(in) + (size > in->end_at ? size - in->end_at : 0);
}

/* Move what is left of the window to the front, and make room after it. */
static bool input_make_room(struct input *in, size_t need)
{
	size_t left = input_left(in), cap = in->cap;
	uint8_t *buf = in->buf;

	if (buf)
		ALLOW(buf, cap);
	if ((in->lent || in->hold) && (!buf || left > cap)) {
		/* was elsewhere, comes back to where there is room for it */
		cap = left > cap ? left : cap;
		buf = realloc(buf, cap);
		if (!buf)
			return err_nomem(&in->err, "reading a savefile");
		in->buf = buf;
		in->cap = cap;
	}
	in->lent = false;
	if (buf && in->pos != buf) {
		memmove(buf, in->pos, left);
		in->from = in->pos = buf;
		in->end = buf + left;
	}
	if (in->hold)
		buffer_ref_release(in->hold);
	in->hold = NULL;
	if (buf && cap > in->usual && need <= in->usual && left <= in->usual) {
		/* A long record has passed: be small again. */
		buf = realloc(buf, in->usual);
		if (!buf)
			return true;
		in->buf = buf;
		in->cap = in->usual;
		in->from = in->pos = buf;
		in->end = buf + left;
		return true;
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
	in->from = in->pos = buf;
	in->end = buf + left;
	return true;
}

static enum input_state input_stopped(struct input *in)
{
	return in->err.kind == ERR_NONE ? INPUT_END : INPUT_BROKEN;
}

/* Wait for the file to grow. */
static bool input_grows(struct input *in)
{
	if (in->idle)
		in->idle(in->idle_arg);
	switch (infile_follow(&in->file, in->stop)) {
	case INFILE_GREW:
		return true;
	case INFILE_SHRANK:
	case INFILE_REPLACED:
		in->replaced = true;
		return false;
	case INFILE_STAYS:
		break;
	}
	return false;
}

/* The file as it is. */
static ptrdiff_t file_read(struct input *in, void *to, size_t room)
{
	const struct infile *f = &in->file;
	ptrdiff_t n = infile_read(&in->file, to, room, in->stop, &in->err);

	in->packed = f->pos;
	if (n != 0 || !f->regular || f->pos >= f->size || stop_asked(in->stop))
		return n;
	err_set(&in->err, ERR_FAULT,
		"the file shrank while being read: it had %llu bytes",
		(unsigned long long)f->size);
	return -1;
}

/* Until there is more to read (or it is not wanted) give the sinks a chance to
   let out what they hold. */
static void input_wait(struct input *in)
{
	int ms = 10;

	while (in->idle && !stop_asked(in->stop) &&
	       !(in->relay ? readahead_ready(in->relay, ms)
			   : infile_ready(&in->file, ms))) {
		in->idle(in->idle_arg);
		if (in->end_at == 0)
			return; /* there is nothing yet to let out */
		ms = 100;
	}
}

/* The next bytes, from wherever they come. */
static ptrdiff_t input_read(struct input *in, uint8_t *to, size_t room)
{
	ptrdiff_t n;

	input_wait(in);
	if (in->relay)
		return readahead_read(in->relay, to, room, in->stop,
				      &in->packed, &in->err);
	if (in->unpack)
		return unpack_read(in->unpack, to, room, in->stop, &in->packed,
				   &in->err);
	if (!in->follow || !in->file.regular)
		return file_read(in, to, room);
	do
		n = infile_read(&in->file, to, room, in->stop, &in->err);
	while (n == 0 && input_grows(in));
	in->packed = in->file.pos;
	return n;
}

/* May what comes next have a window of its own? */
static bool input_can_change(const struct input *in)
{
	return in->held && !in->codec && !in->follow && in->file.regular;
}

/* Add what comes next to the window, in which there is room: what is needed,
   and more if the next window could not be a better place for it. */
static void input_more(struct input *in, size_t need)
{
	size_t room = (size_t)(in->buf + in->cap - in->end);
	size_t want = input_can_change(in) ? need - input_left(in) : room;
	ptrdiff_t n;

	ALLOW(in->end, room);
	n = input_read(in, in->buf + (in->end - in->buf),
		       want < room ? want : room);
	if (n > 0) {
		in->end += n;
		in->end_at += (uint64_t)n;
		room -= (size_t)n;
	} else {
		in->ended = true;
	}
	FORBID(in->end, room);
}

/*
 * Have what comes next lent by the relay, with what is left of the window
 * before it. false: that is not possible, if what is wanted is too long.
 */
static bool input_borrow(struct input *in, size_t need)
{
	size_t left = input_left(in);
	uint8_t *at;
	ptrdiff_t n;

	if (!in->relay || need > READAHEAD_ROOM || readahead_within(in->relay))
		return false;
	input_wait(in);
	n = readahead_take(in->relay, in->pos, left, &at, in->stop, &in->packed,
			   &in->err);
	if (n <= 0) {
		in->ended = true;
		return true;
	}
	in->lent = true;
	in->from = in->pos = at;
	in->end = at + left + n;
	in->end_at += (uint64_t)n;
	return true;
}

/*
 * Read on into a window of its own, as others may hold the one before. false:
 * that is not possible here.
 */
static bool input_change(struct input *in, size_t need)
{
	size_t left = input_left(in);
	struct buffer_ref *hold;
	uint8_t *at;
	ptrdiff_t n;

	if (!input_can_change(in) || left >= need || need > in->usual)
		return false;
	if (!in->pool)
		in->pool = buffer_pool_open(in->usual, HELD_MOST);
	hold = in->pool ? buffer_pool_take(in->pool, &at) : NULL;
	if (!hold)
		return false;
	ALLOW(at, in->usual);
	if (left > 0)
		memcpy(at, in->pos, left);
	if (in->hold)
		buffer_ref_release(in->hold);
	in->hold = hold;
	n = input_read(in, at + left, in->usual - left);
	if (n > 0)
		in->end_at += (uint64_t)n;
	else
		in->ended = true;
	in->from = in->pos = at;
	in->end = at + left + (n > 0 ? n : 0);
	FORBID(in->end, (size_t)(hold->to - in->end));
	return true;
}

/*
 * Look at the first bytes of the file: are they packed? Then they are taken
 * out of the window, and what comes into it from now on is unpacked.
 */
static bool input_start(struct input *in)
{
	const struct codec *codec;

	in->started = true;
	if (!input_make_room(in, CODEC_PROBE))
		return false;
	while (input_left(in) < CODEC_PROBE && !in->ended)
		input_more(in, in->cap);
	codec = codec_by_content(in->pos, input_left(in));
	if (!codec)
		return true;
	in->codec = codec;
	ALLOW(in->buf, in->cap);
	in->unpack = unpack_open(codec, &in->file, in->buf, input_left(in),
				 in->cap, &in->err);
	in->buf = NULL;
	in->from = in->pos = in->end = NULL;
	in->end_at = 0;
	in->ended = false;
	if (in->unpack && !in->single)
		in->relay = readahead_open(unpack_read, in->unpack);
	return in->unpack != NULL;
}

enum input_state input_fill(struct input *in, size_t need)
{
	if (!in->started && !input_start(in))
		in->ended = true;
	while (input_left(in) < need) {
		if (in->ended)
			return input_stopped(in);
		if (need > in->cap && !in->follow &&
		    need > input_left_in_all(in))
			return INPUT_END;
		if (input_change(in, need) || input_borrow(in, need))
			continue;
		if (input_make_room(in, need))
			input_more(in, need);
		else
			in->ended = true;
	}
	return INPUT_READY;
}

/* Step over bytes without reading them, if that is worth it. Returns how many.
   The window is empty. */
static uint64_t input_skip_file(struct input *in, uint64_t n)
{
	if (in->codec || !in->started)
		return 0;
	return infile_skip(&in->file, n);
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
		over = input_skip_file(in, n);
		in->end_at += over;
		n -= over;
		if (n > 0 && input_fill(in, 1) != INPUT_READY)
			return input_stopped(in);
	}
}

bool input_padded(const struct input *in)
{
	return in->ended && in->unpack && unpack_padded(in->unpack);
}
