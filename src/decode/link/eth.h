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

#endif
