/* A capture that keeps the last packets in memory, and writes a file of those
   around each trigger. */
#ifndef CMD_CAPTURE_RING_H
#define CMD_CAPTURE_RING_H

#include "capture/live.h"
#include "cmd/capture_opts.h"
#include "cmd/stats_lines.h"
#include "file/recorder.h"

struct capture_ring;

/*
 * Take the memory and understand the triggers, before packets come. names are
 * those of the n devices; lines: of --stats-json, or NULL. The arguments are
 * borrowed. No threads may run yet.
 * NULL: *err says why.
 */
struct capture_ring *capture_ring_open(const struct capture_conf *conf,
				       char *const *names, size_t n,
				       struct write_queue *queue,
				       struct stats_lines *lines,
				       struct err *err);

/* The devices are open. NULL: *err says why; else the sink for packets, which
   whoever takes it closes, before the ring. */
struct sink *capture_ring_sink(struct capture_ring *, struct live *,
			       struct err *err);

/* Before the sandbox: leave what runs for finished files outside. NULL: there
   is none. */
bool capture_ring_guard(struct capture_ring *, struct err *err);

/* The privileges are dropped: see that files can be made, and start the
   commands that are triggers. */
bool capture_ring_start(struct capture_ring *, struct err *err);

/* Without a ring (NULL) these do nothing. */

/* SIGUSR2 came. false: it is not a trigger. */
bool capture_ring_signal(struct capture_ring *);

/* Do what is due. Returns when there is something to do next (steady clock). */
int64_t capture_ring_tick(struct capture_ring *, int64_t now);

/* A child has ended. */
void capture_ring_reap(struct capture_ring *);

/* What was done so far; NULL without --ring. */
const struct recorder_counts *capture_ring_counts(const struct capture_ring *);

/*
 * After the sink was closed: wait for the commands of --on-file, until a signal
 * says that all is to end. false: triggers were refused, *err says so.
 */
bool capture_ring_finish(struct capture_ring *, struct err *err);

/* Free all, after that or in place of it. */
void capture_ring_close(struct capture_ring *);

#endif
