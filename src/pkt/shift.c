/*
 * The stage that moves packets in time. Stored timestamps are moved as they
 * are, in units of their interface, so that none loses what nanoseconds cannot
 * say. Where they could get below 0 or above 2^64 the interface's offset moves
 * by the whole seconds.
 */
#include "pkt/shift.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "pkt/edit.h"
#include "pkt/options.h"
#include "pkt/tsunit.h"

/* How an interface's stored timestamps change. */
struct move {
	uint64_t times, add; /* raw * times + add */
	bool known;	     /* that says it; else nanoseconds */
	bool inexact;	     /* its unit does not divide the duration */
};

struct shift {
	struct edit edit;
	int64_t ns;
	struct move *moves; /* by interface */
	size_t n;
	uint64_t beyond;  /* timestamps that left the range of 64 bits */
	uint64_t rounded; /* and those that an interface's unit cannot say */
};

/* ---- interfaces ---- */

static bool is_finer(uint8_t tsresol)
{
	return tsresol & 0x80 ? (tsresol & 0x7f) > 29 : tsresol > TSRESOL_NANO;
}

/* Go on in nanoseconds, as by is not a multiple of 10^-n seconds. */
static void refine(struct iface *iface, struct move *move, int64_t by)
{
	for (; iface->tsresol < TSRESOL_NANO; iface->tsresol++)
		move->times *= 10;
	move->add = (uint64_t)by;
	move->known = true;
}

/* Change what is said of an interface, and find how its packets move. */
static struct move plan(const struct shift *s, struct iface *iface)
{
	int64_t by = s->ns, seconds, back = 0;
	struct move move = {.times = 1};
	struct tsunit unit = tsunit_of(iface->tsresol, 0);

	if (by < 0 || iface->tsoffset || is_finer(iface->tsresol)) {
		seconds = by / NS_PER_S - (by % NS_PER_S < 0);
		by %= NS_PER_S;
		by += by < 0 ? NS_PER_S : 0;
		if (seconds < 0 ? iface->tsoffset < INT64_MIN - seconds
				: iface->tsoffset > INT64_MAX - seconds)
			return move;
		iface->tsoffset += seconds;
	}
	move.known = tsunit_raw(iface->tsresol, 0, by, &move.add);
	if (move.known)
		move.known = tsunit_ns(&unit, move.add, &back);
	if (back != by && iface->tsresol < TSRESOL_NANO)
		refine(iface, &move, by);
	else
		move.inexact = move.known && back != by;
	return move;
}

static struct move *add_move(struct shift *s, uint32_t id)
{
	size_t n = (size_t)id + 1;
	struct move *more;

	if (n <= s->n)
		return &s->moves[id];
	more = realloc(s->moves, n * sizeof(*more));
	if (!more)
		return NULL;
	s->moves = more;
	for (; s->n < n; s->n++)
		more[s->n] = (struct move){.times = 1};
	return &more[id];
}

/* The options with bytes that may be changed. false: no memory. */
static bool copy_options(const struct pkt_meta *from, struct pkt_meta *to,
			 struct err *err)
{
	uint8_t *bytes = malloc(from->options_len + 1);

	if (!bytes)
		return err_nomem(err, "options");
	if (from->options_len)
		memcpy(bytes, from->options, from->options_len);
	*to = *from;
	to->options = bytes;
	return true;
}

static void put_half(uint8_t *p, uint32_t v, bool swapped)
{
	v = option_u32((const uint8_t *)&v, swapped);
	memcpy(p, &v, sizeof(v));
}

static void put_word(uint8_t *p, uint64_t v, bool swapped)
{
	uint8_t host[8];

	memcpy(host, &v, sizeof(v));
	for (size_t i = 0; i < sizeof(v); i++)
		p[i] = host[swapped ? 7 - i : i];
}

static void change_iface_options(const struct pkt_meta *meta,
				 const struct iface *iface)
{
	struct options options = options_of_meta(meta);
	struct option o;

	while (options_next(&options, &o)) {
		uint8_t *value = (uint8_t *)(uintptr_t)o.value;

		if (o.code == IF_TSRESOL && o.len == 1)
			*value = iface->tsresol;
		else if (o.code == IF_TSOFFSET && o.len == 8)
			put_word(value, (uint64_t)iface->tsoffset,
				 meta->swapped);
	}
}

static bool shift_iface(struct sink *sink, const struct iface *iface,
			struct err *err)
{
	struct shift *s = (struct shift *)sink;
	struct move *move = add_move(s, iface->id);
	struct iface changed = *iface;
	struct pkt_meta meta = {0};
	bool good;

	if (!move)
		return err_nomem(err, "interfaces");
	*move = plan(s, &changed);
	if (iface->meta && !copy_options(iface->meta, &meta, err))
		return false;
	if (iface->meta) {
		changed.meta = &meta;
		change_iface_options(&meta, &changed);
	}
	good = stage_iface(sink, &changed, err);
	free((void *)(uintptr_t)meta.options);
	return good;
}

/* ---- times ---- */

static int64_t moved(struct shift *s, int64_t t)
{
	if (s->ns > 0 && t > INT64_MAX - s->ns) {
		s->beyond++;
		return INT64_MAX;
	}
	if (s->ns < 0 && t < INT64_MIN - s->ns) {
		s->beyond++;
		return INT64_MIN;
	}
	return t + s->ns;
}

static bool move_raw(const struct move *move, uint64_t *raw)
{
	if (!move->known || *raw > (UINT64_MAX - move->add) / move->times)
		return false;
	*raw = *raw * move->times + move->add;
	return true;
}

static void move_packet(struct shift *s, struct pkt *p)
{
	static const struct move unknown = {.times = 1};
	const struct move *move =
	    p->iface < s->n ? &s->moves[p->iface] : &unknown;
	uint32_t raw = p->flags & (PKT_RAW_TIME | PKT_BAD_TIME);

	if (p->flags & PKT_NO_TIME && !(p->flags & PKT_RAW_TIME))
		return;
	if (raw == PKT_RAW_TIME && move_raw(move, &p->time_raw))
		s->rounded += move->inexact;
	else
		p->flags &= ~(uint32_t)(PKT_RAW_TIME | PKT_BAD_TIME);
	if (!(p->flags & PKT_NO_TIME))
		p->time_ns = moved(s, p->time_ns);
	else if (!(p->flags & PKT_RAW_TIME))
		s->beyond++;
}

static void shift_change(struct edit *e, struct pkt *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		move_packet((struct shift *)e, &p[i]);
}

/* ---- counts ---- */

/* Move the times in the options of a count: two words, the upper one first. */
static void change_count_options(const struct pkt_meta *meta,
				 const struct move *move)
{
	struct options options = options_of_meta(meta);
	struct option o;

	while (options_next(&options, &o)) {
		uint8_t *value = (uint8_t *)(uintptr_t)o.value;
		uint64_t raw;

		if ((o.code != ISB_STARTTIME && o.code != ISB_ENDTIME) ||
		    o.len != 8)
			continue;
		raw = (uint64_t)option_u32(value, meta->swapped) << 32 |
		      option_u32(value + 4, meta->swapped);
		if (!move_raw(move, &raw))
			continue;
		put_half(value, (uint32_t)(raw >> 32), meta->swapped);
		put_half(value + 4, (uint32_t)raw, meta->swapped);
	}
}

static bool shift_iface_end(struct sink *sink, uint32_t id,
			    const struct counters *c, int64_t start_ns,
			    int64_t end_ns, struct err *err)
{
	struct shift *s = (struct shift *)sink;
	struct counters changed = *c;
	struct pkt_meta meta = {0};
	bool good;

	if (c->meta && id < s->n) {
		if (!copy_options(c->meta, &meta, err))
			return false;
		changed.meta = &meta;
		move_raw(&s->moves[id], &changed.time_raw);
		change_count_options(&meta, &s->moves[id]);
	}
	good = stage_iface_end(sink, id, &changed, moved(s, start_ns),
			       moved(s, end_ns), err);
	free((void *)(uintptr_t)meta.options);
	return good;
}

static bool shift_close(struct sink *sink, struct err *err)
{
	struct shift *s = (struct shift *)sink;

	if (s->beyond)
		log_warn("--shift: %llu timestamp(s) would leave the range of "
			 "64-bit nanoseconds: moved to its end",
			 (unsigned long long)s->beyond);
	if (s->rounded)
		log_note("--shift: %llu timestamp(s) rounded down to the "
			 "resolution of their interface",
			 (unsigned long long)s->rounded);
	free(s->moves);
	return stage_close(sink, err);
}

static const struct sink_ops shift_ops = {
    .name = "shift",
    .iface = shift_iface,
    .packets = edit_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = shift_iface_end,
    .close = shift_close,
};

struct sink *shift_open(int64_t ns, struct sink *next, struct err *err)
{
	struct shift *s = stage_new(sizeof(*s), &shift_ops, next, err);

	if (!s)
		return NULL;
	s->edit.change = shift_change;
	s->ns = ns;
	return &s->edit.stage.sink;
}
