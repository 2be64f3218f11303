/* The options that print packets, shared by read and capture. */
#ifndef CMD_PRINT_OPTS_H
#define CMD_PRINT_OPTS_H

#include "cmd/command.h"
#include "output/print.h"
#include "where/where.h"

struct print_conf {
	struct print_options options;
	int form;	 /* index of its word; -1: not given */
	bool numeric;	 /* -n */
	struct texts as; /* --as */
	/* No option of this group; the command sets it: the argument of
	   --macros. */
	const char *macros;
};

#define PRINT_DEFAULTS                                                         \
	{                                                                      \
		.form = -1                                                     \
	}

/* The rows. A command's groups hold {"Printing", print_opts,
   offsetof(struct its_conf, its struct print_conf)}. */
extern const struct opt print_opts[];

/* How field expressions decode by the same options, which it borrows. */
struct where_options print_conf_decoding(const struct print_conf *conf);

/*
 * The sink that prints to standard output as the options say, with this many
 * threads unless --jobs said. NULL: *err says why (ERR_USAGE for fields that
 * do not exist).
 */
struct sink *print_conf_open(const struct print_conf *conf,
			     const struct ctx *ctx, unsigned jobs,
			     struct err *err);

#endif
