/*
 * The sink that prints: decodes packets and hands them to a form, either at
 * once or, with several jobs, in chunks of copied packets that threads take
 * while the caller reads on. Chunks are written in the order of packets.
 */
#include <stdlib.h>
#include <string.h>

#include "decode/flows.h"
#include "os/seed.h"
#include "os/thread.h"
#include "output/form.h"
#include "output/pieces.h"

#define OUTPUT(name, title) &form_##name,
static const struct form_ops *const forms[] = {
#include "output/outputs.def"
};
#undef OUTPUT

#define OUTPUT(name, title) #name,
const char *const print_form_names[] = {
#include "output/outputs.def"
    NULL,
};
#undef OUTPUT

enum {
	JOBS_MOST = 64,
	CHUNK_PACKETS = 1024,
	CHUNK_OCTETS = 512 * 1024, /* a chunk may exceed it by one packet */
	CHUNK_FACTS = CHUNK_PACKETS + 2 * DISSECT_LAYERS,
};

/* Packets on their way through the threads. */
struct chunk {
	enum { CHUNK_FREE, CHUNK_READY, CHUNK_TAKEN, CHUNK_DONE } state;
	size_t n;
	struct pkt pkts[CHUNK_PACKETS];
	const struct iface *ifaces[CHUNK_PACKETS];
	struct pkt_meta metas[CHUNK_PACKETS];
	uint8_t *octets;
	size_t used, cap;
	int64_t previous_ns; /* of the packet before the first */
	struct flow_tcp facts[CHUNK_FACTS];
	size_t n_facts;
	struct str text;
};

/* What one thread decodes and prints with. */
struct worker {
	struct printer *printer;
	struct dissect *dissect;
	struct flow_feed feed;
	struct form *form;
	struct thread thread;
	bool started;
};

struct printer {
	struct sink sink;
	struct print_run run;
	struct pieces writer;
	struct iface **ifaces; /* copies, in the order of arrival */
	size_t n_ifaces;
	struct worker own; /* the caller's */
	int64_t first_ns, previous_ns;
	bool has_first, has_head;
	struct flows *flows;
	/* several jobs: */
	size_t n_workers, n_chunks;
	struct worker *workers;
	struct chunk *chunks; /* a ring: oldest is next to be written */
	size_t oldest, filling;
	struct plan *scout_plan; /* flow context ahead of the workers */
	struct dissect *scout;
	struct flow_feed scout_feed;
	struct gate gate;
	bool stopping;
};

/* ---- interfaces --------------------------------------------------------- */

static bool printer_iface(struct sink *sink, const struct iface *iface,
			  struct err *err)
{
	struct printer *p = (struct printer *)sink;
	size_t name = iface->name ? strlen(iface->name) + 1 : 0;
	struct iface **list, *copy = malloc(sizeof(*copy) + name);

	list = realloc(p->ifaces, (p->n_ifaces + 1) * sizeof(struct iface *));
	if (list)
		p->ifaces = list;
	if (!copy || !list) {
		free(copy);
		return err_nomem(err, "an interface");
	}
	*copy = (struct iface){
	    .id = iface->id,
	    .linktype = iface->linktype,
	    .snaplen = iface->snaplen,
	    .tsresol = iface->tsresol,
	    .fcslen = iface->fcslen,
	};
	if (name)
		copy->name = memcpy(copy + 1, iface->name, name);
	p->ifaces[p->n_ifaces++] = copy;
	return true;
}

static const struct iface *find_iface(const struct printer *p, uint32_t id)
{
	size_t i;

	if (id < p->n_ifaces && p->ifaces[id]->id == id)
		return p->ifaces[id];
	for (i = p->n_ifaces; i > 0; i--)
		if (p->ifaces[i - 1]->id == id)
			return p->ifaces[i - 1];
	return NULL;
}

/* ---- one packet --------------------------------------------------------- */

static inline void print_packet(struct worker *w, const struct pkt *pkt,
				const struct iface *iface, int64_t first_ns,
				int64_t previous_ns, struct str *out)
{
	w->dissect->first_ns = first_ns;
	w->dissect->previous_ns = previous_ns;
	dissect_packet(w->dissect, pkt, iface);
	w->form->ops->packet(w->form, w->dissect, out);
}

/* Times that later packets are measured by. */
static void note_time(struct printer *p, const struct pkt *pkt)
{
	if (pkt->flags & PKT_NO_TIME)
		return;
	if (!p->has_first) {
		p->has_first = true;
		p->first_ns = p->previous_ns = pkt->time_ns;
	}
}

static enum verdict print_here(struct printer *p, const struct pkt *pkt,
			       size_t n)
{
	enum verdict verdict = GO_ON;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++) {
		note_time(p, &pkt[i]);
		print_packet(&p->own, &pkt[i], find_iface(p, pkt[i].iface),
			     p->first_ns, p->previous_ns, &p->writer.text);
		if (!(pkt[i].flags & PKT_NO_TIME))
			p->previous_ns = pkt[i].time_ns;
		verdict = p->run.options.unbuffered
			      ? pieces_flush(&p->writer, &p->sink.err)
			      : pieces_check(&p->writer, &p->sink.err);
	}
	return verdict;
}

/* ---- chunks ------------------------------------------------------------- */

/* Decode and print a chunk; the state of w is the thread's own. */
static void work_chunk(struct worker *w, struct chunk *c)
{
	int64_t previous = c->previous_ns;
	size_t i;

	w->feed.facts = c->facts;
	w->feed.n = 0;
	w->feed.room = c->n_facts;
	for (i = 0; i < c->n; i++) {
		print_packet(w, &c->pkts[i], c->ifaces[i], w->printer->first_ns,
			     previous, &c->text);
		if (!(c->pkts[i].flags & PKT_NO_TIME))
			previous = c->pkts[i].time_ns;
	}
}

/* The first chunk in line that nobody has taken, or NULL. Under the lock. */
static struct chunk *take_chunk(struct printer *p)
{
	size_t i;
	struct chunk *c;

	for (i = 0; i < p->n_chunks; i++) {
		c = &p->chunks[(p->oldest + i) % p->n_chunks];
		if (c->state == CHUNK_READY) {
			c->state = CHUNK_TAKEN;
			return c;
		}
	}
	return NULL;
}

static void finish_chunk(struct printer *p, struct worker *w, struct chunk *c)
{
	gate_unlock(&p->gate);
	work_chunk(w, c);
	gate_lock(&p->gate);
	c->state = CHUNK_DONE;
	gate_change(&p->gate);
}

static void *worker_run(void *arg)
{
	struct worker *w = arg;
	struct printer *p = w->printer;
	struct chunk *c;

	gate_lock(&p->gate);
	while (!p->stopping) {
		c = take_chunk(p);
		if (c)
			finish_chunk(p, w, c);
		else
			gate_wait(&p->gate);
	}
	gate_unlock(&p->gate);
	return NULL;
}

/* Write the oldest chunk, once it is done; the caller helps meanwhile. */
static enum verdict write_oldest(struct printer *p)
{
	struct chunk *c = &p->chunks[p->oldest], *other;
	enum verdict verdict;

	gate_lock(&p->gate);
	while (c->state != CHUNK_DONE) {
		other = take_chunk(p);
		if (other)
			finish_chunk(p, &p->own, other);
		else
			gate_wait(&p->gate);
	}
	gate_unlock(&p->gate);
	verdict = pieces_write(&p->writer, &c->text, &p->sink.err);
	str_clear(&c->text);
	c->n = c->used = c->n_facts = 0;
	c->state = CHUNK_FREE;
	p->oldest = (p->oldest + 1) % p->n_chunks;
	return verdict;
}

/* Hand the chunk that was filled to the threads, and have a free one next. */
static enum verdict submit(struct printer *p)
{
	struct chunk *c = &p->chunks[p->filling];

	if (c->n == 0)
		return GO_ON;
	c->n_facts = p->scout_feed.n;
	gate_lock(&p->gate);
	c->state = CHUNK_READY;
	gate_change(&p->gate);
	gate_unlock(&p->gate);
	p->filling = (p->filling + 1) % p->n_chunks;
	p->scout_feed.n = 0;
	if (p->chunks[p->filling].state == CHUNK_FREE)
		return GO_ON;
	return write_oldest(p);
}

static enum verdict drain(struct printer *p)
{
	enum verdict verdict = submit(p);

	while (verdict == GO_ON && p->oldest != p->filling)
		verdict = write_oldest(p);
	return verdict;
}

static bool chunk_room(struct chunk *c, size_t n)
{
	size_t cap = c->cap ? c->cap : CHUNK_OCTETS;
	uint8_t *octets;
	size_t i, at;

	if (c->octets && n <= c->cap - c->used)
		return true;
	while (cap - c->used < n)
		cap *= 2;
	octets = malloc(cap);
	if (!octets)
		return false;
	/* packets point into the room that moves */
	if (c->used)
		memcpy(octets, c->octets, c->used);
	for (i = 0, at = 0; i < c->n; i++) {
		c->pkts[i].data = octets + at;
		at += c->pkts[i].caplen;
		if (c->pkts[i].meta) {
			c->metas[i].options = octets + at;
			at += c->metas[i].options_len;
		}
	}
	free(c->octets);
	c->octets = octets;
	c->cap = cap;
	return true;
}

/* Copy one packet into the chunk that is being filled. */
static bool chunk_add(struct printer *p, struct chunk *c, const struct pkt *pkt)
{
	size_t meta = pkt->meta ? pkt->meta->options_len : 0;
	struct pkt *copy = &c->pkts[c->n];

	if (!chunk_room(c, pkt->caplen + meta))
		return err_nomem(&p->sink.err, "output");
	if (c->n == 0)
		c->previous_ns = p->previous_ns;
	*copy = *pkt;
	copy->data = memcpy(c->octets + c->used, pkt->data, pkt->caplen);
	c->used += pkt->caplen;
	if (pkt->meta) {
		c->metas[c->n] = *pkt->meta;
		c->metas[c->n].options =
		    memcpy(c->octets + c->used, pkt->meta->options, meta);
		c->used += meta;
		copy->meta = &c->metas[c->n];
	}
	c->ifaces[c->n] = find_iface(p, pkt->iface);
	if (p->scout) {
		p->scout_feed.facts = c->facts;
		dissect_packet(p->scout, copy, c->ifaces[c->n]);
	}
	c->n++;
	return true;
}

static enum verdict print_by_threads(struct printer *p, const struct pkt *pkt,
				     size_t n)
{
	enum verdict verdict = GO_ON;
	struct chunk *c;
	size_t i;

	for (i = 0; i < n && verdict == GO_ON; i++) {
		note_time(p, &pkt[i]);
		c = &p->chunks[p->filling];
		if (!chunk_add(p, c, &pkt[i]))
			return FAILED;
		if (!(pkt[i].flags & PKT_NO_TIME))
			p->previous_ns = pkt[i].time_ns;
		if (c->n == CHUNK_PACKETS || c->used >= CHUNK_OCTETS ||
		    p->scout_feed.n + DISSECT_LAYERS > CHUNK_FACTS)
			verdict = submit(p);
	}
	return verdict;
}

/* ---- the sink ----------------------------------------------------------- */

static enum verdict printer_packets(struct sink *sink, const struct pkt *pkt,
				    size_t n)
{
	struct printer *p = (struct printer *)sink;

	return p->n_workers ? print_by_threads(p, pkt, n)
			    : print_here(p, pkt, n);
}

/* The header, and everything that was printed so far. */
static enum verdict printer_out(struct printer *p, struct err *err)
{
	enum verdict verdict = GO_ON;

	if (p->n_workers) {
		verdict = drain(p);
		if (verdict == FAILED && err)
			*err = p->sink.err;
	}
	return verdict == GO_ON ? pieces_flush(&p->writer, err) : verdict;
}

static bool printer_flush(struct sink *sink, struct err *err)
{
	return printer_out((struct printer *)sink, err) != FAILED;
}

static void worker_fini(struct worker *w)
{
	if (w->form)
		w->form->ops->close(w->form);
	dissect_close(w->dissect);
}

static void stop_threads(struct printer *p)
{
	size_t i;

	gate_lock(&p->gate);
	p->stopping = true;
	gate_change(&p->gate);
	gate_unlock(&p->gate);
	for (i = 0; i < p->n_workers; i++) {
		if (p->workers[i].started)
			thread_join(&p->workers[i].thread);
		worker_fini(&p->workers[i]);
	}
	for (i = 0; p->chunks && i < p->n_chunks; i++) {
		free(p->chunks[i].octets);
		str_fini(&p->chunks[i].text);
	}
	free(p->workers);
	free(p->chunks);
	dissect_close(p->scout);
	plan_close(p->scout_plan);
	gate_fini(&p->gate);
}

static void printer_free(struct printer *p)
{
	size_t i;

	if (p->n_workers)
		stop_threads(p);
	worker_fini(&p->own);
	for (i = 0; i < p->n_ifaces; i++)
		free(p->ifaces[i]);
	free(p->ifaces);
	pieces_fini(&p->writer);
	flows_close(p->flows);
	plan_close(p->run.plan);
	free(p->run.columns);
	free((char *)p->run.options.separator);
	free(p);
}

static bool printer_close(struct sink *sink, struct err *err)
{
	struct printer *p = (struct printer *)sink;
	bool good = printer_out(p, err) != FAILED;

	printer_free(p);
	return good;
}

static const struct sink_ops printer_ops = {
    .name = "print",
    .iface = printer_iface,
    .packets = printer_packets,
    .flush = printer_flush,
    .close = printer_close,
};

/* ---- opening ------------------------------------------------------------ */

static bool open_columns(struct print_run *run, const char *fields,
			 struct err *err)
{
	const char *comma;
	char name[128];
	size_t n, count = 1;

	for (comma = fields; *comma; comma++)
		count += *comma == ',';
	run->columns = calloc(count, sizeof(*run->columns));
	if (!run->columns)
		return err_nomem(err, "output");
	for (;; fields = comma + 1) {
		comma = strchr(fields, ',');
		n = comma ? (size_t)(comma - fields) : strlen(fields);
		if (n == 0 || n >= sizeof(name))
			return err_set(
			    err, ERR_USAGE, "the list of fields has %s",
			    n ? "a name that is too long" : "an empty name");
		memcpy(name, fields, n);
		name[n] = '\0';
		if (!plan_want(run->plan, name, err))
			return false;
		run->columns[run->n_columns++] = (uint16_t)field_find(name);
		if (!comma)
			return true;
	}
}

/* Who needs flow context: those who print what comes from it. */
static void choose_flows(struct flow_feed *feed, const struct print_run *run)
{
	static const char *const names[] = {"tcp.stream", "tcp.seq", "tcp.ack",
					    "tcp.nxtseq"};
	size_t i;

	if (run->options.form == PRINT_text)
		feed->tcp = !run->options.raw_seq;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		feed->tcp |= plan_wants(run->plan, names[i]);
	feed->udp = plan_wants(run->plan, "udp.stream");
}

static bool worker_init(struct worker *w, struct printer *p,
			const struct flow_feed *feed, struct err *err)
{
	w->printer = p;
	w->feed = *feed;
	w->dissect = dissect_open(p->run.plan, err);
	if (!w->dissect)
		return false;
	if (feed->tcp || feed->udp)
		w->dissect->feed = &w->feed;
	w->form = forms[p->run.options.form]->open(&p->run);
	return w->form || err_nomem(err, "output");
}

static bool open_scout(struct printer *p, const struct flow_feed *feed,
		       struct err *err)
{
	p->scout_plan = plan_open(err);
	if (!p->scout_plan ||
	    (feed->tcp && !plan_want(p->scout_plan, "tcp.stream", err)) ||
	    (feed->udp && !plan_want(p->scout_plan, "udp.stream", err)))
		return false;
	plan_ready(p->scout_plan);
	p->scout = dissect_open(p->scout_plan, err);
	if (!p->scout)
		return false;
	p->scout_feed = *feed;
	p->scout_feed.mode = FEED_RECORD;
	p->scout_feed.room = CHUNK_FACTS;
	p->scout->feed = &p->scout_feed;
	return true;
}

static bool open_threads(struct printer *p, struct flow_feed *feed,
			 struct err *err)
{
	size_t n = (size_t)p->run.options.jobs - 1, i;

	if (n > JOBS_MOST - 1)
		n = JOBS_MOST - 1;
	gate_init(&p->gate);
	p->n_workers = n;
	p->n_chunks = 2 * n + 3;
	p->workers = calloc(n, sizeof(*p->workers));
	p->chunks = calloc(p->n_chunks, sizeof(*p->chunks));
	if (!p->workers || !p->chunks)
		return err_nomem(err, "output");
	if ((feed->tcp || feed->udp) && !open_scout(p, feed, err))
		return false;
	feed->mode = FEED_REPLAY;
	for (i = 0; i < n; i++)
		if (!worker_init(&p->workers[i], p, feed, err))
			return false;
	for (i = 0; i < n; i++) {
		if (!thread_start(&p->workers[i].thread, worker_run,
				  &p->workers[i], err))
			return false;
		p->workers[i].started = true;
	}
	return true;
}

static bool open_decoding(struct printer *p, struct err *err)
{
	const struct print_options *o = &p->run.options;
	const struct form_ops *form = forms[o->form];
	struct flow_feed feed = {.mode = FEED_LIVE};
	struct hash_seed seed;
	size_t i;

	p->run.plan = plan_open(err);
	if (!p->run.plan)
		return false;
	for (i = 0; i < o->n_force; i++)
		if (!plan_force(p->run.plan, o->force[i], err))
			return false;
	if (o->fields && !open_columns(&p->run, o->fields, err))
		return false;
	if (form->wish)
		form->wish(o, p->run.plan);
	plan_ready(p->run.plan);
	choose_flows(&feed, &p->run);
	if (feed.tcp || feed.udp) {
		seed_get(&seed);
		p->flows = feed.flows = flows_open(&seed, err);
		if (!p->flows)
			return false;
	}
	if (o->jobs > 1 && !o->unbuffered && !o->names &&
	    !open_threads(p, &feed, err))
		return false;
	return worker_init(&p->own, p, &feed, err);
}

struct sink *print_open(const struct print_options *options, int fd,
			struct err *err)
{
	struct printer *p = calloc(1, sizeof(*p));

	if (!p || !pieces_init(&p->writer, fd, err)) {
		free(p);
		err_nomem(err, "output");
		return NULL;
	}
	p->sink.ops = &printer_ops;
	p->run.options = *options;
	if (options->separator)
		p->run.options.separator = strdup(options->separator);
	if (!open_decoding(p, err)) {
		printer_free(p);
		return NULL;
	}
	p->run.options.fields = NULL; /* the caller's; not needed again */
	p->run.options.force = NULL;
	if (p->own.form->ops->head)
		p->own.form->ops->head(p->own.form, &p->writer.text);
	return &p->sink;
}

struct sink *text_sink_open(const struct print_options *options, int fd,
			    struct err *err)
{
	struct print_options text = *options;

	text.form = PRINT_text;
	return print_open(&text, fd, err);
}
