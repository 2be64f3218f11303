/* What is done with each finished file of a capture. */
#include "cmd/finished.h"

#include <stdlib.h>

#include "base/log.h"
#include "cmd/json_line.h"
#include "os/commands.h"
#include "os/sandbox.h"
#include "os/signals.h"
#include "os/thread.h"

struct finished {
	const struct rotation_conf *conf;
	struct commands *commands; /* NULL: none is to be run */
	struct monitor monitor;	   /* guards the commands */
	struct stats_lines *lines; /* of --stats-json; NULL: none */
};

/* ---- telling of them ---- */

static void put_line(struct str *s, const struct rotate_file *f)
{
	str_puts(s, "{\"name\":");
	str_json_text(s, f->name);
	json_line_count(s, "number", f->number);
	json_line_count(s, "packets", f->packets);
	json_line_count(s, "bytes", f->bytes);
	json_line_time(s, "first", f->packets > 0, f->first_ns);
	json_line_time(s, "last", f->packets > 0, f->last_ns);
	json_line_count(s, "dropped", f->dropped);
	json_line_count(s, "not_written", f->lost);
	json_line_count(s, "waits", f->waits.times);
	json_line_time(s, "waited", true, f->waits.ns);
	if (f->triggers) {
		json_line_time(s, "trigger", true, f->trigger_ns);
		json_line_count(s, "triggers", f->triggers);
		json_line_count(s, "refused", f->refused);
	}
	str_puts(s, "}\n");
}

static void announce(struct finished *r, const struct rotate_file *f)
{
	struct str line = STR_INIT;

	put_line(&line, f);
	stats_lines_put(r->lines, &line);
	str_fini(&line);
}

void finished_tell(struct finished *r, const struct rotate_file *f)
{
	if (r->lines)
		announce(r, f);
	if (!r->commands)
		return;
	monitor_lock(&r->monitor);
	commands_run(r->commands, f->name);
	monitor_unlock(&r->monitor);
}

/* ---- opening ---- */

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

struct finished *finished_open(const struct rotation_conf *conf,
			       struct stats_lines *lines, struct err *err)
{
	struct finished *r = calloc(1, sizeof(*r));

	if (!r) {
		err_nomem(err, "finished files");
		return NULL;
	}
	r->conf = conf;
	r->lines = lines;
	monitor_init(&r->monitor);
	if (open_commands(r, err))
		return r;
	finished_close(r);
	return NULL;
}

/* ---- commands, and the end ---- */

bool finished_guard(struct finished *r, const char *path, struct err *err)
{
	return !r || !r->commands || !sandbox_ahead() ||
	       commands_serve(r->commands, path, err);
}

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

void finished_close(struct finished *r)
{
	if (!r)
		return;
	if (r->commands)
		wait_for_commands(r->commands);
	commands_close(r->commands);
	monitor_fini(&r->monitor);
	free(r);
}
