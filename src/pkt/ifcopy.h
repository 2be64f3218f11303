/* Keeping what a source only lends: interfaces. */
#ifndef PKT_IFCOPY_H
#define PKT_IFCOPY_H

#include "base/err.h"
#include "pkt/pkt.h"

/* A copy in one piece, to be freed with free(). NULL: no memory. */
struct iface *iface_copy(const struct iface *iface, struct err *err);

/* The same without meta, which only what writes files needs: a file may hold a
   megabyte of options for each interface. */
struct iface *iface_copy_shown(const struct iface *iface, struct err *err);

#endif
