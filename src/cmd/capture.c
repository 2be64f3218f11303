/* capture: live packets to savefiles and to the screen. */
#include "cmd/capture_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "capture/socket.h"
#include "cmd/capture_hints.h"
#include "cmd/capture_report.h"
#include "cmd/capture_threads.h"
#include "cmd/json_line.h"
#include "cmd/message.h"
#include "file/create.h"
#include "os/clock.h"
#include "os/machine.h"
#include "os/outfile.h"
#include "os/sandbox.h"
#include "os/sandbox_ids.h"
#include "os/signals.h"
#include "os/term.h"
#include "pkt/refused.h"
#include "pkt/tee.h"

/* ---- outputs ---- */

static struct sink *open_savefile(struct run *run, struct err *err)
{
	struct savefile_conf conf = run->conf->savefile;

	conf.private = user_is_root();
	conf.prompt = run->conf->printing.options.unbuffered;
	conf.queue = run->queue;
	run->savefile = savefile_conf_create(&conf, conf.path, err);
	if (run->savefile && run->has_user &&
	    !savefile_chown(run->savefile, run->user.uid, run->user.gid, err)) {
		sink_close(run->savefile, NULL);
		run->savefile = NULL;
	}
	return run->savefile;
}

/* The rotated savefiles; the first one is not open yet. */
static struct sink *open_rotation(struct run *run, struct err *err)
{
	const struct rotation_source source = {
	    .live = run->live,
	    .matched = capture_run_selects(run) ? &run->matched : NULL,
	    .names = run->plan.names,
	    .n = run->plan.n,
	    .n_names = run->plan.n_names,
	    .queue = run->queue,
	    .lines = run->stats.lines,
	    .prompt = run->conf->printing.options.unbuffered,
	};

	run->rotation = rotation_open(&run->conf->rotation,
				      &run->conf->savefile, &source, err);
	if (!run->rotation)
		return NULL;
	rotate_count(rotation_files(run->rotation), &run->written);
	return rotate_sink(rotation_files(run->rotation));
}

/* The one savefile, watched for its reader. */
static struct sink *open_single(struct run *run, struct err *err)
{
	struct sink *sink = open_savefile(run, err);

	if (!sink)
		return NULL;
	live_watch(run->live, savefile_fd(sink));
	savefile_count(sink, &run->written);
	return sink;
}

/* The way to the savefile, and the ring in front of it. */
static bool open_queue(struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;
	const struct write_queue_options options = {
	    .limit = conf->write_buffer,
	    .wake = signals_wake,
	};

	if (!conf->savefile.path)
		return true;
	run->queue = write_queue_open(&options, err);
	if (!run->queue || !conf->ring.size)
		return run->queue;
	run->ring = capture_ring_open(conf, run->plan.names, run->plan.n_names,
				      run->queue, run->stats.lines, err);
	return run->ring;
}

/* The savefile, readers that connect, the screen, or several of them. */
static struct sink *open_ends(struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;
	struct sink *sink = NULL, *text;

	if (conf->savefile.path) {
		sink = run->ring ? capture_ring_sink(run->ring, run->live, err)
		       : rotation_wanted(&conf->rotation)
			   ? open_rotation(run, err)
			   : open_single(run, err);
		if (!sink)
			return NULL;
	}
	if (run->serve) {
		text = capture_serve_sink(run->serve);
		sink = sink ? tee_open(sink, text, err) : text;
		if (!sink)
			return NULL;
	}
	if (!capture_prints(conf))
		return sink;
	if (sink && capture_run_selects(run)) {
		sink = drop_refused_open(sink, err);
		if (!sink)
			return NULL;
	}
	live_watch(run->live, STDOUT_FILENO);
	text = print_conf_open(&conf->printing, run->ctx, 1, err);
	if (!text) {
		sink_close(sink, NULL);
		return NULL;
	}
	return sink ? tee_open(sink, text, err) : text;
}

static bool open_outputs(struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;

	run->meter = meter_open(open_ends(run, err), err);
	if (!run->meter)
		return false;
	run->meter->max_packets = (uint64_t)conf->count;
	run->meter->max_bytes = conf->max_bytes;
	run->meter->savefile = run->savefile;
	run->meter->files =
	    run->rotation ? rotation_files(run->rotation) : NULL;
	run->sink = &run->meter->stage.sink;
	run->matched.live = run->live;
	if (capture_run_selects(run))
		run->meter->matched = &run->matched;
	run->sink = capture_select_open(&run->select, run->sink, err);
	if (!run->sink)
		run->meter = NULL;
	return run->sink;
}

/* ---- the run from its beginning to its end ---- */

static bool open_summary(struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;

	if (conf->json_summary)
		run->json = json_line_open(conf->json_summary,
					   conf->savefile.force, err);
	return !conf->json_summary || run->json >= 0;
}

static bool give_up_rights(const struct run *run, struct err *err)
{
	if (sandbox_ahead())
		sandbox_drop_bounds();
	if (run->has_user && !user_become(&run->user, err))
		return false;
	return user_drop_capabilities(err);
}

/* Of a device: what will be read, and how it is opened again. */
static void allow_device(const struct run *run, size_t i)
{
	const struct capture_conf *conf = run->conf;
	const struct capture_iface *c =
	    conf->n ? &conf->ifaces[i] : &conf->common;

	if (capture_reloads(conf, c))
		sandbox_may_read_beside(c->filter_file);
	if (c->reopen >= 0)
		sandbox_may_bind();
	device_allow(run->plan.names[i]);
}

/* Leave outside what needs more, say what is still to come, and enter. */
static bool enter_sandbox(const struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;
	size_t i;

	if (!rotation_guard(run->rotation, err) ||
	    !capture_ring_guard(run->ring, err))
		return false;
	if (run->ring || run->rotation)
		savefile_conf_allow(&conf->savefile);
	else if (run->savefile)
		sandbox_may_finish(conf->savefile.path);
	if (run->serve)
		sandbox_may_accept();
	for (i = 0; i < run->plan.n; i++)
		allow_device(run, i);
	return sandbox_enter(err);
}

/* Did a signal come that ends the run? There is nothing to report on yet. */
static bool ends_early(void *arg)
{
	struct run *run = arg;

	run->ended_early = signals_take() & (SIGNALS_END | SIGNALS_HANGUP);
	return run->ended_early;
}

static bool open_live(struct run *run, const struct live_options *options,
		      struct err *err)
{
	struct err why;

	run->live = live_open(run->plan.devices, run->plan.n, options, &why);
	if (run->ended_early)
		return false;
	if (run->live)
		return capture_select_suits(&run->select, run->live, err) &&
		       capture_streams_add(run->streams, run->live, err);
	if (why.kind == ERR_USAGE)
		capture_hint_filters(run->plan.filters, run->plan.n, &why);
	return err_copy(err, &why);
}

static bool open_streams(struct run *run, struct err *err)
{
	size_t i;

	if (!capture_streams_open(&run->streams, run->conf, &run->select,
				  signals_fd(), err))
		return false;
	for (i = 0; i < run->conf->n_streams; i++)
		if (!capture_plan_stream(&run->plan, i,
					 capture_streams_label(run->streams, i),
					 err))
			return false;
	return true;
}

static bool find_user(struct run *run, struct err *err)
{
	if (run->conf->user) {
		run->has_user = true;
		return user_find(run->conf->user, &run->user, err);
	}
	run->has_user = user_from_sudo(&run->user);
	return true;
}

/* All that needs rights, in an order that leaves nothing over in the child
   and nothing to parse before the rights are gone. */
static bool prepare(struct run *run, struct err *err)
{
	const struct capture_conf *conf = run->conf;
	const bool data_on_stdout = capture_takes_stdout(conf);
	struct live_options options = {
	    .tick = capture_run_tick,
	    .arg = run,
	    .prompt = capture_is_prompt(conf),
	    .waiting_ends = ends_early,
	    .order_window_ns = conf->order_window,
	    .fanout = (size_t)conf->fanout,
	};

	notify_open(&run->notify);
	if (!capture_conf_check(conf, err) ||
	    !capture_select_init(&run->select, conf, run->args, err) ||
	    !find_user(run, err) ||
	    !capture_plan_devices(&run->plan, conf, &run->select, run->args,
				  err))
		return false;
	if (run->args->n_rest &&
	    !child_prepare(&run->child, run->args->rest,
			   run->has_user ? &run->user : NULL, data_on_stdout,
			   err))
		return false;
	if (!signals_catch(err))
		return false;
	options.wake_fd = signals_fd();
	if (!capture_stats_open(&run->stats, &conf->rotation,
				conf->savefile.force, err) ||
	    !capture_serve_open(&run->serve, conf, err) ||
	    !open_streams(run, err) || !open_queue(run, err) ||
	    !open_live(run, &options, err) ||
	    !reload_open(&run->reload, &run->select, run->live,
			 run->has_user ? &run->user : NULL, err))
		return false;
	run->deadline =
	    conf->duration ? clock_monotonic_ns() + conf->duration : INT64_MAX;
	run->blocking = (struct blocking){.wake_fd = signals_fd(),
					  .tick = capture_run_tick,
					  .ending = capture_run_ending,
					  .arg = run};
	blocking_watch(&run->blocking);
	capture_threads_raise(conf);
	if (!open_outputs(run, err) || !open_summary(run, err) ||
	    !give_up_rights(run, err))
		return false;
	if (run->ring && !capture_ring_start(run->ring, err))
		return false;
	if (!enter_sandbox(run, err) || !capture_serve_start(run->serve, err))
		return false;
	/* by whom the later files are made and written, too */
	if (!capture_threads_start(conf, run->queue, err) ||
	    !stats_lines_start(run->stats.lines, err))
		return false;
	return !run->rotation ||
	       rotate_begin(rotation_files(run->rotation), err);
}

static bool start(struct run *run, struct err *err)
{
	run->begun_ns = clock_wall_ns();
	capture_report_begin(run->live);
	notify_send(&run->notify, "READY=1");
	run->child_ran = run->child.pid != 0;
	if (run->child_ran && !child_go(&run->child, run->args->rest[0], err))
		return false;
	return true;
}

static void cleanup(struct run *run)
{
	capture_ring_close(run->ring);
	write_queue_close(run->queue);
	capture_stats_close(&run->stats, NULL, NULL);
	child_close(&run->child);
	blocking_watch(NULL);
	signals_restore();
	reload_close(run->reload);
	if (run->live)
		source_close(live_source(run->live));
	capture_streams_close(run->streams);
	capture_serve_close(run->serve);
	outfile_close(run->json);
	notify_close(&run->notify);
	capture_plan_fini(&run->plan);
	matched_fini(&run->matched);
	capture_select_fini(&run->select);
}

/* Run, and say what came of it. Returns the exit status. */
static int run_all(struct run *run)
{
	struct capture_counted of;
	struct err err, later;
	bool good, closed;
	int status = 0;

	if (!prepare(run, &err) || !start(run, &err)) {
		sink_close(run->sink, NULL);
		rotation_close(run->rotation);
		if (run->ended_early)
			return capture_report_nothing();
		status = message_err(&err);
		if (run->live && live_ending(run->live))
			capture_run_report(run);
		return status;
	}
	good = source_run(live_source(run->live), run->sink, &err);
	run->bytes = run->meter->bytes;
	if (!live_ending(run->live))
		notify_send(&run->notify, "STOPPING=1");
	closed = sink_close(run->sink, &later);
	if (run->status_line)
		capture_report_status_end();
	if (!good)
		status = message_err(&err);
	if (!closed && (good || !err_same(&err, &later)))
		status = message_err(&later);
	rotation_close(run->rotation);
	run->rotation = NULL;
	if (!capture_ring_finish(run->ring, &later) && !status)
		status = message_err(&later);
	of = capture_run_counted(run);
	if (!capture_stats_close(&run->stats, &of, &later) && !status)
		status = message_err(&later);
	if ((run->blocking.gave_up || write_queue_gave_up(run->queue)) &&
	    !status)
		status = capture_report_gave_up();
	if (live_lost(run->live) && !status)
		status = ERR_OUTPUT;
	capture_run_report(run);
	if (run->child_ran && !run->child.pid && !status)
		status = run->child_status;
	return status;
}

static int capture_run(const struct ctx *ctx, void *config,
		       const struct args *args)
{
	struct capture_conf *conf = config;
	struct run run = {
	    .ctx = ctx,
	    .json = -1,
	    .notify.fd = -1,
	    .written = {.packets = UINT64_MAX},
	    .conf = conf,
	    .args = args,
	    .status_line = !ctx->quiet && !conf->printing.options.quick &&
			   term_stderr() &&
			   !(capture_prints(conf) && term_stdout()),
	};
	struct err err;
	int status;

	if (!capture_streams_find(conf, args, &err) ||
	    !capture_serve_find(conf, &err))
		return message_usage(&err, "capture");
	conf->printing.macros = conf->select.macros;
	conf->printing.options.interfaces = conf->n > 1;
	conf->select.other_exprs = conf->printing.options.fields;
	status = capture_run_summary(&run, run_all(&run));
	cleanup(&run);
	return status;
}

static const struct example capture_examples[] = {
    {"pcaptool capture -i eth0 -f 'tcp port 443'",
     "Print packets to and from port 443 as they arrive."},
    {"pcaptool capture -i eth0 -i eth1 -w both.pcapng --for 10m",
     "Save ten minutes from two interfaces in one file."},
    {"pcaptool capture -i any -w curl.pcapng -- curl https://example.org",
     "Save the traffic while a command runs."},
    {"pcaptool capture -i eth0 -w f.pcapng --ring 64M --trigger 'port 666'",
     "Keep packets in memory, and save them when one is suspicious."},
    {0},
};

static void capture_operands(const struct operand_at *place, struct str *out)
{
	(void)place;
	opt_values_expression(out);
}

const struct command capture_command = {
    .name = "capture",
    .operands = "[EXPRESSION] [-- COMMAND [ARGUMENTS]]",
    .summary = "live packets to savefiles and to the screen",
    .about = "Capture packets from network interfaces, all of them or those "
	     "that match EXPRESSION (see pcap-filter(7)), until interrupted "
	     "or until COMMAND ends. They are printed, or with -w written to "
	     "a savefile.",
    .groups = capture_groups,
    .defaults = &capture_defaults,
    .conf_size = sizeof(struct capture_conf),
    .wants_rest = true,
    .values = capture_operands,
    .examples = capture_examples,
    .run = capture_run,
    .fini = capture_conf_fini,
};
