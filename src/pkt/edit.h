/*
 * What stages share that change packets one by one: a copy of each batch is
 * changed and handed on. The bytes of packets stay where they are.
 */
#ifndef PKT_EDIT_H
#define PKT_EDIT_H

#include "pkt/stage.h"

#define EDIT_SLICE 256

struct edit {
	struct stage stage;
	/* Change n (up to EDIT_SLICE) packets in place. */
	void (*change)(struct edit *, struct pkt *p, size_t n);
	struct pkt out[EDIT_SLICE];
};

/* The packets operation of such a stage. */
enum verdict edit_packets(struct sink *, const struct pkt *, size_t n);

#endif
