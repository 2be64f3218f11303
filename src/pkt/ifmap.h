/* A number for each interface: what stages remember of the ifaces they saw. */
#ifndef PKT_IFMAP_H
#define PKT_IFMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define IFMAP_NONE UINT32_MAX

struct ifmap {
	uint32_t *values;
	size_t count;
};

/* The value of an interface, IFMAP_NONE for one never set. */
static inline uint32_t ifmap_get(const struct ifmap *m, uint32_t iface)
{
	return iface < m->count ? m->values[iface] : IFMAP_NONE;
}

/* Set it. false: no memory, or an id beyond any sense. */
bool ifmap_set(struct ifmap *m, uint32_t iface, uint32_t value,
	       struct err *err);
void ifmap_fini(struct ifmap *m);

#endif
