/* Picks by where a packet was seen: its interface, its direction. */
#ifndef PKT_ORIGIN_H
#define PKT_ORIGIN_H

#include "pkt/selector.h"

/*
 * Keep packets of interfaces with this name (which the selector copies). When
 * it is closed without having been told of such an interface, it warns.
 */
struct selector *ifname_open(const char *name, struct err *err);

/* Keep packets that are known to have gone this way: PKT_INBOUND or
   PKT_OUTBOUND. */
struct selector *direction_open(uint32_t direction, struct err *err);

#endif
