/* The options that split what is written over many savefiles. */
#ifndef CMD_SPLIT_OPTS_H
#define CMD_SPLIT_OPTS_H

#include "cmd/opt.h"
#include "cmd/savefile_opts.h"

struct split_conf {
	int64_t packets, time; /* 0: not given */
	uint64_t size;
	int64_t max_files;
	int by; /* index of a word; -1: not given */
};

#define SPLIT_DEFAULTS                                                         \
	{                                                                      \
		.by = -1, .max_files = 10000                                   \
	}

extern const struct opt split_opts[];

/* Is anything to be split? */
bool split_wanted(const struct split_conf *conf);

/*
 * The sink that splits packets over savefiles, which are named and written as
 * savefile says (it is borrowed). NULL: *err says why.
 */
struct sink *split_files_open(const struct split_conf *conf,
			      const struct savefile_conf *savefile,
			      struct err *err);

#endif
