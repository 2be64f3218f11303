/* Starts the writer of a capture, and places the threads. */
#include "cmd/capture_threads.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"

void capture_threads_raise(const struct capture_conf *conf)
{
	if (conf->priority < 0 ||
	    scheduling_raise((enum scheduling_priority)conf->priority))
		return;
	log_warn("option --priority: %s (the capture goes on without it)",
		 strerror(errno));
}

bool capture_threads_start(const struct capture_conf *conf,
			   struct write_queue *queue, struct err *err)
{
	const struct cpu_list *cpus = &conf->cpus;
	struct cpu_list first = *cpus;

	/* the writer inherits where it may run */
	if (cpus->n && !scheduling_pin(cpus, cpus->n > 1, err))
		return false;
	if (queue && !write_queue_start(queue, err))
		return false;
	first.n = 1;
	return !cpus->n || scheduling_pin(&first, 0, err);
}
