/* What one thread decodes and prints with. */
#ifndef OUTPUT_WORKER_H
#define OUTPUT_WORKER_H

#include "decode/flow/flow_table.h"
#include "output/presenter.h"
#include "pkt/timeline.h"

/* Packets that are too large to be shown whole. */
struct cut {
	uint64_t packets, first; /* how many, and the first one's number */
};

static inline void cut_add(struct cut *all, struct cut more)
{
	if (more.packets && (!all->packets || more.first < all->first))
		all->first = more.first;
	all->packets += more.packets;
}

struct worker {
	struct dissect *dissect;
	struct flow_context context;
	struct presenter *form;
	struct cut cut;
};

/* context: where flow context comes from, if any is asked for; copied. false:
 *err says why, and worker_fini() frees what there is. */
bool worker_init(struct worker *w, const struct print_run *run,
		 const struct flow_context *context, struct err *err);
void worker_fini(struct worker *w);

/* Decode one packet and append what the form makes of it. */
static inline void worker_print(struct worker *w, const struct pkt *pkt,
				const struct iface *iface, struct timeline *t,
				struct str *out)
{
	timeline_meet(t, pkt);
	w->dissect->first_ns = t->first_ns;
	w->dissect->previous_ns = t->previous_ns;
	w->dissect->displayed_ns = t->displayed_ns;
	if (w->context.mode == FLOW_LIVE)
		flow_context_next(&w->context);
	/* what was not selected is for conversations only, which a prepass has
	   followed already where there are threads */
	if (pkt->flags & PKT_REFUSED) {
		if (w->dissect->context && w->context.mode == FLOW_LIVE)
			dissect_packet(w->dissect, pkt, iface);
		timeline_pass(t, pkt);
		return;
	}
	dissect_packet(w->dissect, pkt, iface);
	if (w->dissect->dropped)
		cut_add(&w->cut, (struct cut){1, pkt->number});
	w->form->ops->packet(w->form, w->dissect, out);
	timeline_pass(t, pkt);
}

#endif
