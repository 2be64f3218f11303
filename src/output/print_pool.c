/* Chunks of packets, which threads print, and their text in order. */
#include "output/print_pool.h"

#include <stdlib.h>
#include <string.h>

#include "decode/flow/prescan.h"
#include "decode/proto_ids.h"
#include "os/worker_pool.h"
#include "pkt/options.h"
#include "pkt/packet_ref.h"

enum {
	CHUNK_PACKETS = 1024,
	CHUNK_BYTES = 512 * 1024, /* a chunk may exceed it by one packet */
	CHUNK_FACTS = CHUNK_PACKETS + 2 * DISSECT_LAYERS,
	CHUNK_TEXT = 4 * 1024 * 1024, /* then it is written in parts */
	AHEAD = 6, /* packets: what is there comes from another's cache */
};

/* Where a packet's flow context starts. */
struct chunk_mark {
	size_t fact;
	struct replay_log_mark log;
};

/* Packets on their way through the threads. */
struct chunk {
	struct print_pool *pool;
	size_t n;
	struct pkt pkts[CHUNK_PACKETS];
	const struct iface *ifaces[CHUNK_PACKETS];
	struct pkt_meta metas[CHUNK_PACKETS];
	struct packet_ref keep; /* their bytes */
	struct timeline times;	/* before the first packet */
	struct chunk_mark places[CHUNK_PACKETS];
	struct flow_fact facts[CHUNK_FACTS];
	size_t n_facts;
	struct replay_log log;
	struct str text;
};

struct print_pool {
	struct worker_pool *threads;
	struct worker *own;	/* the caller's */
	struct worker *workers; /* the threads' */
	struct chunk *chunks;	/* the slots */
	size_t n_workers, n_chunks;
	struct buffer_ref *lent;
	struct text_writer *writer;
	struct timeline times;
	struct plan *scout_plan; /* flow context ahead of the threads */
	struct dissect *prepass;
	struct prescan prescan; /* saves it work */
	struct flow_context scout_feed;
	enum verdict verdict; /* of text that the caller wrote early, */
	struct err err;	      /* and why it failed */
};

static void spill_by_thread(struct presenter *form, struct str *out);
static void spill_by_caller(struct presenter *form, struct str *out);

/* ---- the threads -------------------------------------------------------- */

/* Decode and print a chunk. */
static void work_chunk(void *arg, size_t worker, size_t slot)
{
	struct print_pool *pool = arg;
	struct worker *w = worker ? &pool->workers[worker - 1] : pool->own;
	struct chunk *c = &pool->chunks[slot];
	struct timeline times = c->times;
	size_t i;

	w->form->spill = worker ? spill_by_thread : spill_by_caller;
	w->form->spill_to = c;
	w->form->room = CHUNK_TEXT;
	w->context.facts = c->facts;
	w->context.room = c->n_facts;
	w->context.log = &c->log;
	for (i = 0; i < c->n; i++) {
		if (i + AHEAD < c->n)
			__builtin_prefetch(c->pkts[i + AHEAD].data);
		w->context.n = c->places[i].fact;
		replay_log_seek(&c->log, c->places[i].log);
		worker_print(w, &c->pkts[i], c->ifaces[i], &times, &c->text);
	}
	packet_ref_release(&c->keep);
}

/* A thread has much text of a chunk: wait until the caller wrote it. */
static void spill_by_thread(struct presenter *form, struct str *out)
{
	struct chunk *c = form->spill_to;

	worker_pool_pause(c->pool->threads, (size_t)(c - c->pool->chunks));
	str_clear(out);
}

/* ---- the caller --------------------------------------------------------- */

/* Write what there is of the oldest chunk, which is done or pauses. */
static enum verdict write_part(struct print_pool *pool, bool done,
			       struct err *err)
{
	struct chunk *c = &pool->chunks[worker_pool_oldest(pool->threads)];
	enum verdict verdict = text_writer_write(pool->writer, &c->text, err);

	if (c->text.cap > CHUNK_TEXT)
		str_fini(&c->text);
	else
		str_clear(&c->text);
	if (done) {
		c->n = c->n_facts = 0;
		replay_log_rewind(&c->log);
	}
	worker_pool_resume(pool->threads);
	return verdict;
}

/* Write the oldest chunk, once it is done; the caller works on others meanwhile
   if it is to help. */
static enum verdict write_oldest(struct print_pool *pool, bool help,
				 struct err *err)
{
	enum verdict verdict = GO_ON;
	enum worker_pool_found found;

	do {
		found = worker_pool_wait(pool->threads, help);
		if (found != WORK_GONE)
			verdict = write_part(pool, found == WORK_DONE, err);
	} while (verdict == GO_ON && found == WORK_PAUSED);
	if (verdict == GO_ON && pool->verdict == FAILED)
		err_copy(err, &pool->err);
	return verdict == GO_ON ? pool->verdict : verdict;
}

/* The caller itself, where it helps, has much text: what comes before it is
   written first. */
static void spill_by_caller(struct presenter *form, struct str *out)
{
	struct chunk *c = form->spill_to;
	struct print_pool *pool = c->pool;

	while (pool->verdict == GO_ON &&
	       &pool->chunks[worker_pool_oldest(pool->threads)] != c)
		pool->verdict = write_oldest(pool, false, &pool->err);
	if (pool->verdict == GO_ON)
		pool->verdict =
		    text_writer_write(pool->writer, out, &pool->err);
	str_clear(out);
}

/* The chunk that is filled. */
static struct chunk *filling(const struct print_pool *pool)
{
	return &pool->chunks[worker_pool_filling(pool->threads)];
}

/* Hand the chunk that was filled to the threads, and have a free one next. */
static enum verdict submit(struct print_pool *pool, struct err *err)
{
	struct chunk *c = filling(pool);

	if (c->n == 0)
		return GO_ON;
	c->n_facts = pool->scout_feed.n;
	if (!worker_pool_submit(pool->threads, err))
		return FAILED;
	pool->scout_feed.n = 0;
	if (!worker_pool_full(pool->threads))
		return GO_ON;
	return write_oldest(pool, true, err);
}

enum verdict print_pool_drain(struct print_pool *pool, struct err *err)
{
	enum verdict verdict = submit(pool, err);

	while (verdict == GO_ON && !worker_pool_empty(pool->threads))
		verdict = write_oldest(pool, true, err);
	return verdict;
}

void print_pool_lend(struct print_pool *pool, struct buffer_ref *hold)
{
	pool->lent = hold;
}

/* Add a packet's options, as far as they are shown and enough to see whether
   there are more. false: there is no room for them. */
static bool chunk_options(struct chunk *c, struct pkt *copy,
			  struct buffer_ref *lent)
{
	struct pkt_meta *meta = &c->metas[c->n];

	*meta = *copy->meta;
	if (meta->options_len > OPTIONS_SHOWN)
		meta->options_len = OPTIONS_SHOWN + 4;
	if (!packet_ref_reserve(&c->keep, meta->options_len + copy->caplen))
		return false;
	meta->options = packet_ref_bytes(&c->keep, lent, meta->options,
					 meta->options_len, CHUNK_BYTES);
	copy->meta = meta;
	return meta->options;
}

/* Add a packet to the chunk. false: there is no room for its bytes. */
static bool chunk_add(struct chunk *c, const struct pkt *pkt,
		      const struct iface *iface, struct buffer_ref *lent)
{
	struct pkt *copy = &c->pkts[c->n];

	*copy = *pkt;
	if (pkt->meta && !chunk_options(c, copy, lent))
		return false;
	copy->data = packet_ref_bytes(&c->keep, lent, pkt->data, pkt->caplen,
				      CHUNK_BYTES);
	c->ifaces[c->n] = iface;
	return copy->data;
}

/* Look up what the packet just added needs to be known of its conversation. */
static void prepass(struct print_pool *pool, struct chunk *c)
{
	const struct pkt *pkt = &c->pkts[c->n];

	c->places[c->n] =
	    (struct chunk_mark){pool->scout_feed.n, replay_log_here(&c->log)};
	if (!pool->prepass)
		return;
	pool->scout_feed.facts = c->facts;
	pool->scout_feed.log = &c->log;
	if (!prescan_packet(&pool->prescan, pkt, c->ifaces[c->n]))
		dissect_packet(pool->prepass, pkt, c->ifaces[c->n]);
}

/* A packet that was not selected: the prepass sees it, the threads nothing but
   its time. */
static void add_refused(struct print_pool *pool, struct chunk *c,
			const struct pkt *pkt, const struct iface *iface)
{
	struct pkt *copy = &c->pkts[c->n];

	*copy = *pkt;
	c->ifaces[c->n] = iface;
	prepass(pool, c);
	pool->scout_feed.n = c->places[c->n].fact;
	copy->data = NULL;
	copy->caplen = 0;
	copy->meta = NULL;
	copy->flags &= ~(uint32_t)PKT_LONG;
}

enum verdict print_pool_add(struct print_pool *pool, const struct pkt *pkt,
			    const struct iface *iface, struct err *err)
{
	struct chunk *c = filling(pool);
	enum verdict verdict;

	bool refused = pkt->flags & PKT_REFUSED;

	while (!refused && !chunk_add(c, pkt, iface, pool->lent)) {
		if (c->n == 0) {
			err_nomem(err, "output");
			return FAILED;
		}
		verdict = submit(pool, err);
		if (verdict != GO_ON)
			return verdict;
		c = filling(pool);
	}
	if (c->n == 0)
		c->times = pool->times;
	timeline_meet(&pool->times, pkt);
	timeline_pass(&pool->times, pkt);
	if (refused)
		add_refused(pool, c, pkt, iface);
	else
		prepass(pool, c);
	c->n++;
	if (c->log.failed) {
		err_nomem(err, "conversations");
		return FAILED;
	}
	/* the rest of a long packet can be read only now */
	if (pkt->flags & PKT_LONG && !refused)
		return print_pool_drain(pool, err);
	if (c->n == CHUNK_PACKETS ||
	    c->keep.bytes + c->log.written >= CHUNK_BYTES ||
	    pool->scout_feed.n + DISSECT_LAYERS > CHUNK_FACTS)
		return submit(pool, err);
	return GO_ON;
}

/* ---- opening and closing ------------------------------------------------ */

static bool open_scout(struct print_pool *pool, const struct print_run *run,
		       const struct flow_context *context, struct err *err)
{
	size_t i;

	pool->scout_plan = plan_open(err);
	if (!pool->scout_plan)
		return false;
	for (i = 0; i < run->options.n_force; i++)
		if (!plan_force(pool->scout_plan, run->options.force[i], err))
			return false;
	if (context->tcp)
		plan_want_proto(pool->scout_plan, PROTO_tcp);
	if (context->udp || context->use_rpc)
		plan_want_proto(pool->scout_plan, PROTO_udp);
	if (context->join) {
		plan_want_proto(pool->scout_plan, PROTO_ip);
		plan_want_proto(pool->scout_plan, PROTO_ipv6_fraghdr);
	}
	plan_only_values(pool->scout_plan);
	plan_ready(pool->scout_plan);
	pool->prepass = dissect_open(pool->scout_plan, err);
	if (!pool->prepass)
		return false;
	pool->scout_feed = *context;
	pool->scout_feed.mode = FLOW_RECORD;
	pool->scout_feed.room = CHUNK_FACTS;
	pool->prepass->context = &pool->scout_feed;
	prescan_init(&pool->prescan, &pool->scout_feed, pool->scout_plan);
	return true;
}

static bool open_workers(struct print_pool *pool, const struct print_run *run,
			 struct flow_context *context, struct err *err)
{
	size_t i;

	pool->n_workers = worker_pool_threads(pool->threads);
	pool->n_chunks = worker_pool_slots(pool->threads);
	pool->workers = calloc(pool->n_workers, sizeof(*pool->workers));
	pool->chunks = calloc(pool->n_chunks, sizeof(*pool->chunks));
	if (!pool->workers || !pool->chunks)
		return err_nomem(err, "output");
	if (flow_context_used(context) && !open_scout(pool, run, context, err))
		return false;
	context->mode = FLOW_REPLAY;
	for (i = 0; i < pool->n_chunks; i++)
		pool->chunks[i].pool = pool;
	for (i = 0; i < pool->n_workers; i++)
		if (!worker_init(&pool->workers[i], run, context, err))
			return false;
	return true;
}

struct print_pool *print_pool_open(const struct print_run *run, size_t jobs,
				   struct worker *own,
				   struct flow_context *context,
				   struct text_writer *writer, struct err *err)
{
	struct print_pool *pool = calloc(1, sizeof(*pool));

	if (!pool) {
		err_nomem(err, "output");
		return NULL;
	}
	pool->own = own;
	pool->writer = writer;
	pool->threads = worker_pool_open(jobs, work_chunk, pool, err);
	if (pool->threads && open_workers(pool, run, context, err))
		return pool;
	print_pool_close(pool);
	return NULL;
}

uint64_t print_pool_empty(const struct print_pool *pool)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < pool->n_workers; i++)
		n += pool->workers[i].form->empty;
	return n;
}

struct cut print_pool_cut(const struct print_pool *pool)
{
	struct cut cut = {0};
	size_t i;

	for (i = 0; i < pool->n_workers; i++)
		cut_add(&cut, pool->workers[i].cut);
	return cut;
}

void print_pool_close(struct print_pool *pool)
{
	size_t i;

	if (!pool)
		return;
	worker_pool_close(pool->threads);
	for (i = 0; pool->workers && i < pool->n_workers; i++)
		worker_fini(&pool->workers[i]);
	for (i = 0; pool->chunks && i < pool->n_chunks; i++) {
		packet_ref_fini(&pool->chunks[i].keep);
		replay_log_fini(&pool->chunks[i].log);
		str_fini(&pool->chunks[i].text);
	}
	free(pool->workers);
	free(pool->chunks);
	dissect_close(pool->prepass);
	plan_close(pool->scout_plan);
	free(pool);
}
