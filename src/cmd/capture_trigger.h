/* What triggers the files of a capture with --ring. */
#ifndef CMD_CAPTURE_TRIGGER_H
#define CMD_CAPTURE_TRIGGER_H

#include "capture/live.h"
#include "cmd/capture_opts.h"
#include "file/recorder.h"

struct triggers;

/*
 * Understand --trigger and --trigger-where: what is wrong there is found before
 * anything is opened. The config is borrowed. No threads may run yet: see
 * expr_compiler_open(). NULL: *err says why.
 */
struct triggers *triggers_open(const struct capture_conf *conf,
			       struct err *err);

/* Make those that are packets triggers of the recorder, which is borrowed and
   closed before them. false: an expression does not suit a device, *err says
   why. */
bool triggers_add(struct triggers *, struct recorder *, const struct live *,
		  struct err *err);

/* Start the commands, with the caller's privileges, and have live listen to
   them, which is borrowed. */
bool triggers_start(struct triggers *, struct live *, struct err *err);

/* SIGUSR2 came. false: it is not a trigger. */
bool triggers_signal(struct triggers *);

/* See what the commands printed, and which have ended; to be called at each
   tick. */
void triggers_tick(struct triggers *);

/* End the commands. NULL: there are none. */
void triggers_close(struct triggers *);

#endif
