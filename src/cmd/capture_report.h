/* What `capture` says on stderr: the status line and the summary. */
#ifndef CMD_CAPTURE_REPORT_H
#define CMD_CAPTURE_REPORT_H

#include "cmd/capture_meter.h"

/* A note per device: what is listened on. */
void capture_report_begin(const struct live *live);

/* The counters of all devices, and of each where there are several. written:
   packets that are in the savefile; UINT64_MAX: all, or there is none.
   matched: those that a selection left; NULL: there is none. */
void capture_report_summary(struct live *live, uint64_t written,
			    const struct matched *matched);

/*
 * The line that is redrawn while the capture runs: packets and bytes so far,
 * their rates since the last call, drops. selected: they are some of those
 * captured. now: steady clock.
 */
void capture_report_status(struct live *live, uint64_t packets, uint64_t bytes,
			   bool selected, int64_t now);

/* Take the status line off the screen for good. */
void capture_report_status_end(void);

#endif
