/*
 * What the options that select packets ask for, and the stage that lets only
 * those packets through.
 */
#ifndef CMD_SELECTION_H
#define CMD_SELECTION_H

#include "base/str.h"
#include "cmd/select_opts.h"
#include "pkt/dedup.h"
#include "pkt/pipeline.h"
#include "pkt/program.h"

struct expr_compiler;
struct hosts;
struct view_filter;
struct vm;
struct wholeflows;

/* The options with their arguments understood and their files read. */
struct selection {
	const struct select_conf *conf; /* borrowed */
	const struct view_filter *view; /* this first; NULL: none */
	struct str expr;		/* all expressions as one */
	struct expr_compiler *compiler; /* of expr; NULL: there is none */
	struct where *where;		/* of -Y and the view; NULL: none */
	struct program program;		/* of --bpf; empty: none */
	struct vm *vm;			/* for it; NULL: none */
	uint32_t vm_linktype;		/* UINT32_MAX: any */
	struct hosts *hosts;		/* NULL: any */
	uint64_t sample;		/* 0: all */
	struct dedup_options dedup;
	int64_t end_ns; /* the time of the last packet, where
			   select_needs_end() */
};

/*
 * words is the expression among the operands, NULL: none; view is what packets
 * have to pass before anything but times is asked, borrowed, NULL: nothing.
 * All field expressions are asked together where the first of them stands, so
 * that what they say of conversations is the same for all. false: *err says
 * which argument makes no sense, or which file cannot be read. Either way call
 * selection_fini(). No threads may run yet: see expr_compiler_open().
 */
bool selection_init(struct selection *s, const struct select_conf *conf,
		    const char *words, const struct view_filter *view,
		    struct err *err);
void selection_fini(struct selection *s);

/* From now on leave --bpf to someone else: program and vm_linktype are what
   it asks for. */
void selection_leave_program(struct selection *s);

/* The passes of --whole-flows; without that option there is SELECT_ONCE. */
enum select_pass { SELECT_ONCE, SELECT_LEARN, SELECT_TAKE };

/*
 * Put the selection in front of next, which the stage owns: the sink to run
 * the source into. It borrows the selection. Of the two passes the first one
 * fills flows, the second one selects by it. NULL: *err says why, and next is
 * closed.
 */
struct sink *selection_open(const struct selection *s, enum select_pass pass,
			    struct wholeflows *flows, struct sink *next,
			    struct err *err);

#endif
