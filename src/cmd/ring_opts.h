/* The options of a capture that keeps the last packets in memory and writes
   those around a trigger. */
#ifndef CMD_RING_OPTS_H
#define CMD_RING_OPTS_H

#include "cmd/opt.h"

/* The size of a ring that is given as a duration alone. */
#define RING_SIZE_DEFAULT (UINT64_C(256) << 20)

/* The argument of --trigger that is a signal, and how a command begins. */
#define TRIGGER_SIGNAL "SIGUSR2"
#define TRIGGER_COMMAND "cmd:"

struct ring_conf {
	uint64_t size;	       /* bytes; 0: no ring */
	int64_t duration;      /* nanoseconds; 0: what fits into it */
	struct texts triggers; /* --trigger */
	struct texts where;    /* --trigger-where */
	int64_t before, after; /* nanoseconds; -1: not given */
};

#define RING_DEFAULTS                                                          \
	{                                                                      \
		.before = -1, .after = -1                                      \
	}

extern const struct opt ring_opts[];

struct capture_conf;

/* Do the options go together? */
bool ring_check(const struct capture_conf *conf, struct err *err);

#endif
