/* A capture that keeps the last packets in memory. */
#include "cmd/capture_ring.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/num.h"
#include "cmd/capture_trigger.h"
#include "cmd/finished.h"
#include "file/create.h"
#include "os/clock.h"
#include "os/machine.h"
#include "os/signals.h"
#include "os/user.h"

struct capture_ring {
	const struct capture_conf *conf;
	struct write_queue *queue;
	struct live *live; /* NULL: not yet, or not any more */
	struct str iface;  /* %i in names */
	struct triggers *triggers;
	struct finished *finished;
	struct recorder *recorder;
	bool taken; /* its sink, which is closed by another one */
	bool some;  /* files were opened: by the thread */
	struct recorder_counts counts;
};

/* ---- what the recorder asks for ---- */

static const struct format *format_of(const struct savefile_conf *conf)
{
	return conf->format < 0 ? savefile_format(conf->path)
				: &formats[conf->format];
}

static struct sink *open_file(void *arg, const char *name, struct err *err)
{
	struct capture_ring *ring = arg;
	struct savefile_conf conf = ring->conf->savefile;

	conf.format = (int)(format_of(&conf) - formats);
	conf.quiet = ring->some || !name;
	if (name) {
		conf.private = user_is_root();
		conf.whole = true;
		conf.sync = ring->conf->rotation.sync != 0;
		ring->some = true;
	} else {
		conf.compress = 0;
	}
	return savefile_conf_create(&conf, name ? name : "/dev/null", err);
}

static uint64_t count_dropped(void *arg)
{
	const struct capture_ring *ring = arg;
	struct counters c;
	uint64_t sum = 0, left;
	bool some = false;
	size_t i;

	for (i = 0; ring->live && live_handle(ring->live, i); i++) {
		live_counters(ring->live, i, &c, &left);
		some |= c.dropped != COUNT_UNKNOWN;
		if (c.dropped != COUNT_UNKNOWN)
			sum += c.dropped;
		if (c.ifdropped != COUNT_UNKNOWN)
			sum += c.ifdropped;
	}
	return some ? sum : COUNT_UNKNOWN;
}

/* Its sink is closed: nothing is asked of it any more. */
static void forget_recorder(void *arg)
{
	((struct capture_ring *)arg)->live = NULL;
}

static void tell_finished(void *arg, const struct rotate_file *f)
{
	finished_tell(((struct capture_ring *)arg)->finished, f);
}

/* ---- opening ---- */

/* Is there so much memory? */
static bool check_memory(uint64_t size, struct err *err)
{
	const uint64_t has = machine_memory_available();
	char ring[32], more[32], left[32];

	if (!has || (size <= has && RECORDER_MEMORY <= has - size))
		return true;
	num_size_text(size, ring, sizeof(ring));
	num_size_text(RECORDER_MEMORY, more, sizeof(more));
	num_size_text(has, left, sizeof(left));
	return err_set(err, ERR_FAULT,
		       "option --ring: %s and %s besides are more than the %s "
		       "of memory that are available",
		       ring, more, left);
}

static int64_t time_before(const struct ring_conf *c)
{
	if (c->before >= 0)
		return c->before;
	return c->duration ? c->duration : INT64_MAX;
}

static bool open_recorder(struct capture_ring *ring, struct err *err)
{
	const struct capture_conf *conf = ring->conf;
	const struct ring_conf *c = &conf->ring;
	const struct recorder_options o = {
	    .name = {.template = conf->savefile.path,
		     .iface = str_text(&ring->iface),
		     .width = rotate_name_width(0)},
	    .format = format_of(&conf->savefile),
	    .size = c->size,
	    .before_ns = time_before(c),
	    .after_ns = c->after > 0 ? c->after : 0,
	    .force = conf->savefile.force,
	    .queue = ring->queue,
	    .open = open_file,
	    .dropped = count_dropped,
	    .finished = tell_finished,
	    .wake = signals_wake,
	    .closed = forget_recorder,
	    .arg = ring,
	    .counts = &ring->counts,
	    .wall_ns = clock_wall_ns,
	    .steady_ns = clock_monotonic_ns,
	};

	if (!rotate_name_check(&o.name, clock_wall_ns(), 0, err))
		return false;
	ring->recorder = recorder_open(&o, err);
	return ring->recorder;
}

struct capture_ring *capture_ring_open(const struct capture_conf *conf,
				       char *const *names, size_t n,
				       struct write_queue *queue,
				       struct stats_lines *lines,
				       struct err *err)
{
	struct capture_ring *ring = calloc(1, sizeof(*ring));
	size_t i;

	if (!ring) {
		err_nomem(err, "the ring");
		return NULL;
	}
	ring->conf = conf;
	ring->queue = queue;
	for (i = 0; i < n; i++)
		str_printf(&ring->iface, "%s%s", i > 0 ? "+" : "", names[i]);
	if (check_memory(conf->ring.size, err))
		ring->triggers = triggers_open(conf, err);
	if (ring->triggers)
		ring->finished = finished_open(&conf->rotation, lines, err);
	if (ring->finished && open_recorder(ring, err))
		return ring;
	capture_ring_close(ring);
	return NULL;
}

struct sink *capture_ring_sink(struct capture_ring *ring, struct live *live,
			       struct err *err)
{
	ring->live = live;
	if (!triggers_add(ring->triggers, ring->recorder, live, err))
		return NULL;
	ring->taken = true;
	return recorder_sink(ring->recorder);
}

bool capture_ring_guard(struct capture_ring *ring, struct err *err)
{
	return !ring ||
	       finished_guard(ring->finished, ring->conf->savefile.path, err);
}

bool capture_ring_start(struct capture_ring *ring, struct err *err)
{
	if (!recorder_try(ring->recorder, err))
		return false;
	ring->some = false;
	return triggers_start(ring->triggers, ring->live, err);
}

/* ---- while it runs ---- */

bool capture_ring_signal(struct capture_ring *ring)
{
	return ring && ring->live && triggers_signal(ring->triggers);
}

int64_t capture_ring_tick(struct capture_ring *ring, int64_t now)
{
	if (!ring || !ring->live)
		return INT64_MAX;
	triggers_tick(ring->triggers);
	return recorder_tick(ring->recorder, now);
}

void capture_ring_reap(struct capture_ring *ring)
{
	if (ring)
		finished_reap(ring->finished);
}

const struct recorder_counts *capture_ring_counts(const struct capture_ring *r)
{
	return r ? &r->counts : NULL;
}

/* ---- the end ---- */

bool capture_ring_finish(struct capture_ring *ring, struct err *err)
{
	if (!ring)
		return true;
	finished_close(ring->finished);
	ring->finished = NULL;
	if (!ring->counts.refused)
		return true;
	return err_set(err, ERR_OUTPUT, "triggers refused: %" PRIu64,
		       ring->counts.refused);
}

void capture_ring_close(struct capture_ring *ring)
{
	if (!ring)
		return;
	if (ring->recorder && !ring->taken)
		sink_close(recorder_sink(ring->recorder), NULL);
	triggers_close(ring->triggers);
	finished_close(ring->finished);
	str_fini(&ring->iface);
	free(ring);
}
