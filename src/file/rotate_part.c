/* The files of a rotation that are closed by a thread. */
#include "file/rotate_part.h"

#include <stdlib.h>
#include <string.h>

struct rotate_part *rotate_part_new(struct rotate_parts *all, const char *name,
				    struct err *err)
{
	struct rotate_part *part = calloc(1, sizeof(*part) + strlen(name) + 1);

	if (!part) {
		err_nomem(err, "a file");
		return NULL;
	}
	part->all = all;
	strcpy(part->name, name);
	return part;
}

bool rotate_part_full(void *arg)
{
	struct rotate_part *part = arg;

	atomic_store(&part->full, true);
	return part->all->options->on_full == ROTATE_DROP_OLDEST &&
	       rotate_ring_drop(&part->all->ring);
}

bool rotate_part_may_pause(const struct rotate_part *part)
{
	return part && atomic_load(&part->full) &&
	       part->all->options->on_full == ROTATE_PAUSE;
}

static void fail(struct rotate_parts *all, const struct err *why)
{
	if (atomic_load(&all->failed))
		return;
	all->err = *why;
	atomic_store(&all->failed, true);
	if (all->options->queue)
		write_queue_alarm(all->options->queue);
}

bool rotate_parts_failed(struct rotate_parts *all, struct err *err)
{
	if (!atomic_load_explicit(&all->failed, memory_order_acquire))
		return false;
	err_copy(err, &all->err);
	return true;
}

void rotate_part_closed(void *arg, const struct out_end *end,
			const struct err *why)
{
	struct rotate_part *part = arg;
	struct rotate_parts *all = part->all;
	const struct rotate_options *o = all->options;
	struct rotate_file *f = &part->about;
	struct err err;

	f->packets = end->packets;
	f->bytes = end->bytes;
	f->lost = part->put - end->packets;
	if (why && !rotate_part_may_pause(part))
		fail(all, why);
	atomic_fetch_add(&all->bytes, end->bytes - part->counted);
	if (f->bytes > 0) { /* else the disk had no room for any of it */
		all->sum.packets += f->packets;
		all->sum.bytes += f->bytes;
		o->finished(o->arg, f);
		if (!rotate_ring_add(&all->ring, f->name, f->bytes,
				     o->wall_ns(), &err))
			fail(all, &err);
	}
	free(part);
}

/* In the thread. */
static void trim(void *arg)
{
	struct rotate_parts *all = arg;

	rotate_ring_trim(&all->ring, all->options->wall_ns());
}

void rotate_parts_trim(struct rotate_parts *all)
{
	struct write_queue *queue = all->options->queue;

	/* with no memory for it, the next one does it */
	if (!queue)
		trim(all);
	else
		(void)write_queue_call(queue, trim, all);
}
