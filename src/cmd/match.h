/*
 * The selector that keeps packets for which a filter program says yes. It lives
 * here and not in pkt/ because it joins capture/ (which compiles expressions)
 * and bpf/ (which runs programs).
 */
#ifndef CMD_MATCH_H
#define CMD_MATCH_H

#include "pkt/selector.h"

struct expr_compiler;
struct vm;

struct match_options {
	const char *text;		/* an expression; NULL or "": none */
	struct expr_compiler *compiler; /* for it; borrowed */
	const struct vm *vm;		/* and this program; NULL: none */
	uint32_t vm_linktype; /* which is for this one; UINT32_MAX: for any */
	bool unoptimized;     /* never run what libpcap optimized */
	bool invert;	      /* turn the verdict of both together around */
	bool column;	      /* text is of --count, not of -f */
};

/*
 * Compile the expression (which is copied) once for each distinct link type
 * and snapshot length among the interfaces; the machine is borrowed. What makes
 * no sense on one of several link types matches none of its packets, and a
 * warning says so. NULL: no
 * memory.
 */
struct selector *match_open(const struct match_options *options,
			    struct err *err);

#endif
