/* What is done with each finished file of a capture. */
#include "cmd/finished.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/num.h"
#include "os/blocking.h"
#include "os/commands.h"
#include "os/outfile.h"
#include "os/signals.h"
#include "os/thread.h"

struct finished {
	const struct rotation_conf *conf;
	struct commands *commands; /* NULL: none is to be run */
	struct monitor monitor;	   /* guards the commands */
	int json;		   /* descriptor of --stats-json; -1: none */
	bool failed;		   /* to write there; and why */
	struct err err;
};

/* ---- telling of them ---- */

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
	if (f->triggers) {
		put_time(s, "trigger", true, f->trigger_ns);
		put_count(s, "triggers", f->triggers);
		put_count(s, "refused", f->refused);
	}
	str_puts(s, "}\n");
}

/* Write the line about a file to --stats-json. */
static void announce(struct finished *r, const struct rotate_file *f)
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

void finished_tell(struct finished *r, const struct rotate_file *f)
{
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
static bool open_json(struct finished *r, bool force, struct err *err)
{
	const struct outfile_how how = {.force = force};
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

static bool open_commands(struct finished *r, struct err *err)
{
	const struct rotation_conf *c = r->conf;
	const bool shell = c->on_file_shell;

	if (!c->on_file && !shell)
		return true;
	r->commands = commands_open(shell ? c->on_file_shell : c->on_file,
				    shell, (unsigned)c->on_file_jobs, err);
	return r->commands;
}

struct finished *finished_open(const struct rotation_conf *conf, bool force,
			       struct err *err)
{
	struct finished *r = calloc(1, sizeof(*r));

	if (!r) {
		err_nomem(err, "finished files");
		return NULL;
	}
	r->conf = conf;
	r->json = -1;
	monitor_init(&r->monitor);
	if (open_json(r, force, err) && open_commands(r, err))
		return r;
	finished_close(r, NULL);
	return NULL;
}

/* ---- commands, and the end ---- */

void finished_reap(struct finished *r)
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

bool finished_close(struct finished *r, struct err *err)
{
	bool good;

	if (!r)
		return true;
	if (r->commands)
		wait_for_commands(r->commands);
	commands_close(r->commands);
	outfile_close(r->json);
	good = !r->failed || err_copy(err, &r->err);
	monitor_fini(&r->monitor);
	free(r);
	return good;
}
