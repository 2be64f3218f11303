/* One file of a recorder. */
#include "file/recording.h"

#include <stdlib.h>

#include "base/log.h"
#include "file/writer.h"

/* Bytes that are written at once: a frame, where they are packed. */
#define PIECE OUT_FRAME

/* ---- in the thread ---- */

/* It cannot be written: nothing is left of it, and the ring is free to go on.
   The first one in a row is reported. */
static void give_up(struct recording *c, const struct err *why)
{
	if (!c->all->failing)
		log_warn("%s%s%s (triggers are refused until a file can be "
			 "written)",
			 why->file, why->file[0] ? ": " : "", why->text);
	c->all->failing = true;
	rotate_names_undo(&c->all->names);
	sink_abandon(c->file);
	c->file = NULL;
	atomic_store(&c->failed, true);
	atomic_store(&c->needed, UINT64_MAX);
	atomic_store(&c->over, true);
}

static bool open_file(struct recording *c, struct err *err)
{
	struct recordings *all = c->all;
	const struct recorder_options *o = all->options;

	if (!rotate_names_next(&all->names, &c->name, &o->name, all->number + 1,
			       c->about.trigger_ns, true, o->force, err))
		return false;
	c->file = o->open(o->arg, str_text(&c->name), err);
	if (c->file)
		savefile_count(c->file, &c->written);
	return c->file;
}

/* The next interface that the file does not know yet: false: there is none. */
static bool next_iface(struct recording *c, struct ring_iface *next)
{
	struct recordings *all = c->all;
	bool some;

	monitor_lock(&all->monitor);
	some = c->told < all->n_ifaces;
	if (some)
		*next = all->ifaces[c->told];
	monitor_unlock(&all->monitor);
	return some;
}

/* Tell the file of the interfaces that packets from here on may be of. Sets
 *until to where there may be another one. */
static bool tell_ifaces(struct recording *c, uint64_t *until, struct err *err)
{
	struct ring_iface next;
	bool some = false;

	*until = UINT64_MAX;
	while (next_iface(c, &next)) {
		if (next.at > c->place.at) {
			*until = next.at;
			break;
		}
		if (!sink_iface(c->file, next.iface, err))
			return false;
		c->told++;
		some = true;
	}
	return !some || sink_flush(c->file, err);
}

/* Up to where is to be written what there is now? In this order: an end that
   is set later is not before this head. */
static uint64_t limit_of(const struct recording *c)
{
	const uint64_t head = memory_ring_head(c->all->ring);
	const uint64_t end = atomic_load(&c->end);

	return head < end ? head : end;
}

/* Write what there is. false: it failed. */
static bool copy(struct recording *c, struct err *err)
{
	struct out *out = &((struct writer *)c->file)->out;
	uint64_t until, to, limit;
	const uint8_t *bytes;
	size_t n;

	for (;;) {
		/* in this order: of what is there, all interfaces are known */
		limit = limit_of(c);
		if (!tell_ifaces(c, &until, err))
			return false;
		to = limit < until ? limit : until;
		bytes = memory_ring_run(c->all->ring, &c->place, to, PIECE, &n);
		if (!bytes && (until >= limit || c->place.at < until))
			return true;
		if (bytes && !out_write(out, bytes, n))
			return err_copy(err, &out->err);
		c->place.at += bytes ? n : 0;
		atomic_store(&c->needed, c->place.at);
	}
}

static bool close_file(struct recording *c, struct err *err)
{
	struct recordings *all = c->all;
	const struct recorder_options *o = all->options;
	struct sink *file = c->file;

	((struct writer *)file)->out.packets = c->about.packets;
	c->file = NULL;
	if (!sink_close(file, err))
		return false;
	all->failing = false;
	c->about.name = str_text(&c->name);
	c->about.number = ++all->number;
	c->about.bytes = c->written.bytes;
	o->finished(o->arg, &c->about);
	atomic_store(&c->needed, UINT64_MAX);
	atomic_store(&c->over, true);
	return true;
}

/* Write what there is, and close the file if that is all. */
static bool write_some(struct recording *c, struct err *err)
{
	uint64_t end = atomic_load(&c->end);

	if (!c->file && !open_file(c, err))
		return false;
	if (!copy(c, err))
		return false;
	if (end == RECORDING_OPEN ||
	    !atomic_compare_exchange_strong(&c->end, &end, RECORDING_CLOSED))
		return true;
	return close_file(c, err);
}

static void work(void *arg)
{
	struct recording *c = arg;
	struct err err;

	atomic_store(&c->waits, false);
	if (!atomic_load(&c->over) && !write_some(c, &err))
		give_up(c, &err);
	/* from now on it may be freed */
	atomic_fetch_add(&c->answered, 1);
}

/* ---- in the loop ---- */

struct recording *recording_new(struct recordings *all,
				const struct ring_place *from, struct err *err)
{
	struct recording *c = calloc(1, sizeof(*c));

	if (!c) {
		err_nomem(err, "a file");
		return NULL;
	}
	c->all = all;
	c->place = *from;
	c->begin = from->number;
	atomic_init(&c->end, RECORDING_OPEN);
	atomic_init(&c->needed, from->at);
	return c;
}

void recording_go_on(struct recording *c)
{
	struct write_queue *queue = c->all->options->queue;

	c->asked_at = memory_ring_head(c->all->ring);
	if (atomic_exchange(&c->waits, true))
		return;
	c->asked++;
	if (queue && write_queue_call(queue, work, c))
		return;
	if (queue)
		write_queue_settle(queue);
	work(c);
}

void recording_end(struct recording *c)
{
	atomic_store(&c->end, memory_ring_head(c->all->ring));
	recording_go_on(c);
}

bool recording_reopen(struct recording *c)
{
	uint64_t end = atomic_load(&c->end);

	return end < RECORDING_CLOSED &&
	       atomic_compare_exchange_strong(&c->end, &end, RECORDING_OPEN);
}

bool recording_is_done(const struct recording *c)
{
	return atomic_load(&c->over) && atomic_load(&c->answered) == c->asked;
}

void recording_free(struct recording *c)
{
	str_fini(&c->name);
	free(c);
}
