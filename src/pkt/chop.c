/*
 * The stage that cuts bytes out of packets. At either end that is a matter of
 * pointers; from the middle, the rest is joined in a buffer.
 */
#include "pkt/chop.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "pkt/stage.h"
#include "pkt/tail.h"

#define SLICE 256
#define BUFFER ((size_t)256 << 10)

struct chopper {
	struct stage stage;
	struct chop chop;
	uint8_t *buf;
	size_t cap, used;
	struct pkt out[SLICE];
	size_t n;
};

bool chop_parse(const char *text, struct chop *chop)
{
	const char *colon = strchr(text, ':');
	const char *number = colon ? colon + 1 : text;
	char first[24];
	struct chop c = {0, 0};

	if (!num_i64(number, &c.n) || c.n == 0 || c.n < -INT32_MAX ||
	    c.n > INT32_MAX)
		return false;
	if (colon) {
		size_t len = (size_t)(colon - text);

		if (len >= sizeof(first))
			return false;
		memcpy(first, text, len);
		first[len] = '\0';
		if (!num_i64(first, &c.offset) || c.offset < -INT32_MAX ||
		    c.offset > INT32_MAX)
			return false;
	} else if (c.n < 0) {
		c.offset = INT64_MAX; /* the end, whatever the length */
	}
	*chop = c;
	return true;
}

static int64_t within(int64_t v, int64_t max)
{
	return v < 0 ? 0 : v > max ? max : v;
}

/* The bytes [*from, *to) of a packet of len bytes are to go. */
static void region(const struct chop *c, uint32_t len, uint32_t *from,
		   uint32_t *to)
{
	int64_t at = within(c->offset < 0 ? len + c->offset : c->offset, len);

	*from = (uint32_t)within(c->n < 0 ? at + c->n : at, len);
	*to = (uint32_t)within(c->n < 0 ? at : at + c->n, len);
}

static enum verdict push(struct chopper *k)
{
	size_t n = k->n;

	k->n = 0;
	k->used = 0;
	return n > 0 ? stage_push(&k->stage, k->out, n) : GO_ON;
}

/* Put the rest of a packet together in the buffer, which has the room. */
static void join(struct chopper *k, struct pkt *p, uint32_t from, uint32_t to)
{
	uint8_t *at = k->buf + k->used;

	memcpy(at, p->data, from);
	memcpy(at + from, p->data + to, p->caplen - to);
	p->data = at;
	k->used += p->caplen - (to - from);
}

/* Room for n bytes, after those in use; false: no memory. */
static bool room(struct chopper *k, size_t n)
{
	uint8_t *buf;

	if (k->cap - k->used >= n)
		return true;
	if (k->used > 0) /* the caller pushes first */
		return false;
	buf = realloc(k->buf, n > BUFFER ? n : BUFFER);
	if (!buf)
		return false;
	k->buf = buf;
	k->cap = n > BUFFER ? n : BUFFER;
	return true;
}

/* Cut what lies beyond the beginning of a long packet, as far as only its end
   goes. */
static enum verdict chop_long(struct chopper *k, const struct pkt *p)
{
	uint32_t len = pkt_captured(p), from, to;
	struct pkt cut = *p;
	enum verdict v;

	region(&k->chop, len, &from, &to);
	if (to == len && from > 0) {
		pkt_shorten(&cut, from);
	} else if (from == 0 && to <= p->caplen) {
		cut.data += to;
		cut.caplen -= to;
	} else if (from < to) {
		err_set(&k->stage.sink.err, ERR_FAULT,
			"packet %llu is too long (%u bytes) to have bytes "
			"%u to %u removed",
			(unsigned long long)p->number, len, from, to);
		return FAILED;
	}
	cut.wirelen -= to - from;
	v = push(k);
	return v == GO_ON ? stage_push(&k->stage, &cut, 1) : v;
}

static enum verdict chop_one(struct chopper *k, const struct pkt *p)
{
	struct pkt cut = *p;
	enum verdict v = GO_ON;
	uint32_t from, to;

	if (p->flags & PKT_LONG)
		return chop_long(k, p);
	region(&k->chop, p->caplen, &from, &to);
	if (from == 0) {
		cut.data += to;
	} else if (to < p->caplen && from < to) {
		if (k->cap - k->used < p->caplen)
			v = push(k);
		if (v == GO_ON && !room(k, p->caplen)) {
			err_nomem(&k->stage.sink.err, "chopping packets");
			v = FAILED;
		}
		if (v != GO_ON)
			return v;
		join(k, &cut, from, to);
	}
	cut.caplen -= to - from;
	cut.wirelen -= to - from;
	k->out[k->n++] = cut;
	return k->n == SLICE ? push(k) : GO_ON;
}

static enum verdict chop_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct chopper *k = (struct chopper *)s;
	size_t i;

	for (i = 0; i < n; i++) {
		enum verdict v = chop_one(k, &p[i]);

		if (v != GO_ON)
			return v;
	}
	return push(k);
}

static bool chop_close(struct sink *s, struct err *err)
{
	free(((struct chopper *)s)->buf);
	return stage_close(s, err);
}

static const struct sink_ops chop_ops = {
    .name = "chop",
    .iface = stage_iface,
    .packets = chop_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = chop_close,
};

struct sink *chop_open(const struct chop *chop, struct sink *next,
		       struct err *err)
{
	struct chopper *k = stage_new(sizeof(*k), &chop_ops, next, err);

	if (!k)
		return NULL;
	k->chop = *chop;
	return &k->stage.sink;
}
