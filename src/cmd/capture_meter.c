/* Counts what a capture delivers, and knows when it is enough. */
#include "cmd/capture_meter.h"

#include <stdlib.h>

#include "file/create.h"

uint64_t matched_of(const struct matched *matched, size_t i)
{
	uint64_t sum = 0;
	size_t id;

	for (id = 0; id < matched->n; id++)
		if (live_owns(matched->live, i, (uint32_t)id))
			sum += matched->by_iface[id];
	return sum;
}

void matched_fini(struct matched *matched)
{
	free(matched->by_iface);
	*matched = (struct matched){0};
}

static bool matched_add_iface(struct matched *matched, uint32_t iface,
			      struct err *err)
{
	uint64_t *more =
	    realloc(matched->by_iface, ((size_t)iface + 1) * sizeof(*more));

	if (!more)
		return err_nomem(err, "interfaces");
	matched->by_iface = more;
	for (; matched->n <= iface; matched->n++)
		more[matched->n] = 0;
	return true;
}

/* What max_bytes is about. */
static uint64_t size_of(const struct meter *m)
{
	if (m->files)
		return rotate_size(m->files);
	return m->savefile ? savefile_size(m->savefile) : m->bytes;
}

static bool has_max_bytes(struct meter *m)
{
	if (size_of(m) < m->max_bytes)
		return false;
	if (m->files)
		rotate_settle(m->files);
	else if (m->savefile)
		savefile_settle(m->savefile);
	return size_of(m) >= m->max_bytes;
}

/* One packet that is delivered. */
static enum verdict count(struct meter *m, const struct pkt *p)
{
	m->packets++;
	m->bytes += p->caplen;
	if (m->matched)
		m->matched->by_iface[p->iface]++;
	if (m->packets == m->max_packets)
		return STOP;
	if (m->max_bytes && has_max_bytes(m))
		return STOP;
	return GO_ON;
}

static enum verdict meter_packets(struct sink *s, const struct pkt *p, size_t n)
{
	struct meter *m = (struct meter *)s;
	enum verdict v = GO_ON;

	for (; n && v == GO_ON; n--, p++) {
		v = stage_push(&m->stage, p, 1);
		if (v != FAILED && !(p->flags & PKT_REFUSED) &&
		    count(m, p) == STOP)
			v = STOP;
	}
	return v;
}

static bool meter_iface(struct sink *s, const struct iface *iface,
			struct err *err)
{
	struct meter *m = (struct meter *)s;

	return (!m->matched || iface->id < m->matched->n ||
		matched_add_iface(m->matched, iface->id, err)) &&
	       stage_iface(s, iface, err);
}

/* Of what was captured only what matched is delivered. */
static bool meter_iface_end(struct sink *s, uint32_t iface,
			    const struct counters *c, int64_t start_ns,
			    int64_t end_ns, struct err *err)
{
	const struct meter *m = (const struct meter *)s;
	struct counters own = *c;
	const struct handle *h;

	if (m->matched) {
		h = live_handle(m->matched->live, iface);
		own.delivered = h && h->any ? matched_of(m->matched, iface)
					    : m->matched->by_iface[iface];
	}
	return stage_iface_end(s, iface, &own, start_ns, end_ns, err);
}

static const struct sink_ops meter_ops = {
    .name = "meter",
    .iface = meter_iface,
    .packets = meter_packets,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = meter_iface_end,
    .close = stage_close,
};

struct meter *meter_open(struct sink *next, struct err *err)
{
	return stage_new(sizeof(struct meter), &meter_ops, next, err);
}
