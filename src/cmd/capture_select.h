/*
 * What a capture selects by: the part that the kernel does for each interface,
 * and the stage that does the rest.
 */
#ifndef CMD_CAPTURE_SELECT_H
#define CMD_CAPTURE_SELECT_H

#include "capture/live.h"
#include "cmd/capture_opts.h"
#include "cmd/selection.h"

struct capture_select {
	const struct capture_conf *capture;
	const struct args *args;
	struct select_conf conf; /* of the stage */
	struct selection selection;
	bool kernel_program; /* the kernel runs --bpf */
	struct str not_me;   /* an expression; empty: none */
};

/*
 * Understand the options and read their files: what is wrong there is found
 * before anything is opened. Borrows both. false: *err says why. Either way
 * call capture_select_fini(). No threads may run yet: see expr_compiler_open().
 */
bool capture_select_init(struct capture_select *c,
			 const struct capture_conf *conf,
			 const struct args *args, struct err *err);
void capture_select_fini(struct capture_select *c);

/* Append the expression for the kernel, of one interface. */
bool capture_select_filter(const struct capture_select *c,
			   const struct capture_iface *iface,
			   struct str *filter, struct err *err);

/* The program for the kernel, of all interfaces; NULL: none. Its link type is
   selection.vm_linktype. */
const struct program *capture_select_program(const struct capture_select *c);

/* Can the devices' packets be treated as the options say? false: *err says what
   is wrong (ERR_USAGE). */
bool capture_select_suits(const struct capture_select *c,
			  const struct live *live, struct err *err);

/* Is anything left that the kernel does not select? */
bool capture_selects(const struct capture_select *c);

/* The stages for that, and for -s headers, in front of next, which they own:
   next itself where there is nothing to do. NULL: *err says why, and next is
   closed. */
struct sink *capture_select_open(const struct capture_select *c,
				 struct sink *next, struct err *err);

#endif
