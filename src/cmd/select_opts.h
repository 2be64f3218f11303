/*
 * The options that select packets, shared by read, write, filter and stats;
 * those that suit packets as they arrive by capture too.
 * What is made of them is in cmd/selection.h.
 */
#ifndef CMD_SELECT_OPTS_H
#define CMD_SELECT_OPTS_H

#include "cmd/opt.h"
#include "cmd/search.h"
#include "where/where.h"

struct select_conf {
	const char *expr;      /* -f */
	const char *expr_file; /* -F */
	const char *where;     /* -Y */
	const char *where_file;
	const char *macros;
	struct search search; /* --contains and --match */
	const char *bpf;
	bool invert;
	bool unoptimized; /* -O */
	const char *hosts;
	int64_t whole_flows;	  /* how many at most; 0: not given */
	const char *dedup;	  /* the window; NULL: not given */
	const char *dedup_ignore; /* a list of words */
	const char *packets;
	const char *interface;
	const char *sample;
	struct moment from, to;
	int64_t skip, count; /* 0: not given */
	int direction;	     /* index of its word; -1: not given */
	/* No options of this group; the command sets them: how -Y decodes, */
	struct where_options decoding;
	/* that the sink follows conversations (PKT_REFUSED), */
	bool show_refused;
	/* and that there are field expressions elsewhere. */
	bool other_exprs;
};

/* What a config that holds a struct select_conf must start from. */
#define SELECT_DEFAULTS                                                        \
	{                                                                      \
		.direction = -1, .search = {.place = -1 }                      \
	}

/* The rows. A command's groups hold {"Selecting packets", select_opts,
   offsetof(struct its_conf, its struct select_conf)}, and the same with
   select_any_opts, which has the rows that need no savefile, and with
   where_opts, which has those of field expressions. */
extern const struct opt select_opts[], select_any_opts[], where_opts[];

/* Does an option give an expression (or a program)? */
bool select_has_program(const struct select_conf *conf);

/* Does an option give a field expression? */
bool select_has_where(const struct select_conf *conf);

/* Does an option depend on the time of the last packet? */
bool select_needs_end(const struct select_conf *conf);

/* Does any option, or words (an expression; may be NULL), select packets? */
bool select_any(const struct select_conf *conf, const char *words);

#endif
