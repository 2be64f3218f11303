/* The rotation of a capture's savefiles, and what is done with each finished
   file. */
#include "cmd/capture_rotate.h"

#include <stdlib.h>

#include "cmd/finished.h"
#include "os/clock.h"
#include "os/signals.h"
#include "os/term.h"
#include "os/user.h"

struct rotation {
	const struct rotation_conf *conf;
	const struct savefile_conf *savefile;
	struct rotation_source source;
	struct str iface;     /* %i in names */
	struct rotate *files; /* NULL: they are closed */
	struct finished *finished;
	bool terminal;	  /* standard error was one */
	bool hup_ignored; /* SIGHUP was, as under nohup */
	bool some;	  /* files were opened */
};

/* ---- what the files ask for ---- */

static struct sink *open_file(void *arg, const char *name,
			      bool (*full)(void *arg), void *full_arg,
			      struct err *err)
{
	struct rotation *r = arg;
	struct savefile_conf conf = *r->savefile;

	conf.private = user_is_root();
	conf.whole = conf.salvage = true;
	conf.sync = r->conf->sync != 0;
	conf.prompt = r->source.prompt;
	conf.queue = r->source.queue;
	conf.quiet = r->some;
	r->some = true;
	conf.full = full;
	conf.full_arg = full_arg;
	return savefile_conf_create(&conf, name, err);
}

static bool count_iface(void *arg, uint32_t iface, struct counters *c)
{
	const struct rotation *r = arg;
	uint64_t left;

	if (iface >= r->source.n)
		return false;
	live_counters(r->source.live, iface, c, &left);
	if (r->source.matched)
		c->delivered = matched_of(r->source.matched, iface);
	return true;
}

static void tell_finished(void *arg, const struct rotate_file *f)
{
	finished_tell(((struct rotation *)arg)->finished, f);
}

/* Their sink is closed: nothing is asked of them any more, though another
   output may still be waited for. */
static void forget_files(void *arg)
{
	((struct rotation *)arg)->files = NULL;
}

/* ---- opening ---- */

static void join_names(struct rotation *r)
{
	size_t i;

	for (i = 0; i < r->source.n_names; i++) {
		if (i > 0)
			str_putc(&r->iface, '+');
		str_puts(&r->iface, r->source.names[i]);
	}
}

static uint64_t most_files(const struct rotation_conf *c)
{
	return (uint64_t)(c->keep > c->max_files ? c->keep : c->max_files);
}

static bool open_files(struct rotation *r, struct err *err)
{
	const struct rotation_conf *c = r->conf;
	const struct rotate_options o = {
	    .name = {.template = r->savefile->path,
		     .iface = str_text(&r->iface),
		     .width = rotate_name_width(most_files(c))},
	    .packets = (uint64_t)c->packets,
	    .size = c->size,
	    .period_ns = c->time,
	    .align = c->align,
	    .keep = {.files = (uint64_t)c->keep,
		     .size = c->keep_size,
		     .time_ns = c->keep_time},
	    .max_files = (uint64_t)c->max_files,
	    .sync_ns = c->sync > 0 ? c->sync : 0,
	    .on_full =
		c->on_full < 0 ? ROTATE_STOP : (enum rotate_full)c->on_full,
	    .force = r->savefile->force,
	    .n_ifaces = (uint32_t)r->source.n,
	    .queue = r->source.queue,
	    .open = open_file,
	    .count = count_iface,
	    .finished = tell_finished,
	    .closed = forget_files,
	    .arg = r,
	    .wall_ns = clock_wall_ns,
	    .steady_ns = clock_monotonic_ns,
	};

	if (!rotate_name_check(&o.name, clock_wall_ns(), c->time, err))
		return false;
	r->files = rotate_open(&o, err);
	return r->files;
}

struct rotation *rotation_open(const struct rotation_conf *conf,
			       const struct savefile_conf *savefile,
			       const struct rotation_source *source,
			       struct err *err)
{
	struct rotation *r = calloc(1, sizeof(*r));

	if (!r) {
		err_nomem(err, "rotation");
		return NULL;
	}
	r->conf = conf;
	r->savefile = savefile;
	r->source = *source;
	r->terminal = term_stderr();
	r->hup_ignored = signals_catch_hangup();
	join_names(r);
	r->finished = finished_open(conf, source->lines, err);
	if (r->finished && open_files(r, err))
		return r;
	rotation_close(r);
	return NULL;
}

bool rotation_guard(struct rotation *r, struct err *err)
{
	return !r || finished_guard(r->finished, r->savefile->path, err);
}

struct rotate *rotation_files(struct rotation *r)
{
	return r->files;
}

/* ---- while it runs ---- */

bool rotation_hangup(struct rotation *r)
{
	if (!r || (r->terminal && !term_stderr() && !r->hup_ignored))
		return false;
	if (r->files)
		rotate_now(r->files);
	return true;
}

int64_t rotation_tick(struct rotation *r, int64_t now, bool *over)
{
	int64_t next;

	if (!r || !r->files)
		return INT64_MAX;
	next = rotate_tick(r->files, now);
	*over |= rotate_is_over(r->files);
	return next;
}

void rotation_hurry(struct rotation *r)
{
	if (r && r->files)
		rotate_hurry(r->files);
}

/* ---- the end ---- */

void rotation_reap(struct rotation *r)
{
	if (r)
		finished_reap(r->finished);
}

void rotation_close(struct rotation *r)
{
	if (!r)
		return;
	finished_close(r->finished);
	str_fini(&r->iface);
	free(r);
}
