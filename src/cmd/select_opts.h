/*
 * The options that select packets, shared by read, write, filter and stats,
 * and what is made of them: a stage that lets only those packets through.
 */
#ifndef CMD_SELECT_OPTS_H
#define CMD_SELECT_OPTS_H

#include "cmd/opt.h"
#include "pkt/flow.h"

struct select_conf {
	const char *expr;      /* -f */
	const char *expr_file; /* -F */
	bool invert;
	const char *hosts;
	bool whole_flows;
	const char *dedup;	  /* the window; NULL: not given */
	const char *dedup_ignore; /* a list of words */
	const char *packets;
	const char *interface;
	const char *sample;
	int64_t from, to;
	int64_t skip, count; /* 0: not given */
	int direction;	     /* index of its word; -1: not given */
};

/* What a config that holds a struct select_conf must start from. */
#define SELECT_DEFAULTS                                                        \
	{                                                                      \
		.from = INT64_MIN, .to = INT64_MAX, .direction = -1            \
	}

/* The rows. A command's groups hold {"Selecting packets", select_opts,
   offsetof(struct its_conf, its struct select_conf)}. */
extern const struct opt select_opts[];

/* The passes of --whole-flows; without that option there is only SELECT_ONCE.
 */
enum select_pass { SELECT_ONCE, SELECT_LEARN, SELECT_TAKE };

struct wholeflows;

/* Does an option give an expression (or a program)? */
bool select_has_program(const struct select_conf *conf);

/*
 * Put the selection in front of next, which it owns: the sink to run the
 * source into. words is the expression among the operands, NULL: none. NULL:
 * *err says why (ERR_USAGE for an argument that makes no sense), and next is
 * closed.
 */
struct sink *select_open(const struct select_conf *conf, const char *words,
			 struct sink *next, struct err *err);

/*
 * The same for one of the two passes that --whole-flows takes over the input:
 * the first fills flows, the second selects by it.
 */
struct sink *select_open_pass(const struct select_conf *conf, const char *words,
			      enum select_pass pass, struct wholeflows *flows,
			      struct sink *next, struct err *err);

#endif
