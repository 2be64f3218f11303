/* What the writers of all formats have in common. */
#include "file/writer.h"

#include <stdlib.h>
#include <string.h>

#include "pkt/pseudo.h"

enum verdict writer_failed(struct writer *w)
{
	if (w->out.gone)
		return STOP;
	w->sink.err = w->out.err;
	return FAILED;
}

bool writer_flush(struct sink *s, struct err *err)
{
	struct writer *w = (struct writer *)s;

	if (out_flush_idle(&w->out) || w->out.gone)
		return true;
	return err_copy(err, &w->out.err);
}

/* The rest of a packet cannot be read: what there is of its record goes. */
static bool cannot_read(struct writer *w, const struct err *err)
{
	out_long_undo(&w->out);
	w->out.failed = true;
	w->out.err = *err;
	return false;
}

/* The bytes at data, with their headers turned. */
static bool put_turned(struct writer *w, const struct pkt *p, uint32_t n,
		       uint32_t linktype)
{
	uint8_t *copy = malloc(n + 1);
	struct err err;
	bool good;

	if (!copy) {
		err_nomem(&err, "a long packet");
		return cannot_read(w, &err);
	}
	memcpy(copy, p->data, n);
	pseudo_turn(linktype, copy, n, false);
	good = out_put(&w->out, copy, n);
	free(copy);
	return good;
}

bool writer_put_bytes(struct writer *w, const struct pkt *p, uint32_t n,
		      bool turns, uint32_t linktype)
{
	uint8_t buf[PKT_PIECE];
	const uint8_t *piece;
	struct err err;
	uint32_t some, at = 0;

	if (turns) {
		at = n < p->caplen ? n : p->caplen;
		if (!put_turned(w, p, at, linktype))
			return false;
		n -= at;
	}
	for (; n > 0; n -= some, at += some) {
		some = n < PKT_PIECE ? n : (uint32_t)PKT_PIECE;
		piece = pkt_piece(p, at, some, buf, &err);
		if (!piece)
			return cannot_read(w, &err);
		if (!out_put(&w->out, piece, some))
			return false;
	}
	return true;
}

bool writer_put_options(struct writer *w, const struct pkt *p)
{
	struct pkt_tail *tail = pkt_tail(p);
	uint32_t at, left, some;
	uint8_t buf[PKT_PIECE];
	struct err err;

	if (!tail)
		return true;
	at = tail->options_at;
	left = tail->options_len;
	for (; left > 0; left -= some, at += some) {
		some = left < PKT_PIECE ? left : (uint32_t)PKT_PIECE;
		if (!tail->read(tail, at, buf, some, &err))
			return cannot_read(w, &err);
		if (!out_put(&w->out, buf, some))
			return false;
	}
	return true;
}
