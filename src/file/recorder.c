/* The sink that keeps the last packets, and writes those around a trigger. */
#include "file/recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "file/record_time.h"
#include "file/recording.h"
#include "file/writer.h"

/* How much longer than the packet a record may be. */
#define RECORD_MORE 128

/* Bytes of the ring beyond its size: what may come until the thread has written
   as much. */
#define RING_SLACK (UINT64_C(16) << 20)

/* The loop has the thread look again after so many bytes. */
#define GO_ON_BYTES (UINT64_C(1) << 20)

/* The kernel may gather packets for that long before it hands them over. */
#define GATHERED (100 * NS_PER_MS)

/* And the loop may lag: while packets come, they may be of before. Not for
   ever, as their clock may be another one. */
#define NO_MORE (50 * NS_PER_MS)
#define BEHIND_MAX (10 * NS_PER_S)

/* Files that may be unfinished at a time. */
#define UNFINISHED_MAX 16

#define TRIGGERS_MAX 64

struct recorder {
	struct sink sink;
	struct recorder_options options;
	struct memory_ring *ring;
	struct sink *encoder;
	struct record_times times;
	struct recordings files;
	struct recording *first, **last; /* unfinished, the oldest first */
	struct recording *current;	 /* one that goes on; NULL: none */
	unsigned unfinished;
	/* The current one is over, by the steady clock: to be looked at, and at
	   the latest; and how many packets there were at the last look. */
	int64_t due_ns, latest_ns;
	uint64_t seen;
	int64_t newest_ns; /* the time of the last packet */
	struct selector *triggers[TRIGGERS_MAX];
	size_t n_triggers;
};

/* ---- the ring ---- */

static struct out *encoder_out(const struct recorder *r)
{
	return &((struct writer *)r->encoder)->out;
}

static size_t length_of(const void *arg, const uint8_t *p)
{
	return encoder_out(arg)->record_length(p);
}

static int64_t time_of(const void *arg, const uint8_t *p)
{
	return record_time_ns(&((const struct recorder *)arg)->times, p);
}

/* The first position that a file has yet to read. */
static uint64_t first_unwritten(const void *arg)
{
	const struct recorder *r = arg;
	const struct recording *c;
	uint64_t first = UINT64_MAX, at;

	for (c = r->first; c; c = c->next) {
		at = atomic_load(&c->needed);
		if (at < first)
			first = at;
	}
	return first;
}

/* Encode the packet there. Returns the bytes of its record; 0: it failed. */
static size_t encode(struct recorder *r, const struct pkt *p, uint8_t *to,
		     size_t room)
{
	struct out *out = encoder_out(r);
	uint8_t *own = out->buf;
	const size_t cap = out->cap;
	size_t n;

	out->buf = to;
	out->cap = room;
	out->len = 0;
	n = sink_packets(r->encoder, p, 1) == GO_ON ? out->len : 0;
	out->buf = own;
	out->cap = cap;
	out->len = 0;
	return n;
}

static void put(struct recorder *r, const struct pkt *p)
{
	size_t n = (size_t)p->caplen + RECORD_MORE;
	uint8_t *to;

	if (p->meta)
		n += p->meta->options_len;
	to = p->flags & PKT_LONG ? NULL : memory_ring_room(r->ring, n);
	n = to ? encode(r, p, to, n) : 0;
	if (n == 0) {
		r->options.counts->left_out++;
		return;
	}
	if (r->current && memory_ring_count(r->ring) == r->current->begin)
		r->current->about.first_ns = p->time_ns;
	memory_ring_add(r->ring, n, p->time_ns);
	r->newest_ns = p->time_ns;
}

/* ---- files ---- */

/* Count and forget the files that are finished. */
static void reap(struct recorder *r)
{
	struct recorder_counts *counts = r->options.counts;
	struct recording **at = &r->first, *c;

	while ((c = *at)) {
		/* it has failed: the next trigger is to try another one */
		if (c == r->current && atomic_load(&c->failed))
			r->current = NULL;
		if (c == r->current || !recording_is_done(c)) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		r->unfinished--;
		if (atomic_load(&c->failed))
			counts->refused += c->about.triggers;
		else
			counts->files++;
		recording_free(c);
	}
	r->last = at;
}

static uint64_t less(uint64_t now, uint64_t before)
{
	if (now == COUNT_UNKNOWN || before == COUNT_UNKNOWN)
		return COUNT_UNKNOWN;
	return now > before ? now - before : 0;
}

static uint64_t dropped(const struct recorder *r)
{
	return r->options.dropped(r->options.arg);
}

/* The current file ends with what is in the ring now. */
static void end_current(struct recorder *r)
{
	struct recording *c = r->current;
	struct rotate_file *about = &c->about;

	about->packets = memory_ring_count(r->ring) - c->begin;
	about->last_ns = r->newest_ns;
	about->lost = r->options.counts->left_out - c->left_out;
	about->dropped = less(dropped(r), c->place.note);
	about->refused = r->options.counts->refused;
	r->current = NULL;
	recording_end(c);
}

/* The last file that was begun, if a trigger of that time is to be in it, too:
   it is the current one from now on. NULL: there is none. */
static struct recording *overlapping(struct recorder *r, int64_t from_ns)
{
	struct recording *c;

	if (r->current && from_ns <= r->current->until_ns)
		return r->current;
	if (r->current)
		end_current(r);
	for (c = r->first; c && c->next; c = c->next)
		;
	if (!c || from_ns > c->until_ns || !recording_reopen(c))
		return NULL;
	r->current = c;
	return c;
}

/* Begin a file with the packets from then on. NULL: it is refused. */
static struct recording *begin(struct recorder *r, int64_t from_ns,
			       int64_t trigger_ns)
{
	const struct ring_place place = memory_ring_find(r->ring, from_ns);
	struct recording *c;
	struct err err;

	if (r->unfinished == UNFINISHED_MAX)
		return NULL;
	c = recording_new(&r->files, &place, &err);
	if (!c)
		return NULL;
	c->about.trigger_ns = trigger_ns;
	c->about.first_ns = place.time_ns;
	c->until_ns = INT64_MIN;
	c->left_out = r->options.counts->left_out;
	*r->last = c;
	r->last = &c->next;
	r->unfinished++;
	r->current = c;
	memory_ring_guard(r->ring);
	return c;
}

/* A trigger of that time. */
static void take_trigger(struct recorder *r, int64_t time_ns)
{
	const struct recorder_options *o = &r->options;
	int64_t from, until;
	struct recording *c, *before;

	reap(r);
	before = r->current;
	o->counts->triggers++;
	if (__builtin_sub_overflow(time_ns, o->before_ns, &from))
		from = INT64_MIN;
	if (__builtin_add_overflow(time_ns, o->after_ns, &until))
		until = INT64_MAX;
	c = overlapping(r, from);
	if (!c)
		c = begin(r, from, time_ns);
	if (!c) {
		o->counts->refused++;
		return;
	}
	c->about.triggers++;
	if (until > c->until_ns)
		c->until_ns = until;
	r->due_ns = r->options.steady_ns() + o->after_ns + GATHERED;
	r->latest_ns = r->due_ns + BEHIND_MAX;
	r->seen = UINT64_MAX;
	if (c != before && o->wake)
		o->wake();
	recording_go_on(c);
}

/* ---- the sink ---- */

static bool add_iface(struct recorder *r, const struct iface *iface,
		      struct err *err)
{
	struct recordings *all = &r->files;
	struct ring_iface *more, one = {.at = memory_ring_head(r->ring)};
	bool good = false;

	one.iface = iface_copy(iface, err);
	if (!one.iface)
		return false;
	monitor_lock(&all->monitor);
	more = realloc(all->ifaces, (all->n_ifaces + 1) * sizeof(*more));
	if (more) {
		more[all->n_ifaces++] = one;
		all->ifaces = more;
		good = true;
	}
	monitor_unlock(&all->monitor);
	if (good)
		return record_times_add(&r->times, iface, err);
	free(one.iface);
	return err_nomem(err, "interfaces");
}

static bool recorder_iface(struct sink *s, const struct iface *iface,
			   struct err *err)
{
	struct recorder *r = (struct recorder *)s;
	size_t i;

	for (i = 0; i < r->n_triggers; i++)
		if (!selector_iface(r->triggers[i], iface, err))
			return false;
	return sink_iface(r->encoder, iface, err) &&
	       sink_flush(r->encoder, err) && add_iface(r, iface, err);
}

/* Is the packet a trigger? FAILED: a selector did. */
static enum verdict judge(struct recorder *r, const struct pkt *p, bool *hit)
{
	uint8_t keep;
	size_t i;

	*hit = false;
	for (i = 0; i < r->n_triggers; i++) {
		struct selector *t = r->triggers[i];

		keep = 1;
		if (t->ops->match(t, p, 1, &keep) == FAILED) {
			r->sink.err = t->err;
			return FAILED;
		}
		*hit |= keep != 0;
	}
	return GO_ON;
}

static enum verdict recorder_packets(struct sink *s, const struct pkt *p,
				     size_t n)
{
	struct recorder *r = (struct recorder *)s;
	struct recording *c;
	bool hit;

	for (; n > 0; n--, p++) {
		if (r->current && p->time_ns > r->current->until_ns)
			end_current(r);
		put(r, p);
		if (judge(r, p, &hit) == FAILED)
			return FAILED;
		if (hit)
			take_trigger(r, p->time_ns);
		/* nothing follows: it need not wait for the clock */
		if (hit && r->options.after_ns == 0 && r->current &&
		    r->current->until_ns == p->time_ns)
			end_current(r);
		c = r->current;
		if (c && memory_ring_head(r->ring) - c->asked_at > GO_ON_BYTES)
			recording_go_on(c);
	}
	return GO_ON;
}

static bool recorder_flush(struct sink *s, struct err *err)
{
	struct recorder *r = (struct recorder *)s;

	(void)err;
	memory_ring_note(r->ring, dropped(r));
	if (r->current)
		recording_go_on(r->current);
	reap(r);
	return true;
}

/* All that recorder_open() made. */
static void free_all(struct recorder *r)
{
	size_t i;

	for (i = 0; i < r->n_triggers; i++)
		selector_close(r->triggers[i]);
	for (i = 0; i < r->files.n_ifaces; i++)
		free(r->files.ifaces[i].iface);
	free(r->files.ifaces);
	rotate_names_fini(&r->files.names);
	monitor_fini(&r->files.monitor);
	record_times_fini(&r->times);
	memory_ring_close(r->ring);
	sink_close(r->encoder, NULL);
	free(r);
}

static bool recorder_close(struct sink *s, struct err *err)
{
	struct recorder *r = (struct recorder *)s;

	(void)err;
	if (r->current)
		end_current(r);
	if (r->options.queue)
		write_queue_settle(r->options.queue);
	reap(r);
	if (r->options.closed)
		r->options.closed(r->options.arg);
	free_all(r);
	return true;
}

static const struct sink_ops recorder_ops = {
    .name = "recorder",
    .iface = recorder_iface,
    .packets = recorder_packets,
    .flush = recorder_flush,
    .close = recorder_close,
};

/* ---- from outside ---- */

struct recorder *recorder_open(const struct recorder_options *o,
			       struct err *err)
{
	struct recorder *r = calloc(1, sizeof(*r));
	const struct memory_ring_options ring = {
	    .size = o->size,
	    .slack = RING_SLACK,
	    .length = length_of,
	    .time_ns = time_of,
	    .unwritten = first_unwritten,
	    .arg = r,
	};

	if (!r) {
		err_nomem(err, "the ring");
		return NULL;
	}
	r->sink.ops = &recorder_ops;
	r->options = *o;
	r->last = &r->first;
	r->files.options = &r->options;
	monitor_init(&r->files.monitor);
	record_times_init(&r->times, o->format);
	r->encoder = o->open(o->arg, NULL, err);
	r->ring = r->encoder ? memory_ring_open(&ring, err) : NULL;
	r->files.ring = r->ring;
	if (r->ring)
		return r;
	free_all(r);
	return NULL;
}

bool recorder_try(struct recorder *r, struct err *err)
{
	const struct recorder_options *o = &r->options;
	struct rotate_names names = {0};
	struct str name = STR_INIT;
	struct sink *file = NULL;

	if (rotate_names_next(&names, &name, &o->name, 1, o->wall_ns(), true,
			      o->force, err))
		file = o->open(o->arg, str_text(&name), err);
	sink_abandon(file);
	str_fini(&name);
	rotate_names_fini(&names);
	return file;
}

struct sink *recorder_sink(struct recorder *r)
{
	return &r->sink;
}

bool recorder_add_trigger(struct recorder *r, struct selector *trigger,
			  struct err *err)
{
	if (!trigger)
		return false;
	if (r->n_triggers == TRIGGERS_MAX) {
		selector_close(trigger);
		return err_set(err, ERR_USAGE, "too many triggers");
	}
	r->triggers[r->n_triggers++] = trigger;
	return true;
}

void recorder_trigger(struct recorder *r)
{
	take_trigger(r, r->options.wall_ns());
}

int64_t recorder_tick(struct recorder *r, int64_t steady_ns)
{
	const uint64_t count =
	    memory_ring_count(r->ring) + r->options.counts->left_out;

	if (r->current && steady_ns >= r->due_ns) {
		if (count == r->seen || steady_ns >= r->latest_ns)
			end_current(r);
		r->seen = count;
		r->due_ns = steady_ns + NO_MORE;
	}
	return r->current ? r->due_ns : INT64_MAX;
}
