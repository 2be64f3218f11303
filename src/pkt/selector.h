/*
 * A selector is one condition that packets are selected by. A select
 * (pkt/select.h) asks its selectors in turn, each about a whole batch, so that
 * conditions are ANDed in a given order at the cost of one indirect call per
 * batch each.
 */
#ifndef PKT_SELECTOR_H
#define PKT_SELECTOR_H

#include "base/err.h"
#include "pkt/pipeline.h"
#include "pkt/pkt.h"

struct selector;

struct selector_ops {
	const char *name;
	/* Before the first packet of an interface; NULL: not interested. */
	bool (*iface)(struct selector *, const struct iface *, struct err *);
	/*
	 * n packets; those with keep[i] = 1 passed the selectors
	 * before: set keep[i] = 0 for each that this one refuses (wholeflows,
	 * the last one, sets 1 for those that it takes back). keep[] holds 0
	 * and 1 only. STOP: no later packet will pass; what is kept of this
	 * batch still counts. FAILED: the selector's err says why.
	 */
	enum verdict (*match)(struct selector *, const struct pkt *, size_t n,
			      uint8_t *keep);
	void (*close)(struct selector *);
};

struct selector {
	const struct selector_ops *ops;
	struct err err; /* why match() said FAILED */
};

/* These accept a NULL selector (close) or operation (iface). */
static inline bool selector_iface(struct selector *p, const struct iface *iface,
				  struct err *err)
{
	return !p->ops->iface || p->ops->iface(p, iface, err);
}

static inline void selector_close(struct selector *p)
{
	if (p)
		p->ops->close(p);
}

/* For selectors that are one allocation and nothing else: close =
 * selector_free. */
void selector_free(struct selector *p);

#endif
