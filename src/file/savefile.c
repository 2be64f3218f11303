/* Savefiles as sources: one, many one after the other, many merged by time. */
#include "file/savefile.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/stop.h"
#include "file/format.h"
#include "file/iface_merge.h"
#include "file/pcapng.h"
#include "file/reader.h"
#include "pkt/stage.h"

/* Window of one input, which stays in the second-level cache: more is slower.
   With many inputs each gets less. */
#define WINDOW ((size_t)256 << 10)
#define WINDOW_SMALL ((size_t)16 << 10)
#define WINDOWS_IN_ALL ((size_t)24 << 20)

/* One of the inputs, and where it is. */
struct lane {
	struct reader *reader;
	uint32_t *ids; /* interface id among all, by the reader's own */
	size_t ids_n;
	size_t at;    /* next packet of the reader's batch */
	int64_t time; /* of that packet, or of the last one that had one */
	bool done;
};

struct savefile {
	struct source source;
	struct savefile_options options;
	struct lane *lanes;
	size_t n;
	struct iface_merge unite;
	volatile sig_atomic_t stop;
	struct sink *sink;	 /* while running */
	struct buffer_ref *lent; /* what it was last given */
	struct err fault;	 /* the first one of an input */
	bool many;		 /* inputs, or one that can be replaced */
	uint64_t number;	 /* packets handed on, with many inputs */

	/* merging */
	struct lane **heap; /* the earliest packet first */
	size_t heap_n;
	struct pkt out[READER_BATCH];
	size_t out_n;
};

/* What a step of the work leads to. */
enum step { STEP_ON, STEP_STOP, STEP_FAILED };

static enum step step_of(struct savefile *s, enum verdict v, struct err *err)
{
	if (v == FAILED)
		err_copy(err, &s->sink->err);
	if (stop_asked(&s->stop) && v == GO_ON)
		v = STOP;
	return v == GO_ON ? STEP_ON : v == STOP ? STEP_STOP : STEP_FAILED;
}

/* Before a wait for more bytes: let out what there is. */
static void savefile_idle(void *arg)
{
	struct savefile *s = arg;

	if (s->sink)
		sink_flush(s->sink, NULL);
}

static struct reader *lane_open(struct savefile *s, const char *path,
				size_t window, struct err *err)
{
	struct reader *r = reader_open(path, &s->options, window, err);

	if (r) {
		r->in.stop = &s->stop;
		r->in.idle = savefile_idle;
		r->in.idle_arg = s;
	}
	return r;
}

/* A new interface of a lane: which one is it among all? */
static bool lane_iface(struct savefile *s, struct lane *l, struct err *err)
{
	struct reader *r = l->reader;
	struct iface iface = r->iface;
	uint32_t *ids;
	bool fresh = true;

	if (!s->many)
		return sink_iface(s->sink, &iface, err);
	ids = l->ids;
	if ((iface.id & (iface.id + 1)) == 0)
		ids = realloc(ids, ((size_t)iface.id + 1) * 2 * sizeof(*ids));
	if (!ids)
		return err_nomem(err, "uniting interfaces");
	l->ids = ids;
	if (!iface_merge_iface(&s->unite, &iface, &ids[iface.id], &fresh))
		return err_nomem(err, "uniting interfaces");
	l->ids_n = (size_t)iface.id + 1;
	iface.id = ids[iface.id];
	return !fresh || sink_iface(s->sink, &iface, err);
}

static uint32_t lane_id(const struct savefile *s, const struct lane *l,
			uint32_t iface)
{
	return s->many ? l->ids[iface] : iface;
}

/* The fault that ended a lane: keep the first, tell of others. */
static void lane_fault(struct savefile *s, struct lane *l)
{
	const struct err *e = &l->reader->err;

	if (s->fault.kind == ERR_NONE)
		s->fault = *e;
	else if (e->placed)
		log_warn("%s: offset %llu: %s", e->file,
			 (unsigned long long)e->offset, e->text);
	else
		log_warn("%s: %s", e->file, e->text);
}

/*
 * Hand on what a reader brings until it brings packets (STEP_ON, or with done
 * set: until its end). Packets are left to the caller.
 */
static enum step lane_next(struct savefile *s, struct lane *l, struct err *err)
{
	struct reader *r = l->reader;

	l->at = 0;
	for (;;) {
		bool good = true;

		if (stop_asked(&s->stop))
			return STEP_STOP;
		switch (reader_next(r)) {
		case READER_NOTHING:
			break;
		case READER_PACKETS:
			return STEP_ON;
		case READER_IFACE:
			good = lane_iface(s, l, err);
			break;
		case READER_BLOCK:
			/* What many inputs make is one section. */
			if (s->many && r->block.type == BLOCK_SECTION)
				break;
			good = sink_block(s->sink, &r->block, err);
			break;
		case READER_STATS:
			good = sink_iface_end(
			    s->sink, lane_id(s, l, r->stats_iface),
			    &r->counters, r->start_ns, r->end_ns, err);
			break;
		case READER_FAULT:
			lane_fault(s, l);
			l->done = true;
			return STEP_ON;
		case READER_END:
			l->done = true;
			return STEP_ON;
		}
		if (!good)
			return STEP_FAILED;
	}
}

/* The file has ended, but there is another one of its name: go on with it. */
static bool lane_reopen(struct savefile *s, struct lane *l)
{
	const char *path = l->reader->facts.path;
	struct reader *r;
	struct err err;

	if (!l->reader->in.replaced || stop_asked(&s->stop))
		return false;
	r = lane_open(s, path, WINDOW, &err);
	if (!r) {
		if (s->fault.kind == ERR_NONE)
			s->fault = err;
		return false;
	}
	log_note("%s: a new file, or cut: from its start", path);
	reader_close(l->reader);
	l->reader = r;
	l->done = false;
	return true;
}

/* Tell the sink if it can hold what the packets to come lie in. */
static void lane_lend(struct savefile *s, const struct lane *l)
{
	struct buffer_ref *hold = l->reader->in.hold;

	if (hold != s->lent)
		sink_lend(s->sink, hold);
	s->lent = hold;
}

/* All of one lane. */
static enum step lane_run(struct savefile *s, struct lane *l, struct err *err)
{
	for (;;) {
		enum step step = lane_next(s, l, err);
		struct reader *r = l->reader;
		size_t i;

		if (step == STEP_ON && l->done && lane_reopen(s, l))
			continue;
		if (step != STEP_ON || l->done)
			return step;
		for (i = 0; s->many && i < r->n; i++) {
			r->pkts[i].iface = l->ids[r->pkts[i].iface];
			r->pkts[i].number = ++s->number;
		}
		lane_lend(s, l);
		step = step_of(s, sink_packets(s->sink, r->pkts, r->n), err);
		if (step != STEP_ON)
			return step;
	}
}

/* ---- merging by time ---- */

/* Is a's next packet to come before b's? Equal times: in the inputs' order. */
static bool before(const struct lane *a, const struct lane *b)
{
	return a->time != b->time ? a->time < b->time : a < b;
}

static void heap_sink_down(struct savefile *s, size_t i)
{
	struct lane **h = s->heap, *l = h[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= s->heap_n)
			break;
		if (child + 1 < s->heap_n && before(h[child + 1], h[child]))
			child++;
		if (!before(h[child], l))
			break;
		h[i] = h[child];
		i = child;
	}
	h[i] = l;
}

/* A packet without a time stays with the one before it. */
static void lane_look(struct lane *l)
{
	const struct pkt *p = &l->reader->pkts[l->at];

	if (!(p->flags & PKT_NO_TIME))
		l->time = p->time_ns;
}

static enum step merge_flush(struct savefile *s, struct err *err)
{
	size_t n = s->out_n;

	s->out_n = 0;
	if (n == 0)
		return STEP_ON;
	return step_of(s, sink_packets(s->sink, s->out, n), err);
}

/* Fill the heap with the first packet of every lane. */
static enum step merge_start(struct savefile *s, struct err *err)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct lane *l = &s->lanes[i];
		enum step step = lane_next(s, l, err);

		if (step != STEP_ON)
			return step;
		l->time = INT64_MIN;
		if (!l->done) {
			lane_look(l);
			s->heap[s->heap_n++] = l;
		}
	}
	for (i = s->heap_n / 2; i-- > 0;)
		heap_sink_down(s, i);
	return STEP_ON;
}

/* Step over the packet just taken from the earliest lane. */
static enum step merge_advance(struct savefile *s, struct err *err)
{
	struct lane *l = s->heap[0];

	if (++l->at == l->reader->n) {
		/* The batch dies, and with it what out borrows from it. */
		enum step step = merge_flush(s, err);

		if (step == STEP_ON)
			step = lane_next(s, l, err);
		if (step != STEP_ON)
			return step;
	}
	if (l->done)
		s->heap[0] = s->heap[--s->heap_n];
	else
		lane_look(l);
	if (s->heap_n)
		heap_sink_down(s, 0);
	return STEP_ON;
}

static enum step merge_run(struct savefile *s, struct err *err)
{
	enum step step = merge_start(s, err);

	while (step == STEP_ON && s->heap_n) {
		struct lane *l = s->heap[0];
		struct pkt *p = &s->out[s->out_n++];

		*p = l->reader->pkts[l->at];
		p->iface = l->ids[p->iface];
		p->number = ++s->number;
		if (s->out_n == READER_BATCH)
			step = merge_flush(s, err);
		if (step == STEP_ON)
			step = merge_advance(s, err);
	}
	return step;
}

/* Of inputs that come one after the other, tell of the interfaces that are
   known by now, so that the header of a pcap file can be right for all. */
static enum step announce(struct savefile *s, struct err *err)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct lane *l = &s->lanes[i];

		if (reader_start(l->reader) &&
		    l->reader->format == &pcap_reader &&
		    reader_next(l->reader) == READER_IFACE &&
		    !lane_iface(s, l, err))
			return STEP_FAILED;
	}
	return STEP_ON;
}

/* ---- the source ---- */

static bool savefile_run(struct source *source, struct sink *sink,
			 struct err *err)
{
	struct savefile *s = (struct savefile *)source;
	enum step step = STEP_ON;
	size_t i;

	s->sink = sink;
	for (i = 0; i < s->n; i++) {
		s->lanes[i].reader->no_blocks = !sink_wants_blocks(sink);
		s->lanes[i].reader->in.held = sink_wants_holds(sink);
	}
	if (s->n > 1 && !s->options.concat)
		step = merge_run(s, err);
	else if (s->n > 1)
		step = announce(s, err);
	if (s->n == 1 || s->options.concat)
		for (i = 0; i < s->n && step == STEP_ON; i++)
			step = lane_run(s, &s->lanes[i], err);
	s->sink = NULL;
	if (step == STEP_FAILED)
		return false;
	if (s->fault.kind == ERR_NONE)
		return true;
	return err_copy(err, &s->fault);
}

static void savefile_stop(struct source *source)
{
	stop_ask(&((struct savefile *)source)->stop);
}

static void savefile_close(struct source *source)
{
	struct savefile *s = (struct savefile *)source;
	size_t i;

	for (i = 0; i < s->n && s->lanes; i++) {
		reader_close(s->lanes[i].reader);
		free(s->lanes[i].ids);
	}
	iface_merge_fini(&s->unite);
	free(s->lanes);
	free(s->heap);
	free(s);
}

static const struct source_ops savefile_ops = {
    .name = "savefile",
    .run = savefile_run,
    .stop = savefile_stop,
    .close = savefile_close,
};

struct source *savefiles_open(const char *const *paths, size_t n,
			      const struct savefile_options *options,
			      struct err *err)
{
	struct savefile *s = calloc(1, sizeof(*s));
	size_t window = WINDOW, i;

	if (n > 1 && window > WINDOWS_IN_ALL / n)
		window = WINDOWS_IN_ALL / n;
	if (window < WINDOW_SMALL)
		window = WINDOW_SMALL;
	if (!s || !(s->lanes = calloc(n, sizeof(*s->lanes))) ||
	    !(s->heap = calloc(n, sizeof(struct lane *)))) {
		err_nomem(err, "opening savefiles");
		goto out;
	}
	s->source.ops = &savefile_ops;
	s->n = n;
	if (options)
		s->options = *options;
	s->many = n > 1 || s->options.follow || s->options.stream;
	infile_allow(n + 64);
	for (i = 0; i < n; i++) {
		s->lanes[i].reader = lane_open(s, paths[i], window, err);
		if (!s->lanes[i].reader)
			goto out;
	}
	return &s->source;
out:
	if (s)
		savefile_close(&s->source);
	return NULL;
}

struct source *savefile_open(const char *path,
			     const struct savefile_options *options,
			     struct err *err)
{
	return savefiles_open(&path, 1, options, err);
}

bool savefile_probe(struct source *source, struct err *err)
{
	struct savefile *s = (struct savefile *)source;
	size_t i;

	for (i = 0; i < savefile_inputs(source); i++) {
		if (reader_start(s->lanes[i].reader))
			continue;
		return err_copy(err, &s->lanes[i].reader->err);
	}
	return true;
}

size_t savefile_inputs(const struct source *source)
{
	return source->ops == &savefile_ops
		   ? ((const struct savefile *)source)->n
		   : 0;
}

const struct savefile_facts *savefile_facts(const struct source *source,
					    size_t input)
{
	return &((const struct savefile *)source)->lanes[input].reader->facts;
}
