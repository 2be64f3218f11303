/* For link layers that name their payload by EtherType. */
#ifndef DECODE_LINK_ETH_H
#define DECODE_LINK_ETH_H

#include "decode/engine/summary.h"

/* "ethertype IPv4 (0x0800)"; with -q "IPv4". */
void eth_type_line(struct summary *l, uint16_t type);

/*
 * The payload's type is unknown: what the link layers say of the
 * frame unless -e said it before, then the payload as bytes.
 */
void eth_unknown_line(struct summary *l, uint16_t type);

/* Pass on what follows the type of a layer that wraps Ethernet's payload: by an
   EtherType, or to LLC by its length. The value is recorded in the field for
   which it is one, and kept in the layer's fact[0]. */
void eth_next(struct dissect *d, struct cur *c, uint16_t type,
	      const struct field *types, const struct field *lengths);

#endif
