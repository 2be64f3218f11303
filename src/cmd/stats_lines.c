/* Where the lines of --stats-json go: from the writer of the savefiles at once,
   from the capture's loop through a thread, as it must not wait for a reader.
 */
#include "cmd/stats_lines.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/json_line.h"
#include "os/outfile.h"
#include "os/thread.h"
#include "os/write_queue.h"

/* Bytes of lines that may wait for their reader. */
#define WAITING_MAX ((uint64_t)512 << 10)

struct stats_lines {
	const char *name;
	int fd;
	struct monitor monitor; /* a line at a time; guards failed and err */
	bool failed;
	struct err err;
	struct write_queue *queue;  /* for those that are posted; NULL */
	uint64_t posted;	    /* bytes */
	atomic_uint_fast64_t taken; /* of these */
};

/* ---- writing it ---- */

/* Not again once it has failed. */
static void write_lines(struct stats_lines *l, const struct str *lines)
{
	monitor_lock(&l->monitor);
	if (!l->failed)
		l->failed = !json_line_write(l->fd, l->name, lines, &l->err);
	monitor_unlock(&l->monitor);
}

void stats_lines_put(struct stats_lines *l, const struct str *line)
{
	write_lines(l, line);
}

/* In the thread: whole lines. */
static void take(void *arg, const uint8_t *bytes, size_t n)
{
	const struct str lines = {.text = (char *)bytes, .len = n};
	struct stats_lines *l = arg;

	write_lines(l, &lines);
	atomic_fetch_add(&l->taken, n);
}

bool stats_lines_post(struct stats_lines *l, const struct str *line)
{
	size_t cap;
	uint8_t *room;

	if (line->failed ||
	    l->posted - atomic_load(&l->taken) + line->len > WAITING_MAX)
		return false;
	room = write_queue_room(l->queue, take, l, line->len, 0, &cap);
	if (!room)
		return false;
	memcpy(room, line->text, line->len);
	l->posted += line->len;
	write_queue_publish(l->queue, line->len);
	return true;
}

/* ---- its beginning and its end ---- */

struct stats_lines *stats_lines_open(const char *name, bool force, bool posted,
				     struct err *err)
{
	/* a segment is at least 16 KiB, and lines may be alone in theirs */
	const struct write_queue_options options = {.limit = UINT64_MAX};
	struct stats_lines *l = calloc(1, sizeof(*l));

	if (!l) {
		err_nomem(err, "statistics");
		return NULL;
	}
	l->name = name;
	monitor_init(&l->monitor);
	l->fd = json_line_open(name, force, err);
	if (l->fd >= 0 && posted)
		l->queue = write_queue_open(&options, err);
	if (l->fd >= 0 && (l->queue || !posted))
		return l;
	stats_lines_close(l, NULL);
	return NULL;
}

bool stats_lines_start(struct stats_lines *l, struct err *err)
{
	return !l || !l->queue || write_queue_start(l->queue, err);
}

void stats_lines_end(struct stats_lines *l)
{
	if (l)
		write_queue_end(l->queue);
}

bool stats_lines_close(struct stats_lines *l, struct err *err)
{
	bool good;

	if (!l)
		return true;
	write_queue_close(l->queue);
	outfile_close(l->fd);
	good = !l->failed || (err && err_copy(err, &l->err));
	monitor_fini(&l->monitor);
	free(l);
	return good;
}
