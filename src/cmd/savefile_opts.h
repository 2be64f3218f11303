/* The options that write savefiles, shared by capture, write and filter. */
#ifndef CMD_SAVEFILE_OPTS_H
#define CMD_SAVEFILE_OPTS_H

#include "cmd/opt.h"
#include "pkt/flow.h"

struct savefile_conf {
	const char *path; /* -w; NULL: not given */
	int format;	  /* index into formats[]; -1: by suffix */
	bool force;
	const char *comment;
};

#define SAVEFILE_DEFAULTS                                                      \
	{                                                                      \
		.format = -1                                                   \
	}

extern const struct opt savefile_opts[];

/*
 * Create the savefile that the options name, at path ("-": standard output).
 * NULL: *err says why.
 */
struct sink *savefile_conf_create(const struct savefile_conf *conf,
				  const char *path, struct err *err);

#endif
