/* The sink that writes packets to one file after another. */
#include "file/rotate.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "file/rotate_part.h"
#include "file/rotate_span.h"
#include "file/rotate_time.h"
#include "file/writer.h"
#include "os/outfile.h"

/* Room on the disk before a pause ends. */
#define ROOM_ENOUGH (UINT64_C(4) << 20)

struct rotate {
	struct sink sink;
	struct rotate_options options;
	struct sink *file; /* the current one; NULL: none is open */
	struct rotate_part *part;
	uint64_t packets; /* put into it */
	/* The next packet goes to another file from these on. */
	uint64_t packets_max, size_max;
	struct rotate_time time;
	struct rotate_file about; /* the current one */
	int64_t begun_ns;	  /* when, by the wall clock */
	struct str name;	  /* its name */
	struct write_waits waits; /* when it began */
	struct rotate_names names;
	struct rotate_spans spans;
	struct rotate_parts parts;
	struct out_end *told; /* of all files */
	uint64_t unwritten;   /* packets during the pause */
	int64_t next_try, next_sync;
	bool busy;  /* changing files; the clock may ask meanwhile */
	bool asked; /* for a new file, meanwhile */
	bool over;
	bool failed; /* and why, outside of packets() */
	struct err err;
};

/* ---- the current file ---- */

static inline bool is_larger(const struct rotate *r)
{
	return out_size(&((const struct writer *)r->file)->out) > r->size_max;
}

static inline bool is_full(const struct rotate *r)
{
	if (r->packets >= r->packets_max)
		return true;
	if (!is_larger(r))
		return false;
	savefile_settle(r->file);
	return is_larger(r);
}

/* A packet is about to be put: is it the next file's? */
static inline bool is_due(const struct rotate *r, const struct pkt *p)
{
	return p->time_ns >= r->time.until_ns || is_full(r);
}

/* Tell the current file of an interface. */
static bool tell_iface(struct rotate *r, struct rotate_span *span,
		       struct err *err)
{
	span->told = r->about.number;
	return sink_iface(r->file, span->iface, err);
}

static bool tell_ifaces(struct rotate *r, struct err *err)
{
	size_t i;

	for (i = 0; i < r->spans.n && i < r->options.n_ifaces; i++)
		if (r->spans.item[i].iface &&
		    !tell_iface(r, &r->spans.item[i], err))
			return false;
	return true;
}

/* Put the counters of an interface into the current file. */
static bool end_iface(struct rotate *r, uint32_t id, const struct counters *c,
		      int64_t end_ns, struct err *err)
{
	struct counters span = rotate_span_end(&r->spans, id, c);

	r->spans.item[id].ended = r->about.number;
	return sink_iface_end(r->file, id, &span, r->begun_ns, end_ns, err);
}

/* Put the counters of all interfaces that the current file knows into it. */
static bool end_ifaces(struct rotate *r, struct err *err)
{
	int64_t now = r->options.wall_ns();
	struct counters c;
	uint32_t i;

	for (i = 0; i < r->spans.n; i++) {
		const struct rotate_span *span = &r->spans.item[i];
		bool known;

		if (!span->iface || span->ended == r->about.number)
			continue;
		known = r->options.count(r->options.arg, i, &c);
		if (!known && span->told != r->about.number)
			continue;
		if (!end_iface(r, i, known ? &c : NULL, now, err))
			return false;
	}
	return true;
}

/* What is known of the current file before it is closed. */
static void describe(const struct rotate *r, struct rotate_part *part)
{
	const struct write_waits now = write_queue_waits(r->options.queue);

	part->about = r->about;
	part->about.name = part->name;
	part->about.dropped =
	    r->spans.some_known ? r->spans.dropped : COUNT_UNKNOWN;
	part->about.waits = (struct write_waits){
	    .times = now.times - r->waits.times,
	    .ns = now.ns - r->waits.ns,
	};
	part->put = r->packets;
	part->counted = savefile_size(r->file);
}

/* Close the current file. false: not all could be put into it, or an earlier
   one failed. */
static bool finish(struct rotate *r, struct err *err)
{
	struct err closing;
	bool good = end_ifaces(r, err) || rotate_part_may_pause(r->part);

	describe(r, r->part);
	atomic_fetch_add(&r->parts.bytes, r->part->counted);
	r->part = NULL;
	/* rotate_part_closed() gets its errors */
	sink_close(r->file, &closing);
	r->file = NULL;
	return good && !rotate_parts_failed(&r->parts, err);
}

/* ---- one file after another ---- */

/* The file that was opened is the current one. */
static void set_current(struct rotate *r, struct sink *file,
			struct rotate_part *part, struct str *name,
			int64_t start_ns)
{
	uint64_t number = r->about.number + 1;
	const struct rotate_options *o = &r->options;

	r->file = file;
	r->part = part;
	r->waits = write_queue_waits(o->queue);
	savefile_when_closed(file, rotate_part_closed, part);
	str_fini(&r->name);
	r->name = *name;
	r->about =
	    (struct rotate_file){.name = str_text(&r->name), .number = number};
	r->begun_ns = start_ns;
	r->packets = 0;
	r->packets_max = o->packets ? o->packets : UINT64_MAX;
	r->size_max = o->size ? o->size : UINT64_MAX;
	rotate_spans_begin(&r->spans);
}

/* Nothing can be written for now. */
static void pause_writing(struct rotate *r)
{
	log_warn("%s: the disk is full: nothing is written until there is room",
		 r->about.name ? r->about.name : r->options.name.template);
	r->unwritten = 0;
	r->next_try = r->options.steady_ns() + NS_PER_S;
}

/* What was done with the file failed. true: it is closed, and the capture goes
   on without one. */
static bool survives(struct rotate *r)
{
	struct err why;

	if (!rotate_part_may_pause(r->part))
		return false;
	if (r->file)
		finish(r, &why);
	pause_writing(r);
	return true;
}

/* Open the next file. NULL: *err says why. */
static struct sink *open_next(struct rotate *r, int64_t start_ns,
			      struct str *name, struct rotate_part **part,
			      struct err *err)
{
	const uint64_t number = r->about.number + 1;
	struct sink *file;

	if (!rotate_names_next(&r->names, name, &r->options.name, number,
			       start_ns, number > 1, r->options.force, err))
		return NULL;
	*part = rotate_part_new(&r->parts, str_text(name), err);
	if (!*part)
		return NULL;
	file = r->options.open(r->options.arg, str_text(name), rotate_part_full,
			       *part, err);
	if (!file)
		free(*part);
	return file;
}

/*
 * Begin a new file, and then end the current one, if there is one. false: *err
 * says why.
 */
static bool next_file(struct rotate *r, int64_t start_ns, struct err *err)
{
	struct str name = STR_INIT;
	struct rotate_part *part = NULL;
	bool good, was_busy = r->busy;
	struct sink *file;

	r->busy = true;
	file = open_next(r, start_ns, &name, &part, err);
	if (!file) {
		r->busy = was_busy;
		str_fini(&name);
		return false;
	}
	good = !r->file || finish(r, err);
	set_current(r, file, part, &name, start_ns);
	good = good && (tell_ifaces(r, err) || survives(r));
	rotate_parts_trim(&r->parts);
	r->busy = was_busy;
	return good;
}

static bool is_last(const struct rotate *r)
{
	return r->about.number == r->options.max_files;
}

/* The last file's time is over when the clock says so, and its packets do
   not begin another one. */
static void last_file(struct rotate *r)
{
	if (is_last(r))
		rotate_time_last(&r->time);
}

/* ---- the sink ---- */

static bool rotate_iface(struct sink *s, const struct iface *iface,
			 struct err *err)
{
	struct rotate *r = (struct rotate *)s;
	bool good;

	if (!rotate_spans_add(&r->spans, iface, err))
		return false;
	r->spans.item[iface->id].told = 0;
	if (!r->file || iface->id >= r->options.n_ifaces)
		return true;
	r->busy = true;
	good = tell_iface(r, &r->spans.item[iface->id], err) || survives(r);
	r->busy = false;
	return good;
}

/* Have the right file open for a packet, or none during a pause. */
static bool make_ready(struct rotate *r, const struct pkt *p)
{
	int64_t start = p->time_ns;

	if (!r->file)
		return true;
	if (is_due(r, p)) {
		if (p->time_ns >= r->time.until_ns)
			start = rotate_time_packet(&r->time, p->time_ns,
						   r->options.steady_ns());
		if (!next_file(r, start, &r->sink.err))
			return false;
		last_file(r);
	}
	if (!r->file || r->spans.item[p->iface].told == r->about.number)
		return true;
	return tell_iface(r, &r->spans.item[p->iface], &r->sink.err) ||
	       survives(r);
}

/* The current file did not take a packet. */
static enum verdict refused(struct rotate *r, enum verdict v)
{
	if (v == FAILED) {
		r->sink.err = r->file->err;
		r->packets++;
		if (survives(r))
			return GO_ON;
	}
	return v;
}

static enum verdict put(struct rotate *r, const struct pkt *p)
{
	enum verdict v;

	if (r->file && is_last(r) && is_due(r, p))
		return STOP;
	if (!r->file || is_due(r, p) ||
	    r->spans.item[p->iface].told != r->about.number) {
		if (!make_ready(r, p))
			return FAILED;
		if (!r->file) {
			r->unwritten++;
			return GO_ON;
		}
	}
	v = sink_packets(r->file, p, 1);
	if (v != GO_ON)
		return refused(r, v);
	if (r->packets++ == 0)
		r->about.first_ns = p->time_ns;
	r->about.last_ns = p->time_ns;
	r->spans.item[p->iface].packets++;
	if (is_last(r) && is_full(r))
		return STOP;
	return GO_ON;
}

static enum verdict rotate_packets(struct sink *s, const struct pkt *p,
				   size_t n)
{
	struct rotate *r = (struct rotate *)s;
	enum verdict v = r->failed ? STOP : GO_ON;

	if (rotate_parts_failed(&r->parts, &s->err))
		return FAILED;
	r->busy = true;
	for (; n > 0 && v == GO_ON; n--, p++)
		v = put(r, p);
	r->busy = false;
	return v;
}

/* SIGHUP may have come while the queue was waited for. */
static bool rotate_flush(struct sink *s, struct err *err)
{
	struct rotate *r = (struct rotate *)s;

	if (rotate_parts_failed(&r->parts, err))
		return false;
	if (r->asked)
		rotate_now(r);
	return !r->file || sink_flush(r->file, err) || survives(r);
}

static bool rotate_iface_end(struct sink *s, uint32_t id,
			     const struct counters *c, int64_t start_ns,
			     int64_t end_ns, struct err *err)
{
	struct rotate *r = (struct rotate *)s;
	struct counters counted;
	bool good;

	(void)start_ns;
	if (!r->file || id >= r->spans.n || !r->spans.item[id].iface)
		return true;
	if (!r->options.count(r->options.arg, id, &counted))
		c = NULL;
	if (!c && r->spans.item[id].told != r->about.number)
		return true;
	r->busy = true;
	good = end_iface(r, id, c, end_ns, err) || survives(r);
	r->busy = false;
	return good;
}

static bool rotate_close(struct sink *s, struct err *err)
{
	struct rotate *r = (struct rotate *)s;
	bool good = true;

	r->busy = true;
	if (r->file)
		good = finish(r, err);
	if (r->options.queue)
		write_queue_settle(r->options.queue);
	good = good && !rotate_parts_failed(&r->parts, err);
	if (r->failed)
		good = err_copy(err, &r->err);
	if (r->told)
		*r->told = r->parts.sum;
	if (r->options.closed)
		r->options.closed(r->options.arg);
	rotate_ring_fini(&r->parts.ring);
	rotate_spans_fini(&r->spans);
	str_fini(&r->name);
	rotate_names_fini(&r->names);
	free(r);
	return good;
}

static const struct sink_ops rotate_ops = {
    .name = "rotate",
    .iface = rotate_iface,
    .packets = rotate_packets,
    .flush = rotate_flush,
    .iface_end = rotate_iface_end,
    .close = rotate_close,
};

/* ---- from outside ---- */

struct rotate *rotate_open(const struct rotate_options *o, struct err *err)
{
	struct rotate *r = calloc(1, sizeof(*r));

	if (!r) {
		err_nomem(err, "rotation");
		return NULL;
	}
	r->sink.ops = &rotate_ops;
	r->options = *o;
	r->parts.options = &r->options;
	r->parts.ring.keep = o->keep;
	r->time =
	    (struct rotate_time){.period_ns = o->period_ns, .align = o->align};
	r->next_sync = r->next_try = INT64_MAX;
	return r;
}

struct sink *rotate_sink(struct rotate *r)
{
	return &r->sink;
}

bool rotate_begin(struct rotate *r, struct err *err)
{
	int64_t wall = r->options.wall_ns(), steady = r->options.steady_ns();

	rotate_time_begin(&r->time, wall, steady);
	if (r->options.sync_ns)
		r->next_sync = steady + r->options.sync_ns;
	if (!next_file(r, wall, err))
		return false;
	last_file(r);
	return true;
}

/* Begin another file outside of packets(), or end. */
static void turn(struct rotate *r, int64_t start_ns)
{
	if (is_last(r)) {
		r->over = true;
		return;
	}
	if (!next_file(r, start_ns, &r->err))
		r->over = r->failed = true;
	last_file(r);
}

void rotate_now(struct rotate *r)
{
	r->asked = r->busy;
	if (r->file && !r->over && !r->busy)
		turn(r, r->options.wall_ns());
}

/* Is there room again? Then write. */
static void try_again(struct rotate *r, int64_t steady_ns)
{
	const char *name = r->about.name;
	uint64_t unwritten = r->unwritten;

	r->next_try = steady_ns + NS_PER_S;
	if (outfile_room(name) < ROOM_ENOUGH)
		return;
	r->next_try = INT64_MAX;
	turn(r, r->options.wall_ns());
	if (r->file)
		log_warn("%s: there is room again: %" PRIu64
			 " packets were not written",
			 r->about.name, unwritten);
}

static void sync_now(struct rotate *r, int64_t steady_ns)
{
	r->next_sync = steady_ns + r->options.sync_ns;
	if (!r->file || savefile_sync(r->file, &r->err) || survives(r))
		return;
	r->over = r->failed = true;
}

int64_t rotate_tick(struct rotate *r, int64_t steady_ns)
{
	int64_t next;

	if (r->over || r->busy)
		return INT64_MAX;
	if (r->asked)
		rotate_now(r);
	if (!r->file && steady_ns >= r->next_try)
		try_again(r, steady_ns);
	if (r->file && steady_ns >= r->time.due_ns)
		turn(r, rotate_time_over(&r->time, r->options.wall_ns(),
					 steady_ns));
	if (steady_ns >= r->next_sync)
		sync_now(r, steady_ns);
	next = r->file ? r->time.due_ns : r->next_try;
	return r->next_sync < next ? r->next_sync : next;
}

bool rotate_is_over(const struct rotate *r)
{
	return r->over;
}

void rotate_hurry(struct rotate *r)
{
	savefile_hurry(r->file);
}

void rotate_settle(struct rotate *r)
{
	if (r->file)
		savefile_settle(r->file);
}

uint64_t rotate_size(const struct rotate *r)
{
	return atomic_load(&r->parts.bytes) +
	       (r->file ? savefile_size(r->file) : 0);
}

void rotate_count(struct rotate *r, struct out_end *end)
{
	r->told = end;
}
