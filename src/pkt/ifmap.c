/* A number for each interface: what stages remember of the ifaces they saw. */
#include "pkt/ifmap.h"

#include <stdlib.h>

/* Ids are handed out one by one: a larger one is a fault of the source. */
#define IFMAP_MAX (UINT32_C(1) << 24)

bool ifmap_set(struct ifmap *m, uint32_t iface, uint32_t value, struct err *err)
{
	if (iface >= IFMAP_MAX)
		return err_set(err, ERR_FAULT, "too many interfaces");
	if (iface >= m->count) {
		size_t count = m->count ? m->count : 16;
		uint32_t *values;

		while (count <= iface)
			count *= 2;
		values = realloc(m->values, count * sizeof(*values));
		if (!values)
			return err_nomem(err, "interfaces");
		m->values = values;
		while (m->count < count)
			m->values[m->count++] = IFMAP_NONE;
	}
	m->values[iface] = value;
	return true;
}

void ifmap_fini(struct ifmap *m)
{
	free(m->values);
	m->values = NULL;
	m->count = 0;
}
