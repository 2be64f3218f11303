/*
 * A run of `capture`: what it has open and what it has counted. capture.c opens
 * and closes it, capture_events.c attends to it while it lasts.
 */
#ifndef CMD_CAPTURE_RUN_H
#define CMD_CAPTURE_RUN_H

#include "capture/live.h"
#include "cmd/capture_meter.h"
#include "cmd/capture_opts.h"
#include "cmd/capture_plan.h"
#include "cmd/capture_reload.h"
#include "cmd/capture_ring.h"
#include "cmd/capture_rotate.h"
#include "cmd/capture_select.h"
#include "cmd/capture_serve.h"
#include "cmd/capture_stats.h"
#include "cmd/capture_stream.h"
#include "os/blocking.h"
#include "os/child.h"
#include "os/notify.h"
#include "os/user.h"
#include "os/write_queue.h"

struct run {
	const struct ctx *ctx;
	const struct capture_conf *conf;
	const struct args *args;
	struct capture_plan plan;
	struct live *live;
	struct capture_streams *streams; /* NULL: none */
	struct capture_serve *serve;	 /* NULL: no readers connect */
	struct capture_select select;
	struct matched matched;
	struct sink *sink;     /* the first one; owns the others */
	struct meter *meter;   /* one of them */
	struct sink *savefile; /* NULL: none; owned by what is above it */
	struct rotation
	    *rotation; /* of savefiles; NULL: there is at most one */
	struct capture_ring *ring; /* NULL: packets are not kept in memory */
	struct reload *reload;	   /* of -F; NULL: nothing is read again */
	struct out_end written;	   /* .packets: UINT64_MAX: all, so far */
	struct write_queue *queue; /* to the savefiles; NULL: none */
	struct capture_stats stats;
	struct user user; /* whom to become */
	bool has_user;
	struct blocking blocking;
	struct child child;
	int child_status;
	bool child_ran;
	bool status_line;
	bool ended_early; /* while an interface was waited for */
	int64_t deadline, next_status;
	struct notify notify; /* whoever started this as a service */
	int64_t next_told;    /* when that gets the status */
	int64_t begun_ns;     /* by the wall clock */
	uint64_t bytes;	      /* delivered, once it is over */
	int json;	      /* descriptor of --json-summary; -1: none */
};

/* Do options select packets here, beside the kernel? */
bool capture_run_selects(const struct run *run);

/* Print the counters. */
void capture_run_report(const struct run *run);

/* Write --json-summary. Returns the status. */
int capture_run_summary(const struct run *run, int status);

/* What the lines of --stats-interval are made of. */
struct capture_counted capture_run_counted(const struct run *run);

/* As live_options.tick: signals, and what is due by now. arg: the run. */
int64_t capture_run_tick(void *arg, int64_t now);

/* Is it to end? arg: the run. */
bool capture_run_ending(void *arg);

#endif
