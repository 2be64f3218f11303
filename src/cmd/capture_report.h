/* What `capture` says on stderr: the status line and the summary. */
#ifndef CMD_CAPTURE_REPORT_H
#define CMD_CAPTURE_REPORT_H

#include "cmd/capture_meter.h"
#include "file/recorder.h"
#include "file/serve.h"
#include "os/notify.h"
#include "os/write_queue.h"

/* A note per device: what is listened on. */
void capture_report_begin(const struct live *live);

/* What a capture has come to. */
struct capture_summary {
	struct live *live;
	uint64_t written; /* packets that are in the savefile; UINT64_MAX: all,
			     or there is none */
	struct write_waits waits;	    /* for the output */
	const struct matched *matched;	    /* NULL: nothing selects */
	const struct recorder_counts *ring; /* NULL: there are no triggers */
	const struct serve_counts *served;  /* NULL: no readers connect */
	/* for capture_report_json() alone */
	uint64_t bytes;		   /* captured, of the packets delivered */
	int64_t begun_ns, over_ns; /* by the wall clock */
	int status;		   /* of the command */
};

/* The counters of all devices, and of each where there are several, in
   lines. */
void capture_report_summary(const struct capture_summary *);

/* The same as a JSON object, a line, to a descriptor of json_line_open().
   Returns the status, or that of not writing it. */
int capture_report_json(const struct capture_summary *, int fd,
			const char *name);

/*
 * The line that is redrawn while the capture runs: packets and bytes so far,
 * their rates since the last call, drops. selected: they are some of those
 * captured. now: steady clock.
 */
void capture_report_status(struct live *live, uint64_t packets, uint64_t bytes,
			   bool selected, int64_t now);

/* The summary of a run that ended before there was an interface to capture
   from. Returns the status. */
int capture_report_nothing(void);

/* The status of a service: what all devices have had so far. */
void capture_report_notify(struct live *live, const struct notify *to);

/* An output that takes nothing was left at the end. Returns the status. */
int capture_report_gave_up(void);

/* Take the status line off the screen for good. */
void capture_report_status_end(void);

#endif
