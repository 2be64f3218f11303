/*
 * Interfaces of many inputs under one numbering: what has the same name, link
 * type, snapshot length and time resolution is one interface.
 */
#ifndef FILE_IFACE_MERGE_H
#define FILE_IFACE_MERGE_H

#include "pkt/pipeline.h"

struct iface_merge {
	struct iface_merge_row *rows; /* in the order of their ids */
	size_t n, room;
	uint32_t *slots; /* hash table: row + 1, 0 = free */
	size_t slots_n;	 /* a power of 2 */
};

/*
 * The id that iface has among all. *fresh: it is a new one, and the sink is to
 * be told. false: no memory.
 */
bool iface_merge_iface(struct iface_merge *u, const struct iface *iface,
		       uint32_t *id, bool *fresh);

/* Frees what u owns; u may be all zeros. */
void iface_merge_fini(struct iface_merge *u);

#endif
