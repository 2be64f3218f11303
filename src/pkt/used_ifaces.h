/* The stage that passes interfaces on only when they have packets. */
#ifndef PKT_USED_IFACES_H
#define PKT_USED_IFACES_H

#include "pkt/pipeline.h"

/*
 * For savefiles that say of interfaces nothing but the link type: one from
 * which no packet is selected is none of theirs. If there are no packets at
 * all, the first interface is handed on at the end. Owns next. NULL: no memory;
 * next is closed.
 */
struct sink *used_ifaces_open(struct sink *next, struct err *err);

#endif
