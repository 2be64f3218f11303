/* The options that write savefiles, shared by capture, write and filter. */
#ifndef CMD_SAVEFILE_OPTS_H
#define CMD_SAVEFILE_OPTS_H

#include "cmd/opt.h"
#include "pkt/pipeline.h"

/* What begins a name that only capture writes to. */
#define SAVEFILE_LISTEN "tcp-listen:"

struct savefile_conf {
	const char *path; /* -w; NULL: not given */
	int format;	  /* index into formats[]; -1: by suffix */
	int compress;	  /* index of a word; -1: by suffix */
	bool force;
	bool private; /* the file is for its owner alone */
	bool append;
	bool whole; /* the file appears under its name when it is complete */
	bool salvage, sync, prompt; /* struct create_options */
	bool quiet;		    /* struct write_options */
	bool (*full)(void *arg);    /* likewise; NULL */
	void *full_arg;
	struct write_queue *queue; /* likewise; NULL */
	bool ahead; /* it may be written by a thread: not one of many files */
	bool own;   /* with append: to a file of this run */
	const char *const *inputs; /* what is read: not to be appended to */
	size_t n_inputs;
	const char *comment;
	bool libpcap; /* written through libpcap (--engine) */
	bool edited;  /* packets are left out or changed on the way */
};

#define SAVEFILE_DEFAULTS                                                      \
	{                                                                      \
		.format = -1, .compress = -1                                   \
	}

/* For commands that make a file of what is there, rather than of what comes. */
#define SAVEFILE_DEFAULTS_WHOLE                                                \
	{                                                                      \
		.format = -1, .compress = -1, .whole = true                    \
	}

extern const struct opt savefile_opts[];

/* Is there a savefile, in a format that has one link type for all packets? */
bool savefile_conf_one_linktype(const struct savefile_conf *conf);

/* Have the sandbox leave what writing it needs; with names made of the path
   (by { or %), in all folders that it may be in. */
void savefile_conf_allow(const struct savefile_conf *conf);

/*
 * Create the savefile that the options name, at path ("-": standard output).
 * NULL: *err says why.
 */
struct sink *savefile_conf_create(const struct savefile_conf *conf,
				  const char *path, struct err *err);

/* The same, at the path of the options, for packets that are selected: what
   they do not use of the input's interfaces does not matter. */
struct sink *savefile_conf_create_used(const struct savefile_conf *conf,
				       struct err *err);

#endif
