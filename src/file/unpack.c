/* Unpacking: frames one after the other, and what may follow them. */
#include "file/unpack.h"

#include <stdlib.h>
#include <string.h>

#include "base/stop.h"

struct unpack {
	const struct codec *codec;
	void *state;
	struct infile *file;
	uint8_t *buf;
	size_t cap, at, n; /* bytes at..n of buf are not yet used */
	bool file_ended;
	bool within;	 /* a frame began and has not ended */
	const char *why; /* what is wrong after all that was unpacked */
	bool padding;	 /* after the last frame, among zeros */
};

struct unpack *unpack_open(const struct codec *codec, struct infile *file,
			   uint8_t *buf, size_t n, size_t cap, struct err *err)
{
	struct unpack *u = calloc(1, sizeof(*u));

	if (!codec->ops) {
		err_set(err, ERR_USAGE, "%s: this build has no %s", codec->name,
			codec->library);
		goto out;
	}
	if (!u || !(u->state = codec->ops->unpack_open())) {
		err_nomem(err, "unpacking a savefile");
		goto out;
	}
	u->codec = codec;
	u->file = file;
	u->buf = buf;
	u->n = n;
	u->cap = cap;
	return u;
out:
	free(u);
	free(buf);
	return NULL;
}

void unpack_close(struct unpack *u)
{
	if (!u)
		return;
	u->codec->ops->unpack_close(u->state);
	free(u->buf);
	free(u);
}

bool unpack_padded(const struct unpack *u)
{
	return u->padding;
}

static uint64_t packed_offset(const struct unpack *u)
{
	return u->file->pos - (u->n - u->at);
}

static ptrdiff_t bad(const struct unpack *u, struct err *err, const char *why)
{
	err_set(err, ERR_FAULT,
		"%s data: %s, at byte %llu of the compressed file",
		u->codec->name, why, (unsigned long long)packed_offset(u));
	return -1;
}

/* Have at least want bytes to unpack, if the file has them. */
static bool unpack_fill(struct unpack *u, size_t want,
			const volatile sig_atomic_t *stop, struct err *err)
{
	while (u->n - u->at < want && !u->file_ended) {
		ptrdiff_t n;

		if (u->at) {
			memmove(u->buf, u->buf + u->at, u->n - u->at);
			u->n -= u->at;
			u->at = 0;
		}
		n = infile_read(u->file, u->buf + u->n, u->cap - u->n, stop,
				err);
		if (n < 0)
			return false;
		if (n == 0)
			u->file_ended = true;
		u->n += (size_t)n;
	}
	return true;
}

/* Between frames: does another one begin? 1, 0 at the end, -1 with *err. */
static int unpack_between(struct unpack *u, const volatile sig_atomic_t *stop,
			  struct err *err)
{
	for (;;) {
		if (!unpack_fill(u, CODEC_PROBE, stop, err))
			return -1;
		if (u->n == u->at)
			return 0;
		if (!u->padding &&
		    u->codec->probe(u->buf + u->at, u->n - u->at))
			return 1;
		/* Tapes and block devices pad with zeros. */
		u->padding = true;
		for (; u->at < u->n; u->at++)
			if (u->buf[u->at])
				return (int)bad(u, err, "trailing data");
	}
}

ptrdiff_t unpack_read(void *unpack, void *to, size_t room,
		      const volatile sig_atomic_t *stop, uint64_t *packed,
		      struct err *err)
{
	struct unpack *u = unpack;
	struct codec_io io = {.out = to, .out_n = room};

	while (io.out_n == room) {
		enum codec_step step;
		const char *why = NULL;
		size_t had;

		if (u->why)
			return bad(u, err, u->why);
		if (!u->within) {
			int next = unpack_between(u, stop, err);

			if (next <= 0)
				return next;
			u->within = true;
		}
		if (!unpack_fill(u, 1, stop, err))
			return -1;
		had = u->n - u->at;
		io.in = u->buf + u->at;
		io.in_n = had;
		step = u->codec->ops->unpack(u->state, &io, &why);
		u->at = u->n - io.in_n;
		if (step == CODEC_END)
			u->within = false;
		else if (step == CODEC_BAD)
			u->why = why ? why : "damaged";
		else if (had == 0 && io.out_n == room)
			return stop_asked(stop) ? 0 : bad(u, err, "cut short");
	}
	*packed = packed_offset(u);
	return (ptrdiff_t)(room - io.out_n);
}
