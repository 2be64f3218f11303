/* The times that a packet's own is measured by. */
#ifndef PKT_TIMELINE_H
#define PKT_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "pkt/pkt.h"

/* All zero: no packet yet. */
struct timeline {
	int64_t first_ns, previous_ns;
	int64_t displayed_ns; /* of the packet before that was selected */
	bool started;
};

/* Before a packet is looked at, */
static inline void timeline_meet(struct timeline *t, const struct pkt *pkt)
{
	if (!t->started && !(pkt->flags & PKT_NO_TIME)) {
		t->started = true;
		t->first_ns = t->previous_ns = pkt->time_ns;
		t->displayed_ns = pkt->time_ns;
	}
}

/* and after it; selected: it is among those that are displayed. */
static inline void timeline_judged(struct timeline *t, const struct pkt *pkt,
				   bool selected)
{
	if (pkt->flags & PKT_NO_TIME)
		return;
	t->previous_ns = pkt->time_ns;
	if (selected)
		t->displayed_ns = pkt->time_ns;
}

/* The same, of one that was judged before. */
static inline void timeline_pass(struct timeline *t, const struct pkt *pkt)
{
	timeline_judged(t, pkt, !(pkt->flags & PKT_REFUSED));
}

#endif
