/* The rotation of a capture's savefiles, and what is done with each finished
   file. */
#include "cmd/capture_rotate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "os/blocking.h"
#include "os/clock.h"
#include "os/commands.h"
#include "os/outfile.h"
#include "os/signals.h"
#include "os/term.h"
#include "os/thread.h"
#include "os/user.h"

struct rotation {
	const struct rotation_conf *conf;
	const struct savefile_conf *savefile;
	struct rotation_source source;
	struct str iface; /* %i in names */
	struct rotate *files;
	struct commands *commands; /* NULL: none is to be run */
	struct monitor monitor;	   /* guards the commands */
	int json;		   /* descriptor of --stats-json; -1: none */
	bool terminal;		   /* standard error was one */
	bool hup_ignored;	   /* SIGHUP was, as under nohup */
	bool some;		   /* files were opened */
	bool failed;		   /* to write there; and why */
	struct err err;
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

/* ---- telling of finished files ---- */

static void put_time(struct str *s, const char *key, bool some, int64_t ns)
{
	str_printf(s, ",\"%s\":", key);
	if (some)
		str_printf(s, "%" PRId64 ".%09" PRId64, ns / NS_PER_S,
			   ns % NS_PER_S);
	else
		str_puts(s, "null");
}

static void put_count(struct str *s, const char *key, uint64_t n)
{
	str_printf(s, ",\"%s\":", key);
	if (n == COUNT_UNKNOWN)
		str_puts(s, "null");
	else
		str_printf(s, "%" PRIu64, n);
}

static void put_line(struct str *s, const struct rotate_file *f)
{
	str_puts(s, "{\"name\":");
	str_json_text(s, f->name);
	put_count(s, "number", f->number);
	put_count(s, "packets", f->packets);
	put_count(s, "bytes", f->bytes);
	put_time(s, "first", f->packets > 0, f->first_ns);
	put_time(s, "last", f->packets > 0, f->last_ns);
	put_count(s, "dropped", f->dropped);
	put_count(s, "not_written", f->lost);
	put_count(s, "waits", f->waits.times);
	put_time(s, "waited", true, f->waits.ns);
	str_puts(s, "}\n");
}

/* Write the line about a file to --stats-json. */
static void announce(struct rotation *r, const struct rotate_file *f)
{
	struct str line = STR_INIT;
	size_t at = 0;

	put_line(&line, f);
	while (at < line.len) {
		ssize_t n =
		    blocking_write(r->json, line.text + at, line.len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys(&r->err, ERR_OUTPUT, errno, "cannot write");
			err_in_file(&r->err, r->conf->stats_json);
			r->failed = true;
			break;
		}
		at += (size_t)n;
	}
	str_fini(&line);
}

/* In the thread that writes the files. */
static void finished(void *arg, const struct rotate_file *f)
{
	struct rotation *r = arg;

	if (r->json >= 0 && !r->failed)
		announce(r, f);
	if (!r->commands)
		return;
	monitor_lock(&r->monitor);
	commands_run(r->commands, f->name);
	monitor_unlock(&r->monitor);
}

/* ---- opening ---- */

/* The descriptor that lines go to. */
static bool open_json(struct rotation *r, struct err *err)
{
	const struct outfile_how how = {.force = r->savefile->force};
	const char *name = r->conf->stats_json;
	uint64_t n;

	if (!name)
		return true;
	if (strncmp(name, "fd:", 3) != 0) {
		r->json = outfile_open(name, &how, err);
		return r->json >= 0;
	}
	if (!num_u64(name + 3, &n) || n > INT32_MAX)
		return err_set(err, ERR_USAGE, "'%s' is not a descriptor",
			       name);
	r->json = outfile_descriptor((int)n, name, err);
	return r->json >= 0;
}

static bool open_commands(struct rotation *r, struct err *err)
{
	const struct rotation_conf *c = r->conf;
	const bool shell = c->on_file_shell;

	if (!c->on_file && !shell)
		return true;
	r->commands = commands_open(shell ? c->on_file_shell : c->on_file,
				    shell, (unsigned)c->on_file_jobs, err);
	return r->commands;
}

static void join_names(struct rotation *r)
{
	size_t i;

	for (i = 0; i < r->source.n; i++) {
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
	    .finished = finished,
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
	r->json = -1;
	monitor_init(&r->monitor);
	r->terminal = term_stderr();
	r->hup_ignored = signals_catch_hangup();
	join_names(r);
	if (open_json(r, err) && open_commands(r, err) && open_files(r, err))
		return r;
	rotation_close(r, NULL);
	return NULL;
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
	rotate_now(r->files);
	return true;
}

int64_t rotation_tick(struct rotation *r, int64_t now, bool *over)
{
	int64_t next;

	if (!r)
		return INT64_MAX;
	next = rotate_tick(r->files, now);
	*over |= rotate_is_over(r->files);
	return next;
}

void rotation_hurry(struct rotation *r)
{
	if (r)
		rotate_hurry(r->files);
}

/* ---- commands ---- */

void rotation_reap(struct rotation *r)
{
	if (!r || !r->commands)
		return;
	monitor_lock(&r->monitor);
	commands_reap(r->commands);
	monitor_unlock(&r->monitor);
}

/* Wait for the commands that are left. */
static void wait_for_commands(struct commands *commands)
{
	unsigned events;

	while (commands_left(commands) > 0) {
		signals_wait();
		events = signals_take();
		commands_reap(commands);
		if (!(events & SIGNALS_END) || commands_left(commands) == 0)
			continue;
		log_warn("not waiting for %u commands of --on-file that run or "
			 "were still to run",
			 commands_left(commands));
		return;
	}
}

bool rotation_close(struct rotation *r, struct err *err)
{
	bool good;

	if (!r)
		return true;
	if (r->commands)
		wait_for_commands(r->commands);
	commands_close(r->commands);
	outfile_close(r->json);
	good = !r->failed || err_copy(err, &r->err);
	str_fini(&r->iface);
	monitor_fini(&r->monitor);
	free(r);
	return good;
}
