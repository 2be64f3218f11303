/*
 * The sink that counts: it decodes packets and hands them to the reports,
 * either at once or, with several jobs, in chunks of packets that threads take
 * while the caller reads on. Each thread has a state of its own; they are
 * merged at the end, so the order of chunks is no matter.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/flow/flow_table.h"
#include "os/thread.h"
#include "pkt/ifcopy.h"
#include "pkt/packet_ref.h"
#include "pkt/selector.h"
#include "stats/state.h"

enum {
	JOBS_MOST = 64,
	BATCH = 256, /* packets judged at once */
	CHUNK_PACKETS = 1024,
	CHUNK_OCTETS = 384 * 1024,
	AHEAD = 6, /* packets: what is there comes from another's cache */
	ENTRIES_APART = 1 << 18, /* in the states of all threads together */
};

/* Packets on their way to a thread. */
struct chunk {
	enum { CHUNK_FREE, CHUNK_READY, CHUNK_TAKEN } state;
	size_t n;
	struct pkt pkts[CHUNK_PACKETS];
	uint64_t marks[CHUNK_PACKETS];
	const struct iface *ifaces[CHUNK_PACKETS];
	struct packet_ref keep; /* the packets' octets */
};

struct crew;

struct worker {
	struct crew *crew;
	struct dissect *dissect;
	struct part *parts;
	struct thread thread;
	bool started;
};

struct crew {
	struct sink sink;
	struct stats *stats;
	struct selector **selectors;
	size_t n_selectors;
	struct iface **ifaces;
	size_t n_ifaces;
	struct worker own; /* of the caller; its parts are the state's */
	struct flow_context context;
	bool fed; /* conversations are followed: one thread does it all */
	size_t n_workers, n_chunks;
	struct worker *workers;
	struct chunk **chunks;
	struct chunk *filling;
	struct buffer_ref *lent;
	struct monitor monitor;
	bool stopping;
	/* Where several threads put what they counted whenever it is much, so
	   that one conversation does not stay in the states of all. */
	struct part *common;
	struct monitor common_monitor;
};

/* ---- one packet --------------------------------------------------------- */

static void count_packet(struct worker *w, const struct pkt *pkt,
			 const struct iface *iface, uint64_t marks)
{
	const struct stats *stats = w->crew->stats;
	struct sight s = {
	    .pkt = pkt,
	    .d = w->dissect,
	    .marks = marks,
	    .len = pkt->wirelen,
	    .timed = !(pkt->flags & PKT_NO_TIME),
	    .time_ns = pkt->time_ns,
	};
	size_t i;

	if (w->crew->fed)
		flow_context_next(&w->crew->context);
	dissect_packet(w->dissect, pkt, iface);
	for (i = 0; i < stats->n_parts; i++)
		if (w->parts[i].report->packet)
			w->parts[i].report->packet(&w->parts[i], &s);
}

/* ---- chunks ------------------------------------------------------------- */

static void give_up_entries(struct worker *w)
{
	struct crew *crew = w->crew;
	size_t entries = 0, i, k;

	for (i = 0; i < crew->stats->n_parts; i++)
		for (k = 0; k < w->parts[i].report->n_shapes; k++)
			entries += w->parts[i].groups[k].n;
	if (entries < ENTRIES_APART / crew->n_workers)
		return;
	monitor_lock(&crew->common_monitor);
	parts_add(crew->common, w->parts, crew->stats->n_parts);
	monitor_unlock(&crew->common_monitor);
}

static void work_chunk(struct worker *w, struct chunk *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (i + AHEAD < c->n)
			__builtin_prefetch(c->pkts[i + AHEAD].data);
		count_packet(w, &c->pkts[i], c->ifaces[i], c->marks[i]);
	}
	packet_ref_release(&c->keep);
	c->n = 0;
	if (w->crew->common && w != &w->crew->own)
		give_up_entries(w);
}

/* A chunk in that state, or NULL. Under the lock. */
static struct chunk *find_chunk(struct crew *crew, int state)
{
	size_t i;

	for (i = 0; i < crew->n_chunks; i++)
		if ((int)crew->chunks[i]->state == state)
			return crew->chunks[i];
	return NULL;
}

/* Take one that is ready and count it; false: there was none. Under the lock,
   which is given up meanwhile. */
static bool work_one(struct worker *w)
{
	struct chunk *c = find_chunk(w->crew, CHUNK_READY);

	if (!c)
		return false;
	c->state = CHUNK_TAKEN;
	monitor_unlock(&w->crew->monitor);
	work_chunk(w, c);
	monitor_lock(&w->crew->monitor);
	c->state = CHUNK_FREE;
	monitor_change(&w->crew->monitor);
	return true;
}

static void *worker_run(void *arg)
{
	struct worker *w = arg;

	monitor_lock(&w->crew->monitor);
	while (work_one(w) || !w->crew->stopping)
		if (!w->crew->stopping && !find_chunk(w->crew, CHUNK_READY))
			monitor_wait(&w->crew->monitor);
	monitor_unlock(&w->crew->monitor);
	return NULL;
}

/* Hand over the chunk that is full, and have a free one; the caller helps
   where there is none. */
static void submit(struct crew *crew)
{
	monitor_lock(&crew->monitor);
	if (crew->filling->n > 0) {
		crew->filling->state = CHUNK_READY;
		monitor_change(&crew->monitor);
		while (!(crew->filling = find_chunk(crew, CHUNK_FREE)))
			if (!work_one(&crew->own))
				monitor_wait(&crew->monitor);
		crew->filling->state = CHUNK_TAKEN;
	}
	monitor_unlock(&crew->monitor);
}

static const struct iface *find_iface(const struct crew *crew, uint32_t id)
{
	size_t i;

	if (id < crew->n_ifaces && crew->ifaces[id]->id == id)
		return crew->ifaces[id];
	for (i = crew->n_ifaces; i > 0; i--)
		if (crew->ifaces[i - 1]->id == id)
			return crew->ifaces[i - 1];
	return NULL;
}

static void count_batch(struct crew *crew, const struct pkt *pkt, size_t n,
			const uint64_t *marks)
{
	size_t i;

	for (i = 0; i < n; i++)
		count_packet(&crew->own, &pkt[i],
			     find_iface(crew, pkt[i].iface), marks[i]);
}

/* Add a packet to the chunk. false: it is full. */
static bool chunk_add(struct crew *crew, struct chunk *c, const struct pkt *pkt,
		      uint64_t marks)
{
	const uint8_t *data = NULL;

	if (c->n < CHUNK_PACKETS && c->keep.octets < CHUNK_OCTETS)
		data = packet_ref_octets(&c->keep, crew->lent, pkt->data,
					 pkt->caplen, CHUNK_OCTETS);
	if (!data)
		return false;
	c->pkts[c->n] = *pkt;
	c->pkts[c->n].meta = NULL;
	c->pkts[c->n].data = data;
	c->marks[c->n] = marks;
	c->ifaces[c->n++] = find_iface(crew, pkt->iface);
	return true;
}

static void share_batch(struct crew *crew, const struct pkt *pkt, size_t n,
			const uint64_t *marks)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (chunk_add(crew, crew->filling, &pkt[i], marks[i]))
			continue;
		submit(crew);
		/* without memory for a copy it is done here */
		if (!chunk_add(crew, crew->filling, &pkt[i], marks[i]))
			count_batch(crew, &pkt[i], 1, &marks[i]);
	}
}

/* ---- the sink ----------------------------------------------------------- */

static bool crew_iface(struct sink *sink, const struct iface *iface,
		       struct err *err)
{
	struct crew *crew = (struct crew *)sink;
	struct iface **list, *copy = iface_copy(iface, err);
	size_t i;

	if (!copy)
		return false;
	list = realloc(crew->ifaces,
		       (crew->n_ifaces + 1) * sizeof(struct iface *));
	if (!list) {
		free(copy);
		return err_nomem(err, "interfaces");
	}
	crew->ifaces = list;
	list[crew->n_ifaces++] = copy;
	for (i = 0; i < crew->n_selectors; i++)
		if (!selector_iface(crew->selectors[i], copy, err))
			return false;
	for (i = 0; i < crew->stats->n_parts; i++)
		if (crew->own.parts[i].report->iface)
			crew->own.parts[i].report->iface(&crew->own.parts[i],
							 copy);
	return true;
}

static bool judge(struct crew *crew, const struct pkt *pkt, size_t n,
		  uint64_t *marks)
{
	uint8_t keep[BATCH];
	size_t i, k;

	memset(marks, 0, n * sizeof(*marks));
	for (k = 0; k < crew->n_selectors; k++) {
		memset(keep, 1, n);
		if (crew->selectors[k]->ops->match(crew->selectors[k], pkt, n,
						   keep) == FAILED) {
			crew->sink.err = crew->selectors[k]->err;
			return false;
		}
		for (i = 0; i < n; i++)
			marks[i] |= (uint64_t)keep[i] << k;
	}
	return true;
}

/* Intervals that count from the first packet. */
static void note_first(struct crew *crew, const struct pkt *pkt, size_t n)
{
	struct stats *stats = crew->stats;
	size_t i;

	for (i = 0; i < n && !stats->has_first; i++) {
		if (pkt[i].flags & PKT_NO_TIME)
			continue;
		stats->has_first = true;
		if (stats->options.from_first)
			stats->options.origin = pkt[i].time_ns;
	}
}

static enum verdict crew_packets(struct sink *sink, const struct pkt *pkt,
				 size_t n)
{
	struct crew *crew = (struct crew *)sink;
	const struct stats *stats = crew->stats;
	uint64_t marks[BATCH];
	size_t i, some;

	if (!stats->has_first)
		note_first(crew, pkt, n);
	for (; n > 0; pkt += some, n -= some) {
		some = n < BATCH ? n : BATCH;
		if (!judge(crew, pkt, some, marks))
			return FAILED;
		for (i = 0; i < stats->n_parts; i++)
			if (crew->own.parts[i].report->packets)
				crew->own.parts[i].report->packets(
				    &crew->own.parts[i], pkt, some, marks);
		if (stats->decodes && crew->n_workers)
			share_batch(crew, pkt, some, marks);
		else if (stats->decodes)
			count_batch(crew, pkt, some, marks);
	}
	return GO_ON;
}

static void crew_lend(struct sink *sink, struct buffer_ref *hold)
{
	((struct crew *)sink)->lent = hold;
}

static bool crew_block(struct sink *sink, const struct block *block,
		       struct err *err)
{
	struct crew *crew = (struct crew *)sink;
	size_t i;

	(void)err;
	for (i = 0; i < crew->stats->n_parts; i++)
		if (crew->own.parts[i].report->block)
			crew->own.parts[i].report->block(&crew->own.parts[i],
							 block);
	return true;
}

static bool crew_iface_end(struct sink *sink, uint32_t iface,
			   const struct counters *counters, int64_t start_ns,
			   int64_t end_ns, struct err *err)
{
	struct crew *crew = (struct crew *)sink;
	size_t i;

	(void)start_ns;
	(void)end_ns;
	(void)err;
	for (i = 0; i < crew->stats->n_parts; i++)
		if (crew->own.parts[i].report->iface_end)
			crew->own.parts[i].report->iface_end(
			    &crew->own.parts[i], iface, counters);
	return true;
}

/* Let the threads finish, and take over what they counted. */
static void stop_threads(struct crew *crew)
{
	size_t i;

	if (crew->filling)
		submit(crew);
	monitor_lock(&crew->monitor);
	crew->stopping = true;
	monitor_change(&crew->monitor);
	while (crew->filling && work_one(&crew->own))
		continue;
	monitor_unlock(&crew->monitor);
	for (i = 0; crew->workers && i < crew->n_workers; i++) {
		struct worker *w = &crew->workers[i];

		if (w->started)
			thread_join(&w->thread);
		if (w->parts)
			parts_add(crew->own.parts, w->parts,
				  crew->stats->n_parts);
		parts_close(w->parts, crew->stats->n_parts);
		dissect_close(w->dissect);
	}
	for (i = 0; crew->chunks && i < crew->n_chunks; i++) {
		if (crew->chunks[i])
			packet_ref_fini(&crew->chunks[i]->keep);
		free(crew->chunks[i]);
	}
	if (crew->common)
		parts_add(crew->own.parts, crew->common, crew->stats->n_parts);
	parts_close(crew->common, crew->stats->n_parts);
	free(crew->workers);
	free(crew->chunks);
	monitor_fini(&crew->common_monitor);
	monitor_fini(&crew->monitor);
}

static bool crew_close(struct sink *sink, struct err *err)
{
	struct crew *crew = (struct crew *)sink;
	size_t i;

	(void)err;
	if (crew->n_workers)
		stop_threads(crew);
	for (i = 0; i < crew->stats->n_parts; i++)
		if (crew->own.parts[i].report->end)
			crew->own.parts[i].report->end(&crew->own.parts[i]);
	flow_context_warn(&crew->context);
	dissect_close(crew->own.dissect);
	flow_context_close(&crew->context);
	for (i = 0; i < crew->n_selectors; i++)
		selector_close(crew->selectors[i]);
	for (i = 0; i < crew->n_ifaces; i++)
		free(crew->ifaces[i]);
	free(crew->ifaces);
	free(crew->selectors);
	free(crew);
	return true;
}

static const struct sink_ops crew_ops = {
    .name = "stats",
    .iface = crew_iface,
    .packets = crew_packets,
    .lend = crew_lend,
    .block = crew_block,
    .iface_end = crew_iface_end,
    .close = crew_close,
};

/* ---- opening ------------------------------------------------------------ */

static bool open_chunks(struct crew *crew, struct err *err)
{
	size_t i;

	crew->n_chunks = 2 * crew->n_workers + 2;
	crew->chunks = calloc(crew->n_chunks, sizeof(struct chunk *));
	if (!crew->chunks)
		return err_nomem(err, "statistics");
	for (i = 0; i < crew->n_chunks; i++) {
		crew->chunks[i] = malloc(sizeof(**crew->chunks));
		if (!crew->chunks[i])
			return err_nomem(err, "statistics");
		crew->chunks[i]->state = CHUNK_FREE;
		crew->chunks[i]->n = 0;
		crew->chunks[i]->keep = (struct packet_ref){0};
	}
	crew->filling = crew->chunks[0];
	crew->filling->state = CHUNK_TAKEN;
	return true;
}

static bool open_threads(struct crew *crew, size_t n, struct err *err)
{
	size_t i;

	crew->n_workers = n < JOBS_MOST ? n : JOBS_MOST;
	monitor_init(&crew->monitor);
	monitor_init(&crew->common_monitor);
	if (crew->n_workers > 1) {
		crew->common = parts_open(crew->stats, err);
		if (!crew->common)
			return false;
	}
	crew->workers = calloc(crew->n_workers, sizeof(*crew->workers));
	if (!crew->workers)
		return err_nomem(err, "statistics");
	if (!open_chunks(crew, err))
		return false;
	for (i = 0; i < crew->n_workers; i++) {
		struct worker *w = &crew->workers[i];

		w->crew = crew;
		w->dissect = dissect_open(crew->stats->plan, err);
		w->parts = parts_open(crew->stats, err);
		if (!w->dissect || !w->parts ||
		    !thread_start(&w->thread, worker_run, w, err))
			return false;
		w->started = true;
	}
	return true;
}

static bool open_all(struct crew *crew, struct selector *const *selectors,
		     struct err *err)
{
	struct stats *stats = crew->stats;
	size_t i;

	crew->own.crew = crew;
	crew->own.parts = stats->parts;
	crew->selectors =
	    calloc(stats->options.n_counts + 1, sizeof(struct selector *));
	if (!crew->selectors)
		return err_nomem(err, "statistics");
	for (i = 0; i < stats->options.n_counts; i++)
		crew->selectors[crew->n_selectors++] = selectors[i];
	if (!stats->decodes)
		return true;
	crew->own.dissect = dissect_open(stats->plan, err);
	if (!crew->own.dissect ||
	    !flow_context_open(&crew->context, stats->plan, &stats->seed, false,
			       stats->options.reassemble, err))
		return false;
	crew->fed = crew->context.tcp || crew->context.udp;
	if (crew->fed)
		crew->own.dissect->context = &crew->context;
	return stats->options.jobs < 2 || crew->fed ||
	       open_threads(crew, stats->options.jobs - 1, err);
}

struct sink *stats_sink(struct stats *stats, struct selector *const *selectors,
			struct err *err)
{
	struct crew *crew = calloc(1, sizeof(*crew));

	if (!crew) {
		err_nomem(err, "statistics");
		return NULL;
	}
	crew->sink.ops = &crew_ops;
	crew->stats = stats;
	if (open_all(crew, selectors, err))
		return &crew->sink;
	crew_close(&crew->sink, NULL);
	return NULL;
}
