/* Chunks of packets, and the threads that print them. */
#include "output/crew.h"

#include <stdlib.h>
#include <string.h>

#include "decode/flow/prescan.h"
#include "os/thread.h"
#include "pkt/packet_ref.h"

enum {
	JOBS_MOST = 64,
	CHUNK_PACKETS = 1024,
	CHUNK_OCTETS = 512 * 1024, /* a chunk may exceed it by one packet */
	CHUNK_FACTS = CHUNK_PACKETS + 2 * DISSECT_LAYERS,
	AHEAD = 6, /* packets: what is there comes from another's cache */
};

/* Where a packet's flow context starts. */
struct chunk_mark {
	size_t fact;
	struct replay_log_mark log;
};

/* Packets on their way through the threads. */
struct chunk {
	enum { CHUNK_FREE, CHUNK_READY, CHUNK_TAKEN, CHUNK_DONE } state;
	size_t n;
	struct pkt pkts[CHUNK_PACKETS];
	const struct iface *ifaces[CHUNK_PACKETS];
	struct pkt_meta metas[CHUNK_PACKETS];
	struct packet_ref keep; /* their octets */
	struct timeline times;	/* before the first packet */
	struct chunk_mark places[CHUNK_PACKETS];
	struct flow_tcp facts[CHUNK_FACTS];
	size_t n_facts;
	struct replay_log log;
	struct str text;
};

struct member {
	struct crew *crew;
	struct worker worker;
	struct thread thread;
	bool started;
};

struct crew {
	struct worker *own; /* the caller's */
	struct buffer_ref *lent;
	struct pieces *writer;
	struct timeline times;
	size_t n_members, n_chunks;
	struct member *members;
	struct chunk *chunks; /* a ring: oldest is next to be written */
	size_t oldest, filling;
	struct plan *scout_plan; /* flow context ahead of the threads */
	struct dissect *prepass;
	struct prescan prescan; /* saves it work */
	struct flow_context scout_feed;
	struct monitor monitor; /* guards the chunks' states, and stopping */
	bool stopping;
};

/* ---- the threads -------------------------------------------------------- */

/* Decode and print a chunk; the state of w is the thread's own. */
static void work_chunk(struct worker *w, struct chunk *c)
{
	struct timeline times = c->times;
	size_t i;

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

/* The first chunk in line that nobody has taken, or NULL. Under the lock. */
static struct chunk *take_chunk(struct crew *crew)
{
	size_t i;
	struct chunk *c;

	for (i = 0; i < crew->n_chunks; i++) {
		c = &crew->chunks[(crew->oldest + i) % crew->n_chunks];
		if (c->state == CHUNK_READY) {
			c->state = CHUNK_TAKEN;
			return c;
		}
	}
	return NULL;
}

static void finish_chunk(struct crew *crew, struct worker *w, struct chunk *c)
{
	monitor_unlock(&crew->monitor);
	work_chunk(w, c);
	packet_ref_release(&c->keep);
	monitor_lock(&crew->monitor);
	c->state = CHUNK_DONE;
	monitor_change(&crew->monitor);
}

static void *member_run(void *arg)
{
	struct member *m = arg;
	struct crew *crew = m->crew;
	struct chunk *c;

	monitor_lock(&crew->monitor);
	while (!crew->stopping) {
		c = take_chunk(crew);
		if (c)
			finish_chunk(crew, &m->worker, c);
		else
			monitor_wait(&crew->monitor);
	}
	monitor_unlock(&crew->monitor);
	return NULL;
}

/* ---- the caller --------------------------------------------------------- */

/* Write the oldest chunk, once it is done; the caller helps meanwhile. */
static enum verdict write_oldest(struct crew *crew, struct err *err)
{
	struct chunk *c = &crew->chunks[crew->oldest], *other;
	enum verdict verdict;

	monitor_lock(&crew->monitor);
	while (c->state != CHUNK_DONE) {
		other = take_chunk(crew);
		if (other)
			finish_chunk(crew, crew->own, other);
		else
			monitor_wait(&crew->monitor);
	}
	monitor_unlock(&crew->monitor);
	verdict = pieces_write(crew->writer, &c->text, err);
	str_clear(&c->text);
	c->n = c->n_facts = 0;
	replay_log_rewind(&c->log);
	monitor_lock(&crew->monitor);
	c->state = CHUNK_FREE;
	crew->oldest = (crew->oldest + 1) % crew->n_chunks;
	monitor_unlock(&crew->monitor);
	return verdict;
}

/* Not before there is work: what is set up until then may still make children
   (see capture/expr.h). */
static bool start_threads(struct crew *crew, struct err *err)
{
	size_t i;

	for (i = 0; i < crew->n_members; i++) {
		if (!thread_start(&crew->members[i].thread, member_run,
				  &crew->members[i], err))
			return false;
		crew->members[i].started = true;
	}
	return true;
}

/* Hand the chunk that was filled to the threads, and have a free one next. */
static enum verdict submit(struct crew *crew, struct err *err)
{
	struct chunk *c = &crew->chunks[crew->filling];

	if (c->n == 0)
		return GO_ON;
	if (!crew->members[0].started && !start_threads(crew, err))
		return FAILED;
	c->n_facts = crew->scout_feed.n;
	monitor_lock(&crew->monitor);
	c->state = CHUNK_READY;
	monitor_change(&crew->monitor);
	monitor_unlock(&crew->monitor);
	crew->filling = (crew->filling + 1) % crew->n_chunks;
	crew->scout_feed.n = 0;
	if (crew->chunks[crew->filling].state == CHUNK_FREE)
		return GO_ON;
	return write_oldest(crew, err);
}

enum verdict crew_drain(struct crew *crew, struct err *err)
{
	enum verdict verdict = submit(crew, err);

	while (verdict == GO_ON && crew->oldest != crew->filling)
		verdict = write_oldest(crew, err);
	return verdict;
}

void crew_lend(struct crew *crew, struct buffer_ref *hold)
{
	crew->lent = hold;
}

/* Add a packet to the chunk. false: there is no room for its octets. */
static bool chunk_add(struct chunk *c, const struct pkt *pkt,
		      const struct iface *iface, struct buffer_ref *lent)
{
	struct pkt *copy = &c->pkts[c->n];
	struct pkt_meta *meta = &c->metas[c->n];

	*copy = *pkt;
	copy->data = packet_ref_octets(&c->keep, lent, pkt->data, pkt->caplen,
				       CHUNK_OCTETS);
	if (!copy->data)
		return false;
	if (pkt->meta) {
		*meta = *pkt->meta;
		meta->options =
		    packet_ref_octets(&c->keep, lent, pkt->meta->options,
				      pkt->meta->options_len, CHUNK_OCTETS);
		if (!meta->options)
			return false;
		copy->meta = meta;
	}
	c->ifaces[c->n] = iface;
	return true;
}

/* Look up what the packet just added needs to be known of its conversation. */
static void prepass(struct crew *crew, struct chunk *c)
{
	const struct pkt *pkt = &c->pkts[c->n];

	c->places[c->n] =
	    (struct chunk_mark){crew->scout_feed.n, replay_log_here(&c->log)};
	if (!crew->prepass)
		return;
	crew->scout_feed.facts = c->facts;
	crew->scout_feed.log = &c->log;
	if (!prescan_packet(&crew->prescan, pkt, c->ifaces[c->n]))
		dissect_packet(crew->prepass, pkt, c->ifaces[c->n]);
}

enum verdict crew_add(struct crew *crew, const struct pkt *pkt,
		      const struct iface *iface, struct err *err)
{
	struct chunk *c = &crew->chunks[crew->filling];
	enum verdict verdict;

	while (!chunk_add(c, pkt, iface, crew->lent)) {
		if (c->n == 0) {
			err_nomem(err, "output");
			return FAILED;
		}
		verdict = submit(crew, err);
		if (verdict != GO_ON)
			return verdict;
		c = &crew->chunks[crew->filling];
	}
	if (c->n == 0)
		c->times = crew->times;
	timeline_meet(&crew->times, pkt);
	timeline_pass(&crew->times, pkt);
	prepass(crew, c);
	c->n++;
	if (c->log.failed) {
		err_nomem(err, "conversations");
		return FAILED;
	}
	if (c->n == CHUNK_PACKETS ||
	    c->keep.octets + c->log.written >= CHUNK_OCTETS ||
	    crew->scout_feed.n + DISSECT_LAYERS > CHUNK_FACTS)
		return submit(crew, err);
	return GO_ON;
}

/* ---- opening and closing ------------------------------------------------ */

static bool open_scout(struct crew *crew, const struct print_run *run,
		       const struct flow_context *context, struct err *err)
{
	size_t i;

	crew->scout_plan = plan_open(err);
	if (!crew->scout_plan)
		return false;
	for (i = 0; i < run->options.n_force; i++)
		if (!plan_force(crew->scout_plan, run->options.force[i], err))
			return false;
	if (context->tcp)
		plan_want_proto(crew->scout_plan, PROTO_tcp);
	if (context->udp)
		plan_want_proto(crew->scout_plan, PROTO_udp);
	if (context->join) {
		plan_want_proto(crew->scout_plan, PROTO_ip);
		plan_want_proto(crew->scout_plan, PROTO_ipv6_fraghdr);
	}
	plan_only_values(crew->scout_plan);
	plan_ready(crew->scout_plan);
	crew->prepass = dissect_open(crew->scout_plan, err);
	if (!crew->prepass)
		return false;
	crew->scout_feed = *context;
	crew->scout_feed.mode = FLOW_RECORD;
	crew->scout_feed.room = CHUNK_FACTS;
	crew->prepass->context = &crew->scout_feed;
	prescan_init(&crew->prescan, &crew->scout_feed, crew->scout_plan);
	return true;
}

static bool open_members(struct crew *crew, const struct print_run *run,
			 struct flow_context *context, struct err *err)
{
	size_t i;

	crew->members = calloc(crew->n_members, sizeof(*crew->members));
	crew->chunks = calloc(crew->n_chunks, sizeof(*crew->chunks));
	if (!crew->members || !crew->chunks)
		return err_nomem(err, "output");
	if (flow_context_used(context) && !open_scout(crew, run, context, err))
		return false;
	context->mode = FLOW_REPLAY;
	for (i = 0; i < crew->n_members; i++) {
		crew->members[i].crew = crew;
		if (!worker_init(&crew->members[i].worker, run, context, err))
			return false;
	}
	return true;
}

struct crew *crew_open(const struct print_run *run, size_t jobs,
		       struct worker *own, struct flow_context *context,
		       struct pieces *writer, struct err *err)
{
	struct crew *crew = calloc(1, sizeof(*crew));

	if (!crew) {
		err_nomem(err, "output");
		return NULL;
	}
	monitor_init(&crew->monitor);
	crew->own = own;
	crew->writer = writer;
	crew->n_members = jobs - 1 < JOBS_MOST - 1 ? jobs - 1 : JOBS_MOST - 1;
	crew->n_chunks = 2 * crew->n_members + 3;
	if (open_members(crew, run, context, err))
		return crew;
	crew_close(crew);
	return NULL;
}

void crew_close(struct crew *crew)
{
	size_t i;

	if (!crew)
		return;
	monitor_lock(&crew->monitor);
	crew->stopping = true;
	monitor_change(&crew->monitor);
	monitor_unlock(&crew->monitor);
	for (i = 0; crew->members && i < crew->n_members; i++) {
		if (crew->members[i].started)
			thread_join(&crew->members[i].thread);
		worker_fini(&crew->members[i].worker);
	}
	for (i = 0; crew->chunks && i < crew->n_chunks; i++) {
		packet_ref_fini(&crew->chunks[i].keep);
		replay_log_fini(&crew->chunks[i].log);
		str_fini(&crew->chunks[i].text);
	}
	free(crew->members);
	free(crew->chunks);
	dissect_close(crew->prepass);
	plan_close(crew->scout_plan);
	monitor_fini(&crew->monitor);
	free(crew);
}
