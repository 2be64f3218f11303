/*
 * The sink that counts: it decodes packets and hands them to the reports,
 * either at once or, with several jobs, in chunks of packets that threads take
 * while the caller reads on (os/worker_pool.h). Each thread has a state of its
 * own; they are merged at the end, so the order of chunks does not matter.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/flow/flow_table.h"
#include "decode/proto_ids.h"
#include "os/thread.h"
#include "os/worker_pool.h"
#include "pkt/ifcopy.h"
#include "pkt/packet_ref.h"
#include "pkt/selector.h"
#include "pkt/timeline.h"
#include "stats/state.h"

enum {
	BATCH = 256, /* packets judged at once */
	CHUNK_PACKETS = 1024,
	CHUNK_BYTES = 384 * 1024,
	AHEAD = 6, /* packets: what is there comes from another's cache */
	ENTRIES_APART = 1 << 18, /* in the states of all threads together */
};

/* Packets on their way to a thread. */
struct chunk {
	size_t n;
	struct pkt pkts[CHUNK_PACKETS];
	uint64_t marks[CHUNK_PACKETS];
	const struct iface *ifaces[CHUNK_PACKETS];
	struct timeline times[CHUNK_PACKETS]; /* before each packet */
	struct packet_ref keep;		      /* the packets' bytes */
};

struct count_pool;

struct worker {
	struct count_pool *pool;
	struct dissect *dissect;
	struct report_state *parts;
};

struct count_pool {
	struct sink sink;
	struct stats *stats;
	struct selector **selectors;
	size_t n_selectors;
	struct iface **ifaces;
	size_t n_ifaces;
	struct worker own; /* of the caller; its parts are the state's */
	struct flow_context context;
	struct timeline times; /* before the next packet */
	bool timed;	       /* a field is wanted that is about them */
	bool fed; /* conversations are followed: one thread does it all */
	struct worker_pool *threads; /* NULL: the caller does it all */
	struct worker *workers;	     /* the threads' */
	struct chunk *chunks;	     /* the slots */
	size_t n_workers, n_chunks;
	struct buffer_ref *lent;
	/* Where several threads put what they counted whenever it is much, so
	   that one conversation does not stay in the states of all. */
	struct report_state *common;
	struct monitor common_monitor;
};

/* ---- one packet --------------------------------------------------------- */

static void set_times(struct dissect *d, const struct timeline *times)
{
	d->first_ns = times->first_ns;
	d->previous_ns = times->previous_ns;
	d->displayed_ns = times->displayed_ns;
}

static void count_packet(struct worker *w, const struct pkt *pkt,
			 const struct iface *iface, uint64_t marks,
			 const struct timeline *times)
{
	const struct stats *stats = w->pool->stats;
	struct observation s = {
	    .pkt = pkt,
	    .d = w->dissect,
	    .marks = marks,
	    .len = pkt->wirelen,
	    .timed = !(pkt->flags & PKT_NO_TIME),
	    .time_ns = pkt->time_ns,
	};
	size_t i;

	if (w->pool->fed)
		flow_context_next(&w->pool->context);
	if (w->pool->timed)
		set_times(w->dissect, times);
	dissect_packet(w->dissect, pkt, iface);
	for (i = 0; i < stats->n_parts; i++)
		if (w->parts[i].report->packet)
			w->parts[i].report->packet(&w->parts[i], &s);
}

/* ---- chunks ------------------------------------------------------------- */

static void give_up_entries(struct worker *w)
{
	struct count_pool *pool = w->pool;
	size_t entries = 0, i, k;

	for (i = 0; i < pool->stats->n_parts; i++)
		for (k = 0; k < w->parts[i].report->n_shapes; k++)
			entries += w->parts[i].groups[k].n;
	if (entries < ENTRIES_APART / pool->n_workers)
		return;
	monitor_lock(&pool->common_monitor);
	parts_add(pool->common, w->parts, pool->stats->n_parts);
	monitor_unlock(&pool->common_monitor);
}

static void work_chunk(void *arg, size_t worker, size_t slot)
{
	struct count_pool *pool = arg;
	struct worker *w = worker ? &pool->workers[worker - 1] : &pool->own;
	struct chunk *c = &pool->chunks[slot];
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (i + AHEAD < c->n)
			__builtin_prefetch(c->pkts[i + AHEAD].data);
		count_packet(w, &c->pkts[i], c->ifaces[i], c->marks[i],
			     &c->times[i]);
	}
	packet_ref_release(&c->keep);
	c->n = 0;
	if (pool->common && worker)
		give_up_entries(w);
}

/* Take back a chunk, whose packets are counted by then. */
static void take_back(struct count_pool *pool)
{
	worker_pool_wait(pool->threads, true);
	worker_pool_resume(pool->threads);
}

/* The chunk that is filled. */
static struct chunk *filling(const struct count_pool *pool)
{
	return &pool->chunks[worker_pool_filling(pool->threads)];
}

/* Hand over the chunk that is full, and have a free one. */
static bool submit(struct count_pool *pool, struct err *err)
{
	if (filling(pool)->n == 0)
		return true;
	if (!worker_pool_submit(pool->threads, err))
		return false;
	if (worker_pool_full(pool->threads))
		take_back(pool);
	return true;
}

static const struct iface *find_iface(const struct count_pool *pool,
				      uint32_t id)
{
	size_t i;

	if (id < pool->n_ifaces && pool->ifaces[id]->id == id)
		return pool->ifaces[id];
	for (i = pool->n_ifaces; i > 0; i--)
		if (pool->ifaces[i - 1]->id == id)
			return pool->ifaces[i - 1];
	return NULL;
}

static void count_batch(struct count_pool *pool, const struct pkt *pkt,
			size_t n, const uint64_t *marks)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (pool->timed)
			timeline_meet(&pool->times, &pkt[i]);
		count_packet(&pool->own, &pkt[i],
			     find_iface(pool, pkt[i].iface), marks[i],
			     &pool->times);
		if (pool->timed)
			timeline_pass(&pool->times, &pkt[i]);
	}
}

/* Add a packet to the chunk. false: it is full. */
static bool chunk_add(struct count_pool *pool, struct chunk *c,
		      const struct pkt *pkt, uint64_t marks)
{
	const uint8_t *data = NULL;

	if (c->n < CHUNK_PACKETS && c->keep.bytes < CHUNK_BYTES)
		data = packet_ref_bytes(&c->keep, pool->lent, pkt->data,
					pkt->caplen, CHUNK_BYTES);
	if (!data)
		return false;
	c->pkts[c->n] = *pkt;
	c->pkts[c->n].meta = NULL;
	c->pkts[c->n].data = data;
	c->marks[c->n] = marks;
	timeline_meet(&pool->times, pkt);
	c->times[c->n] = pool->times;
	timeline_pass(&pool->times, pkt);
	c->ifaces[c->n++] = find_iface(pool, pkt->iface);
	return true;
}

static bool share_batch(struct count_pool *pool, const struct pkt *pkt,
			size_t n, const uint64_t *marks)
{
	struct chunk *c = filling(pool);
	size_t i;

	for (i = 0; i < n; i++) {
		if (chunk_add(pool, c, &pkt[i], marks[i]))
			continue;
		if (!submit(pool, &pool->sink.err))
			return false;
		c = filling(pool);
		/* without memory for a copy it is done here */
		if (!chunk_add(pool, c, &pkt[i], marks[i]))
			count_batch(pool, &pkt[i], 1, &marks[i]);
	}
	return true;
}

/* ---- the sink ----------------------------------------------------------- */

static bool count_pool_iface(struct sink *sink, const struct iface *iface,
			     struct err *err)
{
	struct count_pool *pool = (struct count_pool *)sink;
	struct iface **list, *copy = iface_copy_shown(iface, err);
	size_t i;

	if (!copy)
		return false;
	list = realloc(pool->ifaces,
		       (pool->n_ifaces + 1) * sizeof(struct iface *));
	if (!list) {
		free(copy);
		return err_nomem(err, "interfaces");
	}
	pool->ifaces = list;
	list[pool->n_ifaces++] = copy;
	for (i = 0; i < pool->n_selectors; i++)
		if (!selector_iface(pool->selectors[i], copy, err))
			return false;
	for (i = 0; i < pool->stats->n_parts; i++)
		if (pool->own.parts[i].report->iface)
			pool->own.parts[i].report->iface(&pool->own.parts[i],
							 copy);
	return true;
}

static bool judge(struct count_pool *pool, const struct pkt *pkt, size_t n,
		  uint64_t *marks)
{
	uint8_t keep[BATCH];
	size_t i, k;

	memset(marks, 0, n * sizeof(*marks));
	for (k = 0; k < pool->n_selectors; k++) {
		memset(keep, 1, n);
		if (pool->selectors[k]->ops->match(pool->selectors[k], pkt, n,
						   keep) == FAILED) {
			pool->sink.err = pool->selectors[k]->err;
			return false;
		}
		for (i = 0; i < n; i++)
			marks[i] |= (uint64_t)keep[i] << k;
	}
	return true;
}

/* Intervals that count from the first packet. */
static void note_first(struct count_pool *pool, const struct pkt *pkt, size_t n)
{
	struct stats *stats = pool->stats;
	size_t i;

	for (i = 0; i < n && !stats->has_first; i++) {
		if (pkt[i].flags & PKT_NO_TIME)
			continue;
		stats->has_first = true;
		if (stats->options.from_first)
			stats->options.origin = pkt[i].time_ns;
	}
}

/* Field expressions follow conversations too. */
static bool show_refused(struct count_pool *pool, const struct pkt *pkt,
			 size_t n)
{
	uint8_t keep[BATCH];
	size_t k;

	for (k = 0; k < pool->n_selectors; k++) {
		struct selector *s = pool->selectors[k];

		if (!pool->stats->options.counts[k].where)
			continue;
		memset(keep, 1, n);
		if (s->ops->match(s, pkt, n, keep) == FAILED) {
			pool->sink.err = s->err;
			return false;
		}
	}
	return true;
}

/* Packets that were not selected: only conversations, and times, need them. */
static enum verdict follow_refused(struct count_pool *pool,
				   const struct pkt *pkt, size_t n)
{
	size_t i, some;

	for (i = 0; i < n; i += some) {
		some = n - i < BATCH ? n - i : BATCH;
		if (!show_refused(pool, pkt + i, some))
			return FAILED;
	}

	for (i = 0; i < n; i++) {
		timeline_meet(&pool->times, &pkt[i]);
		if (pool->fed) {
			flow_context_next(&pool->context);
			dissect_packet(pool->own.dissect, &pkt[i],
				       find_iface(pool, pkt[i].iface));
		}
		timeline_pass(&pool->times, &pkt[i]);
	}
	return GO_ON;
}

/* How many packets from the first one on are, or are not, selected as it is.
 */
static size_t alike(const struct pkt *pkt, size_t n)
{
	size_t i = 1;

	while (i < n && !((pkt[i].flags ^ pkt[0].flags) & PKT_REFUSED))
		i++;
	return i;
}

static enum verdict count_selected(struct count_pool *pool,
				   const struct pkt *pkt, size_t n)
{
	const struct stats *stats = pool->stats;
	uint64_t marks[BATCH];
	size_t i, some;

	if (!stats->has_first)
		note_first(pool, pkt, n);
	for (; n > 0; pkt += some, n -= some) {
		some = n < BATCH ? n : BATCH;
		if (!judge(pool, pkt, some, marks))
			return FAILED;
		for (i = 0; i < stats->n_parts; i++)
			if (pool->own.parts[i].report->packets)
				pool->own.parts[i].report->packets(
				    &pool->own.parts[i], pkt, some, marks);
		if (!stats->decodes)
			continue;
		if (!pool->threads)
			count_batch(pool, pkt, some, marks);
		else if (!share_batch(pool, pkt, some, marks))
			return FAILED;
	}
	return GO_ON;
}

static enum verdict count_pool_packets(struct sink *sink, const struct pkt *pkt,
				       size_t n)
{
	struct count_pool *pool = (struct count_pool *)sink;
	enum verdict verdict = GO_ON;
	size_t some;

	for (; n > 0 && verdict == GO_ON; pkt += some, n -= some) {
		some = alike(pkt, n);
		if (pkt->flags & PKT_REFUSED)
			verdict = follow_refused(pool, pkt, some);
		else
			verdict = count_selected(pool, pkt, some);
	}
	return verdict;
}

static void count_pool_lend(struct sink *sink, struct buffer_ref *hold)
{
	((struct count_pool *)sink)->lent = hold;
}

static bool count_pool_block(struct sink *sink, const struct block *block,
			     struct err *err)
{
	struct count_pool *pool = (struct count_pool *)sink;
	size_t i;

	(void)err;
	for (i = 0; i < pool->stats->n_parts; i++)
		if (pool->own.parts[i].report->block)
			pool->own.parts[i].report->block(&pool->own.parts[i],
							 block);
	return true;
}

static bool count_pool_iface_end(struct sink *sink, uint32_t iface,
				 const struct counters *counters,
				 int64_t start_ns, int64_t end_ns,
				 struct err *err)
{
	struct count_pool *pool = (struct count_pool *)sink;
	size_t i;

	(void)start_ns;
	(void)end_ns;
	(void)err;
	for (i = 0; i < pool->stats->n_parts; i++)
		if (pool->own.parts[i].report->iface_end)
			pool->own.parts[i].report->iface_end(
			    &pool->own.parts[i], iface, counters);
	return true;
}

/* Let the threads count what is left. */
static bool finish_chunks(struct count_pool *pool, struct err *err)
{
	if (!submit(pool, err))
		return false;
	while (!worker_pool_empty(pool->threads))
		take_back(pool);
	return true;
}

/* End the threads, and take over what they counted. */
static void close_threads(struct count_pool *pool)
{
	const size_t n = pool->stats->n_parts;
	size_t i;

	worker_pool_close(pool->threads);
	for (i = 0; pool->workers && i < pool->n_workers; i++) {
		if (pool->workers[i].parts)
			parts_add(pool->own.parts, pool->workers[i].parts, n);
		parts_close(pool->workers[i].parts, n);
		dissect_close(pool->workers[i].dissect);
	}
	for (i = 0; pool->chunks && i < pool->n_chunks; i++)
		packet_ref_fini(&pool->chunks[i].keep);
	if (pool->common)
		parts_add(pool->own.parts, pool->common, n);
	parts_close(pool->common, n);
	free(pool->workers);
	free(pool->chunks);
	monitor_fini(&pool->common_monitor);
}

static bool count_pool_close(struct sink *sink, struct err *err)
{
	struct count_pool *pool = (struct count_pool *)sink;
	bool good = true;
	size_t i;

	if (pool->threads) {
		good = !pool->chunks || finish_chunks(pool, err);
		close_threads(pool);
	}
	for (i = 0; i < pool->stats->n_parts; i++)
		if (pool->own.parts[i].report->end)
			pool->own.parts[i].report->end(&pool->own.parts[i]);
	flow_context_warn(&pool->context);
	dissect_close(pool->own.dissect);
	flow_context_close(&pool->context);
	for (i = 0; i < pool->n_selectors; i++)
		selector_close(pool->selectors[i]);
	for (i = 0; i < pool->n_ifaces; i++)
		free(pool->ifaces[i]);
	free(pool->ifaces);
	free(pool->selectors);
	free(pool);
	return good;
}

static const struct sink_ops count_pool_ops = {
    .name = "stats",
    .iface = count_pool_iface,
    .packets = count_pool_packets,
    .lend = count_pool_lend,
    .block = count_pool_block,
    .iface_end = count_pool_iface_end,
    .close = count_pool_close,
};

/* ---- opening ------------------------------------------------------------ */

static bool open_threads(struct count_pool *pool, size_t jobs, struct err *err)
{
	size_t i;

	pool->threads = worker_pool_open(jobs, work_chunk, pool, err);
	if (!pool->threads)
		return false;
	monitor_init(&pool->common_monitor);
	pool->n_workers = worker_pool_threads(pool->threads);
	pool->n_chunks = worker_pool_slots(pool->threads);
	pool->workers = calloc(pool->n_workers, sizeof(*pool->workers));
	pool->chunks = calloc(pool->n_chunks, sizeof(*pool->chunks));
	if (!pool->workers || !pool->chunks)
		return err_nomem(err, "statistics");
	if (pool->n_workers > 1) {
		pool->common = parts_open(pool->stats, err);
		if (!pool->common)
			return false;
	}
	for (i = 0; i < pool->n_workers; i++) {
		struct worker *w = &pool->workers[i];

		w->pool = pool;
		w->dissect = dissect_open(pool->stats->plan, err);
		w->parts = parts_open(pool->stats, err);
		if (!w->dissect || !w->parts)
			return false;
	}
	return true;
}

static bool open_all(struct count_pool *pool, struct selector *const *selectors,
		     struct err *err)
{
	struct stats *stats = pool->stats;
	size_t i;

	pool->own.pool = pool;
	pool->own.parts = stats->parts;
	pool->selectors =
	    calloc(stats->options.n_counts + 1, sizeof(struct selector *));
	if (!pool->selectors)
		return err_nomem(err, "statistics");
	for (i = 0; i < stats->options.n_counts; i++)
		pool->selectors[pool->n_selectors++] = selectors[i];
	if (!stats->decodes)
		return true;
	pool->timed = plan_wants_of(stats->plan, PROTO_frame);
	pool->own.dissect = dissect_open(stats->plan, err);
	if (!pool->own.dissect ||
	    !flow_context_open(&pool->context, stats->plan, &stats->seed, false,
			       stats->options.reassemble, err))
		return false;
	pool->fed =
	    pool->context.tcp || pool->context.udp || pool->context.use_rpc;
	if (pool->fed)
		pool->own.dissect->context = &pool->context;
	return stats->options.jobs < 2 || pool->fed ||
	       open_threads(pool, stats->options.jobs, err);
}

struct sink *stats_sink(struct stats *stats, struct selector *const *selectors,
			struct err *err)
{
	struct count_pool *pool = calloc(1, sizeof(*pool));

	if (!pool) {
		err_nomem(err, "statistics");
		return NULL;
	}
	pool->sink.ops = &count_pool_ops;
	pool->stats = stats;
	if (open_all(pool, selectors, err))
		return &pool->sink;
	count_pool_close(&pool->sink, NULL);
	return NULL;
}
