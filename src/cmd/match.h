/*
 * The pick that keeps packets for which a filter program says yes. It lives
 * here and not in pkt/ because it joins capture/ (which compiles expressions)
 * and bpf/ (which runs programs).
 */
#ifndef CMD_MATCH_H
#define CMD_MATCH_H

#include "pkt/pick.h"

/*
 * Compile text (which is copied) once for each distinct link type and snapshot
 * length among the interfaces; invert turns the verdict around. An expression
 * that makes no sense on one of several link types matches none of its
 * packets, and a warning says so. NULL: no memory.
 */
struct pick *match_open(const char *text, bool invert, struct err *err);

#endif
