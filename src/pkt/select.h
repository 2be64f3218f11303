/* The stage that selects: it hands on the packets that all its selectors keep.
 */
#ifndef PKT_SELECT_H
#define PKT_SELECT_H

#include "pkt/pipeline.h"
#include "pkt/selector.h"

/* How many selectors one select holds at most. */
#define SELECT_MOST 24

/*
 * A stage without selectors, in front of next, which it owns. NULL: no memory
 * (next is closed).
 */
struct sink *select_open(struct sink *next, struct err *err);

/*
 * Ask selector too, after those added before; the select owns it, whatever
 * happens. A NULL selector is refused and *err left as it is, so that the call
 * can be nested: select_add(s, limit_open(n, err), err).
 */
bool select_add(struct sink *select, struct selector *selector,
		struct err *err);

/* From now on do not end the run when a selector says STOP. */
void select_go_on(struct sink *select);

/*
 * From now on hand on, too, what the selector added last and those after it
 * refuse, marked as PKT_REFUSED: for a sink that has to see all packets of a
 * conversation to know what it is to say about some.
 */
void select_show_refused(struct sink *select);

#endif
