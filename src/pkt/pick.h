/*
 * A pick is one condition that packets are selected by. A sift (pkt/sift.h)
 * asks its picks in turn, each about a whole batch, so that conditions are
 * ANDed in a given order at the cost of one indirect call per batch each.
 */
#ifndef PKT_PICK_H
#define PKT_PICK_H

#include "base/err.h"
#include "pkt/flow.h"
#include "pkt/pkt.h"

struct pick;

struct pick_ops {
	const char *name;
	/* Before the first packet of an interface; NULL: not interested. */
	bool (*iface)(struct pick *, const struct iface *, struct err *);
	/*
	 * n packets, of which those with keep[i] = 1 passed the picks before:
	 * set keep[i] = 0 for each that this one refuses (wholeflows, the
	 * last one, sets 1 for those that it takes back). keep[] holds 0 and 1
	 * only. STOP: no later packet will pass; what is kept of this batch
	 * still counts. FAILED: the pick's err says why.
	 */
	enum verdict (*judge)(struct pick *, const struct pkt *, size_t n,
			      uint8_t *keep);
	void (*close)(struct pick *);
};

struct pick {
	const struct pick_ops *ops;
	struct err err; /* why judge() said FAILED */
};

/* These accept a NULL pick (close) or operation (iface). */
static inline bool pick_iface(struct pick *p, const struct iface *iface,
			      struct err *err)
{
	return !p->ops->iface || p->ops->iface(p, iface, err);
}

static inline void pick_close(struct pick *p)
{
	if (p)
		p->ops->close(p);
}

/* For picks that are one allocation and nothing else: close = pick_free. */
void pick_free(struct pick *p);

#endif
