/* The threads of a capture: the loop's own, and the writer. */
#ifndef CMD_CAPTURE_THREADS_H
#define CMD_CAPTURE_THREADS_H

#include "cmd/capture_opts.h"
#include "os/write_queue.h"

/* Raise the priority of the calling thread as --priority says, which needs
   rights. It is a warning if it is refused. */
void capture_threads_raise(const struct capture_conf *conf);

/* Start the writer (queue may be NULL), and bind it and the caller to the
   processors of --cpu. false: *err says why. */
bool capture_threads_start(const struct capture_conf *conf,
			   struct write_queue *queue, struct err *err);

#endif
