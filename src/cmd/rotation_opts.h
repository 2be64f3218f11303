/* The options that rotate the savefiles of a capture. */
#ifndef CMD_ROTATION_OPTS_H
#define CMD_ROTATION_OPTS_H

#include "cmd/opt.h"

struct rotation_conf {
	uint64_t size, keep_size;
	int64_t time, packets, keep, max_files, keep_time; /* 0: not given */
	int64_t sync; /* nanoseconds; 0: never, -1: each finished file */
	bool align;
	int on_full;		   /* enum rotate_full; -1: not given */
	const char *on_file;	   /* a command without a shell, or */
	const char *on_file_shell; /* with one */
	int64_t on_file_jobs;
	const char *stats_json;
	int64_t stats_interval; /* nanoseconds; 0: only about files */
};

#define ROTATION_DEFAULTS                                                      \
	{                                                                      \
		.on_full = -1, .on_file_jobs = 4                               \
	}

extern const struct opt rotation_opts[];

/* Are there to be several files? */
bool rotation_wanted(const struct rotation_conf *conf);

/* Do the options go together? path is that of -w, NULL: there is none. */
bool rotation_check(const struct rotation_conf *conf, const char *path,
		    bool append, struct err *err);

#endif
