/* Taking long packets from an input. */
#include "file/long_packet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "os/tempfile.h"
#include "pkt/options.h"

static bool spool_failed(struct err *err)
{
	return err_sys(err, ERR_OUTPUT, errno, "temporary file for a packet");
}

static bool tail_read(struct pkt_tail *tail, uint32_t at, void *to, size_t n,
		      struct err *err)
{
	struct long_packet *l = (struct long_packet *)tail;

	if (n == 0)
		return true;
	if (l->in_file)
		return infile_read_at(l->file, l->at + at, to, n, err);
	return (fseek(l->spool, (long)at, SEEK_SET) == 0 &&
		fread(to, n, 1, l->spool) == 1) ||
	       spool_failed(err);
}

static bool long_packet_init(struct long_packet *l, struct err *err)
{
	l->tail = (struct pkt_tail){.read = tail_read};
	if (!l->head)
		l->head = malloc(LONG_HEAD);
	if (!l->options)
		l->options = malloc(OPTIONS_SHOWN);
	return (l->head && l->options) || err_nomem(err, "a long packet");
}

/* Have at least one byte, and at most n, in the window. 0: there is none. */
static size_t next_bytes(struct input *in, uint64_t n)
{
	size_t left;

	if (input_fill(in, 1) != INPUT_READY)
		return 0;
	left = input_left(in);
	return n < left ? (size_t)n : left;
}

/* Move n bytes to a buffer, or (NULL) to the temporary file. Returns how many
   there were; fewer than n with l->failed: writing failed. */
static uint64_t move(struct long_packet *l, struct input *in, uint8_t *to,
		     uint64_t n, struct err *err)
{
	uint64_t done = 0;
	size_t some;

	while (done < n && (some = next_bytes(in, n - done)) > 0) {
		if (to) {
			memcpy(to + done, in->pos, some);
		} else if (fwrite(in->pos, some, 1, l->spool) != 1) {
			l->failed = !spool_failed(err);
			break;
		}
		in->pos += some;
		done += some;
	}
	return done;
}

static bool spool_start(struct long_packet *l, struct err *err)
{
	if (!l->spool)
		l->spool = tempfile_open(err);
	if (!l->spool)
		return false;
	return fseek(l->spool, 0, SEEK_SET) == 0 || spool_failed(err);
}

/* Step over what the tail reads. Returns how many bytes there were. */
static uint64_t leave(struct long_packet *l, struct input *in, uint32_t rest,
		      struct err *err)
{
	uint64_t done;

	l->in_file = !in->codec && in->file.regular;
	l->file = &in->file;
	l->at = input_at(in, in->pos);
	if (l->in_file && input_skip(in, rest) == INPUT_READY)
		return rest;
	if (l->in_file)
		return input_at(in, in->pos) - l->at;
	l->failed = !spool_start(l, err);
	if (l->failed)
		return 0;
	done = move(l, in, NULL, rest, err);
	if (!l->failed && fflush(l->spool) != 0)
		l->failed = !spool_failed(err);
	return done;
}

enum input_state long_packet_take(struct long_packet *l, struct input *in,
				  uint32_t n, uint32_t rest, uint64_t *got,
				  struct err *err)
{
	*got = 0;
	l->failed = false;
	if (!long_packet_init(l, err))
		return INPUT_BROKEN;
	*got = move(l, in, l->head, n, err);
	if (*got == n)
		*got += leave(l, in, rest, err);
	if (l->failed)
		return INPUT_BROKEN;
	if (*got == (uint64_t)n + rest)
		return INPUT_READY;
	if (in->err.kind == ERR_NONE)
		return INPUT_END;
	err_copy(err, &in->err);
	return INPUT_BROKEN;
}

void long_packet_fini(struct long_packet *l)
{
	free(l->head);
	free(l->options);
	if (l->spool)
		fclose(l->spool);
	*l = (struct long_packet){.at = 0};
}
