/* What a capture attends to while it runs: signals, the clock, its readers. */
#include "cmd/capture_run.h"

#include "base/num.h"
#include "cmd/capture_report.h"
#include "file/create.h"
#include "os/clock.h"
#include "os/signals.h"

#define STATUS_INTERVAL (NS_PER_S / 2)

/* How often a service manager gets the status. */
#define NOTIFY_INTERVAL (5 * NS_PER_S)

static void end_soon(struct run *run)
{
	if (!live_ending(run->live))
		notify_send(&run->notify, "STOPPING=1");
	source_stop(live_source(run->live));
	write_queue_end(run->queue);
	stats_lines_end(run->stats.lines);
}

bool capture_run_selects(const struct run *run)
{
	return capture_selects(&run->select);
}

static void summarize(const struct run *run, struct capture_summary *c)
{
	*c = (struct capture_summary){
	    .live = run->live,
	    .written = run->written.packets,
	    .waits = write_queue_waits(run->queue),
	    .matched = capture_run_selects(run) ? &run->matched : NULL,
	    .ring = capture_ring_counts(run->ring),
	    .served = capture_serve_counts(run->serve),
	    .bytes = run->bytes,
	    .begun_ns = run->begun_ns,
	    .over_ns = clock_wall_ns(),
	};
}

void capture_run_report(const struct run *run)
{
	struct capture_summary c;

	summarize(run, &c);
	capture_report_summary(&c);
}

int capture_run_summary(const struct run *run, int status)
{
	struct capture_summary c;

	if (run->json < 0 || !run->live)
		return status;
	summarize(run, &c);
	c.status = status;
	return capture_report_json(&c, run->json, run->conf->json_summary);
}

struct capture_counted capture_run_counted(const struct run *run)
{
	return (struct capture_counted){
	    .live = run->live,
	    .matched = capture_run_selects(run) ? &run->matched : NULL,
	    .queue = run->queue,
	    .ring = capture_ring_counts(run->ring),
	};
}

/* Everything so far to its reader. */
static void flush_soon(struct run *run)
{
	savefile_hurry(run->savefile);
	rotation_hurry(run->rotation);
	live_flush(run->live);
}

/* A new file, a new filter, or both; else the end. */
static void take_hangup(struct run *run)
{
	const bool rotates = rotation_hangup(run->rotation);
	const bool reloads = reload_hangup(run->reload);

	if (!rotates && !reloads)
		end_soon(run);
}

static void take_signals(struct run *run)
{
	unsigned events = signals_take();

	if (events & SIGNALS_REPORT)
		capture_run_report(run);
	if (events & SIGNALS_FLUSH && !capture_ring_signal(run->ring))
		flush_soon(run);
	if (events & SIGNALS_HANGUP)
		take_hangup(run);
	if (events & SIGNALS_END)
		end_soon(run);
	if (events & SIGNALS_CHILD) {
		rotation_reap(run->rotation);
		capture_ring_reap(run->ring);
	}
	if (events & SIGNALS_CHILD &&
	    child_ended(&run->child, &run->child_status))
		end_soon(run);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* For a service manager. */
static int64_t tell_manager(struct run *run, int64_t now)
{
	if (!notify_wanted(&run->notify))
		return INT64_MAX;
	if (run->meter && now >= run->next_told) {
		capture_report_notify(run->live, &run->notify);
		run->next_told = now + NOTIFY_INTERVAL;
	}
	return earlier(notify_tick(&run->notify, now), run->next_told);
}

int64_t capture_run_tick(void *arg, int64_t now)
{
	struct run *run = arg;
	const struct capture_counted of = capture_run_counted(run);
	bool over = now >= run->deadline;
	int64_t next;

	take_signals(run);
	next = earlier(rotation_tick(run->rotation, now, &over), run->deadline);
	next = earlier(reload_tick(run->reload, now), next);
	next = earlier(capture_ring_tick(run->ring, now), next);
	next = earlier(tell_manager(run, now), next);
	next = earlier(capture_stats_tick(&run->stats, &of, now), next);
	if (over || live_ending(run->live))
		end_soon(run);
	if (write_queue_alarmed(run->queue))
		flush_soon(run);
	if (run->status_line && run->meter && now >= run->next_status) {
		capture_report_status(run->live, run->meter->packets,
				      run->meter->bytes,
				      capture_run_selects(run), now);
		run->next_status = now + STATUS_INTERVAL;
	}
	return run->status_line ? earlier(run->next_status, next) : next;
}

bool capture_run_ending(void *arg)
{
	return live_ending(((const struct run *)arg)->live);
}
