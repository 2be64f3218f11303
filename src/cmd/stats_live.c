/* stats -i: owns the run that counts live packets, an interval at a time. */
#include "cmd/stats_live.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "capture/devices.h"
#include "capture/live.h"
#include "capture/socket.h"
#include "cmd/expr_text.h"
#include "cmd/message.h"
#include "cmd/selection.h"
#include "cmd/stats_overview.h"
#include "cmd/stats_sink.h"
#include "os/blocking.h"
#include "os/clock.h"
#include "os/keys.h"
#include "os/sandbox.h"
#include "os/sandbox_ids.h"
#include "os/signals.h"
#include "os/term.h"
#include "os/user.h"
#include "output/screen.h"

/* What the kernel may gather before it hands packets over, in ms. */
#define GATHER_MS 100

/* How often keys are looked at, in ns. */
#define KEY_NS (100 * NS_PER_MS)

/* Bytes of the buffer in the kernel, for each interface. */
#define BUFFER (UINT64_C(16) << 20)

struct run {
	const struct stats_conf *conf;
	const struct stats_show *show;
	struct stats_options options;
	struct select_conf select; /* what the kernel does not select */
	struct selection selection;
	struct stats_counters counters;
	struct str filter;
	struct live_device *devices;
	char **names; /* what options.device points to */
	size_t n;
	struct live *live;
	struct stats *now, *total;
	struct sink *sink;
	struct counters *before; /* at the start of the interval, by device */
	int64_t begun, next, deadline;
	bool screen, failed;
	struct blocking blocking;
};

/* ---- an interval -------------------------------------------------------- */

static uint64_t since(uint64_t now, uint64_t before)
{
	return now == COUNT_UNKNOWN || before == COUNT_UNKNOWN ? COUNT_UNKNOWN
							       : now - before;
}

static void put_json_count(struct str *out, const char *key, uint64_t n)
{
	if (n == COUNT_UNKNOWN)
		str_printf(out, ", \"%s\": null", key);
	else
		str_printf(out, ", \"%s\": %" PRIu64, key, n);
}

static void put_text_count(struct str *out, uint64_t n, const char *what)
{
	if (n == COUNT_UNKNOWN)
		str_printf(out, ", unknown %s", what);
	else
		str_printf(out, ", %" PRIu64 " %s", n, what);
}

/* What the kernel counted on each interface since then (NULL: in all). */
static void put_counters(struct run *run, const struct counters *before,
			 struct str *out, bool json)
{
	static const struct counters none;
	const struct handle *h;
	struct counters c;
	uint64_t left;
	size_t i;

	for (i = 0; (h = live_handle(run->live, i)); i++) {
		const struct counters *b = before ? &before[i] : &none;

		live_counters(run->live, i, &c, &left);
		c.received = since(c.received, b->received);
		c.dropped = since(c.dropped, b->dropped);
		c.ifdropped = since(c.ifdropped, b->ifdropped);
		if (json) {
			str_puts(out, i ? ", {\"name\": " : "{\"name\": ");
			str_json_text(out, h->options.device);
			put_json_count(out, "received", c.received);
			put_json_count(out, "dropped", c.dropped);
			put_json_count(out, "ifdropped", c.ifdropped);
			str_putc(out, '}');
			continue;
		}
		str_foreign(out, h->options.device, strlen(h->options.device));
		put_text_count(out, c.received, "received");
		put_text_count(out, c.dropped, "dropped by the kernel");
		put_text_count(out, c.ifdropped, "dropped by the interface");
		str_putc(out, '\n');
	}
}

static bool keep_all(struct str *out)
{
	(void)out;
	return true;
}

/* A line: when, how long, the interfaces, the reports. */
static bool put_json(struct run *run, const char *key, const struct stats *of,
		     const struct counters *before, double seconds,
		     struct str *out)
{
	struct stats_show show = *run->show;
	int64_t wall = clock_wall_ns();

	show.form = ROWS_JSON;
	show.compact = true;
	str_printf(out,
		   "{\"%s\": %" PRId64 ".%09" PRId64
		   ", \"seconds\": %.3f, \"interfaces\": [",
		   key, wall / NS_PER_S, wall % NS_PER_S, seconds);
	put_counters(run, before, out, true);
	str_puts(out, "], \"reports\": ");
	if (!stats_show(&show, of, out, keep_all))
		return false;
	if (out->len && out->text[out->len - 1] == '\n')
		out->len--;
	str_puts(out, "}\n");
	return true;
}

/* The screen: interfaces, then the reports of the interval. */
static bool put_screen(struct run *run, double seconds, struct str *out)
{
	struct stats_show show = *run->show;
	struct str text = STR_INIT;
	bool good;

	if (run->conf->top < 0)
		show.top = 5;
	stats_show_terminal(&show); /* it may have another size by now */
	str_printf(&text, "%.0f s, the last %.1f s of them below (q: quit)\n",
		   (double)(clock_monotonic_ns() - run->begun) / NS_PER_S,
		   seconds);
	put_counters(run, run->before, &text, false);
	str_putc(&text, '\n');
	/* how it was until now, then what it is now */
	good = !show.overview || stats_overview_rate(run->total, &show, &text);
	str_putc(&text, '\n');
	good = good && stats_show(&show, run->now, &text, keep_all);
	screen_draw(out, str_text(&text), term_rows(), term_columns());
	str_fini(&text);
	return good;
}

static void remember_counters(struct run *run)
{
	uint64_t left;
	size_t i;

	for (i = 0; i < run->n; i++)
		live_counters(run->live, i, &run->before[i], &left);
}

/* Show the interval and begin the next one. false: the output failed. */
static bool end_interval(struct run *run, int64_t now)
{
	double seconds =
	    (double)(now - (run->next - run->options.interval)) / NS_PER_S;
	struct str out = STR_INIT;
	bool good;

	stats_over(run->now, (int64_t)(seconds * NS_PER_S));
	if (!run->screen)
		good =
		    put_json(run, "time", run->now, run->before, seconds, &out);
	else
		good = put_screen(run, seconds, &out);
	good = good && !out.failed && message_out(&out);
	str_fini(&out);
	stats_add(run->total, run->now);
	remember_counters(run);
	return good;
}

static bool is_quit(int key)
{
	return key == 'q' || key == 'Q';
}

static int64_t on_tick(void *arg, int64_t now)
{
	struct run *run = arg;
	int64_t next;

	if (now >= run->next && !run->failed) {
		run->failed = !end_interval(run, now);
		/* where the machine was busy for long, intervals are left out
		 */
		while (run->next <= now)
			run->next += run->options.interval;
	}
	if (signals_take() & (SIGNALS_END | SIGNALS_HANGUP) ||
	    now >= run->deadline || run->failed ||
	    (run->screen && is_quit(keys_get())))
		source_stop(live_source(run->live));
	next = run->next < run->deadline ? run->next : run->deadline;
	return run->screen && next > now + KEY_NS ? now + KEY_NS : next;
}

/* What of that is left to do while standard output takes nothing. */
static int64_t on_blocked(void *arg, int64_t now)
{
	struct run *run = arg;

	if (signals_take() & (SIGNALS_END | SIGNALS_HANGUP) ||
	    now >= run->deadline)
		source_stop(live_source(run->live));
	return run->deadline;
}

static bool is_ending(void *arg)
{
	return live_ending(((const struct run *)arg)->live);
}

/* ---- opening ------------------------------------------------------------ */

/* Let the kernel judge by the expressions, as far as that is the same. */
static bool take_filter(struct run *run, const struct args *args,
			struct err *err)
{
	struct str words = STR_INIT, file = STR_INIT;
	bool good = true;

	run->select = run->conf->select;
	expr_text_words(&words, args->operands, args->n);
	if (run->select.whole_flows) {
		good = err_set(err, ERR_USAGE,
			       "--whole-flows needs the end of the packets, "
			       "which interfaces do not have");
	} else if (run->select.invert) {
		good = selection_init(&run->selection, &run->select,
				      str_text(&words), NULL, err);
	} else {
		if (run->select.expr)
			expr_text_and(&run->filter, run->select.expr);
		if (run->select.expr_file) {
			good =
			    expr_text_file(&file, run->select.expr_file, err);
			expr_text_and(&run->filter, str_text(&file));
		}
		expr_text_and(&run->filter, str_text(&words));
		run->select.expr = run->select.expr_file = NULL;
		good = good && selection_init(&run->selection, &run->select,
					      NULL, NULL, err);
	}
	if (good && (words.failed || run->filter.failed))
		good = err_nomem(err, "expression");
	str_fini(&words);
	str_fini(&file);
	return good;
}

static bool plan_devices(struct run *run, struct err *err)
{
	const struct stats_conf *conf = run->conf;
	size_t i;

	run->n = conf->live.n;
	run->devices = calloc(run->n, sizeof(*run->devices));
	run->names = calloc(run->n, sizeof(*run->names));
	run->before = calloc(run->n, sizeof(*run->before));
	if (!run->devices || !run->names || !run->before)
		return err_nomem(err, "interfaces");
	for (i = 0; i < run->n; i++) {
		if (!device_resolve(conf->live.item[i], &run->names[i], err))
			return false;
		run->devices[i].options = (struct handle_options){
		    .device = run->names[i],
		    .filter = run->filter.len ? run->filter.text : NULL,
		    .no_promiscuous = conf->no_promiscuous,
		    .no_optimize = conf->select.unoptimized,
		    .buffer = BUFFER,
		    .timeout_ms = GATHER_MS,
		};
	}
	return true;
}

static bool open_states(struct run *run, struct err *err)
{
	struct sink *sink;

	run->now = stats_open(&run->options, err);
	run->total = run->now ? stats_open(&run->options, err) : NULL;
	if (run->total)
		stats_notes(run->total);
	if (!run->total || !stats_show_check(run->show, run->total, err))
		return false;
	sink = stats_sink_open(run->now, &run->counters,
			       !run->conf->select.unoptimized, err);
	run->sink =
	    sink ? selection_open(&run->selection, SELECT_ONCE, NULL, sink, err)
		 : NULL;
	return run->sink != NULL;
}

static bool give_up_rights(struct err *err)
{
	struct user user;

	if (sandbox_ahead())
		sandbox_drop_bounds();
	if (user_from_sudo(&user) && !user_become(&user, err))
		return false;
	return user_drop_capabilities(err);
}

static bool prepare(struct run *run, const struct args *args, struct err *err)
{
	struct live_options options = {.tick = on_tick, .arg = run};
	size_t i;

	if (!stats_counters_open(&run->counters, &run->options,
				 &run->conf->select, err))
		return false;
	if (!take_filter(run, args, err) || !plan_devices(run, err) ||
	    !signals_catch(err))
		return false;
	options.wake_fd = signals_fd();
	run->live = live_open(run->devices, run->n, &options, err);
	if (!run->live)
		return false;
	live_watch(run->live, STDOUT_FILENO);
	run->blocking = (struct blocking){.wake_fd = signals_fd(),
					  .tick = on_blocked,
					  .ending = is_ending,
					  .arg = run};
	blocking_watch(&run->blocking);
	if (!open_states(run, err) || !give_up_rights(err))
		return false;
	for (i = 0; i < run->n; i++)
		device_allow(run->names[i]);
	return sandbox_enter(err);
}

/* ---- the run ------------------------------------------------------------ */

static void begin(struct run *run)
{
	struct str out = STR_INIT;

	run->begun = clock_monotonic_ns();
	run->next = run->begun + run->options.interval;
	run->deadline =
	    run->conf->duration ? run->begun + run->conf->duration : INT64_MAX;
	if (run->screen) {
		keys_open();
		screen_begin(&out);
		message_out(&out);
	}
	str_fini(&out);
}

/* The totals, as those of files; of JSON they are the last line. */
static int end(struct run *run)
{
	int64_t now = clock_monotonic_ns();
	struct str out = STR_INIT;
	int status = 0;

	stats_add(run->total, run->now);
	stats_over(run->total, now - run->begun);
	if (run->screen) {
		keys_close();
		screen_end(&out);
		put_counters(run, NULL, &out, false);
		str_putc(&out, '\n');
	} else if (!put_json(run, "end", run->total, NULL,
			     (double)(now - run->begun) / NS_PER_S, &out)) {
		out.failed = true;
	}
	if (out.failed)
		status = ERR_OUTPUT;
	else if (!message_out(&out))
		status = report_out_status();
	str_fini(&out);
	if (run->screen && !status)
		status = stats_print(run->show, run->total);
	else if (!status)
		stats_tell(run->total);
	return status;
}

static void cleanup(struct run *run)
{
	size_t i;

	blocking_watch(NULL);
	signals_restore();
	keys_close();
	if (run->live)
		source_close(live_source(run->live));
	selection_fini(&run->selection);
	stats_counters_close(&run->counters);
	stats_close(run->now);
	stats_close(run->total);
	for (i = 0; run->names && i < run->n; i++)
		free(run->names[i]);
	free(run->names);
	free(run->devices);
	free(run->before);
	str_fini(&run->filter);
}

int stats_live(const struct stats_conf *conf,
	       const struct stats_options *options,
	       const struct stats_show *show, const struct args *args)
{
	struct run run = {
	    .conf = conf,
	    .show = show,
	    .options = *options,
	    .filter = STR_INIT,
	    .screen = term_stdout() && show->form == ROWS_TEXT,
	};
	struct err err;
	bool good;
	int status = 0, ended;

	/* packets are counted where they lie, before the next tick */
	run.options.jobs = 1;
	if (!run.options.interval)
		run.options.interval = NS_PER_S;
	if (!prepare(&run, args, &err)) {
		status = message_err(&err);
		sink_close(run.sink, NULL);
	} else {
		begin(&run);
		good = source_run(live_source(run.live), run.sink, &err);
		if (!sink_close(run.sink, good ? &err : NULL))
			good = false;
		ended = run.failed ? report_out_status() : end(&run);
		if (!good)
			status = message_err(&err);
		status = ended > status ? ended : status;
		if (live_lost(run.live) && !status)
			status = ERR_OUTPUT;
	}
	cleanup(&run);
	return status;
}
