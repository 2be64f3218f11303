/* Chunks of packets, and the threads that print them. */
#include "output/print_pool.h"

#include <stdlib.h>
#include <string.h>

#include "decode/flow/prescan.h"
#include "decode/proto_ids.h"
#include "os/thread.h"
#include "pkt/options.h"
#include "pkt/packet_ref.h"

enum {
	JOBS_MOST = 64,
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
	/* PART: some of its text is to be written, and a thread waits for it */
	enum {
		CHUNK_FREE,
		CHUNK_READY,
		CHUNK_TAKEN,
		CHUNK_PART,
		CHUNK_DONE
	} state;
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

struct member {
	struct print_pool *pool;
	struct worker worker;
	struct thread thread;
	bool started;
};

struct print_pool {
	struct worker *own; /* the caller's */
	struct buffer_ref *lent;
	struct text_writer *writer;
	struct timeline times;
	size_t n_members, n_chunks;
	struct member *members;
	struct chunk *chunks; /* a ring: oldest is next to be written */
	size_t oldest, filling;
	struct plan *scout_plan; /* flow context ahead of the threads */
	struct dissect *prepass;
	struct prescan prescan; /* saves it work */
	struct flow_context scout_feed;
	enum verdict verdict;	/* of text that the caller wrote early, */
	struct err err;		/* and why it failed */
	struct monitor monitor; /* guards the chunks' states, and stopping */
	bool stopping;
};

static void spill_by_member(struct presenter *form, struct str *out);
static void spill_by_caller(struct presenter *form, struct str *out);

/* ---- the threads -------------------------------------------------------- */

/* Decode and print a chunk; the state of w is the thread's own. */
static void work_chunk(struct worker *w, struct chunk *c)
{
	struct timeline times = c->times;
	size_t i;

	w->form->spill = w == c->pool->own ? spill_by_caller : spill_by_member;
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
}

/* The first chunk in line that is not taken, or NULL. Under the lock. */
static struct chunk *take_chunk(struct print_pool *pool)
{
	size_t i;
	struct chunk *c;

	for (i = 0; i < pool->n_chunks; i++) {
		c = &pool->chunks[(pool->oldest + i) % pool->n_chunks];
		if (c->state == CHUNK_READY) {
			c->state = CHUNK_TAKEN;
			return c;
		}
	}
	return NULL;
}

static void finish_chunk(struct print_pool *pool, struct worker *w,
			 struct chunk *c)
{
	monitor_unlock(&pool->monitor);
	work_chunk(w, c);
	packet_ref_release(&c->keep);
	monitor_lock(&pool->monitor);
	c->state = CHUNK_DONE;
	monitor_change(&pool->monitor);
}

static void *member_run(void *arg)
{
	struct member *m = arg;
	struct print_pool *pool = m->pool;
	struct chunk *c;

	monitor_lock(&pool->monitor);
	while (!pool->stopping) {
		c = take_chunk(pool);
		if (c)
			finish_chunk(pool, &m->worker, c);
		else
			monitor_wait(&pool->monitor);
	}
	monitor_unlock(&pool->monitor);
	return NULL;
}

/* ---- the caller --------------------------------------------------------- */

/* A thread has much text of a chunk: wait until the caller wrote it. */
static void spill_by_member(struct presenter *form, struct str *out)
{
	struct chunk *c = form->spill_to;
	struct print_pool *pool = c->pool;

	monitor_lock(&pool->monitor);
	c->state = CHUNK_PART;
	monitor_change(&pool->monitor);
	while (c->state == CHUNK_PART && !pool->stopping)
		monitor_wait(&pool->monitor);
	c->state = CHUNK_TAKEN;
	monitor_unlock(&pool->monitor);
	str_clear(out);
}

/* Wait until some text of the oldest chunk, or all, can be written; the caller
   helps meanwhile if it may. false: another chunk is the oldest by now. */
static bool wait_oldest(struct print_pool *pool, bool help)
{
	size_t oldest = pool->oldest;
	struct chunk *c = &pool->chunks[oldest], *other;

	monitor_lock(&pool->monitor);
	while (oldest == pool->oldest && c->state != CHUNK_DONE &&
	       c->state != CHUNK_PART) {
		other = help ? take_chunk(pool) : NULL;
		if (other)
			finish_chunk(pool, pool->own, other);
		else
			monitor_wait(&pool->monitor);
	}
	monitor_unlock(&pool->monitor);
	return oldest == pool->oldest;
}

/* Write a part of the oldest chunk, if it is not done yet. */
static enum verdict write_part(struct print_pool *pool, struct chunk *c,
			       struct err *err)
{
	enum verdict verdict = text_writer_write(pool->writer, &c->text, err);

	if (c->text.cap > CHUNK_TEXT)
		str_fini(&c->text);
	else
		str_clear(&c->text);
	if (c->state == CHUNK_DONE) {
		c->n = c->n_facts = 0;
		replay_log_rewind(&c->log);
	}
	monitor_lock(&pool->monitor);
	if (c->state == CHUNK_DONE) {
		c->state = CHUNK_FREE;
		pool->oldest = (pool->oldest + 1) % pool->n_chunks;
	} else {
		c->state = CHUNK_TAKEN;
		monitor_change(&pool->monitor);
	}
	monitor_unlock(&pool->monitor);
	return verdict;
}

/* Write the oldest chunk, once it is done. */
static enum verdict write_oldest(struct print_pool *pool, bool help,
				 struct err *err)
{
	size_t oldest = pool->oldest;
	enum verdict verdict = GO_ON;

	while (verdict == GO_ON && oldest == pool->oldest &&
	       wait_oldest(pool, help))
		verdict = write_part(pool, &pool->chunks[pool->oldest], err);
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

	while (pool->verdict == GO_ON && &pool->chunks[pool->oldest] != c)
		pool->verdict = write_oldest(pool, false, &pool->err);
	if (pool->verdict == GO_ON)
		pool->verdict =
		    text_writer_write(pool->writer, out, &pool->err);
	str_clear(out);
}

/* Not before there is work: what is set up until then may still make children
   (see capture/expr.h). */
static bool start_threads(struct print_pool *pool, struct err *err)
{
	size_t i;

	for (i = 0; i < pool->n_members; i++) {
		if (!thread_start(&pool->members[i].thread, member_run,
				  &pool->members[i], err))
			return false;
		pool->members[i].started = true;
	}
	return true;
}

/* Hand the chunk that was filled to the threads, and have a free one next. */
static enum verdict submit(struct print_pool *pool, struct err *err)
{
	struct chunk *c = &pool->chunks[pool->filling];

	if (c->n == 0)
		return GO_ON;
	if (!pool->members[0].started && !start_threads(pool, err))
		return FAILED;
	c->n_facts = pool->scout_feed.n;
	monitor_lock(&pool->monitor);
	c->state = CHUNK_READY;
	monitor_change(&pool->monitor);
	monitor_unlock(&pool->monitor);
	pool->filling = (pool->filling + 1) % pool->n_chunks;
	pool->scout_feed.n = 0;
	if (pool->chunks[pool->filling].state == CHUNK_FREE)
		return GO_ON;
	return write_oldest(pool, true, err);
}

enum verdict print_pool_drain(struct print_pool *pool, struct err *err)
{
	enum verdict verdict = submit(pool, err);

	while (verdict == GO_ON && pool->oldest != pool->filling)
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
	struct chunk *c = &pool->chunks[pool->filling];
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
		c = &pool->chunks[pool->filling];
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

static bool open_members(struct print_pool *pool, const struct print_run *run,
			 struct flow_context *context, struct err *err)
{
	size_t i;

	pool->members = calloc(pool->n_members, sizeof(*pool->members));
	pool->chunks = calloc(pool->n_chunks, sizeof(*pool->chunks));
	if (!pool->members || !pool->chunks)
		return err_nomem(err, "output");
	if (flow_context_used(context) && !open_scout(pool, run, context, err))
		return false;
	context->mode = FLOW_REPLAY;
	for (i = 0; i < pool->n_chunks; i++)
		pool->chunks[i].pool = pool;
	for (i = 0; i < pool->n_members; i++) {
		pool->members[i].pool = pool;
		if (!worker_init(&pool->members[i].worker, run, context, err))
			return false;
	}
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
	monitor_init(&pool->monitor);
	pool->own = own;
	pool->writer = writer;
	pool->n_members = jobs - 1 < JOBS_MOST - 1 ? jobs - 1 : JOBS_MOST - 1;
	pool->n_chunks = 2 * pool->n_members + 3;
	if (open_members(pool, run, context, err))
		return pool;
	print_pool_close(pool);
	return NULL;
}

uint64_t print_pool_empty(const struct print_pool *pool)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < pool->n_members; i++)
		if (pool->members[i].worker.form)
			n += pool->members[i].worker.form->empty;
	return n;
}

struct cut print_pool_cut(const struct print_pool *pool)
{
	struct cut cut = {0};
	size_t i;

	for (i = 0; i < pool->n_members; i++)
		cut_add(&cut, pool->members[i].worker.cut);
	return cut;
}

void print_pool_close(struct print_pool *pool)
{
	size_t i;

	if (!pool)
		return;
	monitor_lock(&pool->monitor);
	pool->stopping = true;
	monitor_change(&pool->monitor);
	monitor_unlock(&pool->monitor);
	for (i = 0; pool->members && i < pool->n_members; i++) {
		if (pool->members[i].started)
			thread_join(&pool->members[i].thread);
		worker_fini(&pool->members[i].worker);
	}
	for (i = 0; pool->chunks && i < pool->n_chunks; i++) {
		packet_ref_fini(&pool->chunks[i].keep);
		replay_log_fini(&pool->chunks[i].log);
		str_fini(&pool->chunks[i].text);
	}
	free(pool->members);
	free(pool->chunks);
	dissect_close(pool->prepass);
	plan_close(pool->scout_plan);
	monitor_fini(&pool->monitor);
	free(pool);
}
