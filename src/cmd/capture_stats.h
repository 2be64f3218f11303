/* The counters of a capture at intervals: --stats-interval. */
#ifndef CMD_CAPTURE_STATS_H
#define CMD_CAPTURE_STATS_H

#include "cmd/capture_meter.h"
#include "cmd/rotation_opts.h"
#include "cmd/stats_lines.h"
#include "file/recorder.h"
#include "os/write_queue.h"

struct capture_stats {
	struct stats_lines *lines;
	int64_t interval; /* nanoseconds; 0: no lines */
	int64_t start, next;
	uint64_t left_out; /* lines */
};

/* What is counted; the last three may be NULL. */
struct capture_counted {
	struct live *live;
	const struct matched *matched;
	struct write_queue *queue;
	const struct recorder_counts *ring;
};

/* Open what --stats-json names, also for others' lines; force: a file may be
   replaced. false: *err says why. */
bool capture_stats_open(struct capture_stats *,
			const struct rotation_conf *conf, bool force,
			struct err *err);

/* Write a line if it is time. Returns when the next one is due (steady clock;
   INT64_MAX: never). */
int64_t capture_stats_tick(struct capture_stats *,
			   const struct capture_counted *, int64_t now);

/* Write the last line (of: NULL: none), and close. false: something could not
   be written, *err says what. */
bool capture_stats_close(struct capture_stats *, const struct capture_counted *,
			 struct err *err);

#endif
